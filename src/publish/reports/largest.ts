import type { Engine } from '../../engine/engine.ts'
import type { Relation } from '../../engine/relation.ts'
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

/** Late accounts alone: few of a book. `opening`: how accounts stood when the month began. */
export async function makeLargest(accounts: Relation, opening: Opening | undefined, layout: Layout, settings: Settings, engine: Engine): Promise<MadeReport> {
  const columns = laidOut(largest, layout.columns)
  const groups = ['currency', ...Object.keys(layout.columns)]
  const late = sql`
    SELECT ${join(ofAccount.filter((column) => !(column in layout.columns)).map((column) => sql`a.${name(column)}`))},
           a.currency${layout.of('a', accounts.columns)}, ${opening === undefined ? sql`CAST(NULL AS ${typeName('money')})` : sql`o.overdue_amount`} AS overdue_month_start
    FROM ${accounts} a${opening === undefined ? sql`` : sql`
    LEFT JOIN ${opening.rows} o ON o.account_id = a.account_id`}
    WHERE ${isAged(settings)} AND a.overdue_amount > 0`
  const by = join(groups.map(name))
  const one = sql`SELECT *, CASE WHEN days_past_due > 0 THEN 1 ELSE 0 END AS accounts_late, 'account' AS section FROM late`
  const own = ['account_id', 'product', 'tier', 'held_reason', 'action', 'borrower_id'].filter((column) => !(column in layout.columns))
  const worst = sql`PARTITION BY ${by}, borrower_id, CASE WHEN coalesce(borrower_id, '') = '' THEN account_id END`
  const sum = (column: string): Sql => sql`sum(${name(column)}) OVER (${worst}) AS ${name(column)}`
  const borrowers = sql`
    SELECT ${join(own.map(name))}, ${by}, max(days_past_due) OVER (${worst}) AS days_past_due, ${join(['overdue_amount', 'cure_amount', 'outstanding_principal', 'outstanding_schedule', 'overdue_month_start'].map(sum))},
           max(last_paid_on) OVER (${worst}) AS last_paid_on, count(CASE WHEN days_past_due > 0 THEN 1 END) OVER (${worst}) AS accounts_late, 'borrower' AS section,
           row_number() OVER (${worst} ORDER BY days_past_due DESC NULLS LAST, overdue_amount DESC NULLS LAST, account_id ASC NULLS FIRST) AS nth
    FROM late`
  const asked = Object.keys(columns).filter((column) => column !== 'rank' && column !== 'share')
  const ranked = (rows: Sql) => sql`
    SELECT ${join(asked.map(name))}, row_number() OVER (PARTITION BY ${by} ORDER BY overdue_amount DESC, days_past_due DESC NULLS LAST, borrower_id ASC NULLS LAST, account_id ASC NULLS FIRST) AS rank, sum(overdue_amount) OVER (PARTITION BY ${by}) AS whole
    FROM (${rows}) AS of`
  const rows = await engine.rows(sql`
    WITH late AS (${late})
    SELECT ${join(Object.entries(columns).map(([column, type]) => (column === 'share' ? name('whole') : sql`CAST(${name(column)} AS ${typeName(type)}) AS ${name(column)}`)))}
    FROM (${ranked(one)} UNION ALL ${ranked(sql`SELECT * FROM (${borrowers}) AS each WHERE nth = 1`)}) AS all_of
    WHERE rank <= ${int(most)}
    ORDER BY section, currency ASC NULLS LAST${layout.names()}, rank`)
  return { name: largest.name, says: largest.says, columns, rows: rows.map(({ whole, ...row }) => inColumns({ ...row, share: shareOf(row.overdue_amount!, whole!) }, columns)) }
}
