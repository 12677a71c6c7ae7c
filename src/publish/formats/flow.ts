import type { Row } from '../../engine/engine.ts'
import type { MadeReport } from '../reports/report.ts'
import { grouped } from './figures.ts'
import { table } from './table.ts'

const into = ['new_in', 'returned_in'] as const
const outOf = ['settled', 'written_off', 'sold', 'other_out'] as const

/** Accounts that moved between buckets since the day before, in one currency: those of then and what moved are those of now in each line. */
export function flowTable({ rows }: MadeReport, currency: string): string[] {
  const own = rows.filter((row) => row.currency === currency && row.period === 'day' && row.measure === 'accounts')
  const [first] = own
  if (first === undefined) return []
  const sum = (row: Row, of: readonly string[]) => of.reduce((total, column) => total + Number(row[column]), 0)
  const lines = own.map((row) => [sum(row, ['opening']), sum(row, into), sum(row, ['rolled_in']), sum(row, ['rolled_back_in']), -sum(row, ['cured', 'rolled_back']), -sum(row, ['rolled_out']), -sum(row, outOf), sum(row, ['closing'])])
  const heads = ['Then', 'New', 'From better', 'From worse', 'To better', 'To worse', 'Ended', 'Now']
  // Columns in which nothing moved say nothing.
  const kept = heads.flatMap((_, at) => (at === 0 || at === heads.length - 1 || lines.some((line) => line[at] !== 0) ? [at] : []))
  const cells = own.map((row, nth) => [String(row.bucket), ...kept.map((at) => (lines[nth]![at] === 0 && at > 0 && at < heads.length - 1 ? '' : grouped(lines[nth]![at]!)))])
  return table([{ head: `Accounts by days past due, since ${String(first.since)}` }, ...kept.map((at) => ({ head: heads[at]!, right: true }))], [...cells.slice(0, -1), null, ...cells.slice(-1)])
}
