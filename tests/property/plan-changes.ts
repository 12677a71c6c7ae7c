import { addDays } from '../reference/reference.ts'
import type { RepaymentRow, Rows, ScheduleRow } from '../reference/reference.ts'

/** Which changes of plans an export tells of. */
export interface PlanChanges {
  versions: boolean
  added: boolean
  accelerated: boolean
  statuses: boolean
}

/** The kinds go round at their own pace: alone, together, and none. */
export const planChanges = (place: number): PlanChanges => ({ versions: place % 5 === 1 || place % 5 === 4, added: place % 5 === 2 || place % 10 === 9, accelerated: place % 5 === 3 || place % 5 === 4, statuses: place % 3 === 0 })

/** The same choice for the same account and question. */
function choice(account: number, question: number, of: number): number {
  let state = (account + 1) * 2_654_435_761 + question * 40_503
  state = (state ^ (state >>> 13)) * 1_274_126_177
  return (Math.abs(state ^ (state >>> 16)) >>> 0) % of
}

/** Payments that name an instalment, or nothing that can be read; all rows of one id name the same. */
const naming = (row: RepaymentRow) => ({ ...row, instalment_no: ['', '1', '2', '3', '4', '7', '40', 'x'][choice([...row.payment_id].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), 7) % 1_000_003, 12, 8)]! })

/** Plans that were rescheduled, added to or called in as a whole around the as-of day. */
export function withPlanChanges(rows: Rows, asOf: string, { versions, added, accelerated, statuses }: PlanChanges, named = false): Rows {
  const place = new Map(rows.loans.map((loan, at) => [loan.account_id, at]))
  const of = (row: ScheduleRow) => place.get(row.account_id) ?? 0
  const numbered = rows.schedule.every((row) => row.instalment_no !== undefined && row.instalment_no !== '')
  let schedule: ScheduleRow[] = rows.schedule.map((row) => ({ ...row }))
  if (versions) schedule = schedule.flatMap((row) => versionsOf(row, of(row), asOf))
  if (added) {
    schedule = schedule.flatMap((row, at) => {
      const pick = choice(at, 3, 12)
      // A row that came into the plan later, or an amount that was added to one.
      if (pick === 0) return [{ ...row, added_on: addDays(asOf, [-30, -1, 0, 1, 20][choice(at, 4, 5)]!) }]
      if (pick === 1 && numbered) return [{ ...row, added_on: '' }, { ...row, added_on: addDays(asOf, [-30, -1, 0, 1, 20][choice(at, 5, 5)]!) }]
      return [{ ...row, added_on: '' }]
    })
  }
  if (statuses) schedule = schedule.map((row, at) => ({ ...row, status: ['', '', '', 'waived', 'deferred', 'paid'][choice(at, 6, 6)]! }))
  const loans = accelerated ? rows.loans.map((loan, at) => ({ ...loan, accelerated_on: choice(at, 7, 3) === 0 ? addDays(asOf, [-40, -1, 0, 1, 30][choice(at, 8, 5)]!) : '' })) : rows.loans
  return { ...rows, loans, schedule, ...(named ? { repayments: rows.repayments.map(naming) } : {}) }
}

function versionsOf(row: ScheduleRow, account: number, asOf: string): ScheduleRow[] {
  const first = { ...row, version: 'v1', valid_from: choice(account, 0, 8) === 0 ? addDays(asOf, -200 + choice(account, 9, 220)) : '' }
  if (choice(account, 1, 2) === 0) return [first]
  const [second, third] = [addDays(asOf, [-90, -31, -1, 0, 1, 40][choice(account, 2, 6)]!), addDays(asOf, [-20, 0, 60][choice(account, 10, 3)]!)]
  // What was not yet due when it was changed falls due two months later.
  const moved = (version: string, valid_from: string) => ({ ...row, version, valid_from, due_on: row.due_on >= valid_from ? addDays(row.due_on, 61) : row.due_on })
  return [first, moved('v2', second), ...(choice(account, 11, 3) === 0 ? [moved('v10', third)] : [])]
}
