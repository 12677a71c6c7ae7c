import { notAged } from '../classify/columns.ts'
import type { Engine, Row } from '../engine/engine.ts'
import type { Columns } from '../engine/relation.ts'
import { int, join, name, sql, text, type Hole } from '../engine/sql.ts'
import { groupedBy } from '../grouped-by.ts'
import { byCode } from '../by-code.ts'
import { exact, plain } from '../publish/exact.ts'
import type { MadeReport } from '../publish/reports/report.ts'
import type { Edge } from '../settings/schema.ts'
import type { Chain } from './chain.ts'

/** Late tiers of both runs by their first day, then what is not late, then what is not aged. */
export function tierPlaces(first: readonly Edge[], second: readonly Edge[]): { readonly order: readonly string[]; readonly aged: readonly string[]; readonly rank: ReadonlyMap<string, number> } {
  const late = [...new Map([...first, ...second].sort((a, b) => a.from - b.from).map(({ name: tier }) => [tier, tier] as const)).keys()]
  return { order: ['not_late', ...late, ...[...notAged].reverse()], aged: ['not_late', ...late], rank: new Map(late.map((tier, at) => [tier, at + 1] as const)) }
}

const byOf = ({ by }: Chain): readonly string[] => Object.keys(by)
const keys = (chain: Chain): Hole => join(byOf(chain).map((column) => (column === 'currency' ? name(column) : name(`by ${column}`))))
const keysAs = (chain: Chain): Hole => join(byOf(chain).map((column) => (column === 'currency' ? name(column) : sql`${name(`by ${column}`)} AS ${name(column)}`)))
const both = sql`in_first AND in_second`

/** What came before each cause, where all of them stand in this order. */
const partNames = (chain: Chain) => ['new', 'left', ...chain.states.map(({ by }) => by)]

/** From the first run to the second, tier by tier: what was there, what each cause brought in or took out, what is there now. */
export async function bridgeOf(engine: Engine, chain: Chain, { order, aged }: ReturnType<typeof tierPlaces>): Promise<MadeReport> {
  const last = chain.states.length
  const part = (as: string, place: number, where: Hole, sign: 1 | -1) =>
    sql`SELECT ${keys(chain)}, ${name(`tier_${place}`)} AS tier, ${text(as)} AS part, ${sign === 1 ? sql`` : sql`-`}count(*) AS accounts, ${sign === 1 ? sql`` : sql`-`}sum(${name(`overdue_${place}`)}) AS overdue, ${sign === 1 ? sql`` : sql`-`}sum(${name(`outstanding_${place}`)}) AS outstanding FROM ${chain.accounts} WHERE ${where} GROUP BY ${keys(chain)}, ${name(`tier_${place}`)}`
  const parts = [
    part('before', 0, sql`in_first`, 1),
    part('after', last, sql`in_second`, 1),
    part('new', last, sql`NOT in_first`, 1),
    part('left', 0, sql`NOT in_second`, -1),
    ...chain.states.flatMap(({ by }, place) => [part(by, place, both, -1), part(by, place + 1, both, 1)]),
  ]
  const found = await engine.rows(sql`
    SELECT ${keysAs(chain)}, tier, part, CAST(sum(accounts) AS VARCHAR) AS accounts, CAST(sum(overdue) AS VARCHAR) AS overdue, CAST(sum(outstanding) AS VARCHAR) AS outstanding
    FROM (${join(parts, sql` UNION ALL `)}) AS parts
    GROUP BY ${keys(chain)}, tier, part`)
  const columns: Columns = { ...chain.by, tier: 'text', measure: 'text', before: 'money', ...Object.fromEntries(partNames(chain).map((one) => [one, 'money'] as const)), after: 'money' }
  const rows = groupsOf(found, byOf(chain)).flatMap(({ key, rows: own }) => {
    const line = (tier: string, of: readonly Row[], measure: 'accounts' | 'overdue' | 'outstanding'): Row => {
      const decimals = measure === 'accounts' ? 0 : decimalsIn(found, measure)
      const sum = (as: string) => plain(of.filter((row) => row.part === as).reduce((total, row) => total + exact(String(row[measure] ?? '0')), 0n), decimals)
      return { ...key, tier, measure: measure === 'accounts' ? measure : measure === 'overdue' ? 'overdue_amount' : chain.outstanding, before: sum('before'), ...Object.fromEntries(partNames(chain).map((as) => [as, sum(as)] as const)), after: sum('after') }
    }
    const tiers = order.filter((tier) => own.some((row) => row.tier === tier))
    return (['accounts', 'overdue', 'outstanding'] as const).flatMap((measure) => [...tiers.map((tier) => line(tier, own.filter((row) => row.tier === tier), measure)), line('total', own.filter((row) => aged.includes(String(row.tier))), measure)])
  })
  return { name: 'bridge', says: 'From the first run to the second by tier: before + new + left + each cause = after. The total is of the tiers that are aged.', columns, rows }
}

const decimalsIn = (rows: readonly Row[], column: string) => Math.max(0, ...rows.slice(0, 1).map((row) => String(row[column] ?? '0').split('.')[1]?.length ?? 0))

