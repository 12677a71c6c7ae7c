import { portionOf } from '../engine/calls.ts'
import { relation, type Relation } from '../engine/relation.ts'
import { date, join, name, sql, type, type Sql } from '../engine/sql.ts'
import type { Conventions } from '../settings/convention-fields.ts'
import { longAgo } from './payments.ts'
import { wholePortion } from './terms.ts'
import { ofLoans } from './walkers.ts'
import { any, whether } from './convention.ts'
import type { Laying } from './ways.ts'

const carried = ['account_id', 'position', 'due_on', 'instalment_no', 'first_on', 'amount', 'is_fee', 'row_no'] as const

/**
 * Payments laid one after the other, each on what it finds open: what it names, fees that have fallen due, what has fallen due, and what
 * lies ahead, in this order as far as the conventions have it. Where money stays, a payment finds only what was there on its day.
 * All accounts take their next payment at once.
 */
export function turns(pieces: Relation, money: Relation, laying: Laying, as: string): Relation {
  const columns = [...carried, ...Object.keys(ofLoans).filter((column) => column in pieces.columns)]
  const own = join(columns.map((column) => sql`p.${name(column)}`))
  const needed = accountsInTurn(pieces, money, laying, `${as}, accounts`)
  return relation({
    name: as,
    says: 'What each piece of a plan got, payment after payment.',
    columns: { account_id: 'text', position: 'int', covered: 'money' },
    body: sql`
      WITH RECURSIVE walk AS (
        SELECT ${own}, CAST(0 AS ${type('money')}) AS covered, 0 AS turn FROM ${pieces} p JOIN ${needed} n ON n.account_id = p.account_id
        UNION ALL
        SELECT ${own}, CAST(covered + takes AS ${type('money')}) AS covered, turn + 1 AS turn FROM (${step(sql`walk`, money, laying)}) AS p
      )
      SELECT w.account_id, w.position, w.covered
      FROM walk w
      LEFT JOIN (SELECT account_id, max(turn) AS turns FROM ${money} GROUP BY account_id) AS l ON l.account_id = w.account_id
      WHERE w.turn = coalesce(l.turns, 0)`,
  })
}

/**
 * The accounts for which turns matter at all: money was ahead of what was due on the day of some payment, and so went elsewhere than to
 * the next instalment; or money stays, and something came into the plan later or is covered first once it is due. All others come out the same at once.
 */
function accountsInTurn(pieces: Relation, money: Relation, laying: Laying, as: string): Relation {
  const { inTurn, conventions, fees } = laying
  const stays = whether(conventions, ({ allocation_time }) => allocation_time === 'when_paid')
  const product = 'product' in pieces.columns ? sql`, product` : sql``
  const later = sql`SELECT DISTINCT account_id FROM ${pieces} WHERE ${whether(conventions, inTurn)} AND ${stays} AND (first_on IS NOT NULL OR (is_fee AND ${whether(conventions, fees)}))`
  // What is due on a day is there before the money of that day.
  const ahead = sql`
    SELECT DISTINCT account_id
    FROM (
      SELECT account_id, is_money, sum(amount) OVER (PARTITION BY account_id ORDER BY on_day, is_money) AS ahead
      FROM (
        SELECT account_id, due_on AS on_day, FALSE AS is_money, -amount AS amount FROM ${pieces} WHERE ${whether(conventions, ({ surplus }) => surplus !== 'next')}
        UNION ALL
        SELECT m.account_id, m.paid_on AS on_day, TRUE AS is_money, m.amount FROM ${money} m JOIN (SELECT account_id${product} FROM ${pieces} WHERE position = 1) AS a ON a.account_id = m.account_id WHERE ${whether(conventions, ({ surplus }) => surplus !== 'next')}
      ) AS each_day
    ) AS summed
    WHERE is_money AND ahead > 0`
  const parts = [...(any(conventions, ({ allocation_time }) => allocation_time === 'when_paid') ? [later] : []), ...(any(conventions, ({ surplus }) => surplus !== 'next') ? [ahead] : [])]
  return relation({ name: as, says: 'Accounts whose payments must be laid one after the other.', columns: { account_id: 'text' }, kept: 'table', body: join(parts, sql` UNION `) })
}

