import type { Engine, Row } from '../../engine/engine.ts'
import { relation, type Relation } from '../../engine/relation.ts'
import { sql, type } from '../../engine/sql.ts'
import { cell } from '../cells.ts'
import type { PublishedLists } from '../lists/lists.ts'
import { countsBeside, isHeld } from './aged.ts'
import type { MadeReport, Report } from './report.ts'

/** What is to be done tonight, and why nothing is to be done with the rest. */
const actions: Report = {
  name: 'actions',
  says: 'Actions by list and channel, and the accounts with none by its reason, per currency: every account is in at least one line.',
  columns: {
    currency: 'text',
    list: 'text',
    action: 'text',
    channel: 'text',
    reason: 'text',
    accounts: 'int',
    borrowers: 'int',
    in_list: 'int',
    held: 'int',
    beside_the_leading: 'int',
    cut_by_limit: 'int',
    left_out: 'int',
    held_back: 'int',
    overdue_amount: 'money',
    cure_amount: 'money',
  },
}

/** Most of a book has nothing to be done: those lines come from the accounts alone, and only the others are joined and their borrowers counted. */
const lines = (accounts: Relation, done: Relation) =>
  relation({
    name: 'action_lines',
    says: actions.says,
    columns: { ...actions.columns, ...countsBeside(accounts).columns },
    body: sql`
      SELECT a.currency, x.list, x.action, x.channel, CAST(NULL AS ${type('text')}) AS reason, count(*) AS accounts,
             count(DISTINCT coalesce(a.borrower_id, a.account_id)) AS borrowers,
             count(*) FILTER (WHERE x.list IS NOT NULL AND a.leads AND NOT (${isHeld})) AS in_list,
             count(*) FILTER (WHERE ${isHeld}) AS held,
             count(*) FILTER (WHERE a.leads IS NOT TRUE AND NOT (${isHeld})) AS beside_the_leading, 0 AS cut_by_limit, 0 AS left_out, 0 AS held_back,
             sum(a.overdue_amount) AS overdue_amount, sum(a.cure_amount) AS cure_amount${countsBeside(accounts).value}
      FROM ${done} x
      JOIN ${accounts} a ON a.account_id = x.account_id
      WHERE x.action <> 'none'
      GROUP BY a.currency, x.list, x.action, x.channel
      UNION ALL
      SELECT a.currency, CAST(NULL AS ${type('text')}), 'none', CAST(NULL AS ${type('text')}), a.reason, count(*), CAST(NULL AS ${type('int')}), 0, count(*) FILTER (WHERE ${isHeld}), 0, 0, 0, 0,
             sum(a.overdue_amount), sum(a.cure_amount)${countsBeside(accounts).value}
      FROM ${accounts} a
      WHERE a.action = 'none'
      GROUP BY a.currency, a.reason`,
  })

/** `lists`: what they leave out of what stands in them by the rules. */
export async function makeActions(accounts: Relation, done: Relation, engine: Engine, lists?: Pick<PublishedLists, 'leftOut' | 'heldBack'>): Promise<MadeReport> {
  const made = lines(accounts, done)
  const rows = await engine.rows(
    sql`SELECT * FROM ${made} ORDER BY currency ASC NULLS LAST, list ASC NULLS LAST, action ASC NULLS LAST, channel ASC NULLS LAST, reason ASC NULLS LAST`,
  )
  return { ...actions, columns: made.columns, rows: rows.map((row) => narrowed(row, lists)) }
}

/** Each account of a line is in the list, or in the column that says why not. */
function narrowed(row: Row, lists: Pick<PublishedLists, 'leftOut' | 'heldBack'> | undefined): Row {
  if (lists === undefined || row.list === null) return row
  const shown = (value: Row[string] | undefined) => (typeof value === 'string' ? cell(value) : (value ?? null))
  const own = lists.leftOut.find((one) => one.currency === row.currency && one.list === row.list && one.action === shown(row.action) && one.channel === shown(row.channel))
  const [cut, left] = [Number(own?.cut_by_limit ?? 0), Number(own?.left_out ?? 0)]
  const inList = Number(row.in_list) - cut - left
  return { ...row, in_list: lists.heldBack ? 0 : inList, cut_by_limit: cut, left_out: left, held_back: lists.heldBack ? inList : 0 }
}
