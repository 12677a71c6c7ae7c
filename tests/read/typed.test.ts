import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { openEngine } from '../../src/engine/open.ts'
import { join as joined, name, sql, text } from '../../src/engine/sql.ts'
import { given, reading, rowsRead, type Files, type Stated } from './given.ts'

/** What is written in a file, and what it is; undefined: no value of that type, the row is rejected. Shapes are those of docs/inputs.md. */
type Case = readonly [written: string, is: string | number | boolean | undefined]
const bad = (...written: string[]): Case[] => written.map((value) => [value, undefined])

const dates: Case[] = [
  ['2025-06-30', '2025-06-30'], ['2024-02-29', '2024-02-29'], ['1900-01-01', '1900-01-01'], ['2199-12-31', '2199-12-31'],
  ...bad('2026-01-31x', '2026-1-3', '26-01-31', '31/01/2026', '2025-02-30', '2025-02-29', '2025-13-01', '2025-00-10', '2025-06-31', '2025-06-00', '0026-01-31', '1899-12-31', '2200-01-01'),
  ...bad('20250-01-01', '99999-01-01', '2025-06-30 (BC)', '0044-03-15 (BC)', 'infinity', '-infinity', 'epoch', 'today', 'now', '20250630', '2025/06/30', '2025.06.30', '2025-06-30T00:00:00', '2025-06-30 00:00:00', '30-06-2025'),
  ...bad('-2025-06-30', '+2025-06-30', '２０２５-06-30', '2025 06 30', '45678', '2025-06-30\n', '2025-06-30 x', '2025年6月30日', 'x'),
]
const amounts: Case[] = [
  ['5', '5.00'], ['0', '0.00'], ['-5', '-5.00'], ['-0', '0.00'], ['12.34', '12.34'], ['12.3', '12.30'], ['12.340000', '12.34'], ['12.300', '12.30'], ['0.01', '0.01'], ['-0.01', '-0.01'], ['007.50', '7.50'], ['9999999999999999.99', '9999999999999999.99'],
  ...bad('1e3', '1E3', '1e-5', '1_000', '.5', '-.5', '5.', '12.345', '12.3400001', '0.001', '1,234.50', '1.234,50', '12,5', '--1', '1-', '-', '.', 'NaN', 'Infinity', '-inf', '+5', '1 000', '12345678901234567', '12345678901234567890', '0x1F', '(5)', '$5', '￥5', '5%', '５', '1.2.3', '5\n', 'true', 'x'),
]
const wholes: Case[] = [
  ['1', 1], ['0', 0], ['-1', -1], ['007', 7], ['999999999', 999999999], ['2147483647', 2147483647], ['1.0', 1], ['12.000', 12],
  ...bad('1.4', '1.01', '1.', '.1', '0x1F', '0b1', '1e2', '1_0', '+1', '2147483648', '12345678901', 'one', '１', '1 2', '--1', '1-', '1\n', 'true', 'NaN'),
]
const numbers: Case[] = [
  ['1', '1.000000'], ['-1.5', '-1.500000'], ['0.000001', '0.000001'], ['123456789012.123456', '123456789012.123456'], ['1.50000000', '1.500000'], ['007', '7.000000'],
  ...bad('1e3', '.5', '5.', '1.1234567', '1,5', 'NaN', 'inf', '+1', '1234567890123', '0x1F', '1_0', 'x'),
]
const truths: Case[] = [
  ['true', true], ['TRUE', true], ['yes', true], ['Y', true], ['t', true], ['1', true], ['false', false], ['No', false], ['n', false], ['F', false], ['0', false],
  ...bad('on', 'off', '2', 'ja', '是', 'tru', '-1', '10'),
]
const texts: Case[] = ['012', '12345678901234567890', '1e5', '0x1F', 'NULL', 'null', 'NaN', '-', '""', "'", '张三', 'a\nb', '=1+1', '\\N', 'a b'].map((value) => [value, value])

const quoted = (value: string) => `"${value.replaceAll('"', '""')}"`
const csv = (header: string, rows: readonly (readonly string[])[], cell: (value: string) => string = quoted) => `${header}\n${rows.map((row) => row.map(cell).join(',')).join('\n')}\n`

