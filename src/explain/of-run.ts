import { existsSync, readFileSync } from 'node:fs'
import type { Verdict } from '../blast-radius/judge.ts'
import { putCalendar } from '../classify/calendar.ts'
import { classify } from '../classify/classify.ts'
import { unmatched } from '../classify/unmatched.ts'
import { parquetRows } from '../engine/calls.ts'
import type { Engine } from '../engine/engine.ts'
import { noRows } from '../engine/no-rows.ts'
import { relation, type Columns, type Relation } from '../engine/relation.ts'
import { join, some, sql, text, type Hole } from '../engine/sql.ts'
import { UserError } from '../errors.ts'
import type { Reject } from '../outcome.ts'
import { columnsOfBorrowers, evidenceFormat, rejectColumns, verdictColumns, type KeptBook, type KeptInput } from '../publish/evidence.ts'
import { openPublished, type PublishedRun } from '../published-run.ts'
import { bare } from '../read/ids.ts'
import { inputNames } from '../read/inputs.ts'
import type { Book, ReadInput } from '../read/read.ts'
import { shownPath } from '../read/source.ts'
import type { Settings } from '../settings/load.ts'
import type { InputName } from '../settings/schema.ts'
import { knownBook } from '../validate/known-on.ts'
import type { Validated, ValidatedBook } from '../validate/validate.ts'
import { ofThatDay } from '../copies.ts'
import type { Explained, Explaining } from './evidence.ts'
import type { Finding } from './find.ts'
import { allOfKey } from '../validate/checks.ts'

/** A published run that kept its evidence. */
export interface RunWithEvidence extends PublishedRun {
  readonly book: Book
  readonly kept: KeptBook
}

export const openEvidence = (folder: string): RunWithEvidence => withEvidence(openPublished(folder))

/** With what an open run kept of its inputs. */
export function withEvidence(run: PublishedRun): RunWithEvidence {
  const file = run.path('evidence', 'book.json')
  if (!existsSync(file)) throw new UserError('run-without-evidence', { value: shownPath(run.folder) })
  const kept = JSON.parse(readFileSync(file, 'utf8')) as KeptBook
  if (kept.format !== evidenceFormat) throw new UserError('run-of-another-version', { value: shownPath(run.folder), other: run.manifest.arrears })
  return { ...run, kept, settings: { ...run.settings, tables: kept.tables }, book: bookOf(kept) }
}

/** The facts of the inputs as the run had them; their rows are in `rowsOf`. */
function bookOf({ inputs, currencies, scale }: KeptBook): Book {
  const input = (of: InputName) => {
    const { filled, kindsFound, accepted, ...own } = inputs[of]
    return { ...own, input: of, rows: noRows(`${of} read`, accepted), facts: [], filled: new Set(filled), kindsFound: new Set(kindsFound) } as unknown as ReadInput
  }
  return { loans: input('loans'), schedule: input('schedule'), repayments: input('repayments'), currencies, scale }
}

const stored = (run: RunWithEvidence, as: string, columns: Columns, ...file: string[]): Relation =>
  relation({ name: as, says: 'As the run published it.', columns, body: sql`SELECT * FROM ${parquetRows(text(run.path(...file)))}` })

const ofIds = (ids: readonly string[]): Hole => sql`account_id IN (${join(ids.map(text))})`

/** Where an id of the run is looked for. `all`: with every row in quarantine, not only those that may be of the account asked for. */
export async function findingOf(run: RunWithEvidence, engine: Engine, asked: string, all: boolean): Promise<Finding> {
  const likely = sql`bare = ${text(bare(asked))} OR code = 'account-id-damaged'`
  return {
    engine,
    ids: stored(run, 'ids of the run', { account_id: 'text', bare: 'text' }, 'evidence', 'ids.parquet'),
    accounts: accountsOf(run),
    payments: paymentsOf(run),
    rejects: await rejectsWhere(run, engine, all ? sql`TRUE` : likely),
  }
}

/** Files without ids of payments are told by their lines alone. */
const paymentsOf = (run: RunWithEvidence): Relation => {
  const columns = { payment_id: 'text', account_id: 'text' } as const
  return 'payment_id' in run.kept.inputs.repayments.accepted ? stored(run, 'payments of the run', columns, 'evidence', 'repayments.parquet') : noRows('payments of the run', columns)
}

const rejectsOf = (run: RunWithEvidence) => stored(run, 'rejects of the run', rejectColumns, 'evidence', 'rejects.parquet')

async function rejectsWhere(run: RunWithEvidence, engine: Engine, holds: Hole): Promise<Reject[]> {
  if (run.manifest.evidence?.some(({ file, rows }) => file === 'evidence/rejects.parquet' && rows === 0) === true) return []
  return (await engine.rows(sql`SELECT reject FROM ${rejectsOf(run)} WHERE ${holds} ORDER BY number`)).map(({ reject }) => JSON.parse(String(reject)) as Reject)
}

const accountsOf = (run: RunWithEvidence) => stored(run, 'accounts published', run.kept.accounts, 'accounts.parquet')

