import { tryCast } from '../engine/calls.ts'
import { int, name, sql, type, type Hole } from '../engine/sql.ts'
import type { NumberForm } from '../read/number-form.ts'
import { readAs } from '../read/reading.ts'
import { asked, list, proposed, scalar, type Entry } from './entries.ts'
import type { Look } from './look.ts'
import type { Form } from './date-forms.ts'
import { numbersIn, type NumbersFound } from './number-forms.ts'
import { lineOf, rowsSaid } from './seen.ts'
import { formsIn, nonValuesIn, type Counted, type Wanted, type Whole } from './whole.ts'

/** How the amounts of one input are written. */
export interface AmountsFound extends NumbersFound {
  readonly columns: readonly Wanted[]
  readonly forms: readonly Form[]
  /** No amount has decimals, and they are so large that they may be cents. */
  readonly whole: boolean
  readonly blanks: readonly Counted[]
}

/** Cents of less than ten units of a currency, on the average, are no book of loans. */
const smallest = 1000

/** `maybe`: columns that may be amounts too; `needed`: columns in which what stands for no value is a fault. */
export async function amountsIn(whole: Whole, columns: readonly Wanted[], maybe: readonly Wanted[], needed: (column: string) => boolean): Promise<AmountsFound> {
  const forms: Form[] = []
  const blanks: Counted[] = []
  for (const column of columns) {
    forms.push(...(await formsIn(whole, column.name)))
    if (!needed(column.name)) blanks.push(...(await nonValuesIn(whole, column.name)))
  }
  const others: Form[] = []
  for (const { name: column } of maybe) others.push(...(await formsIn(whole, column)))
  const found = numbersIn([...forms, ...others])
  const decimal = found.form.decimal
  const whole100 = forms.every(({ form }) => !form.includes(decimal) || new RegExp(`\\${decimal}9{3}`).test(form)) && columns.length > 0
  let large = false
  if (whole100) for (const { name: column } of columns) large ||= (await meanOf(whole, column, found.form)) >= smallest
  return { ...found, columns: [...columns, ...maybe], forms, whole: whole100 && large, blanks }
}

/** A number as the settings say it: only what differs from plain. */
function written({ decimal, thousands, groups, negative, marks, full_width }: NumberForm): string {
  const parts = [
    ...(decimal === '.' ? [] : [`decimal: '${decimal}'`]),
    ...(thousands === 'none' ? [] : [`thousands: ${thousands === 'space' ? 'space' : thousands === "'" ? '"\'"' : `'${thousands}'`}`]),
    ...(groups === 'three' ? [] : ['groups: lakh']),
    ...(negative.length === 0 ? [] : [`negative: ${list(negative)}`]),
    ...(marks.length === 0 ? [] : [`marks: ${list(marks.map(scalar))}`]),
    ...(full_width ? ['full_width: true'] : []),
  ]
  return `{ ${parts.join(', ')} }`.replace('{  }', '{}')
}

const pathOf = (input: string) => ['inputs', input, 'numbers']

export function numberEntries(input: string, found: AmountsFound, looks: readonly Look[]): Entry[] {
  const { form, others, letters, example, forms } = found
  const at = (one: Form | undefined) => (one === undefined ? '' : (found.columns.map(({ header }) => lineOf(looks, header, one.least)).find((line) => line.startsWith('line ')) ?? one.least))
  if (letters.length > 0) {
    const answers = letters.length === 1 ? [letters, letters[0] === 'CR' ? ['DR' as const] : ['CR' as const]] : [['CR' as const], ['DR' as const]]
    return [asked(pathOf(input), answers.map((negative) => written({ ...form, negative: [...form.negative.filter((style) => style !== 'CR' && style !== 'DR'), ...negative] as NumberForm['negative'] })), `Amounts end in ${letters.join(' and ')} (${at(forms.find(({ form: text }) => /[CD]R$/i.test(text)))}). Which of both means below zero?`)]
  }
  if (others.length > 0) return [asked(pathOf(input), [form, ...others].map(written), `How are amounts written? ${[...forms].sort((a, b) => b.form.length - a.form.length).slice(0, 2).map(at).join(', ')} can be read in more than one way; what yours does not read is rejected with its value.`)]
  if (example === undefined) return []
  return [proposed(pathOf(input), written(form), found.read === found.of ? 'sure' : 'likely', `${at(example)}${found.read === found.of ? `, as all ${rowsSaid(found.of)}` : `; ${rowsSaid(found.of - found.read)} cannot be read so, and will be rejected`}`)]
}

/** An amount of a column as money, as far as it can be read. Plain ones are cast as they stand: it is about their size. */
export const amountOf = (column: string, form: NumberForm): Hole => (written(form) === '{}' ? tryCast(name(column), type('money')) : readAs(name(column), { kind: 'number', form, unit: '1' }, 'money', undefined, 2))

/** The mean of the amounts above zero of a column. */
export async function meanOf({ engine, loaded }: Whole, column: string, form: NumberForm): Promise<number> {
  const [row] = await engine.rows(sql`SELECT sum(a) AS s, count(a) AS n FROM (SELECT ${amountOf(column, form)} AS a FROM ${loaded.rows}) AS amounts WHERE a > ${int(0)}`)
  return Number(row!.n) === 0 ? 0 : Number(row!.s) / Number(row!.n)
}
