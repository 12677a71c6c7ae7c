import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { openEngine } from '../../src/engine/open.ts'
import type { Engine, Row } from '../../src/engine/engine.ts'
import { sql } from '../../src/engine/sql.ts'
import { flow } from '../../src/flow.ts'
import { propose, type Proposal } from '../../src/propose/propose.ts'
import { exportsIn } from '../../src/propose/sources.ts'
import { entriesOf, written } from '../../src/propose/write.ts'
import { planInputs } from '../../src/read/read.ts'
import { loadSettings } from '../../src/settings/load.ts'
import { questionsIn } from '../../src/settings/settings-file.ts'

/** Exports of a few rows, and what is proposed of them: no command is started. */

const base = mkdtempSync(join(tmpdir(), 'arrears-propose-'))
process.on('exit', () => rmSync(base, { recursive: true, force: true }))
let count = 0

/** A fresh folder with these files. */
export function folder(files: Readonly<Record<string, string | Buffer>> = {}): string {
  const dir = join(base, String(++count))
  mkdirSync(dir)
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, name)), { recursive: true })
    writeFileSync(join(dir, name), content)
  }
  return dir
}

export interface Proposed {
  readonly proposal: Proposal
  readonly dir: string
  readonly config: string
  readonly text: string
  /** What each setting is: as YAML, or `?` and its answers. */
  readonly says: Readonly<Record<string, string>>
  /** What is said of a setting. */
  readonly why: Readonly<Record<string, string>>
  /** The settings that are questions. */
  readonly open: readonly string[]
}

let shared: Promise<Engine> | undefined

export async function proposed(from: readonly string[], to = folder()): Promise<Proposed> {
  shared ??= openEngine('duckdb', { scale: 2, threads: 1 })
  const proposal = await propose(await shared, exportsIn(from), to, folder())
  const config = join(to, 'arrears.yaml')
  const text = written(proposal)
  writeFileSync(config, text)
  const entries = entriesOf(proposal)
  const of = (what: (entry: (typeof entries)[number]) => string) => Object.fromEntries(entries.map((entry) => [entry.path.join('.').replace(/^inputs\./, ''), what(entry)]))
  return { proposal, dir: to, config, text, says: of(({ value, answers }) => value ?? `? ${answers!.join(' | ')}`), why: of(({ why }) => why), open: entries.filter(({ answers }) => answers !== undefined).map(({ path }) => path.join('.').replace(/^inputs\./, '')) }
}

/** Of files given by their content. */
export const proposedOf = (files: Readonly<Record<string, string | Buffer>>): Promise<Proposed> => {
  const dir = folder(files)
  return proposed([dir], dir)
}

/** The file with its questions answered, in the order in which they stand. */
export function answered({ config, text, dir }: Proposed, answers: Readonly<Record<string, string>>): string {
  const lines = text.split('\n')
  for (const { place, says } of questionsIn(config)) {
    const name = says.split(' is an open question')[0]!
    const answer = answers[name.replace(/^inputs\./, '')]
    if (answer === undefined) throw new Error(`no answer to ${name}`)
    lines[place.line! - 1] = lines[place.line! - 1]!.replace(/!ask \[.*\]$/, answer)
  }
  const to = join(dir, 'answered.yaml')
  writeFileSync(to, lines.join('\n'))
  return to
}

/** The accounts of a book as a settings file has it, by id. */
export async function accountsBy(config: string, asOf?: string): Promise<Row[]> {
  const settings = loadSettings({ config, ...(asOf === undefined ? {} : { asOf }) }, true)
  const engine = await openEngine('duckdb', { scale: 2, threads: 1 })
  try {
    const plans = await planInputs(engine, settings)
    const { outcome } = await flow({ engine, settings, plans, scratch: folder(), onStep: () => {} })
    return await engine.rows(sql`SELECT * FROM ${outcome.accounts} ORDER BY account_id`)
  } finally {
    engine.close()
  }
}
