import { groupedBy } from '../../grouped-by.ts'
import type { LoadedFile } from '../../read/load.ts'
import type { MappedColumn } from '../../read/mapping.ts'
import type { ReadInput } from '../../read/read.ts'
import type { InputSettings } from '../../settings/schema.ts'
import { shown } from './width.ts'

/** How the files of an input are read: as one line each of what can be misread, with what stands for it. */
export function mappingLines({ files, columns }: ReadInput, own: InputSettings): string[] {
  const dated = columns.filter((column) => column.role !== 'rest' && (column.type === 'date' || column.holds === 'day'))
  const amounts = columns.filter((column) => column.role !== 'rest' && (column.type === 'money' || column.type === 'number' || column.holds === 'amount' || column.holds === 'rate'))
  const translated = columns.filter(({ values }) => Object.values(values).some((word) => word !== ''))
  return [
    `read as  ${[...groupedBy(files, (file) => asText(file, own))].map(([how, which]) => (which.length === files.length ? how : `${how} (${which.map(({ source }) => shown(source.name)).join(', ')})`)).join('; ')}`,
    ...(dated.length === 0 ? [] : [`dates    ${[...groupedBy(dated, datesAs)].map(([how, which]) => `${which.map(({ name }) => shown(name)).join(', ')}: ${shown(how)}`).join('; ')}`]),
    ...(amounts.length === 0 ? [] : [`amounts  ${[...groupedBy(amounts, amountsAs)].map(([how, which]) => `${which.map(({ name }) => shown(name)).join(', ')}: ${shown(how)}`).join('; ')}`]),
    ...(translated.length === 0 ? [] : [`values   ${translated.map(({ name, values }) => `${shown(name)}: ${Object.entries(values).filter(([, to]) => to !== '').map(([from, to]) => `${shown(from)} is ${to}`).join(', ')}`).join('; ')}`]),
    ...(own.blanks.length === 0 ? [] : [`blanks   ${own.blanks.map((value) => `"${shown(value)}"`).join(', ')}`]),
    ...(own.leave_out.length === 0 ? [] : [`left out ${own.leave_out.map((record) => `"${shown(record)}"`).join(', ')}`]),
  ]
}

/** Where a column comes from, if not from a header of its own name. */
export function columnSaid({ name, header, joined, constant }: MappedColumn): string {
  if (constant !== undefined) return `${name} (always ${shown(constant)})`
  if (joined !== undefined) return `${name} (${joined.parts.map((part) => shown(part.header)).join(` "${shown(joined.between)}" `)})`
  return name === header ? name : `${name} (${shown(header)})`
}

const marks: Readonly<Record<string, string>> = { ',': 'comma', ';': 'semicolon', '\t': 'tab', '|': 'bar', ' ': 'space' }

function asText({ source, shape, above = 0 }: LoadedFile, own: InputSettings): string {
  if (source.format === 'parquet') return 'Parquet'
  return [own.encoding, `fields by ${marks[shape.delimiter] ?? shape.delimiter}`, shape.quote === '' ? 'no quotes' : `quotes ${shape.quote}`, `header on line ${above + 1}`].join(', ')
}

const datesAs = ({ reading }: MappedColumn) => (reading?.kind === 'date' ? reading.shapes.map(({ written }) => written).join(' or ') : 'YYYY-MM-DD')

function amountsAs({ reading }: MappedColumn): string {
  if (reading?.kind !== 'number') return '1234.50'
  const { decimal, thousands, groups, negative, marks: currencies, full_width } = reading.form
  const mark = { none: '', space: ' ' }[thousands as string] ?? thousands
  const example = thousands === 'none' ? `1234${decimal}50` : groups === 'lakh' ? `12${mark}34${mark}567${decimal}50` : `1${mark}234${mark}567${decimal}50`
  return [
    example,
    ...negative.map((how) => (how === 'behind' ? '5- below zero' : how === 'parentheses' ? '(5) below zero' : `5 ${how} below zero`)),
    ...(currencies.length === 0 ? [] : [`with ${currencies.join(' ')}`]),
    ...(full_width ? ['full-width digits too'] : []),
    ...(reading.unit === '1' ? [] : [`times ${reading.unit}`]),
  ].join(', ')
}
