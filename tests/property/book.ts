import { amountText } from '../reference/reference.ts'
import type { LoanRow, RepaymentRow, Rows, ScheduleRow } from '../reference/reference.ts'
import type { AccountSeed, BookSeed } from './seeds.ts'

const epoch = Date.UTC(1900, 0, 1)
const dayText = (number: number) => new Date(epoch + number * 86_400_000).toISOString().slice(0, 10)
const dayOf = (text: string) => (Date.parse(text) - epoch) / 86_400_000

/** The same day of the month `ahead` months on, or that month's last. */
function monthsOn(first: number, dueDay: number, ahead: number): number {
  const start = new Date(epoch + first * 86_400_000)
  const month = start.getUTCMonth() + ahead
  const last = new Date(Date.UTC(start.getUTCFullYear(), month + 1, 0)).getUTCDate()
  return dayOf(new Date(Date.UTC(start.getUTCFullYear(), month, Math.min(dueDay === 0 ? start.getUTCDate() : dueDay, last))).toISOString().slice(0, 10))
}

const decimalsOf: Record<string, number> = { JPY: 0, KWD: 3 }

/** Rows of an invented book. Payments and reversals keep what validation asks, but for the faults that are meant. */
export function bookOf(seed: BookSeed, prefix: string): Rows & { asOf: string } {
  const asOf = typeof seed.asOf === 'string' ? dayOf(seed.asOf) : seed.asOf
  const loans: LoanRow[] = []
  const schedule: ScheduleRow[] = []
  const repayments: RepaymentRow[] = []
  for (const [place, account] of seed.accounts.entries()) {
    const rows = accountRows(account, `${prefix}-${String(place).padStart(4, '0')}`, asOf, seed)
    loans.push(rows.loan)
    schedule.push(...rows.schedule)
    repayments.push(...rows.repayments)
  }
  // Money whose account is in no loan row.
  repayments.push({ payment_id: `${prefix}-lost`, account_id: `${prefix}-lost`, paid_on: dayText(asOf - 3), amount: '77', kind: '', reverses: '', status: '', reversed_on: '', currency: seed.currencies[0]! })
  return { loans, schedule, repayments, asOf: dayText(asOf) }
}

function dueDays(account: AccountSeed, asOf: number): number[] {
  const first = asOf + account.start
  const days = Array.from({ length: account.instalments }, (_, n) => {
    if (account.cadence === 'fortnight') return first + 14 * n
    if (account.cadence === 'same day') return first + 30 * Math.floor(n / 2)
    if (account.cadence === 'irregular') return first + account.gaps.slice(0, n).reduce((sum, gap) => sum + gap, 0)
    return monthsOn(first, account.dueDay, n)
  })
  return days
}

function accountRows(account: AccountSeed, id: string, asOf: number, book: BookSeed) {
  const currency = book.currencies[account.currency]!
  const decimals = decimalsOf[currency] ?? 2
  const text = (units: number) => amountText(BigInt(units), decimals)
  const days = dueDays(account, asOf)
  const amounts = days.map((_, n) => (account.zeros?.includes(n) ? 0 : account.cadence === 'balloon' && n === days.length - 1 ? account.cents * 20 : account.cents))

  const schedule: ScheduleRow[] = days.map((day, n) => {
    const row = { account_id: id, instalment_no: String(account.firstNo + n), due_on: dayText(day) }
    if (!book.withParts) return { ...row, amount_due: text(amounts[n]!) }
    const [interest, fee, penalty] = account.parts.map((tenths) => Math.floor((amounts[n]! * tenths) / 10)) as [number, number, number]
    return { ...row, principal_due: text(amounts[n]! - interest - fee - penalty), interest_due: text(interest), fee_due: text(fee), penalty_due: text(penalty) }
  })

  const repayments: RepaymentRow[] = []
  const add = (row: Omit<RepaymentRow, 'payment_id' | 'account_id' | 'currency'>) => {
    const payment_id = `${id}/${String(repayments.length).padStart(2, '0')}`
    repayments.push({ payment_id, account_id: id, currency, reverses: '', reversed_on: '', kind: '', status: '', ...row })
    return payment_id
  }
  for (let n = 0; n < Math.min(account.paidInTurn, days.length); n++) {
    // Those who pay in turn have not yet paid what lies ahead.
    if (amounts[n]! > 0 && days[n]! <= asOf) add({ paid_on: dayText(days[n]! + account.jitter[n]!), amount: text(amounts[n]!) })
  }
  const all = amounts.reduce((sum, amount) => sum + amount, 0)
  for (const one of account.payments) {
    const day = one.beside !== undefined && days.length > 0 ? days[one.beside % days.length]! + one.days : asOf + one.anywhere
    const sizes = { instalment: account.cents, part: one.cents, double: 2 * account.cents, cent: 1, all, half: Math.floor(account.cents / 2) }
    const units = Math.max(1, sizes[one.size as keyof typeof sizes])
    const reversedOn = one.status === 'reversed' && one.reversedAfter !== undefined ? dayText(day + one.reversedAfter) : ''
    const named = add({ paid_on: dayText(day), amount: text(units), kind: one.kind, status: one.status, reversed_on: reversedOn })
    // Only a payment that counts is reversed by a row: design.md does not say what a reversal of another takes off.
    if (one.reversal === undefined || (one.status !== '' && one.status !== 'settled')) continue
    const { kind, share, after, negative, fault } = one.reversal
    const off = Math.max(1, Math.floor((units * share) / 4)) + (fault === 'beyond-its-payment' ? units : 0)
    add({
      paid_on: dayText(day + (fault === 'before-its-payment' ? -2 : after)),
      amount: text(negative ? -off : off),
      kind: fault === 'names-none' ? 'undo' : kind,
      reverses: fault === 'names-none' ? '' : fault === 'no-such-payment' ? `${id}/none` : named,
    })
  }
  if (account.refund !== undefined) {
    const { days: from, cents, negative, named } = account.refund
    // Money below 0 that names nothing is a refund by itself; above 0 it must say so.
    add({ paid_on: dayText(asOf + from), amount: text(negative ? -cents : cents), kind: negative && !named ? '' : 'refund' })
  }

  const stateDay = account.stateDay === undefined ? '' : dayText(asOf + account.stateDay)
  const stateColumn = `${account.status}_on`
  const loan: LoanRow = {
    account_id: id,
    borrower_id: account.borrower === undefined ? '' : `B${account.borrower}`,
    currency,
    disbursed_on: account.disbursed === undefined ? '' : dayText(asOf + account.disbursed),
    status: account.status,
    outstanding_principal: account.own === undefined ? '' : text(account.own),
    charges_outstanding: account.charges === undefined ? '' : text(account.charges),
    closed_on: '',
    written_off_on: '',
    sold_on: '',
  }
  if (['closed', 'written_off', 'sold'].includes(account.status)) {
    loan[stateColumn as 'closed_on'] = stateDay
    const other = account.otherState
    // Two states of one day, or a dated one beside an undated: design.md does not say which decides.
    if (other !== undefined && stateDay !== '' && other.state !== stateColumn && dayText(asOf + other.days) !== stateDay) loan[other.state as 'closed_on'] = dayText(asOf + other.days)
  }
  return { loan, schedule, repayments }
}
