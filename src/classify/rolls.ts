import { addDays } from '../engine/calls.ts'
import { relation, type Columns, type Relation } from '../engine/relation.ts'
import { date, int, join, name, nothing, sql, text } from '../engine/sql.ts'
import type { Settings } from '../settings/load.ts'
import { byProduct, whether } from './convention.ts'
import { pausedAhead } from './pauses.ts'

/**
 * `rolls_on` where due dates move or lateness stands still: the first day, as of its end, on which the tier would be worse if nothing
 * came. From where the count stands, so many days more are counted, and pauses that begin before are passed.
 */
export function rolled(tiered: Relation, settings: Settings, pauses: Relation | undefined): Relation {
  const { as_of, tiers, conventions } = settings
  const asOf = date(as_of)
  const late = tiers.map(({ name: tier, to }) => sql`WHEN tier = ${text(tier)} THEN ${to === null ? nothing('int') : sql`${int(to + 1)} - days_past_due`}`)
  const notLate = sql`tier IN ('current', 'preventive', 'due_now')`
  // Grace behind the first day that counts; what an amount decides has no day.
  const first = byProduct(conventions, ({ grace_days, count_from, months }) => (months === 'none' ? sql`${int(grace_days + (count_from === 'due_date' ? 0 : 1))}` : sql`${nothing('int')}`))
  const byDays = whether(conventions, ({ months }) => months === 'none')
  const unmoved = byProduct(conventions, ({ count_from }) => sql`${int(count_from === 'due_date' ? 0 : 1)}`)
  const whole = whether(conventions, ({ pause_span }) => pause_span === 'whole')
  const aimed = relation({
    name: 'aimed at',
    says: 'From which day on how many days must count until the tier is worse.',
    columns: { account_id: 'text', base: 'date', steps: 'int', pauses_from: 'date' },
    body: sql`
      SELECT account_id, CASE WHEN ${notLate} THEN counts_from ELSE ${asOf} END AS base,
             CASE WHEN NOT ${byDays} THEN NULL ${join(late, sql` `)} WHEN ${notLate} AND coalesce(late_reason_waived IN ('grace', 'pause', 'business_day'), TRUE) THEN ${first} END AS steps,
             CASE WHEN NOT ${notLate} THEN ${asOf} WHEN NOT ${whole} THEN counts_from END AS pauses_from
      FROM ${tiered}`,
  })
  const columns: Columns = { ...tiered.columns, rolls_on: 'date' }
  return relation({
    name: 'rolled',
    says: 'Each account with the day on which its tier would be worse if nothing came.',
    columns,
    body: sql`
      SELECT ${join(Object.keys(tiered.columns).map((column) => sql`t.${name(column)}`))},
             CASE WHEN a.base IS NULL OR a.steps IS NULL THEN NULL ELSE greatest(${addDays(sql`a.base`, pauses === undefined ? sql`a.steps` : sql`(a.steps + coalesce(h.days_ahead, 0))`)}, CASE WHEN ${notLate} THEN ${addDays(sql`t.moved_on`, unmoved)} ELSE a.base END) END AS rolls_on
      FROM ${tiered} t
      JOIN ${aimed} a ON a.account_id = t.account_id${pauses === undefined ? sql`` : sql`
      LEFT JOIN ${pausedAhead(aimed, pauses)} h ON h.account_id = t.account_id`}`,
  })
}
