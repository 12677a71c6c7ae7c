import { relation, type Columns, type Relation } from '../engine/relation.ts'
import { bool, date, join, name, nothing, sql, type, type Sql } from '../engine/sql.ts'
import { statementOn } from '../read/inputs.ts'
import type { PlanFacts } from './in-force.ts'
import { counts, type PaymentFacts } from './payments.ts'
import { revolving } from './state.ts'

interface Given {
  readonly rows: Relation
  readonly loans: Relation
  /** Payments with what each adds as of as_of. */
  readonly came: Relation
  readonly plans: PlanFacts
  readonly facts: PaymentFacts
  readonly asOf: string
  /** Loans have a method: rows of a plan ask nothing of one that revolves. */
  readonly hasMethod: boolean
}

/** Statements known by as_of, in the order of each account; `no` from 1. */
const inOrder = (rows: Relation, asOf: string) =>
  relation({
    name: 'statements',
    says: `Statements up to ${asOf}, in the order of each account.`,
    columns: { account_id: 'text', ordinal: 'bigint', no: 'int', statement_on: 'date', due_on: 'date', minimum: 'money', past_due: 'money', balance: 'money' },
    kept: 'table',
    body: sql`
      SELECT account_id, ordinal, row_number() OVER (PARTITION BY account_id ORDER BY statement_on, due_on, ordinal) AS no, statement_on, due_on, amount_due AS minimum,
             ${'past_due_in_minimum' in rows.columns ? sql`past_due_in_minimum` : nothing('money')} AS past_due, ${'balance' in rows.columns ? sql`balance` : nothing('money')} AS balance
      FROM ${rows}
      WHERE ${name(statementOn)} <= ${date(asOf)}`,
  })

/**
 * What had been paid by each statement: `paid`, less all that was taken back since, and `paid_then`, as it was known on that day. Money
 * of the statement's own day was in before it.
 */
function paidBy(statements: Relation, { came, facts, asOf }: Pick<Given, 'came' | 'facts' | 'asOf'>): Relation {
  const stands = counts(asOf, facts)
  const backOn = sql`greatest(undone_on, given_back_on)`
  const events: Sql[] = [
    sql`SELECT account_id, paid_on AS day, covers AS net, CASE WHEN ${backOn} IS NOT NULL THEN taken ELSE 0 END AS more FROM ${came} WHERE ${stands}`,
    ...(facts.kinds ? [sql`SELECT account_id, ${backOn} AS day, 0 AS net, -taken AS more FROM ${came} WHERE ${stands} AND ${backOn} IS NOT NULL`] : []),
    // Reversed by a flag: it stood until the day before.
    ...(facts.statuses ? [sql`SELECT account_id, paid_on AS day, 0 AS net, amount AS more FROM ${came} WHERE status = 'reversed' AND reversed_on <= ${date(asOf)} AND ${facts.kinds ? sql`brings` : bool(true)}`, sql`SELECT account_id, reversed_on AS day, 0 AS net, -amount AS more FROM ${came} WHERE status = 'reversed' AND reversed_on <= ${date(asOf)} AND ${facts.kinds ? sql`brings` : bool(true)}`] : []),
  ]
  const own = sql`SELECT account_id, day, net, more, 0 AS no FROM (${join(events, sql` UNION ALL `)}) AS money WHERE EXISTS (SELECT 1 FROM ${statements} s WHERE s.account_id = money.account_id) UNION ALL SELECT account_id, statement_on, 0, 0, no FROM ${statements}`
  const soFar = (amount: Sql) => sql`sum(${amount}) OVER (PARTITION BY account_id ORDER BY day, no ROWS UNBOUNDED PRECEDING)`
  return relation({
    name: 'paid by statements',
    says: 'What had been paid when each statement was made.',
    columns: { account_id: 'text', no: 'int', paid: 'money', paid_then: 'money' },
    kept: 'table',
    body: sql`SELECT account_id, no, paid, paid_then FROM (SELECT account_id, no, greatest(${soFar(sql`net`)}, 0) AS paid, greatest(${soFar(sql`net + more`)}, 0) AS paid_then FROM (${own}) AS events) AS summed WHERE no > 0`,
  })
}

