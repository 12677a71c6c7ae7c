import { previous } from '../engine/calls.ts'
import type { Engine } from '../engine/engine.ts'
import { join, name, sql, type Sql } from '../engine/sql.ts'
import type { Loaded } from './load.ts'
import { faultColumn } from './typed.ts'

/**
 * Whether each key is greater than the one before it, in file order: then none can repeat, and no grouping of all keys is
 * needed to know it. Rows with a fault leave first, or a blank key would hide a descent.
 */
export async function keysIncrease(engine: Engine, loaded: Loaded, key: readonly string[]): Promise<boolean> {
  const before = key.map((column, at) => sql`${previous(name(column))} AS ${name(`before ${at}`)}`)
  const sound = sql`SELECT * FROM ${loaded.rows} WHERE ${name(faultColumn)} = 0 AND ${join(key.map((column) => sql`${name(column)} IS NOT NULL`), sql` AND `)}`
  const [row] = await engine.rows(
    sql`SELECT count(*) AS n FROM (SELECT ${join(key.map((column) => name(column)))}, ${join(before)} FROM (${sound}) AS sound) AS pairs WHERE ${notGreater(key, 0)}`,
  )
  return Number(row!.n) === 0
}

function notGreater(key: readonly string[], at: number): Sql {
  const column = name(key[at]!)
  const prior = name(`before ${at}`)
  if (at === key.length - 1) return sql`${column} <= ${prior}`
  return sql`(${column} < ${prior} OR (${column} = ${prior} AND ${notGreater(key, at + 1)}))`
}
