import type { Engine } from '../../engine/engine.ts'
import { relation, type Relation } from '../../engine/relation.ts'
import { int, join, name, sql, type as typeName, type Sql } from '../../engine/sql.ts'
import type { Layout } from '../../gather/by.ts'
import type { Opening } from '../../gather/opening.ts'
import type { Settings } from '../../settings/load.ts'
import { isAged } from './aged.ts'
import { laidOut, type MadeReport, type SaidReport } from './report.ts'
import { inColumns, shareOf } from './sums.ts'

/** How many of each section and currency. */
const most = 50

export const largest: SaidReport = {
  name: 'largest',
  says: `The ${most} accounts and the ${most} borrowers with the most overdue, of each currency.`,
  said: {
    section: ['text', '`account`; `borrower`: all aged accounts of a borrower in this currency. An account without a borrower is one of its own.'],
    currency: ['text', 'Nothing is added over currencies.'],
    rank: ['int', 'By overdue_amount, then days_past_due, then borrower and account.'],
    account_id: ['text', 'Of a borrower the account that is most days past due.'],
    borrower_id: ['text', 'Blank where the account names none.'],
    accounts_late: ['int', 'Accounts past due that are added up here.'],
    product: ['text', 'Of the account.'],
    tier: ['text', 'Of the account.'],
    days_past_due: ['int', 'Of a borrower the most of any account.'],
    overdue_amount: ['money', 'What is overdue.'],
    share: ['number', 'Of all that is overdue in the currency (and group).'],
    cure_amount: ['money', 'What makes it current.'],
    outstanding_principal: ['money', 'Principal still owed.'],
    outstanding_schedule: ['money', 'All that the plan still asks.'],
    overdue_month_start: ['money', 'What was overdue when the month began; blank where the accounts were not in the book or no earlier day can be told.'],
    last_paid_on: ['date', 'Last day with cash of the borrower.'],
    held_reason: ['text', 'Why no action may leave for the account.'],
    action: ['text', 'What the rules ask for the account.'],
  },
}

const ofAccount = ['account_id', 'borrower_id', 'product', 'tier', 'days_past_due', 'overdue_amount', 'cure_amount', 'outstanding_principal', 'outstanding_schedule', 'last_paid_on', 'held_reason', 'action'] as const

const inText = (columns: readonly string[]) => Object.fromEntries(columns.map((column) => [column, 'text'] as const))

/** Late accounts alone are ranked, and of the few that are shown the rest is looked up. `opening`: how accounts stood when the month began. */
export async function makeLargest(accounts: Relation, opening: Opening | undefined, layout: Layout, settings: Settings, engine: Engine): Promise<MadeReport> {
  // What days rest on, where the book has more than plans.
  const marks = ['basis'].filter((mark) => mark in accounts.columns && !(mark in layout.columns))
  const columns = { ...laidOut(largest, layout.columns), ...inText(marks) }
  const groups = ['currency', ...Object.keys(layout.columns)]
  const by = join(groups.map(name))
  const own = [...ofAccount.filter((column) => !(column in layout.columns)), ...marks]
  const ofGroup = (alias: string) => join(groups.map((column) => sql`${name(alias)}.${name(column)}`))
  const late = relation({
    name: 'late accounts',
    says: 'Accounts with something overdue; `whose`: the borrower, or the account itself where it names none.',
    columns: { ...Object.fromEntries(own.map((column) => [column, accounts.columns[column]!] as const)), ...inText(groups), borrower: 'text', whose: 'text' },
    kept: 'table',
    body: sql`
      SELECT ${join(own.map((column) => sql`a.${name(column)}`))}, a.currency${layout.of('a', accounts.columns)}, a.borrower_id AS borrower, CASE WHEN coalesce(a.borrower_id, '') = '' THEN concat('account ', a.account_id) ELSE concat('borrower ', a.borrower_id) END AS whose
      FROM ${accounts} a
      WHERE ${isAged(settings)} AND a.overdue_amount > 0`,
  })
  const ranked = (rows: Sql) => sql`
    SELECT * FROM (
      SELECT *, row_number() OVER (PARTITION BY ${by} ORDER BY overdue_amount DESC, days_past_due DESC NULLS LAST, borrower ASC NULLS LAST, account_id ASC NULLS FIRST) AS rank, sum(overdue_amount) OVER (PARTITION BY ${by}) AS whole
      FROM (${rows}) AS each_one
    ) AS in_order
    WHERE rank <= ${int(most)}`
  const borrowers = ranked(sql`SELECT ${by}, whose, min(borrower) AS borrower, min(account_id) AS account_id, max(days_past_due) AS days_past_due, sum(overdue_amount) AS overdue_amount FROM ${late} GROUP BY ${by}, whose`)
  const chosen = relation({
    name: 'largest accounts and borrowers',
    says: 'The accounts of each line.',
    columns: { section: 'text', ...inText(groups), rank: 'int', whole: 'money', account_id: 'text' },
    kept: 'table',
    body: sql`
      SELECT 'account' AS section, ${by}, rank, whole, account_id FROM (${ranked(sql`SELECT ${by}, account_id, borrower, days_past_due, overdue_amount FROM ${late}`)}) AS accounts
      UNION ALL
      SELECT 'borrower', ${ofGroup('b')}, b.rank, b.whole, l.account_id
      FROM (${borrowers}) AS b
      JOIN ${late} l ON l.whose = b.whose AND ${join(groups.map((column) => sql`coalesce(l.${name(column)}, '') = coalesce(b.${name(column)}, '')`), sql` AND `)}`,
  })
  const line = sql`PARTITION BY section, ${by}, rank`
  const summed = ['overdue_amount', 'cure_amount', 'outstanding_principal', 'outstanding_schedule', 'overdue_month_start']
  const oneEach = Object.keys(columns).filter((column) => ![...summed, 'share', 'days_past_due', 'last_paid_on', 'accounts_late'].includes(column))
  const rows = await engine.rows(sql`
    SELECT ${join(Object.entries(columns).map(([column, type]) => (column === 'share' ? name('whole') : sql`CAST(${name(column)} AS ${typeName(type)}) AS ${name(column)}`)))}
    FROM (
      SELECT ${join(oneEach.map(name))}, whole, ${join(summed.map((column) => sql`sum(${name(column)}) OVER (${line}) AS ${name(column)}`))}, max(days_past_due) OVER (${line}) AS days_past_due,
             max(last_paid_on) OVER (${line}) AS last_paid_on, count(CASE WHEN days_past_due > 0 THEN 1 END) OVER (${line}) AS accounts_late,
             row_number() OVER (${line} ORDER BY days_past_due DESC NULLS LAST, overdue_amount DESC NULLS LAST, account_id ASC NULLS FIRST) AS nth
      FROM (
        SELECT c.section, ${ofGroup('c')}, c.rank, c.whole, ${join(own.map((column) => sql`a.${name(column)}`))}, ${opening === undefined ? sql`CAST(NULL AS ${typeName('money')})` : sql`o.overdue_amount`} AS overdue_month_start
        FROM ${chosen} c
        JOIN ${late} a ON a.account_id = c.account_id${opening === undefined ? sql`` : sql`
        LEFT JOIN ${opening.rows} o ON o.account_id = c.account_id`}
      ) AS of_accounts
    ) AS lines
    WHERE nth = 1
    ORDER BY section, currency ASC NULLS LAST${layout.names()}, rank`)
  return { name: largest.name, says: largest.says, columns, rows: rows.map(({ whole, ...row }) => inColumns({ ...row, share: shareOf(row.overdue_amount!, whole!) }, columns)) }
}
