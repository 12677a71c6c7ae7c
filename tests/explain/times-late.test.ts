import { DuckDBInstance } from '@duckdb/node-api'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { explain } from '../../src/cli/commands/explain.ts'
import { run } from '../../src/cli/commands/run.ts'
import { folderOf, freshDir, started } from './book.ts'

// Each time late, counted on a calendar: 100.00 due on 10 January and paid on 15 February is late from 11 January to 14 February, 35 days.

const due = (account_id: string, instalment_no: number, due_on: string) => ({ account_id, instalment_no, due_on, amount_due: '100.00' })
const paid = (payment_id: string, account_id: string, paid_on: string) => ({ payment_id, account_id, paid_on, amount: '100.00' })
const { config } = folderOf(
  {
    loans: [{ account_id: 'CURED' }, { account_id: 'STILL' }, { account_id: 'NEVER' }],
    schedule: [due('CURED', 1, '2025-01-10'), due('CURED', 2, '2025-05-10'), due('STILL', 1, '2025-03-10'), due('STILL', 2, '2025-04-10'), due('NEVER', 1, '2025-03-10')],
    repayments: [paid('1', 'CURED', '2025-02-15'), paid('2', 'CURED', '2025-05-12'), paid('3', 'STILL', '2025-04-25'), paid('4', 'NEVER', '2025-03-10')],
  },
  { zone: 'UTC', as_of: '2025-06-30', work_on: '2025-07-01', history_columns: true },
  '- table: actions\n  hit: first\n  rules:\n    - { id: N, then: { action: none, reason: nothing } }\n',
)

const times = [
  { account_id: 'CURED', late_since: '2025-01-11', late_until: '2025-02-14', cured_on: '2025-02-15', days: 35, max_days_late: 35 },
  { account_id: 'CURED', late_since: '2025-05-11', late_until: '2025-05-11', cured_on: '2025-05-12', days: 1, max_days_late: 1 },
  // 46 days from 10 March to 25 April, then 81 days from 10 April to the end of June: one time late.
  { account_id: 'STILL', late_since: '2025-03-11', late_until: '2025-06-30', cured_on: null, days: 112, max_days_late: 81 },
]

test('a row each time late', async () => {
  const out = freshDir()
  await started(run, { typed: { config, out, quiet: true, keepEvidence: true } })
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  expect((await connection.runAndReadAll(`SELECT * FROM read_parquet('${join(out, 'latest/episodes.parquet')}')`)).getRowObjectsJson()).toEqual(times)
  connection.closeSync()
  instance.closeSync()
  for (const typed of [{ config }, { run: join(out, 'latest') }]) {
    const { shown } = await started(explain, { typed: { ...typed, json: true }, args: ['CURED'] })
    expect(JSON.parse(shown)['times_late']).toEqual(times.slice(0, 2).map(({ account_id: _account, ...one }) => one))
  }
  expect((await started(explain, { typed: { config }, args: ['STILL'] })).shown).toMatch(/Times late\n.*\n.*\n {2}2025-03-11 {2}2025-06-30 .* 112 +81/)
})
