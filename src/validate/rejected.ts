import { isDay } from '../settings/as-of.ts'
import type { Engine, Row } from '../engine/engine.ts'
import { relation, type Relation } from '../engine/relation.ts'
import { sql } from '../engine/sql.ts'
import type { Reject } from '../outcome.ts'
import { parseFields } from '../read/fields.ts'
import { lineIn, type LoadedFile } from '../read/load.ts'
import { unblanked } from '../read/ids.ts'
import { locate } from '../read/locate.ts'
import type { MappedColumn } from '../read/mapping.ts'
import { canonical, cellOf, looksLikeDay, looksLikeNumber } from '../read/reading.ts'
import type { ReadInput } from '../read/read.ts'
import { mustBeUnchanged, streamOf, unreadable } from '../read/source.ts'
import type { InputName } from '../settings/schema.ts'
import { checkOf, codeOf, inScientificNotation, type CheckCode } from './checks.ts'
import type { Validated } from './validate.ts'

export interface Quarantine {
  readonly rejects: readonly Reject[]
  readonly rejected: number
  /** Records that could not be read as rows: whom they name, where that can be read. */
  readonly broken: Relation
}

/** Rows in quarantine with their place, value, message and text. Only here are single rows read again: the few that are faulty. */
export async function quarantine(engine: Engine, read: ReadInput, { rejected }: Validated): Promise<Quarantine> {
  await engine.define(rejected)
  const found = await engine.rows(sql`SELECT ordinal, reason FROM ${rejected} ORDER BY ordinal`)
  const rejects: Reject[] = []
  const broken: Row[] = []
  for (const file of read.files) {
    const own = found.filter((row) => Number(row.ordinal) >= file.from && Number(row.ordinal) < file.from + file.rows)
    const texts = await textsOf(engine, file, own.map((row) => Number(row.ordinal) - file.from))
    own.forEach((row, at) => rejects.push(rejectOf(read, file, Number(row.reason), texts[at]!)))
    for (const record of file.broken) {
      const place = { line: lineIn(file, record.line), raw: record.raw.toString('utf8'), fields: record.fields }
      const reject = rejectedAs(read.input, file, record.kind, '', '', place)
      rejects.push(reject)
      broken.push({ account_id: reject.account_id === '' ? null : reject.account_id, earliest: earliestIn(file, place.fields) })
    }
  }
  const put = relation({ name: `${read.input} broken`, says: `Records of ${read.input} that cannot be read as rows.`, columns: { account_id: 'text', earliest: 'date' }, kept: 'table' })
  await engine.put(put, broken)
  const inOrder = rejects.sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line))
  return { rejects: inOrder, rejected: found.length + read.files.reduce((sum, file) => sum + file.brokenCount, 0), broken: put }
}

interface Text {
  readonly line: number
  readonly raw: string
  readonly fields: readonly string[]
}

async function textsOf(engine: Engine, file: LoadedFile, ordinals: readonly number[]): Promise<Text[]> {
  if (ordinals.length === 0) return []
  if (file.source.format === 'parquet') {
    const { parquetTexts } = await import('../read/parquet.ts')
    return parquetTexts(engine, file.source.path, ordinals, file.mapping.headers)
  }
  const places = await locate(streamOf(file.source), file.shape, ordinals, { allGood: !file.repaired }).catch((error) => {
    throw unreadable(file.source, error)
  })
  mustBeUnchanged(file.source)
  return places.map(({ line, raw }) => ({ line: lineIn(file, line), raw, fields: parseFields(raw, file.shape) }))
}

function rejectOf(read: ReadInput, file: LoadedFile, reason: number, place: Text): Reject {
  const code = codeOf(reason)
  if (isHeader(file, place.fields)) return rejectedAs(read.input, file, 'header-again', '', '', place)
  if (code === undefined) {
    const column = read.columns.filter((each) => each.role !== 'rest')[reason - 1]!
    const value = valueIn(file, column.name, place.fields)
    return rejectedAs(read.input, file, valueCode(file.mapping.columns.find(({ name }) => name === column.name) ?? column, value), column.name, value, place)
  }
  const named = canonicalIn(file, 'account_id', place.fields)
  // Rows of several accounts whose ids a spreadsheet has made one: their keys meet, and that is not what is wrong.
  if (keyMet(code) && damaged.test(named)) return rejectedAs(read.input, file, 'account-id-damaged', 'account_id', named, place)
  const column = code === 'twin' || code === 'conflicting-key' ? read.key.join(', ') : checkOf(code).column
  const value = column.split(', ').map((each) => valueIn(file, each, place.fields)).join(', ')
  const { sum } = checkOf(code)
  return rejectedAs(read.input, file, code, column, sum === undefined ? value : `${value}, parts ${sumOf(sum.map((each) => canonicalIn(file, each, place.fields)))}`, place)
}

