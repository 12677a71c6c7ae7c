import { describe, expect, test } from 'vitest'
import { openEngine } from '../../src/engine/open.ts'
import { planInputs, read } from '../../src/read/read.ts'
import { loadSettings } from '../../src/settings/load.ts'
import { given, rowsRead, type Files } from './given.ts'

/** A book that is tried without guards from the first byte on, as a large one is. */
async function tried(files: Files) {
  const { dir, config } = given(files)
  const settings = loadSettings({ config }, true)
  const engine = await openEngine('duckdb', { scale: 2, threads: 2 })
  try {
    const plans = await planInputs(engine, settings, 0)
    const book = await read(engine, plans, settings, dir)
    const rows = (await rowsRead(engine, book.repayments)).map(({ payment_id, amount, ['row fault']: fault }) => [payment_id, amount, fault])
    return { begins: plans.repayments.files.map((file) => file.plain), unguarded: book.repayments.files.map((file) => file.unguarded), rows, records: book.repayments.records }
  } finally {
    engine.close()
  }
}

const header = 'payment_id,account_id,paid_on,amount\n'
/** More than the first look at a file takes in. */
const many = Array.from({ length: 40_000 }, (_, at) => `P${100_000 + at},A1,2025-06-10,${1 + (at % 9)}.00`)

describe('a file that begins plain', () => {
  test('and stays so is read without guards', async () => {
    const { begins, unguarded, rows, records } = await tried({ 'repayments.csv': `${header}${many.join('\n')}\n` })
    expect([begins, unguarded, records, rows.length]).toEqual([[true], [true], 40_000, 40_000])
    expect(rows[8]).toEqual(['P100008', '9.00', 0])
  })

  // The typed reader would round the first, take the second, and stop at the third: none may pass.
  test.each([['12.345', null], ['1e3', null], ['x', null], ['', null]])('and has the amount "%s" at its end is read again under guards', async (amount, typed) => {
    const { begins, unguarded, rows } = await tried({ 'repayments.csv': `${header}${many.join('\n')}\nP999999,A1,2025-06-10,${amount}\n` })
    expect([begins, unguarded]).toEqual([[true], [false]])
    expect(rows.at(-1)).toEqual(['P999999', typed, 4])
    expect(rows.filter(([, , fault]) => fault !== 0)).toHaveLength(1)
  })

  test('and has a line that is no record at its end is mended as ever', async () => {
    const { unguarded, rows, records } = await tried({ 'repayments.csv': `${header}${many.join('\n')}\nP999998,A1,2025-06-10\nP999999,A1,2025-06-10,1.00\n` })
    expect([unguarded, records, rows.length, rows.at(-1)]).toEqual([[false], 40_002, 40_001, ['P999999', '1.00', 0]])
  })
})

test('a book with three decimals is proved for two', async () => {
  const loans = 'account_id,currency\nA1,KWD\n'
  expect(await tried({ 'loans.csv': loans, 'repayments.csv': `${header}P1,A1,2025-06-10,12.5\n` })).toMatchObject({ unguarded: [true], rows: [['P1', '12.500', 0]] })
  expect(await tried({ 'loans.csv': loans, 'repayments.csv': `${header}P1,A1,2025-06-10,12.345\n` })).toMatchObject({ begins: [false], unguarded: [false], rows: [['P1', '12.345', 0]] })
})
