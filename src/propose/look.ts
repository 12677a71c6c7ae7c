import { closeSync, openSync, readSync } from 'node:fs'
import { parquetRows } from '../engine/calls.ts'
import type { Engine } from '../engine/engine.ts'
import { join, name, sql, text, type } from '../engine/sql.ts'
import { UserError } from '../errors.ts'
import { decodedStart } from '../read/encoding.ts'
import { parseFields } from '../read/fields.ts'
import { parquetHeaders } from '../read/parquet.ts'
import { statedDelimiter } from '../read/top.ts'
import { firstBytes, ofFile, type SourceFile } from '../read/source.ts'
import { headerIn } from './header-line.ts'
import { encodingOf, type EncodingFound } from './text-encoding.ts'

/** A row as the sample has it: its physical line, the first of the file being 1, and its fields without blanks at the edges. */
interface SampleRow {
  readonly line: number
  readonly fields: readonly string[]
}

/** What the first and the last bytes of a file tell. */
export interface Look {
  readonly source: SourceFile
  readonly encoding: EncodingFound
  readonly delimiter: string
  /** The file says it itself, on a line `sep=`. */
  readonly delimiterStated: boolean
  /** '"', another mark, or '' for none. */
  readonly quote: string
  /** The lines above the header, as text. */
  readonly above: readonly string[]
  readonly headers: readonly string[]
  readonly rows: readonly SampleRow[]
  /** Fields of the last records. */
  readonly last: readonly (readonly string[])[]
}

const startBytes = 1 << 18
const endBytes = 1 << 14
const keptRows = 1000
const keptLast = 8

export async function look(engine: Engine, source: SourceFile): Promise<Look> {
  if (source.bytes === 0) throw new UserError('file-empty', { file: source.shown })
  if (source.format === 'parquet') return lookAtParquet(engine, source)
  const first = await firstBytes(source, startBytes)
  const start = wholeLines(first, first.length < startBytes)
  const end = source.format === 'csv' && source.bytes > startBytes ? lastBytes(source) : Buffer.alloc(0)
  const encoding = encodingOf(start, end)
  const lines = linesOf(start, encoding)
  const stated = statedDelimiter(lines[0] ?? '')
  const header = headerIn(stated === undefined ? lines : ['', ...lines.slice(1)], stated)
  if (header === undefined) throw new UserError('file-no-header', { file: source.shown })
  const quote = quoteIn(lines.slice(header.at + 1), header.delimiter)
  const shape = { delimiter: header.delimiter, quote, columns: 0 }
  const split = (line: string) => parseFields(line, shape).map((field) => field.trim())
  const rows = recordsIn(lines.slice(header.at + 1), quote).slice(0, keptRows).map(({ at, record }) => ({ line: header.at + 2 + at, fields: split(record) }))
  const tail = end.length === 0 ? lines.slice(header.at + 1) : linesOf(end, encoding)
  const last = tail.filter((line) => line.trim() !== '').slice(-keptLast).map(split)
  return { source, encoding, delimiter: header.delimiter, delimiterStated: stated !== undefined, quote, above: lines.slice(0, header.at), headers: split(lines[header.at]!), rows, last }
}

async function lookAtParquet(engine: Engine, source: SourceFile): Promise<Look> {
  const headers = await parquetHeaders(engine, source)
  const cells = headers.map((header, at) => sql`CAST(${name(header)} AS ${type('text')}) AS ${name(`c${at}`)}`)
  const found = await engine.rows(sql`SELECT ${join(cells)} FROM ${parquetRows(text(source.path))} LIMIT 200`).catch(ofFile(source))
  const rows = found.map((row, at) => ({ line: at + 1, fields: headers.map((_, place) => String(row[`c${place}`] ?? '').trim()) }))
  return { source, encoding: { is: 'utf-8', sure: 'sure', why: 'Parquet', others: [] }, delimiter: ',', delimiterStated: false, quote: '"', above: [], headers, rows, last: [] }
}

/** Up to the last line end, so that no character is cut; all, where it is the whole file. In UTF-16 a line end has a zero beside it. */
function wholeLines(bytes: Buffer, whole: boolean): Buffer {
  if (whole) return bytes
  const at = bytes.lastIndexOf(10)
  if (at === -1) return bytes
  return bytes.subarray(0, bytes[at + 1] === 0 && (at & 1) === 0 ? at + 2 : at + 1)
}

function lastBytes(source: SourceFile): Buffer {
  const handle = openSync(source.path, 'r')
  try {
    const bytes = Buffer.alloc(endBytes)
    // An even distance from the start keeps the pairs of UTF-16 together.
    const from = source.bytes - endBytes + (source.bytes & 1)
    const read = bytes.subarray(0, readSync(handle, bytes, 0, endBytes, from))
    const at = read.indexOf(10)
    return at === -1 ? read : read.subarray(read[at + 1] === 0 ? at + 2 : at + 1)
  } finally {
    closeSync(handle)
  }
}

const linesOf = (bytes: Buffer, { is }: EncodingFound) => (decodedStart(bytes, is) ?? bytes).toString('utf8').replace(/^\ufeff/, '').split(/\r\n|\n|\r/)

/** Lines -> records: a quote that is open at the end of a line takes in the next ones. */
function recordsIn(lines: readonly string[], quote: string): { at: number; record: string }[] {
  const found: { at: number; record: string }[] = []
  const odd = (text: string) => quote !== '' && (text.split(quote).length & 1) === 0
  for (let at = 0; at < lines.length; at++) {
    const from = at
    let record = lines[at]!
    if (record.trim() === '') continue
    while (odd(record) && at + 1 < lines.length && at - from < 50) record += `\n${lines[++at]!}`
    // A quote that never closes is a fault of its own line.
    if (odd(record)) {
      at = from
      continue
    }
    found.push({ at: from, record })
    if (found.length > keptRows) break
  }
  return found
}

/** Another mark than the usual one only where most rows have it around fields. */
function quoteIn(lines: readonly string[], delimiter: string): string {
  const some = lines.filter((line) => line.trim() !== '').slice(0, 50)
  const single = some.filter((line) => line.split(delimiter).some((field) => /^'.*'$/.test(field.trim()))).length
  return some.length > 0 && single > some.length / 2 && !some.some((line) => line.includes('"')) ? "'" : '"'
}
