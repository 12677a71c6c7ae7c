import type { Row, Value } from '../../engine/engine.ts'
import type { MadeReport } from '../reports/report.ts'
import { grouped, percent } from './figures.ts'
import { table } from './table.ts'
import type { OutstandingBasis } from '../summary.ts'

/** Each measure as a manager would say it; what is a part of the line above it stands further in. */
const words: Readonly<Record<string, string>> = {
  active_accounts: 'Active accounts',
  outstanding_principal: 'Principal they owe',
  outstanding_schedule: 'What their plans still ask',
  late_accounts: 'Late accounts',
  overdue_amount: 'Overdue',
  arrears_rate: '  of what is owed (arrears rate)',
  par_1: 'Owed by late accounts, of all owed (PAR 1)',
  par_30: '  late by more than 30 days (PAR 30)',
  par_60: '  late by more than 60 days (PAR 60)',
  par_90: '  late by more than 90 days (PAR 90)',
  cash_of_day: 'Cash of that day, less what was taken back',
  cash_month_to_date: '  since the month began',
  held_accounts: 'Held accounts',
  held_back: '  of them with an action that is kept back',
  unmatched_amount: 'Payments that meet no account',
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

/** What the words above and beside the figures mean, once under all currencies. */
export const morningRead = (basis: OutstandingBasis): string[] => [
  'Active: paid out, and not settled, written off, sold or without a plan; late: past due at the end of the day.',
  `Owed: ${basis === 'outstanding_principal' ? 'the principal of active accounts' : 'all that the plans of active accounts still ask'}, due or not. PAR n: what accounts more than n days late owe of it, PAR 1 all late ones.`,
  'Tiers: due_now falls due before the lists are worked, preventive within days after that; they and current are not late.',
]

const said = ({ unit }: Row, value: Value | undefined) => (value === null || value === undefined ? '' : unit === 'share' ? percent(value) : grouped(value))

/** A change of a share is one of percentage points. */
function changed({ unit }: Row, value: Value | undefined): string {
  if (value === null || value === undefined) return ''
  const text = unit === 'share' ? `${(Number(value) * 100).toFixed(1)} points` : grouped(value)
  if (/^-?[0.,]*( points)?$/.test(text)) return '='
  return text.startsWith('-') ? text : `+${text}`
}
