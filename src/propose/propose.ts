import { relative, resolve } from 'node:path'
import type { Engine } from '../engine/engine.ts'
import { throwAll, UserError } from '../errors.ts'
import { decimalsOf } from '../read/currencies.ts'
import { columnsOf, inputNames, isStatusPlan, lendersDates, notNeeded, termsBegin } from '../read/inputs.ts'
import type { SourceFile } from '../read/source.ts'
import type { MappedAs } from '../settings/schema.ts'
import { amountsIn, numberEntries, type AmountsFound } from './amounts.ts'
import { columnsIn, type Beside, type ColumnsFound } from './columns.ts'
import { currencyEntries } from './currency.ts'
import { dateEntries, datesIn, datesOfAny, hinted, type DatesFound } from './dates.ts'
import { dayEntries, zoneEntries } from './days.ts'
import { asked, list, proposed, scalar, type Entry } from './entries.ts'
import { assigned, type Assigned } from './files.ts'
import { globOf } from './glob.ts'
import { mappedNames } from './header-names.ts'
import { joined, pairsOf } from './joins.ts'
import { keyEntries } from './keys.ts'
import { look, type Look } from './look.ts'
import { brokenFooters, noDataIn, withRows } from './no-data.ts'
import { valuesOf } from './roles.ts'
import { grouped } from '../publish/formats/figures.ts'
import { countedSaid, rowsSaid } from './seen.ts'
import { lateEncoding, textEntries } from './text.ts'
import { unitEntries, type Measured } from './units.ts'
import { valueEntries } from './values.ts'
import { differing, wholeOf, type Counted, type Whole } from './whole.ts'

/** What is proposed of one input. */
export interface InputProposal {
  readonly input: MappedAs
  readonly files: readonly string[]
  readonly rows: number
  readonly columns: readonly { readonly column: string; readonly header: string }[]
  /** Headers that mean nothing here. */
  readonly passed: readonly string[]
  readonly entries: readonly Entry[]
  readonly notes: readonly string[]
}

/** A settings file that is proposed: its lines, each with what it rests on, and what is left open. */
export interface Proposal {
  readonly top: readonly Entry[]
  readonly inputs: readonly InputProposal[]
  /** Files that are none of the inputs, with why. */
  readonly unused: readonly { readonly file: string; readonly why: string }[]
}

