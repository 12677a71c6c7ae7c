import { isDay } from '../settings/as-of.ts'
import { literally } from './literally.ts'

/** How a date is written: a shape of the settings such as DD/MM/YYYY, taken apart. */
export interface DateShape {
  readonly written: string
  /** The whole text, with a group for each of year, month and day; of a day number or a timestamp what their name says. */
  readonly pattern: string
  readonly kind: 'parts' | 'day_number' | 'timestamp'
  /** Numbers of the groups. */
  readonly year: number
  readonly month: number
  readonly day: number
  readonly monthIs: 'number' | 'name'
  readonly yearDigits: 2 | 4
  /** Day 0 of day numbers, and the first day number that is right. */
  readonly from: string
  readonly least: number
}

export const monthNames = ['january', 'february', 'march', 'april', 'may', 'june', 'july', 'august', 'september', 'october', 'november', 'december'] as const

const short = [...monthNames.map((name) => name.slice(0, 3)), 'sept']
const anyCase = (names: readonly string[]) => names.map((name) => [...name].map((letter) => `[${letter.toUpperCase()}${letter}]`).join('')).join('|')

const tokens: Readonly<Record<string, string>> = {
  YYYY: '([0-9]{4})', YY: '([0-9]{2})', MM: '([0-9]{2})', M: '([0-9]{1,2})', DD: '([0-9]{2})', D: '([0-9]{1,2})',
  Month: `(${anyCase(monthNames)})`, Mon: `(${anyCase(short)})`,
  HH: '(?:[01][0-9]|2[0-3])', H: '(?:2[0-3]|[01]?[0-9])', AM: '[AaPp][Mm]', mm: '[0-5][0-9]', ss: '[0-5][0-9]',
}
const token = /(YYYY|YY|Month|Mon|AM|MM|M|DD|D|HH|H|mm|ss)/
const timeTokens: readonly string[] = ['HH', 'H', 'AM', 'mm', 'ss']

const clock = '[0-9]{2}:[0-9]{2}'
const seconds = ':[0-9]{2}'
const fraction = '(?:[.,][0-9]{1,9})?'
const utc = '(?:[Zz]|UTC|GMT)'
const offset = '[+-][0-9]{2}(?::?[0-9]{2})?'
const isoDay = '[0-9]{4}-[0-9]{2}-[0-9]{2}'

/** As ISO 8601, the time and its zone left out or not. Group 1 is the day. */
const timestamp = `(${isoDay})(?:[T ]${clock}(?:${seconds}${fraction})? ?(?:${utc}|${offset})?)?`

/** Times with a zone: the groups are day, clock and offset, which make a moment as the second text has it. */
export const zoned = [
  [`(${isoDay})[T ](${clock}${seconds})${fraction} ?${utc}`, '\\1 \\2Z'],
  [`(${isoDay})[T ](${clock}) ?${utc}`, '\\1 \\2:00Z'],
  [`(${isoDay})[T ](${clock}${seconds})${fraction} ?(${offset})`, '\\1 \\2\\3'],
  [`(${isoDay})[T ](${clock}) ?(${offset})`, '\\1 \\2:00\\3'],
] as const

const base = { year: 0, month: 0, day: 0, monthIs: 'number', yearDigits: 4, from: '', least: 0 } as const

