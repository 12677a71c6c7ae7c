import { isDefault } from '../classify/convention.ts'
import { dueAnew } from '../classify/ways.ts'
import type { Reject } from '../outcome.ts'
import { exact } from '../publish/exact.ts'
import { parseFields } from '../read/fields.ts'
import { kindsThat } from '../read/inputs.ts'
import type { Book } from '../read/read.ts'
import { canonical, cellOf } from '../read/reading.ts'
import { isDay, plusDays } from '../settings/as-of.ts'
import type { Settings } from '../settings/load.ts'
import { losesNothing, type CheckCode } from '../validate/checks.ts'
import type { Rejects } from '../validate/rejects.ts'

/** A row in quarantine and what it could do to the account that it names. */
export interface Touch {
  readonly reject: Reject
  /** As far as it can be read, in millionths. */
  readonly amount: bigint | undefined
  /**
   * `money`: between `worst` and `best` would be received more; `later`: an instalment too late to be late; `plan`, `loan`, `anything`: no
   * bound can be given, for what it asks, what loan it is of, or what kind of row it is cannot be said.
   */
  readonly on: 'money' | 'plan' | 'later' | 'loan' | 'anything'
  readonly best: bigint
  readonly worst: bigint
  /** The row counts with just its amount, or not at all: there is nothing in between. */
  readonly whole: boolean
  /** It may be money on its way. */
  readonly pending: boolean
}

/** More than any account owes: what an amount that cannot be read may be. */
const anything = 10n ** 17n

/** A sum of such amounts, which says no more than one of them. */
export const bounded = (sum: bigint): bigint => (sum > anything ? anything : sum < -anything ? -anything : sum)

/** Whether it could bring money in or take it off at all. */
export const moves = ({ best, worst }: Touch): boolean => best !== 0n || worst !== 0n

const broken: readonly string[] = ['too-few-columns', 'too-many-columns', 'text-after-quote', 'quote-not-closed', 'not-utf8', 'bare-cr', 'too-long', 'nul-byte'] satisfies CheckCode[]
/** What is wrong may be the amount, though it reads. */
const amountDoubted: readonly string[] = ['too-many-decimals', 'paid-parts-do-not-add-up', 'negative-amount', 'currency-mismatch', 'reversal-beyond-payment'] satisfies CheckCode[]
const takesOff: readonly string[] = kindsThat((kind) => kind.takesOff)

/** What each rejected row could do; those that take nothing from the book do nothing. */
export function touches(book: Book, rejects: Pick<Rejects, 'filter'>, settings: Settings): Touch[] {
  return rejects.filter((reject) => !losesNothing(reject)).map((reject): Touch => {
    const file = book[reject.input].files.find(({ source }) => source.name === reject.file)!
    const fields = parseFields(reject.raw, file.shape)
    const of = (name: string) => {
      const column = file.mapping.columns.find((one) => one.name === name && one.role === 'used')
      const value = column === undefined ? '' : cellOf(column, fields).trim()
      return column === undefined ? value : canonical(column.values[value] ?? value, column)
    }
    const none = { reject, amount: undefined, best: 0n, worst: 0n, whole: true, pending: false }
    if (reject.input === 'loans') return { ...none, on: 'loan' }
    const isBroken = broken.includes(reject.code)
    if (reject.input === 'schedule') return { ...none, on: !isBroken && isDay(of('due_on')) && of('due_on') > plusDays(settings.work_on, settings.preventive_days) ? 'later' : 'plan' }
    // Where a record is not whole nothing that it seems to say can be trusted.
    if (isBroken) return { ...none, on: 'anything', best: anything, worst: -anything }
    const amount = reject.code === 'currency-mismatch' ? undefined : amountOf(of('amount'))
    const whole = amount !== undefined && !amountDoubted.includes(reject.code)
    const most = !whole || amount === undefined ? anything : amount < 0n ? -amount : amount
    // Neither failed money nor money of a later day counts, however the row is mended; pending money does not yet.
    const comes = of('status') !== 'failed' && !(isDay(of('paid_on')) && of('paid_on') > settings.as_of)
    const pending = comes && (of('status') === 'pending' || !isDefault(settings.conventions, 'clearing_days'))
    const counts = comes && of('status') !== 'pending'
    const off = takesOff.includes(of('kind')) || of('reverses') !== '' || (amount !== undefined && amount < 0n)
    // Where a sign or a kind cannot be trusted the row may be either.
    const either = reject.code === 'negative-amount' || reject.code === 'currency-mismatch' || (amount === undefined && of('kind') === '')
    // Money of another kind may close a loan, explain what is open, or be no money on the plan.
    const plain = ['', 'payment', ...takesOff].includes(of('kind')) && !(of('kind') === 'chargeback' && dueAnew(settings.conventions))
    return { reject, amount, on: plain || !comes ? 'money' : 'anything', best: counts && (!off || either) ? most : 0n, worst: counts && (off || either) ? -most : 0n, whole, pending }
  })
}

function amountOf(text: string): bigint | undefined {
  return /^-?\d{1,11}(\.\d{1,6})?$/.test(text) ? exact(text) : undefined
}
