import { TZDate } from '@date-fns/tz/date'
import { addDays } from 'date-fns/addDays'
import { format } from 'date-fns/format'
import { getISODay } from 'date-fns/getISODay'
import { isValid } from 'date-fns/isValid'
import { parseISO } from 'date-fns/parseISO'
import { UserError } from '../errors.ts'
import { weekdays } from './schema.ts'

const shape = /^\d{4}-\d{2}-\d{2}$/

/** A calendar date that exists, as YYYY-MM-DD. Date.parse would take 30 February. */
export const isDay = (text: string) => shape.test(text) && isValid(parseISO(text))

export function plusDays(day: string, days: number) {
  return format(addDays(parseISO(day), days), 'yyyy-MM-dd')
}

/** The one place that reads the clock. */
export function resolveDay(word: string, name: string, zone: string, now = Date.now()): string {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone })
  } catch {
    throw new UserError('zone-unknown', { value: zone })
  }
  if (word === 'today' || word === 'yesterday') {
    const today = format(new TZDate(now, zone), 'yyyy-MM-dd')
    return word === 'today' ? today : plusDays(today, -1)
  }
  if (!isDay(word)) throw new UserError('date-wrong', { name, value: word })
  return word
}

/** The first day after `asOf` on which the team works. */
export function nextWorkDay(asOf: string, workDays: readonly string[]) {
  for (let ahead = 1; ; ahead++) {
    const day = plusDays(asOf, ahead)
    if (workDays.includes(weekdays[getISODay(parseISO(day)) - 1]!)) return day
  }
}
