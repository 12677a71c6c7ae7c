import { columnsOf, dueParts, type InputColumn } from '../read/inputs.ts'
import { missingOf } from '../read/mapping.ts'
import type { MappedAs } from '../settings/schema.ts'
import { familiesOf, rowsOf, type Form } from './date-forms.ts'
import { mappedNames, meaningOf, type Strength } from './header-names.ts'
import type { Look } from './look.ts'
import { nonValues } from './words.ts'

/** A header that may be a canonical column. */
export interface Candidate {
  readonly header: string
  readonly at: number
  readonly strength: Strength
}

/** Files that have one header: what they may be, and which of their headers may be which column, the likeliest first. */
export interface Role {
  readonly input: MappedAs
  readonly score: number
  readonly columns: ReadonlyMap<string, readonly Candidate[]>
  /** Needed columns that no header means. */
  readonly missing: readonly string[]
}

/** Files with the same header, in the order in which they were given. */
export const groupsOf = (looks: readonly Look[]): Look[][] => {
  const groups = new Map<string, Look[]>()
  for (const one of looks) {
    const key = one.headers.join('\0')
    groups.set(key, [...(groups.get(key) ?? []), one])
  }
  return [...groups.values()]
}

/** Columns of which a file of loans has some beside the account. */
const ofLoans = ['borrower_id', 'product', 'principal', 'disbursed_on', 'status', 'outstanding_principal', 'first_due_on', 'days_past_due']
/** Rows from which on it says something whether an id stands again. */
const enough = 20

/** What files with one header may be, the likeliest first; nothing where they have no account or nothing else that is known. */
export function rolesOf([look]: readonly Look[]): Role[] {
  return mappedNames
    .map((input) => roleAs(input, look!))
    .filter(({ columns, input }) => columns.has('account_id') && (input === 'loans' ? ofLoans : input === 'statements' ? ['statement_on'] : input === 'schedule' ? ['due_on', 'amount_due', 'amount_open', ...dueParts] : ['paid_on', 'amount']).some((column) => columns.has(column)))
    .sort((a, b) => b.score - a.score)
}

/** What files are as one input, whatever they lack. */
export function roleAs(input: MappedAs, look: Look): Role {
  const columns = new Map<string, Candidate[]>()
  for (const [at, header] of look.headers.entries()) {
    const meaning = header === '' ? undefined : meaningOf(input, header)
    if (meaning === undefined || (meaning.strength < 3 && !fits(columnsOf(input)[meaning.column]!, valuesOf(look, at)))) continue
    columns.set(meaning.column, [...(columns.get(meaning.column) ?? []), { header, at, strength: meaning.strength }])
  }
  for (const [column, found] of columns) columns.set(column, found.sort((a, b) => b.strength - a.strength || a.at - b.at))
  const has = (column: string) => columns.has(column)
  const missing = missingOf(input, has)
  const needed = (column: string) => columnsOf(input)[column]!.required === true || column === 'amount_due'
  const found = [...columns].reduce((sum, [column, [best]]) => sum + best!.strength * (needed(column) ? 2 : 1), 0)
  return { input, columns, missing, score: found - 6 * missing.length - again(input, look, columns.get('account_id') ?? []) }
}

/** Loans have each account once; plans and payments have it again and again. */
function again(input: MappedAs, look: Look, candidates: readonly Candidate[]): number {
  const [{ ids, differing } = { ids: [], differing: 0 }] = candidates.map(({ at }) => valuesOf(look, at)).map((some) => ({ ids: some, differing: new Set(some).size })).sort((a, b) => b.differing - a.differing)
  if (ids.length < 2) return 0
  return input === 'loans' ? (differing < ids.length * 0.9 ? 6 : 0) : ids.length >= enough && differing === ids.length ? 2 : 0
}

/** The values of a column in the sample that are not blank. */
export const valuesOf = ({ rows }: Look, at: number) => rows.map(({ fields }) => fields[at] ?? '').filter((value) => value !== '' && !nonValues.includes(value))

/** Values that are written alike, the commonest way first. */
function formsOf(values: readonly string[]): Form[] {
  const found = new Map<string, { rows: number; least: string; greatest: string }>()
  for (const value of values) {
    const form = value.replace(/[0-9]/g, '9')
    const one = found.get(form)
    if (one === undefined) found.set(form, { rows: 1, least: value, greatest: value })
    else found.set(form, { rows: one.rows + 1, least: value < one.least ? value : one.least, greatest: value > one.greatest ? value : one.greatest })
  }
  return [...found].map(([form, one]) => ({ form, ...one })).sort((a, b) => b.rows - a.rows)
}

const amountLike = /^[^\p{L}]{0,4}(?:[A-Za-z]{2,3}\.? ?)?[-(+]?[\d０-９][\d０-９.,，．'’ \u00a0\u2009\u202f]*[-)%]?(?: ?(?:[A-Za-z]{2,3}|元|€|\$|£))?$/u

/** Whether most values of a sample are of the kind that a column holds. */
export function fits({ type, holds }: InputColumn, values: readonly string[]): boolean {
  if (values.length === 0) return true
  const most = (count: number) => count >= values.length * 0.7
  if (type === 'date' || holds === 'day') return most(rowsOf(familiesOf(formsOf(values)).families.flatMap(({ forms }) => forms)))
  if (type === 'money' || holds !== undefined) return most(values.filter((value) => amountLike.test(value)).length)
  if (type === 'int') return most(values.filter((value) => /^[0-9０-９]{1,6}$/.test(value)).length)
  return true
}
