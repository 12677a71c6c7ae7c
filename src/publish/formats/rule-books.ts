import { Chalk } from 'chalk'
import type { Row } from '../../engine/engine.ts'
import type { SideBySide } from '../reports/rule-books.ts'
import { notChecked, type Summary } from '../summary.ts'
import { counted, grouped } from './figures.ts'
import { table } from './table.ts'
import { shown } from './width.ts'

/** One book under several rule books, for a person: the tiers of each, on what they disagree, and what each rests on. */
export function sideBySideShown(of: SideBySide, summary: Summary, colour: boolean): string {
  const paint = new Chalk({ level: colour ? 1 : 0 })
  const currencies = [...new Set(of.tiers.rows.map(({ currency }) => currency!))]
  const blocks = [
    [`${paint.bold(`As of ${summary.as_of}`)}, one book under ${counted(of.books.length, 'rule book')}`],
    ...currencies.map((currency) => [paint.bold(String(currency ?? '')), ...tierTable(of.tiers.rows.filter((row) => row.currency === currency))]),
    ...currencies.map((currency) => disputes(of.disputes.rows.filter((row) => row.currency === currency), paint.bold(`Disagreements in ${String(currency ?? '')}`))),
    of.accounts.rows.length === 0 ? [] : [paint.bold('Accounts on which they disagree'), ...accountTable(of)],
    [paint.bold('Rule books'), ...table([{ head: 'Rule book' }, { head: 'Grade' }, { head: 'Source' }], of.books.map(({ rule_book, grade, source }) => [rule_book, grade, source]))],
    summary.warnings.length === 0 ? [] : [paint.yellow('Warnings'), ...summary.warnings.map((warning) => `  ${paint.yellow(warning.code)}  ${shown(warning.says)}`)],
    [`As set: ${summary.conventions}.`, paint.yellow(notChecked)],
  ]
  return `${blocks.filter((block) => block.length > 0).map((block) => block.join('\n')).join('\n\n')}\n`
}

const days = ({ from, to }: Row) => (from === null ? '' : to === null ? `${from}+` : `${from}-${to}`)

function tierTable(rows: readonly Row[]): string[] {
  return table(
    [{ head: 'Rule book' }, { head: 'Tier' }, { head: 'Days' }, { head: 'Accounts', right: true }, { head: 'Overdue amount', right: true }],
    rows.flatMap((row, at) => [
      ...(at > 0 && rows[at - 1]!.rule_book !== row.rule_book ? [null] : []),
      [row.tier === 'not_late' ? String(row.rule_book) : '', String(row.tier), days(row), grouped(row.accounts), grouped(row.overdue_amount)],
    ]),
  )
}

function disputes(rows: readonly Row[], title: string): string[] {
  const all = rows.find(({ line }) => line === null)
  const each = rows.filter(({ line }) => line !== null)
  if (all === undefined || each.length === 0) return [title, '  None: they draw the same lines.']
  return [
    title,
    ...each.flatMap((row) => [`  day ${String(row.line)}: ${counted(row.accounts, 'account')}, ${grouped(row.overdue_amount)} overdue`, `    beyond it: ${String(row.beyond)}`, `    not: ${String(row.not_beyond)}`]),
    `  ${counted(all.accounts, 'account')} in all, ${grouped(all.overdue_amount)} overdue`,
  ]
}

function accountTable({ accounts, books }: SideBySide): string[] {
  return table(
    [{ head: 'Account' }, { head: 'Days late', right: true }, { head: 'Overdue amount', right: true }, { head: '' }, { head: 'Lines' }, ...books.map(({ rule_book }) => ({ head: rule_book }))],
    accounts.rows.map((row) => [String(row.account_id), grouped(row.days_late), grouped(row.overdue_amount), String(row.currency ?? ''), String(row.lines), ...books.map(({ rule_book }) => String(row[rule_book] ?? ''))]),
  )
}

/** The same as one document. */
export const sideBySideDocument = ({ books, tiers, disputes, accounts }: SideBySide, summary: Summary) => ({
  as_of: summary.as_of,
  conventions: summary.conventions,
  rule_books: books,
  tiers: tiers.rows,
  disputes: disputes.rows,
  accounts: accounts.rows,
  checks: summary.checks,
  warnings: summary.warnings,
  contact: notChecked,
})
