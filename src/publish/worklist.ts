import { accountColumns, type AccountColumn } from '../classify/columns.ts'
import type { ColumnType } from '../engine/dialect.ts'
import type { Engine } from '../engine/engine.ts'
import { relation, type Relation } from '../engine/relation.ts'
import { join, name, nothing, sql, text, type as typeName, type Hole, type Sql } from '../engine/sql.ts'
import { throwAll, UserError } from '../errors.ts'
import { nearest } from '../nearest.ts'
import { bom, cellSql, cellType } from './cells.ts'

/** What a collector reads, in that order. `show` of the settings follow the ids; the other passed-through columns and the empty result columns come last. */
const ids = ['account_id', 'borrower_id'] as const
const facts = [
  'product', 'currency', 'days_past_due', 'tier', 'cure_amount', 'overdue_amount', 'charges_outstanding', 'instalments_overdue', 'oldest_unpaid_due_on',
  'next_due_on', 'next_due_amount', 'outstanding_schedule', 'last_paid_on', 'last_paid_amount', 'pending_amount',
  'borrower_accounts', 'borrower_accounts_late', 'borrower_overdue_amount',
] as const
const toDo = ['action', 'channel', 'priority', 'template', 'reason', 'action_due_on'] as const
const resultColumns = ['result_code', 'result_at', 'spoke_with', 'promise_amount', 'promise_on', 'note'] as const

const own: readonly string[] = ['rank', ...ids, ...facts, ...toDo, 'gate', 'gate_reason', ...resultColumns]

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
 * All rows of all lists, ranked and as people see them, made once: an action with a list, of the account that leads its
 * borrower and is not held. Each list is then a plain selection.
 */
export function listRows(accounts: Relation, actions: Relation, shown: readonly string[], passedThrough: readonly string[]): Relation {
  const passed = (columns: readonly string[]) => columns.map((column): Cell => [header(column), accounts.columns[column] ?? 'text', sql`a.${name(column)}`])
  const of = (alias: 'a' | 'x', columns: readonly AccountColumn[]) =>
    columns.map((column): Cell => {
      const { type } = accountColumns[column]
      const there = column in (alias === 'x' ? actions : accounts).columns
      return [column, type, there ? sql`${name(alias)}.${name(column)}` : nothing(type)]
    })
  // A list travels without its run: each line of it says so itself.
  const gateReason: Cell = ['gate_reason', 'text', sql`CASE WHEN a.gate = 'unchecked' THEN ${text('lawfulness of contact was not checked')} ELSE a.gate_reason END`]
  const forborne = 'forborne' in accounts.columns ? (['forborne'] as const) : []
  const cells = [...of('a', ids), ...passed(shown), ...of('a', facts), ...of('a', forborne), ...of('x', toDo), ...of('a', ['gate']), gateReason, ...passed(passedThrough.filter((column) => !shown.includes(column)))]
  return relation({
    name: 'list_rows',
    says: 'Rows of the work lists: actions that have a list, of the leading account of each borrower, held accounts left out.',
    kept: 'table',
    columns: { [listColumn]: 'text', rank: 'int', ...Object.fromEntries(cells.map(([column, type]) => [column, cellType(type)])) },
    body: sql`
      SELECT x.list AS ${name(listColumn)}, row_number() OVER (PARTITION BY x.list ORDER BY ${order}) AS ${name('rank')}, ${join(cells.map(([column, type, value]) => sql`${cellSql(value, type)} AS ${name(column)}`))}
      FROM ${actions} x
      JOIN ${accounts} a ON a.account_id = x.account_id
      WHERE x.list IS NOT NULL AND x.action <> 'none' AND a.leads AND coalesce(a.held_reason, '') = ''`,
  })
}

type Cell = [column: string, type: ColumnType, value: Hole]

/** In no list itself, and named as no loan's column is. */
const listColumn = 'list of the action'

/** Total: no two rows of a list are alike in account and place among its actions. */
const order = sql`x.priority ASC NULLS LAST, a.days_past_due DESC NULLS LAST, a.overdue_amount DESC NULLS LAST, a.currency ASC NULLS FIRST, a.account_id ASC NULLS FIRST, x.seq ASC NULLS FIRST`

/** The lists that have rows tonight, and how many. */
export async function listsOf(rows: Relation, engine: Engine): Promise<{ list: string; rows: number }[]> {
  await engine.define(rows)
  const found = await engine.rows(sql`SELECT ${name(listColumn)} AS list, CAST(count(*) AS ${typeName('int')}) AS n FROM ${rows} GROUP BY 1 ORDER BY 1 NULLS FIRST`)
  return found.map((row) => ({ list: String(row.list), rows: Number(row.n) }))
}

/** One list for people, the most urgent first. */
export function worklist(rows: Relation, list: string, withBom: boolean): Sql {
  const columns = Object.keys(rows.columns).slice(1)
  const select = columns.map((column, i) => sql`r.${name(column)} AS ${name(i === 0 && withBom ? bom + column : column)}`)
  const empty = resultColumns.map((column) => sql`${nothing('text')} AS ${name(column)}`)
  return sql`SELECT ${join([...select, ...empty])} FROM ${rows} r WHERE r.${name(listColumn)} = ${text(list)} ORDER BY r.${name('rank')} ASC NULLS LAST`
}