/**
 * Statements as instalments. A minimum holds what is past due of earlier ones: what it newly asks is the rest, `past_due_in_minimum` less
 * where the export says it, else less what was open of the earlier ones on the day of the statement. What was paid beyond what had been asked
 * lowers the balance and no later minimum: it is laid on the statement before. What the first statement holds of earlier ones is its own.
 */
export function withStatements(given: Given): { readonly rows: Relation; readonly last: Relation } {
  const { rows, loans, plans, asOf, hasMethod } = given
  const statements = inOrder(rows, asOf)
  const paid = paidBy(statements, given)
  const numbered = sql`SELECT s.*, p.paid, p.paid_then FROM ${statements} s JOIN ${paid} p ON p.account_id = s.account_id AND p.no = s.no`
  // All that was asked up to and with a statement follows from that of the one before.
  const asked = relation({
    name: 'asked by statements',
    says: 'What each account was asked up to each statement, all in all.',
    columns: { account_id: 'text', no: 'int', asked: 'money' },
    kept: 'table',
    body: sql`
      WITH RECURSIVE all_of AS (${numbered}),
      walk AS (
        SELECT account_id, no, CAST(paid + minimum AS ${type('money')}) AS asked FROM all_of WHERE no = 1
        UNION ALL
        SELECT n.account_id, n.no, CAST(greatest(w.asked, n.paid) + greatest(n.minimum - CASE WHEN n.past_due IS NULL THEN greatest(w.asked - n.paid_then, 0) ELSE n.past_due END, 0) AS ${type('money')}) AS asked
        FROM walk w JOIN all_of n ON n.account_id = w.account_id AND n.no = w.no + 1
      )
      SELECT account_id, no, asked FROM walk`,
  })
  const upTo = sql`greatest(a.asked, coalesce(lead(n.paid) OVER (PARTITION BY n.account_id ORDER BY n.no), a.asked))`
  const each = sql`SELECT n.account_id, n.ordinal, n.no, n.due_on, ${upTo} AS up_to FROM (${numbered}) AS n JOIN ${asked} a ON a.account_id = n.account_id AND a.no = n.no`
  const value: Readonly<Record<string, Sql>> = {
    ordinal: sql`ordinal`,
    account_id: sql`account_id`,
    instalment_no: sql`no`,
    due_on: sql`due_on`,
    amount_due: sql`up_to - coalesce(lag(up_to) OVER (PARTITION BY account_id ORDER BY no), 0)`,
  }
  const columns: Columns = rows.columns
  const plan = hasMethod ? sql` AND NOT EXISTS (SELECT 1 FROM ${loans} l WHERE l.account_id = r.account_id AND ${revolving(sql`l.method`)})` : sql``
  const none = plans.has('instalment_no') ? value : { ...value, instalment_no: undefined }
  return {
    rows: relation({
      name: 'schedule with statements',
      says: 'Plans as exported, and statements as instalments of what each newly asks.',
      columns,
      kept: 'table',
      body: sql`
        SELECT ${join(Object.keys(columns).map(name))} FROM ${rows} r WHERE ${name(statementOn)} IS NULL${plan}
        UNION ALL
        SELECT ${join(Object.entries(columns).map(([column, type]) => sql`${none[column as keyof typeof none] ?? nothing(type)} AS ${name(column)}`))} FROM (${each}) AS asked_each`,
    }),
    last: relation({
      name: 'last statements',
      says: 'The last statement of each account up to as_of, and what the first one held of earlier ones.',
      columns: { account_id: 'text', last_statement_on: 'date', statement_balance: 'money', begins_past_due: 'bool' },
      kept: 'table',
      body: sql`
        SELECT l.account_id, l.statement_on AS last_statement_on, l.balance AS statement_balance, coalesce(f.past_due > 0, FALSE) AS begins_past_due
        FROM (SELECT *, row_number() OVER (PARTITION BY account_id ORDER BY no DESC) AS from_last FROM ${statements}) AS l
        JOIN ${statements} f ON f.account_id = l.account_id AND f.no = 1
        WHERE l.from_last = 1`,
    }),
  }
}
