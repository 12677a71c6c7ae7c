import { expect, test } from 'vitest'
import { checkReportsBy } from '../../src/gather/by.ts'
import { openEngine } from '../../src/engine/open.ts'
import { flow } from '../../src/flow.ts'
import { makeReports } from '../../src/publish/reports/made.ts'
import { planInputs } from '../../src/read/read.ts'
import { loadSettings } from '../../src/settings/load.ts'
import { bookFile, type Files } from '../proof/in-process.ts'

async function made(files: Files, settings: Readonly<Record<string, unknown>>, flags: Readonly<Record<string, string>> = {}) {
  const { config, dir } = bookFile(files, settings)
  const inForce = loadSettings({ config, ...flags }, true)
  const engine = await openEngine('duckdb', { scale: 2, threads: 1 })
  try {
    const { outcome } = await flow({ engine, settings: inForce, plans: await planInputs(engine, inForce), scratch: dir, onStep: () => {}, reports: true })
    return { made: await makeReports(outcome, inForce, engine), notMade: outcome.gathered!.notMade }
  } finally {
    engine.close()
  }
}

const loans = [{ account_id: 'A', status: 'open', product: 'cash', branch: 'north' }, { account_id: 'B', status: 'open', product: 'card', branch: 'south' }]
const schedule = [{ account_id: 'A', instalment_no: '1', due_on: '2025-06-10', amount_due: '100' }, { account_id: 'A', instalment_no: '2', due_on: '2025-07-01', amount_due: '100' }, { account_id: 'B', instalment_no: '1', due_on: '2025-06-20', amount_due: '50' }]
const repayments = [{ payment_id: 'P1', account_id: 'A', paid_on: '2025-06-12', amount: '100' }, { payment_id: 'P2', account_id: 'B', paid_on: '2025-06-20', amount: '20' }]
const settings = { as_of: '2025-06-30', work_on: '2025-07-01' }

test('by columns of loans: each line is of one combination, and the columns stand behind the currency', async () => {
  const { made: reports } = await made({ loans, schedule, repayments }, { ...settings, reports: { by: ['branch'] } })
  const of = (name: string) => reports.find((report) => report.name === name)!
  expect(Object.keys(of('due_performance').columns).slice(0, 3)).toEqual(['due_on', 'currency', 'branch'])
  expect(of('due_performance').rows.map((row) => [row['due_on'], row['branch'], row['instalments'], row['paid_by_0'], row['paid_by_3'], row['paid_by_15'], row['paid_by_30'], row['still_open']])).toEqual([
    ['2025-06-10', 'north', 1, '0.00', '100.00', '100.00', null, '0.00'],
    ['2025-06-20', 'south', 1, '20.00', '20.00', null, null, '30.00'],
  ])
  expect(of('flow').rows.filter((row) => row['period'] === 'month' && row['measure'] === 'accounts' && row['bucket'] !== 'total' && Number(row['rolled_in']) > 0).map((row) => [row['branch'], row['bucket'], row['rolled_in'], row['closing']])).toEqual([['south', '1-30', 1, 1]])
  expect(of('cash').rows.filter((row) => row['section'] === 'month' && row['bucket'] === 'total').map((row) => [row['branch'], row['net']])).toEqual([['north', '100.00'], ['south', '20.00']])
  expect(of('due_calendar').rows.map((row) => [row['due_on'], row['branch'], row['open'], row['to_remind'], row['autopay']])).toEqual([['2025-07-01', 'north', '100.00', 1, null]])
})

test('those named are made, or none', async () => {
  expect((await made({ loans, schedule, repayments }, settings, { reports: 'cash,edge' })).made.map(({ name }) => name)).toEqual(['edge', 'cash'])
  expect((await made({ loans, schedule, repayments }, { ...settings, reports: { make: 'none' } })).made).toEqual([])
  expect(() => loadSettings({ config: bookFile({ loans, schedule, repayments }, settings).config, reports: 'flow,chash' }, true)).toThrow('--reports is "flow,chash"')
})

test('what cannot be told of a book is left out with its reason', async () => {
  const open = schedule.map(({ amount_due, ...row }) => ({ ...row, amount_open: amount_due }))
  const { made: reports, notMade } = await made({ loans, schedule: open }, settings)
  expect(reports.map(({ name }) => name)).toEqual(['morning', 'edge', 'due_calendar', 'largest'])
  expect(notMade.map(({ report }) => report)).toEqual(['flow', 'due_performance', 'cash'])
  const named = await made({ loans, schedule, repayments: repayments.map((row) => ({ ...row, instalment_no: '1' })) }, { ...settings, conventions: { allocation: 'named_first' } })
  expect(named.notMade.map(({ report }) => report)).toEqual(['due_performance'])
})

test('a column that no loan has, and one that reports have themselves', () => {
  const placeOf = (at: number) => ({ file: 'arrears.yaml', line: 4 + at, column: 7 })
  expect(() => checkReportsBy(['product', 'regio'], ['region'], [], placeOf)).toThrow(expect.objectContaining({ says: 'reports.by names "regio", which is not a column of loans.', todo: 'Did you mean "region"?', place: { file: 'arrears.yaml', line: 5, column: 7 } }))
  expect(() => checkReportsBy(['regio'], ['region'], [], undefined)).toThrow('--by names "regio"')
  expect(() => checkReportsBy(['bucket'], ['bucket'], ['bucket'], placeOf)).toThrow('reports have a column of that name')
  expect(() => checkReportsBy(['product', 'currency'], [], ['product', 'currency'], placeOf)).not.toThrow()
})
