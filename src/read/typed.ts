import { contains, charOf, hashOf, matches, parquetRows, csvRows, trimmed, tryCast } from '../engine/calls.ts'
import { bool, date, every, int, join, name, nothing, sql, text, type, type Hole, type Sql } from '../engine/sql.ts'
import type { FieldShape } from './automaton.ts'
import type { MappedColumn, Mapping, ReadType } from './mapping.ts'
import { cellText, readAs } from './reading.ts'

/** What the bytes make necessary. A clean file needs neither, and pays for neither; the answer is the same. */
export interface Care {
  readonly trim: boolean
  readonly nul: boolean
}

export type Scan =
  | { readonly kind: 'csv'; readonly path: string; readonly delimiter: string; readonly quote: string; readonly fields: number; readonly parallel: boolean; readonly plain: boolean }
  | { readonly kind: 'parquet'; readonly path: string }

/** Column of each kept relation that holds the place (from 1) of the first column at fault, 0 where none is. */
export const faultColumn = 'row fault'
/** Column that tells rows of one key apart where columns are not carried along: a hash of those. */
export const restColumn = 'row rest'

/**
 * One pass that reads text and casts it under exact guards: a value is good when the text of its cast equals the text, or
 * when its shape proves the cast. A lax cast takes `2026-01-31x`, `1e3`, `1.4` for 1, and rounds `12.345`.
 */
export function typedRows(scan: Scan, columns: readonly MappedColumn[], care: Care, scale: number): Sql {
  const carried = columns.filter((column) => column.role !== 'rest')
  // By name: a row is the same row in a file whose columns stand in another order.
  const rest = columns.filter((column) => column.role === 'rest').sort((a, b) => (a.name < b.name ? -1 : 1))
  const plain = scan.kind === 'csv' && scan.plain
  const inner = carried.flatMap((column) => {
    if (plain && isTypedPlain(column)) return [sql`${name(`c${column.at}`)} AS ${name(column.name)}`]
    const raw = rawText(scan, column, care)
    const value = column.reading !== undefined ? readAs(raw, column.reading, column.type, column.holds, scale) : column.type === 'text' ? raw : guarded(raw, column.type, scale)
    return column.type === 'text' ? [sql`${value} AS ${name(column.name)}`] : [sql`${value} AS ${name(column.name)}`, sql`${raw} AS ${name(`text of ${column.name}`)}`]
  })
  if (rest.length > 0) inner.push(sql`${hashOf(...rest.map((column) => rawText(scan, column, care)))} AS ${name(restColumn)}`)
  // The account first: whether it can be read decides whom a row in quarantine holds.
  const faults = [...carried.entries()].sort(([, a], [, b]) => Number(b.name === 'account_id') - Number(a.name === 'account_id')).flatMap(([at, column]) => {
    const bad = plain && column.type !== 'number' && column.type !== 'bool' && isAsFound(column) ? undefined : faultOf(column, care)
    return bad === undefined ? [] : [sql`WHEN ${bad} THEN ${int(at + 1)}`]
  })
  const fault = faults.length === 0 ? int(0) : sql`CASE ${join(faults, sql` `)} ELSE 0 END`
  const outer = [...carried.map((column) => name(column.name)), ...(rest.length > 0 ? [name(restColumn)] : []), sql`${fault} AS ${name(faultColumn)}`]
  const rows = scan.kind === 'csv' ? csvRows(text(scan.path), text(scan.delimiter), text(scan.quote), bool(scan.parallel), ...readerTypes(scan, columns)) : parquetRows(text(scan.path))
  return sql`SELECT ${join(outer)} FROM (SELECT ${join(inner)} FROM ${rows}) AS typed`
}

/** A column that the typed reader gives as the guards would, in a file whose every record is in shape. */
const isTypedPlain = (column: MappedColumn): boolean => column.role !== 'rest' && (column.type === 'int' || column.type === 'date' || column.type === 'money') && isAsFound(column)

/** The value is one field of the file as it stands there. */
const isAsFound = ({ at, values, reading }: MappedColumn): boolean => at !== -1 && reading === undefined && Object.keys(values).length === 0

/** The shapes of the fields that make a file plain (`plain.ts`): then no value can be at fault but for those that are not typed by the reader. */
export function fieldShapes({ headers, columns }: Mapping): FieldShape[] {
  return headers.map((_, at) => {
    const column = columns.find((one) => one.at === at)
    if (column === undefined || !isTypedPlain(column)) return { kind: 'text', filled: column !== undefined && column.mustBeFilled && isAsFound(column) }
    return { kind: column.type as FieldShape['kind'], filled: column.mustBeFilled }
  })
}

const readerTypes = ({ fields, plain }: Scan & { kind: 'csv' }, columns: readonly MappedColumn[]): Hole[] =>
  Array.from({ length: fields }, (_, at) => {
    const column = columns.find((one) => one.at === at)
    return type(plain && column !== undefined && isTypedPlain(column) ? column.type : 'text')
  })

function rawText(scan: Scan, column: MappedColumn, care: Care): Hole {
  const clean = cellText(column, (at, header) => {
    const cell = scan.kind === 'csv' ? name(`c${at}`) : sql`CAST(${name(header)} AS ${type('text')})`
    return care.trim ? sql`nullif(${trimmed(cell)}, '')` : scan.kind === 'parquet' ? sql`nullif(${cell}, '')` : cell
  })
  const translations = Object.entries(column.values)
  if (translations.length === 0) return clean
  const whens = translations.map(([from, to]) => sql`WHEN ${text(from)} THEN ${to === '' ? nothing('text') : text(to)}`)
  return sql`CASE ${clean} ${join(whens, sql` `)} ELSE ${clean} END`
}

export type GuardedType = Exclude<ReadType, 'text'>

/** Of a text the value of its type, blank where it is none. */
export function guarded(raw: Hole, of: GuardedType, scale: number): Sql {
  const cast = tryCast(raw, type(of))
  const same = sql`CAST(${cast} AS ${type('text')}) = ${raw}`
  const when = (good: Hole) => sql`CASE WHEN ${good} THEN ${cast} END`
  switch (of) {
    case 'date':
      // By the date, not by its text: 20250-01-01 and 2025-01-01 (BC) read back alike too.
      return when(sql`${same} AND ${cast} >= ${date('1900-01-01')} AND ${cast} <= ${date('2199-12-31')}`)
    case 'int':
      return when(sql`${same} OR ${matches(raw, text('[0-9]{1,9}([.]0+)?'))}`)
    case 'money':
      return when(sql`${same} OR ${matches(raw, text(`-?[0-9]{1,${18 - scale}}(\\.[0-9]{1,${scale}}0*)?`))}`)
    case 'number':
      return when(matches(raw, text('-?[0-9]{1,12}(\\.[0-9]{1,6}0*)?')))
    case 'bool':
      return when(sql`lower(${raw}) IN ('true', 'false', 'yes', 'no', 'y', 'n', 't', 'f', '1', '0')`)
  }
}

function faultOf(column: MappedColumn, care: Care): Hole | undefined {
  const typed = name(column.name)
  if (column.type === 'text') {
    const nul = care.nul ? [sql`coalesce(${contains(typed, charOf(int(0)))}, FALSE)`] : []
    const blank = column.mustBeFilled ? [sql`${typed} IS NULL`] : []
    const both = [...blank, ...nul]
    return both.length === 0 ? undefined : sql`(${join(both, sql` OR `)})`
  }
  return column.mustBeFilled ? sql`${typed} IS NULL` : every([sql`${typed} IS NULL`, sql`${name(`text of ${column.name}`)} IS NOT NULL`])
}
