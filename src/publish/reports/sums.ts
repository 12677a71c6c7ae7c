import type { Engine, Row, Value } from '../../engine/engine.ts'
import type { Columns, Relation } from '../../engine/relation.ts'
import { int, join, name, sql, text, type as typeName, type Sql } from '../../engine/sql.ts'
import { exact, plain } from '../exact.ts'

/** The place of a column's value among names, from 0 on; none where it is none of them. */
export const placeIn = (column: string, names: readonly string[]): Sql => sql`CASE ${name(column)} ${join(names.map((one, at) => sql`WHEN ${text(one)} THEN ${int(at)}`), sql` `)} END`

/** Rows of a small table in the order of some columns or what is made of them; money and counts are exact. */
export const rowsInOrder = (of: Relation, by: readonly (string | Sql)[], engine: Engine): Promise<Row[]> =>
  engine.rows(sql`SELECT ${join(Object.entries(of.columns).map(([column, type]) => (type === 'date' ? sql`CAST(${name(column)} AS ${typeName('text')}) AS ${name(column)}` : name(column))))} FROM ${of} ORDER BY ${join(by.map((key) => sql`${typeof key === 'string' ? name(key) : key} ASC NULLS FIRST`))}`)

/** A share of exact amounts in millionths, rounded half up; none of nothing. */
export function shareIn(part: bigint, whole: bigint): bigint | null {
  if (whole <= 0n) return null
  const millionths = (((part < 0n ? -part : part) * 2_000_000n) / whole + 1n) / 2n
  return part < 0n ? -millionths : millionths
}

/** A share with six digits behind the point. */
export function shareOf(part: Value, whole: Value): string | null {
  const share = shareIn(exact(String(part)), exact(String(whole)))
  return share === null ? null : plain(share, 6)
}

/** A row with its columns in their order. */
export const inColumns = (row: Row, columns: Columns): Row => Object.fromEntries(Object.keys(columns).map((column) => [column, row[column] ?? null]))
