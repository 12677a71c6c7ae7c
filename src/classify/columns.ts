import type { ColumnType } from '../engine/dialect.ts'
import { bases } from './bases.ts'

interface Column {
  readonly type: ColumnType
  /** The stage that fills it. */
  readonly by: 'classify' | 'decide' | 'comply'
  readonly says: string
  /** Only in books whose plans were changed (a version of a plan, or restructured_on), whose conventions count months, whose payments have parts beside the plan, or that have prepayments, or that have accounts by the lender's own word; or where contagion, history_columns, what_if_columns or a sticky tier is set. */
  readonly where?: 'restructured' | 'months' | 'parts' | 'prepaid' | 'contagion' | 'history' | 'sticky' | 'material' | 'what-if' | 'basis' | 'statements'
  /** All values it may have, where they are few and known. */
  readonly values?: readonly string[]
}

export const states = ['open', 'closed', 'written_off', 'sold', 'cancelled', 'not_disbursed', 'frozen', 'deceased', 'bankrupt', 'fraud'] as const
export const notAged = ['rejected', 'not_yet', 'cancelled', 'written_off', 'sold', 'settled', 'no_schedule'] as const
export const notLate = ['due_now', 'preventive', 'current'] as const

/** The columns of accounts, in their order. docs/accounts.md is written from this table; passed-through columns follow. */
export const accountColumns = {
  account_id: { type: 'text', by: 'classify', says: 'The account.' },
  borrower_id: { type: 'text', by: 'classify', says: 'The person who owes.' },
  product: { type: 'text', by: 'classify', says: "The lender's product." },
  currency: { type: 'text', by: 'classify', says: 'ISO 4217 code; amounts of two currencies are never added.' },
  status: { type: 'text', by: 'classify', says: 'The status of the export, as mapped.', values: states },
  as_of: { type: 'date', by: 'classify', says: 'The day of the facts, at its end.' },
  work_on: { type: 'date', by: 'classify', says: 'The day on which the lists are worked.' },
  tier: { type: 'text', by: 'classify', says: 'The first that applies of rejected, not_yet, cancelled, written_off, sold, settled, no_schedule, the late tiers, due_now, preventive, current.' },
  tier_reason: { type: 'text', by: 'classify', says: 'Why an account without a schedule cannot be aged.' },
  basis: { type: 'text', by: 'classify', where: 'basis', values: bases, says: "What the days rest on: schedule, terms or statements, or the lender's own word where an account has no plan (lender_days: his days past due, taken as given; next_due_on, paid_through_on: his date)." },
  bucket: { type: 'text', by: 'classify', says: 'The ageing bucket of days past due; blank for accounts that are not aged.' },
  days_late: { type: 'int', by: 'classify', says: 'as_of minus the due date of the oldest instalment not fully covered; the due date itself is 0.' },
  days_past_due: { type: 'int', by: 'classify', says: 'days_late under the conventions in force; tiers and buckets use it.' },
  months_past_due: { type: 'int', by: 'classify', where: 'months', says: 'Whole months past due, where the conventions count months.' },
  class_since: { type: 'date', by: 'classify', where: 'sticky', says: 'Since when it stands in a tier that stays until its arrears are paid; blank where none does.' },
  material_since: { type: 'date', by: 'classify', where: 'material', says: 'First day since which what is overdue has been material without a break, the first that counts; blank where nothing is, or where the past is not told.' },
  late_reason_waived: { type: 'text', by: 'classify', says: 'Why an account that is late is not past due under the conventions: business_day, pause, ages, tolerance, grace, materiality, months.' },
  contractual_days_late: { type: 'int', by: 'classify', where: 'restructured', says: 'days_late under the first version of the plan, where a later one has replaced it; else days_late.' },
  forborne: { type: 'bool', by: 'classify', where: 'restructured', says: 'The plan was replaced, or restructured_on is not after as_of.' },
  last_statement_on: { type: 'date', by: 'classify', where: 'statements', says: 'Day of the last statement by as_of; blank where the account has none.' },
  statement_balance: { type: 'money', by: 'classify', where: 'statements', says: 'What was owed in all on that day, by the statement: outstanding_principal where the lender gives no other.' },
  oldest_unpaid_due_on: { type: 'date', by: 'classify', says: 'Due date of the oldest instalment overdue; blank where none is.' },
  instalments_total: { type: 'int', by: 'classify', says: 'Instalments of the plan.' },
  instalments_paid: { type: 'int', by: 'classify', says: 'Instalments above 0 that are fully covered, future ones too.' },
  instalments_overdue: { type: 'int', by: 'classify', says: 'Instalments due before as_of and not fully covered.' },
  amount_due_to_date: { type: 'money', by: 'classify', says: 'Due on or before as_of = amount_covered + overdue_amount + due_today_amount.' },
  amount_covered: { type: 'money', by: 'classify', says: 'What money received covers of it, oldest instalment first.' },
  overdue_amount: { type: 'money', by: 'classify', says: 'Due before as_of and not covered.' },
  overdue_principal: { type: 'money', by: 'classify', says: 'Principal of it; blank where the schedule does not tell.' },
  overdue_interest: { type: 'money', by: 'classify', says: 'Interest of it; blank where the schedule does not tell.' },
  overdue_fee: { type: 'money', by: 'classify', says: 'Fees and penalties of it; blank where the schedule does not tell.' },
  due_today_amount: { type: 'money', by: 'classify', says: 'Due on as_of and not covered: due, not overdue.' },
  released_amount: { type: 'money', by: 'classify', says: 'What the plan of a settled account still shows; never due.' },
  owed_back: { type: 'money', by: 'classify', says: 'Taken back beyond what was received.' },
  charges_outstanding: { type: 'money', by: 'classify', says: "Charges beside the plan: the export's own figure, else rows of kind charge less to_charges." },
  cure_amount: { type: 'money', by: 'classify', says: 'overdue_amount + charges_outstanding: what makes the account current.' },
  advance: { type: 'money', by: 'classify', says: 'Received beyond what is due to date.' },
  to_charges: { type: 'money', by: 'classify', where: 'parts', says: 'Parts of payments that lie beside the plan, such as penalty: they cover nothing of it.' },
  to_principal: { type: 'money', by: 'classify', where: 'prepaid', says: 'Prepaid beyond what was due that day: it lowers principal and is no advance.' },
  pending_amount: { type: 'money', by: 'classify', says: 'Payments on their way, pending or not yet cleared: they cover nothing yet.' },
  outstanding_principal: { type: 'money', by: 'classify', says: 'Principal of the plan less principal covered, advances included.' },
  outstanding_schedule: { type: 'money', by: 'classify', says: 'All that the plan still asks.' },
  last_paid_on: { type: 'date', by: 'classify', says: 'Last day with cash of the borrower that stands.' },
  last_paid_amount: { type: 'money', by: 'classify', says: "That day's sum." },
  next_due_on: { type: 'date', by: 'classify', says: 'First due date on or after as_of of an instalment not fully covered.' },
  next_due_amount: { type: 'money', by: 'classify', says: 'What is open on it.' },
  days_to_due: { type: 'int', by: 'classify', says: 'next_due_on minus work_on.' },
  late_since: { type: 'date', by: 'classify', where: 'history', says: 'First day of the present unbroken lateness; blank where the account is not late.' },
  max_days_late: { type: 'int', by: 'classify', where: 'history', says: 'The most days late that it ever was.' },
  max_days_late_12m: { type: 'int', by: 'classify', where: 'history', says: 'The same in the twelve months up to as_of.' },
  times_30_plus: { type: 'int', by: 'classify', where: 'history', says: 'How often it was late by 30 days or more: episodes, not days.' },
  times_60_plus: { type: 'int', by: 'classify', where: 'history', says: 'How often by 60 or more.' },
  times_90_plus: { type: 'int', by: 'classify', where: 'history', says: 'How often by 90 or more.' },
  first_payment_missed: { type: 'bool', by: 'classify', where: 'history', says: 'The first instalment was not covered at the end of its due date; blank while it is not due.' },
  longest_run_late: { type: 'int', by: 'classify', where: 'history', says: 'The longest unbroken lateness, in days.' },
  cures: { type: 'int', by: 'classify', where: 'history', says: 'How often it was late and then not.' },
  last_cured_on: { type: 'date', by: 'classify', where: 'history', says: 'The last day on which it was so.' },
  least_to_leave_tier: { type: 'money', by: 'classify', where: 'what-if', says: 'The least payment on as_of with which it stands in a better tier; blank where it is not late, or where no payment does it.' },
  least_to_be_current: { type: 'money', by: 'classify', where: 'what-if', says: 'The least with which it stands in no late tier.' },
  rolls_on: { type: 'date', by: 'classify', says: 'First day on which the tier would be worse if nothing came; blank in the last tier.' },
  days_to_roll: { type: 'int', by: 'classify', says: 'rolls_on minus work_on.' },
  held_reason: { type: 'text', by: 'classify', says: 'Why no action may leave, all reasons; blank where none holds.' },
  held_since: { type: 'date', by: 'classify', says: 'Earliest readable date of the rows that hold, else as_of.' },
  lender_days_past_due: { type: 'text', by: 'classify', says: "The lender's own figure, as exported." },
  lender_overdue_amount: { type: 'text', by: 'classify', says: "The lender's own figure, as exported." },
  lender_outstanding: { type: 'text', by: 'classify', says: "The lender's own figure, as exported." },
  borrower_accounts: { type: 'int', by: 'classify', says: 'Accounts of the borrower in the book.' },
  borrower_accounts_late: { type: 'int', by: 'classify', says: 'Those past due.' },
  borrower_days_past_due: { type: 'int', by: 'classify', says: 'The worst of them.' },
  borrower_overdue_amount: { type: 'money', by: 'classify', says: "Overdue of the borrower's accounts in this account's currency." },
  borrower_tier: { type: 'text', by: 'classify', where: 'contagion', says: "The tier of the borrower's worst account, as contagion has it; of accounts that are not aged their own." },
  driver_account_id: { type: 'text', by: 'classify', where: 'contagion', says: 'The account whose tier that is; blank where nobody is past due.' },
  borrower_outstanding: { type: 'money', by: 'classify', where: 'contagion', says: "Outstanding of the borrower's aged accounts in this account's currency." },
  leads: { type: 'bool', by: 'classify', says: 'The account that work lists take for its borrower: most days past due, then larger overdue, then account id.' },
  weekday: { type: 'int', by: 'classify', says: 'Day of the week of work_on, 1 Monday to 7 Sunday.' },
  rule_id: { type: 'text', by: 'decide', says: 'The rule that gave the action.' },
  action: { type: 'text', by: 'decide', says: 'The first action that is not none.' },
  channel: { type: 'text', by: 'decide', says: 'How to reach the person.' },
  priority: { type: 'int', by: 'decide', says: '1 is first.' },
  template: { type: 'text', by: 'decide', says: 'The message to send.' },
  action_due_on: { type: 'date', by: 'decide', says: 'work_on plus due_in_days.' },
  reason: { type: 'text', by: 'decide', says: 'The reason that the rule states.' },
  gate: { type: 'text', by: 'comply', says: 'unchecked: lawfulness of contact was not checked.', values: ['unchecked'] },
  gate_reason: { type: 'text', by: 'comply', says: 'Why the gate said so.' },
  contact_from: { type: 'text', by: 'comply', says: 'Earliest permitted time of contact; blank while unchecked.' },
  contact_until: { type: 'text', by: 'comply', says: 'Latest permitted time of contact; blank while unchecked.' },
} as const satisfies Record<string, Column>

export type AccountColumn = keyof typeof accountColumns

/** Columns that a book has only where something in it asks for them. */
export const isOptional = (column: string) => 'where' in (accountColumns[column as AccountColumn] ?? {})
