import { contains, matches } from '../engine/calls.ts'
import type { ColumnType } from '../engine/dialect.ts'
import type { Columns } from '../engine/relation.ts'
import { join, name, sql, text, type as typeName, type Hole, type Sql } from '../engine/sql.ts'

/**
 * Cells of files for people. A spreadsheet runs a text that begins with one of these as a formula, so an apostrophe goes
 * before it, in ids too; files for machines (parquet, json) are exact. A plain signed number or phone such as -12.50 or
 * +8613800000000, or a sign alone, computes nothing and stays as it is.
 */
const formulaStarts = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']
const harmless = '[-+]([0-9]+([.][0-9]+)?)?'

/** Byte order mark: without it a spreadsheet reads UTF-8 as the machine's old code page. */
export const bom = '\uFEFF'

/** In SQL: a column as it stands in a file for people. */
export function cellSql(column: Hole, type: ColumnType): Sql {
  // Most texts begin with a letter of some script: one comparison tells. An IN of eleven would become a join for each column.
  if (type === 'text')
    return sql`CASE WHEN (${column} < 'A' OR ${column} >= ${text('\uFF00')}) AND ${column} <> '' AND ${contains(text(formulaStarts.join('')), sql`substr(${column}, 1, 1)`)} AND NOT ${matches(column, text(harmless))} THEN ${text("'")} || ${column} ELSE ${column} END`
  if (type === 'number') return plainNumber(column)
  return sql`${column}`
}

/** 0.35, not 0.350000: the scale of passed-through numbers says nothing. */
export const plainNumber = (column: Hole): Sql => sql`regexp_replace(CAST(${column} AS ${typeName('text')}), '[.]?0+$', '')`

/** The same in JavaScript, for the few rows that are there. */
export function cell(value: string): string {
  return formulaStarts.includes(value.charAt(0)) && !new RegExp(`^${harmless}$`).test(value) ? `'${value}` : value
}

/** A select list of columns of the alias `of` for people, the byte order mark before the first header where it is asked for. */
export function cellsSql(columns: Columns, withBom: boolean, of: string): Sql {
  return join(Object.entries(columns).map(([column, type], i) => sql`${cellSql(sql`${name(of)}.${name(column)}`, type)} AS ${name(i === 0 && withBom ? bom + column : column)}`))
}
