import { isUtf8 } from 'node:buffer'
import { parse } from 'csv-parse/sync'
import { accountColumns } from '../classify/columns.ts'
import { UserError } from '../errors.ts'
import { closeOr, nearest } from '../nearest.ts'
import type { InputSettings, MappedAs, passedTypes } from '../settings/schema.ts'
import { guessedEncoding } from './encoding.ts'
import { columnsOf, saysDue } from './inputs.ts'
import type { Reading } from './reading.ts'
import type { SourceFile } from './source.ts'

export type ReadType = 'text' | 'int' | 'date' | 'money' | 'number' | 'bool'

/** One column of a file and what it becomes. */
export interface MappedColumn {
  readonly name: string
  readonly header: string
  /** Position in the file, from 0. */
  readonly at: number
  readonly type: ReadType
  readonly mustBeFilled: boolean
  /** `used`: canonical; `passed`: carried through to accounts; `rest`: only compared between rows of one key. */
  readonly role: 'used' | 'passed' | 'rest'
  readonly values: Readonly<Record<string, string>>
  /** Put together from several fields of the file, or the same in all rows: then `at` is -1. */
  readonly joined?: { readonly parts: readonly { readonly at: number; readonly header: string }[]; readonly between: string }
  readonly constant?: string
  readonly holds?: 'amount' | 'rate' | 'day'
  /** How its values are written, where it is not as canonical ones are. */
  readonly reading?: Reading
}

export interface Mapping {
  readonly headers: readonly string[]
  readonly columns: readonly MappedColumn[]
  readonly notUsedYet: readonly string[]
}

/** The fields of the first record; a byte order mark is no part of the first name. */
export function headerOf(file: SourceFile, bytes: Buffer, { delimiter, quote = '"', input = 'INPUT', stored = bytes }: { delimiter: string; quote?: string; input?: string; stored?: Buffer }): string[] {
  const line = bytes.subarray(0, endOfFirstLine(bytes))
  // One NUL between letters is no sign of another encoding.
  if (isUtf8(line) && line.includes(0) && guessedEncoding(stored) === undefined) throw new UserError('file-unreadable', { file: file.shown, value: `a NUL byte stands in its header, behind "${line.toString('utf8').split('\0')[0]!}"`, exit: 2 })
  if (!isUtf8(line) || line.includes(0)) throw new UserError('file-not-utf8', { file: file.shown, value: Buffer.byteLength(line.toString('utf8').split(/[\0\ufffd]/)[0]!), hint: `inputs.${input}.encoding: ${guessedEncoding(stored) ?? '...'}` })
  let records: string[][]
  try {
    // Blank lines above it may end otherwise than the lines below.
    records = parse(bytes.toString('utf8').replace(/^\ufeff?[\r\n]*/, ''), { to: 1, bom: true, delimiter, quote: quote === '' ? false : quote, escape: quote === '' ? null : quote, relax_column_count: true, skip_empty_lines: true }) as string[][]
  } catch (error) {
    throw new UserError('file-unreadable', { file: file.shown, value: `the header cannot be read (${(error as Error).message})`, exit: 2 })
  }
  if (records[0] === undefined) throw new UserError('file-empty', { file: file.shown })
  // Signs without a width are no part of a name, wherever they stand in it.
  return records[0].map((header) => header.replace(/[\u200b-\u200f\u2060\ufeff]/g, '').trim())
}

/** Behind blank lines above it; lines may end in a bare CR. */
function endOfFirstLine(bytes: Buffer): number {
  let at = bytes.subarray(0, 3).equals(Buffer.from('\ufeff')) ? 3 : 0
  while (bytes[at] === 10 || bytes[at] === 13) at++
  while (at < bytes.length && bytes[at] !== 10 && bytes[at] !== 13) at++
  return at
}

/**
 * Names that a passed-through column cannot have beside those of accounts: the steps on the way give them to columns of their own.
 * tests/read/taken.test.ts tries every name of every step.
 */
const ownOfSteps = ['ordinal', 'received', 'waived', 'later', 'money_state', 'state_undated', 'other_principal', 'beyond_plan', 'row fault', 'row rest']
/** The engine does not tell names apart by letter case. */
const taken: ReadonlySet<string> = new Set([...Object.keys(accountColumns), ...ownOfSteps])
/** Whether a passed-through column cannot have a name. */
export const isTaken = (name: string) => taken.has(name.toLowerCase()) || name.toLowerCase().startsWith('text of ')

const typesOf: Readonly<Record<(typeof passedTypes)[number], ReadType>> = { text: 'text', integer: 'int', number: 'number', date: 'date', boolean: 'bool' }

