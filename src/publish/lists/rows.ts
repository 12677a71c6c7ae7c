import { piecesOf } from '../../decide/placeholders.ts'
import { ordinal, place } from '../../engine/calls.ts'
import { relation, type Relation } from '../../engine/relation.ts'
import { every, int, join, name, nothing, sql, text, type Hole, type Name, type Sql } from '../../engine/sql.ts'
import type { Settings } from '../../settings/load.ts'
import { bom, cellSql } from '../cells.ts'
import { isHeld } from '../reports/aged.ts'
import { layoutOf, listsSaid, resultColumns, settingsOf, shownAs, sortKey, type ListBook } from './columns.ts'
import { isBeside, otherAccounts } from './others.ts'
import { reasonInWords, wordsFrom, type Find } from './words.ts'

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

const listBook = ({ accounts, passed }: Pick<ListJob, 'accounts' | 'passed'>): ListBook => ({ passed, marks: ['basis', 'forborne'].filter((column) => column in accounts.columns) })

/** In no list itself, and named as no loan's column is. */
const listColumn = 'list of the action'
const takenColumn = 'taken by the list'
const numberColumn = 'number of the row'
const wordsColumn = 'reason in words'
const othersColumn = 'other accounts in words'
const placeColumn = 'place among its actions'

/** What sums and order ask for, whatever the lists show. */
const needed = ['account_id', 'currency', 'days_past_due', 'overdue_amount', 'cure_amount', 'action', 'channel', 'priority']

const ofAction = ['rule_id', 'action', 'channel', 'priority', 'template', 'action_due_on', 'reason']

export interface ListRows {
  /** As the accounts have them. */
  readonly rows: Relation
  /** What is added up of each, and where it stands if a list has a limit. */
  readonly ranked: Relation
  readonly order: Sql
  /** By borrower, in words; where a list shows them. */
  readonly others: Relation | undefined
  /** All that is kept until the lists are written. */
  readonly kept: readonly Relation[]
}

/**
 * All rows of all lists, made once and as the accounts have them: an action with a list, of the account that leads its borrower and
 * is not held. What is put into words is so when a list is written: long texts would be carried about for nothing.
 */
export function listRows(job: ListJob): ListRows {
  const { accounts, settings, listOf } = job
  // Of one action each all is in the accounts.
  const list = listOf === undefined ? sql`x.list` : sql`a.${name(listColumn)}`
  const acts = name(listOf === undefined ? 'x' : 'a')
  const from = listOf === undefined ? sql`${job.actions} x JOIN ${accounts} a ON a.account_id = x.account_id` : sql`(SELECT *, ${listOf} AS ${name(listColumn)} FROM ${accounts}) a`
  const find = finderIn(job, acts)
  const sorts = sortsOf(settings)
  const layouts = ['', ...listsSaid(settings)].map((one) => layoutOf(one, settings, listBook(job)))
  const namesOthers = layouts.some((layout) => layout.includes('other_accounts'))
  // Of one action each the accounts beside the leading ones are found on the same way.
  const besideToo = namesOthers && listOf !== undefined
  const sources = [...new Set([...needed, ...layouts.flat().flatMap((column) => sourcesOf(column, job)), ...sorts.map(({ column }) => column), ...(besideToo ? ['borrower_id', 'held_reason'] : [])])].flatMap((column) => {
    const found = find(column)
    return found === undefined ? [] : [{ column, ...found }]
  })
  const inList = sql`${list} IS NOT NULL AND ${acts}.action <> 'none' AND a.leads AND NOT (${isHeld})`
  const rows = relation({
    name: 'list_rows',
    says: 'Rows of the work lists: actions that have a list, of the leading account of each borrower, held accounts left out.',
    kept: 'table',
    columns: { [listColumn]: 'text', [takenColumn]: 'bool', [placeColumn]: 'int', ...Object.fromEntries(sources.map(({ column, type }) => [column, type])) },
    body: sql`
      SELECT ${besideToo ? sql`CASE WHEN ${inList} THEN ${list} END` : list} AS ${name(listColumn)}, ${taken(list, acts, settings)} AS ${name(takenColumn)}, ${listOf === undefined ? sql`x.seq` : int(1)} AS ${name(placeColumn)}, ${join(sources.map(({ column, value }) => sql`${value} AS ${name(column)}`))}
      FROM ${from}
      WHERE ${besideToo ? sql`(${inList}) OR (${isBeside(settings)})` : inList}`,
  })
  const inWords = !namesOthers ? undefined : otherAccounts(besideToo ? sql`${rows} a WHERE a.${name(listColumn)} IS NULL` : sql`${accounts} a WHERE ${isBeside(settings)}`, settings)
  const keys = sorts.filter(({ column }) => column in rows.columns).map(({ of, column, descending }) => {
    const key = sql`CASE WHEN r.${name(listColumn)} = ${text(of)} THEN r.${name(column)} END`
    return descending ? sql`${key} DESC NULLS LAST` : sql`${key} ASC NULLS LAST`
  })
  const order = join([...keys, usualOrder])
  const ranks = ranked(rows, order, settings)
  return { rows, ranked: ranks, order, others: inWords?.others, kept: [ranks, ...(inWords === undefined ? [] : [inWords.others, inWords.beside]), rows] }
}

