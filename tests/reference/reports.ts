import { daysBetween, given } from './rows.ts'
import { counts, readLedger, type Entry } from './ledger.ts'
import { agedTiers } from './account.ts'
import { addDays, reference, type Answer, type Asked, type LoanRow, type Rows } from './reference.ts'
import { stateOf } from './state.ts'

/**
 * The reports once more, one account and one day after the other: each day is asked of the reference as if it were the as-of day. Lines are by
 * currency and whatever the report has; amounts in minor units.
 */
export type Line = Record<string, string | number | bigint | null>

interface Book {
  readonly rows: Rows
  readonly asked: Asked
}

const bucketNames = ['0', '1-30', '31-60', '61-90', '91-120', '121-150', '151-180', '181+']
const place = (bucket: string | null) => (bucket === null ? undefined : bucketNames.indexOf(bucket))

/** The last day of the month before. */
const monthBefore = (day: string) => addDays(`${day.slice(0, 8)}01`, -1)

/** Answers of a day, kept: many reports ask for the same. */
function days({ rows, asked }: Book) {
  const told = new Map<string, Map<string, Answer>>()
  return (day: string) => {
    const found = told.get(day) ?? new Map(reference(rows, { ...asked, asOf: day, workOn: day === asked.asOf ? asked.workOn : day }).accounts.map((account) => [account.account_id, account]))
    told.set(day, found)
    return found
  }
}

export interface Reports {
  flow: Line[]
  due_performance: Line[]
  edge: Line[]
  cash: Line[]
  due_calendar: Line[]
}

export function reports(book: Book, asks: { dueDays: number; calendarDays: number }): Reports {
  const on = days(book)
  return { flow: flowOf(book, on), due_performance: duesOf(book, on, asks.dueDays), edge: edgeOf(book, on), cash: cashOf(book, on), due_calendar: calendarOf(book, on, asks.calendarDays) }
}

type On = ReturnType<typeof days>

/** Sums by a key; the line holds what the key is made of. */
class Sums {
  readonly lines = new Map<string, Line>()
  add(key: Line, figures: Line) {
    const name = JSON.stringify(key)
    const line = this.lines.get(name) ?? { ...key }
    for (const [figure, value] of Object.entries(figures)) line[figure] = typeof value === 'number' ? Number(line[figure] ?? 0) + value : value === null ? (line[figure] ?? null) : BigInt(line[figure] ?? 0) + BigInt(value)
    this.lines.set(name, line)
  }
}

function flowOf({ asked: { asOf } }: Book, on: On): Line[] {
  const now = on(asOf)
  const aged = (account: Answer) => agedTiers.includes(account.tier)
  const openings = { day: addDays(asOf, -1), month: monthBefore(asOf) }
  // What the export says is outstanding is of its own day alone.
  const unknown = Object.values(openings).some((day) => [...now.values()].some((account) => [account, on(day).get(account.account_id)!].some((one) => aged(one) && one.outstanding_principal === null)))
  const outstanding = unknown ? 'outstanding_schedule' : 'outstanding_principal'
  const sums = new Sums()
  for (const [period, since] of Object.entries(openings))
    for (const account of now.values()) {
      const then = on(since).get(account.account_id)!
      const [from, to] = [place(then.bucket), place(account.bucket)]
      for (const measure of ['accounts', outstanding, 'overdue_amount'] as const) {
        const worth = (one: Answer) => (measure === 'accounts' ? 1n : (one[measure] ?? 0n))
        const add = (bucket: number, figure: string, value: bigint) => {
          for (const name of [bucketNames[bucket]!, 'total']) sums.add({ period, since, currency: account.currency, measure, bucket: name }, { [figure]: value })
        }
        if (from !== undefined) {
          add(from, 'opening', worth(then))
          if (from === to) add(from, 'change', worth(account) - worth(then))
          else add(from, to === undefined ? (['settled', 'written_off', 'sold'].includes(account.tier) ? account.tier : 'other_out') : to > from ? 'rolled_out' : to === 0 ? 'cured' : 'rolled_back', worth(then))
        }
        if (to !== undefined) {
          add(to, 'closing', worth(account))
          if (from !== to) add(to, from === undefined ? (then.tier === 'not_yet' ? 'new_in' : 'returned_in') : to > from ? 'rolled_in' : 'rolled_back_in', worth(account))
        }
      }
    }
  return [...sums.lines.values()]
}

/** The last day on which an instalment of the account falls due: for ever where nothing ends it. */
function fallsDueUntil(loan: LoanRow, account: Answer, entries: readonly Entry[], asOf: string): string {
  if (account.tier === 'not_yet' || account.tier === 'cancelled' || loan.method === 'revolving') return ''
  const { state, since } = stateOf(loan, entries, asOf)
  if (account.tier === 'settled') return since ?? asOf
  return state === 'written_off' || state === 'sold' ? (since === undefined ? '' : addDays(given(loan[`${state}_on`]) ?? since, -1)) : '9999-12-31'
}