/** Headers, by name in any order -> canonical and passed-through columns. All that is wrong with a header is said at once. */
export function mapHeaders(input: MappedAs, file: SourceFile, headers: readonly string[], settings: InputSettings, looksLike: () => number | undefined = () => undefined): { mapping: Mapping; errors: UserError[] } {
  const errors: UserError[] = []
  const canonical = columnsOf(input)
  const nameless = namesNobodyUses(input, headers, settings)
  headers.forEach((header, at) => {
    const again = headers.indexOf(header, at + 1)
    if (header !== '' && again !== -1 && !nameless.has(header)) errors.push(new UserError('header-twice', { file: file.shown, value: header, other: `${at + 1} and ${again + 1}` }))
  })
  const nameOf = new Map<string, string>()
  for (const [name, header] of Object.entries(settings.headers)) {
    const other = nameOf.get(header)
    if (other !== undefined) errors.push(new UserError('settings-wrong', { value: `inputs.${input}.headers gives the header "${header}" to both ${other} and ${name}`, hint: 'A column can have one name only: take out one of both.' }))
    if (!headers.includes(header)) errors.push(notMapped(file, `inputs.${input}.headers.${name}`, header, headers))
    nameOf.set(header, name)
  }
  const mappedNames = new Set([...nameOf.values(), ...Object.keys(settings.joined), ...Object.keys(settings.constants)])
  const columns: MappedColumn[] = []
  const notUsedYet: string[] = []
  const add = (name: string, header: string, at: number, own: Pick<MappedColumn, 'joined' | 'constant'> = {}) => {
    const known = Object.hasOwn(canonical, name) ? canonical[name] : undefined
    const idle = known?.use === 'asked' && settings.asked !== true
    if (idle) notUsedYet.push(name)
    const role = (known !== undefined && !idle && known.use !== 'through') || (input !== 'loans' && settings.key.includes(name)) ? 'used' : input === 'loans' ? 'passed' : 'rest'
    const as = known?.as ?? name
    const twin = role === 'rest' ? undefined : columns.find((column) => column.role !== 'rest' && column.name.toLowerCase() === as.toLowerCase())
    if (twin !== undefined && twin.header !== header) {
      errors.push(new UserError('header-twice', { file: file.shown, value: twin.name === as ? as : `${twin.header}" or "${header}`, other: `${twin.at + 1} and ${at + 1}` }))
      return
    }
    if (role === 'passed' && isTaken(as)) {
      errors.push(new UserError('column-name-taken', { file: file.shown, value: as }))
      return
    }
    columns.push({
      name: as,
      header,
      at,
      type: role === 'used' ? (known?.type ?? 'text') : role === 'passed' ? (known?.use === 'through' && known.type !== 'text' ? known.type : typesOf[ownOf(settings.columns, name) ?? ownOf(settings.columns, header) ?? 'text']) : 'text',
      mustBeFilled: known?.required === true || known?.filled === true,
      role,
      values: ownOf(settings.values, name) ?? {},
      ...(known?.holds === undefined ? {} : { holds: known.holds }),
      ...own,
    })
  }
  headers.forEach((header, at) => {
    if (nameless.has(header)) add(`${header} (column ${at + 1})`, header, at)
    // A header that bears a canonical name which the settings give to another column is only a passed-through one.
    else if (header !== '') add(nameOf.get(header) ?? (mappedNames.has(header) ? `export_${header}` : header), header, at)
  })
  // Amount beside amount: the settings may say which one is meant.
  for (const { name, header, at, role } of columns) {
    const other = role !== 'used' || nameOf.has(header) ? -1 : headers.findIndex((one) => one !== header && one.toLowerCase() === header.toLowerCase() && !nameOf.has(one))
    if (other !== -1 && input !== 'loans') errors.push(new UserError('header-twice', { file: file.shown, value: `${header}" or "${headers[other]!}`, other: `${at + 1} and ${other + 1}`, hint: `, or say it: inputs.${input}.headers: {${name}: ${header}}` }))
  }
  for (const [name, { of, with: between }] of Object.entries(settings.joined)) {
    const lacking = of.filter((header) => !headers.includes(header))
    errors.push(...lacking.map((header) => notMapped(file, `inputs.${input}.joined.${name}`, header, headers)))
    if (lacking.length === 0) add(name, of.join(' + '), -1, { joined: { parts: of.map((header) => ({ header, at: headers.indexOf(header) })), between } })
  }
  for (const [name, constant] of Object.entries(settings.constants)) add(name, `"${constant}"`, -1, { constant })
  const have = new Set(columns.map((column) => column.name))
  const missing = missingOf(input, (name) => have.has(canonical[name]?.as ?? name))
  if (missing.length > 0) {
    const line = looksLike()
    errors.push(...missing.map((name) => missingError(file, input, name, headers, line)))
  }
  for (const key of settings.key)
    if (!have.has(key) && !missing.includes(key) && key !== mayBeAbsent[input])
      errors.push(new UserError('header-missing', { file: file.shown, value: key, hint: nameOf.has(key) ? `inputs.${input}.key takes the canonical name of it: ${nameOf.get(key)}.` : `inputs.${input}.key names it. Its headers are: ${headers.join(', ')}.` }))
  return { mapping: { headers, columns, notUsedYet }, errors }
}

