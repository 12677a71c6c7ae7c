import { existsSync, readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { isMap, isPair, isScalar, isSeq, LineCounter, parseDocument, visit, type Document, type Node } from 'yaml'
import type { z } from 'zod'
import { nearest } from '../nearest.ts'
import { throwAll, UserError } from '../errors.ts'
import { nextWorkDay, resolveDay } from './as-of.ts'
import { checkEdges } from './conventions.ts'
import { settingsSchema, type InputName, type RawSettings } from './schema.ts'

/** Settings as typed on the command line; each overrides the file. Paths here are relative to the working directory. */
export interface FlagSettings {
  readonly config?: string | undefined
  readonly loans?: readonly string[] | undefined
  readonly schedule?: readonly string[] | undefined
  readonly repayments?: readonly string[] | undefined
  readonly rules?: string | undefined
  readonly asOf?: string | undefined
  readonly workOn?: string | undefined
  readonly out?: string | undefined
  readonly engine?: string | undefined
  readonly threads?: string | undefined
  readonly memory?: string | undefined
  readonly allowPartialDay?: boolean | undefined
}

export interface Settings extends Omit<RawSettings, 'as_of' | 'work_on'> {
  readonly as_of: string
  readonly work_on: string
  readonly allow_partial_day: boolean
  /** The settings file as typed, where there is one. */
  readonly file: string | undefined
  /** Where each top-level key came from: flag, file or default. */
  readonly origin: Readonly<Record<string, 'flag' | 'file' | 'default'>>
}

const defaultFile = 'arrears.yaml'

/** Flags over file over defaults. `forRun`: what work_on means when nobody says. */
export function loadSettings(flags: FlagSettings, forRun: boolean, now?: number): Settings {
  const file = flags.config ?? (existsSync(defaultFile) ? defaultFile : undefined)
  if (flags.config !== undefined && !existsSync(flags.config)) throw new UserError('settings-not-found', { value: flags.config })
  const { raw, stated } = file === undefined ? { raw: settingsSchema.parse({}), stated: new Set<string>() } : readSettings(file)
  const base = file === undefined ? process.cwd() : dirname(resolve(file))
  const fromFile = (path: string) => resolve(base, path)
  const over = <K extends keyof RawSettings>(key: K, value: unknown) => (value === undefined ? {} : { [key]: checked(key, value) })

  const inputs = { ...raw.inputs }
  for (const input of ['loans', 'schedule', 'repayments'] as InputName[]) {
    const typed = flags[input]
    const files = typed !== undefined && typed.length > 0 ? typed.map((path) => resolve(path)) : raw.inputs[input].files?.map(fromFile)
    inputs[input] = { ...raw.inputs[input], ...(files === undefined ? {} : { files }) }
  }
  const rules = flags.rules !== undefined ? resolve(flags.rules) : raw.rules === undefined ? undefined : fromFile(raw.rules)
  const merged = {
    ...raw,
    ...over('threads', flags.threads === undefined ? undefined : Number(flags.threads)),
    ...over('memory', flags.memory),
    ...over('engine', flags.engine),
    inputs,
    rules,
    out: flags.out !== undefined ? resolve(flags.out) : fromFile(raw.out),
  }
  const as_of = resolveDay(flags.asOf ?? raw.as_of, 'as_of', raw.zone, now)
  // --as-of without --work-on drops the stated work day: it belonged to another as-of date.
  const statedWorkOn = flags.workOn ?? (flags.asOf === undefined ? raw.work_on : undefined)
  const work_on = statedWorkOn !== undefined ? resolveDay(statedWorkOn, 'work_on', raw.zone, now) : forRun ? nextWorkDay(as_of, raw.work_days) : as_of
  if (raw.data_through !== undefined) resolveDay(raw.data_through, 'data_through', raw.zone, now)
  if (work_on < as_of) throw new UserError('work-on-before-as-of', { value: work_on, other: as_of })
  if (raw.data_through !== undefined && as_of > raw.data_through && flags.allowPartialDay !== true)
    throw new UserError('as-of-after-data', { value: as_of, other: raw.data_through })
  const flagOf: Record<string, unknown> = { as_of: flags.asOf, work_on: flags.workOn, rules: flags.rules, out: flags.out, threads: flags.threads, memory: flags.memory, engine: flags.engine }
  const origin = Object.fromEntries(
    Object.keys(settingsSchema.shape).map((key) => [key, flagOf[key] !== undefined ? 'flag' : stated.has(key) ? 'file' : 'default'] as const),
  )
  return Object.freeze({ ...merged, rules, as_of, work_on, file, origin, allow_partial_day: flags.allowPartialDay === true }) as Settings
}

function checked(key: keyof RawSettings, value: unknown) {
  const result = settingsSchema.shape[key].safeParse(value)
  if (!result.success)
    throw new UserError('flag-wrong', { value: `--${key.replaceAll('_', '-')} is "${String(value)}"`, hint: `It should be ${result.error.issues[0]?.message ?? 'another value'}.` })
  return result.data
}

function readSettings(file: string): { raw: RawSettings; stated: Set<string> } {
  const lines = new LineCounter()
  const doc = parseDocument(readFileSync(file, 'utf8'), { lineCounter: lines, prettyErrors: false })
  const at = (offset: number) => ({ file, line: lines.linePos(offset).line, column: lines.linePos(offset).col })
  throwAll(doc.errors.map((error) => new UserError('settings-unreadable', { value: error.message, ...at(error.pos[0]) })))
  const aliases: UserError[] = []
  visit(doc, { Alias: (_, node) => void aliases.push(new UserError('settings-wrong', { value: `An alias (*${node.source}) stands here`, hint: 'Write the value out; aliases are not used in settings.', ...at(node.range![0]) })) })
  throwAll(aliases)
  const plain = doc.contents === null ? {} : plainOf(doc.contents as Node)
  const result = settingsSchema.safeParse(plain)
  if (!result.success) throwAll(result.error.issues.flatMap((issue) => issueErrors(issue, doc, at)))
  const errors = checkEdges(result.data!)
  throwAll(errors)
  return { raw: result.data!, stated: new Set(Object.keys(plain as object)) }
}

/** Values as written: YAML would read 012 as 12 and lose the digits of a long id. Real numbers are kept where they read alike. */
function plainOf(node: Node): unknown {
  if (isMap(node)) return Object.fromEntries(node.items.map((pair) => [String(isScalar(pair.key) ? (pair.key.source ?? pair.key.value) : pair.key), pair.value === null ? null : plainOf(pair.value as Node)]))
  if (isSeq(node)) return node.items.map((item) => (isPair(item) ? item : plainOf(item as Node)))
  if (isScalar(node)) {
    const { value, source } = node
    if (typeof value === 'number' && source !== undefined && String(value) !== source && !/^[-+]?\d*\.\d+$/.test(source)) return source
    return value
  }
  return null
}

type Issue = z.core.$ZodIssue
type At = (offset: number) => { file: string; line: number; column: number }

function issueErrors(issue: Issue, doc: Document, at: At): UserError[] {
  const path = issue.path as (string | number)[]
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => {
      const known = knownKeys(path)
      const close = nearest(key, known)
      return new UserError('settings-wrong', {
        value: `${[...path, key].join('.')} is not a setting`,
        hint: close === undefined ? `Known here: ${known.join(', ')}.` : `Did you mean "${close}"?`,
        ...at(offsetOf(doc, [...path, key], true)),
      })
    })
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    const branch = [...issue.errors].sort((a, b) => a.length - b.length)[0]!
    return branch.flatMap((inner) => issueErrors({ ...inner, path: [...path, ...inner.path] } as Issue, doc, at))
  }
  return [new UserError('settings-wrong', { value: `${path.join('.') || 'The file'}: ${issue.message}`, hint: 'See docs/settings.md for what may stand here.', ...at(offsetOf(doc, path, false)) })]
}

