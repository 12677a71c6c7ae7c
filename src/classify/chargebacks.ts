import { relation, type Columns, type Relation } from '../engine/relation.ts'
import { bigint, join, name, nothing, sql, type Sql } from '../engine/sql.ts'
import type { Settings } from '../settings/load.ts'
import type { Reversals } from '../validate/reversals.ts'
import type { PlanFacts } from './in-force.ts'
import { brings, counts, type PaymentFacts } from './payments.ts'
import { isDueAnew } from './ways.ts'

/** Rows of the plan that a chargeback made: their ordinals lie from here down, by the place of the chargeback among the repayments. */
export const chargedBackFrom = -1_099_511_627_776

interface Given {
  readonly inForce: Relation
  readonly loans: Relation
  readonly came: Relation
  readonly reversals: Reversals
  readonly facts: PaymentFacts
  readonly settings: Pick<Settings, 'as_of' | 'conventions'>
}

/**
 * The plan in force with what was charged back: each amount is an instalment of its own, due on the day of the chargeback and part of
 * the plan from then on. Its number follows the last of the plan; all of it is principal, for no row says otherwise.
 */
export function withChargebacks({ inForce, loans, came, reversals, facts, settings: { as_of, conventions } }: Given): Relation {
  const columns: Columns = { ...inForce.columns, added_on: 'date' }
  const value: Readonly<Record<string, Sql>> = {
    ordinal: sql`${bigint(chargedBackFrom)} - c.ordinal`,
    account_id: sql`c.account_id`,
    instalment_no: sql`s.last_no + row_number() OVER (PARTITION BY c.account_id ORDER BY c.paid_on, c.ordinal)`,
    due_on: sql`c.paid_on`,
    amount_due: sql`c.amount`,
    principal_due: sql`c.amount`,
    added_on: sql`c.paid_on`,
  }
  const own = (column: string) => (column in inForce.columns ? name(column) : sql`${nothing(columns[column]!)} AS ${name(column)}`)
  return relation({
    name: 'schedule with chargebacks',
    says: `The plan in force on ${as_of}, and what chargebacks made due anew.`,
    columns,
    body: sql`
      SELECT ${join(Object.keys(columns).map(own))} FROM ${inForce}
      UNION ALL
      SELECT ${join(Object.entries(columns).map(([column, of]) => sql`${value[column] ?? nothing(of)} AS ${name(column)}`))}
      FROM (
        SELECT n.ordinal, n.account_id, n.paid_on, n.amount, n.reverses
        FROM ${reversals.named} n
        JOIN ${loans} l ON l.account_id = n.account_id
        WHERE ${isDueAnew(conventions, sql`n.kind`, sql`l.product`)} AND NOT EXISTS (SELECT 1 FROM ${reversals.impossible} i WHERE i.ordinal = n.ordinal)
          AND EXISTS (SELECT 1 FROM ${came} c WHERE c.ordinal = n.ordinal AND ${counts(as_of, facts)})
      ) AS c
      JOIN (SELECT account_id, coalesce(max(instalment_no), 0) AS last_no FROM ${inForce} GROUP BY account_id) AS s ON s.account_id = c.account_id
      WHERE EXISTS (SELECT 1 FROM ${came} p WHERE p.payment_id = c.reverses AND p.account_id = c.account_id AND ${brings(facts)} AND ${counts(as_of, facts)})`,
  })
}

/** What is known of plans once chargebacks stand in them. */
export const withChargebackRows = (plans: PlanFacts): PlanFacts => ({ ...plans, filled: new Set(['amount_due'].filter((one) => plans.filled.has(one))), added: true, chargedBack: true, has: (column) => column === 'added_on' || column === 'amount_due' || plans.has(column) })
