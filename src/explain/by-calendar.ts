import type { Row } from '../engine/engine.ts'
import { plusDays } from '../settings/as-of.ts'
import { isBusinessDay } from '../settings/business-days.ts'
import type { Settings } from '../settings/load.ts'

/** What the calendar and pauses make of an instalment that is open. */
export interface ByCalendar {
  /** The due date as moved to a business day. */
  readonly due_moved_on: string
  /** Days of pauses that are taken off. */
  readonly days_paused: number
  /** Days past due of it alone, from where its count begins, less pauses; grace and materiality are the account's. */
  readonly days_past_due: number
}

/** Of the instalments of an account by their due dates; none where no due date moves and no pause is given. */
export function byCalendar(account: Row | undefined, { tables, conventions, region, as_of }: Settings): ((due: string) => ByCalendar) | undefined {
  if (account === undefined) return undefined
  const own = conventions.products[String(account.product)] ?? conventions.book
  if (own.business_days === 'kept' && tables.pauses.length === 0) return undefined
  const ownRegion = account[region]
  const holidays = tables.holidays.filter((one) => one.region === '' || one.region === ownRegion)
  const pauses = tables.pauses.filter((pause) => pause.account_id === account.account_id || (pause.product !== '' && pause.product === account.product) || (pause.region !== '' && pause.region === ownRegion)).sort((a, b) => (a.from < b.from ? -1 : 1))
  const first = own.count_from === 'due_date' ? 1 : 0
  return (due) => {
    let moved = due
    if (own.business_days !== 'kept') while (!isBusinessDay(moved, holidays)) moved = plusDays(moved, own.business_days === 'next' ? 1 : -1)
    const from = own.business_days_counting === 'original' ? due : moved
    const started = daysBetween(moved, as_of) + first > 0 ? Math.max(0, daysBetween(from, as_of) + first) : 0
    const paused = Math.min(started, pausedDays(pauses, own.pause_span === 'whole' ? '' : from, as_of))
    return { due_moved_on: moved, days_paused: paused, days_past_due: started - paused }
  }
}

const daysBetween = (from: string, to: string) => (Date.parse(to) - Date.parse(from)) / 86_400_000

/** Each day once. `pauses`: by the day on which they begin. */
function pausedDays(pauses: readonly { readonly from: string; readonly to: string }[], since: string, until: string): number {
  let [days, counted] = [0, since]
  for (const { from, to } of pauses) {
    const starts = from > counted ? from : counted
    const ends = to < until ? to : until
    if (ends <= starts) continue
    days += daysBetween(starts, ends)
    counted = ends
  }
  return days
}
