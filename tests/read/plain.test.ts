import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openDuckdb } from '../../src/engine/duckdb/engine.ts'
import type { Engine } from '../../src/engine/engine.ts'
import { relation } from '../../src/engine/relation.ts'
import { sql } from '../../src/engine/sql.ts'
import type { FieldShape } from '../../src/read/automaton.ts'
import type { MappedColumn } from '../../src/read/mapping.ts'
import { plainFacts } from '../../src/read/plain.ts'
import { misleads, scanFacts } from '../../src/read/records.ts'
import { typedRows, type Scan } from '../../src/read/typed.ts'

/** A plain file is read without guards: all rests on the machine never saying plain where the two readers would differ. */

let dir: string
let engine: Engine
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'arrears-plain-'))
  engine = await openDuckdb({ scale: 2, threads: 2 })
})
afterAll(() => {
  engine.close()
  rmSync(dir, { recursive: true, force: true })
})

const header = 'id,no,on,amount,note'
const columns: readonly MappedColumn[] = (['text', 'int', 'date', 'money', 'text'] as const).map((type, at) => ({ name: header.split(',')[at]!, header: header.split(',')[at]!, at, type, mustBeFilled: at < 2, role: 'used', values: {} }))
const fields: readonly FieldShape[] = [{ kind: 'text', filled: true }, { kind: 'int', filled: true }, { kind: 'date', filled: false }, { kind: 'money', filled: false }, { kind: 'text', filled: false }]
const shape = { delimiter: ',', quote: '"', columns: 5 }
let files = 0

function written(text: string | Buffer): string {
  const path = join(dir, `${++files}.csv`)
  writeFileSync(path, text)
  return path
}

const proved = (path: string, of = shape, scale = 2) => plainFacts({ path, gzip: false }, of, { fields, scale })
const isPlain = async (rows: string, above = `${header}\n`) => (await proved(written(above + rows))) !== undefined

async function rowsOf(path: string, plain: boolean) {
  const scan: Scan = { kind: 'csv', path, delimiter: ',', quote: '"', fields: 5, parallel: true, plain }
  const rows = relation({ name: `rows ${++files}`, says: 'As read.', kept: 'table', columns: { id: 'text', no: 'int', on: 'date', amount: 'money', note: 'text', 'row fault': 'small' } })
  await engine.load(rows, typedRows(scan, columns, { trim: false, nul: false }, 2), false)
  const found = await engine.rows(sql`SELECT * FROM ${rows}`)
  await engine.drop(rows)
  return found
}

describe('a record is plain', () => {
  test.each([
    ['the usual', 'A1,1,2025-06-30,12.34,hello\n'],
    ['blanks where they may be', 'A1,1,,,\n'],
    ['a last line without an end', 'A1,1,2025-06-30,12.34,x\nA2,0,1900-01-01,0,y z'],
    ['no decimals, one, and noughts beyond two', 'A1,10,2199-12-31,7,x\nA2,2,2025-01-01,7.5,x\nA3,3,2025-01-01,-0.050000,x\n'],
    ['text of other scripts', '借据1,1,2025-06-30,1.00,短信 一\n'],
    ['a space inside', 'A 1,1,2025-06-30,1.00,a  b\tc\n'],
  ])('%s', async (_, rows) => expect(await isPlain(rows)).toBe(true))

  test('with CRLF throughout, and with a byte order mark', async () => {
    expect(await isPlain('A1,1,2025-06-30,1.00,x\r\nA2,2,2025-06-30,1.00,x\r\n', `${header}\r\n`)).toBe(true)
    expect(await isPlain('A1,1,2025-06-30,1.00,x\n', `\ufeff${header}\n`)).toBe(true)
  })
})

