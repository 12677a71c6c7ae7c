import { accountColumns } from '../../classify/columns.ts'
import type { Engine } from '../../engine/engine.ts'
import { relation, type Relation } from '../../engine/relation.ts'
import { join, name, sql } from '../../engine/sql.ts'
import { UserError } from '../../errors.ts'
import { nearest } from '../../nearest.ts'
import type { Settings } from '../../settings/load.ts'
import { forborneCount, isAged, isHeld } from './aged.ts'
import type { MadeReport } from './report.ts'

/** Columns to group by must be columns of accounts; said before anything is read. */
export function checkBy(by: readonly string[], passed: readonly string[]) {
  const known = [...Object.keys(accountColumns), ...passed]
  for (const column of by) {
    if (known.includes(column)) continue
    const close = nearest(column, known)
    throw new UserError('flag-wrong', { value: `--by names "${column}", which is not a column of accounts`, hint: close === undefined ? `Columns: ${known.join(', ')}.` : `Did you mean "${close}"?` })
  }
}

/** Accounts that are aged, counted and summed by any of their columns, per currency. */
export async function grouping(accounts: Relation, by: readonly string[], settings: Settings, engine: Engine): Promise<MadeReport> {
  const keys = by.filter((column) => column !== 'currency')
  const columns = {
    currency: 'text', ...Object.fromEntries(keys.map((column) => [column, 'text'] as const)),
    accounts: 'int', late: 'int', overdue_amount: 'money', cure_amount: 'money', outstanding_principal: 'money', outstanding_schedule: 'money', held: 'int', ...(keys.includes('forborne') ? {} : forborneCount(accounts).columns),
  } as const
  // A column that this book has no need of is blank.
  const group = keys.map((column) => (column in accounts.columns ? sql`coalesce(CAST(${name(column)} AS VARCHAR), '')` : sql`''`))
  const grouped = relation({
    name: 'ageing by columns',
    says: `Aged accounts by ${by.join(', ')}.`,
    columns,
    body: sql`
      SELECT ${join([sql`currency`, ...keys.map((column, at) => sql`${group[at]!} AS ${name(column)}`)])}, count(*) AS accounts, count(CASE WHEN days_past_due > 0 THEN 1 END) AS late,
             sum(overdue_amount) AS overdue_amount, sum(cure_amount) AS cure_amount, sum(outstanding_principal) AS outstanding_principal, sum(outstanding_schedule) AS outstanding_schedule,
             count(CASE WHEN ${isHeld} THEN 1 END) AS held${keys.includes('forborne') ? sql`` : forborneCount(accounts).value}
      FROM ${accounts} a
      WHERE ${isAged(settings)}
      GROUP BY ${join([sql`currency`, ...group])}`,
  })
  const order = join(['currency', ...keys].map((column) => sql`${name(column)} ASC NULLS FIRST`))
  return { name: 'by', says: `Aged accounts by ${by.join(', ')}, per currency.`, columns, rows: await engine.rows(sql`SELECT * FROM ${grouped} ORDER BY ${order}`) }
}