/** What explain reads of these accounts: their rows go through the steps of the run once more; their columns, tiers and actions are those published. */
export async function explainingOf(run: RunWithEvidence, engine: Engine, ids: readonly string[]): Promise<Explaining> {
  const { book, kept, settings, manifest } = run
  const { accepted, broken } = rowsOf(run, ids)
  const validated = knownBook(accepted, settings)
  const own: Settings = ofThatDay({ ...settings, tables: { ...settings.tables, pauses: settings.tables.pauses.filter(({ account_id }) => account_id === '' || ids.includes(account_id)) } }, manifest.newest_payment ?? undefined)
  const classified = classify(book, validated, broken, own, 'view', await putCalendar(engine, own))
  const accounts = accountsOf(run)
  const explained = relation({ name: 'accounts explained', says: 'The accounts that are asked for.', columns: accounts.columns, kept: 'table', body: sql`SELECT * FROM ${accounts} WHERE ${ofIds(ids)}` })
  // Another row of a key that stands for several contents may name another account.
  const keyMet = sql`code IN (${join(allOfKey.map(text))})`
  const sameKey = sql`(input, value) IN (SELECT input, value FROM ${rejectsOf(run)} WHERE ${keyMet} AND ${ofIds(ids)})`
  const flow: Explained = {
    book, validated,
    everyone: stored(run, 'accounts of borrowers', columnsOfBorrowers(accounts.columns), 'evidence', 'borrowers.parquet'),
    classified: { ...classified, accounts: explained },
    outcome: {
      accounts: explained,
      actions: kept.rules === null ? undefined : stored(run, 'actions', kept.actions, 'actions.parquet'),
      unmatched: await unmatchedOf(engine, book, validated, explained, ids),
      rejects: await rejectsWhere(run, engine, some([ofIds(ids), sql`code = 'account-id-damaged'`, sql`${keyMet} AND ${sameKey}`])),
      conventions: manifest.conventions,
      newestPayment: manifest.newest_payment ?? undefined,
      blastRadius: settings.blast_radius ? { verdicts: await verdictsOf(run, engine, ids) } : undefined,
    },
  }
  return { engine, settings, flow, rules: kept.rules === null ? undefined : { ...kept.rules, doubts: [] } }
}

async function verdictsOf(run: RunWithEvidence, engine: Engine, ids: readonly string[]): Promise<ReadonlyMap<string, Verdict>> {
  const rows = await engine.rows(sql`SELECT account_id, effect FROM ${stored(run, 'verdicts', verdictColumns, 'evidence', 'verdicts.parquet')} WHERE ${ofIds(ids)}`)
  return new Map(rows.map(({ account_id, effect }) => [String(account_id), { effect: effect as Verdict['effect'] }] as const))
}

/** The accepted rows of a run as the steps of the flow take them: of some accounts, or all of them where they lie. */
export function rowsOf(run: RunWithEvidence, ids?: readonly string[]): { accepted: ValidatedBook; broken: Readonly<Record<InputName, Relation>> } {
  const accepted = {} as Record<InputName, Validated>
  const broken = {} as Record<InputName, Relation>
  for (const input of inputNames) {
    accepted[input] = acceptedOf(run, input, run.kept.inputs[input], ids)
    broken[input] = noRows(`${input} broken`, { account_id: 'text', earliest: 'date' })
  }
  return { accepted, broken }
}

function acceptedOf(run: RunWithEvidence, input: InputName, { accepted }: KeptInput, ids: readonly string[] | undefined): Validated {
  const table = (as: string, columns: Columns, file: string) =>
    ids === undefined
      ? stored(run, as, columns, 'evidence', file)
      : relation({ name: as, says: 'Of the accounts that are asked for.', columns, kept: 'table', body: sql`SELECT * FROM ${parquetRows(text(run.path('evidence', file)))} WHERE ${ofIds(ids)} ORDER BY ordinal` })
  const rows = table(input, accepted, `${input}.parquet`)
  const none = (as: string) => noRows(as, { ordinal: 'bigint', reason: 'int' })
  const { reversals } = run.kept
  return {
    rows, accepted: rows, rejected: none(`${input} rejected`),
    ...(input !== 'repayments' || reversals === null ? {} : { reversals: { named: table('reversals named', reversals.named, 'reversals.parquet'), targets: table('payments taken back', reversals.targets, 'taken_back.parquet'), impossible: none('impossible reversals') } }),
  }
}

/** Rows of those accounts that no accepted loan row has. */
async function unmatchedOf(engine: Engine, book: Book, validated: ValidatedBook, accounts: Relation, ids: readonly string[]): Promise<Explained['outcome']['unmatched']> {
  const known = new Map((await engine.rows(sql`SELECT account_id, tier FROM ${accounts}`)).map(({ account_id, tier }) => [String(account_id), tier] as const))
  const strange = ids.filter((id) => known.get(id) === undefined || known.get(id) === 'rejected')
  if (strange.length === 0) return {}
  const of = relation({ name: 'accounts without a loan', says: 'Accounts that no accepted loan row has.', columns: { account_id: 'text', why: 'text' }, kept: 'table' })
  await engine.put(of, strange.map((id) => ({ account_id: id, why: known.has(id) ? 'parent_rejected' : 'no_loan' })))
  return { schedule: unmatched(book.schedule, validated.schedule.accepted, of), repayments: unmatched(book.repayments, validated.repayments.accepted, of) }
}
