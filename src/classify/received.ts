import { relation, type Relation } from '../engine/relation.ts'
import { bool, date, join, nothing, sql, type Hole } from '../engine/sql.ts'
import { brings, counts, later, pending, type PaymentFacts } from './payments.ts'

/** Money per account at the end of `asOf`. Aggregated before anything is joined: a million keys, not ten million rows. */
export function received(paid: Relation, facts: PaymentFacts, asOf: string): Relation {
  const count = counts(asOf, facts)
  const stands = sql`${count} AND ${brings(facts)} AND adds > 0`
  // A payment is taken back by a row, or by its flag from the stated day on.
  const undone = [
    ...(facts.kinds ? [sql`WHEN ${count} THEN undone_on`] : []),
    ...(facts.statuses ? [sql`WHEN ${brings(facts)} AND status = 'reversed' AND reversed_on > paid_on AND reversed_on <= ${date(asOf)} THEN reversed_on`] : []),
  ]
  const ofKind = (value: Hole, none: Hole) => (facts.kinds ? value : none)
  return relation({
    name: 'received',
    says: `Money of each account at the end of ${asOf}: what counts, what is later, what is on its way, and the days that matter.`,
    columns: {
      account_id: 'text', received: 'money', waived: 'money', later: 'money', pending: 'money', last_paid_on: 'date',
      settled_on: 'date', any_waiver: 'bool', last_money_on: 'date', last_reversal_on: 'date', last_refund_on: 'date', newest_on: 'date',
    },
    kept: 'table',
    body: sql`
      SELECT account_id,
             sum(CASE WHEN ${count} THEN adds ELSE 0 END) AS received,
             ${ofKind(sql`sum(CASE WHEN ${count} AND kind = 'waiver' THEN adds ELSE 0 END)`, sql`0`)} AS waived,
             sum(${later(asOf, facts)}) AS later,
             sum(${pending(asOf, facts)}) AS pending,
             max(CASE WHEN ${stands}${facts.kinds ? sql` AND kind IN ('payment', 'settlement', 'recovery')` : sql``} THEN paid_on END) AS last_paid_on,
             ${ofKind(sql`min(CASE WHEN ${stands} AND kind = 'settlement' THEN paid_on END)`, nothing('date'))} AS settled_on,
             ${ofKind(sql`coalesce(bool_or(${stands} AND kind = 'waiver'), FALSE)`, bool(false))} AS any_waiver,
             ${facts.kinds || facts.statuses ? sql`max(CASE WHEN ${brings(facts)}${facts.statuses ? sql` AND status IN ('settled', 'reversed')` : sql``} THEN paid_on END)` : sql`max(paid_on)`} AS last_money_on,
             ${undone.length > 0 ? sql`max(CASE ${join(undone, sql` `)} END)` : nothing('date')} AS last_reversal_on,
             ${ofKind(sql`max(CASE WHEN ${count} THEN given_back_on END)`, nothing('date'))} AS last_refund_on,
             max(paid_on) AS newest_on
      FROM ${paid}
      GROUP BY account_id`,
  })
}

/** The sum of the last day on which cash of the borrower stands. No filter before the join: the engine must see that the payments are the larger side. */
export function lastPaid(paid: Relation, money: Relation, facts: PaymentFacts, asOf: string): Relation {
  const adds = facts.kinds || facts.statuses ? sql`CASE WHEN ${counts(asOf, facts)} AND ${brings(facts)}${facts.kinds ? sql` AND kind <> 'waiver'` : sql``} THEN p.adds ELSE 0 END` : sql`p.adds`
  return relation({
    name: 'last paid',
    says: 'What came in on the last day with cash of the borrower that stands.',
    columns: { account_id: 'text', last_paid_amount: 'money' },
    kept: 'table',
    body: sql`
      SELECT p.account_id, sum(${adds}) AS last_paid_amount
      FROM ${paid} p
      JOIN ${money} r ON r.account_id = p.account_id AND r.last_paid_on = p.paid_on
      GROUP BY p.account_id`,
  })
}
