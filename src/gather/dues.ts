import { addDays } from '../engine/calls.ts'
import { relation, type Columns, type Relation } from '../engine/relation.ts'
import { date, int, join, name, sql, type Hole, type Sql } from '../engine/sql.ts'
import type { Classified } from '../classify/classify.ts'
import type { PaymentFacts } from '../classify/payments.ts'
import { neverEnds, revolving } from '../classify/state.ts'
import { plusDays } from '../settings/as-of.ts'
import type { Settings } from '../settings/load.ts'
import type { Book } from '../read/read.ts'
import type { ValidatedBook } from '../validate/validate.ts'
import type { Layout } from './by.ts'
import { moneySteps } from './steps.ts'

/** Days behind the due date by which due_performance tells what was paid. */
export const behind = [0, 1, 3, 7, 15, 30] as const
export const paidBy = (days: number) => `paid_by_${days}`
export const fullBy = (days: number) => `instalments_paid_by_${days}`

interface Given {
  readonly book: Pick<Book, 'loans'>
  readonly classified: Classified
  readonly validated: ValidatedBook
  readonly facts: PaymentFacts
  readonly settings: Settings
  readonly layout: Layout
}

/**
 * Instalments by due date and what of them was paid by when, summed. Money covers the oldest instalment first: of an instalment is covered
 * what the money of a day reaches beyond the dues before it. What matters is money after the due date, which is taken off what covers it now.
 */
export function dues({ book, classified, validated, facts, settings, layout }: Given): Relation {
  const asOf = date(settings.as_of)
  const since = plusDays(settings.as_of, -settings.reports.due_days)
  const { instalments, walkers, plan, payments } = classified
  const { loans, repayments } = validated
  const windowed = relation({
    name: 'instalments fallen due',
    says: `Instalments due after ${since} and by ${settings.as_of}; \`reached\`: how far money reaches into each, or would beyond it.`,
    columns: { ordinal: 'bigint', account_id: 'text', due_on: 'date', amount: 'money', reached: 'money' },
    kept: 'table',
    body: sql`
      SELECT g.ordinal, g.account_id, g.due_on, g.amount_due AS amount, g.and_later + coalesce(b.balance, 0) AS reached
      FROM (
        SELECT ordinal, account_id, due_on, amount_due, sum(amount_due) OVER (PARTITION BY account_id ORDER BY place DESC, ordinal DESC ROWS UNBOUNDED PRECEDING) AS and_later
        FROM ${instalments}
        WHERE due_on > ${date(since)} AND due_on <= ${asOf} AND amount_due > 0
      ) AS g
      LEFT JOIN (SELECT w.account_id, w.received - p.due_before - p.due_today AS balance FROM ${walkers} w JOIN ${plan} p ON p.account_id = w.account_id) AS b ON b.account_id = g.account_id`,
  })
  const steps = moneySteps({ payments, repayments, loans: loans.accepted, facts, settings }, since)
  const after = relation({
    name: 'money behind due dates',
    says: 'Money that came after the due date of each instalment, and after so many days behind it.',
    columns: { ordinal: 'bigint', ...Object.fromEntries(behind.map((days) => [`after ${days}`, 'money'] as const)) },
    kept: 'table',
    body: sql`
      SELECT g.ordinal, ${join(behind.map((days) => sql`sum(${days === 0 ? sql`s.amount` : sql`CASE WHEN s.day > ${addDays(sql`g.due_on`, int(days))} THEN s.amount ELSE 0 END`}) AS ${name(`after ${days}`)}`))}
      FROM ${windowed} g
      JOIN ${steps} s ON s.account_id = g.account_id AND s.day > g.due_on
      GROUP BY g.ordinal`,
  })
  const covered = (off: Hole) => sql`greatest(0, least(g.amount, g.reached - ${off}))`
  const special = neverEnds(book, facts) ? undefined : notPlain({ classified, validated, facts, settings })
  const each: readonly { column: string; value: Sql; full: string }[] = [
    ...behind.map((days) => ({ column: paidBy(days), value: covered(sql`coalesce(m.${name(`after ${days}`)}, 0)`), full: fullBy(days) })),
    { column: 'paid_to_date', value: covered(sql`0`), full: 'instalments_paid_to_date' },
  ]
  const columns: Columns = {
    due_on: 'date', currency: 'text', ...layout.columns, instalments: 'int', amount_due: 'money', ...Object.fromEntries(each.flatMap(({ column, full }) => [[column, 'money'], [full, 'int']] as const)), still_open: 'money', released: 'money',
  }
  return relation({
    name: 'dues',
    says: 'Instalments by due date, and what of them was paid by when.',
    columns,
    kept: 'table',
    body: sql`
      SELECT due_on, currency${layout.names()}, count(*) AS instalments, sum(amount) AS amount_due, ${join(each.flatMap(({ column, full }) => [sql`sum(${name(column)}) AS ${name(column)}`, sql`count(CASE WHEN ${name(column)} = amount THEN 1 END) AS ${name(full)}`]))},
             sum(CASE WHEN asked THEN amount - paid_to_date ELSE 0 END) AS still_open, sum(CASE WHEN asked THEN 0 ELSE amount - paid_to_date END) AS released
      FROM (
        SELECT g.due_on, g.amount, l.currency${layout.of('l', loans.accepted.columns)}, ${join(each.map(({ column, value }) => sql`${value} AS ${name(column)}`))}, ${special === undefined ? sql`TRUE` : sql`coalesce(x.plan_now = 'stands', TRUE)`} AS asked
        FROM ${windowed} g
        JOIN ${loans.accepted} l ON l.account_id = g.account_id
        LEFT JOIN ${after} m ON m.ordinal = g.ordinal${special === undefined ? sql`` : sql`
        LEFT JOIN ${special} x ON x.account_id = g.account_id`}
        WHERE ${special === undefined ? sql`(l.disbursed_on IS NULL OR l.disbursed_on <= ${asOf})` : sql`(x.account_id IS NULL OR (x.plan_now <> 'asks nothing' AND (x.falls_due_until IS NULL OR g.due_on <= x.falls_due_until)))`}${classified.passed.includes('method') ? sql` AND NOT ${revolving(sql`l.method`)}` : sql``}
      ) AS told
      GROUP BY due_on, currency${layout.names()}`,
  })
}

