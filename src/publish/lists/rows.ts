import { accountColumns, type AccountColumn } from '../../classify/columns.ts'
import { ordinal } from '../../engine/calls.ts'
import type { ColumnType } from '../../engine/dialect.ts'
import { relation, type Relation } from '../../engine/relation.ts'
import { every, int, join, name, nothing, sql, text, type Hole, type Name, type Sql } from '../../engine/sql.ts'
import type { Settings } from '../../settings/load.ts'
import { bom, cellSql, cellType } from '../cells.ts'
import { layoutOf, listsSaid, resultColumns, settingsOf, shownAs, sortKey, type ListBook } from './columns.ts'
import { otherAccounts } from './others.ts'
import { reasonInWords, type Find } from './words.ts'

export interface ListJob {
  readonly accounts: Relation
  readonly actions: Relation
  readonly settings: Settings
  readonly passed: readonly string[]
  /** Where each account has one action: its list, from the columns of the account, so that nothing is joined. */
  readonly listOf?: Sql | undefined
  /** Reasons of the rules with columns to fill in. */
  readonly patterns: readonly string[]
}

export const listBook = ({ accounts, passed }: Pick<ListJob, 'accounts' | 'passed'>): ListBook => ({ passed, forborne: 'forborne' in accounts.columns })

/** In no list itself, and named as no loan's column is. */
const listColumn = 'list of the action'
const takenColumn = 'taken by the list'
const accountColumn = 'account of the action'
const numberColumn = 'number of the row'
const placeColumn = 'place among its actions'

/** What sums and order ask for, whatever the lists show. */
const needed = ['account_id', 'currency', 'days_past_due', 'overdue_amount', 'cure_amount', 'action', 'channel', 'priority']

const ofAction = ['rule_id', 'action', 'channel', 'priority', 'template', 'action_due_on', 'reason']

export interface ListRows {
  /** As people see them. */
  readonly rows: Relation
  /** Where each stands: what orders is narrow, and carries no row along. */
  readonly ranked: Relation
  /** All that is kept until the lists are written. */
  readonly kept: readonly Relation[]
}

/** All rows of all lists, made once: an action with a list, of the account that leads its borrower and is not held. Each list is then a selection. */
export function listRows(job: ListJob): ListRows {
  const { accounts, settings, passed, patterns, listOf } = job
  // Of one action each all is in the accounts.
  const list = listOf === undefined ? sql`x.list` : sql`a.${name(listColumn)}`
  const acts = name(listOf === undefined ? 'x' : 'a')
  const from = listOf === undefined ? sql`${job.actions} x JOIN ${accounts} a ON a.account_id = x.account_id` : sql`(SELECT *, ${listOf} AS ${name(listColumn)} FROM ${accounts}) a`
  const find = finder(job)
  const layouts = ['', ...listsSaid(settings)].map((list) => layoutOf(list, settings, listBook(job)))
  const headers = [...new Set([...needed, ...layouts.flat()])].filter((column) => column !== 'rank' && !(resultColumns as readonly string[]).includes(column))
  const { others, beside } = headers.includes('other_accounts') ? otherAccounts(accounts, settings) : {}
  const cells = headers.map((column): Cell => {
    if (column === 'reason_in_words') return [column, 'text', reasonInWords(find, find('reason')?.value ?? nothing('text'), patterns, settings.language)]
    if (column === 'other_accounts') return [column, 'text', sql`o.others`]
    // A list travels without its run: each line of it says so itself.
    if (column === 'gate_reason') return [column, 'text', sql`CASE WHEN a.gate = 'unchecked' THEN ${text('lawfulness of contact was not checked')} ELSE a.gate_reason END`]
    const found = find(column)
    return [column, found?.type ?? accountColumns[column as AccountColumn].type, found?.value ?? nothing(accountColumns[column as AccountColumn].type)]
  })
  const sorts = listsSaid(settings).flatMap((list) => (settingsOf(list, settings).sort ?? []).map((key, at) => ({ of: list, place: `sort ${at + 1} of ${list}`, ...sortKey(key) })))
  const found = sorts.flatMap((sort) => {
    const column = find(sort.column)
    return column === undefined ? [] : [{ ...sort, ...column }]
  })
  const keys = found.map(({ of, place, value }) => sql`CASE WHEN ${list} = ${text(of)} THEN ${value} END AS ${name(place)}`)
  const order = join([...found.map(({ place, descending }) => (descending ? sql`r.${name(place)} DESC NULLS LAST` : sql`r.${name(place)} ASC NULLS LAST`)), usualOrder])
  const rows = relation({
    name: 'list_rows',
    says: 'Rows of the work lists: actions that have a list, of the leading account of each borrower, held accounts left out.',
    kept: 'table',
    columns: {
      [listColumn]: 'text', [takenColumn]: 'bool', [accountColumn]: 'text', [placeColumn]: 'int', ...Object.fromEntries(found.map(({ place, type }) => [place, type])),
      ...Object.fromEntries(cells.map(([column, type]) => [column, cellType(type)])),
    },
    body: sql`
      SELECT ${join([listColumn, takenColumn, placeColumn, ...found.map(({ place }) => place)].map(name))}, account_id AS ${name(accountColumn)}, ${join(cells.map(([column, type]) => sql`${cellSql(sql`r.${name(column)}`, type)} AS ${name(column)}`))}
      FROM (
        SELECT ${list} AS ${name(listColumn)}, ${taken(list, acts, settings)} AS ${name(takenColumn)}, ${listOf === undefined ? sql`x.seq` : int(1)} AS ${name(placeColumn)}, ${join([...cells.map(([column, , value]) => sql`${value} AS ${name(column)}`), ...keys])}
        FROM ${from}${others === undefined ? sql`` : sql`
        LEFT JOIN ${others} o ON o.borrower_id = a.borrower_id`}
        WHERE ${list} IS NOT NULL AND ${acts}.action <> 'none' AND a.leads AND coalesce(a.held_reason, '') = ''
      ) r`,
  })
  const ranks = ranked(rows, order)
  return { rows, ranked: ranks, kept: [ranks, rows, ...(beside === undefined ? [] : [beside])] }

  function finder({ actions }: ListJob): Find {
    return (column) => {
      const through = passed.find((one) => shownAs(one) === column)
      if (through !== undefined) return { type: accounts.columns[through] ?? 'text', value: sql`a.${name(through)}` }
      if (ofAction.includes(column)) return column in actions.columns ? { type: actions.columns[column]!, value: sql`${acts}.${name(column)}` } : undefined
      return column in accounts.columns ? { type: accounts.columns[column]!, value: sql`a.${name(column)}` } : undefined
    }
  }
}

