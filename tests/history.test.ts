import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Engine, Row } from '../src/engine/engine.ts'
import { openEngine } from '../src/engine/open.ts'
import { sql } from '../src/engine/sql.ts'
import { flow } from '../src/flow.ts'
import { history } from '../src/history.ts'
import { planInputs } from '../src/read/read.ts'
import { daysAsked, severalDays } from '../src/settings/days.ts'
import { loadSettings } from '../src/settings/load.ts'

const sample = new URL('../fixtures/sample/arrears.yaml', import.meta.url).pathname

async function on<T>(asOf: string, then: (job: { engine: Engine; settings: ReturnType<typeof loadSettings>; plans: Awaited<ReturnType<typeof planInputs>>; scratch: string; onStep: () => void }) => Promise<T>): Promise<T> {
  const scratch = mkdtempSync(join(tmpdir(), 'arrears-history-'))
  const engine = await openEngine('duckdb', { scale: 2, threads: 1 })
  try {
    const settings = loadSettings({ config: sample, asOf }, false)
    return await then({ engine, settings, plans: await planInputs(engine, settings), scratch, onStep: () => {} })
  } finally {
    engine.close()
    rmSync(scratch, { recursive: true, force: true })
  }
}

const columns = sql`account_id, CAST(as_of AS VARCHAR) AS as_of, currency, tier, days_late, days_past_due, overdue_amount`

describe('a history', () => {
  const days = ['2024-12-31', '2025-03-31', '2025-05-11', '2025-06-30']

  test('says of each day what a run as of that day says, of every account', { timeout: 60_000 }, async () => {
    const told = await on(days.at(-1)!, async (job) => {
      const { rows } = await history(job, days)
      return (await job.engine.rows(sql`SELECT ${columns} FROM ${rows} ORDER BY as_of, account_id`)) as Row[]
    })
    const ran: Row[] = []
    for (const day of days) ran.push(...(await on(day, async (job) => job.engine.rows(sql`SELECT ${columns} FROM ${(await flow(job)).outcome.accounts} ORDER BY as_of, account_id`))))
    expect(told.length).toBeGreaterThan(2000)
    expect(told).toEqual(ran)
  })

  test('counts each account once a day', async () => {
    await on(days.at(-1)!, async (job) => {
      const { report } = await history(job, days.slice(2))
      const accounts = days.slice(2).map((day) => report.rows.filter((row) => row.as_of === day).reduce((sum, row) => sum + Number(row.accounts), 0))
      expect(accounts).toEqual([accounts[0], accounts[0]])
    })
  })
})

describe('--as-of with several days', () => {
  test('is a list or a range', () => expect(['2025-06-30', 'yesterday', '2025-05-31,2025-06-30', '2025-01-31..2025-06-30'].map(severalDays)).toEqual([false, false, true, true]))
  test.each([
    ['2025-01-31..2025-04-30', undefined, ['2025-01-31', '2025-02-28', '2025-03-31', '2025-04-30']],
    // 28 February is the last of its month, so all others are.
    ['2025-02-28..2025-05-31', 'month', ['2025-02-28', '2025-03-31', '2025-04-30', '2025-05-31']],
    ['2024-11-30..2025-05-31', 'quarter', ['2024-11-30', '2025-02-28', '2025-05-31']],
    ['2024-12-30..2025-03-01', 'month', ['2024-12-30', '2025-01-30', '2025-02-28']],
    ['2025-06-28..2025-07-13', 'week', ['2025-06-28', '2025-07-05', '2025-07-12']],
    ['2024-02-28..2024-03-01', 'day', ['2024-02-28', '2024-02-29', '2024-03-01']],
    ['2025-06-30, 2025-05-31,2025-06-30', undefined, ['2025-05-31', '2025-06-30']],
  ])('%s every %s', (typed, every, days) => expect(daysAsked(typed, every)).toEqual(days))
  test.each(['2025-06-30..2025-01-31', '2025-01-01..2025-02-30', '2025-01-01..', '2020-01-01..2025-01-01..2026-01-01'])('%s is refused', (typed) => expect(() => daysAsked(typed)).toThrow())
  test('a step that nobody knows, and a range of years of days, are refused', () => {
    expect(() => daysAsked('2025-01-31..2025-06-30', 'fortnight')).toThrow('--every is "fortnight"')
    expect(() => daysAsked('2015-01-01..2025-06-30', 'day')).toThrow('names')
  })
})
