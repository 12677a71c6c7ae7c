import { int, join, name, sql, text, type, type Sql } from '../engine/sql.ts'
import { ambiguous, dateShape, type DateShape } from '../read/date-shape.ts'
import { readAs } from '../read/reading.ts'
import { familiesOf, rowsOf } from './date-forms.ts'
import { asked, list, proposed, scalar, type Entry } from './entries.ts'
import type { Look } from './look.ts'
import { firstSeen, lineOf, rowsSaid } from './seen.ts'
import { formsIn, nonValuesIn, type Counted, type Wanted, type Whole } from './whole.ts'
import { noDays } from './words.ts'

/** How the dates of one column are written. */
export interface DatesFound {
  readonly column: Wanted
  /** One where it is decided, several where a list is; more `answers` than none where it is a question. */
  readonly shapes: readonly DateShape[]
  readonly answers: readonly string[]
  readonly sure: 'sure' | 'likely' | 'open'
  readonly why: string
  /** What the shapes of the main way differ in is proved here, and may hold for others of the file. */
  readonly key: string | undefined
  readonly proved: boolean
  /** Values that stand for no day. */
  readonly blanks: readonly Counted[]
  /** Values that read as no day: they will be rejected. */
  readonly unread: readonly Counted[]
  /** Marks of zones behind its times: Z or an offset. */
  readonly zones: readonly string[]
  /** The first and the last day, as YYYY-MM-DD. */
  readonly from: string | undefined
  readonly to: string | undefined
  /** Of a question: the last day under each answer. */
  readonly days: readonly string[]
  /** The last days with their rows, the latest first: what money is counted by. Of the day of a payment alone. */
  readonly lastDays: readonly Counted[]
}

/** A way to write dates that fewer rows have is a slip of the pen. */
const slip = 0.01

const reading = (shapes: readonly DateShape[]): Sql => readAs(name('v'), { kind: 'date', shapes, yearsFrom: 1970, zone: 'UTC', fullWidth: false }, 'date', undefined, 2)

