import { previous } from '../engine/calls.ts'
import { join, name, sql, type Sql } from '../engine/sql.ts'
import type { Loaded } from './load.ts'
import { faultColumn } from './typed.ts'

/**
 * Rows whose key is not greater than the one before it, in file order: where there are none no key can repeat, and no grouping of
 * all keys is needed to know it. Rows with a fault leave first, or a blank key would hide a descent.
 */
export function descents({ rows }: Loaded, key: readonly string[]): Sql {
  const before = key.map((column, at) => sql`${previous(name(column))} AS ${name(`before ${at}`)}`)
  const sound = sql`SELECT * FROM ${rows} WHERE ${name(faultColumn)} = 0 AND ${join(key.map((column) => sql`${name(column)} IS NOT NULL`), sql` AND `)}`
  return sql`SELECT count(*) FROM (SELECT ${join(key.map((column) => name(column)))}, ${join(before)} FROM (${sound}) AS sound) AS pairs WHERE ${notGreater(key, 0)}`
}

function notGreater(key: readonly string[], at: number): Sql {
  const column = name(key[at]!)
  const prior = name(`before ${at}`)
  if (at === key.length - 1) return sql`${column} <= ${prior}`
  return sql`(${column} < ${prior} OR (${column} = ${prior} AND ${notGreater(key, at + 1)}))`
}
