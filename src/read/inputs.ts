import type { InputName, MappedAs } from '../settings/schema.ts'

export interface InputColumn {
  readonly type: 'text' | 'int' | 'date' | 'money'
  /** A row without a value is rejected, a file without the column is exit 2. */
  readonly required?: true
  /** A blank is rejected where the file has the column. */
  readonly filled?: true
  /**
   * `asked`: read where a setting asks for it (`known_on`), else named in the head as not used yet. `lender`: the lender's own figure, shown beside ours.
   * `through`: passes through to accounts, and is read on the way.
   */
  readonly use?: 'asked' | 'lender' | 'through'
  /** No step asks for it where the files do not have it. */
  readonly optional?: true
  /** Name in accounts, where it differs. */
  readonly as?: string
  /** What a column of text holds: it is read as others of its kind, where it can be. */
  readonly holds?: 'amount' | 'rate' | 'day'
  readonly says: string
}

/** The inputs, their canonical columns, types, and which are required. docs/inputs.md is written from this table. */
const inputColumns = {
  loans: {
    account_id: { type: 'text', required: true, says: 'The account. Text, even where it looks like a number.' },
    borrower_id: { type: 'text', says: 'The person who owes; blank: each account its own.' },
    product: { type: 'text', says: "The lender's product." },
    currency: { type: 'text', says: 'ISO 4217 code; absent or blank: the currency of the settings.' },
    principal: { type: 'money', says: 'Amount paid out.' },
    disbursed_on: { type: 'date', says: 'Day of paying out. After as_of: not in the book yet.' },
    status: { type: 'text', says: 'open, closed, written_off, sold, cancelled, not_disbursed, frozen, deceased, bankrupt or fraud; absent or blank: open.' },
    closed_on: { type: 'date', says: 'A state holds from its own date.' },
    written_off_on: { type: 'date', says: 'A state holds from its own date.' },
    sold_on: { type: 'date', says: 'A state holds from its own date.' },
    outstanding_principal: { type: 'money', use: 'lender', as: 'lender_outstanding', says: "The lender's own figure, compared." },
    days_past_due: { type: 'text', use: 'lender', as: 'lender_days_past_due', says: "The lender's own figure, compared and never trusted." },
    overdue_amount: { type: 'text', holds: 'amount', use: 'lender', as: 'lender_overdue_amount', says: "The lender's own figure, compared and never trusted." },
    overdue_principal: { type: 'text', holds: 'amount', use: 'through', as: 'lender_overdue_principal', says: "The lender's own figure, compared." },
    charges_outstanding: { type: 'money', says: 'Charges beside the plan, as the lender states them.' },
    instalments_paid: { type: 'text', use: 'through', as: 'lender_instalments_paid', says: "The lender's own figure, compared." },
    total_paid: { type: 'text', holds: 'amount', use: 'through', as: 'lender_total_paid', says: "The lender's own figure, compared." },
    accelerated_on: { type: 'date', use: 'through', says: 'From this day on all that is open is overdue.' },
    restructured_on: { type: 'date', use: 'through', says: 'Day of a change of contract: from then on the account is forborne.' },
    paid_before: { type: 'money', optional: true, says: 'Received before the repayments file begins: it covers like a payment, and has no day. 0 says that there was none; a blank does not say.' },
    paid_through_on: { type: 'date', use: 'through', says: "The lender's own: all that was due up to this day is paid. Source of days where the account has no plan, with frequency." },
    next_due_on: { type: 'date', use: 'through', as: 'lender_next_due_on', says: "The lender's own: due date of the first instalment that is not paid, past or ahead. Source of days where the account has no plan." },
    instalment_amount: { type: 'text', holds: 'amount', use: 'through', says: 'Terms: the amount of one instalment.' },
    first_due_on: { type: 'text', holds: 'day', use: 'through', says: 'Terms: due date of the first instalment; the others are counted from it.' },
    instalments: { type: 'text', use: 'through', says: 'Terms: how many there are.' },
    frequency: { type: 'text', use: 'through', says: 'Terms: daily, weekly, biweekly, monthly, quarterly, semiannual, annual, or a number of days such as 10 days.' },
    annual_rate: { type: 'text', holds: 'rate', use: 'through', says: 'Terms: nominal interest in per cent a year (24 is 24 %); 0 where there is none.' },
    method: { type: 'text', use: 'through', says: 'Terms: equal_instalments (where blank), equal_principal, interest_only or bullet; revolving is never aged as instalments.' },
  },
  schedule: {
    account_id: { type: 'text', required: true, says: 'The account.' },
    instalment_no: { type: 'int', filled: true, says: 'Number of the instalment; without the column its place by due date.' },
    due_on: { type: 'date', required: true, says: 'Due date.' },
    amount_due: { type: 'money', says: 'What is due, or give its parts.' },
    principal_due: { type: 'money', says: 'Part of the amount due.' },
    interest_due: { type: 'money', says: 'Part of the amount due.' },
    fee_due: { type: 'money', says: 'Part of the amount due.' },
    penalty_due: { type: 'money', says: 'Part of the amount due.' },
    kind: { type: 'text', optional: true, says: 'fee: all of the row is a fee; anything else is an instalment. With `rows: component`: principal, interest, fee or penalty.' },
    version: { type: 'text', optional: true, says: 'Version of the plan: of each account the newest that is valid on as_of stands, whole.' },
    valid_from: { type: 'date', optional: true, says: 'First day of a version; blank: from the beginning.' },
    status: { type: 'text', optional: true, says: 'State of the instalment: those that conventions.skip_instalments names are never late. Without repayments and amount_paid it says what was paid: paid, waived, part_paid, unpaid or overdue; blank: unpaid.' },
    added_on: { type: 'date', optional: true, says: 'Day from which on the row belongs to the plan; blank: from the beginning. A number may stand again with what was added to it later.' },
    amount_open: { type: 'money', optional: true, says: 'What is still open on the day of the export, in place of the amount due: then no repayments are applied, and no other day is known.' },
    amount_paid: { type: 'money', optional: true, says: 'What was paid of the instalment: where no repayments are given it stands for them. What is above the amount due paid charges.' },
    paid_on: { type: 'date', optional: true, says: 'Day of that payment, the last of several; blank: known only by the day of the export.' },
  },
  repayments: {
    payment_id: { type: 'text', filled: true, says: 'The payment; without the column file and line are the key.' },
    account_id: { type: 'text', required: true, says: 'The account.' },
    paid_on: { type: 'date', required: true, says: 'Day on which the money counts.' },
    amount: { type: 'money', required: true, says: 'What was received. A bare negative amount is a refund.' },
    currency: { type: 'text', says: "ISO 4217 code; absent or blank: the account's." },
    kind: { type: 'text', says: 'One of the kinds below; absent or blank: payment (with reverses: undo).' },
    status: { type: 'text', says: 'settled, pending, failed or reversed; absent or blank: settled.' },
    reverses: { type: 'text', says: 'The payment that this row takes back.' },
    reversed_on: { type: 'date', says: 'Of a reversed payment: it counted until the day before.' },
    principal_paid: { type: 'money', optional: true, says: 'Part of the amount. The parts add up to it, or are all blank.' },
    interest_paid: { type: 'money', optional: true, says: 'Part of the amount.' },
    fee_paid: { type: 'money', optional: true, says: 'Part of the amount.' },
    penalty_paid: { type: 'money', optional: true, says: 'Part of the amount: penalty and compound interest.' },
    instalment_no: { type: 'text', optional: true, says: 'The number of the instalment that the payer named: where `conventions.allocation` is named_first it is covered first.' },
    received_on: { type: 'date', use: 'asked', optional: true, says: 'Day on which the lender knew of it: read where `known_on` is set. Blank: known from paid_on.' },
  },
} as const satisfies Record<InputName, Record<string, InputColumn>>

