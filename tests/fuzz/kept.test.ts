import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { built, runBuilt } from '../built.ts'
import { faults } from '../read/given.ts'
import { books, parquetBook } from './book.ts'

// What random trials have found, made small: each was an unexpected error once.

const dir = mkdtempSync(join(tmpdir(), 'arrears-kept-'))
afterAll(() => rmSync(dir, { recursive: true }))
let payments: Buffer
beforeAll(async () => {
  const book = await parquetBook(books()[0]!, dir)
  payments = Buffer.from(book.files['repayments.parquet']!)
})

test('a state of thousands of letters: the settings that are proposed can be read', async () => {
  if (!built) return
  const word = 'x'.repeat(5000)
  writeFileSync(join(dir, 'loans.csv'), `account_id,currency,status\nA1,CNY,open\nA2,CNY,${word}\n`)
  writeFileSync(join(dir, 'schedule.csv'), 'account_id,instalment_no,due_on,amount_due\nA1,1,2025-06-10,100.00\n')
  writeFileSync(join(dir, 'repayments.csv'), 'payment_id,account_id,paid_on,amount\nP1,A1,2025-06-10,40.00\n')
  expect((await runBuilt(['init', join(dir, 'long'), '--from', ...['loans', 'schedule', 'repayments'].map((name) => join(dir, `${name}.csv`))])).exit).toBe(0)
  const { exit, stderr } = await runBuilt(['check', '--config', join(dir, 'long/arrears.yaml')])
  expect([exit, stderr]).toEqual([2, expect.stringMatching(/settings-question/)])
})

describe('Parquet with damaged pages', () => {
  /** The pages of a column are spoilt, its description is sound. */
  const spoilt = (from: number) => {
    const bytes = Buffer.from(payments)
    bytes.fill(0xff, from, from + 12)
    const path = join(dir, 'spoilt.parquet')
    writeFileSync(path, bytes)
    return path
  }
  test('where settings are proposed', async () => {
    if (!built) return
    const { exit, stderr } = await runBuilt(['init', join(dir, 'proposed'), '--from', spoilt(4)])
    expect([exit, stderr]).toEqual([3, expect.stringMatching(/^error file-unreadable/)])
  })
  test('anywhere: the file is refused, or read', async () => {
    const last = payments.indexOf(Buffer.from('PAR1'), 4)
    for (let from = 4; from < last - 12; from += 401) {
      const said = await faults({ 'repayments.csv': null }, { inputs: { repayments: { files: spoilt(from) } } })
      expect(said.every(({ exit }) => exit === 2 || exit === 3), JSON.stringify(said)).toBe(true)
    }
  })
})
