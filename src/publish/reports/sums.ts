import type { Engine, Row, Value } from '../../engine/engine.ts'
import type { Columns, Relation } from '../../engine/relation.ts'
import { join, name, sql, type as typeName } from '../../engine/sql.ts'
import { exact } from '../exact.ts'

/** Rows of a small table in the order of some columns; money and counts are exact. */
export const rowsInOrder = (of: Relation, by: readonly string[], engine: Engine): Promise<Row[]> =>
  engine.rows(sql`SELECT ${join(Object.entries(of.columns).map(([column, type]) => (type === 'date' ? sql`CAST(${name(column)} AS ${typeName('text')}) AS ${name(column)}` : name(column))))} FROM ${of} ORDER BY ${join(by.map((column) => sql`${name(column)} ASC NULLS FIRST`))}`)

/** A share with six digits behind the point, rounded half up; none of nothing. */
export function shareOf(part: Value, whole: Value): string | null {
  const [of, all] = [exact(String(part)), exact(String(whole))]
  if (all <= 0n) return null
  const millionths = (((of < 0n ? -of : of) * 2_000_000n) / all + 1n) / 2n
  const digits = millionths.toString().padStart(7, '0')
  return `${of < 0n && millionths > 0n ? '-' : ''}${digits.slice(0, -6)}.${digits.slice(-6)}`
}

/** A row with its columns in their order. */
export const inColumns = (row: Row, columns: Columns): Row => Object.fromEntries(Object.keys(columns).map((column) => [column, row[column] ?? null]))
