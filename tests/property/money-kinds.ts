import { amountText, money } from '../reference/reference.ts'
import type { RepaymentRow, Rows } from '../reference/reference.ts'

/** Parts and kinds of money beyond plain payments, put into the rows of an invented book; the same for the same place. */

export interface MoneyKinds {
  /** What the settings say. */
  readonly settings: Readonly<Record<string, any>>
  /** The same, as the reference is asked. */
  readonly asked: { readonly coverFrom?: readonly string[]; readonly ignored: readonly string[]; readonly completeFrom?: string }
  readonly parts: boolean
  readonly kinds: boolean
  readonly before: boolean
}

const partNames = ['principal', 'interest', 'fee', 'penalty'] as const
const covering = [undefined, ['principal', 'interest'], undefined, ['principal', 'interest', 'fee', 'penalty'], ['principal']] as const

/** One of a few ways for each book, at its own pace. */
export function moneyKinds(place: number, asOf: string): MoneyKinds {
  const coverFrom = covering[place % covering.length]
  const reading = { compensation: place % 2 === 0 ? 'covers' : 'ignored', buyback: place % 3 === 0 ? 'covers' : 'ignored' }
  const completeFrom = place % 4 === 1 ? `${Number(asOf.slice(0, 4)) - 1}-07-01` : undefined
  return {
    settings: { ...reading, ...(coverFrom === undefined ? {} : { cover_from: coverFrom }), ...(completeFrom === undefined ? {} : { inputs: { repayments: { complete_from: completeFrom } } }) },
    asked: { ...(coverFrom === undefined ? {} : { coverFrom }), ignored: Object.entries(reading).flatMap(([kind, what]) => (what === 'ignored' ? [kind] : [])), ...(completeFrom === undefined ? {} : { completeFrom }) },
    parts: place % 3 !== 2,
    kinds: place % 5 !== 4,
    before: place % 2 === 1,
  }
}

/** A number from a text, the same for the same text. */
const hashed = (text: string) => [...text].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 1_000_003, 7)

const kinds = ['prepayment', 'prepayment', 'prepayment', 'compensation', 'buyback', 'credit_note', 'charge', 'charge']

export function withMoneyKinds<T extends Rows>(rows: T, how: MoneyKinds, scale: number): T {
  const ownKinds = how.kinds && rows.repayments.some((row) => 'kind' in row)
  const kindOf = (row: RepaymentRow) => (ownKinds && (row.kind === '' || row.kind === 'payment') && (row.reverses ?? '') === '' && !row.amount.startsWith('-') && hashed(row.payment_id) % 4 === 0 ? { kind: kinds[hashed(`${row.payment_id}+`) % kinds.length]! } : {})
  return {
    ...rows,
    loans: how.before ? rows.loans.map((loan) => ({ ...loan, paid_before: ['', '', '', '0', '25.00', '500', '3000.00'][hashed(loan.account_id) % 7]!.replace(/\..*/, '') })) : rows.loans,
    repayments: rows.repayments.map((row) => ({ ...row, ...kindOf(row), ...(how.parts ? partsOf(row, scale) : {}) })),
  }
}

/** Parts that add up to the amount, with its sign; some rows have none. */
function partsOf(row: RepaymentRow, scale: number): Partial<RepaymentRow> {
  const mark = hashed(`${row.payment_id} ${row.amount}`)
  if (mark % 5 === 0) return Object.fromEntries(partNames.map((part) => [`${part}_paid`, '']))
  const whole = money(row.amount, scale)
  // In the digits of the amount: as many decimals as its currency has.
  const decimals = row.amount.split('.')[1]?.length ?? 0
  const unit = 10n ** BigInt(scale - decimals)
  const units = whole / unit
  const shares = [mark % 4, mark % 3, mark % 6].map((tenths) => (units * BigInt(tenths)) / 20n)
  const rest = units - shares.reduce((sum, one) => sum + one, 0n)
  const amounts = [rest, ...shares]
  return Object.fromEntries(partNames.map((part, at) => [`${part}_paid`, amounts[at] === 0n && mark % 2 === 0 ? '' : amountText(amounts[at]!, decimals)]))
}
