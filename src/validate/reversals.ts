import { relation, type Relation } from '../engine/relation.ts'
import { int, join, sql, type Hole } from '../engine/sql.ts'
import type { ReadInput } from '../read/read.ts'
import { numberOf } from './checks.ts'

export interface Reversals {
  /** Rows that name the payment that they take back. */
  readonly named: Relation
  /** The rows of payments so named; `before` is the sum of the rows of the same payment that stand ahead. */
  readonly targets: Relation
  readonly impossible: Relation
}

/**
 * Rows that take a payment back, and those that cannot: it is not in the file, is another account's, later, or smaller.
 * `found`: what earlier checks rejected. A payment is its id and account: one receipt may pay for two accounts.
 */
export function reversalsOf(read: ReadInput, rows: Relation, found: readonly Relation[]): Reversals | undefined {
  const has = (column: string) => read.columns.some((one) => one.name === column && one.role === 'used')
  if (!has('reverses')) return undefined
  const soundly = (ordinal: Hole) => join(found.map((each) => sql`NOT EXISTS (SELECT 1 FROM ${each} x WHERE x.ordinal = ${ordinal})`), sql` AND `)
  const named = relation({
    name: 'reversals named',
    says: 'Rows that take back a payment by its id.',
    columns: { ordinal: 'bigint', payment_id: 'text', account_id: 'text', paid_on: 'date', amount: 'money', reverses: 'text', kind: 'text', status: 'text', reversed_on: 'date' },
    kept: 'table',
    body: sql`
      SELECT ordinal, payment_id, account_id, paid_on, abs(amount) AS amount, reverses, kind, status, reversed_on
      FROM ${rows} r
      WHERE reverses IS NOT NULL AND kind IN ('undo', 'chargeback', 'refund') AND ${soundly(sql`r.ordinal`)}`,
  })
  const ids = relation({
    name: 'payment ids taken back',
    says: 'Ids that reversals name.',
    columns: { payment_id: 'text' },
    kept: 'table',
    body: sql`SELECT DISTINCT reverses AS payment_id FROM ${named}`,
  })
  // Few rows are looked up among many, and only then held against the quarantine.
  const candidates = relation({
    name: 'rows with ids taken back',
    says: 'Rows that bear an id which a reversal names.',
    columns: { payment_id: 'text', account_id: 'text', ordinal: 'bigint', paid_on: 'date', amount: 'money', kind: 'text' },
    kept: 'table',
    body: sql`SELECT p.payment_id, p.account_id, p.ordinal, p.paid_on, p.amount, p.kind FROM ${rows} p JOIN ${ids} i ON i.payment_id = p.payment_id`,
  })
  const targets = relation({
    name: 'payments taken back',
    says: 'Rows of payments that a reversal names; the rows of one payment add up.',
    columns: { payment_id: 'text', account_id: 'text', ordinal: 'bigint', paid_on: 'date', amount: 'money', kind: 'text', before: 'money' },
    kept: 'table',
    body: sql`
      SELECT p.payment_id, p.account_id, p.ordinal, p.paid_on, p.amount, p.kind,
             sum(p.amount) OVER (PARTITION BY p.payment_id, p.account_id ORDER BY p.ordinal ROWS UNBOUNDED PRECEDING) - p.amount AS before
      FROM ${candidates} p
      WHERE p.kind NOT IN ('undo', 'chargeback', 'refund') AND ${soundly(sql`p.ordinal`)}`,
  })
  const beyond = int(numberOf('reversal-beyond-payment'))
  // One that could not stand alone uses nothing up of what the others may take.
  const takenSoFar = sql`sum(CASE WHEN own_reason IS NULL AND status = 'settled' THEN amount ELSE 0 END) OVER (PARTITION BY reverses, account_id ORDER BY paid_on, payment_id NULLS LAST, ordinal ROWS UNBOUNDED PRECEDING)`
  const impossible = relation({
    name: 'impossible reversals',
    says: 'Reversals that name a payment which is missing, of another account, later, or smaller than what is taken back.',
    columns: { ordinal: 'bigint', reason: 'int' },
    kept: 'table',
    body: sql`
      SELECT ordinal, reason
      FROM (
        SELECT ordinal, CASE WHEN own_reason IS NULL AND status = 'settled' AND ${takenSoFar} > paid THEN ${beyond} ELSE own_reason END AS reason
        FROM (
          SELECT r.ordinal, r.payment_id, r.account_id, r.paid_on, r.amount, r.reverses, r.status, t.amount AS paid,
                 CASE WHEN k.payment_id IS NULL THEN ${int(numberOf('reversal-without-payment'))}
                      WHEN t.payment_id IS NULL THEN ${int(numberOf('reversal-of-another-account'))}
                      WHEN r.paid_on < t.paid_on THEN ${int(numberOf('reversal-before-payment'))}
                      WHEN r.status IN ('settled', 'reversed') AND r.amount > t.amount THEN ${beyond}
                 END AS own_reason
          FROM ${named} r
          LEFT JOIN (SELECT DISTINCT payment_id FROM ${targets}) AS k ON k.payment_id = r.reverses
          LEFT JOIN (SELECT payment_id, account_id, min(paid_on) AS paid_on, sum(amount) AS amount FROM ${targets} GROUP BY payment_id, account_id) AS t
            ON t.payment_id = r.reverses AND t.account_id = r.account_id
        ) AS alone
      ) AS judged
      WHERE reason IS NOT NULL`,
  })
  return { named, targets, impossible }
}

/** Those that can take back what they name. */
export const thatStand = ({ named, impossible }: Pick<Reversals, 'named' | 'impossible'>): Relation =>
  relation({ name: `${named.name} that stand`, says: 'Rows that take back a payment by its id, and can.', columns: named.columns, body: sql`SELECT * FROM ${named} n WHERE NOT EXISTS (SELECT 1 FROM ${impossible} i WHERE i.ordinal = n.ordinal)` })
