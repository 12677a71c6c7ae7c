import { relation, type Relation } from '../engine/relation.ts'
import { date, sql, type Hole } from '../engine/sql.ts'
import type { Validated } from '../validate/validate.ts'

/** Kinds whose rows take money off. */
export const takesOff = (kind: Hole) => sql`${kind} IN ('undo', 'chargeback', 'refund')`

/** Whether a row counts at the end of `asOf`: settled, or reversed only later. */
export const counts = (asOf: string) => sql`(paid_on <= ${date(asOf)} AND (status = 'settled' OR (status = 'reversed' AND reversed_on > ${date(asOf)})))`

/**
 * Repayments with what each adds as of a day. What a reversal takes off is borne by the payment that it names, from the
 * reversal's own day on, whatever the sign in the file; a refund that names none bears itself.
 */
export function payments({ accepted, reversals }: Validated, asOf: string): Relation {
  const columns = { ordinal: 'bigint', account_id: 'text', payment_id: 'text', paid_on: 'date', currency: 'text', kind: 'text', status: 'text', reversed_on: 'date', reverses: 'text', amount: 'money', taken: 'money', adds: 'money' } as const
  const says = `Repayments with what each adds at the end of ${asOf}: its amount, less what reversals take off until then.`
  const plain = sql`p.ordinal, p.account_id, p.payment_id, p.paid_on, p.currency, p.kind, p.status, p.reversed_on, p.reverses, p.amount`
  if (reversals === undefined)
    return relation({
      name: 'payments', says, columns,
      body: sql`SELECT ${plain}, 0 AS taken, CASE WHEN ${takesOff(sql`p.kind`)} THEN -abs(p.amount) ELSE p.amount END AS adds FROM ${accepted} p`,
    })
  const taken = relation({
    name: 'taken off',
    says: `What reversals take off each payment that they name, until ${asOf}.`,
    columns: { ordinal: 'bigint', taken: 'money' },
    kept: 'table',
    body: sql`
      SELECT t.ordinal, sum(r.amount) AS taken
      FROM ${reversals.named} r
      JOIN ${reversals.targets} t ON t.payment_id = r.reverses
      WHERE r.status = 'settled' AND r.paid_on <= ${date(asOf)}
        AND NOT EXISTS (SELECT 1 FROM ${reversals.impossible} i WHERE i.ordinal = r.ordinal)
      GROUP BY t.ordinal`,
  })
  return relation({
    name: 'payments', says, columns,
    body: sql`
      SELECT ${plain}, coalesce(t.taken, 0) AS taken,
             CASE WHEN NOT ${takesOff(sql`p.kind`)} THEN p.amount - coalesce(t.taken, 0) WHEN p.reverses IS NULL THEN -abs(p.amount) ELSE 0 END AS adds
      FROM ${accepted} p
      LEFT JOIN ${taken} t ON t.ordinal = p.ordinal`,
  })
}
