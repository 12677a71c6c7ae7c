import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join as joinPath } from 'node:path'
import { accountColumns, isOptional, type AccountColumn } from '../../src/classify/columns.ts'
import type { ColumnType } from '../../src/engine/dialect.ts'
import type { Value } from '../../src/engine/engine.ts'
import { relation, type Columns, type Relation } from '../../src/engine/relation.ts'
import { int, join, name, sql, type Hole, type Literal } from '../../src/engine/sql.ts'
import type { Outcome, Reject } from '../../src/outcome.ts'
import { loadSettings, type Settings } from '../../src/settings/load.ts'
import type { Rejects } from '../../src/validate/rejects.ts'

/** Books for the publish stage, made of literal rows: no file is read and nothing is classified. */

export type AccountRow = Partial<Record<AccountColumn, Value>> & Record<string, Value>

const fixed: Columns = Object.fromEntries(Object.entries(accountColumns).filter(([column]) => !isOptional(column)).map(([column, { type }]) => [column, type as ColumnType]))
const actionColumns: Columns = {
  account_id: 'text', seq: 'int', table_name: 'text', rule_id: 'text', action: 'text', list: 'text', channel: 'text', priority: 'int', template: 'text', action_due_on: 'date', reason: 'text',
}

export function rowsAs(relationName: string, columns: Columns, rows: readonly Record<string, Value | undefined>[]): Relation {
  const literal = (type: ColumnType, value: Value): Literal => ({ kind: 'literal', type, value })
  const selects = rows.map((row) => sql`SELECT ${join(Object.entries(columns).map(([column, type]) => sql`${literal(type, row[column] ?? null)} AS ${name(column)}`))}`)
  const nothing = sql`SELECT ${join(Object.entries(columns).map(([column, type]) => sql`${literal(type, null)} AS ${name(column)}`))} WHERE FALSE`
  return relation({ name: relationName, says: '', kept: 'table', columns, body: rows.length === 0 ? nothing : join(selects, sql` UNION ALL `) })
}

/** An account that owes nothing, unless said otherwise. */
export const account = (row: AccountRow): AccountRow => ({
  borrower_id: null, product: 'cash', currency: 'CNY', status: 'open', as_of: '2025-06-30', work_on: '2025-07-01', tier: 'current', bucket: '0',
  days_late: 0, days_past_due: 0, instalments_total: 12, instalments_paid: 0, instalments_overdue: 0, amount_due_to_date: '0.00', amount_covered: '0.00', overdue_amount: '0.00',
  due_today_amount: '0.00', released_amount: '0.00', owed_back: '0.00', charges_outstanding: '0.00', cure_amount: '0.00', advance: '0.00', pending_amount: '0.00',
  outstanding_principal: '100.00', outstanding_schedule: '110.00', borrower_accounts: 1, borrower_accounts_late: 0, borrower_overdue_amount: '0.00', leads: true, gate: 'unchecked', ...row,
})

/** Late by `days` with `overdue` open of one instalment that was due. */
export const late = (days: number, overdue: string) => ({
  days_late: days, days_past_due: days, tier: days <= 30 ? 'short' : days <= 90 ? 'medium' : 'long', bucket: days <= 30 ? '1-30' : days <= 60 ? '31-60' : days <= 90 ? '61-90' : '91-120',
  instalments_overdue: 1, amount_due_to_date: overdue, overdue_amount: overdue, cure_amount: overdue, borrower_accounts_late: 1, borrower_overdue_amount: overdue,
})

export const accountsOf = (rows: readonly AccountRow[], passed: Columns = {}) => rowsAs('accounts', { ...fixed, ...passed }, rows)
export const actionsOf = (rows: readonly Record<string, Value>[]) => rowsAs('actions', actionColumns, rows.map((row) => ({ seq: 1, table_name: 'actions', rule_id: 'R1', ...row })))

/** Rejects as the validate stage tells them: by file and line. */
export function toldAs(list: readonly Reject[]): Rejects {
  const all = [...list].sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line))
  const keys = [...new Set(all.map(({ input, code }) => `${input} ${code}`))]
  const byCode = keys.map((key) => {
    const own = all.filter(({ input, code }) => `${input} ${code}` === key)
    const ids = own.map(({ account_id }) => account_id).filter((id) => id !== '')
    return { input: own[0]!.input, code: own[0]!.code, count: own.length, few: own.slice(0, 5), accounts: new Set(ids), nameless: own.length - ids.length }
  })
  return { length: all.length, byCode, filter: (test) => all.filter(test), [Symbol.iterator]: () => all[Symbol.iterator]() }
}

export function outcomeOf(accounts: Relation, actions: Relation | undefined, over: Partial<Outcome> = {}): Outcome {
  return {
    accounts, actions, unmatched: {}, rejects: toldAs([]), files: [], rows: [], money: [], warnings: [], notUsedYet: [],
    passedThrough: Object.keys(accounts.columns).filter((column) => !(column in fixed)), conventions: 'as in the tests', newestPayment: '2025-06-29', ...over,
  }
}

