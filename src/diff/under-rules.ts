import { accountColumns } from '../classify/columns.ts'
import { decide } from '../decide/decided.ts'
import { kindIn } from '../decide/kinds.ts'
import { readRules } from '../decide/read-rules.ts'
import type { Rules } from '../decide/rules.ts'
import type { ColumnKinds } from '../decide/tree.ts'
import type { Engine } from '../engine/engine.ts'
import { relation, type Relation } from '../engine/relation.ts'
import { int, join, name, sql } from '../engine/sql.ts'
import { UserError } from '../errors.ts'
import type { MadeReport } from '../publish/reports/report.ts'
import type { PublishedRun } from '../published-run.ts'
import { shownPath } from '../read/source.ts'
import { publishedAccounts, scaleIn } from './states.ts'

/** What another rule file would have done with the accounts of a run. */
export interface UnderRules {
  readonly folder: string
  readonly as_of: string
  readonly work_on: string
  /** The rule file of the run, and the other one. */
  readonly rules: { readonly run: string | null; readonly other: string }
  /** By currency, action and rule; those that would get the same action by a rule of the same name are in it too. */
  readonly actions: MadeReport
  /** Accounts with another action, the largest overdue amounts of each currency first. */
  readonly largest: MadeReport | undefined
}

/** The accounts as they were published, decided by another rule file; nothing is read but what the run published. */
export async function underRules(engine: Engine, run: PublishedRun, file: string, top: number | undefined): Promise<UnderRules> {
  const { accounts, types } = await publishedAccounts(engine, run, 'first')
  if (!('action' in accounts.columns)) throw new UserError('runs-differ', { value: `The run in ${shownPath(run.folder)} applied no rules`, hint: 'Only a run of "arrears run" has actions to compare: give one.' })
  engine.setScale(scaleIn(types))
  const rules = await compiled(engine, run, accounts, file)
  const compared = await comparedUnder(engine, accounts, rules)
  return {
    folder: run.folder, as_of: run.manifest.as_of, work_on: run.manifest.work_on, rules: { run: run.manifest.rules?.name ?? null, other: rules.file },
    actions: await actionsUnder(engine, compared),
    largest: top === undefined ? undefined : await largestUnder(engine, compared, top),
  }
}

/** Columns of accounts that no rule fills. */
const isTestable = (column: string) => !(column in accountColumns) || accountColumns[column as keyof typeof accountColumns].by === 'classify'

async function compiled(engine: Engine, run: PublishedRun, accounts: Relation, file: string): Promise<Rules> {
  const kind = kindIn(run.settings)
  const kinds: ColumnKinds = Object.fromEntries(Object.entries(accounts.columns).filter(([column]) => isTestable(column)).map(([column, type]) => [column, column in accountColumns ? kind(column, type) : { type }] as const))
  const currencies = (await engine.rows(sql`SELECT DISTINCT currency FROM ${accounts} WHERE currency IS NOT NULL ORDER BY currency`)).map(({ currency }) => String(currency))
  return readRules({ ...run.settings, rules: file }).compile(kinds, currencies)
}

async function comparedUnder(engine: Engine, published: Relation, rules: Rules): Promise<Relation> {
  const own = Object.keys(published.columns).filter(isTestable)
  const accounts = relation({ name: 'accounts to decide', says: 'As published, without what rules filled.', columns: Object.fromEntries(own.map((column) => [column, published.columns[column]!] as const)), body: sql`SELECT ${join(own.map(name))} FROM ${published}` })
  const decided = decide(accounts, rules, 'table').accounts
  const compared = relation({
    name: 'accounts under both rule files',
    says: 'Each account with the action that it got and the one that it would get.',
    columns: { account_id: 'text', currency: 'text', tier: 'text', days_past_due: 'int', overdue_amount: 'money', held: 'bool', leads: 'bool', before: 'text', rule_before: 'text', after: 'text', rule_after: 'text' },
    kept: 'table',
    body: sql`
      SELECT a.account_id, a.currency, a.tier, a.days_past_due, coalesce(a.overdue_amount, 0) AS overdue_amount, a.held_reason IS NOT NULL AS held, a.leads, a.action AS before, a.rule_id AS rule_before, d.action AS after, d.rule_id AS rule_after
      FROM ${published} a JOIN ${decided} d ON d.account_id = a.account_id`,
  })
  await engine.define(compared)
  return compared
}

async function actionsUnder(engine: Engine, compared: Relation): Promise<MadeReport> {
  const columns = { currency: 'text', before: 'text', rule_before: 'text', after: 'text', rule_after: 'text', accounts: 'int', held: 'int', beside_the_leading: 'int', overdue_amount: 'money' } as const
  const keys = ['currency', 'before', 'rule_before', 'after', 'rule_after'].map(name)
  const rows = await engine.rows(sql`
    SELECT ${join(keys)}, CAST(count(*) AS INTEGER) AS accounts, CAST(count(CASE WHEN held THEN 1 END) AS INTEGER) AS held, CAST(count(CASE WHEN NOT held AND NOT coalesce(leads, FALSE) THEN 1 END) AS INTEGER) AS beside_the_leading,
           CAST(sum(overdue_amount) AS VARCHAR) AS overdue_amount
    FROM ${compared} GROUP BY ${join(keys)} ORDER BY ${join(keys.map((key) => sql`${key} ASC NULLS FIRST`))}`)
  return { name: 'actions', says: 'Accounts by the action and rule of the run and by those of the other rule file. Held accounts, and those beside the leading one of their borrower, stand in no list.', columns, rows }
}

async function largestUnder(engine: Engine, compared: Relation, top: number): Promise<MadeReport> {
  const columns = { currency: 'text', rank: 'int', account_id: 'text', tier: 'text', days_past_due: 'int', overdue_amount: 'money', before: 'text', rule_before: 'text', after: 'text', rule_after: 'text' } as const
  const rows = await engine.rows(sql`
    SELECT ${join(Object.entries(columns).map(([column, type]) => (type === 'money' ? sql`CAST(${name(column)} AS VARCHAR) AS ${name(column)}` : name(column))))}
    FROM (
      SELECT *, CAST(row_number() OVER (PARTITION BY currency ORDER BY overdue_amount DESC, account_id ASC) AS INTEGER) AS rank FROM ${compared} WHERE before <> after
    ) AS ranked
    WHERE rank <= ${int(top)} ORDER BY currency ASC NULLS FIRST, rank ASC`)
  return { name: 'largest', says: 'Accounts that would get another action, the largest overdue amounts of each currency first.', columns, rows }
}