export async function datesIn(whole: Whole, column: Wanted, looks: readonly Look[]): Promise<DatesFound> {
  const nothing = await nonValuesIn(whole, column.name)
  const none: DatesFound = { column, shapes: [], answers: [], sure: 'sure', why: 'it has no value', key: undefined, proved: false, blanks: nothing, unread: [], zones: [], from: undefined, to: undefined, lastDays: [], days: [] }
  const forms = await formsIn(whole, column.name)
  if (forms.length === 0) return none
  const { families, left } = familiesOf(forms)
  const [main, ...others] = withTimes(families)
  if (main === undefined) return { ...none, sure: 'open', answers: ['YYYY-MM-DD', 'DD/MM/YYYY', 'MM/DD/YYYY', 'YYYYMMDD'], why: `no way to write a date reads ${rowsSaid(rowsOf(left))}: ${lineOf(looks, column.header, left[0]!.least)}` }
  const values = sql`(SELECT ${name(column.name)} AS v, count(*) AS n FROM ${whole.loaded.rows} WHERE ${name(column.name)} IS NOT NULL GROUP BY ${name(column.name)}) AS written`
  const tried = await Promise.all(main.shapes.map((shape) => triedOn(whole, values, shape)))
  const most = Math.max(...tried.map(({ read }) => read))
  const best = plausible(tried.filter(({ read }) => read === most))
  const total = rowsOf(forms)
  const all = main.shapes.length === 1 || main.key === 'compact'
  const more = others.filter((family) => rowsOf(family.forms) >= total * slip)
  const chosen = best.map(({ shape }) => shape)
  const lastDays = column.name === 'paid_on' && best.length === 1 ? await lastDaysOf(whole, values, best[0]!.shape) : []
  const zones = main.key === 'timestamp' ? [...new Set(main.forms.flatMap(({ least }) => /(?:[Zz]|UTC|GMT|[+-]\d{2}:?\d{2})$/.exec(least.slice(10))?.[0] ?? []))] : []
  const base = { ...none, zones, lastDays, key: main.key, from: best[0]!.from, to: best[0]!.to }
  const rest = await unreadBy(whole, values, [...chosen.slice(0, 1), ...more.flatMap(({ shapes }) => shapes.slice(0, 1))])
  const blanks = [...nothing, ...rest.filter(({ value }) => isNoDay(value)), ...(await farDays(whole, values, chosen[0]!))]
  const unread = rest.filter(({ value }) => !isNoDay(value))
  if (more.length > 0) {
    const alternatives = more.flatMap(({ shapes }) => shapes)
    const written = [main, ...more].map(({ forms: [form] }) => lineOf(looks, column.header, form!.least)).join(', ')
    const answers = [...[...chosen, ...alternatives].map(({ written: shape }) => scalar(shape)), ...chosen.flatMap((one) => alternatives.filter((other) => ambiguous([one, other], 1970) === undefined).map((other) => list([one, other].map(({ written: shape }) => scalar(shape)))))]
    return { ...base, sure: 'open', answers, why: `it is written in several ways: ${written}. What no shape of yours reads is rejected with its value`, blanks, unread }
  }
  const shown = firstSeen(looks, column.header)
  if (best.length === 1) {
    const [loser] = tried.filter(({ read }) => read < most).sort((a, b) => b.read - a.read)
    const proof = all || loser === undefined ? undefined : await proofOf(whole, values, chosen[0]!, loser.shape)
    const why = proof === undefined ? shown : `${lineOf(looks, column.header, proof)} is a day in no other order${most - loser!.read > 1 ? ` (and ${most - loser!.read - 1} more)` : ''}`
    // Some rows speak for each of both orders: neither is proved.
    const against = loser === undefined ? 0 : await figureOf(whole, values, sql`${reading([loser.shape])} IS NOT NULL AND ${reading([chosen[0]!])} IS NULL`)
    if (loser !== undefined && against > (most - loser.read) * slip) return { ...base, sure: 'open', answers: tried.map(({ shape }) => scalar(shape.written)), why: `${rowsSaid(most - loser.read + against)} can only be ${chosen[0]!.written} and ${rowsSaid(against)} only ${loser.shape.written}: ${why}`, blanks, unread }
    return { ...base, shapes: chosen, sure: main.key === 'day number' ? 'likely' : 'sure', why: main.key === 'day number' ? `${why}: days of a spreadsheet, from ${base.from} to ${base.to}` : why, proved: proof !== undefined, blanks, unread }
  }
  return { ...base, sure: 'open', answers: chosen.map(({ written }) => scalar(written)), days: best.flatMap(({ to }) => to ?? []), why: `${shown} may be two days each, and no row has a number above 12 to prove the order`, blanks, unread }
}

/** How the dates of a column are written that may be one of several headers: as all of them have it, else a question. */
export async function datesOfAny(whole: Whole, looks: readonly Look[], headers: readonly (Wanted & { readonly column: string })[]): Promise<DatesFound> {
  const [{ column }] = headers as [Wanted & { readonly column: string }]
  const found: DatesFound[] = []
  for (const one of headers) found.push(await datesIn(whole, one, looks))
  const ways = (one: DatesFound) => (one.sure === 'open' ? one.answers : [one.shapes.map(({ written }) => scalar(written))].map((some) => (some.length === 1 ? some[0]! : list(some))))
  const all = [...new Set(found.flatMap(ways))]
  const [first] = found as [DatesFound, ...DatesFound[]]
  const named = { name: column, header: headers.map(({ header }) => header).join(' or ') }
  if (all.length === 1 && found.every(({ sure }) => sure !== 'open')) return { ...first, column: named }
  return { ...first, column: named, shapes: [], lastDays: [], days: found.flatMap(({ days, to, sure }) => (sure === 'open' ? days : (to ?? []))), key: found.every(({ key }) => key === first.key) ? first.key : undefined, proved: false, sure: 'open', answers: all, why: found.map(({ column: { header }, why }) => `${header}: ${why}`).join('; ') }
}

