import { addDays, dayInZone, matches, rearranged, translated, tryCast } from '../engine/calls.ts'
import { date, int, join, sql, text, type, type Hole, type Sql } from '../engine/sql.ts'
import { dayIn, monthNames, zoned, type DateShape } from './date-shape.ts'
import type { MappedColumn, ReadType } from './mapping.ts'
import { fullWidth, halfWidth, numberPattern, plainNumber, units, type NumberForm, type Unit } from './number-form.ts'

/** How the values of one column are written, where it is not as canonical ones are. */
export type Reading =
  | { readonly kind: 'date'; readonly shapes: readonly DateShape[]; readonly yearsFrom: number; readonly zone: string; readonly fullWidth: boolean }
  | { readonly kind: 'number'; readonly form: NumberForm; readonly unit: Unit }
  | { readonly kind: 'int' }
  | { readonly kind: 'id'; readonly letters: 'upper' | 'lower' }

const half = (raw: Hole) => translated(raw, text(fullWidth.from), text(fullWidth.to))
/** Decimals of a number that is no money. */
const numberDecimals = 6
/** More than any amount that can be read has. */
const mostDecimals = 12

/** Of a text the value of a type, blank where it is none. Text that holds a day or an amount is given as canonical text, else as it is. */
export function readAs(raw: Hole, reading: Reading, of: ReadType, holds: MappedColumn['holds'], scale: number): Sql {
  if (reading.kind === 'id') return reading.letters === 'upper' ? sql`upper(${raw})` : sql`lower(${raw})`
  if (reading.kind === 'int') return sql`CASE WHEN ${matches(half(raw), text('-?[0-9]{1,9}([.]0+)?'))} THEN ${tryCast(half(raw), type('int'))} END`
  const value = reading.kind === 'date' ? dayOf(raw, reading) : numberOf(raw, reading, of === 'number' || holds === 'rate' ? 'number' : 'money', scale)
  return of === 'text' ? sql`coalesce(CAST(${value} AS ${type('text')}), ${raw})` : value
}

function dayOf(raw: Hole, { shapes, yearsFrom, zone, fullWidth }: Reading & { kind: 'date' }): Sql {
  const source = fullWidth ? half(raw) : raw
  const whens = shapes.map((shape) => sql`WHEN ${matches(source, text(shape.pattern))} THEN ${dayBy(source, shape, yearsFrom, zone)}`)
  const day = sql`CASE ${join(whens, sql` `)} END`
  return sql`CASE WHEN ${day} >= ${date('1900-01-01')} AND ${day} <= ${date('2199-12-31')} THEN ${day} END`
}

function dayBy(raw: Hole, shape: DateShape, yearsFrom: number, zone: string): Hole {
  const part = (at: number) => rearranged(raw, text(`^(?:${shape.pattern})$`), text(`\\${at}`))
  if (shape.kind === 'timestamp') {
    const inZone = ([pattern, to]: (typeof zoned)[number]) => sql`WHEN ${matches(raw, text(pattern))} THEN ${dayInZone(rearranged(raw, text(`^${pattern}$`), text(to)), text(zone))}`
    return sql`CASE ${join(zoned.map(inZone), sql` `)} ELSE ${tryCast(part(1), type('date'))} END`
  }
  if (shape.kind === 'day_number') {
    const days = tryCast(part(1), type('int'))
    return sql`CASE WHEN ${days} >= ${int(shape.least)} THEN ${addDays(date(shape.from), days)} END`
  }
  if (shape.monthIs === 'number' && shape.yearDigits === 4) return tryCast(rearranged(raw, text(`^(?:${shape.pattern})$`), text(`\\${shape.year}-\\${shape.month}-\\${shape.day}`)), type('date'))
  const names = monthNames.map((month, at) => sql`WHEN ${text(month.slice(0, 3))} THEN ${text(String(at + 1))}`)
  const month = shape.monthIs === 'number' ? part(shape.month) : sql`CASE substr(lower(${part(shape.month)}), 1, 3) ${join(names, sql` `)} END`
  const two = tryCast(part(shape.year), type('int'))
  // The same sum as in date-shape.ts.
  const year = shape.yearDigits === 4 ? part(shape.year) : sql`CAST(${int(yearsFrom)} + (${two} - ${int(yearsFrom % 100)} + 100) % 100 AS ${type('text')})`
  return tryCast(sql`concat(${year}, '-', ${month}, '-', ${part(shape.day)})`, type('date'))
}