describe('a file is not plain', () => {
  test.each([
    ['a quote', '"A1",1,2025-06-30,1.00,x\n'],
    ['a quote inside', 'A1,1,2025-06-30,1.00,a"b\n'],
    ['a field more', 'A1,1,2025-06-30,1.00,x,\n'],
    ['a field less', 'A1,1,2025-06-30,1.00\n'],
    ['a blank line', 'A1,1,2025-06-30,1.00,x\n\nA2,1,2025-06-30,1.00,x\n'],
    ['a required blank', ',1,2025-06-30,1.00,x\n'],
    ['a required number that is blank', 'A1,,2025-06-30,1.00,x\n'],
    ['a space before', ' A1,1,2025-06-30,1.00,x\n'],
    ['a space behind', 'A1,1,2025-06-30,1.00,x \n'],
    ['a tab behind', 'A1\t,1,2025-06-30,1.00,x\n'],
    ['a no-break space behind', 'A1\u00a0,1,2025-06-30,1.00,x\n'],
    ['a full-width space before', 'A1,1,2025-06-30,1.00,\u3000x\n'],
    ['a NUL', 'A\u00001,1,2025-06-30,1.00,x\n'],
    ['one CRLF among LF', 'A1,1,2025-06-30,1.00,x\r\nA2,1,2025-06-30,1.00,x\n'],
    ['a bare CR', 'A1,1,2025-06-30,1.00,x\ry\n'],
    ['a date with a tail', 'A1,1,2025-06-30x,1.00,x\n'],
    ['a short date', 'A1,1,2025-6-30,1.00,x\n'],
    ['a year of two digits', 'A1,1,26-06-30,1.00,x\n'],
    ['a year too early or late', 'A1,1,1899-06-30,1.00,x\nA1,1,2200-06-30,1.00,x\n'],
    ['an exponent', 'A1,1,2025-06-30,1e3,x\n'],
    ['a third decimal', 'A1,1,2025-06-30,12.345,x\n'],
    ['a plus', 'A1,1,2025-06-30,+1.00,x\n'],
    ['a thousands mark', 'A1,1,2025-06-30,1_000,x\n'],
    ['a point without digits', 'A1,1,2025-06-30,1.,x\nA1,1,2025-06-30,.5,x\n'],
    ['a fraction of an instalment', 'A1,1.4,2025-06-30,1.00,x\n'],
    ['nought in front', 'A1,01,2025-06-30,1.00,x\n'],
  ])('%s', async (_, rows) => expect(await isPlain(rows)).toBe(false))

  test('bytes that are no UTF-8', async () => {
    expect(await proved(written(Buffer.concat([Buffer.from(`${header}\nA1,1,2025-06-30,1.00,`), Buffer.from([0xc3, 0x28]), Buffer.from('\n')])))).toBeUndefined()
  })
  test('a header that is quoted, blank, or not on the first line', async () => {
    expect(await isPlain('A1,1,2025-06-30,1.00,x\n', '"id",no,on,amount,note\n')).toBe(false)
    expect(await isPlain('A1,1,2025-06-30,1.00,x\n', `\n${header}\n`)).toBe(false)
  })
  test('a delimiter that could stand in a value', async () => {
    expect(await proved(written('id-no-on-amount-note\nA1-1-x-1-y\n'), { ...shape, delimiter: '-' })).toBeUndefined()
  })
})

const value = (good: readonly string[], bad: readonly string[]) => fc.oneof({ weight: 40, arbitrary: fc.constantFrom(...good) }, { weight: 1, arbitrary: fc.constantFrom(...bad) })
const row = fc.tuple(
  value(['A1', 'LN00000001', '借据1', 'x'.repeat(300)], ['', ' A1', 'A"1', 'A,1', 'A1 ', 'A\r1']),
  value(['1', '12', '0', '999999999', '2147483647'], ['', '007', '2147483648', '-1', '1.0', '1e2', ' 1', '99999999999999999999']),
  value(['2025-06-30', '2024-02-29', '1900-01-01', '2199-12-31', ''], ['2025-02-29', '2025-13-01', '2025-06-31', '2025-00-10', '2025-6-30', '20250630', '26-06-30']),
  value(['1.00', '12', '0.5', '-3.20', '7.120000', '9999999999999999.99', ''], ['12.345', '1e3', '1,5', '.5', '99999999999999999.99', '1 000', 'NaN', '+1']),
  value(['', 'note', 'a b'], ['a\tb', 'x\u00a0', '"q"', '\u0000']),
).map((fields) => fields.join(','))
const file = fc.record({
  rows: fc.array(row, { minLength: 1, maxLength: 60 }),
  end: fc.constantFrom('\n', '\n', '\n', '\r\n'),
  last: fc.boolean(),
})

test('what is proved plain has the facts that the scanner counts, and the same rows with guards and without', { timeout: 60_000 }, async () => {
  let plain = 0
  let refused = 0
  await fc.assert(
    fc.asyncProperty(file, async ({ rows, end, last }) => {
      const path = written(header + end + rows.join(end) + (last ? end : ''))
      const facts = await proved(path)
      if (facts === undefined) return
      plain++
      const { plain: said, ...rest } = facts
      expect(said).toBe(true)
      expect(rest).toEqual(await scanFacts({ path, gzip: false }, shape))
      expect(misleads(facts)).toBe(false)
      const guarded = await rowsOf(path, false)
      // The typed reader may refuse a day that does not exist or an amount that is too large: never take it for another.
      const unguarded = await rowsOf(path, true).catch(() => undefined)
      if (unguarded === undefined) {
        refused++
        expect(guarded.some((one) => one['row fault'] !== 0)).toBe(true)
      } else expect(unguarded).toEqual(guarded)
    }),
    { numRuns: 300, seed: 20250630 },
  )
  expect(plain).toBeGreaterThan(30)
  expect(refused).toBeGreaterThan(0)
})

test('records that cross the pieces in which a file is read', { timeout: 60_000 }, async () => {
  // Rows of odd lengths, 3 MB: cuts fall everywhere in them.
  const rows = Array.from({ length: 60_000 }, (_, at) => `A${at},${at},2025-06-30,${at % 977}.${String(at % 100).padStart(2, '0')},${'n'.repeat(at % 37)}x`)
  const path = written(`${header}\n${rows.join('\n')}\n`)
  const facts = await proved(path)
  expect(facts?.records).toBe(60_000)
  const { plain, ...rest } = facts!
  expect(plain).toBe(true)
  expect(rest).toEqual(await scanFacts({ path, gzip: false }, shape))
  // One bad byte in any place is seen.
  for (const at of [0, 1, 29_999, 59_998, 59_999]) {
    const spoilt = rows.with(at, rows[at]!.replace('2025', '2O25'))
    expect(await proved(written(`${header}\n${spoilt.join('\n')}\n`))).toBeUndefined()
  }
})