/** Columns of a plan that says what is due: without them it may say what is open. */
export const saysDue = (has: (column: string) => boolean) => has('amount_due') || dueParts.some(has)

/** A plan of what is still open: payments are in it already. */
export const isOpenPlan = (has: (column: string) => boolean) => has('amount_open') && !saysDue(has)

/** A plan that says by words alone what of it is paid, where no repayments are given. */
export const isStatusPlan = (has: (column: string) => boolean) => has('status') && !has('amount_paid') && !has('amount_open')

/** Those words. `paid`: whether the instalment is; a waived one is covered without cash. */
export const instalmentStatuses = { paid: { paid: true }, waived: { paid: true }, part_paid: { paid: false }, unpaid: { paid: false }, overdue: { paid: false } } as const

/** Where loans have it, plans can be built from terms: the input of schedules is then not needed. */
export const termsBegin = 'first_due_on'

/** Names under which loans carry the lender's own word of lateness, for books without plans. */
export const lendersDays = 'lender_days_past_due'
export const lendersDates: readonly string[] = ['lender_next_due_on', 'paid_through_on']

/** Whether other inputs hold what this one would say. `has`: whether a file of an input has a column; `planned`: whether there is a file of schedules. */
export function notNeeded(input: InputName, has: (input: InputName, column: string) => boolean, planned: boolean): boolean {
  const saysHimself = has('loans', lendersDays) || lendersDates.some((column) => has('loans', column))
  if (input === 'schedule') return has('loans', termsBegin) || saysHimself
  if (input === 'repayments' && !planned && saysHimself) return true
  return input === 'repayments' && (has('schedule', 'amount_paid') || isOpenPlan((column) => has('schedule', column)) || isStatusPlan((column) => has('schedule', column)))
}

