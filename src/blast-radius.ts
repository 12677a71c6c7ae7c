import type { Row } from './engine/engine.ts'
import type { Reject } from './outcome.ts'
import { exact, plain } from './publish/exact.ts'
import { parseFields } from './read/fields.ts'
import { kindsThat } from './read/inputs.ts'
import type { Book } from './read/read.ts'
import { isDay, plusDays } from './settings/as-of.ts'
import type { Settings } from './settings/load.ts'
import type { CheckCode } from './validate/checks.ts'
import { takesPayments, whatIf, type Rows } from './what-if.ts'

/** A row in quarantine and what it could do to the account that it names. */
export interface Touch {
  readonly reject: Reject
  /** As far as it can be read, in millionths. */
  readonly amount: bigint | undefined
  /** `money`: between `worst` and `best` would be received more; `plan`, `loan`: anything may be different; `later`: an instalment too late to be late. */
  readonly on: 'money' | 'plan' | 'later' | 'loan'
  readonly best: bigint
  readonly worst: bigint
}

/** More than any account owes: what an amount that cannot be read may be. */
const anything = 10n ** 17n
const broken: readonly string[] = ['too-few-columns', 'too-many-columns', 'text-after-quote', 'quote-not-closed', 'not-utf8', 'bare-cr', 'too-long'] satisfies CheckCode[]
const takesOff: readonly string[] = kindsThat((kind) => kind.takesOff)

/** What each rejected row could do; an exact twin does nothing, its first copy stands. */
export function touches(book: Book, rejects: readonly Reject[], settings: Settings): Touch[] {
  return rejects.filter(({ code }) => code !== 'twin').map((reject): Touch => {
    const file = book[reject.input].files.find(({ source }) => source.name === reject.file)!
    const fields = parseFields(reject.raw, file.source.format === 'parquet' ? { ...file.shape, delimiter: ',' } : file.shape)
    const of = (name: string) => {
      const column = file.mapping.columns.find((one) => one.name === name && one.role === 'used')
      const value = (column === undefined ? undefined : fields[column.at])?.trim() ?? ''
      return column?.values[value] ?? value
    }
    const none = { reject, amount: undefined, best: 0n, worst: 0n }
    if (reject.input === 'loans') return { ...none, on: 'loan' }
    if (reject.input === 'schedule') return { ...none, on: isDay(of('due_on')) && of('due_on') > plusDays(settings.work_on, settings.preventive_days) ? 'later' : 'plan' }
    // Where a record is not whole nothing that it seems to say can be trusted.
    if (broken.includes(reject.code)) return { ...none, on: 'money', best: anything, worst: -anything }
    const amount = reject.code === 'currency-mismatch' ? undefined : amountOf(of('amount'))
    const most = amount === undefined ? anything : amount < 0n ? -amount : amount
    // Neither failed money nor money of a later day counts, however the row is mended.
    const counts = of('status') !== 'failed' && !(isDay(of('paid_on')) && of('paid_on') > settings.as_of)
    const off = takesOff.includes(of('kind')) || of('reverses') !== '' || (amount !== undefined && amount < 0n)
    // Where a sign or a kind cannot be trusted the row may be either.
    const either = reject.code === 'negative-amount' || reject.code === 'currency-mismatch' || (amount === undefined && of('kind') === '')
    return { reject, amount, on: 'money', best: counts && (!off || either) ? most : 0n, worst: counts && (off || either) ? -most : 0n }
  })
}

function amountOf(text: string): bigint | undefined {
  return /^-?\d{1,11}(\.\d{1,6})?$/.test(text) ? exact(text) : undefined
}

/** An account as it is, and with all that is in quarantine counted for it, and against it. */
export interface Reach {
  readonly now: Row
  readonly best: Row
  readonly worst: Row
  readonly paid: { readonly best: string; readonly worst: string }
}

/** The accounts that rows in quarantine name, in their best and worst case. Empty where no payment can be added to the book. */
export async function reachOf(rows: Rows, all: readonly Touch[]): Promise<ReadonlyMap<string, Reach>> {
  if (!takesPayments(rows)) return new Map()
  const ids = [...new Set(all.map(({ reject }) => reject.account_id))].filter((id) => id !== '').sort().slice(0, mostExamined)
  const sum = (id: string, of: 'best' | 'worst') => {
    const total = all.filter(({ reject }) => reject.account_id === id).reduce((so, one) => so + one[of], 0n)
    return plain(total > anything ? anything : total < -anything ? -anything : total, rows.book.scale)
  }
  if (ids.length === 0) return new Map()
  const paid = ids.map((id) => ({ id, best: sum(id, 'best'), worst: sum(id, 'worst') }))
  const answers = await whatIf(rows, paid.flatMap(({ id, best, worst }) => [{ account_id: id, paid: '0' }, { account_id: id, paid: best }, { account_id: id, paid: worst }]))
  return new Map(paid.map(({ id, best, worst }, at) => [id, { now: answers[3 * at]!, best: answers[3 * at + 1]!, worst: answers[3 * at + 2]!, paid: { best, worst } }] as const))
}

/** Accounts beyond are taken for such as could differ. */
const mostExamined = 5000

export type Effect = 'tier' | 'amounts' | 'nothing' | 'no account' | 'not examined'

/** What a row could change at most. */
export function effectOf({ reject, on }: Touch, reach: ReadonlyMap<string, Reach>): Effect {
  if (reject.account_id === '') return 'no account'
  const found = reach.get(reject.account_id)
  if (on === 'loan') return 'tier'
  if (found === undefined) return 'not examined'
  const { now, best, worst } = found
  // No loan row has the account, or it is in quarantine itself.
  if (now.tier === undefined || on === 'plan') return 'tier'
  if (best.tier !== now.tier || worst.tier !== now.tier) return 'tier'
  const differs = (column: string) => best[column] !== now[column] || worst[column] !== now[column]
  return on === 'later' || differs('overdue_amount') || differs('advance') || differs('owed_back') ? 'amounts' : 'nothing'
}
