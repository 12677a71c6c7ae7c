import type { Settings } from '../../settings/load.ts'
import type { MadeReport } from '../reports/report.ts'
import { tierOrder } from '../reports/aged.ts'
import { decimalsOf, exact, plain } from '../exact.ts'
import { grouped } from './figures.ts'
import { table } from './table.ts'

/** A history for the terminal: one table a currency, a line a day, accounts by tier and what is overdue. Tiers that nobody ever stands in are left out. */
export function historyTable({ rows }: MadeReport, settings: Pick<Settings, 'tiers'>): string {
  const currencies = [...new Set(rows.map((row) => String(row.currency ?? '')))].sort()
  return currencies.map((currency) => {
    const own = rows.filter((row) => String(row.currency ?? '') === currency)
    const tiers = tierOrder(settings).filter(({ name }) => own.some((row) => row.tier === name))
    const decimals = Math.max(0, ...own.map((row) => decimalsOf(String(row.overdue_amount))))
    const days = [...new Set(own.map((row) => String(row.as_of)))].sort()
    const lines = days.map((day) => {
      const of = (tier: string) => own.find((row) => row.as_of === day && row.tier === tier)
      const overdue = tiers.filter(({ aged }) => aged).reduce((sum, { name }) => sum + exact(String(of(name)?.overdue_amount ?? '0')), 0n)
      return [day, ...tiers.map(({ name }) => grouped(of(name)?.accounts ?? 0)), grouped(plain(overdue, decimals))]
    })
    return [currency === '' ? 'No currency known' : currency, ...table([{ head: 'As of' }, ...tiers.map(({ name }) => ({ head: name, right: true })), { head: 'Overdue amount', right: true }], lines)].join('\n')
  }).join('\n\n')
}
