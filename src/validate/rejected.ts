import { byCode } from '../by-code.ts'
import { isDay } from '../settings/as-of.ts'
import type { Engine } from '../engine/engine.ts'
import { UserError } from '../errors.ts'
import { relation, type Relation } from '../engine/relation.ts'
import { bigint, name, sql, type } from '../engine/sql.ts'
import { parseFields } from '../read/fields.ts'
import { lineIn, type LoadedFile } from '../read/load.ts'
import { unblanked } from '../read/ids.ts'
import { eachLocated } from '../read/locate.ts'
import type { MappedColumn } from '../read/mapping.ts'
import { canonical, cellOf, looksLikeDay, looksLikeNumber } from '../read/reading.ts'
import type { ReadInput } from '../read/read.ts'
import type { BadRecord } from '../read/repair.ts'
import { mustBeUnchanged, ofFile, streamOf } from '../read/source.ts'
import type { InputName } from '../settings/schema.ts'
import { faultColumn } from '../read/typed.ts'
import { allOfKey, checkOf, codeOf, inScientificNotation, type CheckCode } from './checks.ts'
import { gatherRejects, messageOf, type Coded, type Rejects } from './rejects.ts'
import type { RejectCounts, Validated } from './validate.ts'

export interface Quarantine extends RejectCounts {
  readonly rejects: Rejects
  /** Accounts named by records that could not be read as rows, where that can be read, with the earliest day that stands there. */
  readonly broken: Relation
}

/** Rows in quarantine with their place, value, message and text. Only here are single rows read again: those that are faulty. */
export async function quarantine(engine: Engine, read: ReadInput, { rejected }: Validated): Promise<Quarantine> {
  await engine.define(rejected)
  const gathered = gatherRejects(read.input)
  const broken = new Map<string, string | null>()
  let found = 0
  let rejectedRows = 0
  for (const file of inOrder(read.files)) {
    const { ordinals, reasons } = await reasonsIn(engine, rejected, file)
    found += ordinals.length + file.brokenCount
    rejectedRows += ordinals.length
    const tellBroken = (record: BadRecord) => {
      const reject = rejectedAs(read.input, file, record.kind, '', '', { line: lineIn(file, record.line), raw: record.raw.toString('utf8'), fields: record.fields })
      gathered.add(reject)
      if (reject.account_id === '') return
      const [day, before] = [earliestIn(file, record.fields), broken.get(reject.account_id) ?? null]
      broken.set(reject.account_id, day === null || (before !== null && before < day) ? before : day)
    }
    await eachText(engine, file, ordinals, (text, at) => gathered.add(rejectOf(read, file, reasons[at]!, text)), tellBroken)
  }
  const put = relation({ name: `${read.input} broken`, says: `Accounts named by records of ${read.input} that cannot be read as rows.`, columns: { account_id: 'text', earliest: 'date' }, kept: 'table' })
  await engine.put(put, [...broken].map(([account_id, earliest]) => ({ account_id, earliest })))
  const rejects = gathered.rejects()
  const byChecks = rejectedRows === 0 ? 0 : rejectedRows - (await faulty(engine, read))
  // All that the engine and the scanner counted must have been found again.
  if (rejects.length !== found) throw new UserError('count-differs', { input: read.input, value: rejects.length, other: found })
  return { rejects, rejected: found, rejectedRows, byChecks, broken: put }
}

/** Rows with a value that cannot be read: each of them is rejected. */
async function faulty(engine: Engine, { rows }: ReadInput): Promise<number> {
  const [row] = await engine.rows(sql`SELECT count(*) AS n FROM ${rows} WHERE ${name(faultColumn)} > 0`)
  return Number(row!.n)
}

/** By the name under which they are shown. */
const inOrder = (files: readonly LoadedFile[]) => [...files].sort((a, b) => byCode(a.source.name, b.source.name))

/** The rejected rows of a file, by their place in it, and why. */
async function reasonsIn(engine: Engine, rejected: Relation, { from, rows }: LoadedFile) {
  const place = sql`CAST(ordinal - ${bigint(from)} AS ${type('int')})`
  const [ordinals = [], reasons = []] = await engine.columns(sql`SELECT ${place} AS place, reason FROM ${rejected} WHERE ordinal >= ${bigint(from)} AND ordinal < ${bigint(from + rows)} ORDER BY ordinal`)
  return { ordinals: ordinals as readonly number[], reasons: reasons as readonly number[] }
}

interface Text {
  readonly line: number
  readonly raw: string
  readonly fields: readonly string[]
}

/** The texts of faulty rows and the broken records of a file, in the order of their lines. */
async function eachText(engine: Engine, file: LoadedFile, ordinals: readonly number[], tell: (text: Text, at: number) => void, tellBroken: (record: BadRecord) => void) {
  if (ordinals.length === 0 && file.brokenCount === file.broken.length) {
    for (const record of file.broken) tellBroken(record)
    return
  }
  if (file.source.format === 'parquet') {
    const { parquetTexts } = await import('../read/parquet.ts')
    // Columns that nobody uses are read only now.
    const texts = await parquetTexts(engine, file.source.path, ordinals, file.mapping.headers).catch(ofFile(file.source))
    for (const [at, text] of texts.entries()) tell(text, at)
    return
  }
  const one = (line: number, raw: string, at: number) => tell({ line: lineIn(file, line), raw, fields: parseFields(raw, file.shape) }, at)
  await eachLocated(streamOf(file.source), file.shape, ordinals, one, file.brokenCount > 0 ? tellBroken : undefined, { allGood: !file.repaired }).catch(ofFile(file.source))
  mustBeUnchanged(file.source)
}

function rejectOf(read: ReadInput, file: LoadedFile, reason: number, place: Text): Coded {
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
const isHeader = ({ mapping }: LoadedFile, fields: readonly string[]) => fields.length === mapping.headers.length && (fields[0]!.length >= mapping.headers[0]!.length) && fields.every((field, at) => unblanked(field.replace(/^\ufeff/, '')) === mapping.headers[at])

const keyMet = (code: CheckCode) => code === 'twin' || allOfKey.includes(code)

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

function rejectedAs(input: InputName, file: LoadedFile, code: CheckCode, column: string, value: string, place: Text): Coded {
  const account_id = code === 'account-id-damaged' || code === 'header-again' || (code === 'nul-byte' && column === 'account_id') ? '' : canonicalIn(file, 'account_id', place.fields)
  return { input, file: file.source.name, line: place.line, column, code, value, message: messageOf(code, input), raw: place.raw, account_id: account_id.includes('\0') ? '' : account_id }
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
      if (/^-?\d{13,}(?:\.\d*)?$/.test(canonical(text, column))) return 'amount-too-large'
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
