import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { parse } from 'csv-parse/sync'
import { nearest } from '../nearest.ts'
import { throwAll, UserError } from '../errors.ts'
import { inputNames } from '../read/inputs.ts'
import { isDay } from './as-of.ts'

/** Small tables beside the exports: they are settings in the form of files, so what is wrong in them is wrong before anything runs. */

interface Pause {
  /** What is paused: one of the three is stated. */
  readonly account_id: string
  readonly product: string
  readonly region: string
  /** The first day that does not count, and the first that counts again. */
  readonly from: string
  readonly to: string
}

export interface Holiday {
  /** Blank: in every region. */
  readonly region: string
  readonly date: string
  readonly kind: 'holiday' | 'workday'
}

/** What a lender says that an input holds. */
interface ControlTotal {
  readonly input: string
  /** Blank: in every currency. */
  readonly currency: string
  /** Blank where it is not stated. */
  readonly rows: string
  readonly amount: string
}

type TableName = keyof typeof columnsOf

interface TableFile {
  readonly table: TableName
  readonly name: string
  readonly bytes: number
  readonly sha256: string
  readonly rows: number
}

export interface Tables {
  readonly pauses: readonly Pause[]
  readonly holidays: readonly Holiday[]
  readonly control_totals: readonly ControlTotal[]
  readonly files: readonly TableFile[]
}

interface Cells {
  readonly line: number
  readonly of: (column: string) => string
  readonly wrong: (column: string, value: string, hint: string) => UserError
}

const columnsOf = { pauses: ['account_id', 'product', 'region', 'from', 'to'], holidays: ['region', 'date', 'kind'], control_totals: ['input', 'currency', 'rows', 'amount'] } as const
/** The small table that has these headers; none where one is unknown to it or a needed one is missing. */
export const tableOf = (headers: readonly string[]) => (Object.keys(columnsOf) as (keyof typeof columnsOf)[]).find((table) => required[table].every((name) => headers.includes(name)) && headers.every((name) => (columnsOf[table] as readonly string[]).includes(name)))

const required = { pauses: ['from', 'to'], holidays: ['date'], control_totals: ['input'] } as const

/** Reads the tables; all that is wrong with them is said at once, with file, line and column. */
export function readTables(paths: Readonly<Partial<Record<TableName, readonly string[] | undefined>>>): Tables {
  const errors: UserError[] = []
  const files: TableFile[] = []
  const all = <T>(table: TableName, of: (row: Cells) => T[]) => (paths[table] ?? []).flatMap((path) => rowsOf(table, path, files, errors).flatMap(of))
  const pauses = all('pauses', (row) => pauseOf(row, errors))
  const kinds = new Map<string, Holiday['kind']>()
  const holidays = all('holidays', (row) => holidayOf(row, errors, kinds))
  const stated = new Set<string>()
  const control_totals = all('control_totals', (row) => controlOf(row, errors, stated))
  throwAll(errors)
  return { pauses, holidays, control_totals, files }
}

/** `stated`: the inputs and currencies so far; each has one line, and no line for all currencies beside those of single ones. */
function controlOf({ of, wrong }: Cells, errors: UserError[], stated: Set<string>): ControlTotal[] {
  const before = errors.length
  const [input, currency, rows, amount] = [of('input'), of('currency'), of('rows').replaceAll(',', ''), of('amount').replaceAll(',', '')]
  if (!inputNames.some((one) => one === input)) errors.push(wrong('input', input, `It is one of ${inputNames.join(', ')}.`))
  if (!/^([A-Z]{3})?$/.test(currency)) errors.push(wrong('currency', currency, 'Write an ISO 4217 code such as CNY, or leave it blank for all currencies.'))
  if (!/^\d*$/.test(rows)) errors.push(wrong('rows', rows, 'Write a whole number, or leave it blank.'))
  if (!/^(-?\d+(\.\d{1,6})?)?$/.test(amount)) errors.push(wrong('amount', amount, 'Write a plain amount such as 1234.50, or leave it blank.'))
  if (errors.length === before && rows === '' && amount === '') errors.push(wrong('rows', rows, 'State rows, an amount, or both.'))
  const others = [...stated].filter((one) => one.startsWith(`${input} `))
  if (errors.length === before && others.some((one) => one === `${input} ${currency}` || one === `${input} ` || currency === '')) errors.push(wrong('currency', currency, `An earlier row states ${input} already: give one row a currency, or one for all of them.`))
  stated.add(`${input} ${currency}`)
  return errors.length > before ? [] : [{ input, currency, rows, amount }]
}

