import { relation, type Relation } from '../engine/relation.ts'
import { date, sql } from '../engine/sql.ts'
import { counts, takesOff } from './payments.ts'

/** Money per account at the end of `asOf`. Aggregated before anything is joined: a million keys, not ten million rows. */
export function received(paid: Relation, asOf: string): Relation {
  const cash = sql`kind IN ('payment', 'settlement', 'recovery')`
  const stands = sql`${counts(asOf)} AND NOT ${takesOff(sql`kind`)} AND adds > 0`
  return relation({
    name: 'received',
    says: `Money of each account at the end of ${asOf}: what counts, what is later, what is on its way, and the days that matter.`,
    columns: {
      account_id: 'text', received: 'money', waived: 'money', later: 'money', pending: 'money', last_paid_on: 'date',
      settled_on: 'date', any_waiver: 'bool', last_money_on: 'date', last_reversal_on: 'date', last_refund_on: 'date',
    },
    kept: 'table',
    body: sql`
      SELECT account_id,
             sum(CASE WHEN ${counts(asOf)} THEN adds ELSE 0 END) AS received,
             sum(CASE WHEN ${counts(asOf)} AND kind = 'waiver' THEN adds ELSE 0 END) AS waived,
             sum(CASE WHEN paid_on > ${date(asOf)} AND status IN ('settled', 'pending') THEN CASE WHEN ${takesOff(sql`kind`)} THEN -abs(amount) ELSE amount END ELSE 0 END) AS later,
             sum(CASE WHEN status = 'pending' AND paid_on <= ${date(asOf)} AND NOT ${takesOff(sql`kind`)} THEN amount ELSE 0 END) AS pending,
             max(CASE WHEN ${stands} AND ${cash} THEN paid_on END) AS last_paid_on,
             min(CASE WHEN ${stands} AND kind = 'settlement' THEN paid_on END) AS settled_on,
             coalesce(bool_or(${stands} AND kind = 'waiver'), FALSE) AS any_waiver,
             max(CASE WHEN status IN ('settled', 'reversed') AND NOT ${takesOff(sql`kind`)} THEN paid_on END) AS last_money_on,
             max(CASE WHEN status = 'settled' AND paid_on <= ${date(asOf)} AND kind IN ('undo', 'chargeback') THEN paid_on END) AS last_reversal_on,
             max(CASE WHEN status = 'settled' AND paid_on <= ${date(asOf)} AND kind = 'refund' THEN paid_on END) AS last_refund_on
      FROM ${paid}
      GROUP BY account_id`,
  })
}

/** The sum of the last day on which cash of the borrower stands. */
export function lastPaid(paid: Relation, money: Relation, asOf: string): Relation {
  return relation({
    name: 'last paid',
    says: 'What came in on the last day with cash of the borrower that stands.',
    columns: { account_id: 'text', last_paid_amount: 'money' },
    kept: 'table',
    body: sql`
      SELECT p.account_id, sum(p.adds) AS last_paid_amount
      FROM ${paid} p
      JOIN ${money} r ON r.account_id = p.account_id AND r.last_paid_on = p.paid_on
      WHERE ${counts(asOf)} AND NOT ${takesOff(sql`kind`)} AND kind <> 'waiver'
      GROUP BY p.account_id`,
  })
}
