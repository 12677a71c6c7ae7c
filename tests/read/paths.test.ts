import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, expect, test } from 'vitest'
import { openEngine } from '../../src/engine/open.ts'
import { sql } from '../../src/engine/sql.ts'
import { planInputs, read } from '../../src/read/read.ts'
import { loadSettings } from '../../src/settings/load.ts'
import { quarantine } from '../../src/validate/rejected.ts'
import { validate } from '../../src/validate/validate.ts'
import { loans, repayments, type Input } from './awkward.ts'

// One book, awkward but readable, written in many ways. Whatever way it came, the same rows are accepted, the same are
// rejected for the same reason, and each is found at the line on which it stands. The strict reader takes some of the files
// and refuses others; those go by way of the scanner's clean copy. Expected values stand in awkward.ts, beside what is written.

const base = mkdtempSync(join(tmpdir(), 'arrears-paths-'))
afterAll(() => rmSync(base, { recursive: true, force: true }))

interface Way {
  name: string
  end?: '\n' | '\r\n' | '\r'
  bom?: true
  gzip?: true
  blankLines?: true
  /** Empty fields behind the last one, in some rows. */
  trailing?: true
  /** Columns in another order than ours. */
  reversed?: true
  /** The second half in a file of its own, its columns in the other order. */
  twoFiles?: true
  lastEnd?: false
  /** What the strict reader cannot take. */
  spoilt?: 'mixed line ends' | 'a broken record'
  parquet?: true
  /** Whether the clean copy was needed; unsaid where either will do. */
  repaired?: boolean
}

const ways: Way[] = [
  { name: 'plain', repaired: false },
  { name: 'CRLF', end: '\r\n' },
  { name: 'CR alone', end: '\r' },
  { name: 'a byte order mark', bom: true, repaired: false },
  { name: 'empty fields at the end of rows', trailing: true, repaired: false },
  { name: 'blank lines', blankLines: true, repaired: false },
  { name: 'no line end behind the last row', lastEnd: false, repaired: false },
  { name: 'compressed', gzip: true, repaired: false },
  { name: 'columns in another order', reversed: true, repaired: false },
  { name: 'two files, each with its own order', twoFiles: true, repaired: false },
  { name: 'all of it at once', end: '\r\n', bom: true, gzip: true, blankLines: true, trailing: true, twoFiles: true, lastEnd: false },
  { name: 'Parquet of the same texts', parquet: true, repaired: false },
  { name: 'mixed line ends', spoilt: 'mixed line ends', repaired: true },
  { name: 'a broken record', spoilt: 'a broken record', repaired: true },
  { name: 'mixed line ends, a mark, empty fields, blank lines', spoilt: 'mixed line ends', bom: true, blankLines: true, trailing: true, repaired: true },
  { name: 'a broken record in a compressed file with CRLF', spoilt: 'a broken record', gzip: true, end: '\r\n', repaired: true },
  { name: 'a broken record in each of two files, each with its own order', spoilt: 'a broken record', twoFiles: true, repaired: true },
  { name: 'mixed line ends, columns in another order, no line end behind the last row', spoilt: 'mixed line ends', reversed: true, lastEnd: false, repaired: true },
]

