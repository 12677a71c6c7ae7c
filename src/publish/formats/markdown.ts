import type { MadeReport } from '../reports/report.ts'
import { grouped } from './figures.ts'

/** A report as a table to paste into a document. */
export function markdown(report: MadeReport): string {
  const columns = Object.entries(report.columns)
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  const escaped = (text: string) => text.replace(/[\\|]/g, '\\$&').replace(/\s+/g, ' ')
  const isFigure = (type: string) => type !== 'text' && type !== 'date'
  return `${[
    line(columns.map(([column]) => escaped(column))),
    line(columns.map(([, type]) => (isFigure(type) ? '---:' : '---'))),
    ...report.rows.map((row) => line(columns.map(([column, type]) => (type === 'int' || type === 'money' ? grouped(row[column]) : escaped(String(row[column] ?? '')))))),
  ].join('\n')}\n`
}
