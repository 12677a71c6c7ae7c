import { relation, type Relation } from '../engine/relation.ts'
import { join, name, sql, type } from '../engine/sql.ts'
import { counts, type PaymentFacts } from './payments.ts'
import { revolving } from './state.ts'

/**
 * A prepayment covers only what was due on its own day and not covered by the money before it; the rest lowers principal and
 * is no advance. Money of the same day that is no prepayment goes first. `came`: payments whose prepayments are whole yet.
 * `revolve`: loans with a `method`: instalments of a revolving product ask nothing.
 */
export function prepaid(came: Relation, instalments: Relation, facts: PaymentFacts, asOf: string, revolve?: Relation): Relation {
  const prepayment = sql`kind = 'prepayment'`
  const order = sql`PARTITION BY account_id ORDER BY paid_on, CASE WHEN ${prepayment} THEN 1 ELSE 0 END, ordinal ROWS UNBOUNDED PRECEDING`
  const asks = revolve === undefined ? sql`` : sql` AND NOT EXISTS (SELECT 1 FROM ${revolve} l WHERE l.account_id = t.account_id AND ${revolving(sql`l.method`)})`
  const theirs = relation({
    name: 'prepayments',
    says: 'Prepayments that count, each with the money before it that is none.',
    columns: { ordinal: 'bigint', account_id: 'text', paid_on: 'date', covers: 'money', before: 'money', nth: 'int' },
    kept: 'table',
    body: sql`
      SELECT ordinal, account_id, paid_on, covers, before, row_number() OVER (PARTITION BY account_id ORDER BY paid_on, ordinal) AS nth
      FROM (
        SELECT ordinal, account_id, paid_on, kind, covers, sum(CASE WHEN ${prepayment} THEN 0 ELSE covers END) OVER (${order}) AS before
        FROM ${came} p
        WHERE ${counts(asOf, facts)} AND EXISTS (SELECT 1 FROM ${came} x WHERE x.account_id = p.account_id AND x.kind = 'prepayment')
      ) AS walked
      WHERE ${prepayment}`,
  })
  const open = relation({
    name: 'due before prepayments',
    says: 'Prepayments with what was due that day and left open by other money.',
    columns: { ordinal: 'bigint', account_id: 'text', nth: 'int', covers: 'money', open: 'money' },
    kept: 'table',
    body: sql`
      SELECT p.ordinal, p.account_id, p.nth, p.covers, coalesce(d.due, 0) - p.before AS open
      FROM ${theirs} p
      LEFT JOIN (SELECT t.ordinal, sum(i.amount_due) AS due FROM ${theirs} t JOIN ${instalments} i ON i.account_id = t.account_id AND i.due_on <= t.paid_on${asks} GROUP BY t.ordinal) AS d ON d.ordinal = p.ordinal`,
  })
  const split = relation({
    name: 'prepayments split',
    says: 'What each prepayment covers, one after the other: what one has covered is no longer open to the next.',
    columns: { ordinal: 'bigint', covers: 'money' },
    kept: 'table',
    body: sql`
      WITH RECURSIVE walked (ordinal, account_id, nth, covers, so_far) AS (
        SELECT ordinal, account_id, nth, greatest(0, least(covers, open)), CAST(greatest(0, least(covers, open)) AS ${type('money')}) FROM ${open} WHERE nth = 1
        UNION ALL
        SELECT o.ordinal, o.account_id, o.nth, greatest(0, least(o.covers, o.open - w.so_far)), CAST(w.so_far + greatest(0, least(o.covers, o.open - w.so_far)) AS ${type('money')})
        FROM walked w
        JOIN ${open} o ON o.account_id = w.account_id AND o.nth = w.nth + 1
      )
      SELECT ordinal, covers FROM walked`,
  })
  const kept = Object.keys(came.columns).filter((column) => column !== 'covers' && column !== 'to_principal')
  return relation({
    name: 'payments',
    says: came.says,
    columns: came.columns,
    body: sql`
      SELECT ${join(kept.map((column) => sql`p.${name(column)}`))}, coalesce(s.covers, p.covers) AS covers, p.covers - coalesce(s.covers, p.covers) AS to_principal
      FROM ${came} p
      LEFT JOIN ${split} s ON s.ordinal = p.ordinal`,
  })
}
