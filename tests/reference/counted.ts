import type { Conventions } from './conventions.ts'
import type { Instalment } from './plan.ts'
import { excused, open } from './plan.ts'
import { addDays, addMonths, dayNumber, daysBetween, money, weekday } from './rows.ts'

/** What counting needs to know of one account beside its plan. */
export interface Surroundings {
  asOf: string
  scale: number
  /** The day on which the count stops, where a state stops it before. */
  until: string
  /** How late the last payment was of a plan that is paid to its end. */
  daysAtPayoff: number
  /** The day to which a due date is moved, by the account's holidays. */
  moved: (day: string) => string
  /** Days of the account's pauses in force, each half open. */
  pauses: readonly { from: string; to: string }[]
  /** Whether what was overdue at the end of a day was too little to count. */
  immaterial: (day: string) => boolean
}

type Waived = 'ages' | 'tolerance' | 'grace' | 'materiality' | 'pause' | 'business_day' | 'months'

export interface Counted {
  days: number
  /** Whole months, by MBA or OTS. */
  months: number
  waived: Waived | null
}

/**
 * Days past due under the conventions, from the oldest instalment that is open. One thing after the other: the moved due date,
 * the first day counted, less paused days, grace, materiality, months.
 */
export function countedDays(plan: readonly Instalment[], conventions: Conventions, { asOf, scale, until, daysAtPayoff, moved, pauses, immaterial }: Surroundings): Counted {
  if (!plan.some((one) => open(one) > 0n)) return { days: conventions.after_payoff === 'frozen' ? daysAtPayoff : 0, months: 0, waived: null }
  const late = (one: Instalment) => open(one) > 0n && excused(one, conventions, scale) === undefined
  const first = plan.find(late)
  const none = (waived: Waived | null): Counted => ({ days: 0, months: 0, waived })
  // Late by what may be missing, or by parts that do not age.
  const rest = plan.filter((one) => one.dueOn < asOf && open(one) > 0n && !late(one)).map((one) => excused(one, conventions, scale))
  const lateByRest = rest.length === 0 ? null : rest.includes('tolerance') ? 'tolerance' : 'ages'
  if (first === undefined) return none(lateByRest)
  const dueOn = moved(first.dueOn)
  const dueDayCounts = conventions.count_from === 'due_date' ? 1 : 0
  if (daysBetween(dueOn, asOf) + dueDayCounts <= 0) return none(daysBetween(first.dueOn, asOf) + dueDayCounts > 0 ? 'business_day' : lateByRest)
  const from = conventions.business_days_counting === 'original' ? first.dueOn : dueOn
  let days = Math.max(0, daysBetween(from, until) + dueDayCounts)
  const counted = days
  days -= pausedDays(pauses, conventions.pause_span === 'whole' ? '1900-01-01' : from, until)
  if (days <= 0) return none(counted > 0 ? 'pause' : null)
  if (days <= conventions.grace_days) return none('grace')
  if (conventions.grace_counting === 'after_grace') days -= conventions.grace_days
  let begun = from
  if (conventions.materiality !== undefined) {
    if (immaterial(asOf)) return none('materiality')
    if (conventions.materiality.counting === 'since_material') {
      // The days, back from as_of, at whose end it was material; the first of them is a day from the one before.
      let since = asOf
      while (daysBetween(from, since) + dueDayCounts > 1 && !immaterial(addDays(since, -1))) since = addDays(since, -1)
      begun = dueDayCounts === 1 ? since : addDays(since, -1)
      days = Math.min(days, Math.max(0, daysBetween(since, until) + 1 - pausedDays(pauses, begun, until)))
      if (days === 0) return none(daysBetween(since, until) < 0 ? 'materiality' : 'pause')
    }
  }
  const monthsFrom = begun > from ? begun : from
  let months = 0
  while (addDays(addMonths(monthsFrom, months + 1), conventions.months === 'mba' ? -1 : 0) <= until) months++
  return { days, months, waived: conventions.months !== 'none' && months === 0 ? 'months' : null }
}

/** Days from `from` to `to` that lie in a pause, each day once. */
function pausedDays(pauses: readonly { from: string; to: string }[], from: string, to: string): number {
  const days = new Set<number>()
  const [first, last] = [dayNumber(from), dayNumber(to)]
  for (const pause of pauses) for (let day = Math.max(dayNumber(pause.from), first); day < Math.min(dayNumber(pause.to), last); day++) days.add(day)
  return days.size
}

/** Too little to count: up to the thresholds, exceeded both or one of them as stated. A share of a principal that is not known counts as exceeded. */
export function isImmaterial(materiality: Conventions['materiality'], overdue: bigint, principal: bigint | null, currency: string, scale: number): boolean {
  if (materiality === undefined) return false
  // Where amounts are stated, a currency without one has 0.
  const absolute = materiality.absolute === undefined || Object.keys(materiality.absolute).length === 0 ? undefined : (materiality.absolute[currency] ?? '0')
  const exceeded: boolean[] = []
  if (absolute !== undefined) exceeded.push(overdue > money(absolute, scale))
  // A share has at most six decimals here.
  if (materiality.relative !== undefined) exceeded.push(principal === null || overdue * 1_000_000n > principal * BigInt(Math.round(materiality.relative * 1_000_000)))
  if (exceeded.length === 0) return false
  return materiality.exceed === 'either' ? !exceeded.includes(true) : exceeded.includes(false)
}

/** The next or previous day of business, seen from a due date; the due date itself where it is one. `holidays`: kinds by day. */
export function movedDay(day: string, business_days: Conventions['business_days'], holidays: ReadonlyMap<string, string>): string {
  if (business_days === 'kept') return day
  const works = (one: string) => holidays.get(one) === 'workday' || (weekday(one) < 6 && holidays.get(one) === undefined)
  let to = day
  while (!works(to)) to = addDays(to, business_days === 'next' ? 1 : -1)
  return to
}
