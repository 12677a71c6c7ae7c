import type { Engine } from '../../engine/engine.ts'
import { relation, type Relation } from '../../engine/relation.ts'
import { int, join, name, sql, type Hole } from '../../engine/sql.ts'
import { UserError } from '../../errors.ts'
import type { Settings } from '../../settings/load.ts'
import { bucketsInOrder, countsBeside, isHeld, tierOrder } from './aged.ts'
import { figures, inTables, type Question } from './asked.ts'
import type { MadeReport } from './report.ts'
import { placeIn } from './sums.ts'

/** Groups are few: a table of more is a file, and accounts.parquet is that. */
const most = 10_000

/** Accounts counted and summed by any of their columns, per currency. */
export async function grouping(accounts: Relation, question: Question, settings: Settings, engine: Engine): Promise<MadeReport> {
  const keys = keysOf(question)
  const beside = countsBeside(accounts, keys)
  // A column that this book has no need of is blank.
  const columns = { currency: 'text', ...Object.fromEntries(keys.map((column) => [column, accounts.columns[column] ?? 'text'] as const)), ...figures, ...beside.columns } as const
  const value = (column: string): Hole => (column in accounts.columns ? name(column) : sql`''`)
  const grouped = relation({
    name: 'ageing by columns',
    says: `Accounts by ${question.by.join(', ')}.`,
    columns,
    body: sql`
      SELECT ${join([sql`currency`, ...keys.map((column) => sql`${value(column)} AS ${name(column)}`)])}, count(*) AS accounts, count(CASE WHEN days_past_due > 0 THEN 1 END) AS late,
             sum(overdue_amount) AS overdue_amount, sum(cure_amount) AS cure_amount, sum(outstanding_principal) AS outstanding_principal, sum(outstanding_schedule) AS outstanding_schedule,
             count(CASE WHEN ${isHeld} THEN 1 END) AS held${beside.value}
      FROM ${accounts} a
      WHERE ${inTables(question, settings)}
      GROUP BY ${join([sql`currency`, ...keys.map(value)])}`,
  })
  const rows = await engine.rows(sql`SELECT * FROM ${grouped} ORDER BY ${join(['currency', ...keys].flatMap((column) => inOrderOf(column, settings)))} LIMIT ${int(most + 1)}`)
  if (rows.length > most) throw new UserError('flag-wrong', { value: `--by ${question.by.join(',')} gives more than ${most} groups`, hint: 'Group by columns with fewer values, or take accounts.parquet of "arrears age --out DIR".' })
  return { name: 'by', says: `Accounts by ${question.by.join(', ')}, per currency.`, columns, rows }
}

/** Each column once; the currency always comes first. */
export const keysOf = ({ by }: Question) => [...new Set(by)].filter((column) => column !== 'currency')

/** Tiers and buckets in their own order, all else by value; blanks first. */
export function inOrderOf(column: string, settings: Pick<Settings, 'tiers' | 'buckets'>): Hole[] {
  const known = column === 'tier' || column === 'borrower_tier' ? tierOrder(settings).map((tier) => tier.name) : column === 'bucket' ? bucketsInOrder(settings).map((bucket) => bucket.name) : []
  return [...(known.length === 0 ? [] : [sql`${placeIn(column, known)} ASC NULLS LAST`]), sql`${name(column)} ASC NULLS FIRST`]
}
