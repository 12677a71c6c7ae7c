import { relation, type Relation } from '../engine/relation.ts'
import { bool, date, nothing, sql, type Hole, type Sql } from '../engine/sql.ts'
import type { ReadInput } from '../read/read.ts'
import type { Validated } from '../validate/validate.ts'

/** What the files hold at all. They choose a formulation and never another answer: a book of plain payments pays for nothing else. */
export interface PaymentFacts {
  /** Some row may be another kind than a payment. */
  readonly kinds: boolean
  /** Some row may be another status than settled. */
  readonly statuses: boolean
}

export function paymentFacts({ columns, negatives }: ReadInput): PaymentFacts {
  const has = (column: string) => columns.some((one) => one.name === column && one.role === 'used')
  return { kinds: has('kind') || has('reverses') || negatives, statuses: has('status') }
}

/** Kinds whose rows take money off. */
const takesOff = (kind: Hole) => sql`${kind} IN ('undo', 'chargeback', 'refund')`

/** Whether a row counts at the end of `asOf`: settled, or reversed only later. */
export const counts = (asOf: string, { statuses }: PaymentFacts) =>
  statuses ? sql`(paid_on <= ${date(asOf)} AND (status = 'settled' OR (status = 'reversed' AND reversed_on > ${date(asOf)})))` : sql`paid_on <= ${date(asOf)}`

/** Whether a row brings money: the opposite of taking it off. Found once a row, for it is asked often. */
export const brings = ({ kinds }: PaymentFacts) => (kinds ? sql`brings` : bool(true))

/** Money dated after `asOf`, to be shown beside what counts: a reversal lowers it, failed and undated reversed money is none. */
export function later(asOf: string, facts: PaymentFacts): Sql {
  const after = sql`paid_on > ${date(asOf)}`
  const status = (known: Sql) => (facts.statuses ? sql` AND ${known}` : sql``)
  const taken = facts.kinds ? sql` WHEN ${after}${status(sql`status = 'settled'`)} THEN -abs(amount)` : sql``
  return sql`CASE WHEN ${after} AND ${brings(facts)}${status(sql`status IN ('settled', 'pending')`)} THEN amount${taken} ELSE 0 END`
}

/** Money on its way at the end of `asOf`. */
export const pending = (asOf: string, facts: PaymentFacts) => (facts.statuses ? sql`CASE WHEN status = 'pending' AND paid_on <= ${date(asOf)} AND ${brings(facts)} THEN amount ELSE 0 END` : sql`0`)

/**
 * Repayments with what each adds as of a day. What a reversal takes off is borne by the payment that it names, from the
 * reversal's own day on, whatever the sign in the file; a refund that names none bears itself. So a reversal of money that
 * does not count takes nothing off. `undone_on`, `given_back_on`: the last day on which an undo or a refund took from the row.
 */
export function payments({ accepted, reversals }: Validated, facts: PaymentFacts, asOf: string): Relation {
  const columns = {
    ordinal: 'bigint', account_id: 'text', payment_id: 'text', paid_on: 'date', currency: 'text', kind: 'text', status: 'text', reversed_on: 'date', reverses: 'text',
    amount: 'money', brings: 'bool', taken: 'money', adds: 'money', undone_on: 'date', given_back_on: 'date',
  } as const
  const says = `Repayments with what each adds at the end of ${asOf}: its amount, less what reversals take off until then.`
  const plain = sql`p.ordinal, p.account_id, p.payment_id, p.paid_on, p.currency, p.kind, p.status, p.reversed_on, p.reverses, p.amount, ${facts.kinds ? sql`NOT ${takesOff(sql`p.kind`)}` : bool(true)} AS brings`
  const bare = sql`p.kind = 'refund' AND p.reverses IS NULL`
  if (reversals === undefined)
    return relation({
      name: 'payments', says, columns,
      body: sql`
        SELECT ${plain}, 0 AS taken, ${facts.kinds ? sql`CASE WHEN ${takesOff(sql`p.kind`)} THEN -abs(p.amount) ELSE p.amount END` : sql`p.amount`} AS adds,
               ${nothing('date')} AS undone_on, ${facts.kinds ? sql`CASE WHEN ${bare} THEN p.paid_on END` : nothing('date')} AS given_back_on
        FROM ${accepted} p`,
    })
  const taken = relation({
    name: 'taken off',
    says: `What reversals take off each payment that they name, until ${asOf}; its rows bear it one after the other.`,
    columns: { ordinal: 'bigint', taken: 'money', undone_on: 'date', given_back_on: 'date' },
    kept: 'table',
    body: sql`
      SELECT t.ordinal, greatest(0, least(t.amount, r.taken - t.before)) AS taken, r.undone_on, r.given_back_on
      FROM ${reversals.targets} t
      JOIN (
        SELECT n.reverses, n.account_id, sum(n.amount) AS taken, max(CASE WHEN n.kind <> 'refund' THEN n.paid_on END) AS undone_on, max(CASE WHEN n.kind = 'refund' THEN n.paid_on END) AS given_back_on
        FROM ${reversals.named} n
        WHERE ${counts(asOf, facts)} AND NOT EXISTS (SELECT 1 FROM ${reversals.impossible} i WHERE i.ordinal = n.ordinal)
        GROUP BY n.reverses, n.account_id
      ) AS r ON r.reverses = t.payment_id AND r.account_id = t.account_id`,
  })
  return relation({
    name: 'payments', says, columns,
    body: sql`
      SELECT ${plain}, coalesce(t.taken, 0) AS taken,
             CASE WHEN NOT ${takesOff(sql`p.kind`)} THEN p.amount - coalesce(t.taken, 0) WHEN p.reverses IS NULL THEN -abs(p.amount) ELSE 0 END AS adds,
             t.undone_on, CASE WHEN ${bare} THEN p.paid_on ELSE t.given_back_on END AS given_back_on
      FROM ${accepted} p
      LEFT JOIN ${taken} t ON t.ordinal = p.ordinal`,
  })
}
