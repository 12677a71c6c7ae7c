import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { putCalendar } from '../../src/classify/calendar.ts'
import { classify } from '../../src/classify/classify.ts'
import type { Engine, Row } from '../../src/engine/engine.ts'
import { openEngine } from '../../src/engine/open.ts'
import { inOrder, type Relation } from '../../src/engine/relation.ts'
import { sql, type Hole, type Sql } from '../../src/engine/sql.ts'
import { inputNames } from '../../src/read/inputs.ts'
import { planInputs, read } from '../../src/read/read.ts'
import { loadSettings } from '../../src/settings/load.ts'
import type { InputName } from '../../src/settings/schema.ts'
import { quarantine, type Quarantine } from '../../src/validate/rejected.ts'
import { validate, withCounts } from '../../src/validate/validate.ts'
import { bookFile, type Files } from '../proof/in-process.ts'

/** One book, read and validated once, and aged under as many settings as are asked: each composes the stage of classification anew over the same rows. */
export interface LoadedBook {
  /** Rows of accounts under these settings. */
  age(settings: Readonly<Record<string, any>>): Promise<Row[]>
  close(): void
}

export async function loadedBook(files: Files, settings: Readonly<Record<string, any>>): Promise<LoadedBook> {
  const { dir, config, inputs } = bookFile(files, settings)
  const inForce = loadSettings({ config }, false)
  const engine = await openEngine('duckdb', { scale: 2, threads: 1 })
  const plans = await planInputs(engine, inForce)
  const book = await read(engine, plans, inForce, dir)
  const judged = validate(book, inForce)
  const kept = {} as Record<InputName, Quarantine>
  for (const input of inputNames) kept[input] = await quarantine(engine, book[input], judged[input])
  const validated = withCounts(judged, { loans: kept.loans.rejected, schedule: kept.schedule.rejected, repayments: kept.repayments.rejected })
  const broken = { loans: kept.loans.broken, schedule: kept.schedule.broken, repayments: kept.repayments.broken }
  const shared = new Set<Relation>()
  // What is read once stands in the composition under any settings: whatever comes of a stage before classification.
  for (const one of Object.values(validated)) for (const step of Object.values(one)) for (const each of relationsIn(step)) inOrder(each, shared)
  for (const one of Object.values(broken)) inOrder(one, shared)
  let times = 0
  return {
    async age(more) {
      const own = join(dir, 'own.yaml')
      writeFileSync(own, JSON.stringify({ zone: 'UTC', currency: 'CNY', ...settings, ...more, inputs }))
      const inForce = loadSettings({ config: own }, false)
      const calendar = await putCalendar(engine, inForce)
      const { fromRows, accounts } = classify(book, validated, broken, inForce, 'view', calendar)
      const renamed = renaming(` ${times++}`, shared)
      const last = renamed(accounts)
      for (const step of fromRows) await engine.define(renamed(step))
      const rows = await engine.rows(sql`SELECT * FROM ${last}`)
      await dropAll(engine, last, shared)
      for (const table of [calendar.moved, calendar.pauses]) if (table !== undefined) await engine.drop(table)
      return rows
    },
    close: () => engine.close(),
  }
}

const isRelation = (value: unknown): value is Relation => typeof value === 'object' && value !== null && (value as Relation).kind === 'relation'
function relationsIn(value: unknown): Relation[] {
  if (isRelation(value)) return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(relationsIn) : []
}

/** A composition under names of its own, down to what it shares with others. */
function renaming(mark: string, shared: ReadonlySet<Relation>): (step: Relation) => Relation {
  const made = new Map<Relation, Relation>()
  const hole = (one: Hole): Hole => (one.kind === 'relation' ? step(one) : one.kind === 'sql' ? body(one) : one.kind === 'call' ? { ...one, args: one.args.map(hole) } : one)
  const body = (one: Sql): Sql => ({ ...one, holes: one.holes.map(hole) })
  function step(one: Relation): Relation {
    if (shared.has(one) || one.body === undefined) return one
    const there = made.get(one)
    if (there !== undefined) return there
    const anew = { ...one, name: one.name + mark, body: body(one.body) }
    made.set(one, anew)
    return anew
  }
  return step
}

async function dropAll(engine: Engine, last: Relation, shared: ReadonlySet<Relation>) {
  for (const step of inOrder(last)) if (step.kept === 'table' && step.body !== undefined && !shared.has(step)) await engine.drop(step)
}
