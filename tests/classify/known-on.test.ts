import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { openEngine } from '../../src/engine/open.ts'
import { sql } from '../../src/engine/sql.ts'
import { explain } from '../../src/explain/explain.ts'
import { history } from '../../src/history.ts'
import { planInputs } from '../../src/read/read.ts'
import { loadSettings } from '../../src/settings/load.ts'
import { explaining, folderOf } from '../explain/book.ts'
import { accountsOn } from './book.ts'

// A1: the payment of 10 June came with the bank's file of the 16th. A2: paid on the day, the return of the 12th was booked on the 20th.
// A3: its receipt is known from the 8th on and counts from the 11th; the payment that P6 takes back became known only after P6 did.
const rows = {
  loans: ['A1', 'A2', 'A3'].map((account_id) => ({ account_id, currency: 'CNY', outstanding_principal: '77.00' })),
  schedule: ['A1', 'A2', 'A3'].map((account_id) => ({ account_id, instalment_no: 1, due_on: '2025-06-10', amount_due: '100.00' })),
  repayments: [
    { payment_id: 'P1', account_id: 'A1', paid_on: '2025-06-10', received_on: '2025-06-16', amount: '100.00', kind: 'payment', reverses: '' },
    { payment_id: 'P2', account_id: 'A2', paid_on: '2025-06-10', received_on: '', amount: '100.00', kind: 'payment', reverses: '' },
    { payment_id: 'P3', account_id: 'A2', paid_on: '2025-06-12', received_on: '2025-06-20', amount: '100.00', kind: 'undo', reverses: 'P2' },
    { payment_id: 'P4', account_id: 'A3', paid_on: '2025-06-11', received_on: '2025-06-08', amount: '60.00', kind: 'payment', reverses: '' },
    { payment_id: 'P5', account_id: 'A3', paid_on: '2025-06-11', received_on: '2025-06-18', amount: '40.00', kind: 'payment', reverses: '' },
    { payment_id: 'P6', account_id: 'A3', paid_on: '2025-06-12', received_on: '2025-06-13', amount: '10.00', kind: 'undo', reverses: 'P5' },
  ],
}

const day = '2025-06-15'
const standsOn = async (settings: Readonly<Record<string, unknown>>) => {
  const { of, warnings } = await accountsOn(day, rows, settings)
  return { days: ['A1', 'A2', 'A3'].map((id) => [of(id)['days_past_due'], of(id)['overdue_amount']]), own: of('A1')['outstanding_principal'], warnings: warnings.filter(({ code }) => code === 'not-known-yet').map(({ says }) => says) }
}

describe('15 June 2025', () => {
  test('as all that came later says it', async () =>
    expect(await standsOn({})).toMatchObject({ days: [[0, '0.00'], [5, '100.00'], [5, '10.00']], warnings: [] }))

  test('as known that evening', async () =>
    expect(await standsOn({ known_on: 'as_of' })).toMatchObject({
      days: [[5, '100.00'], [0, '0.00'], [5, '40.00']],
      warnings: ['3 repayments in CNY of days up to 2025-06-15 were not known on 2025-06-15 and do not count: payments of 140.00, reversals of 100.00.'],
    }))

  test('as known three days later', async () =>
    expect(await standsOn({ known_on: '2025-06-18' })).toMatchObject({ days: [[0, '0.00'], [0, '0.00'], [5, '10.00']], warnings: [expect.stringContaining('1 repayment in CNY of days up to 2025-06-15 was not known on 2025-06-18 and does not count: reversals of 100.00.')] }))
})

test("the lender's own figures are of the day of the export, whatever was known", async () => {
  const late = { ...rows, repayments: [...rows.repayments, { ...rows.repayments[0]!, payment_id: 'P7', paid_on: '2025-06-25', received_on: '2025-06-26', amount: '1.00' }] }
  const { of } = await accountsOn(day, late, { known_on: 'as_of' })
  expect(of('A1')['outstanding_principal']).toBe(null)
})

test('explain names what was not known, and why', async () => {
  const on = await explaining(folderOf(rows, { as_of: day, known_on: 'as_of' }).config)
  try {
    const said = await explain(on, ['A1', 'A2', 'A3'])
    expect(said.map(({ not_counted }) => not_counted.map(({ payment_id, not_counted: amount, why, says }) => [payment_id, amount, why, says]))).toEqual([
      [['P1', '100.00', 'not_known', 'not known on 2025-06-15: received on 2025-06-16']],
      [['P3', null, 'not_known', 'not known on 2025-06-15: received on 2025-06-20, so it takes nothing off']],
      [['P5', '40.00', 'not_known', 'not known on 2025-06-15: received on 2025-06-18'], ['P6', null, 'reversal', 'takes back P5, which does not count anyhow']],
    ])
    expect(said[0]!.conventions).toContain('repayments as known on the as-of day itself, by received_on')
  } finally {
    on.close()
  }
})

describe('several days', () => {
  const told = async (knownOn: string | undefined) => {
    const settings = loadSettings({ config: folderOf(rows, {}).config, asOf: '2025-06-20', ...(knownOn === undefined ? {} : { knownOn }) }, false)
    const scratch = mkdtempSync(join(tmpdir(), 'arrears-known-'))
    const engine = await openEngine('duckdb', { scale: 2, threads: 1 })
    try {
      const { rows: dated } = await history({ engine, settings, plans: await planInputs(engine, settings), scratch, onStep: () => {} }, ['2025-06-12', '2025-06-16', '2025-06-20'])
      const found = await engine.rows(sql`SELECT account_id, days_past_due FROM ${dated} ORDER BY account_id, as_of`)
      return ['A1', 'A2', 'A3'].map((id) => found.filter(({ account_id }) => account_id === id).map(({ days_past_due }) => days_past_due))
    } finally {
      engine.close()
      rmSync(scratch, { recursive: true, force: true })
    }
  }
  test('as known now', async () => expect(await told(undefined)).toEqual([[0, 0, 0], [2, 6, 10], [2, 6, 10]]))
  test('each as known that evening', async () => expect(await told('as_of')).toEqual([[2, 0, 0], [0, 0, 10], [2, 6, 10]]))
})

test('a day that nobody knew, and a book that does not tell, are refused', async () => {
  const { config } = folderOf(rows, { as_of: day })
  expect(() => loadSettings({ config, knownOn: '2025-06-14' }, false)).toThrow('known_on is 2025-06-14, before as_of 2025-06-15')
  const told = ['payment_id', 'account_id', 'paid_on', 'amount'] as const
  const untold = folderOf({ ...rows, repayments: rows.repayments.map((row) => Object.fromEntries(told.map((column) => [column, row[column]]))) }, { as_of: day, known_on: 'as_of' })
  const engine = await openEngine('duckdb', { scale: 2, threads: 1 })
  try {
    await expect(planInputs(engine, loadSettings({ config: untold.config }, false))).rejects.toThrow('no file of repayments has received_on')
  } finally {
    engine.close()
  }
})

test('a day that is none is a fault of the row where it is asked for, and nobody looks at it where it is not', async () => {
  const bad = { ...rows, repayments: rows.repayments.map((row) => (row.payment_id === 'P1' ? { ...row, received_on: '16.06.2025' } : row)) }
  expect((await accountsOn(day, bad, { known_on: 'as_of' })).of('A1')).toMatchObject({ held_reason: 'row_in_quarantine', held_since: '2025-06-10' })
  expect((await accountsOn(day, bad, {})).of('A1')).toMatchObject({ held_reason: null, days_past_due: 0 })
})
