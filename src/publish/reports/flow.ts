import type { Engine, Row } from '../../engine/engine.ts'
import type { Columns, Relation } from '../../engine/relation.ts'
import { int, join, name, sql, text, type as typeName, type Hole, type Sql } from '../../engine/sql.ts'
import type { Layout } from '../../gather/by.ts'
import { opened, type Money } from '../../gather/moves.ts'
import { periods } from '../../gather/days.ts'
import type { Settings } from '../../settings/load.ts'
import { bucketsInOrder } from './aged.ts'
import { laidOut, type MadeReport, type SaidReport } from './report.ts'
import { placeIn } from './sums.ts'

/** What goes into a bucket; each is added. What leaves to the other buckets and out of the book is taken off. */
const comes = ['new_in', 'returned_in', 'rolled_in', 'rolled_back_in', 'change'] as const
const goes = ['cured', 'rolled_back', 'rolled_out', 'settled', 'written_off', 'sold', 'other_out'] as const
const figures = ['opening', ...comes, ...goes, 'closing'] as const
type Figure = (typeof figures)[number]

export const flow: SaidReport = {
  name: 'flow',
  says: 'What moved between the ageing buckets since the end of the day before, and of the month before.',
  said: {
    period: ['text', '`day`: since the end of the day before as_of; `month`: since the end of the month before.'],
    since: ['date', 'The day at whose end the period opens.'],
    currency: ['text', 'Nothing is added over currencies.'],
    measure: ['text', '`accounts`; `outstanding_principal`, or `outstanding_schedule` where the principal of some account is not known; `overdue_amount`.'],
    bucket: ['text', 'The ageing buckets, and `total`: the sum of their lines.'],
    opening: ['number', 'What was in the bucket at the end of the day `since`.'],
    new_in: ['number', 'Not in the book then (not paid out yet), now in the bucket.'],
    returned_in: ['number', 'Then settled, written off, sold or not aged, now in the bucket: a payment was taken back after closing, say.'],
    rolled_in: ['number', 'Come from a better bucket.'],
    rolled_back_in: ['number', 'Come from a worse bucket; in the first bucket: cured.'],
    change: ['number', 'Of accounts that stayed in the bucket: what they are worth now less what they were worth then.'],
    cured: ['number', 'Gone to the first bucket.'],
    rolled_back: ['number', 'Gone to a better bucket that is still late.'],
    rolled_out: ['number', 'Gone to a worse bucket.'],
    settled: ['number', 'Gone to the tier settled.'],
    written_off: ['number', 'Gone to the tier written_off.'],
    sold: ['number', 'Gone to the tier sold.'],
    other_out: ['number', 'Gone to another tier that is not aged.'],
    closing: ['number', 'What is in the bucket at the end of as_of.'],
  },
}

/** Lines of all buckets, in their order, then their total; of every group with an account that is or was aged. */
export async function makeFlow(moves: Relation, layout: Layout, settings: Settings, engine: Engine): Promise<MadeReport> {
  const [known] = await engine.rows(sql`SELECT count(*) AS n FROM ${moves} WHERE without_principal > 0`)
  // One basis for all accounts and days.
  const outstanding: Money = Number(known!.n) > 0 ? 'outstanding_schedule' : 'outstanding_principal'
  const group = sql`period, since, currency${layout.names()}`
  const measures: readonly Measure[] = [
    { name: 'accounts', was: sql`accounts`, is: sql`accounts` },
    { name: outstanding, was: name(opened(outstanding)), is: name(outstanding) },
    { name: 'overdue_amount', was: name(opened('overdue_amount')), is: name('overdue_amount') },
  ]
  const buckets = bucketsInOrder(settings).map((bucket) => bucket.name)
  const sides = join(measures.map((measure, at) => sidesOf(measure, at, moves, buckets, group)), sql` UNION ALL `)
  // The line without a place is the total of the others.
  const called = sql`CASE place ${join(buckets.map((bucket, place) => sql`WHEN ${int(place)} THEN ${text(bucket)}`), sql` `)} ELSE 'total' END`
  const rows = await engine.rows(sql`
    SELECT CAST(since AS ${typeName('text')}) AS since, period, currency${layout.names()}, measure, ${called} AS bucket, ${join(figures.map((figure) => sql`CAST(${name(figure)} AS ${typeName('text')}) AS ${name(figure)}`))}
    FROM (
      SELECT ${group}, nth, measure, place, ${join(figures.map((figure) => sql`sum(${name(figure)}) AS ${name(figure)}`))}
      FROM (${sides}) AS sides
      GROUP BY GROUPING SETS ((${group}, nth, measure, place), (${group}, nth, measure))
    ) AS lines
    ORDER BY ${placeIn('period', periods)}, currency ASC NULLS LAST${join(Object.keys(layout.columns).map((column) => sql`, ${name(column)} ASC NULLS FIRST`), sql``)}, nth, place ASC NULLS LAST`)
  const columns = laidOut(flow, layout.columns)
  return { name: flow.name, says: flow.says, columns, rows: rows.map((row) => shown(row, columns)) }
}

