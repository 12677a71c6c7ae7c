import { existsSync } from 'node:fs'
import { dirname, isAbsolute, join, resolve } from 'node:path'
import { escapePath } from 'tinyglobby'
import type { ConventionsInForce } from './convention-fields.ts'
import { UserError } from '../errors.ts'
import { inputNames } from '../read/inputs.ts'
import { nextWorkDay, resolveDay } from './as-of.ts'
import { conventionsOf } from './conventions.ts'
import { presetOf } from './presets.ts'
import { settingsSchema, type RawSettings } from './schema.ts'
import { readTables, type Tables } from './tables.ts'
import { noFile, readSettings, type PlaceOf } from './settings-file.ts'
import { typedValue, type TypedKey } from './typed.ts'

/** Settings as typed on the command line; each overrides the file. Paths here are relative to the working directory. */
export interface FlagSettings {
  readonly config?: string | undefined
  readonly loans?: readonly string[] | undefined
  readonly schedule?: readonly string[] | undefined
  readonly repayments?: readonly string[] | undefined
  readonly statements?: readonly string[] | undefined
  readonly pauses?: readonly string[] | undefined
  readonly holidays?: readonly string[] | undefined
  readonly rules?: string | undefined
  /** Names separated by commas, all or none. */
  readonly reports?: string | undefined
  /** Columns separated by commas. */
  readonly by?: string | undefined
  readonly asOf?: string | undefined
  readonly workOn?: string | undefined
  readonly knownOn?: string | undefined
  readonly out?: string | undefined
  readonly engine?: string | undefined
  readonly threads?: string | undefined
  readonly memory?: string | undefined
  readonly allowPartialDay?: boolean | undefined
  readonly keepEvidence?: boolean | undefined
  readonly blastRadius?: boolean | undefined
}

export interface Settings extends Omit<RawSettings, 'as_of' | 'work_on' | 'conventions' | 'contagion'> {
  readonly contagion: NonNullable<RawSettings['contagion']>
  readonly conventions: ConventionsInForce
  /** Pauses and holidays, read. */
  readonly tables: Tables
  readonly as_of: string
  readonly work_on: string
  readonly allow_partial_day: boolean
  /** The settings file as typed, where there is one. */
  readonly file: string | undefined
  /** Where in the settings file a setting stands, and where its name does. */
  readonly placeOf: PlaceOf
  readonly placeOfKey: PlaceOf
  /** Where each top-level key came from. */
  readonly origin: Readonly<Record<string, 'flag' | 'file' | 'preset' | 'default'>>
}

const defaultFile = 'arrears.yaml'

