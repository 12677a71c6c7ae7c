import type { Engine } from '../engine/engine.ts'
import { sql } from '../engine/sql.ts'
import { throwAll, UserError } from '../errors.ts'
import type { Settings } from '../settings/load.ts'
import type { InputName, InputSettings, MappedAs } from '../settings/schema.ts'
import { knownCurrencies, scaleOf } from './currencies.ts'
import { inputNames, isOpenPlan, notNeeded } from './inputs.ts'
import { lineEndsIn } from './line-ends.ts'
import { formulations, type Formulation } from './formulations.ts'
import { lineIn, load, plainScale, type Loaded, type Planned } from './load.ts'
import { namesNothing, type MappedColumn, type ReadType } from './mapping.ts'
import { parquetFacts } from './parquet.ts'
import { planFile } from './plan-file.ts'
import { prepared } from './prepared.ts'
import { questions } from './questions.ts'
import { misleads, startScan, type FileFacts } from './records.ts'
import { mustBeUnchanged, ofFile, sourceFiles, streamOf, unreadable } from './source.ts'
import { fieldShapes, type Care } from './typed.ts'

interface Counted extends Loaded {
  /** By the independent count. */
  readonly records: number
  /** sha256 and byte facts, file by file. */
  readonly facts: readonly FileFacts[]
  /** Rows with line ends in columns that should be short. */
  readonly lineEnds: readonly { readonly column: string; readonly rows: number }[]
}

/** One input as read: the kept relation, its files with their facts, and what chooses a formulation. */
export interface ReadInput extends Counted, Formulation {}

/** Passed-through columns of loans with their types, in the order of the export: known before anything is loaded. */
export function passedColumns(plans: Plans): { name: string; type: ReadType }[] {
  const found = new Map(plans.loans.files.flatMap((file) => file.mapping.columns.filter((column) => column.role === 'passed').map((column) => [column.name, column.type] as const)))
  return [...found].map(([name, type]) => ({ name, type }))
}

export interface Book {
  readonly loans: ReadInput
  readonly schedule: ReadInput
  readonly repayments: ReadInput
  readonly currencies: readonly string[]
  readonly scale: number
}

export type Plans = Readonly<Record<InputName, { readonly files: readonly Planned[]; readonly care: Care }>>

/** Loads strictly beside an independent count, repairs where needed, and asks about values that nothing maps. `ofAll`: the currencies, where the plans hold a part of a book. */
export async function read(engine: Engine, given: Plans, settings: Settings, scratch: string, onStep: (step: string) => void = () => {}, ofAll?: readonly string[]): Promise<Book> {
  const plans = { ...given }
  if (settings.threads === undefined && inputNames.flatMap((input) => plans[input].files).reduce((bytes, { source }) => bytes + source.bytes, 0) < worthThreads) await engine.useOneThread()
  for (const input of inputNames) if (plans[input].files.some(({ form }) => form !== undefined)) plans[input] = { ...plans[input], files: await prepared(plans[input].files, scratch, input) }
  const jobs = inputNames.flatMap((input) => plans[input].files.filter((file) => file.source.format !== 'parquet'))
  const scan = startScan(jobs.map((file) => ({ source: streamOf(file.source), shape: file.shape, plain: file.plain === true ? { fields: fieldShapes(file.mapping), scale: plainScale } : undefined })))
  scan.facts.catch(() => {})
  try {
    onStep('loans')
    let loans = await load(engine, 'loans', plans.loans.files, plans.loans.care, scratch, 2)
    const currencies = ofAll ?? await currenciesOf(engine, loans, settings)
    const scale = scaleOf(currencies)
    if (scale !== 2) {
      engine.setScale(scale)
      loans = await load(engine, 'loans', plans.loans.files, plans.loans.care, scratch, scale)
    }
    const loaded: Record<string, Loaded> = { loans }
    for (const input of ['schedule', 'repayments'] as const) {
      onStep(input)
      loaded[input] = await load(engine, input, plans[input].files, plans[input].care, scratch, scale)
    }
    onStep('count')
    const facts = new Map<string, FileFacts>()
    for (const [at, one] of (await scanned(scan.facts, jobs)).entries()) facts.set(jobs[at]!.source.path, { ...one, ...asStored(jobs[at]!) })
    const book: Record<string, unknown> = { currencies, scale }
    const errors: UserError[] = []
    for (const input of inputNames) {
      const again = loadAgain(plans[input], loaded[input]!, facts)
      if (again !== undefined) loaded[input] = await load(engine, input, again.files, again.care, scratch, scale)
    }
    const chosen = await formulations(engine, loaded as Record<InputName, Loaded>, settings, scale)
    for (const input of inputNames) {
      const finished = { ...(await finish(engine, loaded[input]!, facts, settings.inputs[input])), ...chosen[input] }
      errors.push(...(await questions(engine, finished, settings)))
      book[input] = finished
    }
    throwAll(errors)
    return book as unknown as Book
  } finally {
    scan.stop()
  }
}

