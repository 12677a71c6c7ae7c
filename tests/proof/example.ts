import type { LoanRow, RepaymentRow, ScheduleRow } from '../reference/reference.ts'

/** Worked examples: every number was worked by hand on a calendar; the comments show how. Account ids are unique over all of them. */
export interface Worked {
  name: string
  loans: LoanRow[]
  schedule: ScheduleRow[]
  repayments: RepaymentRow[]
  /** Settings beside the dates; the reference has none of these, so such a case is the engine's alone. */
  settings?: Record<string, unknown>
  asked: { asOf: string; workOn?: string; expect: Record<string, Expected> }[]
}
/** Money as text, days and counts as numbers; held lists every reason. */
type Expected = Record<string, string | number | null | string[]>

export const loan = (account_id: string, more: Partial<LoanRow> = {}): LoanRow => ({ account_id, currency: 'CNY', status: 'open', ...more })
export const due = (account_id: string, no: number, due_on: string, amount_due: string): ScheduleRow => ({ account_id, instalment_no: String(no), due_on, amount_due })
let payments = 0
export const paid = (account_id: string, paid_on: string, amount: string, more: Partial<RepaymentRow> = {}): RepaymentRow => ({
  payment_id: `W-${++payments}`,
  account_id,
  paid_on,
  amount,
  ...more,
})
/** The same day of each month: only days up to the 28th, so that no month needs a rule. */
export const months = (first: string, count: number) =>
  Array.from({ length: count }, (_, ahead) => {
    const month = Number(first.slice(5, 7)) - 1 + ahead
    return `${Number(first.slice(0, 4)) + Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, '0')}-${first.slice(8)}`
  })