/** The names of the columns, as files have them that were put together. */
const isHeader = ({ mapping }: LoadedFile, fields: readonly string[]) => fields.length === mapping.headers.length && fields.every((field, at) => unblanked(field.replace(/^\ufeff/, '')) === mapping.headers[at])

const keyMet = (code: CheckCode) => code === 'twin' || code === 'conflicting-key' || code === 'payment-id-damaged'

const damaged = new RegExp(`^${inScientificNotation}$`)

/** Amounts as written, added up exactly. */
function sumOf(amounts: readonly string[]): string {
  const decimals = Math.max(...amounts.map((amount) => amount.split('.')[1]?.length ?? 0))
  const units = amounts.reduce((sum, amount) => {
    const [whole = '', part = ''] = amount.split('.')
    return sum + BigInt(`${whole}${part.padEnd(decimals, '0')}` || '0')
  }, 0n)
  const digits = String(units < 0n ? -units : units).padStart(decimals + 1, '0')
  return `${units < 0n ? '-' : ''}${digits.slice(0, digits.length - decimals)}${decimals === 0 ? '' : `.${digits.slice(-decimals)}`}`
}

function rejectedAs(input: InputName, file: LoadedFile, code: CheckCode, column: string, value: string, place: Text): Reject {
  const { says, todo } = checkOf(code)
  const account_id = code === 'account-id-damaged' || code === 'header-again' || (code === 'nul-byte' && column === 'account_id') ? '' : canonicalIn(file, 'account_id', place.fields)
  return { input, file: file.source.name, line: place.line, column, code, value, message: `${says} ${todo.replaceAll('{input}', input)}`, raw: place.raw, account_id: account_id.includes('\0') ? '' : account_id }
}

function valueIn(file: LoadedFile, column: string, fields: readonly string[]): string {
  const mapped = file.mapping.columns.find((each) => each.name === column)
  return mapped === undefined ? '' : cellOf(mapped, fields, unblanked)
}

/** The same as the engine reads it, in canonical text: translated, and blank where the settings say so. */
function canonicalIn(file: LoadedFile, column: string, fields: readonly string[]): string {
  const mapped = file.mapping.columns.find((each) => each.name === column)
  if (mapped === undefined) return ''
  const stated = unblanked(cellOf(mapped, fields, unblanked))
  return canonical(Object.hasOwn(mapped.values, stated) ? mapped.values[stated]! : stated, mapped)
}

/** The engine says only that a value is no value of its type; its text says why. */
function valueCode(column: MappedColumn, value: string): CheckCode {
  const text = unblanked(value)
  if (value.includes('\0')) return 'nul-byte'
  if (text === '' || column.values[text] === '') return 'missing'
  switch (column.type) {
    case 'text':
      return 'missing'
    case 'date':
      return (column.reading?.kind === 'date' ? looksLikeDay(text, column.reading) : /^\d{4}-\d{2}-\d{2}$/.test(text)) ? 'no-such-date' : 'not-a-date'
    case 'money':
      return (column.reading?.kind === 'number' ? looksLikeNumber(text, column.reading) : /^-?\d{1,14}\.\d+$/.test(text)) ? 'too-many-decimals' : 'not-an-amount'
    case 'int':
      return 'not-a-whole-number'
    case 'number':
      return 'not-a-number'
    case 'bool':
      return 'not-a-yes-or-no'
  }
}

function earliestIn(file: LoadedFile, fields: readonly string[]): string | null {
  const days = file.mapping.columns.filter((column) => column.type === 'date' && column.name !== 'received_on').map((column) => canonicalIn(file, column.name, fields)).filter(isDay)
  return days.sort()[0] ?? null
}

/** For the messages of a run: how many rows each reason took, most first. */
export function byCode(rejects: readonly Reject[]): { input: InputName; code: string; count: number; first: Reject }[] {
  const found = new Map<string, { input: InputName; code: string; count: number; first: Reject }>()
  for (const reject of rejects) {
    const key = `${reject.input} ${reject.code}`
    const entry = found.get(key)
    if (entry === undefined) found.set(key, { input: reject.input, code: reject.code, count: 1, first: reject })
    else entry.count++
  }
  return [...found.values()].sort((a, b) => b.count - a.count || (a.code < b.code ? -1 : 1))
}