/** Rows by their first columns, in the order of those. */
function groupsOf(rows: readonly Row[], by: readonly string[]): { key: Row; rows: Row[] }[] {
  const keyOf = (row: Row): Row => Object.fromEntries(by.map((column) => [column, row[column] ?? null] as const))
  const groups = [...groupedBy(rows, (row) => JSON.stringify(Object.values(keyOf(row)))).values()].map((own) => ({ key: keyOf(own[0]!), rows: own }))
  const text = (row: Row, column: string) => String(row[column] ?? '')
  return groups.sort((a, b) => by.map((column) => byCode(text(a.key, column), text(b.key, column))).find((order) => order !== 0) ?? 0)
}

/** Of each cause: how many accounts changed their tier by it, for the worse or the better, and what it did to the amounts. */
export async function causesOf(engine: Engine, chain: Chain, { rank }: ReturnType<typeof tierPlaces>): Promise<MadeReport> {
  const rankOf = (tier: Hole): Hole => sql`CASE ${tier}${join([...rank].map(([of, place]) => sql` WHEN ${text(of)} THEN ${int(place)}`), sql``)} ELSE 0 END`
  const last = chain.states.length
  const column = (of: string, place: number) => name(`${of}_${place}`)
  const whole = (as: string, place: number, where: Hole, sign: Hole) => sql`
    SELECT ${keys(chain)}, ${text(as)} AS cause, count(*) AS moved, 0 AS worse, 0 AS better, ${sign}sum(${column('overdue', place)}) AS overdue, ${sign}sum(${column('outstanding', place)}) AS outstanding
    FROM ${chain.accounts} WHERE ${where} GROUP BY ${keys(chain)}`
  const step = (as: string, place: number) => sql`
    SELECT ${keys(chain)}, ${text(as)} AS cause, count(CASE WHEN ${column('tier', place)} <> ${column('tier', place + 1)} THEN 1 END) AS moved,
           count(CASE WHEN ${rankOf(column('tier', place + 1))} > ${rankOf(column('tier', place))} THEN 1 END) AS worse, count(CASE WHEN ${rankOf(column('tier', place + 1))} < ${rankOf(column('tier', place))} THEN 1 END) AS better,
           sum(${column('overdue', place + 1)}) - sum(${column('overdue', place)}) AS overdue, sum(${column('outstanding', place + 1)}) - sum(${column('outstanding', place)}) AS outstanding
    FROM ${chain.accounts} WHERE ${both} GROUP BY ${keys(chain)}`
  const order = partNames(chain)
  const found = await engine.rows(sql`
    SELECT ${keysAs(chain)}, cause, CAST(moved AS INTEGER) AS moved, CAST(worse AS INTEGER) AS worse, CAST(better AS INTEGER) AS better, CAST(overdue AS VARCHAR) AS overdue_change, CAST(outstanding AS VARCHAR) AS outstanding_change
    FROM (${join([whole('new', last, sql`NOT in_first`, sql``), whole('left', 0, sql`NOT in_second`, sql`-`), ...chain.states.map(({ by }, place) => step(by, place))], sql` UNION ALL `)}) AS told`)
  const rows = groupsOf(found, byOf(chain)).flatMap(({ rows: own }) => order.flatMap((cause) => own.filter((row) => row.cause === cause)))
  return { name: 'causes', says: 'What moved accounts, and by how much.', columns: { ...chain.by, cause: 'text', moved: 'int', worse: 'int', better: 'int', overdue_change: 'money', outstanding_change: 'money' }, rows }
}

/** Accounts by where they stood and where they stand, with their amounts; `new` and `left` for what stands in one run alone. */
export async function movesOf(engine: Engine, chain: Chain, { order }: ReturnType<typeof tierPlaces>): Promise<MadeReport> {
  const last = chain.states.length
  const money = ['overdue', 'outstanding'].flatMap((of) => {
    const [before, after] = [sql`coalesce(sum(CASE WHEN in_first THEN ${name(`${of}_0`)} END), 0)`, sql`coalesce(sum(CASE WHEN in_second THEN ${name(`${of}_${last}`)} END), 0)`]
    return [sql`CAST(${before} AS VARCHAR) AS ${name(`${of}_before`)}`, sql`CAST(${after} AS VARCHAR) AS ${name(`${of}_after`)}`, sql`CAST(${after} - ${before} AS VARCHAR) AS ${name(`${of}_change`)}`]
  })
  const found = await engine.rows(sql`
    SELECT ${keysAs(chain)}, CASE WHEN in_first THEN tier_0 ELSE 'new' END AS before, CASE WHEN in_second THEN ${name(`tier_${last}`)} ELSE 'left' END AS after, CAST(count(*) AS INTEGER) AS accounts, ${join(money)}
    FROM ${chain.accounts} GROUP BY ${keys(chain)}, CASE WHEN in_first THEN tier_0 ELSE 'new' END, CASE WHEN in_second THEN ${name(`tier_${last}`)} ELSE 'left' END`)
  const place = (tier: unknown) => [...order, 'new', 'left'].indexOf(String(tier))
  const rows = groupsOf(found, byOf(chain)).flatMap(({ rows: own }) => [...own].sort((a, b) => place(a.before) - place(b.before) || place(a.after) - place(b.after)))
  const amounts: Columns = Object.fromEntries(['overdue', 'outstanding'].flatMap((of) => ['before', 'after', 'change'].map((one) => [`${of}_${one}`, 'money'] as const)))
  return { name: 'moves', says: 'Accounts by their tier in both runs; what is not late is one.', columns: { ...chain.by, before: 'text', after: 'text', accounts: 'int', ...amounts }, rows }
}