interface Measure {
  readonly name: string
  readonly was: Hole
  readonly is: Hole
}

/** Counts are numbers, money is exact text. */
const shown = (row: Row, columns: Columns): Row =>
  Object.fromEntries(Object.keys(columns).map((column) => [column, row.measure === 'accounts' && (figures as readonly string[]).includes(column) ? Number(row[column]) : row[column]!]))

/** An account leaves a bucket with what it was worth at the opening and comes into one with what it is worth now; `change` is that of those that stayed. */
function sidesOf({ name: measure, was, is }: Measure, at: number, moves: Relation, buckets: readonly string[], group: Sql): Sql {
  const from = placeIn('opening_bucket', buckets)
  const to = placeIn('bucket', buckets)
  const left: Readonly<Partial<Record<Figure, Sql>>> = {
    opening: sql`TRUE`,
    cured: sql`to_place = 0 AND from_place > 0`,
    rolled_back: sql`to_place > 0 AND to_place < from_place`,
    rolled_out: sql`to_place > from_place`,
    settled: sql`tier = 'settled'`,
    written_off: sql`tier = 'written_off'`,
    sold: sql`tier = 'sold'`,
    other_out: sql`to_place IS NULL AND tier NOT IN ('settled', 'written_off', 'sold')`,
  }
  const came: Readonly<Partial<Record<Figure, Sql>>> = {
    closing: sql`TRUE`,
    new_in: sql`from_place IS NULL AND opening_tier = 'not_yet'`,
    returned_in: sql`from_place IS NULL AND opening_tier <> 'not_yet'`,
    rolled_in: sql`to_place > from_place`,
    rolled_back_in: sql`to_place < from_place`,
  }
  const values = (of: typeof left, value: Hole, change: Hole) => join(figures.map((figure) => sql`${figure === 'change' ? change : of[figure] === undefined ? sql`0` : sql`CASE WHEN ${of[figure]} THEN ${value} ELSE 0 END`} AS ${name(figure)}`))
  const placed = sql`(SELECT *, ${from} AS from_place, ${to} AS to_place FROM ${moves}) AS placed`
  const of = sql`${group}, ${int(at)} AS nth, ${text(measure)} AS measure`
  return sql`
    SELECT ${of}, from_place AS place, ${values(left, was, sql`CASE WHEN to_place = from_place THEN ${is} - ${was} ELSE 0 END`)} FROM ${placed} WHERE from_place IS NOT NULL
    UNION ALL
    SELECT ${of}, to_place, ${values(came, is, sql`0`)} FROM ${placed} WHERE to_place IS NOT NULL
    UNION ALL
    SELECT ${of}, b.place, ${join(figures.map(() => sql`0`))} FROM (SELECT DISTINCT ${group} FROM ${moves} WHERE opening_bucket IS NOT NULL OR bucket IS NOT NULL) AS groups CROSS JOIN (VALUES ${join(buckets.map((_, place) => sql`(${int(place)})`))}) AS b(place)`
}
