import { statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Settings } from '../settings/load.ts'
import type { InputName } from '../settings/schema.ts'
import type { Planned } from './load.ts'
import { parseFields } from './fields.ts'
import { knownCurrencies } from './currencies.ts'
import { bare, unblanked } from './ids.ts'
import { eachField, pick } from './pick.ts'
import type { Plans } from './read.ts'
import { inputNames, lendersDates } from './inputs.ts'
import { mustBeUnchanged } from './source.ts'

/** The rows that one account is explained by, as files of their own, with what is known of the whole book. */
export interface OfAccount {
  readonly plans: Plans
  readonly settings: Settings
  /** Of the whole book. */
  readonly currencies: readonly string[]
}

/** A book below this is read whole: that takes no longer. */
const worthPicking = 32 << 20
/** Accounts of one borrower, and values of keys, that are looked for at once. */
const most = 2000

/**
 * Of large plain files only the rows of an account: those of its borrower's other accounts, and those that share a key with them or that
 * they name. Copies keep the lines of their rows. undefined where the whole book must be read: files with quotes over line ends, zipped ones or
 * Parquet, translated ids, and an id that stands nowhere. What only the whole book can say is not asked of the copies: shares of rejects,
 * values that nothing maps in other rows.
 */
export async function ofAccount(plans: Plans, settings: Settings, asked: string, scratch: string, from = worthPicking): Promise<OfAccount | undefined> {
  const all = inputNames.flatMap((input) => plans[input].files)
  if (bare(asked) === '' || all.reduce((sum, { source }) => sum + source.bytes, 0) < from) return undefined
  if (all.some(({ source, mapping, form, shape }) => source.format !== 'csv' || form !== undefined || shape.quote !== '"' || mapping.columns.some(({ name, values, at, reading }) => at === -1 || reading !== undefined || (ids.includes(name) && Object.keys(values).length > 0)))) return undefined
  const rows = new Rows(plans)
  if (!(await rows.add('loans', 'account_id', [asked]))) return undefined
  const borrowers = rows.valuesOf('loans', 'borrower_id')
  if (borrowers.length > 0 && !(await rows.add('loans', 'borrower_id', borrowers))) return undefined
  const accounts = [...new Set([asked, ...rows.valuesOf('loans', 'account_id')])]
  if (accounts.length > most) return undefined
  for (const input of ['schedule', 'repayments'] as const) {
    if (!(await rows.add(input, 'account_id', accounts))) return undefined
    if (!(await addSameKey(rows, input, settings))) return undefined
  }
  if (rows.count === 0) return undefined
  // A payment in another currency than its account's is judged by the loan of that account.
  const others = ['schedule', 'repayments'].flatMap((input) => rows.valuesOf(input as InputName, 'account_id')).filter((id) => !accounts.some((one) => bare(one) === bare(id)))
  if (others.length > most || (others.length > 0 && !(await rows.add('loans', 'account_id', others)))) return undefined
  const own = await ofWholeBook(plans, settings)
  const currencies = await currenciesOf(plans, settings)
  if (own === undefined || currencies === undefined || (await mayBeDamaged(asked, plans))) return undefined
  for (const { source } of all) mustBeUnchanged(source)
  return { plans: rows.written(scratch), settings: own, currencies }
}

const ids: readonly string[] = ['account_id', 'borrower_id', 'payment_id', 'reverses', 'instalment_no']

/** Rows that share a key with those found, whatever account they name, and payments that those take back. */
async function addSameKey(rows: Rows, input: 'schedule' | 'repayments', { inputs }: Settings): Promise<boolean> {
  const { key } = inputs[input]
  const named = input === 'repayments' ? rows.valuesOf(input, 'reverses') : []
  const wanted = new Map<string, string[]>()
  if (!key.includes('account_id')) wanted.set(key[0]!, rows.valuesOf(input, key[0]!))
  if (named.length > 0) wanted.set('payment_id', [...(wanted.get('payment_id') ?? []), ...named])
  for (const [column, values] of wanted) if (values.length > most || (values.length > 0 && !(await rows.add(input, column, values)))) return false
  return true
}

/** What only all rows together say, and what the rows of one account must not be asked. */
async function ofWholeBook(plans: Plans, settings: Settings): Promise<Settings | undefined> {
  const lenient = (input: InputName) => ({ ...settings.inputs[input], max_reject_share: 1, allow_empty: true })
  const own: Settings = { ...settings, implausible_max_share: 1, inputs: { ...settings.inputs, loans: lenient('loans'), schedule: { ...settings.inputs.schedule, ...lenient('schedule') }, repayments: { ...settings.inputs.repayments, ...lenient('repayments') } } }
  if (settings.data_through !== undefined || !plans.loans.files.some(({ mapping }) => mapping.columns.some(({ name }) => name === 'lender_outstanding' || lendersDates.includes(name)))) return own
  // The export's own outstanding holds on its own day: known where no row of repayments is later than as_of.
  let later = false
  const asOf = Buffer.from(settings.as_of)
  for (const { source, mapping, shape } of plans.repayments.files) {
    const at = mapping.columns.find(({ name }) => name === 'paid_on')!.at
    if ((await eachField(source.path, shape.delimiter, at, (buffer, from, to) => void (later ||= buffer.compare(asOf, 0, asOf.length, from, to) > 0))) === undefined) return undefined
  }
  return later ? undefined : own
}