function pauseOf({ of, wrong }: Cells, errors: UserError[]): Pause[] {
  const before = errors.length
  const stated = (['account_id', 'product', 'region'] as const).filter((column) => of(column) !== '')
  if (stated.length !== 1) errors.push(wrong(stated[0] ?? 'account_id', stated.map((column) => `${column} ${of(column)}`).join(', '), 'A pause is of one account, one product or one region: fill exactly one of the three.'))
  for (const column of ['from', 'to'] as const) if (!isDay(of(column))) errors.push(wrong(column, of(column), 'Write the day as YYYY-MM-DD.'))
  if (errors.length === before && of('to') <= of('from')) errors.push(wrong('to', of('to'), 'A pause ends after the day on which it begins: "to" is the first day that counts again.'))
  return errors.length > before ? [] : [{ account_id: of('account_id'), product: of('product'), region: of('region'), from: of('from'), to: of('to') }]
}

/** `kinds`: of the days so far, by region and date: no day is both. */
function holidayOf({ of, wrong }: Cells, errors: UserError[], kinds: Map<string, Holiday['kind']>): Holiday[] {
  const before = errors.length
  const kind = of('kind') === '' ? 'holiday' : of('kind')
  if (!isDay(of('date'))) errors.push(wrong('date', of('date'), 'Write the day as YYYY-MM-DD.'))
  if (kind !== 'holiday' && kind !== 'workday') errors.push(wrong('kind', kind, 'It is holiday, or workday for a day of a weekend that is worked.'))
  const day = `${of('region')} ${of('date')}`
  if (errors.length === before && (kinds.get(day) ?? kind) !== kind) errors.push(wrong('kind', kind, `An earlier row says ${kinds.get(day)} of the same day: take one of both out.`))
  kinds.set(day, kind as Holiday['kind'])
  return errors.length > before ? [] : [{ region: of('region'), date: of('date'), kind: kind as Holiday['kind'] }]
}

function rowsOf(table: TableName, path: string, files: TableFile[], errors: UserError[]): Cells[] {
  let bytes: Buffer
  let records: { record: string[]; info: { lines: number } }[]
  try {
    bytes = readFileSync(path)
    records = parse(bytes, { bom: true, info: true, trim: true, skip_empty_lines: true }) as unknown as typeof records
  } catch (error) {
    errors.push(new UserError('table-wrong', { value: `${table} cannot be read: ${(error as Error).message}`, hint: 'Mend the file, or take it out of the settings.', file: path }))
    return []
  }
  const [header, ...rows] = records
  const names = header?.record ?? []
  const known: readonly string[] = columnsOf[table]
  for (const name of names) if (!known.includes(name)) errors.push(new UserError('table-wrong', { value: `${table} has a column "${name}", which nothing reads`, hint: `Its columns are ${known.join(', ')}.${nearest(name, known) === undefined ? '' : ` Did you mean ${nearest(name, known)}?`}`, file: path, line: 1, column: names.indexOf(name) + 1 }))
  for (const name of required[table]) if (!names.includes(name)) errors.push(new UserError('table-wrong', { value: `${table} has no column ${name}`, hint: `Its columns are ${known.join(', ')}.`, file: path, line: 1 }))
  if (errors.length > 0) return []
  files.push({ table, name: basename(path), bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex'), rows: rows.length })
  return rows.map(({ record, info }) => ({
    line: info.lines,
    of: (column) => record[names.indexOf(column)] ?? '',
    wrong: (column, value, hint) => new UserError('table-wrong', { value: `${table}: ${column} is "${value}"`, hint, file: path, line: info.lines, column: names.indexOf(column) + 1 }),
  }))
}
