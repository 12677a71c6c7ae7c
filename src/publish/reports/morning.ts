import type { Engine, Row, Value } from '../../engine/engine.ts'
import type { Relation } from '../../engine/relation.ts'
import { join, name, sql, type as typeName } from '../../engine/sql.ts'
import type { Layout } from '../../gather/by.ts'
import { opensOn } from '../../gather/days.ts'
import { moneys, opened, type Money } from '../../gather/moves.ts'
import { groupedBy } from '../../grouped-by.ts'
import type { Outcome } from '../../outcome.ts'
import { plusDays } from '../../settings/as-of.ts'
import type { Settings } from '../../settings/load.ts'
import { byCode } from '../../by-code.ts'
import { decimalsOf, exact, plain } from '../exact.ts'
import type { OutstandingBasis } from '../summary.ts'
import { isAged, isHeld } from './aged.ts'
import { laidOut, type MadeReport, type SaidReport } from './report.ts'
import { inColumns, rowsInOrder, shareIn } from './sums.ts'

export const morning: SaidReport = {
  name: 'morning',
  says: 'The book on one screen: how it stands, how it stood at the end of the day before and of the month before, and what changed.',
  said: {
    currency: ['text', 'Nothing is added over currencies. Blank: rows that have none, since they could not be read.'],
    measure: ['text', 'What is measured: see above.'],
    means: ['text', 'The same in words.'],
    unit: ['text', '`accounts`, `rows`, `money`, or `share` (0.05 is 5 %).'],
    as_of: ['date', 'The day of `today`, at its end.'],
    today: ['number', 'At the end of as_of.'],
    day_before: ['number', 'At the end of the day before. Blank where it cannot be told from dated rows.'],
    day_change: ['number', 'today less day_before.'],
    month_start: ['number', 'At the end of the month before.'],
    month_change: ['number', 'today less month_start.'],
  },
}

/** Each measure in words that stand by themselves, for who opens the file in a spreadsheet. */
const meanings: Readonly<Record<string, string>> = {
  active_accounts: 'Accounts that are paid out and not settled, written off, sold or without a plan',
  outstanding_principal: 'Principal that active accounts owe',
  outstanding_schedule: 'All that the plans of active accounts still ask',
  late_accounts: 'Active accounts past due',
  overdue_amount: 'Overdue on active accounts',
  arrears_rate: 'Overdue as a share of what active accounts owe',
  par_1: 'Owed by late accounts as a share of all owed',
  par_30: 'Owed by accounts more than 30 days late as a share of all owed',
  par_60: 'Owed by accounts more than 60 days late as a share of all owed',
  par_90: 'Owed by accounts more than 90 days late as a share of all owed',
  cash_of_day: 'Cash received on the day less what was taken back',
  cash_month_to_date: 'Cash received since the month began less what was taken back',
  held_accounts: 'Accounts for which no action may leave',
  held_back: 'Held accounts for which the rules ask an action',
  unmatched_amount: 'Payments whose account is in no loan row',
  unmatched_rows: 'Rows whose account is in no loan row',
  rejected_rows: 'Rows in quarantine',
}

const days = ['today', 'day', 'month'] as const
type Day = (typeof days)[number]

interface From {
  readonly outcome: Outcome
  /** Of the layout with the product, and the cash by day: none where no earlier day can be told. */
  readonly moved: Relation | undefined
  readonly cash: Relation | undefined
  readonly layout: Layout
  readonly settings: Settings
  readonly engine: Engine
}

/** Accounts of a bucket on one of the days, counted and summed. */
interface Stood {
  readonly day: Day
  readonly group: string
  readonly from: number
  readonly accounts: number
  readonly money: Readonly<Record<Money, bigint>>
}

