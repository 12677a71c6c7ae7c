import { addDays, given, money } from './rows.ts'
import type { LoanRow, ScheduleRow } from './rows.ts'

/** The versions of a plan, oldest first: by their first day, then by name (v2 before v10). A version without a day is valid from the beginning. */
function versionsOf(rows: readonly ScheduleRow[]): { name: string; from: string }[] {
  const found = new Map<string, string>()
  for (const row of rows) {
    const from = given(row.valid_from) ?? ''
    const known = found.get(nameOf(row))
    if (known === undefined || from < known) found.set(nameOf(row), from)
  }
  return [...found].map(([name, from]) => ({ name, from })).sort((a, b) => (a.from !== b.from ? (a.from < b.from ? -1 : 1) : a.name.length !== b.name.length ? a.name.length - b.name.length : a.name < b.name ? -1 : 1))
}

const nameOf = (row: ScheduleRow) => (row.version === undefined ? (given(row.valid_from) ?? '') : row.version)

/** The rows that are the plan at the end of `asOf`: of the newest version that is valid, what had been added by then. `first`: of the first version instead. */
export function planOn(rows: readonly ScheduleRow[], loan: LoanRow, asOf: string, skip: readonly string[], first = false): ScheduleRow[] {
  const valid = versionsOf(rows).filter(({ from }) => from <= asOf)
  const version = first ? valid[0] : valid.at(-1)
  const standing = rows.filter((row) => version !== undefined && nameOf(row) === version.name && (given(row.added_on) ?? '') <= asOf)
  const asked = standing.map((row) => (skip.includes(given(row.status) ?? '') ? skipped(row) : row))
  const calledIn = first ? undefined : given(loan.accelerated_on)
  // Without numbers the older of two is the one that would have fallen due before, also once both have on one day.
  asked.sort((a, b) => (given(a.instalment_no) !== undefined || a.due_on === b.due_on ? 0 : a.due_on < b.due_on ? -1 : 1))
  // Called in as a whole: what is not yet due has fallen due by the end of the day before.
  return calledIn === undefined || calledIn > asOf ? asked : asked.map((row) => (row.due_on >= calledIn ? { ...row, due_on: addDays(calledIn, -1) } : row))
}

/** Whether a newer version than the first stands. */
export const replacedBy = (rows: readonly ScheduleRow[], asOf: string) => versionsOf(rows).slice(1).some(({ from }) => from <= asOf)

const parts = ['amount_due', 'principal_due', 'interest_due', 'fee_due', 'penalty_due'] as const

/** What is skipped asks nothing. */
const skipped = (row: ScheduleRow): ScheduleRow => ({ ...row, ...Object.fromEntries(parts.filter((part) => given(row[part]) !== undefined).map((part) => [part, '0'])) })

/** What was added to an instalment of the same number and day is part of it. */
export function wholeInstalments(rows: readonly ScheduleRow[]): readonly ScheduleRow[] {
  const whole = new Map<string, ScheduleRow[]>()
  for (const [at, row] of rows.entries()) {
    const key = given(row.instalment_no) === undefined ? `row ${at}` : `${row.due_on} ${row.instalment_no}`
    const same = whole.get(key)
    if (same === undefined) whole.set(key, [row])
    else same.push(row)
  }
  if (whole.size === rows.length) return rows
  return [...whole.values()].map((same) => {
    if (same.length === 1) return same[0]!
    const sum = (part: (typeof parts)[number]) => (same.every((row) => given(row[part]) === undefined) ? same[0]![part] : same.reduce((total, row) => total + (given(row[part]) === undefined ? 0n : money(row[part]!, 6)), 0n).toString())
    // Sums at six decimals, written as amounts again.
    const text = (units: string | undefined) => (units === undefined || !/^\d+$/.test(units) || units === '' ? units : `${units.padStart(7, '0').slice(0, -6)}.${units.padStart(7, '0').slice(-6)}`)
    return { ...same[0]!, ...Object.fromEntries(parts.filter((part) => part in same[0]!).map((part) => [part, text(sum(part))])) }
  })
}
