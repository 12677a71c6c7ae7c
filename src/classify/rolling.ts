import { addDays, daysBetween } from '../engine/calls.ts'
import { date, int, join, nothing, sql, text, type Hole, type Sql } from '../engine/sql.ts'
import type { Conventions } from '../settings/convention-fields.ts'
import type { Settings } from '../settings/load.ts'
import { byProduct, isDefault, whether } from './convention.ts'

/**
 * `rolls_on`: the first day, as of its end, on which the account would stand in a worse tier if nothing came; `days_to_roll` from
 * `work_on`. Blank in the last tier, for accounts that are not aged, and where a convention leaves the day open (months, an amount
 * that is not material). `known`: it is a column already, since due dates move or pauses are given (`rolls.ts`).
 */
export function rolling(settings: Settings, known: boolean): { readonly rolls_on?: Hole; readonly days_to_roll: Hole } {
  if (known) return { days_to_roll: daysBetween(date(settings.work_on), sql`rolls_on`) }
  const on = rollsOn(settings)
  return { rolls_on: on, days_to_roll: daysBetween(date(settings.work_on), sql`(${on})`) }
}

function rollsOn({ as_of, tiers, conventions }: Settings): Sql {
  const ordered = [...tiers].sort((a, b) => a.from - b.from)
  const late = ordered.map(({ name, to }) => sql`WHEN tier = ${text(name)} THEN ${to === null ? nothing('date') : addDays(date(as_of), sql`(${int(to + 1)} - days_past_due)`)}`)
  // What will be overdue on the next due date may be too small to count.
  const ownAmounts = whether(conventions, ({ materiality }) => materiality === undefined)
  const first = byProduct(conventions, (one) => firstDayPastDue(one), sql`product`)
  const waived = isDefault(conventions, 'materiality', 'months') ? first : sql`CASE WHEN ${ownAmounts} AND (late_reason_waived IS NULL OR late_reason_waived = 'grace') THEN ${first} END`
  const daysOnly = whether(conventions, ({ months }) => months === 'none')
  return sql`CASE ${isDefault(conventions, 'months') ? sql`` : sql`WHEN NOT ${daysOnly} THEN NULL `}${join(late, sql` `)} WHEN tier IN ('current', 'preventive', 'due_now') THEN ${waived} END`
}

/** Of an account that is not past due: grace behind its first open due date, which is that of the oldest overdue or the next instalment. */
const firstDayPastDue = ({ grace_days, count_from }: Conventions): Sql => sql`${addDays(sql`coalesce(oldest_unpaid_due_on, next_due_on)`, int(grace_days + (count_from === 'due_date' ? 0 : 1)))}`