export const inputNames = Object.keys(inputColumns) as InputName[]

/** Rows of the schedule that are statements have this column; no other has a value there. */
export const statementOn = 'statement_on'

/** Statements of cards: they are read with the schedule, whose rows they become. */
const statementColumns: Readonly<Record<string, InputColumn>> = {
  account_id: { type: 'text', required: true, says: 'The account.' },
  statement_on: { type: 'date', required: true, says: 'Day of the statement: from it on what it asks is known. What was paid on that day was paid before it.' },
  due_on: { type: 'date', required: true, says: 'Day on which the minimum is due.' },
  minimum_due: { type: 'money', required: true, as: 'amount_due', says: 'The minimum that the statement asks, with what is past due of earlier ones.' },
  past_due_in_minimum: { type: 'money', says: 'What of the minimum is past due of earlier statements; absent or blank: what was open of them on the day of the statement.' },
  balance: { type: 'money', says: 'What was owed in all on that day.' },
  credit_limit: { type: 'money', says: 'The limit; not used.' },
}

export const columnsOf = (input: MappedAs): Readonly<Record<string, InputColumn>> => (input === 'statements' ? statementColumns : inputColumns[input])

/** Columns of the plan of which one must be there. */
export const dueParts = ['penalty_due', 'fee_due', 'interest_due', 'principal_due'] as const

/** The parts that money due and money paid are made of. */
export const partNames = ['principal', 'interest', 'fee', 'penalty'] as const
export type Part = (typeof partNames)[number]

interface Kind {
  /** `due that day`: only what was due on its own day and open; the rest lowers principal. `as set`: by the setting of its name. */
  readonly covers: 'yes' | 'no' | 'due that day' | 'as set'
  readonly cash: boolean
  readonly borrowers: boolean
  readonly takesOff: boolean
}

/** What a kind of money does. docs/inputs.md shows the table. */
export const kinds = {
  payment: { covers: 'yes', cash: true, borrowers: true, takesOff: false },
  prepayment: { covers: 'due that day', cash: true, borrowers: true, takesOff: false },
  settlement: { covers: 'yes', cash: true, borrowers: true, takesOff: false },
  recovery: { covers: 'yes', cash: true, borrowers: true, takesOff: false },
  compensation: { covers: 'as set', cash: true, borrowers: false, takesOff: false },
  buyback: { covers: 'as set', cash: true, borrowers: false, takesOff: false },
  waiver: { covers: 'yes', cash: false, borrowers: false, takesOff: false },
  credit_note: { covers: 'yes', cash: false, borrowers: false, takesOff: false },
  charge: { covers: 'no', cash: false, borrowers: false, takesOff: false },
  undo: { covers: 'no', cash: false, borrowers: false, takesOff: true },
  chargeback: { covers: 'no', cash: false, borrowers: false, takesOff: true },
  refund: { covers: 'no', cash: false, borrowers: false, takesOff: true },
} as const satisfies Record<string, Kind>

/** Kind of the row that stands for `paid_before` of a loan. No file has it. */
export const before = 'paid_before'

export type KindName = keyof typeof kinds
/** The kinds of which something holds, in the order of the table. */
export const kindsThat = (hold: (kind: Kind) => boolean) => (Object.keys(kinds) as KindName[]).filter((name) => hold(kinds[name]))

export const paymentStatuses = ['settled', 'pending', 'failed', 'reversed'] as const
