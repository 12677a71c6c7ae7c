import { relation, type Relation } from '../engine/relation.ts'
import { sql } from '../engine/sql.ts'
import { counts, type PaymentFacts } from './payments.ts'

/**
 * What stands of each payment at the end of `asOf`, one after the other. Money given back without a word to which payment it belongs
 * is taken from what came last; beyond that it is owed back, and the next money makes good for it: so of a payment stands what no
 * later balance falls below.
 */
export function moves(paid: Relation, of: Relation, facts: PaymentFacts, asOf: string, as: string): Relation {
  const order = sql`PARTITION BY account_id ORDER BY paid_on, ordinal`
  const standing = sql`
    SELECT account_id, ordinal, paid_on, instalment_no, greatest(0, low) - greatest(0, least(so_far - covers, low)) AS amount
    FROM (
      SELECT *, min(so_far) OVER (${order} ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS low
      FROM (
        SELECT p.account_id, p.ordinal, p.paid_on, p.instalment_no, p.covers, sum(p.covers) OVER (PARTITION BY p.account_id ORDER BY p.paid_on, p.ordinal ROWS UNBOUNDED PRECEDING) AS so_far
        FROM ${paid} p
        JOIN ${of} a ON a.account_id = p.account_id
        WHERE ${counts(asOf, facts)} AND p.covers <> 0
      ) AS summed
    ) AS lowest`
  return relation({
    name: as,
    says: `What stands of each payment at the end of ${asOf}, one after the other.`,
    columns: { account_id: 'text', turn: 'int', paid_on: 'date', instalment_no: 'int', amount: 'money' },
    kept: 'table',
    body: sql`SELECT account_id, row_number() OVER (${order}) AS turn, paid_on, instalment_no, amount FROM (${standing}) AS standing WHERE amount > 0`,
  })
}
