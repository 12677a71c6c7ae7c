import { relation, type Relation } from '../engine/relation.ts'
import { join, name, sql } from '../engine/sql.ts'
import type { Part } from '../read/inputs.ts'
import { inPart } from './in-parts.ts'
import { counts, type PaymentFacts } from './payments.ts'
import { revolving } from './state.ts'

/**
 * A part that covers only because the schedule has a column for it covers no more than the plan asks of it: what was paid beyond, such as
 * penalties that the plan does not hold, is `to_charges`. Of several payments the last ones go beyond. `revolve`: loans with a `method`.
 */
export function heldToPlan(came: Relation, instalments: Relation, facts: PaymentFacts, asOf: string, revolve: Relation | undefined): Relation {
  const columns = Object.keys(came.columns)
  const order = sql`PARTITION BY p.account_id ORDER BY p.paid_on, CASE WHEN p.kind = 'prepayment' THEN 1 ELSE 0 END, p.ordinal ROWS UNBOUNDED PRECEDING`
  const own = (part: Part) => name(`own ${part}`)
  const soFar = (part: Part) => name(`${part} so far`)
  const asked = (part: Part) => name(`${part} asked`)
  const beyond = (part: Part) => sql`(greatest(0, ${soFar(part)} - ${asked(part)}) - greatest(0, ${soFar(part)} - ${own(part)} - ${asked(part)}))`
  const all = join(facts.capped.map(beyond), sql` + `)
  const each = (one: (part: Part) => ReturnType<typeof sql>) => join(facts.capped.map(one), sql`, `)
  const changed: Readonly<Record<string, ReturnType<typeof sql>>> = {
    covers: sql`covers - (${all})`,
    to_charges: sql`to_charges + ${all}`,
    // A refund gives back what it says: what went beyond the plan comes back first.
    ...Object.fromEntries(facts.capped.map((part) => [`${part}_paid`, sql`abs(coalesce(${name(`${part}_paid`)}, 0)) + CASE WHEN covers < 0 THEN ${beyond(part)} ELSE -${beyond(part)} END`] as const)),
  }
  return relation({
    name: facts.prepayments ? 'payments held to the plan' : 'payments',
    says: came.says,
    columns: came.columns,
    body: sql`
      SELECT ${join(columns.map((column) => (changed[column] === undefined ? name(column) : sql`${changed[column]} AS ${name(column)}`)))}
      FROM (
        SELECT p.*, ${each((part) => sql`sum(p.${own(part)}) OVER (${order}) AS ${soFar(part)}, coalesce(d.${asked(part)}, 0) AS ${asked(part)}`)}
        FROM (SELECT *, ${each((part) => sql`CASE WHEN ${counts(asOf, facts)} THEN ${inPart(part, columns)} ELSE 0 END AS ${own(part)}`)} FROM ${came}) AS p
        LEFT JOIN (
          SELECT i.account_id, ${each((part) => sql`sum(i.${name(`${part}_due`)}) AS ${asked(part)}`)}
          FROM ${instalments} i
          ${revolve === undefined ? sql`` : sql`WHERE NOT EXISTS (SELECT 1 FROM ${revolve} l WHERE l.account_id = i.account_id AND ${revolving(sql`l.method`)})`}
          GROUP BY i.account_id
        ) AS d ON d.account_id = p.account_id
      ) AS told`,
  })
}