/** Looks at files and proposes how they are read. `to`: the folder of the settings file, from which its paths go. */
export async function propose(engine: Engine, sources: readonly SourceFile[], to: string, scratch: string, onStep: (step: string) => void = () => {}): Promise<Proposal> {
  const looks: Look[] = []
  const unread: { source: SourceFile; error: UserError }[] = []
  for (const source of sources) {
    onStep(source.name)
    try {
      looks.push(await look(engine, source))
    } catch (error) {
      // One file that is none must not hide what the others are.
      if (!(error instanceof UserError)) throw error
      unread.push({ source, error })
    }
  }
  if (looks.length === 0) throwAll(unread.map(({ error }) => error))
  const { roles, tables, unused } = assigned(looks)
  // A path that climbs far says less than where the file is.
  const pathOf = (source: SourceFile) => {
    const near = relative(resolve(to), source.path)
    return near.startsWith('../../..') ? source.path : near
  }
  const found: InputProposal[] = []
  const measured: Partial<Record<MappedAs, Measured>> = {}
  const dates: { input: MappedAs; dates: readonly DatesFound[] }[] = []
  const currencies: { column: boolean; found: string[]; input: MappedAs }[] = []
  for (const input of mappedNames) {
    const own = roles[input]
    if (own === undefined) continue
    onStep(input)
    const columns = columnsIn(own.role, own.looks, besideOf(input, roles))
    const byWords = roles.repayments === undefined && isStatusPlan((column) => columns.chosen.some(({ name }) => name === column))
    const done = await inputProposal(engine, input, own, columns, pathOf, scratch, byWords)
    measured[input] = { whole: done.whole, amounts: done.amounts, looks: own.looks }
    dates.push({ input, dates: done.dates })
    currencies.push({ input, column: done.whole.has('currency'), found: done.currencies })
    found.push(done.proposal)
  }
  const joins: Partial<Record<MappedAs, readonly string[]>> = {}
  const apart: Entry[] = []
  for (const input of ['schedule', 'statements', 'repayments'] as const) {
    if (measured.loans === undefined || measured[input] === undefined) continue
    const { notes, none } = await joined(measured.loans.whole, measured[input].whole, input)
    joins[input] = notes
    if (none) apart.push(...notTheSame(input, measured.loans.looks[0]!, measured[input].looks[0]!, found))
  }
  const codes = currencies.flatMap(({ found: some }) => some)
  const currency = currencyEntries(currencies, measured)
  const known = [...codes, ...currency.flatMap(({ value }) => (value === undefined ? [] : [value]))]
  const units = await unitEntries(measured, known.length > 0 && known.every((code) => decimalsOf(code) === 0))
  const has = (input: MappedAs, column: string) => found.find((one) => one.input === input)?.columns.some((one) => (columnsOf(input)[one.column]?.as ?? one.column) === column) === true
  const allDates = dates.flatMap(({ dates: some }) => some)
  const top = [...zoneEntries(allDates), ...dayEntries(Object.values(roles).flatMap(({ looks: some }) => some), allDates.filter(({ column }) => column.name === 'paid_on'), roles.schedule !== undefined || roles.statements !== undefined || [termsBegin, ...lendersDates].some((column) => has('loans', column))), ...currency, ...tables.map(({ table, look: { source } }) => proposed(['inputs', table, 'files'], scalar(pathOf(source)), 'sure', 'its headers are those of this table')), ...missingInputs(roles, has, sources.map(pathOf)), ...guarantors(found)]
  return { top, inputs: found.map((one) => ({ ...one, notes: [...one.notes, ...(joins[one.input] ?? [])], entries: [...hinted(inPlace(one.entries, apart.filter(({ path }) => path[1] === one.input)), one.input, dates.find(({ input }) => input === one.input)!.dates, dates), ...units.filter(({ path }) => path[1] === one.input)] })), unused: [...unused.map(({ look: of, why }) => ({ file: pathOf(of.source), why })), ...unread.map(({ source, error }) => ({ file: pathOf(source), why: error.says }))] }
}

/** What is asked of a setting stands in the place of what was proposed. */
function inPlace(entries: readonly Entry[], others: readonly Entry[]): Entry[] {
  const key = ({ path }: Entry) => path.join('.')
  return [...entries.map((one) => others.find((other) => key(other) === key(one)) ?? one), ...others.filter((other) => !entries.some((one) => key(one) === key(other)))]
}

/** Accounts of which none is in loans: the id is asked for, with the headers that would join. */
function notTheSame(input: MappedAs, loans: Look, other: Look, found: readonly InputProposal[]): Entry[] {
  const taken = (of: MappedAs) => found.find((one) => one.input === of)?.columns.find(({ column }) => column === 'account_id')?.header
  const pairs = pairsOf(loans, other)
  const said = pairs.length === 0 ? 'no two headers have a value in common in the first rows' : pairs.slice(0, 4).map(([one, two]) => `${one} of loans and ${two} have values in common`).join('; ')
  const of = (of: MappedAs, headers: readonly string[]) => asked(['inputs', of, 'headers', 'account_id'], [...new Set([...headers, taken(of)!])].map(scalar), `Which header is the account? No account of ${input} is in loans: ${said}.`)
  return [of(input, pairs.map(([, two]) => two)), ...(pairs.some(([one]) => one !== taken('loans')) ? [of('loans', pairs.map(([one]) => one))] : [])]
}

/** What the other inputs are, as far as it decides what is asked of one. */
function besideOf(input: MappedAs, roles: Partial<Record<MappedAs, Assigned>>): Beside {
  const others = mappedNames.filter((other) => other !== input).flatMap((other) => (roles[other] === undefined ? [] : [roles[other]]))
  return {
    schedule: roles.schedule !== undefined,
    repayments: roles.repayments !== undefined,
    headers: others.map(({ looks: [first] }) => first!.headers),
    accounts: others.map(({ role, looks: [first] }) => new Set((role.columns.get('account_id') ?? []).flatMap(({ at }) => valuesOf(first!, at)))),
  }
}