/** Headers that stand twice, and that neither we nor the settings know: each column keeps its own place as its name. */
function namesNobodyUses(input: MappedAs, headers: readonly string[], settings: InputSettings): ReadonlySet<string> {
  const used = new Set([...Object.keys(columnsOf(input)), ...Object.values(settings.headers), ...Object.values(settings.joined).flatMap(({ of }) => of), ...settings.key])
  const fold = (header: string) => (input === 'loans' ? header.toLowerCase() : header)
  const known = new Set([...used].map(fold))
  return new Set(headers.filter((header, at) => header !== '' && !known.has(fold(header)) && headers.some((other, place) => place !== at && fold(other) === fold(header))))
}

/** Whether the fields of a line are those of a header: all needed columns are there. */
export function isHeader(input: MappedAs, fields: readonly string[], { headers, joined, constants }: InputSettings): boolean {
  const has = (name: string) => name in constants || (joined[name]?.of ?? [headers[name] ?? name]).every((header) => fields.includes(header))
  return missingOf(input, has).length === 0
}

/** The columns without which a file is none of an input. */
export function missingOf(input: MappedAs, has: (column: string) => boolean): string[] {
  const required = Object.entries(columnsOf(input)).filter(([name, column]) => column.required === true && !has(name)).map(([name]) => name)
  return input === 'schedule' && !saysDue(has) && !has('amount_open') ? [...required, 'amount_due'] : required
}

function notMapped(file: SourceFile, name: string, header: string, headers: readonly string[]) {
  return new UserError('header-not-mapped', { file: file.shown, name, value: header, hint: closeOr(header, headers, `Its headers are: ${headers.join(', ')}.`) })
}

/** Types and translations for a column that no file has: a slip of the pen, which would else be passed over. */
export function namesNothing(input: MappedAs, mappings: readonly Mapping[], settings: InputSettings): UserError[] {
  const there = mappings.flatMap((mapping) => mapping.columns.flatMap(({ name, header }) => [name, header]))
  const known = new Set([...there, ...Object.keys(columnsOf(input))])
  const byColumn = (of: unknown) => (typeof of === 'object' && !Array.isArray(of) ? (of as object) : {})
  const of = { columns: settings.columns, values: settings.values, dates: byColumn(settings.dates), unit: byColumn(settings.unit) }
  return (['columns', 'values', 'dates', 'unit'] as const).flatMap((key) =>
    Object.keys(of[key]).filter((name) => !known.has(name)).map((name) => new UserError('settings-wrong', { value: `inputs.${input}.${key} names "${name}", which no file of ${input} has`, hint: closeOr(name, known, `Its columns are: ${[...new Set(there)].join(', ')}.`) })),
  )
}

/** Without it file and line are the key, or the place by due date the number. */
const mayBeAbsent: Readonly<Partial<Record<MappedAs, string>>> = { schedule: 'instalment_no', repayments: 'payment_id' }

const ownOf = <T>(of: Readonly<Record<string, T>>, key: string): T | undefined => (Object.hasOwn(of, key) ? of[key] : undefined)

function missingError(file: SourceFile, input: MappedAs, name: string, headers: readonly string[], looksLike: number | undefined) {
  const close = nearest(name, headers)
  const line = `inputs.${input}.headers: {${name}: ${close ?? '...'}}`
  return new UserError('header-missing', {
    file: file.shown,
    value: name,
    hint: looksLike !== undefined ? `Line ${looksLike} looks like the header: set inputs.${input}.lines_above: ${looksLike - 1} (or found).` : headers.length === 1 && /[;\t|]/.test(headers[0]!) ? `Its header is one field; state inputs.${input}.delimiter.` : `If another header means it, add ${line} to the settings. Its headers are: ${headers.join(', ')}.`,
  })
}