function duesOf({ rows, asked }: Book, on: On, dueDays: number): Line[] {
  const { asOf } = asked
  const { entries } = readLedger(rows.repayments, asked.scale ?? 2)
  const sums = new Sums()
  for (const loan of rows.loans) {
    const account = on(asOf).get(loan.account_id)!
    const until = fallsDueUntil(loan, account, entries.filter((entry) => entry.account === loan.account_id), asOf)
    for (const [at, { due, dueOn, covered }] of account.instalments.entries()) {
      if (due === 0n || dueOn > asOf || dueOn <= addDays(asOf, -dueDays) || dueOn > until) continue
      const figures: Line = { instalments: 1, amount_due: due, paid_to_date: covered, instalments_paid_to_date: covered === due ? 1 : 0 }
      for (const behind of [0, 1, 3, 7, 15, 30]) {
        const day = addDays(dueOn, behind)
        const then = day <= asOf ? on(day).get(loan.account_id)!.instalments[at]!.covered : null
        figures[`paid_by_${behind}`] = then
        figures[`instalments_paid_by_${behind}`] = then === null ? null : then === due ? 1 : 0
      }
      const asks = account.tier !== 'settled'
      sums.add({ due_on: dueOn, currency: account.currency }, { ...figures, still_open: asks ? due - covered : 0n, released: asks ? 0n : due - covered })
    }
  }
  return [...sums.lines.values()]
}

function edgeOf({ asked: { asOf, workOn } }: Book, on: On): Line[] {
  const lasts = [0, 30, 60, 90, 120, 150, 180]
  const sums = new Sums()
  for (const account of on(asOf).values()) {
    const at = place(account.bucket)
    if (at === undefined || at === lasts.length) continue
    const open = account.instalments.filter((one) => one.covered < one.due)
    // The oldest open instalment, or of those that lie ahead the next: on the day on which it is one day older than the bucket holds.
    const first = open[0]
    if (first === undefined) continue
    const rolls = daysBetween(asOf, first.dueOn) + lasts[at]! + 1 - daysBetween(asOf, workOn)
    if (rolls > 3) continue
    const least = open.filter((one) => one.dueOn === first.dueOn).reduce((sum, one) => sum + one.due - one.covered, 0n)
    sums.add(
      { days_to_roll: rolls, currency: account.currency, from_bucket: account.bucket, to_bucket: bucketNames[at + 1]! },
      { accounts: 1, held: account.held_reason.length > 0 ? 1 : 0, outstanding_principal: account.outstanding_principal, outstanding_schedule: account.outstanding_schedule, overdue_amount: account.overdue_amount, least_payment: least },
    )
  }
  return [...sums.lines.values()]
}

function calendarOf({ asked: { asOf, workOn } }: Book, on: On, calendarDays: number): Line[] {
  const sums = new Sums()
  for (const account of on(asOf).values()) {
    if (!agedTiers.includes(account.tier)) continue
    for (const { due, dueOn, covered } of account.instalments) {
      if (due === 0n || dueOn <= asOf || dueOn < workOn || dueOn >= addDays(workOn, calendarDays)) continue
      const isLate = (account.days_late ?? 0) > 0
      const remind = covered < due && !isLate && account.held_reason.length === 0
      sums.add(
        { due_on: dueOn, currency: account.currency },
        { instalments: 1, amount_due: due, covered, open: due - covered, to_remind: remind ? 1 : 0, to_remind_amount: remind ? due - covered : 0n, of_late_accounts: isLate ? 1 : 0, of_late_accounts_amount: isLate ? due - covered : 0n },
      )
    }
  }
  return [...sums.lines.values()]
}

/** Lines of single days by bucket, and the month to date with what was there when it began. */
function cashOf({ rows, asked }: Book, on: On): Line[] {
  const { asOf } = asked
  const opened = on(monthBefore(asOf))
  const { entries } = readLedger(rows.repayments, asked.scale ?? 2)
  const sums = new Sums()
  const currencies = new Map(rows.repayments.map((row) => [row.payment_id, given(row.currency)]))
  const add = (entry: Entry, day: string, back: boolean) => {
    const account = opened.get(entry.account)
    const currency = account?.currency ?? currencies.get(entry.id) ?? asked.currency ?? 'unknown'
    const bucket = account === undefined ? 'unmatched' : (account.bucket ?? account.tier)
    const of = back ? (entry.names ?? entry) : entry
    // A charge is no money that came.
    if (of.kind === 'charge') return
    const amount = back ? -entry.amount : entry.amount
    const kind = ['waiver', 'credit_note'].includes(of.kind) ? 'not_cash' : ['compensation', 'buyback'].includes(of.kind) ? 'from_others' : 'cash'
    const figures: Line = kind !== 'cash' ? { [kind]: amount } : back ? { reversals: entry.amount > 0n ? 1 : 0, reversed_amount: entry.amount, net: amount } : { payments: 1, amount, net: amount }
    for (const section of [{ section: 'day', day }, { section: 'month', day: asOf }]) sums.add({ ...section, currency, bucket }, figures)
  }
  for (const entry of entries) {
    for (let day = addDays(monthBefore(asOf), 1); day <= asOf; day = addDays(day, 1)) {
      const [before, after] = [counts(entry, addDays(day, -1)), counts(entry, day)]
      const takes = entry.effect === 'takes off' || entry.names !== undefined
      if (!before && after) add(entry, day, takes)
      // Its flag takes it back.
      if (before && !after && !takes) add({ ...entry, names: entry }, day, true)
      // What takes back and is taken back itself gives the money again, and is no row of its own.
      if (before && !after && takes) add({ ...entry, amount: -entry.amount }, day, true)
    }
  }
  for (const account of opened.values()) sums.add({ section: 'month', day: asOf, currency: account.currency, bucket: account.bucket ?? account.tier }, { opening_accounts: 1, opening_outstanding_schedule: account.outstanding_schedule, opening_overdue: account.overdue_amount })
  return [...sums.lines.values()]
}