async function inputProposal(engine: Engine, input: MappedAs, { looks, role, rivals, sharedWith }: Assigned, columns: ColumnsFound, pathOf: (source: SourceFile) => string, scratch: string, byWords: boolean) {
  const at = (...path: string[]) => ['inputs', input, ...path]
  const files = looks.map(({ source }) => pathOf(source))
  const noData = looks.map(noDataIn)
  const repeated = noData.find((one) => one.repeated !== undefined)?.repeated
  const patterns = [...new Set(noData.flatMap((one) => one.patterns))]
  const maybe = columns.open.flatMap(({ column, headers }) => headers.map((header, place) => ({ column, name: `${column} ${place}`, header })))
  const whole = await wholeOf(engine, input, looks, [...columns.chosen, ...maybe], patterns, repeated !== undefined, scratch)
  const entries: Entry[] = [
    sharedWith !== undefined
      ? asked(at('files'), [filesSaid(files)], `No file is ${input} alone. Is ${files.join(', ')}, which is ${sharedWith}, ${input} too${knownSaid(columns)}? Where it is not, take all of ${input} out.`)
      : rivals.length > 0
      ? asked(at('files'), [files, ...rivals.map((some) => some.map(({ source }) => pathOf(source)))].map(filesSaid), `Which file is ${input}? Several look like it.`)
      : proposed(at('files'), globOf(looks, pathOf) ?? filesSaid(files), role.missing.length === 0 ? 'sure' : 'likely', `${rowsSaid(whole.rows)}${files.length > 1 ? ` in ${files.length} files with one header; a loan or payment that stands in two of them is a duplicate` : ''}`),
    ...textEntries(input, looks, columns),
    ...lateEncoding(input, whole, looks),
  ]
  const stated = looks.length === 1 ? withRows(noData[0]!, whole.rows + whole.loaded.files.reduce((sum, { brokenCount }) => sum + brokenCount, 0), looks[0]!.delimiter) : patterns
  const leaveOut = [...new Set([...stated, ...brokenFooters(whole)])]
  if (repeated !== undefined) entries.push(proposed(at('repeated_header'), 'true', 'sure', `line ${repeated} is the header again`))
  const unpaid = sharedWith !== undefined && input === 'repayments' ? await notPaid(whole, looks, columns) : []
  const left = patterns.slice(0, 2)
  if (leaveOut.length + unpaid.length > 0) entries.push(proposed(at('leave_out'), list([...leaveOut, ...unpaid].map(scalar)), 'sure', `no data: ${[...(left.length === 0 && leaveOut.length > 0 ? ['footers with fewer fields'] : left), ...unpaid.map(() => 'rows without a day of payment')].join(', ')}`))
  entries.push(...columns.entries)
  const is = (column: string, kind: string) => columnsOf(input)[column]?.type === kind || (kind === 'date' && column === termsBegin) || (kind === 'money' && columnsOf(input)[column]?.holds === 'amount')
  const dates: DatesFound[] = []
  for (const column of columns.chosen) if (is(column.name, 'date')) dates.push(await datesIn(whole, column, looks))
  for (const { column, headers } of columns.open) if (is(column, 'date') && headers.length > 0) dates.push(await datesOfAny(whole, looks, maybe.filter((one) => one.column === column)))
  const amounts = await amountsIn(whole, columns.chosen.filter(({ name }) => is(name, 'money')), maybe.filter(({ column }) => is(column, 'money')), (column) => columnsOf(input)[column]?.required === true)
  entries.push(...dateEntries(input, dates), ...numberEntries(input, amounts, looks), ...blankEntries(input, [...dates.filter(({ column }) => columnsOf(input)[column.name]?.required !== true).flatMap(({ blanks }) => blanks), ...amounts.blanks]))
  const currencies: string[] = []
  for (const column of columns.chosen) {
    // Beside payments, or what was paid of each, the words of a plan say nothing of their own.
    if (input === 'schedule' && column.name === 'status' && !byWords) continue
    const { entries: some, found } = await valueEntries(whole, input, column, looks)
    entries.splice(0, entries.length, ...inPlace(entries, some))
    if (column.name === 'currency') currencies.push(...found)
  }
  const keys = await keyEntries(whole, input)
  entries.push(...keys.entries)
  const notes = [...(byWords && input === 'schedule' ? ['no file is repayments: what is paid goes by the words of the plan, and every report says so'] : []), ...columns.notes, ...keys.notes, ...readNotes(dates, amounts), ...(input === 'repayments' ? refundNotes(amounts) : []), ...brokenNotes(whole.loaded.files.reduce((sum, { brokenCount }) => sum + brokenCount, 0))]
  return { proposal: { input, files, rows: whole.rows, columns: columns.chosen.map(({ name, header }) => ({ column: name, header })), passed: columns.passed, entries, notes }, whole, amounts, dates, currencies }
}

