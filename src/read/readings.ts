import type { InputSettings, MappedAs } from '../settings/schema.ts'
import { shapesOf } from '../settings/mappings.ts'
import { dateShape, type DateShape } from './date-shape.ts'
import { parseFields } from './fields.ts'
import { columnsOf } from './inputs.ts'
import type { MappedColumn, Mapping } from './mapping.ts'
import type { Unit } from './number-form.ts'
import type { Reading } from './reading.ts'
import type { CsvShape } from './records.ts'

const ids: readonly string[] = ['account_id', 'borrower_id', 'payment_id', 'reverses']
const isoDate = dateShape('YYYY-MM-DD') as DateShape
const timestamp = dateShape('timestamp') as DateShape

/** How the values of each column are written: nothing where they are canonical, so that the read stays as it is. */
export function withReadings(input: MappedAs, mapping: Mapping, own: InputSettings, zone: string, timed: ReadonlySet<string>): Mapping {
  const byColumn = new Map(shapesOf(own.dates))
  const numbersDiffer = own.numbers.thousands !== 'none' || own.numbers.decimal !== '.' || own.numbers.negative.length > 0 || own.numbers.marks.length > 0 || own.numbers.full_width
  const ownNames = new Map(Object.entries(columnsOf(input)).flatMap(([name, { as }]) => (as === undefined ? [] : [[as, name] as const])))
  const of = ({ name: as, header, type, role, holds }: MappedColumn): Reading | undefined => {
    if (role === 'rest') return undefined
    const name = ownNames.get(as) ?? as
    if (type === 'date' || holds === 'day') {
      const stated = byColumn.get(name) ?? byColumn.get(header) ?? byColumn.get(undefined)
      const shapes = stated ?? (timed.has(as) ? [timestamp] : [isoDate])
      const plain = shapes.length === 1 && shapes[0]!.written === isoDate.written
      return plain && !own.numbers.full_width ? undefined : { kind: 'date', shapes, yearsFrom: own.two_digit_years_from ?? 1970, zone, fullWidth: own.numbers.full_width }
    }
    if (type === 'int') return own.numbers.full_width ? { kind: 'int' } : undefined
    if (type === 'money' || type === 'number' || holds === 'amount' || holds === 'rate') {
      const stated = typeof own.unit === 'object' ? (own.unit[name] ?? own.unit[header] ?? 1) : type === 'number' || holds === 'rate' ? 1 : (own.unit ?? 1)
      return numbersDiffer || stated !== 1 ? { kind: 'number', form: own.numbers, unit: String(stated) as Unit } : undefined
    }
    return own.id_letters !== 'kept' && ids.includes(name) ? { kind: 'id', letters: own.id_letters } : undefined
  }
  const blanks = Object.fromEntries(own.blanks.map((value) => [value, '']))
  const columns = mapping.columns.map((column): MappedColumn => {
    const reading = of(column)
    return { ...column, ...(own.blanks.length === 0 ? {} : { values: { ...blanks, ...column.values } }), ...(reading === undefined ? {} : { reading }) }
  })
  return { ...mapping, columns }
}

const hasTimes = /[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}/
/** Records that are looked at. */
const sampled = 50

/** Columns of dates of which all the first values have a time: unlike other ways to write a date that cannot be misread. */
export function timedColumns({ columns }: Mapping, text: Buffer, shape: CsvShape): ReadonlySet<string> {
  const start = text.subarray(0, 1 << 16).toString('utf8')
  if (!hasTimes.test(start)) return new Set()
  const rows = start.split(/\r\n|\n|\r/).slice(1, sampled).map((line) => parseFields(line, shape))
  const isTimed = (at: number) => {
    const filled = rows.map((fields) => fields[at]?.trim() ?? '').filter((value) => value !== '')
    return filled.length > 0 && filled.every((value) => hasTimes.test(value))
  }
  return new Set(columns.filter(({ type, at, holds }) => (type === 'date' || holds === 'day') && isTimed(at)).map(({ name }) => name))
}
