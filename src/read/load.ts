import { rmSync } from 'node:fs'
import { join as joinPath } from 'node:path'
import type { Engine } from '../engine/engine.ts'
import { relation, type Columns, type Relation } from '../engine/relation.ts'
import { join, name, nothing, sql, text, type Sql } from '../engine/sql.ts'
import { UserError } from '../errors.ts'
import type { InputName } from '../settings/schema.ts'
import { columnsOf } from './inputs.ts'
import type { MappedColumn, Mapping } from './mapping.ts'
import type { TextForm, TextFound } from './prepared.ts'
import type { CsvShape } from './records.ts'
import { repair, type BadRecord } from './repair.ts'
import type { Stretch } from './stretches.ts'
import { ofFile, streamOf, type SourceFile } from './source.ts'
import { faultColumn, restColumn, typedRows, type Care, type Scan } from './typed.ts'

export interface LoadedFile {
  readonly source: SourceFile
  readonly mapping: Mapping
  readonly shape: CsvShape
  /** Rows of this file in the kept relation; their ordinals begin at `from`. */
  readonly from: number
  readonly rows: number
  /** Records that cannot be read as rows at all; all of them are counted, and the first are kept. */
  readonly broken: readonly BadRecord[]
  readonly brokenCount: number
  readonly repaired: boolean
  /** Read by the typed reader without guards: good only if every record proves to be in shape. */
  readonly unguarded: boolean
  /** Line of the last record, where it breaks off at the end of the file. */
  readonly cutAt?: number | undefined
  readonly lines?: readonly number[]
  readonly above?: number
  readonly found?: TextFound
  /** Where the lines of its rows were looked up before: the file itself is not read then. */
  readonly stretches?: readonly Stretch[]
}

export interface Loaded {
  readonly input: InputName
  readonly rows: Relation
  /** All columns of all files, each once. */
  readonly columns: readonly MappedColumn[]
  readonly files: readonly LoadedFile[]
  readonly read: number
}

/** Decimals of money in a plain file. No book is read with fewer, or the typed reader would round (`scaleOf`). */
export const plainScale = 2

/** Broken records kept with their text; where there are more, all are read again one by one. */
const keptBroken = 20_000

export interface Planned {
  readonly source: SourceFile
  readonly mapping: Mapping
  readonly shape: CsvShape
  /** The strict reader may be misled by the bytes: go by way of the clean copy at once. */
  readonly mend?: boolean
  /** Its first records are in the shape that needs no guards. */
  readonly plain?: boolean
  /** Of a copy with some of a file's lines: which, one a record. */
  readonly lines?: readonly number[]
  /** What must be done to its text first; of the copy then: lines of the file above its own first, and what was found. */
  readonly form?: TextForm
  readonly above?: number
  readonly found?: TextFound
}

/** The physical line of a record in the file that was given. Of a copy the header is the first line. */
export const lineIn = ({ lines, above = 0 }: Pick<Planned, 'lines' | 'above'>, line: number): number => (lines === undefined ? line + above : lines[line - 2]!)

/** Reads the files of one input into one kept relation, in file order: strictly first, and by way of a clean copy where that fails. */
export async function load(engine: Engine, input: InputName, files: readonly Planned[], care: Care, scratch: string, scale: number): Promise<Loaded> {
  if (files.length === 0) return none(engine, input)
  const columns = unionOf(files.map((file) => file.mapping))
  const carried = columns.filter((column) => column.role !== 'rest')
  const anyRest = columns.some((column) => column.role === 'rest')
  const shape: Columns = {
    ...Object.fromEntries(carried.map((column) => [column.name, column.type] as const)),
    ...(anyRest ? { [restColumn]: 'bigint' as const } : {}),
    [faultColumn]: 'small',
  }
  const rows = relation({ name: `${input} read`, says: `The rows of ${input} as read, in file order, with the place of the first column at fault.`, columns: shape, kept: 'table' })
  const loaded: LoadedFile[] = []
  let from = 0
  for (const [at, file] of files.entries()) {
    const one = await loadFile(engine, rows, file, columns, care, joinPath(scratch, `${input}-${at}.csv`), scale, at > 0, from)
    loaded.push({ ...file, ...one, from })
    from += one.rows
  }
  return { input, rows, columns, files: loaded, read: from + loaded.reduce((sum, file) => sum + file.brokenCount, 0) }
}

/** What payments that stand on the rows of the schedule say beside day and amount. */
const stoodFor: readonly string[] = ['penalty_paid']

/** An input that nobody gave, and that is not needed: as a file with the usual header and no row. */
async function none(engine: Engine, input: InputName): Promise<Loaded> {
  const usual = Object.entries(columnsOf(input)).filter(([column, { required, filled }]) => required === true || filled === true || column === 'amount_due' || stoodFor.includes(column))
  const columns = usual.map(([name, { type }]): MappedColumn => ({ name, header: name, at: -1, type, mustBeFilled: false, role: 'used', values: {} }))
  const rows = relation({ name: `${input} read`, says: `No row: there is no file of ${input}.`, columns: { ...Object.fromEntries(usual.map(([name, { type }]) => [name, type] as const)), [faultColumn]: 'small' }, kept: 'table' })
  await engine.put(rows, [])
  return { input, rows, columns, files: [], read: 0 }
}

