import type { Row, Value } from '../../engine/engine.ts'
import type { MadeReport } from '../reports/report.ts'
import { grouped, percent } from './figures.ts'
import { table } from './table.ts'

/** Each measure as a manager would say it; what is a part of the line above it stands further in. */
const words: Readonly<Record<string, string>> = {
  active_accounts: 'Accounts that are aged',
  outstanding_principal: 'Principal they owe',
  outstanding_schedule: 'What their plans still ask',
  late_accounts: 'Accounts late',
  overdue_amount: 'Overdue',
  arrears_rate: '  overdue / owed (arrears rate)',
  par_1: 'Owed by late accounts / owed (PAR 1)',
  par_30: '  by more than 30 days (PAR 30)',
  par_60: '  by more than 60 days (PAR 60)',
  par_90: '  by more than 90 days (PAR 90)',
  cash_of_day: 'Cash of that day, less returned',
  cash_month_to_date: '  since the month began',
  held_accounts: 'Accounts held',
  held_back: '  with an action that stays back',
  unmatched_amount: 'Money that meets no account',
}

/** One currency of the morning report: today, the day before and the month's start side by side. */
export function morningTable({ rows }: MadeReport, currency: string, days: { day: string; month: string }): string[] {
  const own = rows.filter((row) => row.currency === currency && row.today !== null)
  if (own.length === 0) return []
  const columns = [{ head: 'Morning' }, ...[String(own[0]!.as_of), days.day, 'change', days.month, 'change'].map((head) => ({ head, right: true }))]
  const lines = own.map((row) => [
    words[String(row.measure)] ?? String(row.measure),
    said(row, row.today),
    said(row, row.day_before),
    changed(row, row.day_change),
    said(row, row.month_start),
    changed(row, row.month_change),
  ])
  return table(columns, lines)
}

const said = ({ unit }: Row, value: Value | undefined) => (value === null || value === undefined ? '' : unit === 'share' ? percent(value) : grouped(value))

/** A change of a share is one of percentage points. */
function changed({ unit }: Row, value: Value | undefined): string {
  if (value === null || value === undefined) return ''
  const text = unit === 'share' ? `${(Number(value) * 100).toFixed(1)} points` : grouped(value)
  if (/^-?[0.,]*( points)?$/.test(text)) return '='
  return text.startsWith('-') ? text : `+${text}`
}
