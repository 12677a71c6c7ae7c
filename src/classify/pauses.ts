import { daysBetween } from '../engine/calls.ts'
import { relation, type Columns, type Relation } from '../engine/relation.ts'
import { name, sql, text, type Hole } from '../engine/sql.ts'

/** The pauses of each account: those that overlap or touch are one. `region`: the column of loans that holds it, where they have it. */
export function pausesOf(stated: Relation, loans: Relation, region: string | undefined): Relation {
  const by: readonly (readonly [kind: string, column: string | undefined])[] = [['account', 'account_id'], ['product', 'product'], ['region', region]]
  const named = by.flatMap(([kind, column]) => (column === undefined || !(column in loans.columns) ? [] : [sql`SELECT l.account_id, p.from_day, p.to_day FROM ${loans} l JOIN ${stated} p ON p."of" = ${text(kind)} AND p.value = CAST(l.${name(column)} AS VARCHAR)`]))
  return relation({
    name: 'pauses of accounts',
    says: 'Days on which the lateness of an account stands still, each day once, from the first that does not count to the first that does.',
    columns: { account_id: 'text', from_day: 'date', to_day: 'date' },
    kept: 'table',
    body: sql`
      SELECT account_id, min(from_day) AS from_day, max(to_day) AS to_day
      FROM (
        SELECT account_id, from_day, to_day, sum(CASE WHEN from_day <= reached THEN 0 ELSE 1 END) OVER (PARTITION BY account_id ORDER BY from_day, to_day ROWS UNBOUNDED PRECEDING) AS island
        FROM (
          SELECT account_id, from_day, to_day, max(to_day) OVER (PARTITION BY account_id ORDER BY from_day, to_day ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS reached
          FROM (${named.reduce((all, each) => sql`${all} UNION ALL ${each}`)}) AS named
        ) AS in_order
      ) AS islands
      GROUP BY account_id, island`,
  })
}

/**
 * Days that pauses take off. `of`: accounts that count days, with the day from which on pauses matter (`pauses_from`, blank: from their
 * beginning) and the day on which the count stands (`counts_until`).
 */
export function pausedDays(of: Relation, pauses: Relation, as = 'paused days'): Relation {
  const starts: Hole = sql`greatest(p.from_day, coalesce(a.pauses_from, p.from_day))`
  return relation({
    name: as,
    says: 'Days of each account that lie in a pause.',
    columns: { account_id: 'text', paused: 'int' },
    body: sql`
      SELECT a.account_id, sum(greatest(0, ${daysBetween(starts, sql`least(p.to_day, a.counts_until)`)})) AS paused
      FROM ${of} a
      JOIN ${pauses} p ON p.account_id = a.account_id
      WHERE a.days_counted > 0
      GROUP BY a.account_id`,
  })
}

/**
 * Days of pauses that are yet to pass before an account has counted `steps` more days from `base` on: a pause that begins before
 * they are counted is passed as a whole. `aimed`: account_id, base, steps, and pauses_from, from which on pauses are taken off (blank: all).
 */
export function pausedAhead(aimed: Relation, pauses: Relation): Relation {
  const from = sql`greatest(p.from_day, coalesce(a.pauses_from, p.from_day))`
  const columns: Columns = { account_id: 'text', days_ahead: 'int' }
  return relation({
    name: 'pauses ahead',
    says: 'Days of pauses that pass before the tier of an account would be worse.',
    columns,
    body: sql`
      SELECT account_id, sum(CASE WHEN begins - coalesce(passed, 0) < steps THEN days ELSE 0 END) AS days_ahead
      FROM (
        SELECT account_id, steps, begins, days, sum(days) OVER (PARTITION BY account_id ORDER BY begins ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS passed
        FROM (
          SELECT a.account_id, a.steps, ${daysBetween(sql`a.base`, from)} AS begins, ${daysBetween(from, sql`p.to_day`)} AS days
          FROM ${aimed} a
          JOIN ${pauses} p ON p.account_id = a.account_id
          WHERE a.base IS NOT NULL AND a.steps IS NOT NULL AND p.to_day > coalesce(a.pauses_from, p.from_day)
        ) AS begun
      ) AS before
      GROUP BY account_id`,
  })
}
