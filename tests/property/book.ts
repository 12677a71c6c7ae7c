import { amountText } from '../reference/reference.ts'
import type { LoanRow, RepaymentRow, Rows, ScheduleRow } from '../reference/reference.ts'
import type { AccountSeed, BookSeed } from './seeds.ts'

const epoch = Date.UTC(1900, 0, 1)
const dayText = (number: number) => new Date(epoch + number * 86_400_000).toISOString().slice(0, 10)
const dayOf = (text: string) => (Date.parse(text) - epoch) / 86_400_000

const idOf = (prefix: string, place: number) => `${prefix}-${String(place).padStart(4, '0')}`

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
  const { asOf, ...rows } = allRows(seed, prefix)
  const last = seed.until === undefined ? '9999-12-31' : dayText(dayOf(asOf) + seed.until)
  return { asOf, ...asExported({ ...rows, repayments: rows.repayments.filter((row) => row.paid_on <= last) }, seed) }
}

function allRows(seed: BookSeed, prefix: string): Rows & { asOf: string } {
  const asOf = typeof seed.asOf === 'string' ? dayOf(seed.asOf) : seed.asOf
  const loans: LoanRow[] = []
  const schedule: ScheduleRow[] = []
  const repayments: RepaymentRow[] = []
  for (const [place, account] of seed.accounts.entries()) {
    const rows = accountRows(account, idOf(prefix, place), asOf, seed)
    for (const row of rows.repayments) if (row.account_id === '') row.account_id = idOf(prefix, (place + 1) % seed.accounts.length)
    loans.push(rows.loan)
    schedule.push(...rows.schedule)
    repayments.push(...rows.repayments)
  }
  // An instalment and money whose account is in no loan row.
  schedule.push({ ...schedule.at(-1)!, account_id: `${prefix}-lost`, instalment_no: '1' })
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
    if (book.parts === 'amount') return { ...row, amount_due: text(amounts[n]!) }
    const amount_due = book.parts === 'parts' ? {} : { amount_due: text(amounts[n]!) }
    const none = { principal_due: '', interest_due: '', fee_due: '', penalty_due: '' }
    if (book.parts === 'mixed' && account.gaps[n]! % 9 === 0) return { ...row, ...amount_due, ...none }
    if (book.parts === 'mixed' && account.gaps[n]! % 9 === 1) return { ...row, ...none, amount_due: '', fee_due: text(amounts[n]!) }
    const [interest, fee, penalty] = account.parts.map((tenths) => Math.floor((amounts[n]! * tenths) / 10)) as [number, number, number]
    return { ...row, ...amount_due, principal_due: text(amounts[n]! - interest - fee - penalty), interest_due: text(interest), fee_due: text(fee), penalty_due: text(penalty) }
  })

  const repayments: RepaymentRow[] = []
  const add = (row: Omit<RepaymentRow, 'payment_id' | 'account_id' | 'currency'>) => {
    const payment_id = `${id}/${String(repayments.length).padStart(2, '0')}`
    repayments.push({ payment_id, account_id: id, currency, reverses: '', reversed_on: '', kind: '', status: '', ...row })
    return payment_id
  }
  const closedWell = account.status === 'closed' && account.closedWell
  // Many are closed on the day on which the last instalment falls due.
  const ended = closedWell && account.cents % 2 === 0 && days.length > 0 ? days.at(-1)! - asOf : account.stateDay
  const inTurn = closedWell ? days.length : account.paidInTurn
  for (let n = 0; n < Math.min(inTurn, days.length); n++) {
    // Those who pay in turn have not yet paid what lies ahead.
    if (amounts[n]! === 0 || days[n]! > asOf) continue
    // Some of the closed were let off a part of what was open in the end: a waiver explains the rest.
    const letOff = closedWell && account.cents % 3 === 0 && n < 2 && amounts[n]! > 2
    add({ paid_on: dayText(days[n]! + account.jitter[n]!), amount: text(letOff ? Math.floor(amounts[n]! / 2) : amounts[n]!) })
    if (letOff) add({ paid_on: dayText(days[n]! + account.jitter[n]!), amount: text(1), kind: 'waiver' })
  }
  const all = amounts.reduce((sum, amount) => sum + amount, 0)
  for (const one of account.payments) {
    const day = one.beside !== undefined && days.length > 0 ? days[one.beside % days.length]! + one.days : asOf + one.anywhere
    const sizes = { instalment: account.cents, part: one.cents, double: 2 * account.cents, cent: 1, all, half: Math.floor(account.cents / 2) }
    const units = Math.max(1, sizes[one.size as keyof typeof sizes])
    const reversedOn = one.status === 'reversed' && one.reversedAfter !== undefined ? dayText(day + one.reversedAfter) : ''
    const named = add({ paid_on: dayText(day), amount: text(units), kind: one.kind, status: one.status, reversed_on: reversedOn })
    const original = repayments.at(-1)!
    if (one.again === 'twin') repayments.push({ ...original })
    if (one.again === 'other amount') repayments.push({ ...original, amount: text(units + 1) })
    // Another account is one that this function does not know: the caller fills it in.
    if (one.again === 'other account') repayments.push({ ...original, account_id: '' })
    for (const { kind, share, after, negative, fault, status, reversedAfter } of one.reversals) {
      const off = Math.max(1, Math.floor((units * share) / 4)) + (fault === 'beyond-its-payment' ? units : 0)
      // Several reversals of one payment are all settled: which of them was taken back when would be another story.
      const own = one.reversals.length > 1 ? '' : status
      const on = day + (fault === 'before-its-payment' ? -2 : after)
      add({
        paid_on: dayText(on),
        amount: text(negative ? -off : off),
        kind: fault === 'names-none' ? 'undo' : kind,
        reverses: fault === 'names-none' ? '' : fault === 'no-such-payment' ? `${id}/none` : named,
        status: own,
        reversed_on: own === 'reversed' && reversedAfter !== undefined ? dayText(on + reversedAfter) : '',
      })
    }
  }
  const refund = account.refund ?? (closedWell ? account.givenBack : undefined)
  if (refund !== undefined) {
    const { days: from, cents, negative, named } = refund
    // Money below 0 that names nothing is a refund by itself; above 0 it must say so.
    const on = closedWell && ended !== undefined ? ended + Math.abs(from % 40) : from
    add({ paid_on: dayText(asOf + on), amount: text(negative ? -cents : cents), kind: negative && !named ? '' : 'refund' })
  }

  const stateDay = ended === undefined ? '' : dayText(asOf + ended)
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
    method: account.revolving === true ? 'revolving' : 'equal instalments',
  }
  if (['closed', 'written_off', 'sold'].includes(account.status)) {
    loan[stateColumn as 'closed_on'] = stateDay
    const other = account.otherState
    if (other !== undefined && other.state !== stateColumn) loan[other.state as 'closed_on'] = other.sameDay ? stateDay : dayText(asOf + other.days)
  } else if (account.otherState !== undefined) {
    // A day beside a status that does not say it, and another state of that day.
    const { state, days, sameDay } = account.otherState
    loan[state as 'closed_on'] = dayText(asOf + days)
    if (sameDay) loan[state === 'sold_on' ? 'closed_on' : 'sold_on'] = dayText(asOf + days)
  }
  return { loan, schedule, repayments }
}

