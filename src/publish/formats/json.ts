import type { Answer } from '../reports/answer.ts'
import { notChecked, type Summary } from '../summary.ts'

/** The terminal report's content as one document; amounts are strings, so that nothing is lost on the way. */
export function json(summary: Summary): string {
  return `${JSON.stringify(document(summary), null, 2)}\n`
}

/** Key order is fixed. */
export function document(summary: Summary) {
  return {
    as_of: summary.as_of,
    work_on: summary.work_on,
    data_through: summary.data_through ?? null,
    newest_payment: summary.newest_payment ?? null,
    conventions: summary.conventions,
    contact: notChecked,
    outstanding_basis: summary.outstanding,
    ageing: summary.ageing.rows,
    actions: summary.actions?.rows ?? null,
    exceptions: summary.exceptions.rows,
    ...(summary.ties === undefined ? {} : { ties: summary.ties.rows }),
    ...Object.fromEntries(summary.reports.map(({ name, rows }) => [name, rows] as const)),
    ...(summary.reportsNotMade.length === 0 ? {} : { reports_not_made: summary.reportsNotMade }),
    rows: summary.rows,
    money: summary.money,
    checks: summary.checks,
    warnings: summary.warnings,
    not_used_yet: summary.notUsedYet,
  }
}

/** With what was asked of the accounts; `filter` says which of them are counted in ageing, by and top. All else is of the whole book. */
export function answered(summary: Summary, { filter, ageing, by, top }: Answer) {
  return { ...document({ ...summary, ageing }), ...(filter === undefined ? {} : { filter }), ...(by === undefined ? {} : { by: by.rows }), ...(top === undefined ? {} : { top: top.rows }) }
}