type Cell = [column: string, type: ColumnType, value: Hole]

/** Total: no two rows of a list are alike in account and place among its actions. */
const usualOrder = sql`r.priority ASC NULLS LAST, r.days_past_due DESC NULLS LAST, r.overdue_amount DESC NULLS LAST, r.currency ASC NULLS FIRST, r.${name(accountColumn)} ASC NULLS FIRST, r.${name(placeColumn)} ASC NULLS FIRST`

const ranked = (rows: Relation, order: Sql) =>
  relation({
    name: 'list_ranks',
    says: 'The place of each row in its list, and what is added up of it.',
    kept: 'table',
    columns: { row_no: 'bigint', list: 'text', taken: 'bool', account_id: 'text', rank: 'int', currency: 'text', overdue_amount: 'money', cure_amount: 'money', action: 'text', channel: 'text' },
    body: sql`
      SELECT ${ordinal()} AS row_no, ${name(listColumn)} AS list, ${name(takenColumn)} AS taken, ${name(accountColumn)} AS account_id,
             row_number() OVER (PARTITION BY ${name(listColumn)}, ${name(takenColumn)} ORDER BY ${order}) AS rank, currency, overdue_amount, cure_amount, action, channel
      FROM ${rows} r`,
  })

/** Whether its list takes an action: all of them, unless the settings name tiers or actions. */
function taken(list: Sql, acts: Name, settings: Settings): Hole {
  const whens = listsSaid(settings).flatMap((one) => {
    const { tiers, actions } = settingsOf(one, settings)
    const tests = [...(tiers === undefined ? [] : [sql`coalesce(a.tier IN (${join(tiers.map(text))}), FALSE)`]), ...(actions === undefined ? [] : [sql`${acts}.action IN (${join(actions.map(text))})`])]
    return tests.length === 0 ? [] : [sql`WHEN ${list} = ${text(one)} THEN ${every(tests)}`]
  })
  return whens.length === 0 ? sql`TRUE` : sql`CASE ${join(whens, sql` `)} ELSE TRUE END`
}

/** Ranked rows, under the alias `k`, that stand in their list: taken, and not beyond its limit. */
export const standing = (settings: Settings): Sql => sql`k.taken AND k.rank <= ${limitSql(settings)}`

/** The limit of the list of a row; a number that no list reaches where there is none. */
function limitSql(settings: Settings): Hole {
  const limits = listsSaid(settings).flatMap((list) => {
    const { limit } = settingsOf(list, settings)
    return limit === undefined ? [] : [sql`WHEN k.list = ${text(list)} THEN ${int(limit)}`]
  })
  return limits.length === 0 ? sql`k.rank` : sql`CASE ${join(limits, sql` `)} ELSE k.rank END`
}

/** One list for people, in its order. */
export function worklist({ rows, ranked }: ListRows, list: string, settings: Settings, book: ListBook): Sql {
  const select = layoutOf(list, settings, book).map((column, i) => {
    const header = name(i === 0 && settings.bom ? bom + column : column)
    return (resultColumns as readonly string[]).includes(column) ? sql`${nothing('text')} AS ${header}` : column === 'rank' ? sql`k.rank AS ${header}` : sql`r.${name(column)} AS ${header}`
  })
  return sql`SELECT ${join(select)} FROM (SELECT *, ${ordinal()} AS ${name(numberColumn)} FROM ${rows}) r JOIN ${ranked} k ON k.row_no = r.${name(numberColumn)}
    WHERE k.list = ${text(list)} AND ${standing(settings)}
    ORDER BY k.rank ASC NULLS LAST`
}
