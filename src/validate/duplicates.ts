import { hashOf } from '../engine/calls.ts'
import { relation, type Relation } from '../engine/relation.ts'
import { int, join, name, sql } from '../engine/sql.ts'
import type { ReadInput } from '../read/read.ts'
import { faultColumn } from '../read/typed.ts'
import { numberOf } from './checks.ts'
import { ordinalColumn } from './rows.ts'

/**
 * Rows whose declared key stands more than once: an exact twin is rejected and its first copy stands, one key with two
 * contents rejects all. Where the key is known to increase from row to row there is nothing to look for.
 */
export function duplicates(read: ReadInput, rows: Relation, faults: Relation): Relation | undefined {
  if (read.keyIncreases || read.key.length === 0) return undefined
  const key = read.key.map((column) => name(column))
  const sound = sql`SELECT * FROM ${rows} r WHERE ${name(faultColumn)} = 0 AND NOT EXISTS (SELECT 1 FROM ${faults} f WHERE f.ordinal = r.ordinal) AND ${join(key.map((column) => sql`${column} IS NOT NULL`), sql` AND `)}`
  const repeated = relation({
    name: `${read.input} repeated keys`,
    says: `Keys of ${read.input} that more than one row bears.`,
    columns: Object.fromEntries(read.key.map((column) => [column, rows.columns[column]!] as const)),
    kept: 'table',
    body: sql`SELECT ${join(key)} FROM (${sound}) AS sound GROUP BY ${join(key)} HAVING count(*) > 1`,
  })
  const contents = Object.keys(rows.columns).filter((column) => column !== ordinalColumn && column !== faultColumn)
  const same = join(read.key.map((column) => sql`s.${name(column)} = k.${name(column)}`), sql` AND `)
  const byKey = sql`PARTITION BY ${join(key)}`
  return relation({
    name: `${read.input} duplicates`,
    says: `Rows of ${read.input} that repeat an earlier one, or that share a key with another content.`,
    columns: { ordinal: 'bigint', reason: 'int' },
    kept: 'table',
    body: sql`
      SELECT ordinal, CASE WHEN least_content = most_content THEN ${int(numberOf('twin'))} ELSE ${int(numberOf('conflicting-key'))} END AS reason
      FROM (
        SELECT ordinal, min(content) OVER (${byKey}) AS least_content, max(content) OVER (${byKey}) AS most_content, min(ordinal) OVER (${byKey}) AS first_ordinal
        FROM (
          SELECT s.ordinal, ${join(read.key.map((column) => sql`s.${name(column)}`))}, ${hashOf(...contents.map((column) => sql`s.${name(column)}`))} AS content
          FROM (${sound}) AS s
          JOIN ${repeated} k ON ${same}
        ) AS members
      ) AS compared
      WHERE least_content <> most_content OR ordinal <> first_ordinal`,
  })
}