/** A folder of its own with a settings file of these lines; `done()` removes it. */
export function scratch(lines: readonly string[] = []): { dir: string; out: string; settings: Settings; done: () => void } {
  const dir = mkdtempSync(joinPath(tmpdir(), 'arrears-publish-'))
  const config = joinPath(dir, 'arrears.yaml')
  writeFileSync(config, ['as_of: 2025-06-30', 'work_on: 2025-07-01', ...lines].join('\n'))
  return { dir, out: joinPath(dir, 'out'), settings: loadSettings({ config }, true), done: () => rmSync(dir, { recursive: true, force: true }) }
}

/** Bytes of all files of a folder, links followed, by path. */
export function filesOf(folder: string, inside = ''): Record<string, Buffer> {
  const found: Record<string, Buffer> = {}
  for (const entry of readdirSync(joinPath(folder, inside), { withFileTypes: true })) {
    const path = joinPath(inside, entry.name)
    if (entry.isDirectory()) Object.assign(found, filesOf(folder, path))
    else found[path] = readFileSync(joinPath(folder, path))
  }
  return found
}

/** A book of `n` accounts, by arithmetic on their number: about a tenth late, three lists, ties in days and money on purpose. */
export function bigBook(n: number): { accounts: Relation; actions: Relation; accountsIn: number; money: Outcome['money'] } {
  const given: Partial<Record<string, Hole>> = {
    account_id: sql`'A' || CAST((i * 7919) % ${int(n)} AS VARCHAR)`,
    borrower_id: sql`'B' || CAST(i AS VARCHAR)`,
    product: sql`CASE WHEN i % 3 = 0 THEN 'card' ELSE 'cash' END`,
    currency: sql`CASE WHEN i % 7 = 0 THEN 'USD' ELSE 'CNY' END`,
    status: sql`'open'`,
    as_of: sql`DATE '2025-06-30'`,
    work_on: sql`DATE '2025-07-01'`,
    tier: sql`CASE WHEN i % 10 <> 0 THEN 'current' WHEN i % 40 = 0 THEN 'medium' ELSE 'short' END`,
    bucket: sql`CASE WHEN i % 10 <> 0 THEN '0' WHEN i % 40 = 0 THEN '31-60' ELSE '1-30' END`,
    days_past_due: sql`CASE WHEN i % 10 <> 0 THEN 0 WHEN i % 40 = 0 THEN 40 ELSE 1 + i % 7 END`,
    amount_due_to_date: sql`CASE WHEN i % 10 = 0 THEN 100 + i % 90 ELSE 100 END`,
    amount_covered: sql`100`,
    overdue_amount: sql`CASE WHEN i % 10 = 0 THEN i % 90 ELSE 0 END`,
    due_today_amount: sql`0`,
    advance: sql`0`,
    owed_back: sql`0`,
    outstanding_principal: sql`1000 + i % 17`,
    leads: sql`TRUE`,
    action: sql`CASE WHEN i % 10 <> 0 THEN 'none' ELSE 'call' END`,
    reason: sql`CASE WHEN i % 10 <> 0 THEN 'current' ELSE 'late' END`,
    gate: sql`'unchecked'`,
    phone: sql`'+86138' || CAST(10000000 + i AS VARCHAR)`,
  }
  const columns: Columns = { ...fixed, phone: 'text' }
  const accounts = relation({
    name: 'accounts', says: '', kept: 'table', columns,
    body: sql`SELECT ${join(Object.keys(columns).map((column) => sql`${given[column] ?? sql`NULL`} AS ${name(column)}`))} FROM range(${int(n)}) AS numbers(i)`,
  })
  const actions = relation({
    name: 'actions', says: '', kept: 'table', columns: actionColumns,
    body: sql`
      SELECT account_id, 1 AS seq, 'actions' AS table_name, 'R' AS rule_id, CASE WHEN tier = 'current' THEN 'none' ELSE 'call' END AS action,
             CASE WHEN tier = 'medium' THEN 'firm' WHEN tier = 'short' AND days_past_due > 3 THEN 'soft' WHEN tier = 'short' THEN 'first' END AS list,
             'phone' AS channel, CASE WHEN tier = 'medium' THEN 1 ELSE 2 END AS priority, 'T' AS template, DATE '2025-07-01' AS action_due_on, tier AS reason
      FROM ${accounts}`,
  })
  const usd = Math.ceil(n / 7)
  const money = (currency: string, accountsOfIt: number) => ({
    currency, received: `${accountsOfIt * 100}.00`, of_which_cash: `${accountsOfIt * 100}.00`, of_which_other: '0.00', of_which_written_off_or_sold: '0.00',
    covered: `${accountsOfIt * 100}.00`, advance: '0.00', unmatched: '0.00', owed_back: '0.00', later: '0.00', pending: '0.00',
  })
  return { accounts, actions, accountsIn: n, money: [money('CNY', n - usd), money('USD', usd)] }
}