/** The shape that is written, or what is wrong with it. */
export function dateShape(written: string): DateShape | string {
  if (written === 'timestamp') return { ...base, written, kind: 'timestamp', pattern: timestamp }
  // The first spreadsheet took 1900 for a leap year: its numbers are right from 61 (1 March 1900) on.
  if (written === 'day_number') return { ...base, written, kind: 'day_number', pattern: '([0-9]{1,6})(?:[.][0-9]+)?', from: '1899-12-30', least: 61 }
  if (written === 'day_number_1904') return { ...base, written, kind: 'day_number', pattern: '([0-9]{1,6})(?:[.][0-9]+)?', from: '1904-01-01', least: 0 }
  const parts = written.split(token)
  const found = parts.filter((_, at) => at % 2 === 1)
  const dated = found.filter((part) => !timeTokens.includes(part))
  const placeOf = (letters: string) => dated.findIndex((part) => part.startsWith(letters)) + 1
  const [year, month, day] = [placeOf('Y'), placeOf('M'), placeOf('D')]
  if (year === 0 || month === 0 || day === 0 || dated.length !== 3) return 'a shape has one year (YYYY, YY), one month (MM, M, Mon, Month) and one day (DD, D)'
  if (parts.some((part, at) => at % 2 === 0 && /[A-Za-z]/.test(part.replace(/^T$/, '')))) return 'letters other than those of YYYY, YY, MM, M, Mon, Month, DD, D, HH, H, mm, ss, AM cannot stand in a shape'
  // One digit or two must end at something that is no digit.
  for (const [at, part] of parts.entries()) if (at % 2 === 1 && (part === 'M' || part === 'D' || part === 'H') && ((parts[at + 1] === '' && parts[at + 2] !== undefined) || (parts[at - 1] === '' && at > 1))) return `${part} may be one digit or two, so something must stand beside it; write ${part}${part} where it always has two`
  const pattern = parts.map((part, at) => (at % 2 === 1 ? tokens[part]! : literally(part))).join('')
  return { ...base, written, kind: 'parts', pattern, year, month, day, monthIs: found.some((part) => part.startsWith('Mon')) ? 'name' : 'number', yearDigits: found.includes('YYYY') ? 4 : 2 }
}

/** The year that two digits mean, where years begin at `from`. */
const fullYear = (digits: number, from: number) => from + ((((digits - from) % 100) + 100) % 100)

/** The day that a text says in a shape, as YYYY-MM-DD; '' where it has the shape and is no day, undefined where it has another. Zones are not looked at. */
export function dayIn(text: string, shape: DateShape, yearsFrom: number): string | undefined {
  const match = new RegExp(`^(?:${shape.pattern})$`).exec(text)
  if (match === null) return undefined
  if (shape.kind === 'timestamp') return checked(match[1]!)
  if (shape.kind === 'day_number') {
    const days = Number(match[1])
    return days < shape.least ? '' : checked(new Date(Date.parse(`${shape.from}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10))
  }
  const written = match[shape.month]!.toLowerCase()
  const month = shape.monthIs === 'number' ? Number(written) : monthNames.findIndex((name) => name.slice(0, 3) === written.slice(0, 3)) + 1
  const year = shape.yearDigits === 4 ? Number(match[shape.year]) : fullYear(Number(match[shape.year]), yearsFrom)
  return checked(`${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${match[shape.day]!.padStart(2, '0')}`)
}

/** A day that exists, from 1900 to 2199, else ''. */
const checked = (day: string): string => (isDay(day) && day >= '1900-01-01' && day <= '2199-12-31' ? day : '')

/** Two shapes in which one text would be two days; none where each text has one meaning. */
export function ambiguous(shapes: readonly DateShape[], yearsFrom: number): readonly [string, string] | undefined {
  // Day, month and year that are all possible in each other's place.
  const days = ['2001-02-03', '2003-01-02', '2012-11-10', '2011-10-12']
  for (const one of shapes)
    for (const other of shapes) {
      if (one === other) continue
      for (const day of days) {
        const text = writtenIn(day, one)
        const read = text === undefined ? undefined : dayIn(text, other, yearsFrom)
        if (read !== undefined && read !== '' && read !== dayIn(text!, one, yearsFrom)) return [one.written, other.written]
      }
    }
  return undefined
}

function writtenIn(day: string, { kind, written, from }: DateShape): string | undefined {
  if (kind === 'timestamp') return day
  if (kind === 'day_number') return String((Date.parse(day) - Date.parse(from)) / 86_400_000)
  const [year, month, date] = day.split('-') as [string, string, string]
  const name = monthNames[Number(month) - 1]!
  const texts: Readonly<Record<string, string>> = { YYYY: year, YY: year.slice(2), MM: month, M: month, DD: date, D: date, Mon: name.slice(0, 3), Month: name, HH: '00', H: '0', AM: 'AM', mm: '00', ss: '00' }
  return written.split(token).map((part, at) => (at % 2 === 1 ? texts[part]! : part)).join('')
}
