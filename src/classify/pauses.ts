import { daysBetween } from '../engine/calls.ts'
import { relation, type Relation } from '../engine/relation.ts'
import { nothing, sql, text, type Name, type Sql } from '../engine/sql.ts'

/**
 * Days that pauses take off, each day once however many pauses hold it. `of`: accounts that count days, with the day from which on
 * pauses matter (`pauses_from`, blank: from their beginning) and the day on which the count stands (`counts_until`).
 */
export function pausedDays(of: Relation, pauses: Relation, region: Name | undefined): Relation {
  const product = 'product' in of.columns ? sql`a.product` : sql`${nothing('text')}`
  const by = (kind: string, value: Sql) => sql`SELECT a.account_id, a.pauses_from, a.counts_until, p.from_day, p.to_day FROM ${of} a JOIN ${pauses} p ON p."of" = ${text(kind)} AND p.value = ${value} WHERE a.days_counted > 0`
  const named = [by('account', sql`a.account_id`), by('product', product), ...(region === undefined ? [] : [by('region', sql`a.${region}`)])]
  return relation({
    name: 'paused days',
    says: 'Days of each account that lie in a pause, each day once.',
    columns: { account_id: 'text', paused: 'int' },
    kept: 'table',
    body: sql`
      SELECT account_id, sum(greatest(0, ${daysBetween(sql`greatest(starts, coalesce(ended, starts))`, sql`ends`)})) AS paused
      FROM (
        SELECT account_id, starts, ends, max(ends) OVER (PARTITION BY account_id ORDER BY starts, ends ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS ended
        FROM (
          SELECT account_id, greatest(from_day, coalesce(pauses_from, from_day)) AS starts, least(to_day, counts_until) AS ends
          FROM (${named.reduce((all, each) => sql`${all} UNION ALL ${each}`)}) AS named
        ) AS clipped
        WHERE ends > starts
      ) AS ordered
      GROUP BY account_id`,
  })
}
