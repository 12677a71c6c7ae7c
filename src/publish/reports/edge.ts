import type { Engine } from '../../engine/engine.ts'
import { addDays, daysBetween } from '../../engine/calls.ts'
import { relation, type Relation } from '../../engine/relation.ts'
import { date, int, join, name, nothing, sql, text, type Hole } from '../../engine/sql.ts'
import { mostDaysToRoll } from '../../gather/ahead.ts'
import type { Layout } from '../../gather/by.ts'
import type { Settings } from '../../settings/load.ts'
import { bucketsInOrder, isHeld } from './aged.ts'
import { laidOut, type MadeReport, type SaidReport } from './report.ts'
import { inColumns, placeIn, rowsInOrder } from './sums.ts'

export const edge: SaidReport = {
  name: 'edge',
  says: 'Accounts that are about to come into a worse bucket, and the least payment that stops it.',
  said: {
    days_to_roll: ['int', `Days from work_on to the day at whose end the account is in the worse bucket if nothing comes, up to ${mostDaysToRoll}; below 0 it is there before the lists are worked.`],
    currency: ['text', 'Nothing is added over currencies.'],
    from_bucket: ['text', 'Its bucket at the end of as_of.'],
    to_bucket: ['text', 'The next one.'],
    accounts: ['int', 'Accounts.'],
    held: ['int', 'Of them held.'],
    outstanding_principal: ['money', 'Their outstanding principal.'],
    outstanding_schedule: ['money', 'All that their plans still ask.'],
    overdue_amount: ['money', 'What is overdue.'],
    least_payment: ['money', 'The sum of what each must pay at least to stay out of the worse bucket on that day: what is open by its oldest unpaid due date; of one that is not late what falls due next.'],
  },
}

export interface EdgeFrom {
  readonly accounts: Relation
  readonly ahead: Relation
  readonly oldestOpen: Relation
}

export async function makeEdge({ accounts, ahead, oldestOpen }: EdgeFrom, layout: Layout, settings: Settings, engine: Engine): Promise<MadeReport> {
  const { work_on, as_of } = settings
  const columns = laidOut(edge, layout.columns)
  const rolls = rollsOn(settings, 'months_past_due' in accounts.columns)
  const buckets = bucketsInOrder(settings)
  const next = sql`CASE bucket ${join(buckets.slice(0, -1).map(({ name }, at) => sql`WHEN ${text(name)} THEN ${text(buckets[at + 1]!.name)}`), sql` `)} END`
  const own = ['bucket', 'oldest_unpaid_due_on', 'next_due_on', 'next_due_amount', 'due_today_amount', 'advance', 'outstanding_principal', 'outstanding_schedule', 'overdue_amount'] as const
  const near = relation({
    name: 'accounts at the edge',
    says: 'Accounts that are in a worse bucket within days if nothing comes.',
    columns: { account_id: 'text', days_to_roll: 'int', currency: 'text', ...layout.columns, is_held: 'bool', ...Object.fromEntries(own.map((column) => [column, accounts.columns[column]!] as const)) },
    kept: 'table',
    body: sql`
      SELECT *, ${daysBetween(date(work_on), sql`rolls`)} AS days_to_roll
      FROM (SELECT a.account_id, a.currency${layout.of('a', accounts.columns)}, ${isHeld} AS is_held, ${join(own.map((column) => sql`a.${name(column)}`))}, ${rolls} AS rolls FROM ${accounts} a WHERE a.bucket IS NOT NULL) AS each_one
      WHERE rolls <= ${addDays(date(work_on), int(mostDaysToRoll))}`,
  })
  // What is due on as_of itself and open comes before all that lies ahead.
  const nextDue = sql`
    SELECT i.account_id, sum(i.amount) AS due, sum(i.covered) AS covered
    FROM ${ahead} i
    JOIN ${near} d ON d.account_id = i.account_id
    WHERE i.due_on <= d.next_due_on
    GROUP BY i.account_id`
  const least = sql`CASE WHEN e.oldest_unpaid_due_on IS NOT NULL THEN o.amount WHEN e.next_due_on <= ${date(as_of)} THEN e.due_today_amount WHEN n.covered IS NOT NULL THEN n.due - n.covered ELSE coalesce(n.due - e.advance, e.next_due_amount) END`
  const found = relation({
    name: 'edge',
    says: edge.says,
    columns,
    kept: 'table',
    body: sql`
      SELECT days_to_roll, currency${layout.names()}, bucket AS from_bucket, ${next} AS to_bucket, count(*) AS accounts, count(CASE WHEN is_held THEN 1 END) AS held, sum(outstanding_principal) AS outstanding_principal, sum(outstanding_schedule) AS outstanding_schedule, sum(overdue_amount) AS overdue_amount, sum(least) AS least_payment
      FROM (
        SELECT e.*, ${least} AS least
        FROM ${near} e
        LEFT JOIN ${oldestOpen} o ON o.account_id = e.account_id
        LEFT JOIN (${nextDue}) AS n ON n.account_id = e.account_id
      ) AS each_one
      GROUP BY days_to_roll, currency${layout.names()}, bucket`,
  })
  const rows = await rowsInOrder(found, ['currency', ...Object.keys(layout.columns), 'days_to_roll', placeIn('from_bucket', buckets.map((bucket) => bucket.name))], engine)
  return { name: edge.name, says: edge.says, columns, rows: rows.map((row) => inColumns(row, columns)) }
}

/**
 * The day at whose end the bucket is a worse one. Where an edge of buckets is one of tiers as well it is the account's own rolls_on, which
 * knows of pauses and moved due dates; else days past due grow by one a day. Buckets of months have no such day.
 */
function rollsOn(settings: Settings, byMonths: boolean): Hole {
  if (byMonths) return nothing('date')
  const [first, ...others] = bucketsInOrder(settings)
  const whens = others.flatMap(({ name, to }) => {
    if (to === null) return []
    const tiers = settings.tiers.filter((tier) => tier.to === to).map((tier) => text(tier.name))
    const byDays = sql`${addDays(date(settings.as_of), sql`(${int(to + 1)} - days_past_due)`)}`
    return [sql`WHEN bucket = ${text(name)} THEN ${tiers.length === 0 ? byDays : sql`CASE WHEN tier IN (${join(tiers)}) THEN rolls_on ELSE ${byDays} END`}`]
  })
  return sql`CASE WHEN bucket = ${text(first!.name)} THEN ${first!.to === 0 ? sql`rolls_on` : addDays(date(settings.as_of), sql`(${int((first!.to ?? 0) + 1)} - days_past_due)`)} ${join(whens, sql` `)} END`
}
