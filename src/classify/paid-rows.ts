import { relation, type Columns, type Relation } from '../engine/relation.ts'
import { date, join, name, nothing, sql, text, type Sql } from '../engine/sql.ts'
import type { Settings } from '../settings/load.ts'
import { instalmentStatuses } from '../read/inputs.ts'
import type { PlanFacts } from './in-force.ts'
import { amountOf, numberOf } from './plan.ts'
import { unitOf } from './whole-rows.ts'

/** The day on which money of an unknown day is known to have come in: that of the export. */
export const exportedOn = ({ data_through, as_of }: Pick<Settings, 'data_through' | 'as_of'>) => data_through ?? as_of

/** Payments as the rows of the plan state them, in the shape of repayments. What is above the amount due paid charges. `ordinal` is that of the row. */
export function paidRows(rows: Relation, like: Columns, facts: PlanFacts, settings: Settings): Relation {
  if (facts.statusOnly) return paidByStatus(rows, like, facts, settings)
  const day = facts.has('paid_on') ? sql`coalesce(paid_on, ${date(exportedOn(settings))})` : date(exportedOn(settings))
  // Several payments of one instalment: what goes beyond it is of the last ones.
  const inTurn = sql`PARTITION BY account_id, ${name(unitOf(facts))} ORDER BY ${facts.has('paid_on') ? sql`paid_on ASC NULLS LAST, ` : sql``}ordinal ROWS UNBOUNDED PRECEDING`
  const of = facts.rows === 'payment' ? sql`(SELECT *, sum(coalesce(amount_paid, 0)) OVER (${inTurn}) AS so_far FROM ${rows}) AS in_turn` : sql`${rows}`
  const value: Readonly<Record<string, Sql>> = {
    ordinal: sql`ordinal`,
    account_id: sql`account_id`,
    instalment_no: facts.has('instalment_no') ? sql`instalment_no` : sql`${nothing('int')}`,
    paid_on: sql`${day}`,
    amount: sql`amount_paid`,
    penalty_paid: facts.rows === 'payment' ? sql`greatest(so_far - ${amountOf(facts)}, 0) - greatest(so_far - amount_paid - ${amountOf(facts)}, 0)` : sql`greatest(amount_paid - ${amountOf(facts)}, 0)`,
    kind: sql`'payment'`,
    status: sql`'settled'`,
  }
  return relation({
    name: 'payments of the schedule',
    says: 'Payments as the rows of the plan state them.',
    columns: like,
    body: sql`SELECT ${join(Object.entries(like).map(([column, type]) => sql`${value[column] ?? nothing(type)} AS ${name(column)}`))} FROM ${of} WHERE amount_paid > 0`,
  })
}

const isPaid = (): Sql => sql`status IN (${join(Object.entries(instalmentStatuses).filter(([, { paid }]) => paid).map(([status]) => text(status)))})`

/** Payments of plans that say by words alone what was paid: each names its instalment, and covers all of it. */
function paidByStatus(rows: Relation, like: Columns, facts: PlanFacts, settings: Settings): Relation {
  const amount = amountOf(facts)
  const day = exportedOn(settings)
  const value: Readonly<Record<string, Sql>> = {
    ordinal: sql`ordinal`,
    account_id: sql`account_id`,
    instalment_no: sql`number`,
    paid_on: facts.has('paid_on') ? sql`coalesce(paid_on, ${date(day)})` : sql`${date(day)}`,
    amount: sql`amount`,
    penalty_paid: sql`0`,
    kind: sql`CASE WHEN status = 'waived' THEN 'waiver' ELSE 'payment' END`,
    status: sql`'settled'`,
  }
  return relation({
    name: 'payments of the schedule',
    says: 'Payments as the statuses of the plan state them.',
    columns: like,
    body: sql`SELECT ${join(Object.entries(like).map(([column, type]) => sql`${value[column] ?? nothing(type)} AS ${name(column)}`))} FROM (SELECT *, ${amount} AS amount, ${numberOf(rows, facts)} AS number FROM ${rows}) AS numbered WHERE ${isPaid()} AND amount > 0`,
  })
}

/** Accounts with money of an unknown day, as of a day before that of the export: what was paid by then is not known. */
export function undatedPayments(rows: Relation, facts: PlanFacts, settings: Settings): Relation | undefined {
  if (!facts.paidOnRows || settings.as_of >= exportedOn(settings)) return undefined
  return relation({
    name: 'undated payments',
    says: `Accounts with money that came in on an unknown day, not after ${exportedOn(settings)}.`,
    columns: { account_id: 'text' },
    kept: 'table',
    body: sql`SELECT DISTINCT account_id FROM ${rows} WHERE ${facts.statusOnly ? isPaid() : sql`amount_paid > 0`}${facts.has('paid_on') ? sql` AND paid_on IS NULL` : sql``}`,
  })
}
