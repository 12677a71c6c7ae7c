import { writeFileSync } from 'node:fs'
import type { Engine } from '../engine/engine.ts'
import { parquetRows, previous } from '../engine/calls.ts'
import { relation, type Relation } from '../engine/relation.ts'
import { sql, text } from '../engine/sql.ts'
import { UserError } from '../errors.ts'
import type { Outcome, Reject } from '../outcome.ts'
import type { Settings } from '../settings/load.ts'
import { diskFull } from './disk-full.ts'
import type { Evidence } from './evidence.ts'
import { csv } from './formats/csv.ts'
import { checkWorklists } from './lists/checked.ts'
import { publishLists, type PublishedList } from './lists/lists.ts'
import { manifest, type RunFacts } from './manifest.ts'
import { writeRejects, writeUnmatched } from './quarantine.ts'
import type { RunFolder } from './run-folder.ts'
import { summarize, type Summary } from './summary.ts'

/** The steps in their order, each announced before it starts. Nothing is seen in the output folder before `link`. */
export const publishSteps = ['accounts', 'actions', 'worklists', 'summary', 'reports', 'rejects', 'unmatched', 'manifest', 'sync', 'rename', 'link', 'latest', 'clean'] as const
type PublishStep = (typeof publishSteps)[number]

export interface PublishJob {
  readonly outcome: Outcome
  /** Distinct readable account ids of the loan rows, accepted or rejected. */
  readonly accountsIn: number
  readonly settings: Settings
  readonly engine: Engine
  readonly folder: RunFolder
  /** What was kept of the inputs, where it was asked. */
  readonly evidence?: Evidence | undefined
  readonly version: string
  /** As of the moment that the manifest is written. */
  readonly facts: () => RunFacts & { readonly ended_at: string }
  readonly onStep?: (step: PublishStep) => void
}

export interface Published {
  readonly summary: Summary
  readonly lists: readonly PublishedList[]
}

/** Writes a run folder and gives it its name. The caller closes the folder, whatever happens: what was not published goes then. */
export async function publish({ outcome: made, accountsIn, settings, engine, folder, evidence, version, facts, onStep }: PublishJob): Promise<Published> {
  const step = (name: PublishStep) => onStep?.(name)
  try {
    checkWorklists(settings, made.passedThrough)

    // The accounts are made once, into their file; all that follows reads what was written, so that every figure is the file's.
    step('accounts')
    const file = folder.path('accounts.parquet')
    const outcome = published(made, file)
    const rowsPerGroup = evidence?.rowsPerGroup
    await engine.write(sql`SELECT * FROM ${made.accounts}`, file, 'parquet', rowsPerGroup)
    // The accounts are made in order, and what is added to them on the way keeps it: seen in the file, not taken on trust.
    if (!(await isSorted(outcome.accounts, engine))) await engine.write(sql`SELECT * FROM ${made.accounts} ORDER BY account_id ASC NULLS FIRST`, file, 'parquet', rowsPerGroup)

    step('actions')
    // The file is in order of accounts: one action each is in order with it.
    const order = outcome.oneEach === true ? sql`` : sql` ORDER BY account_id ASC NULLS FIRST, seq ASC NULLS FIRST`
    if (outcome.actions !== undefined) await engine.write(sql`SELECT * FROM ${outcome.actions}${order}`, folder.path('actions.parquet'), 'parquet', rowsPerGroup)
    if (outcome.episodes !== undefined) await engine.write(sql`SELECT * FROM ${outcome.episodes} ORDER BY account_id ASC NULLS FIRST, late_since ASC NULLS FIRST`, folder.path('episodes.parquet'), 'parquet', rowsPerGroup)

    step('worklists')
    const placedLists = await publishLists(outcome, settings, engine, folder)
    const lists = placedLists?.lists ?? []

    step('summary')
    const summary = await summarize(outcome, accountsIn, settings, engine, placedLists)

    step('reports')
    for (const report of [summary.ageing, summary.actions, summary.exceptions, summary.ties, ...summary.reports, outcome.blastRadius?.report])
      if (report !== undefined) writeFileSync(folder.path('reports', `${report.name}.csv`), csv(report, settings.bom))

    step('rejects')
    writeRejects(outcome.rejects, outcome.rows.map((rows) => rows.input), settings.bom, folder)

    step('unmatched')
    await writeUnmatched(outcome.unmatched, settings.bom, folder, engine)

    step('manifest')
    const kept = await evidence?.finish(outcome)
    const { ended_at, ...run } = facts()
    writeFileSync(folder.path('run.json'), manifest(version, outcome, summary, lists, settings, run, ended_at, kept))

    await seal(folder, step)
    return { summary, lists }
  } catch (error) {
    throw diskFull(error)
  }
}

async function isSorted(accounts: Relation, engine: Engine): Promise<boolean> {
  const [row] = await engine.rows(sql`SELECT count(*) AS n FROM (SELECT account_id, ${previous(sql`account_id`)} AS before FROM ${accounts}) AS pairs WHERE account_id <= before`)
  return Number(row!.n) === 0
}

/** The outcome as its file has it. */
function published(made: Outcome, file: string): Outcome {
  const accounts = relation({ name: 'accounts published', says: 'The accounts as they were written.', columns: made.accounts.columns, body: sql`SELECT * FROM ${parquetRows(text(file))}` })
  return { ...made, accounts, actions: made.actionsOf === undefined ? made.actions : made.actionsOf(accounts) }
}

/** From here on nothing is computed: what was written gets to the disk, then its name. */
async function seal(folder: RunFolder, step: (name: PublishStep) => void) {
  step('sync')
  await folder.sync()
  step('rename')
  await folder.rename()
  step('link')
  await folder.link()
  step('latest')
  await folder.latest()
  step('clean')
  folder.clean()
}

export interface RefusedJob {
  readonly errors: readonly UserError[]
  readonly outcome: Pick<Outcome, 'files' | 'rows'> & { readonly rejects: Iterable<Reject> }
  readonly settings: Settings
  readonly folder: RunFolder
  readonly onStep?: (step: PublishStep) => void
}

/** What a refused run can show, under OUT/refused/<as-of>: its rejects and why. It takes the place of an earlier refusal, never of a run. */
export async function publishRefused({ errors, outcome, settings, folder, onStep }: RefusedJob): Promise<void> {
  const step = (name: PublishStep) => onStep?.(name)
  try {
    folder.refused()
    step('rejects')
    writeRejects(outcome.rejects, outcome.rows.map((rows) => rows.input), settings.bom, folder)
    step('manifest')
    writeFileSync(folder.path('why.txt'), why(errors, outcome, settings))
    await seal(folder, step)
  } catch (error) {
    throw diskFull(error)
  }
}

function why(errors: readonly UserError[], { files, rows }: RefusedJob['outcome'], settings: Settings): string {
  return [
    `Refused: the run as of ${settings.as_of}. Nothing was published.`,
    ...errors.flatMap((error) => ['', `${error.code}: ${error.says}`, error.todo]),
    '',
    ...rows.map(({ input, read, accepted, rejected }) => `${input}: ${read} rows read, ${accepted} accepted, ${rejected} rejected (rejects/${input}.csv)`),
    ...files.map(({ input, name, bytes, sha256 }) => `${input}: ${name}, ${bytes} bytes, sha256 ${sha256}`),
    '',
  ].join('\n')
}
