import { valueAtMin } from '../engine/calls.ts'
import { relation, type Relation } from '../engine/relation.ts'
import { date, sql } from '../engine/sql.ts'

/** What one instalment gets: what the earlier ones took is gone; this one gets the rest, at least 0, at most itself. */
const coverOf = sql`greatest(0, least(amount_due, received - before))`
/** Inside an instalment money covers penalty, fee and interest first, so principal gets what is left of the cover. */
const principalCoverOf = sql`greatest(0, least(amount_due, received - before) - (amount_due - coalesce(principal_due, 0)))`

/**
 * Instalments of some accounts, oldest first, with what they got. `of`: accounts with `received` and `closing_on`. Most accounts are
 * exactly up to date and need no such walk; explain walks any.
 */
export function covered(instalments: Relation, of: Relation, as: string): Relation {
  return relation({
    name: as,
    says: 'Instalments, oldest first, and how much of each the money received covers.',
    columns: { account_id: 'text', instalment_no: 'int', due_on: 'date', place: 'bigint', amount_due: 'money', before: 'money', amount_covered: 'money', principal_covered: 'money', closing_on: 'date' },
    body: sql`
      SELECT account_id, instalment_no, due_on, place, amount_due, before, ${coverOf} AS amount_covered, ${principalCoverOf} AS principal_covered, closing_on
      FROM (
        SELECT i.account_id, i.instalment_no, i.due_on, i.place, i.amount_due, i.principal_due, a.received, a.closing_on,
               sum(i.amount_due) OVER (PARTITION BY i.account_id ORDER BY i.place, i.ordinal ROWS UNBOUNDED PRECEDING) - i.amount_due AS before
        FROM ${instalments} i
        JOIN ${of} a ON a.account_id = i.account_id
      ) AS walked`,
  })
}

/** The accounts whose money is not exactly what is due to date, on one line each. */
export function uneven(walked: Relation, asOf: string, withToday = false): Relation {
  const day = date(asOf)
  const open = sql`amount_covered < amount_due`
  return relation({
    name: 'uneven',
    says: 'Accounts behind or ahead of their plan: what is open, since when, and what comes next.',
    columns: {
      account_id: 'text', oldest_unpaid_due_on: 'date', instalments_overdue: 'int', instalments_paid: 'int', principal_covered: 'money',
      next_on: 'date', next_amount: 'money', due_before_closing: 'money', due_by_closing: 'money', ...(withToday ? { open_today: 'int' as const } : {}),
    },
    kept: 'table',
    body: sql`
      SELECT account_id,
             min(CASE WHEN due_on < ${day} AND ${open} THEN due_on END) AS oldest_unpaid_due_on,
             count(CASE WHEN due_on < ${day} AND ${open} THEN 1 END) AS instalments_overdue,
             count(CASE WHEN amount_due > 0 AND NOT (${open}) THEN 1 END) AS instalments_paid,
             sum(principal_covered) AS principal_covered,
             min(CASE WHEN due_on >= ${day} AND ${open} THEN due_on END) AS next_on,
             ${valueAtMin(sql`amount_due - amount_covered`, sql`CASE WHEN due_on >= ${day} AND ${open} THEN place END`)} AS next_amount,
             sum(CASE WHEN due_on < closing_on THEN amount_due ELSE 0 END) AS due_before_closing,
             sum(CASE WHEN due_on <= closing_on THEN amount_due ELSE 0 END) AS due_by_closing${withToday ? sql`,
             count(CASE WHEN due_on = ${day} AND ${open} THEN 1 END) AS open_today` : sql``}
      FROM ${walked}
      GROUP BY account_id`,
  })
}
