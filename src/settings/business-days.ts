import type { Holiday } from './tables.ts'

/** A day of the week from Monday to Friday that is no holiday, or a day of a weekend that is worked. `holidays`: those of the region and of all. */
export function isBusinessDay(day: string, holidays: readonly Holiday[]): boolean {
  const stated = holidays.filter(({ date }) => date === day)
  if (stated.some(({ kind }) => kind === 'workday')) return true
  if (stated.length > 0) return false
  const weekday = new Date(day).getUTCDay()
  return weekday !== 0 && weekday !== 6
}
