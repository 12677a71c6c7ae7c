import { previous } from '../engine/calls.ts'
import { join, name, sql, type, type Hole, type Sql } from '../engine/sql.ts'
import { defaultKeys, type InputName } from '../settings/schema.ts'
import type { Settings } from '../settings/load.ts'
import type { Loaded } from './load.ts'
import { statementOn } from './inputs.ts'
import { faultColumn } from './typed.ts'

/** What tells rows of one number apart in a plan that was changed, and statements apart: in the default key where the file has it. Blank is a value there. */
const ofChanges: readonly string[] = ['version', 'valid_from', 'added_on', statementOn]

/** The columns that make a row unique: as stated, else those of the default with what tells the versions of a plan apart. */
export function keyInForce(input: InputName, stated: readonly string[], has: (column: string) => boolean, rows: Settings['inputs']['schedule']['rows'] = 'instalment'): readonly string[] {
  if (input !== 'schedule') return stated
  const isDefault = stated.join() === defaultKeys.schedule.join()
  // Two payments of one day may be alike: then file and line are the key.
  if (isDefault && rows === 'payment') return []
  if (isDefault && rows === 'component') return keyInForce(input, [...stated, 'kind'], has)
  if (!isDefault) return has(statementOn) ? [...stated, statementOn] : stated
  return [...stated, ...ofChanges.filter((column) => has(column) && !(column === 'valid_from' && has('version')))]
}

/** Those columns of a key that a row must have to be compared at all. */
export const mustHave = (key: readonly string[]): readonly string[] => key.filter((column) => !ofChanges.includes(column))

/** The value by which rows of one key are told apart. */
export const keyValue = (column: string, of: Hole = name(column)): Hole => (ofChanges.includes(column) ? sql`coalesce(CAST(${of} AS ${type('text')}), '')` : of)

/**
 * Rows whose key is not greater than the one before it, in file order: where there are none no key can repeat, and no grouping of
 * all keys is needed to know it. Rows with a fault leave first, or a blank key would hide a descent.
 */
export function descents({ rows }: Loaded, key: readonly string[]): Sql {
  const before = key.map((column, at) => sql`${previous(keyValue(column))} AS ${name(`before ${at}`)}`)
  const sound = sql`SELECT * FROM ${rows} WHERE ${name(faultColumn)} = 0 AND ${join(mustHave(key).map((column) => sql`${name(column)} IS NOT NULL`), sql` AND `)}`
  return sql`SELECT count(*) FROM (SELECT ${join(key.map((column) => sql`${keyValue(column)} AS ${name(column)}`))}, ${join(before)} FROM (${sound}) AS sound) AS pairs WHERE ${notGreater(key, 0)}`
}

function notGreater(key: readonly string[], at: number): Sql {
  const column = name(key[at]!)
  const prior = name(`before ${at}`)
  if (at === key.length - 1) return sql`${column} <= ${prior}`
  return sql`(${column} < ${prior} OR (${column} = ${prior} AND ${notGreater(key, at + 1)}))`
}
