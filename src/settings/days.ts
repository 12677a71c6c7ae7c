import { UserError } from '../errors.ts'
import { isDay, plusDays } from './as-of.ts'

const steps = ['day', 'week', 'month', 'quarter'] as const
type Step = (typeof steps)[number]

/** More days than this are a slip of the pen. */
const most = 400

/** Whether `--as-of` asks for several days: a list `2025-05-31,2025-06-30` or a range `2025-01-31..2025-12-31`. */
export const severalDays = (typed: unknown): typed is string => typeof typed === 'string' && /,|\.\./.test(typed)

/**
 * The days that a list or a range names, ascending, each once. A range goes from its first day by `every`; where that is the last of its
 * month, so are all others, and the 31st is the last of a shorter month.
 */
export function daysAsked(typed: string, every: unknown = 'month'): string[] {
  const step = steps.find((known) => known === every)
  if (step === undefined) throw new UserError('flag-wrong', { value: `--every is "${String(every)}"`, hint: `Use one of ${steps.join(', ')}.` })
  const named = typed.split(/,|\.\./).map((day) => day.trim())
  for (const day of named) if (!isDay(day)) throw new UserError('date-wrong', { name: '--as-of', value: day })
  const days = typed.includes('..') ? range(named, step) : [...new Set(named)].sort()
  if (days.length > most) throw new UserError('flag-wrong', { value: `--as-of ${typed} names ${days.length} days`, hint: `At most ${most} are aged at once: take a longer step with --every, or a shorter range.` })
  return days
}

function range([from, to, ...more]: readonly string[], step: Step): string[] {
  if (to === undefined || more.length > 0 || to < from!) throw new UserError('flag-wrong', { value: '--as-of is no range of two days, the first one first', hint: 'Write it as 2025-01-31..2025-12-31.' })
  const days: string[] = []
  for (let at = 0; days.length <= most; at++) {
    const day = step === 'day' ? plusDays(from!, at) : step === 'week' ? plusDays(from!, 7 * at) : plusMonths(from!, step === 'month' ? at : 3 * at)
    if (day > to) return days
    days.push(day)
  }
  return days
}

function plusMonths(day: string, months: number): string {
  const [year, month, of] = day.split('-').map(Number) as [number, number, number]
  const last = (y: number, m: number) => new Date(Date.UTC(y, m, 0)).getUTCDate()
  const index = year * 12 + (month - 1) + months
  const [y, m] = [Math.floor(index / 12), (index % 12) + 1]
  const isLast = of === last(year, month)
  return `${String(y).padStart(4, '0')}-${String(m).padStart(2, '0')}-${String(isLast ? last(y, m) : Math.min(of, last(y, m))).padStart(2, '0')}`
}
