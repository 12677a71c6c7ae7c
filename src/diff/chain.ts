import type { Engine } from '../engine/engine.ts'
import { relation, type Columns, type Relation } from '../engine/relation.ts'
import { join, name, sql, text, type Hole } from '../engine/sql.ts'
import { UserError } from '../errors.ts'
import { closeOr } from '../nearest.ts'
import { notLate } from '../classify/columns.ts'
import { causes } from './pair.ts'
import type { State } from './states.ts'

/** Both runs and what lies between them, one row an account. */
export interface Chain {
  readonly accounts: Relation
  /** Columns that it is grouped by, the currency first. */
  readonly by: Columns
  /** `0` is the first run, then one for each state; the last is the second run. */
  readonly states: readonly State[]
  readonly outstanding: 'outstanding_principal' | 'outstanding_schedule'
  readonly actions: boolean
}

/** What tables of movements call their own columns. */
const figures: readonly string[] = ['accounts', 'overdue_amount', 'account_id', 'tier', 'measure', 'part', 'before', 'after', 'new', 'left', 'cause', 'moved', 'worse', 'better', ...causes]

/** Joins the accounts of both runs with the states between them. What a state cannot say of an account is as before it. */
export async function chainOf(engine: Engine, first: Relation, second: Relation, states: readonly State[], asked: readonly string[]): Promise<Chain> {
  const by = asked.filter((column) => column !== 'currency')
  checkBy(by, first, second)
  await sameCurrency(engine, first, second)
  const outstanding = await basisOf(engine, first, second)
  const actions = 'action' in first.columns && 'action' in second.columns
  const last = states.length
  const between = states.slice(0, -1)
  const columns: Record<string, Columns[string]> = { account_id: 'text', currency: 'text', in_first: 'bool', in_second: 'bool' }
  for (const column of by) columns[`by ${column}`] = second.columns[column] ?? 'text'
  const select: Hole[] = [
    sql`coalesce(b.account_id, a.account_id) AS account_id`,
    sql`coalesce(b.currency, a.currency) AS currency`,
    sql`a.account_id IS NOT NULL AS in_first`,
    sql`b.account_id IS NOT NULL AS in_second`,
    // Those that left stand where they stood.
    ...by.map((column) => sql`CASE WHEN b.account_id IS NULL THEN a.${name(column)} ELSE b.${name(column)} END AS ${name(`by ${column}`)}`),
  ]
  const add = (column: string, type: Columns[string], value: Hole) => {
    columns[column] = type
    select.push(sql`${value} AS ${name(column)}`)
  }
  const both = sql`(a.account_id IS NOT NULL AND b.account_id IS NOT NULL)`
  const outstandingAt = [sql`coalesce(a.${name(outstanding)}, 0)` as Hole]
  for (let place = 0; place <= last; place++) {
    const of = name(`s${place}`)
    const told = (ends: (side: Hole) => Hole, own: Hole): Hole => {
      if (place === 0) return ends(sql`a`)
      if (place === last) return ends(sql`b`)
      return sql`CASE WHEN ${both} THEN CASE WHEN ${of}.account_id IS NULL THEN ${ends(between[place - 1]!.rows === 'first' ? sql`a` : sql`b`)} ELSE ${own} END END`
    }
    add(`tier_${place}`, 'text', told((side) => tierOf(sql`${side}.tier`), tierOf(sql`${of}.tier`)))
    add(`days_${place}`, 'int', told((side) => sql`${side}.days_past_due`, sql`${of}.days_past_due`))
    add(`overdue_${place}`, 'money', told((side) => sql`coalesce(${side}.overdue_amount, 0)`, sql`coalesce(${of}.overdue_amount, 0)`))
    outstandingAt[place] = told((side) => sql`coalesce(${side}.${name(outstanding)}, 0)`, sql`coalesce(${of}.${name(outstanding)}, ${outstandingAt[place - 1] ?? sql`0`})`)
    add(`outstanding_${place}`, 'money', outstandingAt[place]!)
  }
  for (const [side, as] of [['a', 0], ['b', last]] as const) {
    for (const column of ['amount_due_to_date', 'amount_covered', 'due_today_amount'] as const) add(`${column}_${as === 0 ? 'first' : 'second'}`, 'money', sql`coalesce(${sql`${name(side)}`}.${name(column)}, 0)`)
    if (actions) add(`action_${as === 0 ? 'first' : 'second'}`, 'text', sql`${name(side)}.action`)
  }
  const joins = between.map(({ accounts }, place) => sql` LEFT JOIN ${accounts} ${name(`s${place + 1}`)} ON ${name(`s${place + 1}`)}.account_id = a.account_id`)
  const accounts = relation({
    name: 'accounts compared',
    says: 'Each account of either run, at each point between them.',
    columns,
    kept: 'table',
    body: sql`SELECT ${join(select)} FROM ${first} a FULL JOIN ${second} b ON b.account_id = a.account_id${join(joins, sql``)}`,
  })
  return { accounts, by: { currency: 'text', ...Object.fromEntries(by.map((column) => [column, second.columns[column]!] as const)) }, states, outstanding, actions }
}

/** All that is not late is one: else every due date would look like a move. */
const tierOf = (tier: Hole): Hole => sql`CASE WHEN ${tier} IN (${join(notLate.map(text))}) THEN 'not_late' ELSE ${tier} END`

function checkBy(by: readonly string[], first: Relation, second: Relation) {
  const known = Object.keys(second.columns).filter((column) => column in first.columns && !figures.includes(column) && second.columns[column] !== 'money')
  for (const column of by) {
    if (known.includes(column)) continue
    throw new UserError('flag-wrong', { value: `--by names "${column}", which is not a column of the accounts of both runs to group by`, hint: closeOr(column, known, `Columns: ${known.join(', ')}.`) })
  }
}

/** Amounts of two currencies are never compared: such an account would be two. */
async function sameCurrency(engine: Engine, first: Relation, second: Relation) {
  const [row] = await engine.rows(sql`SELECT count(*) AS n, min(a.account_id) AS account FROM ${first} a JOIN ${second} b ON b.account_id = a.account_id WHERE a.currency <> b.currency`)
  if (Number(row!.n) > 0) throw new UserError('runs-differ', { value: `${row!.n} ${Number(row!.n) === 1 ? 'account has' : 'accounts have'} another currency in the second run, such as ${row!.account}`, hint: 'Amounts of two currencies cannot be compared: check the currency column of both exports, and run the one that is wrong again.' })
}

/** One basis for all, as the reports of a run have it. */
async function basisOf(engine: Engine, first: Relation, second: Relation): Promise<Chain['outstanding']> {
  const [row] = await engine.rows(sql`SELECT (SELECT count(outstanding_principal) FROM ${first}) + (SELECT count(outstanding_principal) FROM ${second}) AS n`)
  return Number(row!.n) === 0 ? 'outstanding_schedule' : 'outstanding_principal'
}