/** Days alone and days with a time in ISO 8601 are one way. */
function withTimes(families: ReturnType<typeof familiesOf>['families']) {
  const timed = families.find(({ key }) => key === 'timestamp')
  const days = families.find(({ key, shapes }) => key === 'ymd-' && shapes.every(({ written }) => written === 'YYYY-MM-DD'))
  if (timed === undefined || days === undefined) return families
  return [{ ...timed, forms: [...timed.forms, ...days.forms] }, ...families.filter((one) => one !== timed && one !== days)]
}

/** Days of the month that are read as years of two digits make a book of thirty years. */
function plausible<T extends { shape: DateShape; from: string | undefined; to: string | undefined }>(tried: readonly T[]): T[] {
  const span = ({ from, to }: T) => Number(to?.slice(0, 4) ?? 0) - Number(from?.slice(0, 4) ?? 0)
  return tried.filter((one) => !one.shape.written.startsWith('YY') || one.shape.yearDigits === 4 || span(one) < 20 || tried.every((other) => other === one || span(other) > span(one) / 4))
}

async function triedOn(whole: Whole, values: Sql, shape: DateShape): Promise<{ shape: DateShape; read: number; from: string | undefined; to: string | undefined }> {
  const day = sql`CASE WHEN d < CAST('2090-01-01' AS DATE) AND d > CAST('1950-01-01' AS DATE) THEN d END`
  const [row] = await whole.engine.rows(sql`SELECT sum(CASE WHEN d IS NULL THEN 0 ELSE n END) AS read, CAST(min(${day}) AS ${type('text')}) AS first, CAST(max(${day}) AS ${type('text')}) AS last FROM (SELECT n, ${reading([shape])} AS d FROM ${values}) AS tried`)
  return { shape, read: Number(row!.read ?? 0), from: row!.first === null ? undefined : String(row!.first), to: row!.last === null ? undefined : String(row!.last) }
}

async function lastDaysOf(whole: Whole, values: Sql, shape: DateShape): Promise<Counted[]> {
  const rows = await whole.engine.rows(sql`SELECT CAST(d AS ${type('text')}) AS v, sum(n) AS n FROM (SELECT n, ${reading([shape])} AS d FROM ${values}) AS tried WHERE d IS NOT NULL AND d < CAST('2090-01-01' AS DATE) GROUP BY d ORDER BY d DESC LIMIT ${int(32)}`)
  return rows.map((row) => ({ value: String(row.v), rows: Number(row.n) }))
}

async function proofOf(whole: Whole, values: Sql, right: DateShape, wrong: DateShape): Promise<string | undefined> {
  const [row] = await whole.engine.rows(sql`SELECT min(v) AS v FROM ${values} WHERE ${reading([right])} IS NOT NULL AND ${reading([wrong])} IS NULL`)
  return row?.v === null || row === undefined ? undefined : String(row.v)
}

async function figureOf(whole: Whole, values: Sql, when: Sql): Promise<number> {
  const [row] = await whole.engine.rows(sql`SELECT sum(n) AS n FROM ${values} WHERE ${when}`)
  return Number(row?.n ?? 0)
}

async function unreadBy(whole: Whole, values: Sql, shapes: readonly DateShape[]): Promise<Counted[]> {
  const rows = await whole.engine.rows(sql`SELECT v, n FROM ${values} WHERE ${reading(shapes)} IS NULL ORDER BY n DESC, v LIMIT ${int(30)}`)
  return rows.map((row) => ({ value: String(row.v), rows: Number(row.n) }))
}

const years = /(^|\D)(9999|2999|0000|0001)(\D|$)|^(9999|2999|0000|0001)\d{4}/
const isNoDay = (value: string) => /\d/.test(value) && years.test(value)