/** Flags over file over defaults. `forRun`: what work_on means when nobody says. */
export function loadSettings(flags: FlagSettings, forRun: boolean, now?: number): Settings {
  const file = flags.config ?? (existsSync(defaultFile) ? defaultFile : undefined)
  if (flags.config !== undefined && !existsSync(flags.config)) throw new UserError('settings-not-found', { value: flags.config })
  const { raw, stated, placeOf, placeOfKey } = file === undefined ? noFile() : readSettings(file)
  const base = file === undefined ? process.cwd() : dirname(resolve(file))
  const over = (key: TypedKey, value: unknown) => (value === undefined ? {} : { [key]: typedValue(key, value, flags[key]) })

  const inputs = { ...raw.inputs }
  for (const input of [...inputNames, 'statements'] as const) {
    const typed = flags[input]
    const files = typed !== undefined && typed.length > 0 ? typed.map((path) => anchored(process.cwd(), path)) : raw.inputs[input].files?.map((path) => anchored(base, path))
    Object.assign(inputs, { [input]: { ...raw.inputs[input], ...(files === undefined ? {} : { files }) } })
  }
  const tableFiles = (table: 'pauses' | 'holidays' | 'control_totals') => {
    const typed = table === 'control_totals' ? undefined : flags[table]
    return typed !== undefined && typed.length > 0 ? typed.map((path) => resolve(path)) : raw.inputs[table].files?.map((path) => resolve(base, path))
  }
  const tables = readTables({ pauses: tableFiles('pauses'), holidays: tableFiles('holidays'), control_totals: tableFiles('control_totals') })
  const rules = flags.rules !== undefined ? resolve(flags.rules) : raw.rules === undefined ? undefined : resolve(base, raw.rules)
  const merged = {
    ...raw,
    ...over('threads', flags.threads === undefined ? undefined : Number(flags.threads)),
    ...over('memory', flags.memory),
    ...over('engine', flags.engine),
    ...(forRun ? over('reports', reportsTyped(raw.reports, flags)) : {}),
    ...(flags.blastRadius === true ? { blast_radius: true } : {}),
    inputs,
    tables,
    conventions: conventionsOf(raw.conventions, presetOf(raw.preset).conventions),
    contagion: raw.contagion ?? presetOf(raw.preset).contagion ?? 'none',
    // The stated tiers go before those of the preset.
    tiers: stated.has('tiers') ? raw.tiers : presetOf(raw.preset).tiers.map((tier) => ({ ...tier })),
    rules,
    keep_evidence: flags.keepEvidence ?? raw.keep_evidence,
    out: flags.out !== undefined ? resolve(flags.out) : resolve(base, raw.out),
  }
  const day = (word: string, key: 'as_of' | 'work_on' | 'known_on' | 'data_through', typed: boolean) => resolveDay(word, key, raw.zone, now, typed ? {} : placeOf(key), placeOf('zone'))
  const as_of = day(flags.asOf ?? raw.as_of, 'as_of', flags.asOf !== undefined)
  // --as-of without --work-on drops the stated work day: it belonged to another as-of date.
  const statedWorkOn = flags.workOn ?? (flags.asOf === undefined ? raw.work_on : undefined)
  const work_on = statedWorkOn !== undefined ? day(statedWorkOn, 'work_on', flags.workOn !== undefined) : forRun ? nextWorkDay(as_of, raw.work_days, tables.holidays.filter(({ region }) => region === '' || region === (raw.work_region ?? onlyRegion(tables)))) : as_of
  const statedKnownOn = flags.knownOn ?? raw.known_on
  const known_on = statedKnownOn === undefined || statedKnownOn === 'as_of' ? statedKnownOn : day(statedKnownOn, 'known_on', flags.knownOn !== undefined)
  if (known_on !== undefined && known_on !== 'as_of' && known_on < as_of) throw new UserError('known-on-before-as-of', { value: known_on, other: as_of, ...(flags.knownOn === undefined && flags.asOf === undefined ? placeOf('known_on') : {}) })
  if (raw.data_through !== undefined) day(raw.data_through, 'data_through', false)
  if (work_on < as_of) throw new UserError('work-on-before-as-of', { value: work_on, other: as_of, ...(flags.workOn === undefined ? placeOf('work_on') : {}) })
  if (raw.data_through !== undefined && as_of > raw.data_through && flags.allowPartialDay !== true)
    throw new UserError('as-of-after-data', { value: as_of, other: raw.data_through, ...(flags.asOf === undefined && stated.has('as_of') ? placeOf('as_of') : {}) })
  const flagOf: Record<string, unknown> = { as_of: flags.asOf, work_on: flags.workOn, known_on: flags.knownOn, rules: flags.rules, out: flags.out, threads: flags.threads, memory: flags.memory, engine: flags.engine, blast_radius: flags.blastRadius, keep_evidence: flags.keepEvidence, reports: flags.reports ?? flags.by }
  const origin = Object.fromEntries(
    Object.keys(settingsSchema.shape).map((key) => [key, flagOf[key] !== undefined ? 'flag' : stated.has(key) && (key !== 'work_on' || statedWorkOn !== undefined) ? 'file' : key === 'tiers' && raw.preset !== 'default' ? 'preset' : 'default'] as const),
  )
  return Object.freeze({ ...merged, rules, as_of, work_on, known_on, file, placeOf, placeOfKey, origin, allow_partial_day: flags.allowPartialDay === true }) as Settings
}

/** The region of all holidays, where there is but one. */
function onlyRegion({ holidays }: Tables): string | undefined {
  const regions = new Set(holidays.map(({ region }) => region).filter((region) => region !== ''))
  return regions.size === 1 ? [...regions][0] : undefined
}

/** A glob is looked for in its folder; what the folder's own name holds is no pattern. */
const anchored = (base: string, path: string) => (isAbsolute(path) || existsSync(resolve(base, path)) || !/[*?{[]/.test(path) ? resolve(base, path) : join(escapePath(base), path))

const listed = (typed: string) => typed.split(',').map((one) => one.trim()).filter((one) => one !== '')

/** The reports of the file, as far as nothing else was typed. */
function reportsTyped(raw: RawSettings['reports'], { reports, by }: FlagSettings) {
  if (reports === undefined && by === undefined) return undefined
  return { ...raw, ...(reports === undefined ? {} : { make: reports === 'all' || reports === 'none' ? reports : listed(reports) }), ...(by === undefined ? {} : { by: listed(by) }) }
}
