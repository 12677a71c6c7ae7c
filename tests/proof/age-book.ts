import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api'
import { runBuilt } from '../built.ts'

export { built } from '../built.ts'

/** Runs the built program over a book and reads back what it published: the tests here see what a user sees, and no code of src/. */


export type Cell = string | number | boolean | null
type Row = Record<string, Cell | undefined>
interface Book {
  loans: readonly object[]
  schedule: readonly object[]
  repayments: readonly object[]
}

export interface BookRun {
  exit: number
  stdout: string
  stderr: string
  /** The folder of the book; `out` is inside it. */
  dir: string
  /** run.json, where a folder was published. */
  summary: any
  accounts: Record<string, Cell>[]
}

let base: string | undefined
let count = 0

/** A fresh folder, gone when the process ends. */
export function tempDir(): string {
  if (base === undefined) {
    const made = mkdtempSync(join(tmpdir(), 'arrears-proof-'))
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

/** Columns in the order in which they first occur. `empty`: the header of a file without rows. */
export function csv(rows: readonly object[], empty: readonly string[]): string {
  const columns = rows.length === 0 ? empty : [...new Set(rows.flatMap((row) => Object.keys(row)))]
  const lines = rows.map((row) => columns.map((column) => quoted((row as Row)[column])).join(','))
  return `${[columns.join(','), ...lines].join('\n')}\n`
}

/** Every account is acted on in the same way: these tests are about ageing. */
const plainRules = `- table: actions
  hit: first
  rules:
    - id: N
      when: {}
      then: { action: none, reason: only aged }
`

/** Every account on one list: to see what stands in work lists. */
export const listAllRules = plainRules.replace('action: none', 'action: call, list: all')

/** `reports`: those that a run makes where nobody says otherwise; here none is looked at. */
type BookAsked = (Book | { from: string }) & { settings: Record<string, any>; flags?: readonly string[]; rules?: string; reports?: 'all' | 'none' }

/**
 * Runs `arrears run` over a book given as rows, or as a folder with loans.csv, schedule.csv and repayments.csv.
 * `settings` is what the settings file says beside the three inputs; keys under `inputs.<name>` are added to the files.
 */
export async function ageBook({ settings, flags = [], rules = plainRules, reports = 'none', ...given }: BookAsked): Promise<BookRun> {
  const dir = tempDir()
  if ('from' in given) cpSync(given.from, dir, { recursive: true })
  else {
    writeFileSync(join(dir, 'loans.csv'), csv(given.loans, ['account_id', 'status']))
    writeFileSync(join(dir, 'schedule.csv'), csv(given.schedule, ['account_id', 'instalment_no', 'due_on', 'amount_due']))
    writeFileSync(join(dir, 'repayments.csv'), csv(given.repayments, ['payment_id', 'account_id', 'paid_on', 'amount']))
  }
  // A book whose loans state their terms needs no schedule.
  const inputs = Object.fromEntries(
    ['loans', 'schedule', 'repayments'].filter((name) => existsSync(join(dir, `${name}.csv`))).map((name) => [name, { files: `${name}.csv`, allow_empty: true, ...settings.inputs?.[name] }]),
  )
  writeFileSync(join(dir, 'rules.yaml'), rules)
  // JSON is YAML too.
  writeFileSync(join(dir, 'arrears.yaml'), JSON.stringify({ zone: 'UTC', currency: 'CNY', rules: 'rules.yaml', out: 'out', threads: 1, reports: { make: reports }, ...settings, inputs }, null, 2))
  const ran = await runBuilt(['run', '--config', join(dir, 'arrears.yaml'), '--json', ...flags])
  const published = publishedFolder(dir)
  return {
    ...ran,
    dir,
    summary: published === undefined ? undefined : JSON.parse(readFileSync(join(published, 'run.json'), 'utf8')),
    accounts: published === undefined ? [] : await parquetRows(join(published, 'accounts.parquet')),
  }
}

/** `arrears run` over a settings file as it stands, published into a folder of its own. */
export async function runSettings(config: string): Promise<{ exit: number; stderr: string; folder: (day: string) => string }> {
  const dir = tempDir()
  const { exit, stderr } = await runBuilt(['run', '--config', config, '--out', join(dir, 'out')])
  return { exit, stderr, folder: (day) => join(dir, 'out', day) }
}

/** The folder named by the as-of day that this run published, if it did. */
export function publishedFolder(dir: string): string | undefined {
  const out = join(dir, 'out')
  if (!existsSync(out)) return undefined
  const day = readdirSync(out).find((name) => /^\d{4}-\d{2}-\d{2}$/.test(name))
  return day === undefined ? undefined : join(out, day)
}

let reader: Promise<DuckDBConnection> | undefined

/** Amounts and dates come as text, so that no digit is lost. */
export async function parquetRows(file: string): Promise<Record<string, Cell>[]> {
  reader ??= DuckDBInstance.create(':memory:', { autoinstall_known_extensions: 'false', autoload_known_extensions: 'false', threads: '1' }).then((instance) => instance.connect())
  const rows = await (await reader).runAndReadAll(`SELECT * FROM read_parquet('${file.replaceAll("'", "''")}')`)
  return rows.getRowObjectsJson() as Record<string, Cell>[]
}