/**
 * Accounts that may have ended, or not have begun: what their plan asks, and the last day on which an instalment falls due, where there is
 * one. Of a closed loan that is the day of closing; of a written-off or sold one the day before.
 */
function notPlain({ classified: { standing, received }, validated: { loans }, facts, settings }: Omit<Given, 'book' | 'layout'>): Relation {
  const ended = sql`(l.status NOT IN ('open', 'frozen', 'deceased', 'bankrupt', 'fraud') OR l.closed_on IS NOT NULL OR l.written_off_on IS NOT NULL OR l.sold_on IS NOT NULL OR l.disbursed_on > ${date(settings.as_of)})`
  const those = relation({
    name: 'accounts that may have ended',
    says: 'Accounts with a state of their own, a day of one, or a settlement.',
    columns: { account_id: 'text' },
    kept: 'table',
    body: sql`SELECT l.account_id FROM ${loans.accepted} l WHERE ${ended}${facts.kinds ? sql` UNION SELECT account_id FROM ${received} WHERE settled_on IS NOT NULL` : sql``}`,
  })
  const dayBefore = (on: Hole) => sql`coalesce(${addDays(on, int(-1))}, ${date('1900-01-01')})`
  return relation({
    name: 'how accounts ended',
    says: 'What the plan of each of them asks, and until when its instalments fall due.',
    columns: { account_id: 'text', plan_now: 'text', falls_due_until: 'date' },
    kept: 'table',
    body: sql`
      SELECT s.account_id, s.plan_now, CASE WHEN s.plan_now = 'settled' THEN s.closed_since WHEN s.state = 'written_off' THEN ${dayBefore(sql`s.written_off_on`)} WHEN s.state = 'sold' THEN ${dayBefore(sql`s.sold_on`)} END AS falls_due_until
      FROM ${standing} s
      WHERE EXISTS (SELECT 1 FROM ${those} e WHERE e.account_id = s.account_id)`,
  })
}