function numberOf(raw: Hole, { form, unit }: Reading & { kind: 'number' }, of: 'money' | 'number', scale: number): Sql {
  const shift = units[unit]
  const source = form.full_width ? half(raw) : raw
  const pattern = numberPattern(form, (of === 'number' ? numberDecimals : scale) + shift)
  const found = rearranged(source, text(`^${pattern.whole}$`), text(Array.from({ length: pattern.groups }, (_, at) => `\\${at + 1}`).join('')))
  const bare = translated(found, text(pattern.from), text(pattern.to))
  const signed = pattern.below === undefined ? bare : sql`CASE WHEN ${matches(source, text(pattern.below))} THEN concat('-', ${bare}) ELSE ${bare} END`
  // No digit is beyond what the type has, so the point is moved without a loss.
  const value = tryCast(shift === 0 ? signed : sql`concat(${signed}, ${text(`e${shift}`)})`, type(of))
  return sql`CASE WHEN ${matches(source, text(pattern.whole))} THEN ${value} END`
}

/** The value of a column in a row as the engine reads it, in canonical text; as it stands where it cannot be read so. For the few rows that are shown one by one. */
export function canonical(value: string, { reading, type: of, holds }: Pick<MappedColumn, 'reading' | 'type' | 'holds'>): string {
  if (reading === undefined || value === '') return value
  switch (reading.kind) {
    case 'id':
      return reading.letters === 'upper' ? value.toUpperCase() : value.toLowerCase()
    case 'int':
      return halfWidth(value)
    case 'date': {
      const own = reading.fullWidth ? halfWidth(value) : value
      return zonedDay(own, reading) ?? reading.shapes.map((shape) => dayIn(own, shape, reading.yearsFrom)).find((day) => day !== undefined && day !== '') ?? value
    }
    case 'number':
      return plainNumber(reading.form.full_width ? halfWidth(value) : value, reading.form, mostDecimals, of === 'number' || holds === 'rate' ? 0 : units[reading.unit]) ?? value
  }
}

function zonedDay(value: string, { shapes, zone }: Reading & { kind: 'date' }): string | undefined {
  if (!shapes.some(({ kind }) => kind === 'timestamp')) return undefined
  const moment = zoned.map(([pattern, to]) => (new RegExp(`^${pattern}$`).test(value) ? value.replace(new RegExp(`^${pattern}$`), to.replaceAll('\\', '$')) : undefined)).find((found) => found !== undefined)
  if (moment === undefined) return undefined
  // An offset of hours and minutes has a colon here.
  const at = Date.parse(moment.replace(' ', 'T').replace(/([+-]\d\d):?(\d\d)?$/, (_, hours: string, minutes = '00') => `${hours}:${minutes}`))
  return Number.isNaN(at) ? undefined : new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(at)
}

/** Whether a text has the shape of a date, and only its day does not exist. */
export const looksLikeDay = (value: string, { shapes, yearsFrom, fullWidth }: Reading & { kind: 'date' }) => shapes.some((shape) => dayIn(fullWidth ? halfWidth(value) : value, shape, yearsFrom) !== undefined)

/** Whether a text is a number but for its decimals. */
export const looksLikeNumber = (value: string, { form }: Reading & { kind: 'number' }) => new RegExp(`^${numberPattern(form, mostDecimals).coarse}$`).test(form.full_width ? halfWidth(value) : value)

/** The value of a column in a record: of one field, of several put together, or one that stands in the settings. */
export function cellOf(column: Pick<MappedColumn, 'at' | 'joined' | 'constant'>, fields: readonly string[], trim: (field: string) => string = (field) => field): string {
  if (column.constant !== undefined) return column.constant
  if (column.joined === undefined) return fields[column.at] ?? ''
  const parts = column.joined.parts.map(({ at }) => trim(fields[at] ?? ''))
  return parts.includes('') ? '' : parts.join(column.joined.between)
}

/** The text of a column before it is read. */
export function cellText(column: MappedColumn, cell: (at: number, header: string) => Hole): Hole {
  if (column.constant !== undefined) return text(column.constant)
  if (column.joined === undefined) return cell(column.at, column.header)
  const between = text(column.joined.between)
  const parts = column.joined.parts.flatMap(({ at, header }, place) => [...(place === 0 ? [] : [between]), cell(at, header)])
  // A part that is blank leaves the whole blank.
  return sql`(${join(parts, sql` || `)})`
}