export async function makeMorning({ outcome, moved, cash, layout, settings, engine }: From): Promise<MadeReport> {
  const columns = laidOut(morning, layout.columns)
  const groups = ['currency', ...Object.keys(layout.columns)]
  const rows = moved === undefined ? await standing(outcome.accounts, layout, settings, engine) : await rowsInOrder(moved, [...groups, 'period', 'opening_bucket', 'bucket', 'product', 'opening_tier', 'tier'], engine)
  const held = await engine.rows(sql`
    SELECT ${join(groups.map(name))}, CAST(count(*) AS ${typeName('int')}) AS held, CAST(count(CASE WHEN action <> 'none' THEN 1 END) AS ${typeName('int')}) AS kept_back
    FROM (SELECT a.currency${layout.of('a', outcome.accounts.columns)}, a.action FROM ${outcome.accounts} a WHERE ${isHeld} AND a.tier <> 'rejected') AS held
    GROUP BY ${join(groups.map(name))}`)
  const paid = cash === undefined ? [] : await rowsInOrder(cash, [...groups, 'bucket', 'product', 'day'], engine)
  const key = (row: Row) => JSON.stringify(groups.map((column) => row[column] ?? null))
  const stood = rows.flatMap((row) => stoodOf(row, key(row), moved !== undefined, settings))
  // The lender's own principal holds on its own day alone: then nothing is owed on an earlier one that could be told, and today is said all the same.
  const basis: OutstandingBasis = rows.some((row) => Number(row.without_principal_now) > 0) ? 'outstanding_schedule' : 'outstanding_principal'
  const untold = new Set(basis === 'outstanding_schedule' ? [] : rows.filter((row) => Number(row.without_principal) > 0).map((row) => row.period as Day))
  const decimals = decimalsOf(String(rows[0]?.overdue_amount ?? '0'))
  const all = [...new Map([...rows, ...held, ...paid].map((row) => [key(row), row] as const))].sort(([a], [b]) => byCode(a, b))
  const stoodBy = groupedBy(stood, (one) => one.group)
  const paidBy = groupedBy(paid, key)
  const heldBy = new Map(held.map((row) => [key(row), row] as const))
  const whole = groups.length === 1
  const lines = all.flatMap(([group, row]) => {
    const say = said(row, groups, settings, decimals)
    const of = heldBy.get(group)
    return [
      ...ofBook(stoodBy.get(group) ?? [], moved !== undefined, untold, basis, settings).map(say),
      ...ofCash(paidBy.get(group) ?? [], cash !== undefined, settings).map(say),
      say({ measure: 'held_accounts', unit: 'accounts', today: exact(String(of?.held ?? 0)) }),
      say({ measure: 'held_back', unit: 'accounts', today: exact(String(of?.kept_back ?? 0)) }),
      ...outcome.money.filter(({ currency }) => whole && currency === row.currency).map(({ unmatched }) => say({ measure: 'unmatched_amount', unit: 'money', today: exact(unmatched) })),
    ]
  })
  const ofRows = said({ currency: null }, groups, settings, decimals)
  const counted = (of: 'rejected' | 'unmatched') => exact(String(outcome.rows.reduce((sum, row) => sum + row[of], 0)))
  const rowLines = whole ? [ofRows({ measure: 'unmatched_rows', unit: 'rows', today: counted('unmatched') }), ofRows({ measure: 'rejected_rows', unit: 'rows', today: counted('rejected') })] : []
  return { name: morning.name, says: morning.says, columns, rows: [...lines, ...rowLines].map((line) => inColumns(line, columns)) }
}

/** The aged accounts of today, where no earlier day can be told. */
const standing = (accounts: Relation, layout: Layout, settings: Settings, engine: Engine) =>
  engine.rows(sql`
    SELECT currency${layout.names()}, bucket, CAST(count(*) AS ${typeName('int')}) AS accounts, ${join(moneys.map((money) => sql`coalesce(sum(${name(money)}), 0) AS ${name(money)}`))}, CAST(count(*) - count(outstanding_principal) AS ${typeName('int')}) AS without_principal_now
    FROM (SELECT a.currency${layout.of('a', accounts.columns)}, a.bucket, ${join(moneys.map((money) => sql`a.${name(money)}`))} FROM ${accounts} a WHERE ${isAged(settings)}) AS aged
    GROUP BY currency${layout.names()}, bucket
    ORDER BY currency ASC NULLS FIRST${join(Object.keys(layout.columns).map((column) => sql`, ${name(column)} ASC NULLS FIRST`), sql``)}, bucket ASC NULLS FIRST`)