function knownKeys(path: readonly (string | number)[]): string[] {
  let schema: unknown = settingsSchema
  for (const step of path) {
    let inner = schema as { shape?: Record<string, unknown>; _zod?: { def?: { innerType?: unknown } } }
    while (inner.shape === undefined && inner._zod?.def?.innerType !== undefined) inner = inner._zod.def.innerType as typeof inner
    schema = inner.shape?.[step]
  }
  let inner = schema as { shape?: Record<string, unknown>; _zod?: { def?: { innerType?: unknown } } } | undefined
  while (inner !== undefined && inner.shape === undefined && inner._zod?.def?.innerType !== undefined) inner = inner._zod.def.innerType as typeof inner
  return Object.keys(inner?.shape ?? {})
}

/** Where the value (or its key) stands; where it is missing, the map that should hold it. */
function offsetOf(doc: Document, path: readonly (string | number)[], ofKey: boolean): number {
  for (let length = path.length; length > 0; length--) {
    const parent = length === 1 ? doc.contents : doc.getIn(path.slice(0, length - 1), true)
    if (isMap(parent)) {
      const pair = parent.items.find((item) => isScalar(item.key) && String(item.key.value) === String(path[length - 1]))
      const node = (ofKey || length < path.length ? pair?.key : (pair?.value ?? pair?.key)) as Node | undefined
      if (node?.range) return node.range[0]
    }
    if (isSeq(parent)) {
      const node = parent.items[Number(path[length - 1])] as Node | undefined
      if (node?.range) return node.range[0]
    }
  }
  return (doc.contents as Node | null)?.range?.[0] ?? 0
}
