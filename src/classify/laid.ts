import { relation, type Relation } from '../engine/relation.ts'
import { date, join, name, sql, type Sql } from '../engine/sql.ts'
import { moves } from './moves.ts'
import { instalments } from './plan.ts'
import { turns } from './turns.ts'
import { ofLoans } from './walkers.ts'
import { any, whether } from './convention.ts'
import type { Laying } from './ways.ts'

/**
 * What money is laid on: rows of the plan as they came, each in two where its fees are covered ahead of the rest. `home`: the
 * instalment that it belongs to, `first_on`: since when it is there, `row_no` and `position`: the places of the row and of the
 * piece in the plan of the account.
 */
function piecesOf(rows: Relation, of: Relation, laying: Laying, as: string): Relation {
  const { plans, fees } = laying
  const apart = instalments(rows, plans, `${as} apart`, true)
  const feesDue = join(['fee_due', 'penalty_due'].filter(plans.has).map((part) => sql`coalesce(i.${name(part)}, 0)`), sql` + `)
  const split = any(laying.conventions, fees)
  const ofAccount = Object.keys(ofLoans).filter((column) => column in of.columns)
  const carried = (from: Sql) => join([sql``, ...ofAccount.map((column) => sql`${from}${name(column)}`)])
  const base = sql`
    SELECT i.account_id, i.ordinal, i.place, i.due_on, i.instalment_no, i.first_on, i.amount_due, ${split ? sql`CASE WHEN ${whether(laying.conventions, fees)} THEN ${feesDue} ELSE 0 END` : sql`0`} AS fees_due${carried(sql`a.`)}
    FROM ${apart} i
    JOIN ${of} a ON a.account_id = i.account_id`
  const home = plans.added ? name('place') : name('ordinal')
  const own = sql`account_id, ordinal, place, ${home} AS home, due_on, instalment_no, first_on${carried(sql``)}`
  const whole = split ? sql`SELECT ${own}, amount_due - fees_due AS amount, FALSE AS is_fee FROM (${base}) AS rest UNION ALL SELECT ${own}, fees_due AS amount, TRUE AS is_fee FROM (${base}) AS fees WHERE fees_due > 0` : sql`SELECT ${own}, amount_due AS amount, FALSE AS is_fee FROM (${base}) AS rest`
  return relation({
    name: as,
    says: 'What money is laid on: rows of the plan, fees apart where they are covered first.',
    columns: {
      account_id: 'text', ordinal: 'bigint', place: 'bigint', home: 'bigint', due_on: 'date', instalment_no: 'int', first_on: 'date', ...Object.fromEntries(ofAccount.map((column) => [column, of.columns[column]!] as const)),
      amount: 'money', is_fee: 'bool', row_no: 'int', position: 'int',
    },
    body: sql`SELECT *, dense_rank() OVER (PARTITION BY account_id ORDER BY place, ordinal) AS row_no, row_number() OVER (PARTITION BY account_id ORDER BY place, ordinal, is_fee DESC) AS position FROM (${whole}) AS pieces`,
  })
}

/** What each instalment got. `rows`: the plan of the accounts `of`, as it came. */
export function laidOn(rows: Relation, of: Relation, laying: Laying, as: string): { readonly pieces: Relation; readonly laid: Relation; readonly home: 'place' | 'ordinal' } {
  const pieces = piecesOf(rows, of, laying, `${as} pieces`)
  const inTurn = any(laying.conventions, laying.inTurn)
  const money = inTurn || any(laying.conventions, laying.named) ? moves(laying.payments, of, laying.facts, laying.asOf, `${as} money`) : undefined
  const pooled = pooledOver(pieces, of, money, laying)
  const late = inTurn ? turns(pieces, money!, laying, `${as} in turn`) : undefined
  const cover = late === undefined ? sql`cover` : sql`coalesce(t.covered, p.cover)`
  const laid = relation({
    name: `${as} laid`,
    says: 'What each instalment got.',
    columns: { account_id: 'text', home: 'bigint', amount_covered: 'money' },
    body: sql`
      SELECT account_id, home, sum(cover) AS amount_covered
      FROM (SELECT p.account_id, p.home, ${cover} AS cover FROM (${pooled}) AS p${late === undefined ? sql`` : sql` LEFT JOIN ${late} t ON t.account_id = p.account_id AND t.position = p.position`}) AS each_piece
      GROUP BY account_id, home`,
  })
  return { pieces, laid, home: laying.plans.added ? 'place' : 'ordinal' }
}

/** All the money of an account over its pieces at once: first what is named, then in order, the fees that have fallen due ahead of the rest. */
function pooledOver(pieces: Relation, of: Relation, money: Relation | undefined, laying: Laying): Sql {
  const { conventions, named, fees, asOf } = laying
  const byName = money !== undefined && any(conventions, named)
  const inNumber = sql`sum(i.amount) OVER (PARTITION BY i.account_id, i.instalment_no ORDER BY i.position ROWS UNBOUNDED PRECEDING) - i.amount`
  const aside = byName ? sql`CASE WHEN ${whether(laying.conventions, named)} THEN greatest(0, least(i.amount, coalesce(n.amount, 0) - (${inNumber}))) ELSE 0 END` : sql`0`
  const first = any(conventions, fees) ? sql`CASE WHEN is_fee AND due_on <= ${date(asOf)} THEN 0 ELSE 1 END` : sql`1`
  const set = sql`
    SELECT i.*, a.received, ${aside} AS set_aside
    FROM ${pieces} i
    JOIN (SELECT account_id, received FROM ${of}) AS a ON a.account_id = i.account_id${byName ? sql`
    LEFT JOIN (SELECT account_id, instalment_no, sum(amount) AS amount FROM ${money} WHERE instalment_no IS NOT NULL GROUP BY account_id, instalment_no) AS n ON n.account_id = i.account_id AND n.instalment_no = i.instalment_no` : sql``}`
  return sql`
    SELECT account_id, home, position, set_aside + greatest(0, least(amount - set_aside, pool - before)) AS cover
    FROM (
      SELECT *, sum(amount - set_aside) OVER (PARTITION BY account_id ORDER BY ${first}, position ROWS UNBOUNDED PRECEDING) - (amount - set_aside) AS before,
             received - sum(set_aside) OVER (PARTITION BY account_id) AS pool
      FROM (${set}) AS set_aside
    ) AS ranked`
}