/** The currencies of all loans, in one pass. */
async function currenciesOf({ loans }: Plans, settings: Settings): Promise<string[] | undefined> {
  const found = new Set<string>()
  for (const { source, mapping, shape } of loans.files) {
    const column = mapping.columns.find(({ name, role }) => name === 'currency' && role === 'used')
    if (column === undefined) continue
    const seen = new Set<number>()
    const tell = (buffer: Buffer, from: number, to: number) => {
      let sign = to - from
      for (let at = from; at < to; at++) sign = (Math.imul(sign, 256) + buffer[at]!) | 0
      if (seen.has(sign)) return
      seen.add(sign)
      const value = buffer.toString('utf8', from, to).trim()
      found.add(column.values[value] ?? value)
    }
    if ((await eachField(source.path, shape.delimiter, column.at, tell)) === undefined) return undefined
  }
  return knownCurrencies([...found], settings.currency)
}

/** Whether the id may stand among the loans as a spreadsheet writes long numbers. */
async function mayBeDamaged(asked: string, { loans }: Plans): Promise<boolean> {
  if (!/^\d{10,}$/.test(asked.trim())) return false
  let damaged = false
  for (const { source, mapping, shape } of loans.files) {
    const at = mapping.columns.find(({ name }) => name === 'account_id')!.at
    await eachField(source.path, shape.delimiter, at, (buffer, from, to) => void (damaged ||= to - from > 3 && /^\d[.,]?\d*[eE]/.test(buffer.toString('latin1', from, to))))
  }
  return damaged
}

class Rows {
  private readonly plans: Plans
  private readonly found = new Map<Planned, Map<number, Buffer>>()
  private readonly headers = new Map<Planned, Buffer>()

  constructor(plans: Plans) {
    this.plans = plans
  }

  get count(): number {
    return [...this.found.values()].reduce((sum, lines) => sum + lines.size, 0)
  }

  /** Adds the rows with these values in a column; false where the files cannot be read by lines. */
  async add(input: InputName, column: string, values: readonly string[]): Promise<boolean> {
    for (const file of this.plans[input].files) {
      const at = file.mapping.columns.find(({ name, role }) => name === column && role !== 'rest')?.at
      const picked = await pick(file.source.path, file.shape.delimiter, { column: at ?? file.shape.columns, values: at === undefined ? new Set() : new Set(values) })
      if (picked === undefined) return false
      this.headers.set(file, picked.header)
      const own = this.found.get(file) ?? new Map<number, Buffer>()
      for (const [line, bytes] of picked.lines) own.set(line, bytes)
      this.found.set(file, own)
    }
    return true
  }

  /** The values of a column in the rows found so far. */
  valuesOf(input: InputName, column: string): string[] {
    return [...new Set(this.plans[input].files.flatMap((file) => {
      const at = file.mapping.columns.find(({ name, role }) => name === column && role !== 'rest')?.at
      if (at === undefined) return []
      return [...(this.found.get(file)?.values() ?? [])].flatMap((line) => {
        const text = line.toString('utf8').replace(/\r?\n$/, '')
        const value = unblanked((text.includes('"') ? parseFields(text, file.shape) : text.split(file.shape.delimiter))[at] ?? '')
        return value === '' ? [] : [value]
      })
    }))]
  }

  /** The plans of the copies. */
  written(scratch: string): Plans {
    const copy = (input: InputName, at: number, file: Planned): Planned => {
      const path = join(scratch, `${input}-of-account-${at}.csv`)
      const lines = [...(this.found.get(file) ?? new Map<number, Buffer>())].sort(([a], [b]) => a - b)
      writeFileSync(path, Buffer.concat([this.headers.get(file)!, ...lines.map(([, bytes]) => bytes)]), { mode: 0o600 })
      const { size, mtimeMs, ino } = statSync(path)
      return { ...file, source: { ...file.source, path, bytes: size, changedAt: mtimeMs, inode: ino }, plain: false, lines: lines.map(([line]) => line) }
    }
    return Object.fromEntries(inputNames.map((input) => [input, { ...this.plans[input], files: this.plans[input].files.map((file, at) => copy(input, at, file)) }] as const)) as unknown as Plans
  }
}
