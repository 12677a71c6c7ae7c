import type { Engine, Row, Value } from '../../engine/engine.ts'
import type { Columns, Relation } from '../../engine/relation.ts'
import { join, name, sql, type as typeName } from '../../engine/sql.ts'
import type { Layout } from '../../gather/by.ts'
import { groupedBy } from '../../grouped-by.ts'
import { partNames } from '../../read/inputs.ts'
import type { Settings } from '../../settings/load.ts'
import { byCode } from '../../by-code.ts'
import { decimalsOf, exact, plain } from '../exact.ts'
import { bucketsInOrder } from './aged.ts'
import { laidOut, type MadeReport, type SaidReport } from './report.ts'
import { inColumns, rowsInOrder, shareOf } from './sums.ts'

export const cash: SaidReport = {
  name: 'cash',
  says: 'Cash of the borrowers by day and for the month to date, by the bucket in which the account was when the month began.',
  said: {
    section: ['text', '`day`: one day; `month`: the month to date.'],
    day: ['date', 'The day on which the money counts; of the month as_of.'],
    currency: ['text', 'Nothing is added over currencies.'],
    bucket: ['text', 'The ageing bucket at the end of the month before; for accounts that were not aged then their tier (`not_yet`: paid out since); `unmatched`: in no loan row. `late`: all buckets but the first; `total`: all lines.'],
    product: ['text', "The lender's product; blank in lines of several."],
    payments: ['int', 'Rows of cash received: payments, prepayments, settlements and recoveries.'],
    amount: ['money', 'Their sum.'],
    principal: ['money', 'Principal of it, as the rows say; blank where the file has no parts.'],
    interest: ['money', 'Interest of it.'],
    fee: ['money', 'Fees of it.'],
    penalty: ['money', 'Penalties of it.'],
    reversals: ['int', 'Rows by which such cash was taken back or given back, on their own day.'],
    reversed_amount: ['money', 'Their sum.'],
    net: ['money', 'amount less reversed_amount.'],
    not_cash: ['money', 'Beside it: waivers and credit notes, less what was taken back of them.'],
    from_others: ['money', 'Beside it: compensation and buyback, less what was taken back of them.'],
    opening_accounts: ['int', 'Only for the month: accounts that were in the bucket when it began.'],
    opening_outstanding_schedule: ['money', 'All that their plans asked then.'],
    opening_overdue: ['money', 'What was overdue on them then.'],
    recovery_share: ['number', 'net of the month over opening_overdue; blank where nothing was overdue. It may be above 1: the cash of late accounts pays their new instalments too.'],
  },
}

const counts = ['payments', 'reversals', 'opening_accounts'] as const
const stock = ['opening_accounts', 'opening_outstanding_schedule', 'opening_overdue'] as const

/** `moves`: with the product beside the layout. */
export async function makeCash(gathered: Relation, moves: Relation, layout: Layout, settings: Settings, engine: Engine): Promise<MadeReport> {
  const columns = laidOut(cash, Object.fromEntries(Object.entries(layout.columns).filter(([column]) => column !== 'product')))
  const groups = ['currency', ...Object.keys(layout.columns).filter((column) => column !== 'product')]
  const days = await rowsInOrder(gathered, [...groups, 'bucket', 'product', 'day'], engine)
  const opening = await engine.rows(openingStock(moves, groups))
  return { name: cash.name, says: cash.says, columns, rows: linesOf(days, opening, columns, groups, settings) }
}

const openingStock = (moves: Relation, groups: readonly string[]) => {
  const by = join(groups.map(name))
  return sql`
    SELECT ${by}, bucket, product, CAST(sum(accounts) AS ${typeName('int')}) AS opening_accounts, sum(opening_outstanding_schedule) AS opening_outstanding_schedule, sum(opening_overdue_amount) AS opening_overdue
    FROM (SELECT ${by}, coalesce(opening_bucket, opening_tier) AS bucket, product, accounts, opening_outstanding_schedule, opening_overdue_amount FROM ${moves} WHERE period = 'month') AS opened
    GROUP BY ${by}, bucket, product
    ORDER BY ${join([...groups, 'bucket', 'product'].map((column) => sql`${name(column)} ASC NULLS FIRST`))}`
}

