import { daysBetween } from '../engine/calls.ts'
import { relation, type Columns, type Relation } from '../engine/relation.ts'
import { date, int, join, name, sql, text, type Sql } from '../engine/sql.ts'
import { nameOfDays } from '../classify/state.ts'
import type { Settings } from '../settings/load.ts'
import type { Layout } from './by.ts'
import { periods, type Period } from './days.ts'
import type { Opening, Openings } from './opening.ts'

const moneys = ['overdue_amount', 'outstanding_principal', 'outstanding_schedule'] as const
export type Money = (typeof moneys)[number]

/** What a figure was worth at the opening of the period. */
export const opened = (money: Money) => `opening_${money}` as const

/**
 * From which tier and bucket to which the accounts went in each period, counted and summed: few rows for a whole book. A bucket is blank
 * where the account is not aged, `opening_tier` is not_yet for what was not in the book. `without_principal`: accounts that are or were
 * aged and whose outstanding principal is not known on one of the two days.
 */
export function moves(accounts: Relation, openings: Openings, layout: Layout, settings: Settings): Relation {
  const columns: Columns = {
    period: 'text', since: 'date', currency: 'text', ...layout.columns, opening_tier: 'text', opening_bucket: 'text', tier: 'text', bucket: 'text', accounts: 'int', without_principal: 'int',
    ...Object.fromEntries(moneys.flatMap((money) => [[opened(money), 'money'], [money, 'money']] as const)),
  }
  return relation({
    name: 'moves',
    says: 'Accounts counted and summed by where they were at the opening of each period and where they are.',
    columns,
    kept: 'table',
    body: join(periods.map((period) => moved(period, accounts, openings[period], layout, settings)), sql` UNION ALL `),
  })
}

function moved(period: Period, accounts: Relation, opening: Opening, layout: Layout, settings: Settings): Sql {
  const tier = opening.changedOnly ? sql`CASE WHEN o.account_id IS NULL THEN ${stoodSince(settings, opening.day)} ELSE o.tier END` : sql`coalesce(o.tier, 'not_yet')`
  const bucket = opening.changedOnly ? sql`CASE WHEN o.account_id IS NULL THEN ${bucketSince(settings, opening.day)} ELSE o.bucket END` : sql`o.bucket`
  const was = (money: Money) => (opening.changedOnly ? sql`CASE WHEN o.account_id IS NULL THEN a.${name(money)} ELSE o.${name(money)} END` : sql`o.${name(money)}`)
  const sums = moneys.map((money) => sql`coalesce(sum(${name(`was ${money}`)}), 0) AS ${name(opened(money))}, coalesce(sum(${name(money)}), 0) AS ${name(money)}`)
  return sql`
    SELECT ${text(period)} AS period, ${date(opening.day)} AS since, currency${layout.names()}, opening_tier, opening_bucket, tier, bucket, count(*) AS accounts,
           count(CASE WHEN (bucket IS NOT NULL AND outstanding_principal IS NULL) OR (opening_bucket IS NOT NULL AND "was outstanding_principal" IS NULL) THEN 1 END) AS without_principal, ${join(sums)}
    FROM (
      SELECT a.currency${layout.of('a', accounts.columns)}, ${tier} AS opening_tier, ${bucket} AS opening_bucket, a.tier, a.bucket, ${join(moneys.map((money) => sql`a.${name(money)}, ${was(money)} AS ${name(`was ${money}`)}`))}
      FROM ${accounts} a
      LEFT JOIN ${opening.rows} o ON o.account_id = a.account_id
      WHERE a.tier <> 'rejected'
    ) AS placed
    GROUP BY currency${layout.names()}, opening_tier, opening_bucket, tier, bucket`
}

/** Days past due, at the end of an earlier day, of an account to which nothing happened since. */
const daysThen = ({ as_of }: Settings, day: string): Sql => sql`(a.days_past_due - ${daysBetween(date(day), date(as_of))})`

const stoodSince = (settings: Settings, day: string): Sql => sql`CASE WHEN a.bucket IS NOT NULL AND a.days_past_due > 0 THEN ${nameOfDays(daysThen(settings, day), settings.tiers)} ELSE a.tier END`

const bucketSince = (settings: Settings, day: string): Sql => sql`CASE WHEN a.bucket IS NOT NULL THEN ${nameOfDays(sql`greatest(${daysThen(settings, day)}, ${int(0)})`, settings.buckets)} END`
