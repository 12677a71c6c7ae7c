import { daysBetween } from '../engine/calls.ts'
import { relation, type Columns, type Relation } from '../engine/relation.ts'
import { date, int, join, name, sql, text, type Sql } from '../engine/sql.ts'
import { nameOfDays } from '../classify/state.ts'
import type { Settings } from '../settings/load.ts'
import type { Layout } from './by.ts'
import { periods, type Period } from './days.ts'
import type { Opening, Openings } from './opening.ts'

export const moneys = ['overdue_amount', 'outstanding_principal', 'outstanding_schedule'] as const
export type Money = (typeof moneys)[number]

/** What a figure was worth at the opening of the period. */
export const opened = (money: Money) => `opening_${money}` as const

/**
 * From which tier and bucket to which the accounts went in each period, counted and summed: few rows for a whole book. A bucket is blank
 * where the account is not aged, `opening_tier` is not_yet for what was not in the book. `without_principal`: accounts that are or were
 * aged and whose outstanding principal is not known on one of the two days; `without_principal_now`: that are aged, and it is not known now.
 */
export function moves(accounts: Relation, openings: Openings, layout: Layout, settings: Settings): Relation {
  const columns: Columns = {
    period: 'text', since: 'date', currency: 'text', ...layout.columns, opening_tier: 'text', opening_bucket: 'text', tier: 'text', bucket: 'text', accounts: 'int', without_principal: 'int', without_principal_now: 'int',
    ...Object.fromEntries(moneys.flatMap((money) => [[opened(money), 'money'], [money, 'money']] as const)),
  }
  const [day, month] = periods.map((period) => atOpening(openings[period], period, settings)) as [AtOpening, AtOpening]
  const own = ['currency', 'tier', 'bucket', ...Object.keys(layout.columns), ...moneys]
  // Accounts are read and joined once; the few rows that come of it are summed again for each period.
  const cube = relation({
    name: 'moves of both periods',
    says: 'Accounts counted and summed by where they were at both openings and where they are.',
    columns: { ...Object.fromEntries(own.map((column) => [column, (moneys as readonly string[]).includes(column) ? 'money' : 'text'] as const)), accounts: 'int', without_principal_now: 'int', ...day.columns, ...month.columns },
    kept: 'table',
    body: sql`
      SELECT currency, tier, bucket${layout.names()}, ${join([day, month].flatMap(({ tier, bucket }) => [tier, bucket]).map(name))}, count(*) AS accounts, count(CASE WHEN bucket IS NOT NULL AND outstanding_principal IS NULL THEN 1 END) AS without_principal_now,
             ${join([...moneys, ...[day, month].flatMap(({ worth }) => worth)].map((money) => sql`coalesce(sum(${name(money)}), 0) AS ${name(money)}`))},
             ${join([day, month].map(({ bucket, worth: [, principal], unknown }) => sql`count(CASE WHEN (bucket IS NOT NULL AND outstanding_principal IS NULL) OR (${name(bucket)} IS NOT NULL AND ${name(principal!)} IS NULL) THEN 1 END) AS ${name(unknown)}`))}
      FROM (
        SELECT a.currency, a.tier, a.bucket${layout.of('a', accounts.columns)}, ${join([...moneys.map((money) => sql`a.${name(money)}`), ...day.values, ...month.values])}
        FROM ${accounts} a
        LEFT JOIN ${day.rows} ${name(day.alias)} ON ${name(day.alias)}.account_id = a.account_id
        LEFT JOIN ${month.rows} ${name(month.alias)} ON ${name(month.alias)}.account_id = a.account_id
        WHERE a.tier <> 'rejected'
      ) AS placed
      GROUP BY currency, tier, bucket${layout.names()}, ${join([day, month].flatMap(({ tier, bucket }) => [tier, bucket]).map(name))}`,
  })
  const ofPeriod = (period: Period, { tier, bucket, worth, unknown }: AtOpening) => sql`
    SELECT ${text(period)} AS period, ${date(openings[period].day)} AS since, currency${layout.names()}, ${name(tier)} AS opening_tier, ${name(bucket)} AS opening_bucket, tier, bucket, sum(accounts) AS accounts, sum(${name(unknown)}) AS without_principal, sum(without_principal_now) AS without_principal_now,
           ${join(moneys.flatMap((money, at) => [sql`sum(${name(worth[at]!)}) AS ${name(opened(money))}`, sql`sum(${name(money)}) AS ${name(money)}`]))}
    FROM ${cube}
    GROUP BY currency${layout.names()}, ${name(tier)}, ${name(bucket)}, tier, bucket`
  return relation({
    name: 'moves',
    says: 'Accounts counted and summed by where they were at the opening of each period and where they are.',
    columns,
    kept: 'table',
    body: sql`${ofPeriod('day', day)} UNION ALL ${ofPeriod('month', month)}`,
  })
}

/** How an opening stands on the line of an account: the names of its columns there, and their values. */
interface AtOpening {
  readonly alias: string
  readonly rows: Relation
  readonly tier: string
  readonly bucket: string
  /** Names of its amounts, in the order of `moneys`. */
  readonly worth: readonly string[]
  readonly unknown: string
  readonly columns: Columns
  readonly values: readonly Sql[]
}

function atOpening({ day, rows, changedOnly }: Opening, period: Period, settings: Settings): AtOpening {
  const alias = `at ${period}`
  const named = (column: string) => `${column} ${alias}`
  const of = (column: string) => sql`${name(alias)}.${name(column)}`
  // To an account that is not among those that changed nothing happened since.
  const or = (column: string, stood: Sql) => (changedOnly ? sql`CASE WHEN ${of('account_id')} IS NULL THEN ${stood} ELSE ${of(column)} END` : of(column))
  const values = [
    sql`${changedOnly ? or('tier', stoodSince(settings, day)) : sql`coalesce(${of('tier')}, 'not_yet')`} AS ${name(named('tier'))}`,
    sql`${or('bucket', bucketSince(settings, day))} AS ${name(named('bucket'))}`,
    ...moneys.map((money) => sql`${or(money, sql`a.${name(money)}`)} AS ${name(named(money))}`),
  ]
  const worth = moneys.map(named)
  return {
    alias, rows, tier: named('tier'), bucket: named('bucket'), worth, unknown: named('unknown'), values,
    columns: { [named('tier')]: 'text', [named('bucket')]: 'text', ...Object.fromEntries(worth.map((column) => [column, 'money'] as const)), [named('unknown')]: 'int' },
  }
}

/** Days past due, at the end of an earlier day, of an account to which nothing happened since. */
const daysThen = ({ as_of }: Settings, day: string): Sql => sql`(a.days_past_due - ${daysBetween(date(day), date(as_of))})`

const stoodSince = (settings: Settings, day: string): Sql => sql`CASE WHEN a.bucket IS NOT NULL AND a.days_past_due > 0 THEN ${nameOfDays(daysThen(settings, day), settings.tiers)} ELSE a.tier END`

const bucketSince = (settings: Settings, day: string): Sql => sql`CASE WHEN a.bucket IS NOT NULL THEN ${nameOfDays(sql`greatest(${daysThen(settings, day)}, ${int(0)})`, settings.buckets)} END`
