import type { Engine } from '../engine/engine.ts'
import { int, name, sql } from '../engine/sql.ts'
import type { Book } from '../read/read.ts'
import type { ColumnKinds } from './tree.ts'

/** Columns whose values are few: a test of one that the book does not hold is worth a word. */
const mostValues = 200

/** Of the columns of text that are tested, the values that the loans hold, where they are few. */
export async function knownValues(tested: ReadonlySet<string>, columns: ColumnKinds, { loans }: Book, engine: Engine): Promise<Record<string, string[]>> {
  const texts = loans.columns.filter((column) => column.type === 'text' && column.role !== 'rest' && tested.has(column.name) && column.name !== 'account_id' && columns[column.name]?.values === undefined)
  const known: Record<string, string[]> = {}
  for (const column of texts) {
    const values = await engine.rows(sql`SELECT DISTINCT ${name(column.name)} AS value FROM ${loans.rows} WHERE ${name(column.name)} IS NOT NULL ORDER BY value LIMIT ${int(mostValues + 1)}`)
    if (values.length <= mostValues) known[column.name] = values.map((row) => String(row.value))
  }
  return known
}
