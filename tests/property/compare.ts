import { heldReasons } from '../proof/held.ts'
import type { Cell } from '../proof/age-book.ts'
import { money } from '../reference/reference.ts'
import type { Answer } from '../reference/reference.ts'

/** Columns of accounts that the reference answers, money apart. */
const plain = [
  'tier', 'bucket', 'days_late', 'days_past_due', 'contractual_days_late', 'forborne', 'months_past_due', 'late_reason_waived', 'oldest_unpaid_due_on', 'instalments_total', 'instalments_paid', 'instalments_overdue',
  'last_paid_on', 'next_due_on', 'days_to_due', 'held_since', 'borrower_accounts', 'borrower_accounts_late', 'borrower_days_past_due', 'leads',
] as const
/** Columns that only some books have. */
const inSome: readonly string[] = ['to_charges', 'to_principal', 'contractual_days_late', 'forborne', 'months_past_due', 'late_reason_waived']
const amounts = [
  'amount_due_to_date', 'amount_covered', 'overdue_amount', 'overdue_principal', 'overdue_interest', 'overdue_fee', 'due_today_amount', 'released_amount', 'owed_back', 'charges_outstanding', 'cure_amount', 'advance',
  'pending_amount', 'outstanding_principal', 'outstanding_schedule', 'last_paid_amount', 'next_due_amount', 'borrower_overdue_amount', 'to_charges', 'to_principal',
] as const

/** Money is kept with three decimals here, as many as any currency of these books has. */
export const scale = 3

/** What differs between the reference's answer and the engine's row, one line a column. */
export function differences(want: Answer, got: Record<string, Cell> | undefined): string[] {
  if (got === undefined) return ['the account is not there']
  const found: string[] = []
  for (const column of plain) if (want[column] !== got[column] && !(got[column] === undefined && inSome.includes(column))) found.push(`${column}: reference ${want[column]}, engine ${got[column]}`)
  for (const column of amounts) {
    const value = got[column]
    const units = value === null || value === undefined ? null : money(String(value), scale)
    if (want[column] !== units && !(value === undefined && inSome.includes(column))) found.push(`${column}: reference ${want[column]}, engine ${units}`)
  }
  const held = heldReasons(got['held_reason'])
  if (want.held_reason.join() !== held.join()) found.push(`held_reason: reference ${want.held_reason.join()}, engine ${held.join()}`)
  return found
}
