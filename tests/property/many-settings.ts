import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { putCalendar, type Calendar } from '../../src/classify/calendar.ts'
import { classify } from '../../src/classify/classify.ts'
import type { Engine, Row } from '../../src/engine/engine.ts'
import { forget } from '../../src/engine/forget.ts'
import { openEngine } from '../../src/engine/open.ts'
import { sql } from '../../src/engine/sql.ts'
import { acceptedRows } from '../../src/flow.ts'
import { planInputs } from '../../src/read/read.ts'
import { loadSettings } from '../../src/settings/load.ts'
import { knownBook } from '../../src/validate/known-on.ts'
import { bookFile, type Files } from '../proof/in-process.ts'

/** One book, read and validated once, and aged under as many settings as are asked: each composes the stage of classification anew over the same rows. */
export interface LoadedBook {
  /** Rows of accounts under these settings. */
  age(settings: Readonly<Record<string, any>>): Promise<Row[]>
  /** The same, with the accounts that go by their days though amounts of the past should decide. */
  aged(settings: Readonly<Record<string, any>>): Promise<{ rows: Row[]; byDays: ReadonlySet<string> }>
  close(): void
}

export async function loadedBook(files: Files, settings: Readonly<Record<string, any>>): Promise<LoadedBook> {
  const { dir, config, inputs } = bookFile(files, settings)
  const inForce = loadSettings({ config }, false)
  const engine = await openEngine('duckdb', { scale: 2, threads: 1 })
  const plans = await planInputs(engine, inForce)
  const { book, validated, broken, calendar } = await acceptedRows({ engine, settings: inForce, plans, scratch: dir, onStep: () => {} })
  await dropCalendar(engine, calendar)
  const aged: LoadedBook['aged'] = async (more) => {
    const own = join(dir, 'own.yaml')
    writeFileSync(own, JSON.stringify({ zone: 'UTC', currency: 'CNY', ...settings, ...more, inputs }))
    const inForce = loadSettings({ config: own }, false)
    const calendar = await putCalendar(engine, inForce)
    const { fromRows, accounts, goneByDays } = classify(book, knownBook(validated, inForce), broken, inForce, 'view', calendar)
    for (const step of fromRows) await engine.define(step)
    const rows = await engine.rows(sql`SELECT * FROM ${accounts}`)
    const byDays = goneByDays === undefined ? [] : await engine.rows(sql`SELECT account_id FROM ${goneByDays} WHERE left_out = 'material'`)
    // What is read once stands in the composition under any settings: whatever comes of a stage before classification.
    await forget(engine, [...fromRows, accounts], [validated, broken])
    await dropCalendar(engine, calendar)
    return { rows, byDays: new Set(byDays.map((row) => String(row['account_id']))) }
  }
  return { aged, age: async (more) => (await aged(more)).rows, close: () => engine.close() }
}

async function dropCalendar(engine: Engine, { moved, pauses }: Calendar) {
  for (const table of [moved, pauses]) if (table !== undefined) await engine.drop(table)
}