/** Columns of accounts, of their actions under `acts`, and passed-through ones as lists name them. */
export function finderIn({ accounts, actions, passed }: Pick<ListJob, 'accounts' | 'actions' | 'passed'>, acts: Name): Find {
  return (column) => {
    const through = passed.find((one) => shownAs(one) === column)
    if (through !== undefined) return { type: accounts.columns[through] ?? 'text', value: sql`a.${name(through)}` }
    if (ofAction.includes(column)) return column in actions.columns ? { type: actions.columns[column]!, value: sql`${acts}.${name(column)}` } : undefined
    return column in accounts.columns ? { type: accounts.columns[column]!, value: sql`a.${name(column)}` } : undefined
  }
}

/** The columns that a column of a list is made from. */
function sourcesOf(column: string, { passed, patterns }: ListJob): readonly string[] {
  if (column === 'other_accounts') return ['borrower_id']
  if (column === 'rank' || (resultColumns as readonly string[]).includes(column)) return []
  if (column === 'gate_reason') return ['gate', 'gate_reason']
  return column === 'reason_in_words' ? [...wordsFrom, ...patterns.flatMap(piecesOf).flatMap((piece) => (piece.column === undefined ? [] : [passed.includes(piece.column) ? shownAs(piece.column) : piece.column]))] : [column]
}

/** How the settings order the rows of lists. */
const sortsOf = (settings: Settings) => listsSaid(settings).flatMap((of) => (settingsOf(of, settings).sort ?? []).map((key) => ({ of, ...sortKey(key) })))

/** Total: no two rows of a list are alike in account and place among its actions. */
const usualOrder = sql`r.priority ASC NULLS LAST, r.days_past_due DESC NULLS LAST, r.overdue_amount DESC NULLS LAST, r.currency ASC NULLS FIRST, r.account_id ASC NULLS FIRST, r.${name(placeColumn)} ASC NULLS FIRST`

/** Without limits all that a list takes stands in it, and nothing must be ranked before it is written. */
const ranked = (rows: Relation, order: Sql, settings: Settings) => {
  const limited = limitsOf(settings).length > 0
  return relation({
    name: 'list_ranks',
    says: 'What is added up of each row of the lists, and its rank where a list has a limit.',
    kept: limited ? 'table' : 'view',
    columns: { row_no: 'bigint', list: 'text', taken: 'bool', account_id: 'text', rank: 'int', currency: 'text', overdue_amount: 'money', cure_amount: 'money', action: 'text', channel: 'text' },
    body: sql`
      SELECT ${ordinal()} AS row_no, ${name(listColumn)} AS list, ${name(takenColumn)} AS taken, account_id,
             ${limited ? sql`row_number() OVER (PARTITION BY ${name(listColumn)}, ${name(takenColumn)} ORDER BY ${order})` : int(0)} AS rank, currency, overdue_amount, cure_amount, action, channel
      FROM ${rows} r
      WHERE ${name(listColumn)} IS NOT NULL`,
  })
}

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
export function standing(settings: Settings): Sql {
  const limits = limitsOf(settings).map(({ list, limit }) => sql`WHEN k.list = ${text(list)} THEN ${int(limit)}`)
  return limits.length === 0 ? sql`k.taken` : sql`k.taken AND k.rank <= CASE ${join(limits, sql` `)} ELSE k.rank END`
}

const limitsOf = (settings: Settings) =>
  listsSaid(settings).flatMap((list) => {
    const { limit } = settingsOf(list, settings)
    return limit === undefined ? [] : [{ list, limit }]
  })

/** One list for people, in its order: formulas neutralised, the reason put into words. */
export function worklist({ rows, ranked, order, others }: ListRows, list: string, job: ListJob): Sql {
  const { settings, patterns, passed } = job
  const limited = limitsOf(settings).length > 0
  const find: Find = (column) => {
    const shown = passed.includes(column) ? shownAs(column) : column
    return shown in rows.columns ? { type: rows.columns[shown]!, value: name(shown) } : undefined
  }
  const value = (column: string): Hole => {
    if (column === 'rank') return limited ? sql`k.rank` : place()
    if (column === 'other_accounts') return cellSql(sql`r.${name(othersColumn)}`, 'text')
    if (column === 'reason_in_words') return cellSql(sql`r.${name(wordsColumn)}`, 'text')
    // A list travels without its run: each line of it says so itself.
    if (column === 'gate_reason') return sql`CASE WHEN r.gate = 'unchecked' THEN ${text('lawfulness of contact was not checked')} ELSE ${cellSql(sql`r.gate_reason`, 'text')} END`
    const type = (resultColumns as readonly string[]).includes(column) ? undefined : rows.columns[column]
    return type === undefined ? nothing('text') : cellSql(sql`r.${name(column)}`, type)
  }
  const layout = layoutOf(list, settings, listBook(job))
  const inWords = layout.includes('reason_in_words') ? sql`, ${reasonInWords(find, name('reason'), patterns, settings.language)} AS ${name(wordsColumn)}` : sql``
  const select = layout.map((column, i) => sql`${value(column)} AS ${name(i === 0 && settings.bom ? bom + column : column)}`)
  const numbered = sql`SELECT *, ${ordinal()} AS ${name(numberColumn)}${inWords} FROM ${rows} r WHERE ${name(listColumn)} = ${text(list)} AND ${name(takenColumn)}`
  const own = others === undefined || !layout.includes('other_accounts') ? numbered : sql`SELECT r.*, o.others AS ${name(othersColumn)} FROM (${numbered}) r LEFT JOIN ${others} o ON o.borrower_id = r.borrower_id`
  return limited
    ? sql`SELECT ${join(select)} FROM (${own}) r JOIN ${ranked} k ON k.row_no = r.${name(numberColumn)} WHERE ${standing(settings)} ORDER BY k.rank ASC NULLS LAST`
    : sql`SELECT ${join(select)} FROM (${own} ORDER BY ${order}) r`
}
