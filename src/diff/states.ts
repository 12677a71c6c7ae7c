import { checkYears, putCalendar } from '../classify/calendar.ts'
import { classify } from '../classify/classify.ts'
import { ofThatDay } from '../copies.ts'
import { parquetRows } from '../engine/calls.ts'
import type { Engine } from '../engine/engine.ts'
import { forget } from '../engine/forget.ts'
import { noRows } from '../engine/no-rows.ts'
import { relation, type Columns, type Relation } from '../engine/relation.ts'
import { join, name, nothing, sql, text, type Hole } from '../engine/sql.ts'
import { rowsOf, type RunWithEvidence } from '../explain/of-run.ts'
import type { PublishedRun } from '../published-run.ts'
import type { Settings } from '../settings/load.ts'
import { knownBook, paidUntil } from '../validate/known-on.ts'
import type { Cause, Pair } from './pair.ts'

/** Accounts at one point between the two runs. */
export interface State {
  readonly accounts: Relation
  /** What brought them here from the state before. */
  readonly by: Cause | 'undivided'
  /** The run whose rows they are made of. */
  readonly rows: 'first' | 'second'
}

/** The accounts of a run as it published them, with further columns of them. */
export async function publishedAccounts(engine: Engine, run: PublishedRun, as: 'first' | 'second'): Promise<{ accounts: Relation; types: Readonly<Record<string, string>> }> {
  const file = sql`${parquetRows(text(run.path('accounts.parquet')))}`
  const types = Object.fromEntries((await engine.describe(sql`SELECT * FROM ${file}`)).map((column) => [column.name, column.type] as const))
  const columns: Columns = Object.fromEntries(Object.entries(types).map(([column, type]) => [column, typeOf(type)] as const))
  return { accounts: relation({ name: `accounts of the ${as} run`, says: 'As it published them.', columns, body: sql`SELECT * FROM ${file}` }), types }
}

/** Decimals of money in the accounts of a run. */
export const scaleIn = (types: Readonly<Record<string, string>>): number => Number(/^DECIMAL\(18,(\d)\)$/.exec(types.overdue_amount ?? '')?.[1] ?? 2)

function typeOf(type: string): Columns[string] {
  if (type === 'DATE') return 'date'
  if (type === 'BOOLEAN') return 'bool'
  if (type === 'INTEGER' || type === 'SMALLINT') return 'int'
  if (type === 'BIGINT') return 'bigint'
  if (type === 'DECIMAL(18,6)') return 'number'
  return type.startsWith('DECIMAL(18,') ? 'money' : 'text'
}

const stateColumns = { account_id: 'text', tier: 'text', days_past_due: 'int', overdue_amount: 'money', outstanding_principal: 'money', outstanding_schedule: 'money' } as const satisfies Columns

/**
 * Where more than one cause is possible, the accounts after each of them but the last, by the steps of the run over the rows that both
 * runs kept: time alone, over the rows of the first run with what was paid by its day; then the rows of the second run, still with what was
 * paid by the first day; then what was paid since. What is left is another rule book, and ends at the second run.
 */
export async function statesBetween(engine: Engine, { first, second, possible, evidence }: Pair): Promise<State[]> {
  const last = { by: possible.at(-1) ?? ('undivided' as const), rows: 'second' as const }
  if (evidence === undefined) return [{ ...last, by: possible.length > 1 ? 'undivided' : last.by, accounts: noState }]
  const [from, to] = [first.manifest.as_of, second.manifest.as_of]
  const settings: Settings = { ...evidence.first.settings, as_of: to, work_on: second.settings.work_on, known_on: second.settings.known_on, history_columns: false, blast_radius: false }
  const calendar = await putCalendar(engine, settings)
  const states: State[] = []
  for (const cause of possible.slice(0, -1)) {
    const done = possible.slice(0, possible.indexOf(cause) + 1)
    const rows = done.includes('corrections') || !possible.includes('corrections') ? 'second' : 'first'
    const until = possible.includes('payments') && !done.includes('payments') ? from : undefined
    const accounts = relation({ name: `accounts after ${cause}`, says: `As ${done.join(', ')} alone would have left them.`, columns: stateColumns, kept: 'table' })
    await classifyInto(engine, accounts, evidence[rows], settings, calendar, until)
    states.push({ accounts, by: cause, rows })
  }
  return [...states, { ...last, accounts: noState }]
}

/** The last state is the second run itself. */
const noState = noRows('no state', stateColumns)

async function classifyInto(engine: Engine, into: Relation, run: RunWithEvidence, settings: Settings, calendar: Awaited<ReturnType<typeof putCalendar>>, until: string | undefined) {
  const { accepted, broken } = rowsOf(run)
  const own = ofThatDay({ ...settings, data_through: run.settings.data_through }, run.manifest.newest_payment ?? undefined)
  const made = classify(run.book, until === undefined ? knownBook(accepted, own) : paidUntil(accepted, until, own), broken, own, 'view', calendar, [], { lastPaid: false })
  await checkYears(engine, own, calendar, made.standing, made.region)
  const value = (column: keyof typeof stateColumns): Hole => (column in made.tiered.columns ? name(column) : sql`${nothing(stateColumns[column])} AS ${name(column)}`)
  await engine.load(into, sql`SELECT ${join((Object.keys(stateColumns) as (keyof typeof stateColumns)[]).map(value))} FROM ${made.tiered}`, false)
  await forget(engine, [made.tiered, made.rejectedLoans], [calendar])
}