/** A private copy is told by the file that was given. */
const asStored = ({ found }: Planned) => (found === undefined ? {} : { bytes: found.bytes, sha256: found.sha256 })

/** Bytes below which one thread is as fast as several, and leaves the others alone. */
const worthThreads = 4 << 20

/** Bytes from which on a proof of every record costs less than guards on every value. */
const worthProving = 4 << 20

/** Finds the files and matches their headers; all that is wrong with them is said at once, and nothing has run. */
export async function planInputs(engine: Engine, settings: Settings, plainFrom = worthProving): Promise<Plans> {
  const errors: UserError[] = []
  const plans = {} as Record<InputName, { files: Planned[]; care: Care }>
  for (const input of inputNames) {
    const own = { ...settings.inputs[input], asked: settings.known_on !== undefined }
    const statements = input === 'schedule' ? settings.inputs.statements : undefined
    if (own.files === undefined && statements?.files === undefined) {
      if ((input === 'repayments' && settings.inputs.schedule.open_only) || notNeeded(input, (other, column) => has(plans[other], column), (plans.schedule?.files.length ?? 0) > 0)) {
        plans[input] = { files: [], care: { trim: false, nul: false } }
        continue
      }
      errors.push(new UserError('input-missing', { value: input }))
      continue
    }
    const files: Planned[] = []
    let care: Care = { trim: false, nul: false }
    const plan = async (as: MappedAs, of: InputSettings) => {
      const planned: Planned[] = []
      for (const source of sourceFiles(of.files ?? [])) {
        const one = await planFile(engine, as, source, of, settings.zone, plainFrom)
        errors.push(...one.errors)
        care = { trim: care.trim || one.care.trim, nul: care.nul || one.care.nul }
        planned.push(one.file)
      }
      errors.push(...namesNothing(as, planned.map((file) => file.mapping), of))
      return planned
    }
    try {
      files.push(...(await plan(input, own)))
      if (statements?.files !== undefined) files.push(...numbered(await plan('statements', statements), files))
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      errors.push(error)
    }
    if (input === 'loans' && settings.currency === undefined && files.some((file) => !file.mapping.columns.some((column) => column.name === 'currency')))
      errors.push(new UserError('currency-missing', { input }))
    plans[input] = { files, care }
  }
  if (errors.length === 0) errors.push(...otherDay(settings, plans), ...knownByNobody(settings, plans))
  throwAll(errors)
  return plans
}

/** Statements have no numbers: where the rows of plans have them, all of theirs are 0, and their day tells them apart. */
function numbered(statements: readonly Planned[], plans: readonly Planned[]): Planned[] {
  if (plans.some(({ mapping }) => !mapping.columns.some(({ name }) => name === 'instalment_no'))) return [...statements]
  const no: MappedColumn = { name: 'instalment_no', header: '0', at: -1, type: 'int', mustBeFilled: false, role: 'used', values: {}, constant: '0' }
  return statements.map((file) => ({ ...file, mapping: { ...file.mapping, columns: [...file.mapping.columns.filter(({ name }) => name !== 'instalment_no'), no] } }))
}

/** Whether a file of an input has a column. */
const has = (of: Plans[InputName] | undefined, column: string) => of !== undefined && of.files.some(({ mapping }) => mapping.columns.some(({ name }) => name === column))


