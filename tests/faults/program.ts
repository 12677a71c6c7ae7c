import { spawn, type ChildProcess } from 'node:child_process'
import { cpSync, existsSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root, runBuilt, type Shown } from '../built.ts'

/** The program as a user starts it, in a folder of its own, with books of any size. */
export interface Program {
  start(job: Job): ChildProcess
  run(job: Job): Promise<Ended>
  /** A run that nothing happens to, in this process. */
  plain(job: Pick<Job, 'out' | 'accounts' | 'asOf'>): Promise<Shown>
  /** A fresh place for an output folder; gone when the program is. */
  out(): string
  done(): void
}

interface Job {
  readonly out: string
  readonly accounts?: number
  readonly asOf?: string
  /** For hook.js. */
  readonly env?: Readonly<Record<string, string>>
  /** Run by a shell before the program takes its place. */
  readonly first?: string
}

export interface Ended {
  readonly code: number | null
  readonly signal: string | null
  readonly stdout: string
  readonly stderr: string
}

export function buildProgram(): Program {
  const dir = mkdtempSync(join(tmpdir(), 'arrears-faults-'))
  const bin = join(dir, 'bin/arrears.js')
  for (const name of ['bin', 'dist', 'package.json']) cpSync(join(root, name), join(dir, name), { recursive: true })
  symlinkSync(join(root, 'node_modules'), join(dir, 'node_modules'))
  const hook = new URL('hook.js', import.meta.url).href
  let outs = 0
  const args = ({ out, accounts = 20, asOf = '2025-06-30' }: Job) => ['run', '--debug', '--config', join(bookOf(dir, accounts), 'arrears.yaml'), '--as-of', asOf, '--work-on', asOf, '--out', out]
  const start: Program['start'] = (job) => {
    const { env, first } = job
    const node = [process.execPath, '--import', hook, bin, ...args(job)]
    const options = { cwd: dir, env: { ...process.env, ...env } }
    return first === undefined ? spawn(node[0]!, node.slice(1), options) : spawn('bash', ['-c', `${first}; exec "$@"`, 'bash', ...node], options)
  }
  return {
    start,
    run: (job) => ended(start(job)),
    plain: (job) => runBuilt(args(job)),
    out: () => join(dir, `out-${++outs}`),
    done: () => rmSync(dir, { recursive: true, force: true }),
  }
}

/** Accounts of one instalment each; every tenth has not paid it and stands on a list. */
function bookOf(dir: string, accounts: number): string {
  const book = join(dir, `book-${accounts}`)
  if (existsSync(book)) return book
  mkdirSync(book)
  const lines = (header: string, row: (i: number) => string) => `${header}\n${Array.from({ length: accounts }, (_, i) => row(i)).join('\n')}\n`
  writeFileSync(join(book, 'loans.csv'), lines('account_id,borrower_id,status', (i) => `A${i},B${i},open`))
  writeFileSync(join(book, 'schedule.csv'), lines('account_id,instalment_no,due_on,amount_due', (i) => `A${i},1,2025-05-01,100.00`))
  writeFileSync(join(book, 'repayments.csv'), lines('payment_id,account_id,paid_on,amount', (i) => `P${i},A${i},2025-05-01,${i % 10 === 0 ? '10.00' : '100.00'}`))
  const rules = ['- table: actions', '  hit: first', '  rules:', "    - id: L", "      when: { days_past_due: '> 0' }", '      then: { action: call, list: late }', '    - id: N', '      when: {}', '      then: { action: none, reason: not late }']
  writeFileSync(join(book, 'rules.yaml'), rules.join('\n'))
  const inputs = ['loans', 'schedule', 'repayments'].map((name) => `  ${name}: { files: ${name}.csv }`)
  writeFileSync(join(book, 'arrears.yaml'), ['currency: CNY', 'data_through: 2025-12-31', 'rules: rules.yaml', 'reports: { make: none }', 'inputs:', ...inputs].join('\n'))
  return book
}

export function ended(child: ChildProcess): Promise<Ended> {
  let stdout = ''
  let stderr = ''
  child.stdout!.on('data', (chunk) => (stdout += String(chunk)))
  child.stderr!.on('data', (chunk) => (stderr += String(chunk)))
  return new Promise((resolve) => child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr })))
}

/** Resolves when a stage was announced. */
export function at(child: ChildProcess, stage: string): Promise<void> {
  let printed = ''
  return new Promise((resolve, reject) => {
    child.stderr!.on('data', (chunk) => {
      printed += String(chunk)
      if (printed.split('\n').includes(`stage ${stage}`)) resolve()
    })
    child.on('close', () => reject(new Error(`ended before "${stage}": ${printed}`)))
  })
}

/** All that a reader of the output folder sees: names, what they lead to, and the bytes behind them. */
export function seen(out: string): Record<string, Buffer | string> {
  const found: Record<string, Buffer | string> = {}
  const walk = (inside: string) => {
    for (const name of readdirSync(join(out, inside))) {
      if (name.startsWith('.')) continue
      const path = join(inside, name)
      const entry = lstatSync(join(out, path))
      if (entry.isSymbolicLink()) found[path] = readlinkSync(join(out, path))
      if (entry.isFile()) found[path] = readFileSync(join(out, path))
      else walk(path)
    }
  }
  walk('')
  return found
}

export const runsIn = (out: string) => readdirSync(join(out, '.runs')).sort()

/** How many accounts the run behind a name has. */
export const accountsIn = (out: string, name: string): number =>
  JSON.parse(readFileSync(join(out, name, 'run.json'), 'utf8')).tiers.reduce((sum: number, tier: { accounts: number }) => sum + tier.accounts, 0)