/** Accounts by their action in both runs. */
export async function actionsOf(engine: Engine, chain: Chain): Promise<MadeReport | undefined> {
  if (!chain.actions) return undefined
  const last = chain.states.length
  const rows = await engine.rows(sql`
    SELECT ${keysAs(chain)}, CASE WHEN in_first THEN action_first ELSE 'new' END AS before, CASE WHEN in_second THEN action_second ELSE 'left' END AS after, CAST(count(*) AS INTEGER) AS accounts,
           CAST(coalesce(sum(CASE WHEN in_second THEN ${name(`overdue_${last}`)} ELSE overdue_0 END), 0) AS VARCHAR) AS overdue_amount
    FROM ${chain.accounts} GROUP BY ${keys(chain)}, CASE WHEN in_first THEN action_first ELSE 'new' END, CASE WHEN in_second THEN action_second ELSE 'left' END
    ORDER BY ${join(byOf(chain).map((column) => (column === 'currency' ? sql`currency ASC NULLS FIRST` : sql`${name(`by ${column}`)} ASC NULLS FIRST`)))}, before ASC NULLS FIRST, after ASC NULLS FIRST`)
  return { name: 'actions', says: 'Accounts by their action in both runs.', columns: { ...chain.by, before: 'text', after: 'text', accounts: 'int', overdue_amount: 'money' }, rows }
}

/** In each currency the accounts whose overdue amount changed most, with what each cause did to it. */
export async function largestOf(engine: Engine, chain: Chain, top: number): Promise<MadeReport> {
  const last = chain.states.length
  const overdue = (place: number) => name(`overdue_${place}`)
  const change = sql`CASE WHEN in_second THEN ${overdue(last)} ELSE 0 END - CASE WHEN in_first THEN overdue_0 ELSE 0 END`
  const own = chain.states.map(({ by }, place) => sql`CASE WHEN ${both} THEN CAST(${overdue(place + 1)} - ${overdue(place)} AS VARCHAR) END AS ${name(by)}`)
  const rows = await engine.rows(sql`
    SELECT currency, rank, account_id, before, after, days_before, days_after, overdue_before, overdue_after, overdue_change, ${join(chain.states.map(({ by }) => name(by)))}
    FROM (
      SELECT currency, CAST(row_number() OVER (PARTITION BY currency ORDER BY abs(${change}) DESC, account_id ASC) AS INTEGER) AS rank, account_id, ${change} AS changed,
             CASE WHEN in_first THEN tier_0 ELSE 'new' END AS before, CASE WHEN in_second THEN ${name(`tier_${last}`)} ELSE 'left' END AS after, days_0 AS days_before, ${name(`days_${last}`)} AS days_after,
             CAST(CASE WHEN in_first THEN overdue_0 END AS VARCHAR) AS overdue_before, CAST(CASE WHEN in_second THEN ${overdue(last)} END AS VARCHAR) AS overdue_after, CAST(${change} AS VARCHAR) AS overdue_change, ${join(own)}
      FROM ${chain.accounts}
    ) AS ranked
    WHERE rank <= ${int(top)} AND changed <> 0
    ORDER BY currency ASC NULLS FIRST, rank ASC`)
  const columns: Columns = { currency: 'text', rank: 'int', account_id: 'text', before: 'text', after: 'text', days_before: 'int', days_after: 'int', overdue_before: 'money', overdue_after: 'money', overdue_change: 'money', ...Object.fromEntries(chain.states.map(({ by }) => [by, 'money'] as const)) }
  return { name: 'largest', says: 'The accounts whose overdue amount changed most, per currency.', columns, rows }
}

/** Where causes cannot be told apart: of the accounts in both runs, how much more was due before the day, and how much more was covered. */
export async function fallenDue(engine: Engine, chain: Chain): Promise<MadeReport> {
  const change = (of: string): Hole => sql`sum(${name(`${of}_second`)}) - sum(${name(`${of}_first`)})`
  const rows = await engine.rows(sql`
    SELECT ${keysAs(chain)}, CAST(${change('amount_due_to_date')} - (${change('due_today_amount')}) AS VARCHAR) AS fell_due, CAST(-(${change('amount_covered')}) AS VARCHAR) AS covered
    FROM ${chain.accounts} WHERE ${both} GROUP BY ${keys(chain)} ORDER BY ${keys(chain)}`)
  return { name: 'due_and_covered', says: 'Of the accounts in both runs: what more was due before the day itself, and what more was covered; together the change of their overdue amount.', columns: { ...chain.by, fell_due: 'money', covered: 'money' }, rows }
}