/** To see a book as known on a day somebody must say when its money became known. */
const knownByNobody = ({ known_on }: Settings, { repayments }: Plans): UserError[] =>
  known_on === undefined || has(repayments, 'received_on') ? [] : [new UserError('known-on-not-given', { value: known_on })]

/** A plan of what is open is that of one day: the day of the export, where it is not stated the last of those asked for. */
export function otherDay(settings: Settings, { schedule, repayments }: Plans, days: readonly string[] = [settings.as_of]): UserError[] {
  const open = isOpenPlan((column) => has(schedule, column)) || (settings.inputs.schedule.open_only && schedule.files.length > 0)
  const own = settings.data_through ?? days.at(-1)
  const other = days.find((day) => day !== own)
  if (schedule.files.length === 0 && repayments.files.length === 0 && other !== undefined) return [new UserError('lenders-word-of-another-day', { value: other, other: own })]
  return open && other !== undefined ? [new UserError('open-plan-of-another-day', { value: other, other: own })] : []
}

/** What the facts of the whole file say that its first bytes did not: another formulation, or a reader that was misled. */
function loadAgain({ files, care }: Plans[InputName], loaded: Loaded, facts: ReadonlyMap<string, FileFacts>) {
  const own = files.map((file) => facts.get(file.source.path))
  const trim = care.trim || own.some((one) => one?.edgeBlanks)
  const nul = care.nul || own.some((one) => one?.nul)
  const mend = own.map((one, at) => one !== undefined && misleads(one) && !loaded.files[at]!.repaired)
  const unproved = own.map((one, at) => loaded.files[at]!.unguarded && one?.plain !== true)
  if (trim === care.trim && nul === care.nul && !mend.includes(true) && !unproved.includes(true)) return undefined
  return { care: { trim, nul }, files: files.map((file, at) => (mend[at] || unproved[at] ? { ...file, mend: mend[at]!, plain: false } : file)) }
}

async function finish(engine: Engine, loaded: Loaded, facts: ReadonlyMap<string, FileFacts>, own: InputSettings): Promise<Counted> {
  const { input } = loaded
  const fileFacts: FileFacts[] = []
  for (const file of loaded.files) {
    mustBeUnchanged(file.source)
    const known = facts.get(file.source.path) ?? (await parquetFacts(engine, file.source.path).catch(ofFile(file.source)))
    fileFacts.push(known)
    // A file that had to be repaired was counted by the scanner itself; a sound one is held against the count made beside the load.
    if (!file.repaired && known.records !== file.rows) throw new UserError('count-differs', { input: file.source.shown, value: file.rows, other: known.records })
    if (file.cutAt !== undefined) throw new UserError('file-cut', { file: file.source.shown, other: lineIn(file, file.cutAt), input })
    const stated = file.found?.stated
    if (stated !== undefined && stated.rows !== file.rows + file.brokenCount) throw new UserError('footer-differs', { file: file.source.shown, value: stated.rows, other: stated.line, count: file.rows + file.brokenCount })
    if (file.rows + file.brokenCount === 0 && !own.allow_empty) throw new UserError('file-no-rows', { file: file.source.shown, input })
  }
  const records = loaded.files.reduce((sum, file, at) => sum + (file.repaired ? file.rows + file.brokenCount : fileFacts[at]!.records), 0)
  return { ...loaded, records, facts: fileFacts, lineEnds: await lineEndsIn(loaded, fileFacts, engine) }
}

/** A file that broke off under the count: which one, and how. */
async function scanned(facts: Promise<FileFacts[]>, files: readonly Planned[]): Promise<FileFacts[]> {
  try {
    return await facts
  } catch (error) {
    const { at } = error as { at?: number }
    throw at === undefined ? error : unreadable(files[at]!.source, error)
  }
}

async function currenciesOf(engine: Engine, loans: Loaded, settings: Settings): Promise<string[]> {
  const found = loans.columns.some((column) => column.name === 'currency')
    ? (await engine.rows(sql`SELECT DISTINCT currency FROM ${loans.rows} WHERE currency IS NOT NULL ORDER BY currency`)).map((row) => String(row.currency))
    : []
  return knownCurrencies(found, settings.currency)
}
