import { createHash } from 'node:crypto'
import { readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { openEngine } from '../../src/engine/open.ts'
import { sql, type Sql } from '../../src/engine/sql.ts'
import { faults, flowing, given, reading, rowsRead, type Stated } from './given.ts'

/** A Parquet file with these rows. */
async function stored(input: string, select: Sql): Promise<string> {
  const path = join(given().dir, `${input}.parquet`)
  const engine = await openEngine('duckdb', { scale: 2 })
  await engine.write(select, path, 'parquet')
  engine.close()
  return path
}
const from = async (input: string, select: Sql): Promise<Stated> => ({ inputs: { [input]: { files: await stored(input, select) } } })

describe('types that are what they say', () => {
  test('decimals, dates, whole numbers and text come over exactly', async () => {
    const stated = await from('repayments', sql`SELECT 'P1' AS payment_id, 1234567890123456789 AS account_id, DATE '2024-02-29' AS paid_on, CAST('12.50' AS DECIMAL(10,4)) AS amount UNION ALL SELECT 'P2', 12, DATE '2025-06-30', 7`)
    await reading({}, stated, async ({ engine, book }) => {
      expect((await rowsRead(engine, book.repayments)).map(({ payment_id, account_id, paid_on, amount, 'row fault': fault }) => [payment_id, account_id, paid_on, amount, fault])).toEqual([
        ['P1', '1234567890123456789', '2024-02-29', '12.50', 0],
        ['P2', '12', '2025-06-30', '7.00', 0],
      ])
    })
  })
  test('digits beyond two decimals are rejected here too', async () => {
    await flowing({}, await from('repayments', sql`SELECT 'P1' AS payment_id, 'A1' AS account_id, DATE '2025-06-10' AS paid_on, CAST('1.005' AS DECIMAL(10,3)) AS amount`), ({ flow }) => {
      expect(flow.outcome.rejects).toMatchObject([{ line: 1, column: 'amount', code: 'too-many-decimals', value: '1.005' }])
    })
  })
  test('truth values, blanks and no values', async () => {
    const stated = await from('loans', sql`SELECT 'A1' AS account_id, 'CNY' AS currency, TRUE AS autopay, '' AS phone, CAST(NULL AS DATE) AS closed_on UNION ALL SELECT ' A2 ', 'CNY', FALSE, ' x', DATE '2025-06-01'`)
    await reading({}, { inputs: { loans: { ...stated.inputs!['loans'], columns: { autopay: 'boolean' } } } }, async ({ engine, book }) => {
      expect((await rowsRead(engine, book.loans)).map(({ account_id, autopay, phone, closed_on }) => [account_id, autopay, phone, closed_on])).toEqual([['A1', true, null, null], ['A2', false, 'x', '2025-06-01']])
    })
  })
})

describe('types of which nobody can say what was meant', () => {
  const told = async (select: Sql, more: Record<string, unknown> = {}) => {
    const { inputs } = await from('repayments', select)
    return faults({}, { inputs: { repayments: { ...inputs!['repayments'], ...more } } })
  }
  const unsafe = (column: string, type: string, as: string) => ({ code: 'column-type-unsafe', exit: 2, says: expect.stringMatching(new RegExp(`^The column ${column} of .*repayments\\.parquet is ${type} in Parquet\\.$`)), todo: `Write it with CAST("${column}" AS ${as}).` })

  test('money in binary fractions', async () => {
    for (const type of ['DOUBLE', 'FLOAT']) expect(await told(sql`SELECT 'P1' AS payment_id, 'A1' AS account_id, DATE '2025-06-10' AS paid_on, CAST(1.1 AS ${{ kind: 'sql', texts: [type], holes: [] }}) AS amount`)).toEqual([unsafe('amount', type, 'DECIMAL(18,2)')])
  })
  test('a time for a date', async () => {
    expect(await told(sql`SELECT 'P1' AS payment_id, 'A1' AS account_id, TIMESTAMP '2025-06-10 00:00:00' AS paid_on, CAST(1 AS DECIMAL(18,2)) AS amount`)).toEqual([unsafe('paid_on', 'TIMESTAMP', 'DATE')])
  })
  test('an id that has been through a float', async () => {
    expect(await told(sql`SELECT 'P1' AS payment_id, CAST(1001 AS DOUBLE) AS account_id, DATE '2025-06-10' AS paid_on, CAST(1 AS DECIMAL(18,2)) AS amount`)).toEqual([unsafe('account_id', 'DOUBLE', 'VARCHAR')])
  })
  test('all of a file at once, by the names that the file has', async () => {
    const all = await told(sql`SELECT 'P1' AS payment_id, 'A1' AS account_id, TIMESTAMP '2025-06-10 00:00:00' AS "Paid", CAST(1.1 AS DOUBLE) AS "Sum"`, { headers: { paid_on: 'Paid', amount: 'Sum' } })
    expect(all.map(({ todo }) => todo)).toEqual(['Write it with CAST("Paid" AS DATE).', 'Write it with CAST("Sum" AS DECIMAL(18,2)).'])
  })
  test('in a column that passes through they may stand', async () => {
    expect(await faults({}, await from('loans', sql`SELECT 'A1' AS account_id, 'CNY' AS currency, CAST(0.5 AS DOUBLE) AS score, now() AS loaded_at`))).toEqual([])
  })
})

describe('places and facts', () => {
  const rows = sql`SELECT 'P' || i AS payment_id, 'A1' AS account_id, DATE '2025-06-10' AS paid_on, CASE WHEN i % 1000 = 999 THEN 'ten, "or" so' ELSE '1.00' END AS amount FROM range(5000) AS r(i) ORDER BY i`
  test('the line of a row is its number, and its raw row can be read as CSV', async () => {
    await flowing({}, await from('repayments', rows), ({ flow }) => {
      expect(flow.outcome.rejects.map(({ file, line, value, raw, account_id }) => [file, line, value, raw, account_id])).toEqual([1000, 2000, 3000, 4000, 5000].map((line) => ['repayments.parquet', line, 'ten, "or" so', `P${line - 1},A1,2025-06-10,"ten, ""or"" so"`, 'A1']))
    })
  })
  test('its records are counted by its footer, its bytes hashed as stored', async () => {
    const path = await stored('repayments', rows)
    await reading({}, { inputs: { repayments: { files: path } } }, async ({ book }) => {
      expect(book.repayments).toMatchObject({ records: 5000, read: 5000 })
      expect(book.repayments.facts[0]).toMatchObject({ bytes: statSync(path).size, sha256: createHash('sha256').update(readFileSync(path)).digest('hex'), records: 5000 })
    })
  })
})

describe('files that are none', () => {
  test('of other bytes, cut, or empty', async () => {
    const cut = await stored('cut', sql`SELECT i AS account_id FROM range(1000) AS r(i)`)
    truncateSync(cut, 500)
    const other = join(given().dir, 'other.parquet')
    writeFileSync(other, 'account_id,currency\nA1,CNY\n')
    for (const files of [cut, other]) expect(await faults({}, { inputs: { loans: { files } } })).toMatchObject([{ code: 'file-unreadable', exit: 3, says: expect.not.stringContaining('\n') }])
    writeFileSync(other, '')
    expect(await faults({}, { inputs: { loans: { files: other } } })).toMatchObject([{ code: 'file-empty', exit: 3 }])
  })
  test('damaged inside', async () => {
    const path = await stored('loans', sql`SELECT 'A' || i AS account_id, 'CNY' AS currency, md5(CAST(i AS VARCHAR)) AS x FROM range(100000) AS r(i)`)
    const bytes = readFileSync(path)
    bytes.fill(0xff, 1000, 60_000)
    writeFileSync(path, bytes)
    expect(await faults({}, { inputs: { loans: { files: path } } })).toMatchObject([{ code: 'file-unreadable', exit: 3 }])
  })
  test('without rows', async () => {
    expect(await faults({}, await from('repayments', sql`SELECT 'P1' AS payment_id, 'A1' AS account_id, DATE '2025-06-10' AS paid_on, CAST(1 AS DECIMAL(18,2)) AS amount WHERE FALSE`))).toMatchObject([{ code: 'file-no-rows', exit: 3 }])
  })
})

test('headers, translations and passed-through columns as in CSV, and CSV beside Parquet', async () => {
  const stated = await from('loans', sql`SELECT '结清' AS "状态", 'x' AS phone, 'A1' AS "借据号", 'CNY' AS currency`)
  const loans = { files: [stated.inputs!['loans']!['files'] as string, 'more.csv'], headers: { account_id: '借据号', status: '状态' }, values: { status: { 结清: 'closed' } } }
  await reading({ 'more.csv': '借据号,currency,状态\nA2,CNY,\n' }, { inputs: { loans } }, async ({ engine, book }) => {
    expect((await rowsRead(engine, book.loans)).map(({ account_id, status, phone }) => [account_id, status, phone])).toEqual([['A1', 'closed', 'x'], ['A2', null, null]])
  })
})
