// The bench's jobs work the same book in different ways: SQL over typed columns, SQL over text, a JavaScript stream, arrears. Each is the others' proof.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterAll, describe, expect, test } from 'vitest'

const bench = fileURLToPath(new URL('../../bench/', import.meta.url))
const dist = fileURLToPath(new URL('../../dist/cli/', import.meta.url))
const runIsBuilt = existsSync(join(dist, 'main.js'))
if (!runIsBuilt) console.warn('\n!!! "arrears run" is not built (dist/cli/main.js): THE BENCH COMPARES ITS PEERS ONLY. Run "npm run build".\n')

const folder = mkdtempSync(join(tmpdir(), 'arrears-bench-test-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const accounts = 2000
const all = ['unchecked-lean', 'unchecked-full', 'checked', 'csv-stream']
const careful = ['checked', 'csv-stream']

interface Found { name: string, against: string, compared: number, oneOnly: number, differences: number, examples: unknown[] }

function compare(jobs: string[], flags: string[]) {
  const json = join(folder, 'found.json')
  rmSync(json, { force: true })
  const run = spawnSync(process.execPath, [join(bench, 'run.js'), '--accounts', String(accounts), '--rounds', '0', '--data', folder, '--json', json, '--only', jobs.join(','), ...flags], { encoding: 'utf8' })
  if (!existsSync(json)) throw new Error(run.stderr)
  const { agreements, stopped } = JSON.parse(readFileSync(json, 'utf8')) as { agreements: Found[], stopped: Record<string, string> }
  return { status: run.status, agreements, stopped }
}

const books = [
  { book: 'clean', flags: [], jobs: all, asked: all },
  { book: 'rough, no value bad', flags: ['--rough', '--bad-share', '0'], jobs: all, asked: all },
  // one row in a hundred: enough bad values of every kind among 2,000 accounts; and the default, which arrears accepts
  { book: 'rough, 1 % bad', flags: ['--rough', '--bad-share', '0.01'], jobs: careful, asked: careful },
  { book: 'rough', flags: ['--rough'], jobs: careful, asked: all },
]

// All that agree with one agree with each other: where arrears takes the book, everyone is held against it.
describe.each(books)('$book book of 2,000 accounts', ({ book, flags, jobs, asked }) => {
  const arrears = runIsBuilt && book !== 'rough, 1 % bad' ? ['arrears'] : []
  test(`the peers agree account by account${arrears.length > 0 ? ', and arrears with every one' : ''}`, () => {
    const { status, agreements, stopped } = compare([...arrears, ...asked], flags)
    const [against, ...others] = [...arrears, ...jobs]
    expect(agreements.flatMap(({ examples }) => examples)).toEqual([])
    expect(agreements.map(({ name, against, differences, oneOnly }) => ({ name, against, differences, oneOnly }))).toEqual(others.map((name) => ({ name, against, differences: 0, oneOnly: 0 })))
    for (const { compared } of agreements) expect(compared).toBeGreaterThan(accounts * 0.97)
    // a script that checks nothing must end at a bad value, not write something else
    expect(Object.keys(stopped)).toEqual(asked.filter((name) => !jobs.includes(name)))
    expect(status).toBe(0)
  }, 60_000)
})

// Counted on a calendar by hand, as of 2025-06-30. Instalments of 100.00 (90.00 and 10.00).
const byHand = [
  { id: 'DUE-TODAY', due: ['2025-06-30'], paid: [], days: 0, overdue: '0.00', tier: 'current' },
  { id: 'ONE', due: ['2025-06-29'], paid: [], days: 1, overdue: '100.00', tier: 'short' },
  { id: 'THIRTY', due: ['2025-05-31'], paid: [], days: 30, overdue: '100.00', tier: 'short' },
  { id: 'THIRTY-ONE', due: ['2025-05-30'], paid: [], days: 31, overdue: '100.00', tier: 'medium' },
  { id: 'NINETY', due: ['2025-04-01'], paid: [], days: 90, overdue: '100.00', tier: 'medium' },
  { id: 'NINETY-ONE', due: ['2025-03-31'], paid: [], days: 91, overdue: '100.00', tier: 'long' },
  // 150.00 covers the first instalment and half of the second, which keeps its age: 31 May to 30 June
  { id: 'PART', due: ['2025-04-30', '2025-05-31', '2025-07-31'], paid: [['2025-05-02', 'payment', '150.00']], days: 30, overdue: '50.00', tier: 'short' },
  { id: 'AHEAD', due: ['2025-05-31', '2025-07-31'], paid: [['2025-05-31', 'payment', '200.00']], days: 0, overdue: '0.00', tier: 'current' },
  // paid on the as-of date counts, a day later does not
  { id: 'PAID-TODAY', due: ['2025-06-20'], paid: [['2025-06-30', 'payment', '100.00']], days: 0, overdue: '0.00', tier: 'current' },
  { id: 'PAID-TOMORROW', due: ['2025-06-20'], paid: [['2025-07-01', 'payment', '100.00']], days: 10, overdue: '100.00', tier: 'short' },
  // the undone payment gives back the instalment at its own age: 30 March to 30 June is 92 days
  { id: 'UNDONE', due: ['2025-03-30'], paid: [['2025-03-30', 'payment', '100.00'], ['2025-04-10', 'undo', '100.00']], days: 92, overdue: '100.00', tier: 'long' },
  { id: 'UNDONE-TOMORROW', due: ['2025-03-30'], paid: [['2025-03-30', 'payment', '100.00'], ['2025-07-01', 'undo', '100.00']], days: 0, overdue: '0.00', tier: 'current' },
]

test.each(all)('%s gives the days worked out by hand', async (peer) => {
  const data = join(folder, 'by-hand')
  mkdirSync(data, { recursive: true })
  const lines = (header: string, rows: (string | number)[][]) => `${[header, ...rows.map((row) => row.join(','))].join('\n')}\n`
  writeFileSync(join(data, 'loans.csv'), lines('account_id,borrower_id,product,region,currency,principal,disbursed_on,term_months,score,phone',
    byHand.map(({ id }) => [id, `B-${id}`, 'auto', 'west', 'KES', '90.00', '2025-01-01', 6, '', ''])))
  writeFileSync(join(data, 'schedule.csv'), lines('account_id,instalment_no,due_on,principal_due,interest_due', byHand.flatMap(({ id, due }) => due.map((day, i) => [id, i + 1, day, '90.00', '10.00']))))
  writeFileSync(join(data, 'repayments.csv'), lines('payment_id,account_id,paid_on,amount,kind,reverses',
    byHand.flatMap(({ id, paid }) => paid.map(([day = '', kind = '', amount = ''], i) => [`${id}-${i + 1}`, id, day, amount, kind, kind === 'undo' ? `${id}-1` : '']))))
  const out = join(folder, `by-hand-${peer}`)
  const run = spawnSync(process.execPath, [join(bench, 'peers', `${peer}.js`), data, out, '--answers'], { encoding: 'utf8' })
  expect(run.stderr).toBe('')
  const file = join(out, peer === 'csv-stream' ? 'answers.csv' : 'answers.parquet')
  const connection = await (await DuckDBInstance.create(':memory:')).connect()
  const answers = await connection.runAndReadAll(`SELECT account_id AS id, CAST(days_past_due AS INTEGER) AS days, CAST(CAST(overdue_amount AS DECIMAL(18,2)) AS VARCHAR) AS overdue, tier FROM '${file}' ORDER BY id`)
  expect(answers.getRowObjectsJson()).toEqual(byHand.map(({ id, days, overdue, tier }) => ({ id, days, overdue, tier })).sort((a, b) => (a.id < b.id ? -1 : 1)))
})

test.each([['clean', []], ['rough', ['--rough']]] as const)('the %s book of one size is always the same', (name, flags) => {
  const made = ['a', 'b'].map((copy) => {
    const dir = join(folder, `${name}-${copy}`)
    expect(spawnSync(process.execPath, [join(bench, 'generate.js'), '500', dir, ...flags]).status).toBe(0)
    return ['loans', 'schedule', 'repayments'].map((input) => createHash('sha256').update(readFileSync(join(dir, `${input}.csv`))).digest('hex'))
  })
  expect(made[0]).toEqual(made[1])
})
