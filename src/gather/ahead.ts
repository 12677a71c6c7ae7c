import { relation, type Relation } from '../engine/relation.ts'
import { date, nothing, some, sql, type Sql } from '../engine/sql.ts'
import type { Classified } from '../classify/classify.ts'
import { plusDays } from '../settings/as-of.ts'
import type { Settings } from '../settings/load.ts'

/** Days to roll that edge shows, counted from work_on. */
export const mostDaysToRoll = 3

/** Instalments that fall due after as_of, as far as the calendar and the edge look; `before`: what falls due between as_of and each; `covered`: only where money is not simply laid on the oldest first. */
export function ahead({ instalments, laying, walked }: Classified, { as_of, work_on, reports }: Settings): Relation {
  const until = plusDays(work_on, Math.max(reports.calendar_days - 1, mostDaysToRoll))
  const within = sql`due_on > ${date(as_of)} AND due_on <= ${date(until)} AND amount_due > 0`
  return relation({
    name: 'instalments ahead',
    says: `Instalments due after ${as_of} and by ${until}.`,
    columns: { account_id: 'text', due_on: 'date', amount: 'money', before: 'money', covered: 'money' },
    kept: 'table',
    body: sql`
      SELECT i.account_id, i.due_on, i.amount_due AS amount, sum(i.amount_due) OVER (PARTITION BY i.account_id ORDER BY i.place, i.ordinal ROWS UNBOUNDED PRECEDING) - i.amount_due AS before, ${laying === undefined ? nothing('money') : sql`coalesce(w.amount_covered, 0)`} AS covered
      FROM (SELECT account_id, due_on, place, ordinal, amount_due FROM ${instalments} WHERE ${within}) AS i${laying === undefined ? sql`` : sql`
      LEFT JOIN (SELECT account_id, place, sum(amount_covered) AS amount_covered FROM ${walked} WHERE ${within} GROUP BY account_id, place) AS w ON w.account_id = i.account_id AND w.place = i.place`}`,
  })
}

/** Where days grow by one a day: accounts, under the alias `o`, with an oldest unpaid due date by which the edge may show them. */
export const nearEdge = ({ as_of, work_on, buckets }: Settings): Sql => {
  const until = plusDays(work_on, mostDaysToRoll)
  return some(buckets.flatMap(({ to }) => (to === null || to < 1 ? [] : [sql`(o.oldest_unpaid_due_on >= ${date(plusDays(as_of, -to))} AND o.oldest_unpaid_due_on <= ${date(plusDays(until, -to - 1))})`])))
}

/** Of accounts with something overdue: what is open by the oldest unpaid due date. Until that is paid the days grow. `plain`: days past due are those since that date; `at`: where the instalments of those near the edge are at hand. */
export function oldestOpen({ instalments, uneven, walkers, walked, laying }: Classified, settings: Settings, plain: boolean, at: Relation = instalments): Relation {
  const sums = laying === undefined
    ? sql`
      SELECT w.account_id, d.due - greatest(w.received, 0) AS amount
      FROM ${walkers} w
      JOIN (
        SELECT i.account_id, sum(i.amount_due) AS due
        FROM ${at} i
        JOIN ${uneven} o ON o.account_id = i.account_id
        WHERE i.due_on <= o.oldest_unpaid_due_on${plain ? sql` AND ${nearEdge(settings)}` : sql``}
        GROUP BY i.account_id
      ) AS d ON d.account_id = w.account_id`
    : sql`
      SELECT i.account_id, sum(i.amount_due - i.amount_covered) AS amount
      FROM ${walked} i
      JOIN ${uneven} o ON o.account_id = i.account_id
      WHERE i.due_on <= o.oldest_unpaid_due_on
      GROUP BY i.account_id`
  return relation({ name: 'open on the oldest due date', says: 'What is open by the oldest unpaid due date of each account that has one.', columns: { account_id: 'text', amount: 'money' }, kept: 'table', body: sums })
}
