import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import type { Command } from '../../src/cli/command.ts'
import { run } from '../../src/cli/commands/run.ts'
import { readRules } from '../../src/decide/read-rules.ts'
import type { Rules } from '../../src/decide/rules.ts'
import type { Row } from '../../src/engine/engine.ts'
import { openEngine } from '../../src/engine/open.ts'
import type { Explaining } from '../../src/explain/evidence.ts'
import { findingIn, type Finding } from '../../src/explain/find.ts'
import { flow, testable, type Flow } from '../../src/flow.ts'
import { ofAccount } from '../../src/read/of-account.ts'
import { planInputs } from '../../src/read/read.ts'
import { loadSettings } from '../../src/settings/load.ts'

/** A book in a folder of its own, run and explained in this process. */

export interface BookRows {
  readonly loans: readonly object[]
  readonly schedule: readonly object[]
  readonly repayments: readonly object[]
}

export interface Folder {
  readonly dir: string
  readonly config: string
}

let base: string | undefined
let count = 0

/** Gone when the process ends. */
export function freshDir(): string {
  if (base === undefined) {
    const made = mkdtempSync(join(tmpdir(), 'arrears-explain-'))
    base = made
    process.on('exit', () => rmSync(made, { recursive: true, force: true }))
  }
  const dir = join(base, String(++count))
  mkdirSync(dir)
  return dir
}

const quoted = (cell: unknown) => {
  const text = cell === undefined || cell === null ? '' : String(cell)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

const headers = { loans: ['account_id'], schedule: ['account_id', 'instalment_no', 'due_on', 'amount_due'], repayments: ['payment_id', 'account_id', 'paid_on', 'amount'] }

function csv(name: keyof typeof headers, rows: readonly object[]): string {
  const columns = rows.length === 0 ? headers[name] : [...new Set(rows.flatMap((row) => Object.keys(row)))]
  return `${[columns.join(','), ...rows.map((row) => columns.map((column) => quoted((row as Record<string, unknown>)[column])).join(','))].join('\n')}\n`
}

/** Files and settings of a book. `rules`: the text of a rule file; none where the book has no rules. */
export function folderOf(rows: BookRows, settings: Readonly<Record<string, unknown>>, rules?: string): Folder {
  const dir = freshDir()
  for (const name of ['loans', 'schedule', 'repayments'] as const) writeFileSync(join(dir, `${name}.csv`), csv(name, rows[name]))
  if (rules !== undefined) writeFileSync(join(dir, 'rules.yaml'), rules)
  const { inputs: own, ...others } = settings as { inputs?: Readonly<Record<string, object>> }
  const input = (name: string) => ({ files: `${name}.csv`, max_reject_share: 1, allow_empty: true, ...own?.[name] })
  const config = join(dir, 'arrears.yaml')
  // JSON is YAML too.
  writeFileSync(config, JSON.stringify({ currency: 'CNY', ...(rules === undefined ? {} : { rules: 'rules.yaml' }), inputs: { loans: input('loans'), schedule: input('schedule'), repayments: input('repayments') }, ...others }))
  return { dir, config }
}

/** A finished flow over a book, ready to be explained. `only`: over the rows that this account needs, where they can be picked. */
export async function explaining(config: string, only?: string): Promise<Explaining & { flow: Flow; finding: Finding; picked: boolean; close(): void }> {
  const stated = loadSettings({ config }, true)
  const engine = await openEngine('duckdb', { scale: 2, threads: 1 })
  const all = await planInputs(engine, stated)
  const columns = testable(all, stated)
  const picked = only === undefined ? undefined : await ofAccount(all, stated, only, freshDir(), 0)
  const { plans, settings, currencies } = picked ?? { plans: all, settings: stated, currencies: undefined }
  const written = settings.rules === undefined ? undefined : readRules(settings)
  const compiled: { rules?: Rules } = {}
  const rules = written === undefined ? {} : { rules: async (book: Parameters<typeof written.withBook>[1]) => (compiled.rules = await written.withBook(columns, book, engine)) }
  const done = await flow({ engine, settings, plans, currencies, scratch: freshDir(), ...rules, onStep: () => {}, keepRows: true })
  return { engine, settings, flow: done, rules: compiled.rules, finding: findingIn({ engine, flow: done }), picked: picked !== undefined, close: () => engine.close() }
}

interface Typed {
  readonly typed: Readonly<Record<string, string | boolean | readonly string[]>>
  readonly args?: readonly string[]
}

/** One command as the program starts it, with what it printed. */
export async function started(command: Command, { typed, args = [] }: Typed): Promise<{ exit: number; shown: string; said: string }> {
  const shown: string[] = []
  const said: string[] = []
  const progress = { stage: () => {}, follow: () => {}, stop: () => {}, stages: [] }
  const exit = await command.run({ typed, args, show: (text) => void shown.push(text), say: (text) => void said.push(text), warn: (text) => void said.push(text), colour: false, progress, onInterrupt: () => {} })
  return { exit, shown: shown.join('\n'), said: said.join('\n') }
}

/** The accounts and actions that `arrears run` publishes of a book, by account id. */
export async function published(config: string, typed: Typed['typed'] = {}): Promise<{ accounts: Map<string, Row>; actions: Row[] }> {
  const out = freshDir()
  await started(run, { typed: { config, out, quiet: true, reports: 'none', ...typed } })
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  const rows = async (file: string) => (await connection.runAndReadAll(`SELECT * FROM read_parquet('${join(out, 'latest', file)}')`)).getRowObjectsJson() as Row[]
  try {
    return { accounts: new Map((await rows('accounts.parquet')).map((row) => [String(row['account_id']), row] as const)), actions: await rows('actions.parquet') }
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}
