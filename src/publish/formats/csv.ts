import { stringify } from 'csv-stringify/sync'
import type { Value } from '../../engine/engine.ts'
import type { MadeReport } from '../reports/report.ts'
import { bom, cell } from '../cells.ts'

/** A report as a file for people. */
export const csv = (report: MadeReport, withBom: boolean) => csvText(Object.keys(report.columns), report.rows.map((row) => Object.keys(report.columns).map((column) => row[column] ?? null)), withBom)

/** Rows that JavaScript holds, as a file for people: formulas neutralised, lines end as the engine ends them. */
export const csvText = (columns: readonly string[], rows: readonly (readonly Value[])[], withBom: boolean): string => (withBom ? bom : '') + csvRows([[...columns], ...rows])

/** The same without a header, for files that are written in pieces. */
export function csvRows(rows: readonly (readonly Value[])[]): string {
  const cells = rows.map((row) => row.map((value) => (typeof value === 'string' ? cell(value) : value === null ? '' : String(value))))
  return stringify(cells, { record_delimiter: 'unix', quoted_match: '\r' })
}
