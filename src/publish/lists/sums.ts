import type { Engine, Row } from '../../engine/engine.ts'
import type { Relation } from '../../engine/relation.ts'
import { sql, text, type, type Sql } from '../../engine/sql.ts'
import type { Settings } from '../../settings/load.ts'
import { listsSaid, settingsOf } from './columns.ts'
import { standing } from './rows.ts'

/** Rows, people and money of one list in one currency; the money of an account that stands twice counts once. */
export interface CurrencySums {
  readonly currency: string
  readonly rows: number
  readonly accounts: number
  /** One account of each borrower leads. */
  readonly borrowers: number
  readonly overdue_amount: string
  readonly cure_amount: string
}

export interface ListSums {
  readonly list: string
  /** In the list. */
  readonly in: readonly CurrencySums[]
  /** Beyond its limit. */
  readonly cut: readonly CurrencySums[]
  /** Of tiers or actions that it does not take. */
  readonly left_out: readonly CurrencySums[]
}

/** Leading accounts that are not held and have an action, by where they stand tonight. */
export interface Placed {
  readonly rows: number
  readonly in_lists: number
  readonly cut: number
  readonly left_out: number
}

const state = (settings: Settings): Sql => sql`CASE WHEN ${standing(settings)} THEN 'in' WHEN k.taken THEN 'cut' ELSE 'left_out' END`

/** Whether a list may leave out what rules give it. */
const narrows = (settings: Settings) => listsSaid(settings).some((list) => ['limit', 'tiers', 'actions'].some((key) => key in settingsOf(list, settings)))

/** `oneEach`: no account has two actions. */
export async function listSums(ranked: Relation, settings: Settings, oneEach: boolean, engine: Engine): Promise<ListSums[]> {
  const nth = oneEach ? sql`1` : sql`row_number() OVER (PARTITION BY k.list, ${state(settings)}, k.account_id ORDER BY k.rank)`
  const found = await engine.rows(sql`
    SELECT list, state, currency, CAST(count(*) AS ${type('int')}) AS n, CAST(count(*) FILTER (WHERE nth = 1) AS ${type('int')}) AS accounts,
           CAST(coalesce(sum(overdue_amount) FILTER (WHERE nth = 1), 0) AS ${type('money')}) AS overdue_amount, CAST(coalesce(sum(cure_amount) FILTER (WHERE nth = 1), 0) AS ${type('money')}) AS cure_amount
    FROM (SELECT k.list, ${state(settings)} AS state, k.currency, k.overdue_amount, k.cure_amount, ${nth} AS nth FROM ${ranked} k) AS each_row
    GROUP BY list, state, currency
    ORDER BY list ASC NULLS FIRST, currency ASC NULLS LAST, state ASC NULLS FIRST`)
  const of = (list: string, state: string) =>
    found.filter((row) => row.list === list && row.state === state).map((row): CurrencySums => ({
      currency: String(row.currency ?? ''), rows: Number(row.n), accounts: Number(row.accounts), borrowers: Number(row.accounts), overdue_amount: String(row.overdue_amount), cure_amount: String(row.cure_amount),
    }))
  return [...new Set(found.map((row) => String(row.list)))].map((list) => ({ list, in: of(list, 'in'), cut: of(list, 'cut'), left_out: of(list, 'left_out') }))
}

/** An account that one list cuts and another has stands in a list. */
export async function placed(ranked: Relation, settings: Settings, oneEach: boolean, engine: Engine): Promise<Placed> {
  const order = sql`CASE ${state(settings)} WHEN 'in' THEN 1 WHEN 'cut' THEN 2 ELSE 3 END`
  const best = oneEach ? sql`SELECT ${order} AS best, 1 AS n FROM ${ranked} k` : sql`SELECT min(${order}) AS best, count(CASE WHEN ${standing(settings)} THEN 1 END) AS n FROM ${ranked} k GROUP BY k.account_id`
  const found = await engine.rows(sql`SELECT best, CAST(count(*) AS ${type('int')}) AS accounts, CAST(sum(n) AS ${type('int')}) AS n FROM (${best}) AS each_account GROUP BY best ORDER BY best`)
  const accounts = (of: number) => Number(found.find((row) => Number(row.best) === of)?.accounts ?? 0)
  return { rows: Number(found.find((row) => Number(row.best) === 1)?.n ?? 0), in_lists: accounts(1), cut: accounts(2), left_out: accounts(3) }
}

/** For the report of actions: what lists leave out, by currency, list, action and channel as they stand in a list. */
export async function leftOut(ranked: Relation, settings: Settings, engine: Engine): Promise<Row[]> {
  if (!narrows(settings)) return []
  return await engine.rows(sql`
    SELECT k.currency, k.list, k.action, k.channel, CAST(count(CASE WHEN ${state(settings)} = 'cut' THEN 1 END) AS ${type('int')}) AS cut_by_limit, CAST(count(CASE WHEN ${state(settings)} = 'left_out' THEN 1 END) AS ${type('int')}) AS left_out
    FROM ${ranked} k
    WHERE ${state(settings)} <> ${text('in')}
    GROUP BY 1, 2, 3, 4
    ORDER BY 1 ASC NULLS LAST, 2 ASC NULLS LAST, 3 ASC NULLS LAST, 4 ASC NULLS LAST`)
}

/** How many stand in a list tonight. */
export const total = (sums: readonly CurrencySums[], figure: 'rows' | 'accounts') => sums.reduce((sum, one) => sum + one[figure], 0)