const quoted = (value: string) => (/[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value)

/** The file as bytes, and the physical line on which each row begins. */
function csv(columns: readonly string[], rows: Input['rows'], way: Way): { bytes: Buffer; lines: number[] } {
  const end = way.end ?? '\n'
  let written = columns.join(',') + end
  let line = 2
  const lines: number[] = []
  const put = (record: string, ending: string) => {
    written += record + ending
    line += (record + ending).split(/\r\n|\r|\n/).length - 1
  }
  for (const [place, row] of rows.entries()) {
    if (way.blankLines && place % 3 === 0) put('', end)
    lines.push(line)
    const trailing = way.trailing && place % 2 === 0 ? ',,' : ''
    const last = place === rows.length - 1
    const other = way.spoilt === 'mixed line ends' && place % 4 === 1 ? (end === '\n' ? '\r\n' : '\n') : end
    put(columns.map((column) => quoted(row.written[column] ?? '')).join(',') + trailing, last && way.lastEnd === false ? '' : other)
    if (way.spoilt === 'a broken record' && place === 1) put('one field', end)
  }
  const bytes = Buffer.from((way.bom ? '\ufeff' : '') + written)
  return { bytes: way.gzip ? gzipSync(bytes) : bytes, lines }
}

/** Writes the input in its way; gives its files and where each row stands in them. */
async function put(dir: string, name: string, { columns, rows }: Input, way: Way): Promise<{ files: string[]; places: { file: string; line: number }[] }> {
  const half = Math.ceil(rows.length / 2)
  const parts = way.twoFiles ? [rows.slice(0, half), rows.slice(half)] : [rows]
  if (way.parquet) {
    const file = `${name}.parquet`
    const engine = await openEngine('duckdb', { scale: 2 })
    const values = rows.map((row) => `(${columns.map((column) => `'${(row.written[column] ?? '').replaceAll("'", "''")}'`).join(', ')})`)
    const statement = { kind: 'sql' as const, texts: [`SELECT * FROM (VALUES ${values.join(', ')}) AS v (${columns.map((column) => `"${column}"`).join(', ')})`], holes: [] }
    await engine.write(statement, join(dir, file), 'parquet')
    engine.close()
    return { files: [file], places: rows.map((_, place) => ({ file, line: place + 1 })) }
  }
  const written = parts.map((part, place) => {
    const file = `${name}-${place}.csv${way.gzip ? '.gz' : ''}`
    const order = (place === 1) !== (way.reversed === true) ? [...columns].reverse() : columns
    const { bytes, lines } = csv(order, part, way)
    writeFileSync(join(dir, file), bytes)
    return { file, places: lines.map((line) => ({ file, line })) }
  })
  return { files: written.map(({ file }) => file), places: written.flatMap(({ places }) => places) }
}

test.each(ways)('$name', async (way) => {
  const dir = mkdtempSync(join(base, 'book-'))
  const scratch = join(dir, 'scratch')
  mkdirSync(scratch)
  const written = { loans: await put(dir, 'loans', loans, way), repayments: await put(dir, 'repayments', repayments, way) }
  writeFileSync(join(dir, 'schedule.csv'), 'account_id,due_on,amount_due\nL-01,2025-06-01,10.00\n')
  const inputs = {
    loans: { files: written.loans.files, columns: { score: 'integer' }, max_reject_share: 1 },
    schedule: { files: 'schedule.csv' },
    repayments: { files: written.repayments.files, max_reject_share: 1 },
  }
  writeFileSync(join(dir, 'arrears.yaml'), JSON.stringify({ zone: 'UTC', as_of: '2025-06-30', inputs }))
  const settings = loadSettings({ config: join(dir, 'arrears.yaml') }, false)
  const engine = await openEngine('duckdb', { scale: 2 })
  try {
    const book = await read(engine, await planInputs(engine, settings), settings, scratch)
    const validated = validate(book, settings)
    for (const [input, wanted] of [['loans', loans], ['repayments', repayments]] as const) {
      const { files } = book[input]
      if (way.repaired !== undefined) expect(files.map((file) => file.repaired), input).toEqual(files.map(() => way.repaired))
      const accepted = await engine.rows(sql`SELECT * FROM ${validated[input].accepted} ORDER BY ordinal`)
      const sound = wanted.rows.filter((row) => row.reads !== undefined)
      expect(accepted.map((row) => Object.fromEntries(wanted.reads.map((column) => [column, row[column]]))), input).toEqual(sound.map((row) => row.reads))
      const { rejects, rejected } = await quarantine(engine, book[input], validated[input])
      const broken = way.spoilt === 'a broken record' ? files.length : 0
      const bad = wanted.rows.flatMap((row, place) => (row.fails === undefined ? [] : [{ ...written[input].places[place]!, ...row.fails }]))
      expect(rejects.filter(({ code }) => code !== 'too-few-columns').map(({ file, line, column, code, value }) => ({ file, line, column, code, value })), input).toEqual(bad)
      expect(rejects.filter(({ code }) => code === 'too-few-columns').map(({ raw }) => raw), input).toEqual(Array(broken).fill('one field'))
      // Nothing is lost: by the reader's count, by the scanner's, and by what was written.
      expect([rejected, book[input].read, book[input].records], input).toEqual([bad.length + broken, wanted.rows.length + broken, wanted.rows.length + broken])
    }
  } finally {
    engine.close()
  }
})
