import type { Engine } from '../../engine/engine.ts'
import { relation, type Relation } from '../../engine/relation.ts'
import { date, join, name, sql, type Sql } from '../../engine/sql.ts'
import type { Layout } from '../../gather/by.ts'
import { plusDays } from '../../settings/as-of.ts'
import type { Settings } from '../../settings/load.ts'
import { isHeld } from './aged.ts'
import { laidOut, type MadeReport, type SaidReport } from './report.ts'
import { inColumns, rowsInOrder } from './sums.ts'

export const dueCalendar: SaidReport = {
  name: 'due_calendar',
  says: 'What falls due from work_on on, what of it is covered already, and who is to be reminded.',
  said: {
    due_on: ['date', 'The due date, of `reports.calendar_days` days from work_on on.'],
    currency: ['text', 'Nothing is added over currencies.'],
    instalments: ['int', 'Instalments above 0 that fall due on it, of accounts that are aged.'],
    amount_due: ['money', 'Their sum.'],
    covered: ['money', 'What of it advances cover already.'],
    open: ['money', 'What of it is still to be paid.'],
    to_remind: ['int', 'Of the instalments those that are not wholly covered, of accounts that are not late, not held, and do not pay by themselves.'],
    to_remind_amount: ['money', 'What is open on them.'],
    autopay: ['int', 'Of the instalments those that are not wholly covered, of accounts that pay by themselves, by the column that `reports.autopay` names; blank where loans have no such column.'],
    autopay_amount: ['money', 'What is open on them.'],
    of_late_accounts: ['int', 'Of the instalments those of accounts that are late already.'],
    of_late_accounts_amount: ['money', 'What is open on them.'],
  },
}

/** Of what falls due the part that is covered now: money of accounts that are ahead goes to the oldest instalment first. */
const coveredAhead: Sql = sql`coalesce(i.covered, greatest(0, least(i.amount, a.advance - i.before)))`

export async function makeDueCalendar(ahead: Relation, accounts: Relation, layout: Layout, { work_on, reports }: Settings, engine: Engine): Promise<MadeReport> {
  const told = reports.autopay in accounts.columns
  const autopay = told ? sql`lower(coalesce(CAST(a.${name(reports.autopay)} AS VARCHAR), '')) IN ('true', 'yes', 'y', '1')` : sql`FALSE`
  const columns = laidOut(dueCalendar, layout.columns)
  const until = plusDays(work_on, reports.calendar_days - 1)
  const found = relation({
    name: 'due ahead',
    says: dueCalendar.says,
    columns,
    body: sql`
      SELECT due_on, currency${layout.names()}, count(*) AS instalments, sum(amount) AS amount_due, sum(amount - open_amount) AS covered, sum(open_amount) AS open, ${join([
        ...counted('to_remind', sql`open_amount > 0 AND NOT is_late AND NOT is_held AND NOT is_autopay`),
        ...(told ? counted('autopay', sql`open_amount > 0 AND is_autopay`) : [sql`NULL AS autopay`, sql`NULL AS autopay_amount`]),
        ...counted('of_late_accounts', sql`is_late`),
      ])}
      FROM (
        SELECT i.due_on, a.currency${layout.of('a', accounts.columns)}, i.amount, i.amount - ${coveredAhead} AS open_amount, coalesce(a.days_late > 0, FALSE) AS is_late, ${isHeld} AS is_held, ${autopay} AS is_autopay
        FROM ${ahead} i
        JOIN ${accounts} a ON a.account_id = i.account_id
        WHERE a.bucket IS NOT NULL AND i.due_on >= ${date(work_on)} AND i.due_on <= ${date(until)}
      ) AS each_one
      GROUP BY due_on, currency${layout.names()}`,
  })
  const rows = await rowsInOrder(found, ['currency', ...Object.keys(layout.columns), 'due_on'], engine)
  return { name: dueCalendar.name, says: dueCalendar.says, columns, rows: rows.map((row) => inColumns(row, columns)) }
}

const counted = (column: string, where: Sql): Sql[] => [sql`count(CASE WHEN ${where} THEN 1 END) AS ${name(column)}`, sql`coalesce(sum(CASE WHEN ${where} THEN open_amount END), 0) AS ${name(`${column}_amount`)}`]
