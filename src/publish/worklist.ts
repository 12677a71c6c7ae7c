import { accountColumns, type AccountColumn } from '../classify/columns.ts'
import type { ColumnType } from '../engine/dialect.ts'
import type { Engine } from '../engine/engine.ts'
import { relation, type Columns, type Relation } from '../engine/relation.ts'
import { join, name, nothing, sql, text, type as typeName, type Sql } from '../engine/sql.ts'
import { throwAll, UserError } from '../errors.ts'
import { nearest } from '../nearest.ts'
import { cellsSql } from './cells.ts'

/** What a collector reads, in that order. `show` of the settings follow the ids; the other passed-through columns and the empty result columns come last. */
const ids = ['account_id', 'borrower_id'] as const
const facts = [
  'product', 'currency', 'days_past_due', 'tier', 'cure_amount', 'overdue_amount', 'charges_outstanding', 'instalments_overdue', 'oldest_unpaid_due_on',
  'next_due_on', 'next_due_amount', 'outstanding_schedule', 'last_paid_on', 'last_paid_amount', 'pending_amount',
  'borrower_accounts', 'borrower_accounts_late', 'borrower_overdue_amount',
] as const
const toDo = ['action', 'channel', 'priority', 'template', 'reason', 'action_due_on'] as const
const gate = ['gate', 'gate_reason'] as const
const resultColumns = ['result_code', 'result_at', 'spoke_with', 'promise_amount', 'promise_on', 'note'] as const

const own: readonly string[] = ['rank', ...ids, ...facts, ...toDo, ...gate, ...resultColumns]

/** A passed-through column that has the name of one of the list's own stands under another name: `note` is the collector's. */
const header = (column: string) => (own.includes(column) ? `loan_${column}` : column)

/** The names under worklists.columns that no loan has: a question of settings, asked before anything is run. */
export function checkShown(shown: readonly string[], passedThrough: readonly string[]) {
  throwAll(
    shown
      .filter((column) => !passedThrough.includes(column))
      .map((column) => {
        const close = nearest(column, passedThrough)
        const known = passedThrough.length === 0 ? 'The loans file passes no further column through.' : `Further columns of loans: ${passedThrough.join(', ')}.`
        const todo = own.includes(column) ? 'It stands in every work list already: take it out.' : close === undefined ? known : `Did you mean "${close}"?`
        return new UserError('settings-wrong', { value: `worklists.columns names "${column}", which is no further column of loans`, hint: todo })
      }),
  )
}

/**
 * All rows of all lists, made once: an action with a list, of the account that leads its borrower and is not held.
 * Columns are named as the lists show them.
 */
export function listRows(accounts: Relation, actions: Relation, shown: readonly string[], passedThrough: readonly string[]): Relation {
  const passed = (columns: readonly string[]) => columns.map((column): [string, ColumnType, Sql] => [header(column), accounts.columns[column] ?? 'text', sql`a.${name(column)}`])
  const of = (alias: 'a' | 'x', columns: readonly AccountColumn[]) =>
    columns.map((column): [string, ColumnType, Sql] => {
      const { type } = accountColumns[column]
      const there = column in (alias === 'x' ? actions : accounts).columns
      return [column, type, there ? sql`${name(alias)}.${name(column)}` : sql`${nothing(type)}`]
    })
  const columns: [string, ColumnType, Sql][] = [
    ['list', 'text', sql`x.list`],
    ['seq', 'int', sql`x.seq`],
    ...of('a', ids),
    ...passed(shown),
    ...of('a', facts),
    ...of('x', toDo),
    ...of('a', gate),
    ...passed(passedThrough.filter((column) => !shown.includes(column))),
  ]
  // `list` and `seq` are in no list; a loan's column of that name must not meet them.
  const named = columns.map(([column, type, value], i): [string, ColumnType, Sql] => [i < 2 ? `${column} of action` : column, type, value])
  return relation({
    name: 'list_rows',
    says: 'Rows of the work lists: actions that have a list, of the leading account of each borrower, held accounts left out.',
    kept: 'table',
    columns: Object.fromEntries(named.map(([column, type]) => [column, type])),
    body: sql`
      SELECT ${join(named.map(([column, , value]) => sql`${value} AS ${name(column)}`))}
      FROM ${actions} x
      JOIN ${accounts} a ON a.account_id = x.account_id
      WHERE x.list IS NOT NULL AND x.action <> 'none' AND a.leads AND coalesce(a.held_reason, '') = ''`,
  })
}

/** The lists that have rows tonight, and how many. */
export async function listsOf(rows: Relation, engine: Engine): Promise<{ list: string; rows: number }[]> {
  await engine.define(rows)
  const found = await engine.rows(sql`SELECT ${list} AS list, CAST(count(*) AS ${typeName('int')}) AS n FROM ${rows} GROUP BY 1 ORDER BY 1 NULLS FIRST`)
  return found.map((row) => ({ list: String(row.list), rows: Number(row.n) }))
}

const list = name('list of action')
/** Total: no two rows of a list are alike in account and place among its actions. */
const order = sql`priority ASC NULLS LAST, days_past_due DESC NULLS LAST, overdue_amount DESC NULLS LAST, currency ASC NULLS FIRST, account_id ASC NULLS FIRST, ${name('seq of action')} ASC NULLS FIRST`

/** One list for people, the most urgent first. */
export function worklist(rows: Relation, of: string, withBom: boolean): Sql {
  const columns: Columns = Object.fromEntries([['rank', 'int' as const], ...Object.entries(rows.columns).slice(2)])
  return sql`
    SELECT ${cellsSql(columns, withBom, 'ranked')}, ${join(resultColumns.map((column) => sql`CAST(NULL AS ${typeName('text')}) AS ${name(column)}`))}
    FROM (
      SELECT *, row_number() OVER (ORDER BY ${order}) AS ${name('rank')}
      FROM ${rows}
      WHERE ${list} = ${text(of)}
    ) AS ranked
    ORDER BY ranked.${name('rank')} ASC NULLS LAST`
}