/** Rows of a file that is another input too on which nothing was paid. */
async function notPaid(whole: Whole, looks: readonly Look[], { chosen }: ColumnsFound): Promise<string[]> {
  const paid = chosen.find(({ name }) => name === 'paid_on')
  const [{ headers, delimiter }] = looks as [Look, ...Look[]]
  if (paid === undefined || (await differing(whole, ['paid_on'])).filled === whole.rows) return []
  return ['*'.concat(delimiter).repeat(headers.indexOf(paid.header))]
}

const knownSaid = ({ chosen }: ColumnsFound) => {
  const known = chosen.filter(({ name }) => name !== 'account_id').map(({ name, header }) => `${header} (${name})`)
  return known.length === 0 ? '' : `, by ${known.join(', ')}`
}

const filesSaid = (files: readonly string[]) => (files.length === 1 ? scalar(files[0]!) : list(files.map(scalar)))

function blankEntries(input: string, found: readonly Counted[]): Entry[] {
  const counts = new Map<string, number>()
  for (const { value, rows } of found) counts.set(value, (counts.get(value) ?? 0) + rows)
  if (counts.size === 0) return []
  const values = [...counts].map(([value, rows]) => ({ value, rows }))
  return [proposed(['inputs', input, 'blanks'], list(values.map(({ value }) => scalar(value))), 'likely', `they stand for none: ${countedSaid(values)}`)]
}

const readNotes = (dates: readonly DatesFound[], { read, of }: AmountsFound): string[] => [
  ...dates.filter(({ unread }) => unread.length > 0).map(({ column, unread }) => `${column.header}: no day can be read in ${countedSaid(unread)}; such rows are rejected`),
  ...(read < of ? [`no amount can be read in ${rowsSaid(of - read)}: they are rejected`] : []),
]

/** Some books write what was received as below zero: here that is money given back. */
function refundNotes({ forms }: AmountsFound): string[] {
  const below = forms.filter(({ form }) => /^[^9]{0,4}[-\u2212(]|[-\u2212]$/.test(form)).reduce((sum, { rows }) => sum + rows, 0)
  const all = forms.reduce((sum, { rows }) => sum + rows, 0)
  return below > all / 2 ? [`${rowsSaid(below)} of ${grouped(all)} are below zero, and read as refunds: if they are what was received, export them above zero`] : []
}

const brokenNotes = (count: number): string[] => (count === 0 ? [] : [`broken records, which are rejected: ${grouped(count)} (too few or too many fields, a quote that does not close, bytes of another encoding); check shows them`])

/** Inputs that no file looks like, and that are needed. */
function missingInputs(roles: Partial<Record<MappedAs, Assigned>>, has: (input: MappedAs, column: string) => boolean, files: readonly string[]): Entry[] {
  const plans = roles.schedule !== undefined || roles.statements !== undefined
  const missing = inputNames.filter((input) => roles[input] === undefined && !(input === 'schedule' && plans) && !notNeeded(input, (other, column) => has(other, column), plans))
  return missing.map((input) => asked(['inputs', input, 'files'], files.map(scalar), `No file looks like ${input}: it needs ${Object.entries(columnsOf(input)).filter(([, { required }]) => required === true).map(([name]) => name).join(', ')}${input === 'schedule' ? ' and amount_due' : ''}.${input === 'repayments' ? ' Where the schedule holds open instalments alone, take repayments out and set inputs.schedule.open_only: true.' : ''}`))
}

/** Money whose reading only the lender knows. */
const guarantors = (found: readonly InputProposal[]): Entry[] =>
  (['compensation', 'buyback'] as const).filter((kind) => found.some(({ entries }) => entries.some(({ path, value }) => path[3] === 'kind' && value === kind))).map((kind) => asked([kind], ['covers', 'ignored'], `Does money of kind ${kind} cover what the borrower owes? For the one who was paid it does; for the one who still collects it does not.`))

