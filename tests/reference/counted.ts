import type { Conventions } from './conventions.ts'
import type { Instalment } from './plan.ts'
import { open } from './plan.ts'
import { addDays, addMonths, daysBetween, money } from './rows.ts'

/** What counting needs to know of one account beside its plan. */
export interface Surroundings {
  asOf: string
  /** The day to which a due date is moved, by the account's holidays. */
  moved: (day: string) => string
  /** Days of the account's pauses in force, each half open. */
  pauses: readonly { from: string; to: string }[]
  /** Whether what was overdue at the end of a day was too little to count. */
  immaterial: (day: string) => boolean
}

export type Waived = 'grace' | 'materiality' | 'pause' | 'business_day'

/**
 * Days past due under the conventions, from the oldest instalment that is open. One thing after the other: the moved due date,
 * the first day counted, less paused days, grace, materiality, months.
 */
export function countedDays(plan: readonly Instalment[], conventions: Conventions, { asOf, moved, pauses, immaterial }: Surroundings): { days: number; waived: Waived | null } {
  const first = plan.find((one) => open(one) > 0n)
  if (first === undefined) return { days: 0, waived: null }
  const dueOn = moved(first.dueOn)
  const dueDayCounts = conventions.count_from === 'due_date' ? 1 : 0
  if (daysBetween(dueOn, asOf) + dueDayCounts <= 0) return { days: 0, waived: daysBetween(first.dueOn, asOf) + dueDayCounts > 0 ? 'business_day' : null }
  const from = conventions.business_days_counting === 'original' ? first.dueOn : dueOn
  let days = Math.max(0, daysBetween(from, asOf) + dueDayCounts)
  days -= pausedDays(pauses, conventions.pause_span === 'whole' ? '0000-01-01' : from, asOf)
  if (days <= 0) return { days: 0, waived: 'pause' }
  if (days <= conventions.grace_days) return { days: 0, waived: 'grace' }
  if (conventions.grace_counting === 'after_grace') days -= conventions.grace_days
  if (conventions.materiality !== undefined) {
    if (immaterial(asOf)) return { days: 0, waived: 'materiality' }
    if (conventions.materiality.counting === 'since_material') {
      let run = 0
      while (run < days && !immaterial(addDays(asOf, -run))) run++
      days = run
    }
  }
  if (conventions.months !== 'none') {
    let months = 0
    while (addDays(addMonths(from, months + 1), conventions.months === 'mba' ? -1 : 0) <= asOf) months++
    days = months
  }
  return { days, waived: null }
}

/** Days from `from` to `to` that lie in a pause, each day once. */
function pausedDays(pauses: readonly { from: string; to: string }[], from: string, to: string): number {
  const days = new Set<string>()
  for (const pause of pauses) for (let day = pause.from > from ? pause.from : from; day < pause.to && day < to; day = addDays(day, 1)) days.add(day)
  return days.size
}

/** Too little to count: up to the thresholds, exceeded both or one of them as stated. A share of a principal that is not known is no measure. */
export function isImmaterial(materiality: Conventions['materiality'], overdue: bigint, principal: bigint | null, currency: string, scale: number): boolean {
  if (materiality === undefined) return false
  const absolute = materiality.absolute?.[currency]
  const exceeded: boolean[] = []
  if (absolute !== undefined) exceeded.push(overdue > money(absolute, scale))
  // A share has at most six decimals here.
  if (materiality.relative !== undefined && principal !== null) exceeded.push(overdue * 1_000_000n > principal * BigInt(Math.round(materiality.relative * 1_000_000)))
  if (exceeded.length === 0) return false
  return materiality.exceed === 'either' ? !exceeded.includes(true) : exceeded.includes(false)
}