/** Days that can be read and stand for none all the same. */
async function farDays(whole: Whole, values: Sql, shape: DateShape): Promise<Counted[]> {
  const readable = noDays.filter((day) => day >= '1900-01-01' && day <= '2199-12-31')
  const rows = await whole.engine.rows(sql`SELECT v, n FROM (SELECT v, n, ${reading([shape])} AS d FROM ${values}) AS tried WHERE CAST(d AS ${type('text')}) IN (${join(readable.map(text))}) ORDER BY n DESC, v`)
  return rows.map((row) => ({ value: String(row.v), rows: Number(row.n) }))
}

/** What the settings must say of the dates of one input. An order that one column of a file proves holds for what the file writes alike. */
export function dateEntries(input: string, found: readonly DatesFound[]): Entry[] {
  const proofs = new Map(found.filter(({ proved }) => proved).map((one) => [one.key, one] as const))
  const decided = found.map((one) => {
    const proof = one.sure === 'open' && one.answers.length > 1 && one.shapes.length === 0 ? proofs.get(one.key) : undefined
    if (proof === undefined) return one
    const order = orderOf(proof.shapes[0]!.written)
    const shapes = one.answers.map((answer) => dateShape(answer.replace(/^'|'$/g, ''))).filter((shape): shape is DateShape => typeof shape !== 'string' && orderOf(shape.written) === order)
    return shapes.length === 1 ? { ...one, shapes, answers: [], sure: 'likely' as const, why: `as ${proof.column.name} of the same file, which proves the order` } : one
  })
  const entries = decided.flatMap((one): Entry[] => {
    const path = ['inputs', input, 'dates', one.column.name]
    if (one.sure === 'open') return [asked(path, one.answers, `How are the dates of ${one.column.header} written? ${one.why}`)]
    if (one.shapes.length === 0 || (one.shapes.length === 1 && one.shapes[0]!.written === 'YYYY-MM-DD')) return []
    const written = one.shapes.map((shape) => scalar(shape.written))
    return [proposed(path, written.length === 1 ? written[0]! : list(written), one.sure, one.why)]
  })
  return [...entries, ...centuryOf(input, decided)]
}

/** What other files prove of an order that is asked here: no proof, but the likelier answer. */
export function hinted(entries: readonly Entry[], input: string, own: readonly DatesFound[], others: readonly { readonly input: string; readonly dates: readonly DatesFound[] }[]): Entry[] {
  return entries.map((entry) => {
    const one = entry.answers !== undefined && entry.path[2] === 'dates' ? own.find(({ column }) => column.name === entry.path[3]) : undefined
    const proof = one?.key === undefined ? undefined : others.flatMap(({ input: other, dates }) => (other === input ? [] : dates.filter(({ proved, key }) => proved && key === one.key).map((found) => ({ other, found })))).at(0)
    if (proof === undefined) return entry
    const is = (answer: string) => orderOf(answer.replace(/[^A-Za-z]/g, '')) === orderOf(proof.found.shapes[0]!.written.replace(/[^A-Za-z]/g, ''))
    return { ...entry, answers: [...entry.answers!.filter(is), ...entry.answers!.filter((answer) => !is(answer))], why: `${entry.why}; in ${proof.other} ${proof.found.column.header} is ${proof.found.shapes[0]!.written}` }
  })
}

const orderOf = (written: string) => written.replace(/[^YMD]/g, '').replace(/(.)\1+/g, '$1')

/** Years of two digits: no loan of today was paid out before 1950, none is due after 2069. */
function centuryOf(input: string, found: readonly DatesFound[]): Entry[] {
  const two = found.filter(({ shapes, answers }) => shapes.some(({ yearDigits }) => yearDigits === 2) || answers.some((answer) => /(^|[^Y])YY([^Y]|$)/.test(answer)))
  if (two.length === 0) return []
  const path = ['inputs', input, 'two_digit_years_from']
  const early = two.some(({ from }) => from !== undefined && from < '2000-01-01')
  return early
    ? [asked(path, ['1950', '1970', '2000'], `Years have two digits in ${two.map(({ column }) => column.header).join(', ')}, and some are 70 or more. Which is the first of the hundred years that they mean?`)]
    : [proposed(path, '1970', 'likely', `years have two digits, all of them below 70: read from 1970 on they are 20xx`)]
}