/** One kind of values: the input and column that hold them, and the rows of such a file. */
interface Kind {
  readonly input: 'loans' | 'schedule' | 'repayments'
  readonly column: string
  readonly header: string
  readonly row: (value: string, at: number) => string[]
  readonly cases: readonly Case[]
  readonly stated?: Stated
}
const declared = (type: string, cases: readonly Case[]): Kind => ({
  input: 'loans', column: 'further', header: 'account_id,currency,further', cases, row: (value, at) => [`A${at}`, 'CNY', value], stated: { inputs: { loans: { columns: { further: type } } } },
})
const kinds: Readonly<Record<string, Kind>> = {
  dates: { input: 'repayments', column: 'paid_on', header: 'payment_id,account_id,paid_on,amount', cases: dates, row: (value, at) => [`P${at}`, 'A1', value, '1.00'] },
  amounts: { input: 'repayments', column: 'amount', header: 'payment_id,account_id,paid_on,amount', cases: amounts, row: (value, at) => [`P${at}`, 'A1', '2025-06-10', value] },
  'whole numbers': { input: 'schedule', column: 'instalment_no', header: 'account_id,instalment_no,due_on,amount_due', cases: wholes, row: (value, at) => [`A${at}`, value, '2025-06-10', '1.00'] },
  'a declared integer': declared('integer', wholes),
  'a declared number': declared('number', numbers),
  'a declared date': declared('date', dates),
  'a declared boolean': declared('boolean', truths),
  'a declared text': declared('text', texts),
}

/** Each case as [written, what came of it]: a typed value, or undefined where the column was at fault. */
async function judged(kind: Kind, files: Files, stated: Stated = {}): Promise<(readonly [string, unknown])[]> {
  return reading(files, { ...kind.stated, ...stated, inputs: { ...kind.stated?.inputs, ...stated.inputs } }, async ({ engine, book }) => {
    const rows = await rowsRead(engine, book[kind.input])
    const place = book[kind.input].columns.filter((column) => column.role !== 'rest').findIndex((column) => column.name === kind.column) + 1
    return rows.map((row, at) => {
      const fault = Number(row['row fault'])
      expect([0, place]).toContain(fault)
      expect(row[kind.column] === null).toBe(fault === place)
      return [kind.cases[at]![0], fault === place ? undefined : row[kind.column]] as const
    })
  })
}

/** The same texts, stored as Parquet. */
async function parquet(kind: Kind): Promise<string> {
  const { dir } = given()
  const path = join(dir, `${kind.input}.parquet`)
  const engine = await openEngine('duckdb', { scale: 2 })
  const columns = kind.header.split(',')
  const values = kind.cases.map(([value], at) => sql`(${joined(kind.row(value, at).map(text))})`)
  await engine.write(sql`SELECT * FROM (VALUES ${joined(values)}) AS v(${joined(columns.map(name))})`, path, 'parquet')
  engine.close()
  return path
}

