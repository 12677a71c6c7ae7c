import type { Answer } from '../reports/answer.ts'
import type { MadeReport } from '../reports/report.ts'
import { grouped } from './figures.ts'
import { table } from './table.ts'
import { shown } from './width.ts'

/** Columns of a list of accounts that a terminal has no room for; csv, md and json have them. */
const leftOut = ['borrower_id', 'instalments_overdue', 'next_due_on', 'next_due_amount']

/** What was asked of the accounts, for the terminal: blocks of lines with their titles. */
export const answerBlocks = ({ by, top }: Answer, head: (text: string) => string): string[][] =>
  [
    by === undefined ? [] : [head(by.says), ...lines(by)],
    top === undefined ? [] : [head(top.says), ...lines(top, leftOut)],
  ]

function lines({ columns, rows }: MadeReport, without: readonly string[] = []): string[] {
  if (rows.length === 0) return ['  None.']
  const isFigure = (type: string) => type === 'int' || type === 'money' || type === 'number'
  const kept = Object.entries(columns).filter(([column]) => !without.includes(column))
  return table(
    kept.map(([column, type]) => ({ head: column, right: isFigure(type) })),
    rows.map((row) => kept.map(([column, type]) => (isFigure(type) ? grouped(row[column]) : shown(String(row[column] ?? ''))))),
  )
}