/** A row tells of today and, where it is of a period, of the day at which that opens. */
function stoodOf(row: Row, group: string, ofMoves: boolean, { buckets }: Settings): Stood[] {
  const at = (day: Day, bucket: Value | undefined, column: (money: Money) => string): Stood[] => {
    const from = buckets.find((one) => one.name === bucket)?.from
    if (from === undefined) return []
    const amount = (money: Money) => exact(String(row[column(money)] ?? '0'))
    return [{ day, group, from, accounts: Number(row.accounts), money: { overdue_amount: amount('overdue_amount'), outstanding_principal: amount('outstanding_principal'), outstanding_schedule: amount('outstanding_schedule') } }]
  }
  const today = !ofMoves || row.period === 'day' ? at('today', row.bucket, (money) => money) : []
  return ofMoves ? [...today, ...at(row.period as Day, row.opening_bucket, opened)] : today
}

/** A measure in millionths of its unit; what is not known of a day is left out. */
interface Measured {
  readonly measure: string
  readonly unit: 'accounts' | 'rows' | 'money' | 'share'
  readonly today: bigint | null
  readonly day?: bigint | null
  readonly month?: bigint | null
}

/** Accounts late by more than so many days, where a bucket begins there. */
const edgeOf = (over: number, { buckets }: Settings) => (buckets.some((bucket) => bucket.from === over + 1) ? over + 1 : undefined)

/** `known`: how the accounts stood on the earlier days is; `untold`: days of which what they owed is not. */
function ofBook(stood: readonly Stood[], known: boolean, untold: ReadonlySet<Day>, basis: OutstandingBasis, settings: Settings): Measured[] {
  const sum = (day: Day, value: (one: Stood) => bigint, from = 0): bigint | null =>
    day === 'today' || known ? stood.filter((one) => one.day === day && one.from >= from).reduce((total, one) => total + value(one), 0n) : null
  const each = (measure: string, unit: Measured['unit'], of: (day: Day) => bigint | null): Measured => ({ measure, unit, today: of('today'), day: of('day'), month: of('month') })
  const accounts = (one: Stood) => BigInt(one.accounts) * 1_000_000n
  const owed = (day: Day, from = 0) => (untold.has(day) ? null : sum(day, (one) => one.money[basis], from))
  const share = (part: bigint | null, all: bigint | null) => (part === null || all === null ? null : shareIn(part, all))
  return [
    each('active_accounts', 'accounts', (day) => sum(day, accounts)),
    each(basis, 'money', (day) => owed(day)),
    each('late_accounts', 'accounts', (day) => sum(day, accounts, 1)),
    each('overdue_amount', 'money', (day) => sum(day, (one) => one.money.overdue_amount)),
    each('arrears_rate', 'share', (day) => share(sum(day, (one) => one.money.overdue_amount), owed(day))),
    ...[0, 30, 60, 90].map((over) => {
      const edge = edgeOf(over, settings)
      return each(`par_${over === 0 ? 1 : over}`, 'share', (day) => (edge === undefined ? null : share(owed(day, edge), owed(day))))
    }),
  ]
}

/** Cash less what was taken back, on the day and since the month began. On the first of a month the day before is of another month, and is not told. */
function ofCash(paid: readonly Row[], known: boolean, { as_of }: Settings): Measured[] {
  const before = plusDays(as_of, -1)
  const net = (holds: (day: string) => boolean) => (known ? paid.filter((row) => holds(String(row.day))).reduce((sum, row) => sum + exact(String(row.amount)) - exact(String(row.reversed_amount)), 0n) : null)
  const sameMonth = before > opensOn(as_of).month
  return [
    { measure: 'cash_of_day', unit: 'money', today: net((day) => day === as_of), day: sameMonth ? net((day) => day === before) : null },
    { measure: 'cash_month_to_date', unit: 'money', today: net((day) => day <= as_of), day: sameMonth ? net((day) => day <= before) : null },
  ]
}

/** A measure as a row of the report. */
const said = (row: Row, groups: readonly string[], { as_of }: Settings, decimals: number) => ({ measure, unit, today, day = null, month = null }: Measured): Row => {
  const shown = (value: bigint | null): Value => (value === null ? null : unit === 'money' ? plain(value, decimals) : unit === 'share' ? plain(value, 6) : Number(value / 1_000_000n))
  const less = (then: bigint | null) => shown(today === null || then === null ? null : today - then)
  return { ...Object.fromEntries(groups.map((column) => [column, row[column] ?? null])), measure, means: meanings[measure]!, unit, as_of, today: shown(today), day_before: shown(day), day_change: less(day), month_start: shown(month), month_change: less(month) }
}