function linesOf(days: readonly Row[], opening: readonly Row[], columns: Columns, groups: readonly string[], settings: Settings): Row[] {
  const ordered = bucketsInOrder(settings).map((bucket) => bucket.name)
  const late = (row: Row) => ordered.indexOf(String(row.bucket)) > 0
  const keyOf = (row: Row, more: readonly string[] = []) => [...groups, ...more].map((column) => String(row[column] ?? '')).join('\u0000')
  const decimals = decimalsOf(String(days[0]?.amount ?? opening[0]?.opening_overdue ?? '0.00'))
  const line = (section: string, day: string, of: Row, cells: readonly Row[]): Row => {
    const sums = summed(cells, columns, decimals)
    const stocked = section === 'month' && of.bucket !== 'unmatched'
    const net = plain(exact(String(sums.amount)) - exact(String(sums.reversed_amount)), decimals)
    const share = stocked && of.bucket !== 'total' && of.bucket !== ordered[0] ? shareOf(net, sums.opening_overdue!) : null
    const blank = stocked ? {} : Object.fromEntries(stock.map((column) => [column, null]))
    return inColumns({ ...sums, ...of, section, day, net, recovery_share: share, ...blank }, columns)
  }
  /** A line for each bucket and product, then those of several. */
  const lines = (section: string, day: string, cells: readonly Row[]): Row[] => {
    if (cells.length === 0) return []
    const group = Object.fromEntries(groups.map((column) => [column, cells[0]![column]!]))
    const each = grouped(cells, (row) => keyOf(row, ['bucket', 'product'])).sort(([a], [b]) => byCode(placeOf(a!, ordered), placeOf(b!, ordered)) || byCode(String(a!.product), String(b!.product)))
    const several = (bucket: string, of: readonly Row[]) => line(section, day, { ...group, bucket, product: null }, of)
    return [...each.map((of) => line(section, day, { ...group, bucket: of[0]!.bucket!, product: of[0]!.product! }, of)), several('late', cells.filter(late)), several('total', cells)]
  }
  const all = grouped([...days, ...opening], keyOf).sort(([a], [b]) => byCode(keyOf(a!), keyOf(b!)))
  return all.flatMap((cells) => {
    const ofDays = cells.filter((row) => row.day !== undefined)
    return [...grouped(ofDays, (row) => String(row.day)).sort(([a], [b]) => byCode(String(a!.day), String(b!.day))).flatMap((of) => lines('day', String(of[0]!.day), of)), ...lines('month', settings.as_of, cells)]
  })
}

/** Buckets in their order, then tiers by name. */
function placeOf(row: Row, ordered: readonly string[]): string {
  const at = ordered.indexOf(String(row.bucket))
  return at >= 0 ? String(at).padStart(4, '0') : `9${String(row.bucket)}`
}

const grouped = <T extends Row>(rows: readonly T[], key: (row: T) => string): T[][] => [...groupedBy(rows, key).values()]

/** Counts and exact sums; parts that no row tells are blank. */
function summed(cells: readonly Row[], columns: Columns, decimals: number): Row {
  const values = (column: string) => cells.map((cell) => cell[column]).filter((value): value is Exclude<Value, null> => value !== undefined && value !== null)
  const sum = (column: string): Value => {
    if ((counts as readonly string[]).includes(column)) return values(column).reduce<number>((total, value) => total + Number(value), 0)
    if ((partNames as readonly string[]).includes(column) && values(column).length === 0) return null
    return plain(values(column).reduce((total, value) => total + exact(String(value)), 0n), decimals)
  }
  return Object.fromEntries(Object.entries(columns).filter(([column, type]) => type === 'money' || (counts as readonly string[]).includes(column)).map(([column]) => [column, sum(column)]))
}
