import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { ordinal } from '../../src/engine/calls.ts'
import type { Engine, Row } from '../../src/engine/engine.ts'
import { forget } from '../../src/engine/forget.ts'
import { openEngine } from '../../src/engine/open.ts'
import { relation, relationsIn } from '../../src/engine/relation.ts'
import { sql } from '../../src/engine/sql.ts'
import { UserError, UserErrors } from '../../src/errors.ts'
import { flow, type Flow } from '../../src/flow.ts'
import type { Reject } from '../../src/outcome.ts'
import { inputNames } from '../../src/read/inputs.ts'
import { planInputs, read, type Book, type Plans } from '../../src/read/read.ts'
import { loadSettings, type Settings } from '../../src/settings/load.ts'
import { quarantine } from '../../src/validate/rejected.ts'
import { validate } from '../../src/validate/validate.ts'

/** Books of a few rows, written as files and read by the stages themselves: no command is started. */

/** By name; null leaves one of the three out. */
export type Files = Readonly<Record<string, string | Buffer | null>>
/** As in a settings file; what it says of an input is added to what stands here. */
export type Stated = Readonly<Record<string, unknown>> & { readonly inputs?: Readonly<Record<string, Readonly<Record<string, unknown>>>> }

/** One account, one instalment of 100.00 that is 20 days late on 30 June, 40.00 paid. */
export const sound = {
  'loans.csv': 'account_id,currency\nA1,CNY\n',
  'schedule.csv': 'account_id,instalment_no,due_on,amount_due\nA1,1,2025-06-10,100.00\n',
  'repayments.csv': 'payment_id,account_id,paid_on,amount\nP1,A1,2025-06-10,40.00\n',
}

const base = mkdtempSync(join(tmpdir(), 'arrears-given-'))
process.on('exit', () => rmSync(base, { recursive: true, force: true }))
let count = 0

export interface Given {
  readonly dir: string
  readonly config: string
}

/** A folder of its own with the files and their settings. Any share of rejects is allowed unless it is said otherwise. */
export function given(files: Files = {}, stated: Stated = {}): Given {
  const dir = join(base, String(++count))
  for (const [name, content] of Object.entries({ ...sound, ...files })) {
    if (content === null) continue
    mkdirSync(dirname(join(dir, name)), { recursive: true })
    writeFileSync(join(dir, name), content)
  }
  const inputs = { ...stated.inputs, ...Object.fromEntries(['loans', 'schedule', 'repayments'].map((input) => [input, { files: `${input}.csv`, max_reject_share: 1, ...stated.inputs?.[input] }])) }
  // JSON is YAML too.
  writeFileSync(join(dir, 'arrears.yaml'), JSON.stringify({ as_of: '2025-06-30', data_through: '2025-06-30', ...stated, inputs }, null, 2))
  return { dir, config: join(dir, 'arrears.yaml') }
}

interface Made {
  readonly dir: string
  readonly engine: Engine
  readonly settings: Settings
  readonly plans: Plans
}

async function planned<T>(files: Files, stated: Stated, then: (made: Made) => Promise<T>): Promise<T> {
  const { dir, config } = given(files, stated)
  const settings = loadSettings({ config }, true)
  const engine = await openEngine('duckdb', { scale: 2, threads: 1 })
  try {
    return await then({ dir, engine, settings, plans: await planInputs(engine, settings) })
  } finally {
    engine.close()
  }
}

/** Books that are only read and judged leave nothing behind, so one engine serves them all. */
let shared: Promise<Engine> | undefined
const rowsOf = (input: string) => relation({ name: `${input} read`, says: '', columns: {}, kept: 'table' })

/** The book as the read stage gives it. */
export async function reading<T>(files: Files, stated: Stated, then: (made: Made & { book: Book }) => Promise<T>): Promise<T> {
  const { dir, config } = given(files, stated)
  const settings = loadSettings({ config }, true)
  shared ??= openEngine('duckdb', { scale: 2, threads: 1 })
  const engine = await shared
  engine.setScale(2)
  try {
    const plans = await planInputs(engine, settings)
    return await then({ dir, engine, settings, plans, book: await read(engine, plans, settings, dir) })
  } finally {
    for (const input of inputNames) await engine.drop(rowsOf(input))
  }
}

/** The rejects alone, input by input: nothing is classified. */
export const judging = (files: Files, stated: Stated = {}) =>
  reading(files, stated, async ({ engine, book, settings }) => {
    const judged = validate(book, settings)
    const rejects: Reject[] = []
    for (const input of inputNames) {
      const kept = await quarantine(engine, book[input], judged[input])
      rejects.push(...kept.rejects)
      await engine.drop(kept.broken)
    }
    await forget(engine, relationsIn([judged]), [])
    return rejects
  })

/** With its rejects one beside the other. */
type Told = Omit<Flow, 'outcome'> & { readonly outcome: Omit<Flow['outcome'], 'rejects'> & { readonly rejects: Reject[] } }

/** The whole flow, without rules: rejects, counts, warnings and accounts. */
export const flowing = <T>(files: Files, stated: Stated, then: (made: Made & { flow: Told; accounts: Row[] }) => Promise<T> | T) =>
  planned(files, stated, async (made) => {
    const done = await flow({ engine: made.engine, settings: made.settings, plans: made.plans, scratch: made.dir, onStep: () => {} })
    return then({ ...made, flow: { ...done, outcome: { ...done.outcome, rejects: [...done.outcome.rejects] } }, accounts: await made.engine.rows(sql`SELECT * FROM ${done.outcome.accounts} ORDER BY account_id`) })
  })

/** The rows of one input in file order, with the place of the column at fault. */
export const rowsRead = async (engine: Engine, { rows }: Book['loans']) => (await engine.rows(sql`SELECT * FROM ${rows} ORDER BY ${ordinal()}`)) as Record<string, string | number | boolean | null>[]

/** What a user is told, all of it; none where nothing is wrong. */
export async function faults(files: Files, stated: Stated = {}): Promise<{ code: string; says: string; todo: string; exit: number }[]> {
  try {
    await reading(files, stated, async () => undefined)
  } catch (error) {
    const all = error instanceof UserErrors ? error.errors : error instanceof UserError ? [error] : []
    if (all.length === 0) throw error
    return all.map(({ code, says, todo, exit }) => ({ code, says, todo, exit }))
  }
  return []
}
