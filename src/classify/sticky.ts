import { addDays, daysBetween } from '../engine/calls.ts'
import { relation, type Relation } from '../engine/relation.ts'
import { date, int, name, nothing, sql, text, type Sql } from '../engine/sql.ts'
import type { Conventions } from '../settings/convention-fields.ts'
import type { Settings } from '../settings/load.ts'
import { byProduct, isDefault } from './convention.ts'
import { butUntold } from './untold.ts'

/** Days late from which on the tier is reached. */
function reachedFrom({ tiers }: Pick<Settings, 'tiers'>, { sticky, count_from, grace_days, grace_counting }: Conventions): number {
  const edge = tiers.find((tier) => tier.name === sticky!.from)!.from
  const counted = grace_counting === 'after_grace' ? edge + grace_days : Math.max(edge, grace_days + 1)
  return counted - (count_from === 'due_date' ? 1 : 0)
}

/** Days without arrears that end the memory: one, or those of the probation. */
const forgottenAfter = ({ sticky }: Conventions) => (sticky!.until === 'probation' ? sticky!.probation_days : 1)

/**
 * Accounts that have reached a tier that remembers, and whose arrears have not been nil since (or not long enough): the tier stays, whatever
 * their days (RBI, 12 November 2021: an NPA is upgraded only when all arrears are paid). `class_since`: the day on which it was reached.
 * `untold`: accounts whose past is not told, which go by their days.
 */
export function remembered(late: Relation, standing: Relation, settings: Settings, untold: readonly Relation[]): Relation {
  const own = (of: (one: Conventions) => Sql) => byProduct(settings.conventions, (one) => (one.sticky === undefined || whyNoMemory(one).length > 0 ? sql`${nothing('int')}` : of(one)), sql`s.product`)
  const threshold = own((one) => sql`${int(reachedFrom(settings, one))}`)
  const keeps = own((one) => sql`${int(forgottenAfter(one))}`)
  // Where the due date itself counts, an instalment that is open at its end is in arrears on that day.
  const early = own(({ count_from }) => sql`${int(count_from === 'due_date' ? 1 : 0)}`)
  return relation({
    name: 'remembered',
    says: 'Accounts that stay in a tier which they once reached, and since when.',
    columns: { account_id: 'text', class_since: 'date' },
    kept: 'table',
    body: sql`
      SELECT account_id, min(reached_on) AS class_since
      FROM (
        SELECT *, sum(begins) OVER (PARTITION BY account_id ORDER BY starts ROWS UNBOUNDED PRECEDING) AS episode
        FROM (
          SELECT *, CASE WHEN ${daysBetween(sql`lag(ends) OVER (PARTITION BY account_id ORDER BY starts)`, sql`starts`)} - 1 < keeps THEN 0 ELSE 1 END AS begins,
                 CASE WHEN ${daysBetween(sql`first_open_on`, sql`ends`)} >= threshold THEN greatest(starts, ${addDays(sql`first_open_on`, sql`threshold`)}) END AS reached_on
          FROM (
            SELECT l.account_id, l.first_open_on, greatest(l.from_day, ${addDays(sql`l.first_open_on`, sql`1 - (${early})`)}) AS starts, l.ends, ${threshold} AS threshold, ${keeps} AS keeps
            FROM ${late} l
            JOIN ${standing} s ON s.account_id = l.account_id
            WHERE s.plan_now = 'stands'${butUntold(untold, sql`l.account_id`)}
          ) AS arrears
          WHERE keeps IS NOT NULL AND ends >= starts
        ) AS marked
      ) AS numbered
      GROUP BY account_id, episode
      HAVING min(reached_on) IS NOT NULL AND ${addDays(sql`max(ends)`, sql`max(keeps)`)} > ${date(settings.as_of)}`,
  })
}

/** What the past of days late leaves out: where it decides which tier was reached, no tier can be said to stay. */
export const whyNoMemory = (one: Conventions): string[] =>
  (['materiality', 'months', 'business_days', 'full_payment', 'ages', 'frozen_statuses'] as const).filter((field) => !isDefault({ book: one, products: {} }, field)).map((field) => `${field} of each day of the past is not looked at`)

/** The tier that stays, where it is worse than that of the days. `count`: what tiers go by. */
export function stays(settings: Settings, count: Sql | ReturnType<typeof name>): Sql {
  const own = (of: (one: Conventions) => Sql) => byProduct(settings.conventions, (one) => (one.sticky === undefined ? sql`NULL` : of(one)))
  return sql`WHEN class_since IS NOT NULL AND ${count} < ${own(({ sticky }) => sql`${int(settings.tiers.find((tier) => tier.name === sticky!.from)!.from)}`)} THEN ${own(({ sticky }) => sql`${text(sticky!.from)}`)}`
}
