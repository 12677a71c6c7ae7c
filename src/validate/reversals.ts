import { relation, type Relation } from '../engine/relation.ts'
import { int, sql } from '../engine/sql.ts'
import type { ReadInput } from '../read/read.ts'
import { numberOf } from './checks.ts'

export interface Reversals {
  /** Rows that name the payment that they take back. */
  readonly named: Relation
  /** The payments so named; `ordinal` is that of their first row, which bears what is taken off. */
  readonly targets: Relation
  readonly impossible: Relation
}

/** Rows that take a payment back, and those that cannot: it is not in the file, is another account's, later, or smaller. `sound`: rows that no earlier check rejected. */
export function reversalsOf(read: ReadInput, sound: Relation): Reversals | undefined {
  const has = (column: string) => read.columns.some((one) => one.name === column && one.role === 'used')
  if (!has('reverses')) return undefined
  const named = relation({
    name: 'reversals named',
    says: 'Rows that take back a payment by its id.',
    columns: { ordinal: 'bigint', payment_id: 'text', account_id: 'text', paid_on: 'date', amount: 'money', reverses: 'text', status: 'text' },
    kept: 'table',
    body: sql`SELECT ordinal, payment_id, account_id, paid_on, abs(amount) AS amount, reverses, status FROM ${sound} WHERE reverses IS NOT NULL AND kind IN ('undo', 'chargeback', 'refund')`,
  })
  const targets = relation({
    name: 'payments taken back',
    says: 'Payments that a reversal names; the rows of one payment add up.',
    columns: { payment_id: 'text', ordinal: 'bigint', account_id: 'text', paid_on: 'date', amount: 'money' },
    kept: 'table',
    body: sql`
      SELECT p.payment_id, min(p.ordinal) AS ordinal, min(p.account_id) AS account_id, min(p.paid_on) AS paid_on, sum(p.amount) AS amount
      FROM ${sound} p
      JOIN (SELECT DISTINCT reverses FROM ${named}) AS r ON r.reverses = p.payment_id
      WHERE p.kind NOT IN ('undo', 'chargeback', 'refund')
      GROUP BY p.payment_id`,
  })
  const impossible = relation({
    name: 'impossible reversals',
    says: 'Reversals that name a payment which is missing, of another account, later, or smaller than what is taken back.',
    columns: { ordinal: 'bigint', reason: 'int' },
    kept: 'table',
    body: sql`
      SELECT ordinal, reason
      FROM (
        SELECT r.ordinal,
               CASE WHEN t.payment_id IS NULL THEN ${int(numberOf('reversal-without-payment'))}
                    WHEN t.account_id <> r.account_id THEN ${int(numberOf('reversal-of-another-account'))}
                    WHEN r.paid_on < t.paid_on THEN ${int(numberOf('reversal-before-payment'))}
                    WHEN r.taken > t.amount THEN ${int(numberOf('reversal-beyond-payment'))}
               END AS reason
        FROM (
          SELECT *, sum(CASE WHEN status = 'settled' THEN amount ELSE 0 END) OVER (PARTITION BY reverses ORDER BY paid_on, payment_id NULLS LAST, ordinal ROWS UNBOUNDED PRECEDING) AS taken
          FROM ${named}
        ) AS r
        LEFT JOIN ${targets} t ON t.payment_id = r.reverses
      ) AS judged
      WHERE reason IS NOT NULL`,
  })
  return { named, targets, impossible }
}
