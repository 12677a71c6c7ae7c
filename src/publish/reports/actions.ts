import type { Engine } from '../../engine/engine.ts'
import { relation, type Relation } from '../../engine/relation.ts'
import { sql, type } from '../../engine/sql.ts'
import { forborneCount, isHeld } from './aged.ts'
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
    overdue_amount: 'money',
    cure_amount: 'money',
  },
}

/** Most of a book has nothing to be done: those lines come from the accounts alone, and only the others are joined and their borrowers counted. */
const lines = (accounts: Relation, done: Relation) =>
  relation({
    name: 'action_lines',
    says: actions.says,
    columns: { ...actions.columns, ...forborneCount(accounts).columns },
    body: sql`
      SELECT a.currency, x.list, x.action, x.channel, CAST(NULL AS ${type('text')}) AS reason, count(*) AS accounts,
             count(DISTINCT coalesce(a.borrower_id, a.account_id)) AS borrowers,
             count(*) FILTER (WHERE x.list IS NOT NULL AND a.leads AND NOT (${isHeld})) AS in_list,
             count(*) FILTER (WHERE ${isHeld}) AS held,
             count(*) FILTER (WHERE a.leads IS NOT TRUE AND NOT (${isHeld})) AS beside_the_leading,
             sum(a.overdue_amount) AS overdue_amount, sum(a.cure_amount) AS cure_amount${forborneCount(accounts).value}
      FROM ${done} x
      JOIN ${accounts} a ON a.account_id = x.account_id
      WHERE x.action <> 'none'
      GROUP BY a.currency, x.list, x.action, x.channel
      UNION ALL
      SELECT a.currency, CAST(NULL AS ${type('text')}), 'none', CAST(NULL AS ${type('text')}), a.reason, count(*), CAST(NULL AS ${type('int')}), 0, count(*) FILTER (WHERE ${isHeld}), 0,
             sum(a.overdue_amount), sum(a.cure_amount)${forborneCount(accounts).value}
      FROM ${accounts} a
      WHERE a.action = 'none'
      GROUP BY a.currency, a.reason`,
  })

export async function makeActions(accounts: Relation, done: Relation, engine: Engine): Promise<MadeReport> {
  const made = lines(accounts, done)
  const rows = await engine.rows(
    sql`SELECT * FROM ${made} ORDER BY currency ASC NULLS LAST, list ASC NULLS LAST, action ASC NULLS LAST, channel ASC NULLS LAST, reason ASC NULLS LAST`,
  )
  return { ...actions, columns: made.columns, rows }
}