/** The next payment of each account over what it finds open. */
function step(walk: Sql, money: Relation, laying: Laying): Sql {
  const { conventions, named, fees, asOf } = laying
  const whenPaid = whether(conventions, ({ allocation_time }) => allocation_time === 'when_paid')
  const goes = (where: Conventions['surplus']) => whether(conventions, ({ surplus }) => surplus === where)
  const open = sql`CASE WHEN ${whenPaid} AND first_on > m.paid_on THEN 0 ELSE w.amount - covered END`
  // Fees that are due by the payment, where money stays; else by the as-of day.
  const feesDue = sql`${whether(conventions, fees)} AND is_fee AND due_on <= CASE WHEN ${whenPaid} THEN m.paid_on ELSE ${date(asOf)} END`
  const rank = sql`
    CASE WHEN ${whether(conventions, named)} AND w.instalment_no = m.instalment_no THEN 0
         WHEN ${feesDue} THEN 1
         WHEN ${goes('next')} OR due_on <= m.paid_on OR m.paid_on = ${date(longAgo)} THEN 2
         ELSE 3 END`
  const found = sql`
    SELECT w.*, m.amount AS money, ${open} AS open, ${rank} AS rank
    FROM ${walk} w
    JOIN ${money} m ON m.account_id = w.account_id AND m.turn = w.turn + 1`
  const key = sql`CASE WHEN rank = 3 AND ${goes('last')} THEN -row_no ELSE row_no END, position`
  const inOrder = sql`SELECT *, sum(open) OVER (PARTITION BY account_id ORDER BY rank, ${key} ROWS UNBOUNDED PRECEDING) - open AS before FROM (${found}) AS found`
  const takes = sql`greatest(0, least(open, money - before))`
  if (!any(conventions, ({ surplus }) => surplus === 'spread')) return sql`SELECT *, ${takes} AS takes FROM (${inOrder}) AS ranked`
  return spread(inOrder, takes, sql`(rank = 3 AND ${goes('spread')})`, laying.grain !== undefined)
}

/**
 * What lies ahead takes alike: the same amount each, at most itself, so that a small one leaves its rest to the others. Shares add up to
 * the smallest amount of the currency: the first so many of them have together their portion of the whole, rounded half up.
 */
function spread(inOrder: Sql, takes: Sql, ahead: Sql, byGrain: boolean): Sql {
  const among = sql`PARTITION BY account_id, takes_part`
  const shared = sql`
    SELECT *, ${ahead} AND open > 0 AS takes_part, greatest(0, money - sum(CASE WHEN rank < 3 THEN open ELSE 0 END) OVER (PARTITION BY account_id)) AS left_over FROM (${inOrder}) AS ranked`
  const bySize = sql`
    SELECT *, count(*) OVER (${among}) AS sharers, row_number() OVER (${among} ORDER BY open, position) AS nth, sum(open) OVER (${among} ORDER BY open, position ROWS UNBOUNDED PRECEDING) AS so_far FROM (${shared}) AS shared`
  const filled = sql`SELECT *, takes_part AND left_over >= so_far + (sharers - nth) * open AS is_filled FROM (${bySize}) AS by_size`
  const rest = sql`
    SELECT *, left_over - sum(CASE WHEN is_filled THEN open ELSE 0 END) OVER (${among}) AS to_share, count(CASE WHEN NOT is_filled THEN 1 END) OVER (${among}) AS of_those,
           row_number() OVER (PARTITION BY account_id, takes_part, is_filled ORDER BY position) AS place_among
    FROM (${filled}) AS filled`
  const upTo = (place: Sql) => (byGrain ? wholePortion(sql`to_share`, place, sql`of_those`) : portionOf(sql`to_share`, place, sql`of_those`))
  return sql`
    SELECT *, CASE WHEN NOT ${ahead} THEN ${takes} WHEN NOT takes_part THEN 0 WHEN is_filled THEN open ELSE ${upTo(sql`place_among`)} - ${upTo(sql`(place_among - 1)`)} END AS takes
    FROM (${rest}) AS shares`
}
