import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { beforeAll, describe, expect, test } from 'vitest'
import { openEngine } from '../../src/engine/open.ts'
import { flow } from '../../src/flow.ts'
import { makeReports } from '../../src/publish/reports/made.ts'
import { planInputs } from '../../src/read/read.ts'
import { loadSettings } from '../../src/settings/load.ts'
import { ageInProcess, bookFile, type Files } from '../proof/in-process.ts'
import { money } from '../reference/reference.ts'
import { root } from './clone.ts'
import { textOf } from './shown.ts'

// Every block of docs/reports-worked.md that is marked `csv` is a table worked by hand: `csv accounts DAY`, or `csv REPORT` of its twelve accounts, or `csv REPORT sample`.

type Cells = Record<string, string>
const page = textOf('docs/reports-worked.md')
const blocks = [...page.matchAll(/^```csv ([^\n]+)\n([^]*?)^```$/gm)].map(([, what, text]) => ({ what: what!.split(' '), rows: parse(text!, { columns: true, relax_column_count: false }) as Cells[] }))
const keys: Readonly<Record<string, readonly string[]>> = { flow: ['period', 'since', 'currency', 'measure', 'bucket'], cash: ['section', 'day', 'currency', 'bucket'], due_performance: ['due_on', 'currency'] }

const sample = Object.fromEntries(['loans', 'schedule', 'repayments'].map((name) => [name, parse(readFileSync(join(root, `fixtures/sample/${name}.csv`)), { columns: true, bom: true, relax_quotes: true, relax_column_count: true }) as Cells[]]))
const twelve = [...page.matchAll(/^\| (CN-\d+) /gm)].map(([, account]) => account!)
// What lenders say of their own is not asked here; an account that is written off keeps its state.
const ofTwelve = Object.fromEntries(Object.entries(sample).map(([name, rows]) => [name, rows.filter((row) => twelve.includes(row['account_id']!))])) as unknown as Files
const settings = { as_of: '2025-06-30', work_on: '2025-07-01', data_through: '2025-06-30', currency: 'CNY' }

async function reportsOf(config: string, dir: string): Promise<Record<string, readonly Cells[]>> {
  const inForce = loadSettings({ config }, true)
  const engine = await openEngine('duckdb', { scale: 2, threads: 1 })
  try {
    const { outcome } = await flow({ engine, settings: inForce, plans: await planInputs(engine, inForce), scratch: dir, onStep: () => {}, reports: true })
    const made = await makeReports(outcome, inForce, engine)
    return Object.fromEntries(made.map(({ name, rows }) => [name, rows.map((row) => Object.fromEntries(Object.entries(row).map(([column, value]) => [column, value === null ? '' : String(value)])))]))
  } finally {
    engine.close()
  }
}

let reports: Record<string, Record<string, readonly Cells[]>>
beforeAll(async () => {
  const { config, dir } = bookFile(ofTwelve, settings)
  reports = { twelve: await reportsOf(config, dir), sample: await reportsOf(join(root, 'fixtures/sample/arrears.yaml'), dir) }
}, 60_000)

/** Several lines of one bucket, one a product, as one. */
function together(lines: readonly Cells[], columns: readonly string[]): Cells {
  const [first] = lines
  if (lines.length < 2) return Object.fromEntries(columns.map((column) => [column, first?.[column] ?? 'no such line']))
  const sum = (column: string) => lines.reduce((total, line) => total + money(line[column] === '' ? '0' : line[column]!, 2), 0n)
  const text = (column: string, units: bigint) => (first![column]!.includes('.') ? `${units < 0n ? '-' : ''}${String(units < 0n ? -units : units).padStart(3, '0').replace(/(..)$/, '.$1')}` : String(units / 100n))
  return Object.fromEntries(columns.map((column) => [column, keys['cash']!.includes(column) ? first![column]! : text(column, sum(column))]))
}

describe('the tables worked by hand come out', () => {
  test('there are twelve accounts, and tables of each report', () => {
    expect(twelve.length).toBe(12)
    for (const report of Object.keys(keys)) for (const book of [undefined, 'sample']) expect(blocks.some(({ what }) => what[0] === report && what[1] === book), `${report} ${book}`).toBe(true)
  })

  test.each(blocks.filter(({ what }) => what[0] === 'accounts'))('accounts at the end of $what.1', async ({ what, rows }) => {
    const { accounts } = await ageInProcess(ofTwelve, { ...settings, as_of: what[1]!, work_on: what[1]! })
    expect(rows.map((row) => Object.fromEntries(Object.keys(row).map((column) => [column, String(accounts.get(row['account_id']!)?.[column] ?? '')])))).toEqual(rows)
  })

  test.each(blocks.filter(({ what }) => what[0] !== 'accounts').map((block) => ({ ...block, name: block.what.join(' ') })))('$name', ({ what: [report, book], rows }) => {
    const lines = reports[book ?? 'twelve']![report!]!
    const matching = (row: Cells) => lines.filter((line) => keys[report!]!.every((key) => line[key] === row[key]))
    expect(rows.map((row) => together(matching(row), Object.keys(row)))).toEqual(rows)
  })
})
