import { createHash } from 'node:crypto'
import { appendFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { UserError } from '../../src/errors.ts'
import { decimalsOf, scaleOf } from '../../src/read/currencies.ts'
import { planInputs, read } from '../../src/read/read.ts'
import { loadSettings } from '../../src/settings/load.ts'
import { openEngine } from '../../src/engine/open.ts'
import { faults, given, reading, sound, type Files, type Stated } from './given.ts'

describe('what the stage gives beside the rows', () => {
  test('rows, records by a count of their own, bytes and sha256 of each file as stored', async () => {
    const zipped = gzipSync(sound['schedule.csv'])
    await reading({ 'schedule.csv': null, 's.csv.gz': zipped }, { inputs: { schedule: { files: 's.csv.gz' } } }, async ({ book }) => {
      expect(book.schedule).toMatchObject({ read: 1, records: 1 })
      expect(book.schedule.facts).toMatchObject([{ bytes: zipped.length, sha256: createHash('sha256').update(zipped).digest('hex'), records: 1 }])
      expect(book.loans.facts).toMatchObject([{ bytes: sound['loans.csv'].length, sha256: createHash('sha256').update(sound['loans.csv']).digest('hex') }])
    })
  })

  const increases = (files: Files, stated: Stated = {}) => reading(files, stated, async ({ book }) => [book.loans.keyIncreases, book.schedule.keyIncreases, book.repayments.keyIncreases])
  test('whether keys increase from row to row: then none can repeat', async () => {
    const loans = (...ids: string[]) => ({ 'loans.csv': `account_id,currency\n${ids.map((id) => `${id},CNY\n`).join('')}` })
    expect(await increases({})).toEqual([true, true, true])
    expect(await increases(loans('A1', 'A2', 'A3'))).toEqual([true, true, true])
    expect(await increases(loans('A1', 'A3', 'A2'))).toEqual([false, true, true])
    expect(await increases(loans('A1', 'A1'))).toEqual([false, true, true])
    // A row that names nobody hides no descent.
    expect(await increases(loans('A2', '', 'A1'))).toEqual([false, true, true])
    expect(await increases({ 'schedule.csv': 'account_id,instalment_no,due_on,amount_due\nA1,1,2025-06-10,1\nA1,2,2025-07-10,1\nA2,1,2025-06-10,1\n' })).toEqual([true, true, true])
    // 10 after 9 as a number, before it as a text.
    expect(await increases({ 'schedule.csv': 'account_id,instalment_no,due_on,amount_due\nA1,9,2025-06-10,1\nA1,10,2025-07-10,1\n' })).toEqual([true, true, true])
    expect(await increases({ 'schedule.csv': 'account_id,instalment_no,due_on,amount_due\nA1,2,2025-06-10,1\nA1,1,2025-07-10,1\n' })).toEqual([true, false, true])
  })

  test('the key in force, and none where its column may be and is absent', async () => {
    await reading({ 'repayments.csv': 'account_id,paid_on,amount\nA1,2025-06-10,1\n', 'schedule.csv': 'account_id,due_on,amount_due\nA1,2025-06-10,1\n' }, {}, async ({ book }) => {
      expect([book.loans.key, book.schedule.key, book.repayments.key]).toEqual([['account_id'], [], []])
    })
  })
})

describe('currencies', () => {
  test('those of the loans and that of the settings; money has the largest of their scales, at least 2', async () => {
    const loans = (...codes: string[]) => ({ 'loans.csv': `account_id,currency\n${codes.map((code, at) => `A${at},${code}\n`).join('')}` })
    const found = (files: Files, stated: Stated = {}) => reading(files, stated, async ({ book }) => [book.currencies.join(' '), book.scale])
    expect(await found(loans('USD', 'CNY', 'USD'))).toEqual(['CNY USD', 2])
    expect(await found(loans('JPY'))).toEqual(['JPY', 2])
    expect(await found(loans('KWD', 'CNY'))).toEqual(['CNY KWD', 3])
    expect(await found({ 'loans.csv': 'account_id\nA1\n' }, { currency: 'BHD' })).toEqual(['BHD', 3])
    expect(await found(loans('cny', '', 'USD'))).toEqual(['USD', 2])
  })
  test('three decimals are read with three', async () => {
    await reading({ 'loans.csv': 'account_id,currency,principal\nA1,KWD,1.234\n', 'repayments.csv': 'payment_id,account_id,paid_on,amount\nP1,A1,2025-06-10,0.005\n' }, {}, async ({ engine, book }) => {
      const money = async (input: 'loans' | 'repayments', column: string) => (await engine.rows({ kind: 'sql', texts: [`SELECT ${column} AS m FROM `, ''], holes: [book[input].rows] }))[0]!.m
      expect([await money('loans', 'principal'), await money('repayments', 'amount')]).toEqual(['1.234', '0.005'])
    })
  })
  test('neither a column nor a setting', async () => {
    expect(await faults({ 'loans.csv': 'account_id\nA1\n' })).toMatchObject([{ code: 'currency-missing', exit: 2, todo: expect.stringContaining('currency: CNY') }])
  })
  // ISO 4217, minor units.
  test.each([['CNY', 2], ['USD', 2], ['JPY', 0], ['KRW', 0], ['VND', 0], ['CLP', 0], ['KWD', 3], ['TND', 3], ['CLF', 4], ['XXX', 2]] as const)('%s has %i decimals', (code, decimals) => expect(decimalsOf(code)).toBe(decimals))
  test('the scale of none is 2', () => expect([scaleOf([]), scaleOf(['JPY']), scaleOf(['JPY', 'OMR'])]).toEqual([2, 2, 3]))
})

describe('a file that changes under the hands of the run', () => {
  const during = async (change: (dir: string) => void) => {
    const { dir, config } = given()
    const settings = loadSettings({ config }, true)
    const engine = await openEngine('duckdb', { scale: 2 })
    try {
      const plans = await planInputs(engine, settings)
      return await read(engine, plans, settings, dir, (step) => void (step === 'count' && change(dir))).then(() => undefined, (error: unknown) => error as UserError)
    } finally {
      engine.close()
    }
  }
  test('grows', async () => expect(await during((dir) => appendFileSync(join(dir, 'repayments.csv'), 'P2,A1,2025-06-11,1.00\n'))).toMatchObject({ code: 'input-changed', exit: 3, says: expect.stringContaining('repayments.csv') }))
  test('goes away', async () => expect(await during((dir) => rmSync(join(dir, 'schedule.csv')))).toMatchObject({ exit: 3 }))
  test('stays', async () => expect(await during(() => {})).toBeUndefined())
})