describe.each(Object.entries(kinds))('%s', (_, kind) => {
  const rows = kind.cases.map(([value], at) => kind.row(value, at))
  const wanted = kind.cases.map(([written, is]) => [written, is])
  const file = `${kind.input}.csv`

  test('in CSV', async () => expect(await judged(kind, { [file]: csv(kind.header, rows) })).toEqual(wanted))

  test('unquoted, where they can be', async () => {
    const cell = (value: string) => (/[",\r\n]/.test(value) ? quoted(value) : value)
    expect(await judged(kind, { [file]: csv(kind.header, rows, cell) })).toEqual(wanted)
  })

  test('in .csv.gz', async () => {
    expect(await judged(kind, { [file]: null, [`${file}.gz`]: gzipSync(csv(kind.header, rows)) }, { inputs: { [kind.input]: { ...kind.stated?.inputs?.[kind.input], files: `${file}.gz` } } })).toEqual(wanted)
  })

  test('as text in Parquet', async () => {
    expect(await judged(kind, {}, { inputs: { [kind.input]: { ...kind.stated?.inputs?.[kind.input], files: await parquet(kind) } } })).toEqual(wanted)
  })

  test('blanks at the edges are taken off, inside quotes and out', async () => {
    const good = { ...kind, cases: kind.cases.filter(([value, is]) => is !== undefined && !/[",\n]/.test(value)) }
    for (const [before, after] of [[' ', ''], ['', ' '], ['\t', '\u3000'], ['\u00a0 ', ' \t']]) {
      const edged = good.cases.map(([value], at) => kind.row(`${before}${value}${after}`, at))
      for (const cell of [quoted, (value: string) => value]) expect(await judged(good, { [file]: csv(kind.header, edged, cell) })).toEqual(good.cases)
    }
  })
})

describe('blanks', () => {
  test.each(['', '""', ' ', '"  "', '\u3000', '\t'])('%j is no value: of a required column a fault, of another none', async (blank) => {
    await reading(
      { 'loans.csv': `account_id,currency,further\nA1,CNY,${blank}\n`, 'repayments.csv': `payment_id,account_id,paid_on,amount\nP1,A1,${blank},1.00\nP2,A1,2025-06-10,${blank}\nP3,${blank},2025-06-10,1.00\n${blank},A1,2025-06-10,1.00\n` },
      { inputs: { loans: { columns: { further: 'date' } } } },
      async ({ engine, book }) => {
        expect(await rowsRead(engine, book.loans)).toMatchObject([{ account_id: 'A1', further: null, 'row fault': 0 }])
        const places = book.repayments.columns.map(({ name: column }) => column)
        expect((await rowsRead(engine, book.repayments)).map((row) => places[Number(row['row fault']) - 1])).toEqual(['paid_on', 'amount', 'account_id', 'payment_id'])
      },
    )
  })

  // Only the first megabyte of a file is looked at before it is loaded.
  test('are found however far down the file they stand', async () => {
    const rows = Array.from({ length: 40_000 }, (_, at) => `P${at},A1,2025-06-10,1.00,some words to fill the line\n`).join('')
    for (const last of ['P99999 ,A1,2025-06-10,1.00,x', 'P99999,A1, 2025-06-10,1.00,x', 'P99999,A1,2025-06-10,"1.00\u3000",x']) {
      await reading({ 'repayments.csv': `payment_id,account_id,paid_on,amount,note\n${rows}${last}\n` }, {}, async ({ engine, book }) => {
        const found = await engine.rows(sql`SELECT payment_id, paid_on, amount FROM ${book.repayments.rows} WHERE payment_id = 'P99999'`)
        expect(found).toEqual([{ payment_id: 'P99999', paid_on: '2025-06-10', amount: '1.00' }])
      })
    }
  })
})

describe('translations of values', () => {
  const stated = { inputs: { loans: { headers: { status: '状态', score: 'Score' }, values: { status: { 结清: 'closed', 正常: 'open', '-': '' }, closed_on: { '9999-12-31': '', '0000-00-00': '' }, autopay: { 是: 'true', 否: 'false' }, score: { 'n/a': '' }, account_id: { old: 'new' } }, columns: { autopay: 'boolean', score: 'integer' } } } }
  test('come before types: statuses, sentinel dates, truth values, blanks, ids', async () => {
    const loans = 'account_id,currency,状态,closed_on,autopay,Score\nA1,CNY,结清,2025-06-30,是,5\nA2,CNY, 正常 ,9999-12-31,否,n/a\nA3,CNY,-,0000-00-00,,\nold,CNY,open,,true,7\n'
    await reading({ 'loans.csv': loans }, stated, async ({ engine, book }) => {
      expect((await rowsRead(engine, book.loans)).map(({ account_id, status, closed_on, autopay, score, 'row fault': fault }) => [account_id, status, closed_on, autopay, score, fault])).toEqual([
        ['A1', 'closed', '2025-06-30', true, 5, 0],
        ['A2', 'open', null, false, null, 0],
        ['A3', null, null, null, null, 0],
        ['new', 'open', null, true, 7, 0],
      ])
    })
  })
  test('are exact: letter case counts', async () => {
    await reading({ 'loans.csv': 'account_id,currency,status\nA1,CNY,Zu\nA2,CNY,zu\n' }, { unknown_status: 'open', inputs: { loans: { values: { status: { zu: 'closed' } } } } }, async ({ engine, book }) => {
      expect((await rowsRead(engine, book.loans)).map(({ status }) => status)).toEqual(['Zu', 'closed'])
    })
  })
})

describe('NUL bytes', () => {
  test('make a text a fault, not a shorter text', async () => {
    await reading({ 'repayments.csv': 'payment_id,account_id,paid_on,amount\nP\x001,A1,2025-06-10,1.00\nP2,A1,2025-06-10,1.00\nP3,A\x001,2025-06-10,1.00\nP4,A1,2025-06-10\x00,1.00\n' }, {}, async ({ engine, book }) => {
      const places = ['', ...book.repayments.columns.map(({ name: column }) => column)]
      expect((await rowsRead(engine, book.repayments)).map((row) => places[Number(row['row fault'])])).toEqual(['payment_id', '', 'account_id', 'paid_on'])
    })
  })
})

test('of several columns at fault the account comes first: whether it can be read decides whom the row holds', async () => {
  await reading({ 'repayments.csv': 'payment_id,amount,paid_on,account_id\n,x,y,\nP2,x,y,A1\n' }, {}, async ({ engine, book }) => {
    const places = ['', ...book.repayments.columns.map(({ name: column }) => column)]
    expect((await rowsRead(engine, book.repayments)).map((row) => places[Number(row['row fault'])])).toEqual(['account_id', 'amount'])
  })
})
