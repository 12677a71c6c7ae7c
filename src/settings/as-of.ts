import { TZDate } from '@date-fns/tz/date'
import { format } from 'date-fns/format'
import { UserError, type Place } from '../errors.ts'
import type { Holiday } from './tables.ts'

/** In the order of the week. */
export const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const

const shape = /^\d{4}-\d{2}-\d{2}$/

/** A calendar date that exists, as YYYY-MM-DD. Date.parse takes 30 February, as a day of March. */
export const isDay = (text: string) => shape.test(text) && isSame(Date.parse(text), text)

const isSame = (time: number, text: string) => !Number.isNaN(time) && new Date(time).toISOString().startsWith(text)

/** Counted in UTC, whatever the zone of this machine: some zones have skipped a day, or midnight. */
export function plusDays(day: string, days: number) {
  return new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10)
}

/** The one place that reads the clock. `place`: where the word and where the zone stands. */
export function resolveDay(word: string, name: string, zone: string, now = Date.now(), place: Place = {}, zonePlace: Place = {}): string {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone })
  } catch {
    throw new UserError('zone-unknown', { value: zone, ...zonePlace })
  }
  if (word === 'today' || word === 'yesterday') {
    const today = format(new TZDate(now, zone), 'yyyy-MM-dd')
    return word === 'today' ? today : plusDays(today, -1)
  }
  if (!isDay(word)) throw new UserError('date-wrong', { name, value: word, ...place })
  return word
}

/** The first day after `asOf` on which the team works: a day of the week on which it does, and no holiday; or a day that is worked in the place of another. */
export function nextWorkDay(asOf: string, workDays: readonly string[], holidays: readonly Holiday[] = []) {
  const stated = new Map(holidays.map(({ date, kind }) => [date, kind] as const))
  for (let ahead = 1; ; ahead++) {
    const day = plusDays(asOf, ahead)
    const kind = stated.get(day)
    if (kind === 'workday' || (kind === undefined && workDays.includes(weekdays[(new Date(day).getUTCDay() + 6) % 7]!))) return day
  }
}
