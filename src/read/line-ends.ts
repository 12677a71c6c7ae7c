import { charOf, contains } from '../engine/calls.ts'
import type { Engine } from '../engine/engine.ts'
import { int, join, name, sql, text } from '../engine/sql.ts'
import type { Loaded } from './load.ts'
import type { FileFacts } from './records.ts'

/** Columns that are short by what they mean, and hold line ends all the same: a quote may have taken in what follows. Asked only where some record goes over several lines. */
export async function lineEndsIn({ rows, columns }: Loaded, facts: readonly FileFacts[], engine: Engine): Promise<{ column: string; rows: number }[]> {
  const short = columns.filter(({ role, type }) => role === 'used' && type === 'text')
  if (short.length === 0 || !facts.some(({ overLines = 0 }) => overLines > 0)) return []
  const counts = short.map(({ name: column }) => sql`SELECT ${text(column)} AS name, count(*) AS n FROM ${rows} WHERE ${contains(name(column), charOf(int(10)))}`)
  const found = await engine.rows(sql`SELECT name, n FROM (${join(counts, sql` UNION ALL `)}) AS counted WHERE n > 0 ORDER BY name`)
  return found.map((row) => ({ column: String(row.name), rows: Number(row.n) }))
}
