import type { Part } from '../read/inputs.ts'
import { isDueAnew, dueAnew } from '../classify/ways.ts'
import { countedUntil, everCounts, type PaymentFacts } from '../classify/payments.ts'
import { relation, type Relation } from '../engine/relation.ts'
import { date, join, name, sql, type Hole, type Sql } from '../engine/sql.ts'
import type { Settings } from '../settings/load.ts'
import type { Validated } from '../validate/validate.ts'

interface Given {
  /** What classification made of the repayments. */
  readonly payments: Relation
  readonly repayments: Validated
  readonly loans: Relation
  readonly facts: PaymentFacts
  readonly settings: Pick<Settings, 'as_of' | 'conventions'>
}

/**
 * Money that covers plans, by the day on which it came or went, after `since` and until as_of: what was taken back covered until the day
 * before. Its sum over all days is what classification calls received. A prepayment that was taken back is left out as a whole:
 * nobody can say any more what of it covered; a reversal that was itself taken back by as_of is taken as if it had never been.
 */
export function moneySteps({ payments, repayments, loans, facts, settings }: Given, since: string): Relation {
  const within = (day: Hole): Sql => sql`${day} > ${date(since)} AND ${day} <= ${date(settings.as_of)}`
  const { reversals } = repayments
  const untaken = reversals === undefined ? sql`` : sql` AND p.taken = 0`
  const stands = everCounts(facts)
  const brings = facts.kinds ? sql` AND (p.brings OR p.reverses IS NULL)` : sql``
  const parts = [
    // A refund that names no payment takes off on its own day.
    sql`SELECT p.account_id, p.counts_on AS day, p.covers AS amount FROM ${payments} p WHERE ${within(sql`p.counts_on`)}${stands}${brings}${untaken} AND p.covers <> 0`,
    ...(facts.statuses ? [sql`SELECT p.account_id, p.reversed_on, -p.covers FROM ${payments} p WHERE ${countedUntil} AND ${within(sql`p.reversed_on`)}${facts.kinds ? sql` AND p.brings` : sql``}${untaken} AND p.covers <> 0`] : []),
    ...(reversals === undefined ? [] : takenBack({ payments, repayments, loans, facts, settings }, within)),
  ]
  return relation({ name: 'money by day', says: `Money that covers plans, by the day on which it came or went, after ${since}.`, columns: { account_id: 'text', day: 'date', amount: 'money' }, kept: 'table', body: join(parts, sql` UNION ALL `) })
}

/** Payments that were taken back, in part or whole: they covered with all that lies on the plan until each reversal's own day. */
function takenBack({ payments, repayments: { accepted, reversals }, loans, facts, settings }: Given, within: (day: Hole) => Sql): Sql[] {
  const beside: Sql = facts.beside.length === 0 ? sql`0` : join(facts.beside.map((part: Part) => sql`coalesce(abs(r.${name(`${part}_paid`)}), 0)`), sql` + `)
  const ofRow = facts.beside.length === 0 ? sql`` : sql` JOIN ${accepted} r ON r.ordinal = p.ordinal`
  const covered = relation({
    name: 'payments taken back, as they came',
    says: 'Payments that were taken back, with all that covered the plan until then.',
    columns: { account_id: 'text', payment_id: 'text', counts_on: 'date', covers: 'money' },
    kept: 'table',
    body: sql`
      SELECT p.account_id, p.payment_id, min(p.counts_on) AS counts_on, sum(greatest(p.amount - (${beside}), 0)) AS covers
      FROM ${payments} p${ofRow}
      WHERE p.brings AND p.taken > 0 AND p.kind <> 'prepayment'${facts.statuses ? sql` AND p.status = 'settled'` : sql``}
      GROUP BY p.account_id, p.payment_id`,
  })
  // The rest of a payment of several rows, of which some bore nothing of what was taken, stands among the others.
  const anew = dueAnew(settings.conventions)
  const takes = sql`
    SELECT n.account_id, ${facts.clearing ? sql`greatest(n.paid_on, c.counts_on)` : sql`n.paid_on`} AS day, c.covers, sum(n.amount) OVER (PARTITION BY n.account_id, n.reverses ORDER BY n.paid_on, n.ordinal ROWS UNBOUNDED PRECEDING) AS so_far, n.amount
    FROM ${reversals!.named} n
    JOIN ${covered} c ON c.account_id = n.account_id AND c.payment_id = n.reverses${anew ? sql`
    LEFT JOIN (SELECT account_id, product FROM ${loans}) AS l ON l.account_id = n.account_id` : sql``}
    WHERE ${facts.statuses ? sql`(n.status = 'settled' OR (n.status = 'reversed' AND n.reversed_on > ${date(settings.as_of)}))` : sql`n.status = 'settled'`} AND n.paid_on <= ${date(settings.as_of)} AND NOT EXISTS (SELECT 1 FROM ${reversals!.impossible} i WHERE i.ordinal = n.ordinal)${anew ? sql` AND NOT ${isDueAnew(settings.conventions, sql`n.kind`, sql`l.product`)}` : sql``}`
  return [
    sql`SELECT account_id, counts_on, covers FROM ${covered} WHERE ${within(sql`counts_on`)} AND covers <> 0`,
    sql`SELECT account_id, day, greatest(covers - so_far, 0) - greatest(covers - so_far + amount, 0) FROM (${takes}) AS taken WHERE ${within(sql`day`)}`,
  ]
}
