import { hashOf, matches, translated } from '../engine/calls.ts'
import type { Engine } from '../engine/engine.ts'
import { every, int, join, name, sql, text } from '../engine/sql.ts'
import { load, type Loaded, type Planned } from '../read/load.ts'
import type { MappedColumn } from '../read/mapping.ts'
import { needsCopy, prepared, type TextForm } from '../read/prepared.ts'
import type { InputName, MappedAs } from '../settings/schema.ts'
import type { Form } from './date-forms.ts'
import type { Look } from './look.ts'
import { nonValues } from './words.ts'
import { inScientificNotation } from '../validate/checks.ts'

/** The columns of interest of all files of one input, as text, in the engine. */
export interface Whole {
  readonly engine: Engine
  readonly loaded: Loaded
  readonly rows: number
  readonly has: (column: string) => boolean
}

/** A column by its name and the header that it has in the files. */
export interface Wanted {
  readonly name: string
  readonly header: string
}

/** Footers and the like are given as in `leave_out`. */
export async function wholeOf(engine: Engine, input: MappedAs, looks: readonly Look[], wanted: readonly Wanted[], leaveOut: readonly string[], repeated: boolean, scratch: string): Promise<Whole> {
  const planned = looks.map(({ source, headers, encoding, above, delimiter, quote }): Planned => {
    const column = (as: string, at: number, role: MappedColumn['role']): MappedColumn => ({ name: as, header: headers[at]!, at, type: 'text', mustBeFilled: false, role, values: {} })
    const used = wanted.filter(({ header }) => headers.includes(header)).map(({ name: as, header }) => column(as, headers.indexOf(header), 'used'))
    // The engine notices a broken character only in columns that it reads.
    const columns = [...used, ...headers.flatMap((header, at) => (used.some((one) => one.at === at) || (source.format === 'parquet' && header === '') ? [] : [column(`rest ${at}`, at, 'rest')]))]
    const form: TextForm = { encoding: encoding.is, above: above.length, leaveOut, header: repeated ? headers : undefined }
    return { source, mapping: { headers, columns, notUsedYet: [] }, shape: { delimiter, quote, columns: headers.length }, ...(source.format !== 'parquet' && needsCopy(form) ? { form } : {}) }
  })
  // The input gives the relation its name, and no more.
  const loaded = await load(engine, input as InputName, await prepared(planned, scratch, input), { trim: true, nul: false }, scratch, 2)
  const names = new Set(loaded.columns.map((column) => column.name))
  return { engine, loaded, rows: loaded.read - loaded.files.reduce((sum, { brokenCount }) => sum + brokenCount, 0), has: (column) => names.has(column) }
}

const filled = (column: string) => sql`${name(column)} IS NOT NULL AND ${name(column)} NOT IN (${join(nonValues.map(text))})`

/** A column -> how its values are written, the commonest way first. */
export async function formsIn({ engine, loaded }: Whole, column: string): Promise<Form[]> {
  const form = translated(name(column), text('0123456789'), text('9999999999'))
  const rows = await engine.rows(sql`
    SELECT form, count(*) AS n, min(v) AS least, max(v) AS greatest
    FROM (SELECT ${name(column)} AS v, ${form} AS form FROM ${loaded.rows} WHERE ${filled(column)}) AS written
    GROUP BY form ORDER BY n DESC, form LIMIT 200`)
  return rows.map((row) => ({ form: String(row.form), rows: Number(row.n), least: String(row.least), greatest: String(row.greatest) }))
}

export interface Counted {
  readonly value: string
  readonly rows: number
}

/** The values of a column with their rows, the commonest first. */
export async function valuesIn({ engine, loaded }: Whole, column: string, most = 60): Promise<Counted[]> {
  const rows = await engine.rows(sql`SELECT ${name(column)} AS v, count(*) AS n FROM ${loaded.rows} WHERE ${filled(column)} GROUP BY ${name(column)} ORDER BY n DESC, v LIMIT ${int(most)}`)
  return rows.map((row) => ({ value: String(row.v), rows: Number(row.n) }))
}

/** Which texts that stand for no value a column holds. */
export async function nonValuesIn({ engine, loaded }: Whole, column: string): Promise<Counted[]> {
  const rows = await engine.rows(sql`SELECT ${name(column)} AS v, count(*) AS n FROM ${loaded.rows} WHERE ${name(column)} IN (${join(nonValues.map(text))}) GROUP BY ${name(column)} ORDER BY n DESC, v`)
  return rows.map((row) => ({ value: String(row.v), rows: Number(row.n) }))
}

/** How many rows have a value, and how many values differ. */
export async function differing({ engine, loaded }: Whole, columns: readonly string[]): Promise<{ filled: number; differ: number }> {
  const there = every(columns.map((column) => sql`${name(column)} IS NOT NULL`))
  // Hashes of a million rows are counted in a fraction of the time of their texts.
  const [row] = await engine.rows(sql`SELECT count(k) AS n, count(DISTINCT k) AS d FROM (SELECT ${hashOf(...columns.map(name))} AS k FROM ${loaded.rows} WHERE ${there}) AS keyed`)
  return { filled: Number(row!.n), differ: Number(row!.d) }
}

/** Ids that a spreadsheet has rounded: nobody can say which accounts they name. */
export async function damagedIds({ engine, loaded }: Whole, column: string): Promise<number> {
  const [row] = await engine.rows(sql`SELECT count(*) AS n FROM ${loaded.rows} WHERE ${matches(name(column), text(inScientificNotation))}`)
  return Number(row!.n)
}
