import type { ColumnType } from '../engine/dialect.ts'
import { relation, type Relation } from '../engine/relation.ts'
import { bool, date, join, name, nothing, sql, text, type Hole } from '../engine/sql.ts'
import { before } from '../read/inputs.ts'
import { inPart, moneyOf } from './in-parts.ts'
import { ofEarlier } from './plan.ts'
import { brings, counts, isBorrowers, isWaived, later, pending, type PaymentFacts } from './payments.ts'

/** Money per account at the end of `asOf`; `received` is what can cover the plan, beside it stand `to_charges` and `to_principal`. `before_whole`: rows from before the file is whole. Aggregated before anything is joined: a million keys, not ten million rows. `earlier`: a day of which `received` is told too. */
export function received(paid: Relation, facts: PaymentFacts, asOf: string, wholeFrom?: string, earlier?: string): Relation {
  const count = counts(asOf, facts)
  const stands = sql`${count} AND ${brings(facts)} AND adds > 0`
  // A payment is taken back by a row, or by its flag from the stated day on.
  const undone = [
    ...(facts.kinds ? [sql`WHEN ${count} THEN undone_on`] : []),
    ...(facts.statuses ? [sql`WHEN ${brings(facts)} AND status = 'reversed' AND reversed_on > paid_on AND reversed_on <= ${date(asOf)} THEN reversed_on`] : []),
  ]
  const split = facts.beside.length > 0 || facts.capped.length > 0 || facts.prepayments
  const summed = (amount: Hole) => sql`sum(CASE WHEN ${count} THEN ${amount} ELSE 0 END)`
  const ofFile = facts.before ? sql` AND kind <> ${text(before)}` : sql``
  const stated = facts.statuses || facts.kinds
  // What no row can give is not kept a million times over, only said.
  const figures: readonly { name: string; type: ColumnType; kept: boolean; value: Hole; none: Hole }[] = [
    { name: 'received', type: 'money', kept: true, value: summed(name(split ? 'covers' : 'adds')), none: sql`0` },
    { name: 'to_charges', type: 'money', kept: facts.beside.length > 0 || facts.capped.length > 0, value: summed(sql`to_charges`), none: sql`0` },
    { name: 'to_principal', type: 'money', kept: facts.prepayments, value: summed(sql`to_principal`), none: sql`0` },
    { name: 'charged', type: 'money', kept: facts.charges, value: summed(sql`charged`), none: sql`0` },
    { name: 'waived', type: 'money', kept: facts.kinds, value: sql`sum(CASE WHEN ${count} AND ${isWaived()} THEN adds ELSE 0 END)`, none: sql`0` },
    { name: 'later', type: 'money', kept: true, value: sql`sum(${later(asOf, facts)})`, none: sql`0` },
    { name: 'pending', type: 'money', kept: facts.statuses || facts.clearing, value: sql`sum(${pending(asOf, facts)})`, none: sql`0` },
    { name: 'last_paid_on', type: 'date', kept: true, value: sql`max(CASE WHEN ${stands}${facts.kinds ? sql` AND ${isBorrowers()}` : sql``} THEN paid_on END)`, none: nothing('date') },
    { name: 'settled_on', type: 'date', kept: facts.kinds, value: sql`min(CASE WHEN ${stands} AND kind = 'settlement' THEN paid_on END)`, none: nothing('date') },
    { name: 'any_waiver', type: 'bool', kept: facts.kinds, value: sql`coalesce(bool_or(${stands} AND ${isWaived()}), FALSE)`, none: bool(false) },
    { name: 'last_money_on', type: 'date', kept: stated, value: sql`max(CASE WHEN ${brings(facts)}${facts.statuses ? sql` AND status IN ('settled', 'reversed')` : sql``}${ofFile} THEN paid_on END)`, none: name('newest_on') },
    { name: 'last_reversal_on', type: 'date', kept: undone.length > 0, value: sql`max(CASE ${join(undone, sql` `)} END)`, none: nothing('date') },
    { name: 'last_refund_on', type: 'date', kept: facts.kinds, value: sql`max(CASE WHEN ${count} THEN given_back_on END)`, none: nothing('date') },
    { name: 'newest_on', type: 'date', kept: true, value: facts.before ? sql`max(CASE WHEN kind <> ${text(before)} THEN paid_on END)` : sql`max(paid_on)`, none: nothing('date') },
    ...facts.inside.map((part) => ({ name: moneyOf(part), type: 'money' as const, kept: true, value: summed(inPart(part, Object.keys(paid.columns))), none: sql`0` })),
    ...(earlier === undefined ? [] : [{ name: ofEarlier('received'), type: 'money' as const, kept: true, value: sql`sum(CASE WHEN ${counts(earlier, facts)} THEN ${name(split ? 'covers' : 'adds')} ELSE 0 END)`, none: sql`0` }]),
    ...(wholeFrom === undefined ? [] : [{ name: 'before_whole', type: 'int' as const, kept: true, value: sql`count(CASE WHEN paid_on < ${date(wholeFrom)}${ofFile} THEN 1 END)`, none: sql`0` }]),
  ]
  const kept = figures.filter((figure) => figure.kept)
  const sums = relation({
    name: 'money sums',
    says: `Money of each account at the end of ${asOf}, as far as the rows can give it.`,
    columns: { account_id: 'text', ...Object.fromEntries(kept.map((figure) => [figure.name, figure.type] as const)) },
    kept: 'table',
    body: sql`SELECT account_id, ${join(kept.map((figure) => sql`${figure.value} AS ${name(figure.name)}`))} FROM ${paid} GROUP BY account_id`,
  })
  return relation({
    name: 'received',
    says: `Money of each account at the end of ${asOf}: what counts, what is later, what is on its way, and the days that matter.`,
    columns: { account_id: 'text', ...Object.fromEntries(figures.map((figure) => [figure.name, figure.type] as const)) },
    body: sql`SELECT account_id, ${join(figures.map((figure) => (figure.kept ? name(figure.name) : sql`${figure.none} AS ${name(figure.name)}`)))} FROM ${sums}`,
  })
}

const inPlan: readonly string[] = ['received', 'waived', 'to_charges', 'to_principal']

/** Of a plan that says what is open the money is in it already: nothing of it is poured again. */
export const notApplied = (money: Relation): Relation =>
  relation({
    name: 'received, and in the plan',
    says: 'Money of each account, which the plan of what is open has in it already.',
    columns: money.columns,
    body: sql`SELECT ${join(Object.keys(money.columns).map((column) => (inPlan.includes(column) ? sql`0 AS ${name(column)}` : name(column))))} FROM ${money}`,
  })

/** Nobody asks what came in last. */
export const noLastPaid = relation({ name: 'no last paid', says: 'What came in on the last day, which nobody asks.', columns: { account_id: 'text', last_paid_amount: 'money' }, body: sql`SELECT ${nothing('text')} AS account_id, ${nothing('money')} AS last_paid_amount WHERE FALSE` })

/** The sum of the last day on which cash of the borrower stands. No filter before the join: the engine must see that the payments are the larger side. */
export function lastPaid(paid: Relation, money: Relation, facts: PaymentFacts, asOf: string): Relation {
  const adds = facts.kinds || facts.statuses || facts.clearing ? sql`CASE WHEN ${counts(asOf, facts)} AND ${brings(facts)}${facts.kinds ? sql` AND ${isBorrowers()}` : sql``} THEN p.adds ELSE 0 END` : sql`p.adds`
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