async function loadFile(engine: Engine, rows: Relation, file: Planned, columns: readonly MappedColumn[], care: Care, copy: string, scale: number, add: boolean, from: number) {
  const put = async (scan: Scan) => {
    await engine.load(rows, inShape(typedRows(scan, file.mapping.columns, care, scale), file.mapping.columns, columns), add)
    const [counted] = await engine.rows(sql`SELECT count(*) AS n FROM ${rows}`)
    return Number(counted!.n) - from
  }
  if (file.source.format === 'parquet') {
    try {
      return { rows: await put({ kind: 'parquet', path: file.source.path }), broken: [], brokenCount: 0, repaired: false, unguarded: false }
    } catch (error) {
      return ofFile(file.source)(error)
    }
  }
  const scan = (path: string, parallel: boolean, plain = false): Scan => ({ kind: 'csv', path, delimiter: file.shape.delimiter, quote: file.shape.quote, fields: file.shape.columns, parallel, plain })
  let mend = file.mend === true
  if (!mend) {
    if (file.plain === true) {
      try {
        return { rows: await put(scan(file.source.path, true, true)), broken: [], brokenCount: 0, repaired: false, unguarded: true }
      } catch (error) {
        if (!isCsvFault(error)) return ofFile(file.source)(error)
        mend = isRecordFault(error)
      }
    }
  }
  if (!mend) {
    try {
      return { rows: await put(scan(file.source.path, true)), broken: [], brokenCount: 0, repaired: false, unguarded: false }
    } catch (error) {
      if (!isCsvFault(error)) return ofFile(file.source)(error)
    }
  }
  const separated = await repair(streamOf(file.source), file.shape, copy, { maxBad: keptBroken }).catch(ofFile(file.source))
  try {
    const read = await readCopy(put, scan, copy)
    if (read !== separated.good) throw new UserError('count-differs', { input: file.source.shown, value: read, other: separated.good })
    return { rows: read, broken: separated.bad, brokenCount: separated.badCount, repaired: true, unguarded: false, cutAt: separated.cutAt }
  } finally {
    rmSync(copy, { force: true })
  }
}

/** A field that holds text shaped like rows can raise a false error in the parallel reader; the serial one is then exact. */
async function readCopy(put: (scan: Scan) => Promise<number>, scan: (path: string, parallel: boolean) => Scan, copy: string) {
  try {
    return await put(scan(copy, true))
  } catch (error) {
    if (!isCsvFault(error)) throw error
    return await put(scan(copy, false))
  }
}

const isCsvFault = (error: unknown) => error instanceof Error && !(error instanceof UserError) && /CSV|unicode|UTF-?8|state machine|line size/i.test(error.message)

/** A record is at fault, not a value: read as text it is so too. */
const isRecordFault = (error: unknown) => /Expected Number of Columns|unterminated quote|unicode|state machine|line size/i.test((error as Error).message)

/** Files of one input may have their columns in any order, and some may lack one. */
function inShape(body: Sql, have: readonly MappedColumn[], columns: readonly MappedColumn[]): Sql {
  const names = new Set(have.map((column) => column.name))
  const carried = columns.filter((column) => column.role !== 'rest')
  const own = have.filter((column) => column.role !== 'rest')
  // The fault is a place among the columns of its own file: it stands where the other files have the same order.
  if (carried.length === own.length && carried.every((column, at) => column.name === own[at]!.name)) {
    const restMissing = columns.some((column) => column.role === 'rest') && !have.some((column) => column.role === 'rest')
    if (!restMissing) return body
  }
  const select = carried.map((column) => (names.has(column.name) ? name(column.name) : sql`${nothing(column.type)} AS ${name(column.name)}`))
  if (columns.some((column) => column.role === 'rest')) select.push(have.some((column) => column.role === 'rest') ? name(restColumn) : sql`${nothing('bigint')} AS ${name(restColumn)}`)
  const moved = own.map((column, at) => sql`WHEN ${text(String(at + 1))} THEN ${text(String(carried.findIndex((other) => other.name === column.name) + 1))}`)
  select.push(sql`CAST(CASE CAST(${name(faultColumn)} AS VARCHAR) ${join(moved, sql` `)} ELSE '0' END AS INTEGER) AS ${name(faultColumn)}`)
  return sql`SELECT ${join(select)} FROM (${body}) AS own`
}

function unionOf(mappings: readonly Mapping[]): MappedColumn[] {
  const found = new Map<string, MappedColumn>()
  for (const mapping of mappings) for (const column of mapping.columns) if (!found.has(column.name)) found.set(column.name, column)
  return [...found.values()]
}