/** What one export gives of all that could be known: columns that it lacks, and rows in its own order. */
function asExported({ loans, schedule, repayments }: Rows, seed: BookSeed): Rows {
  const without = <T extends object>(rows: readonly T[], columns: readonly string[]) => rows.map((row) => Object.fromEntries(Object.entries(row).filter(([column]) => !columns.includes(column))) as T)
  const ordered = <T>(rows: readonly T[]) => (seed.shuffled === undefined ? rows : shuffled(rows, seed.shuffled))
  const untold = new Set(repayments.filter((row) => cannotTell(row, seed.money)).map((row) => row.payment_id))
  const told = repayments.filter((row) => !untold.has(row.payment_id) && !untold.has(row.reverses ?? ''))
  const gone = { all: [], 'no kind': ['kind'], 'no status': ['status', 'reversed_on'], plain: ['kind', 'status', 'reversed_on', 'reverses'] }[seed.money]
  const loansGone = { all: [], 'no dates': ['closed_on', 'written_off_on', 'sold_on', 'disbursed_on'], 'no method': ['method'] }[seed.loans]
  return {
    loans: ordered(without(loans, loansGone)),
    schedule: ordered(without(schedule, seed.numbered ? [] : ['instalment_no'])),
    repayments: ordered(without(told, gone)),
  }
}

/** Without a column for it, what is no plain payment does not stand in an export at all, nor does what takes it back. */
function cannotTell({ kind = '', status = '', reverses = '' }: RepaymentRow, money: BookSeed['money']): boolean {
  const plainKind = kind === '' || kind === 'payment' || (kind === 'undo' && reverses !== '' && money === 'no kind')
  if ((money === 'no kind' || money === 'plain') && !plainKind) return true
  if ((money === 'no status' || money === 'plain') && status !== '' && status !== 'settled') return true
  return money === 'plain' && reverses !== ''
}

/** The same order for the same seed. */
function shuffled<T>(rows: readonly T[], seed: number): T[] {
  let state = seed
  const next = () => (state = (state * 1_103_515_245 + 12_345) % 2_147_483_648)
  return rows.map((row) => ({ row, at: next() })).sort((a, b) => a.at - b.at).map(({ row }) => row)
}
