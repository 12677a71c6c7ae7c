import { readFileSync } from 'node:fs'
import { isMap, isPair, isScalar, isSeq, LineCounter, parseDocument, visit, type Document, type Node } from 'yaml'
import type { z } from 'zod'
import { closeOr } from '../nearest.ts'
import { throwAll, UserError, type Place } from '../errors.ts'
import { checkConventions, checkEdges } from './conventions.ts'
import { checkMappings } from './mappings.ts'
import { openQuestions } from './open-questions.ts'
import { presetOf } from './presets.ts'
import { settingsSchema, type RawSettings } from './schema.ts'

interface SettingsFile {
  readonly raw: RawSettings
  /** The top-level keys that it states. */
  readonly stated: ReadonlySet<string>
  /** Where a key's value, or what stands in it, is found; nowhere where the file does not state it. */
  readonly placeOf: PlaceOf
  /** Where its name stands. */
  readonly placeOfKey: PlaceOf
}

export type PlaceOf = (key: keyof RawSettings, ...path: (string | number)[]) => Place

export const noFile = (): SettingsFile => ({ raw: settingsSchema.parse({}), stated: new Set(), placeOf: () => ({}), placeOfKey: () => ({}) })

/** All that is wrong with a settings file is said at once, each with its line and column. */
export function readSettings(file: string): SettingsFile {
  const { text, doc, at } = parsed(file)
  throwAll(doc.errors.map((error) => new UserError('settings-unreadable', { value: error.message, ...at(error.pos[0]) })))
  const aliases: UserError[] = []
  visit(doc, { Alias: (_, node) => void aliases.push(new UserError('settings-wrong', { value: `An alias (*${node.source}) stands here`, hint: 'Write the value out; aliases are not used in settings.', ...at(node.range![0]) })) })
  throwAll(aliases)
  throwAll(openQuestions(doc, text, at))
  let plain: unknown = (doc.contents === null ? null : plainOf(doc.contents as Node)) ?? {}
  let result = settingsSchema.safeParse(plain)
  if (!result.success) {
    plain = asWritten(plain, result.error.issues, doc)
    result = settingsSchema.safeParse(plain)
  }
  if (!result.success) throwAll(result.error.issues.flatMap((issue) => issueErrors(issue, doc, at)))
  const stated = new Set(Object.keys(plain as object))
  const placed = (ofKey: boolean) => (key: string, ...path: (string | number)[]) => (stated.has(key) ? at(offsetOf(doc, [key, ...path], ofKey)) : {})
  const placeOf = placed(false)
  throwAll([
    ...checkEdges(result.data!, (list, index) => placeOf(list, ...(index === undefined ? [] : [index]))),
    ...checkMappings(result.data!, (...path) => placeOf('inputs', ...path)),
    ...checkConventions({ ...result.data!, tiers: stated.has('tiers') ? result.data!.tiers : presetOf(result.data!.preset).tiers }, (...path) => placeOf('conventions', ...path)),
  ])
  return { raw: result.data!, stated, placeOf, placeOfKey: placed(true) }
}

/** The questions that a settings file leaves open. */
export function questionsIn(file: string): UserError[] {
  const { text, doc, at } = parsed(file)
  return openQuestions(doc, text, at)
}

/** `at`: the place of an offset in the text. */
function parsed(file: string) {
  const lines = new LineCounter()
  const text = textOf(file)
  return { text, doc: parseDocument(text, { lineCounter: lines, prettyErrors: false }), at: (offset: number) => ({ file, line: lines.linePos(offset).line, column: lines.linePos(offset).col }) }
}

function textOf(file: string) {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new UserError('settings-unreadable', { value: (error as Error).message, file })
  }
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

/** Where text is expected, a number or a truth value is meant as it is written: 1001, 12.50, TRUE. */
function asWritten(plain: unknown, issues: readonly Issue[], doc: Document): unknown {
  const words = issues.flatMap((issue) => inner(issue)).filter((issue) => issue.code === 'invalid_type' && issue.expected === 'string')
  return words.reduce((all, issue) => {
    const node = nodeAt(doc, issue.path as Path, false)
    return isScalar(node) && (typeof node.value === 'number' || typeof node.value === 'boolean') && node.source !== undefined ? put(all, issue.path as Path, node.source) : all
  }, plain)
}

/** An issue, or those of the branches where there is a choice. */
const inner = (issue: Issue): Issue[] => (issue.code === 'invalid_union' ? issue.errors.flat().flatMap((one) => inner({ ...one, path: [...issue.path, ...one.path] } as Issue)) : [issue])

function put(into: unknown, [step, ...rest]: Path, value: string): unknown {
  if (step === undefined) return value
  if (Array.isArray(into)) return into.map((item, at) => (at === step ? put(item, rest, value) : item))
  return { ...(into as object), [step]: put((into as Record<string, unknown>)[step], rest, value) }
}

type Path = readonly (string | number)[]
type Issue = z.core.$ZodIssue
type At = (offset: number) => { file: string; line: number; column: number }

function issueErrors(issue: Issue, doc: Document, at: At): UserError[] {
  const path = issue.path as Path
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => {
      const known = knownKeys(path)
      return new UserError('settings-wrong', {
        value: `${[...path, key].join('.')} is not a setting`,
        hint: closeOr(key, known, `Known here: ${known.join(', ')}.`),
        ...at(offsetOf(doc, [...path, key], true)),
      })
    })
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    const branch = [...issue.errors].sort((a, b) => a.length - b.length)[0]!
    return branch.flatMap((inner) => issueErrors({ ...inner, path: [...path, ...inner.path] } as Issue, doc, at))
  }
  // Under worklists stand its own keys and the lists by name: what is no map is no list.
  if (issue.code === 'invalid_type' && issue.expected === 'object' && path.length === 2 && path[0] === 'worklists') {
    return [new UserError('settings-wrong', { value: `${path.join('.')} is not a setting`, hint: closeOr(String(path[1]), knownKeys(['worklists']), `What is said of one list is a map: worklists.${path[1]}: {limit: 100}.`), ...at(offsetOf(doc, path, true)) })]
  }
  return [new UserError('settings-wrong', { value: `${path.join('.') || 'The file'}: ${issue.message}`, hint: 'See docs/settings.md for what may stand here.', ...at(offsetOf(doc, path, false)) })]
}

interface Schema {
  readonly shape?: Readonly<Record<string, Schema>>
  readonly _zod?: { readonly def?: { readonly innerType?: Schema; readonly element?: Schema; readonly valueType?: Schema; readonly catchall?: Schema } }
}

/** The keys that the map at this place may have. */
function knownKeys(path: Path): string[] {
  const bare = (schema: Schema | undefined): Schema | undefined => (schema?.shape === undefined && schema?._zod?.def?.innerType !== undefined ? bare(schema._zod.def.innerType) : schema)
  const under = (schema: Schema | undefined, step: string | number) => schema?.shape?.[step] ?? schema?._zod?.def?.element ?? schema?._zod?.def?.valueType ?? schema?._zod?.def?.catchall
  return Object.keys(path.reduce((schema, step) => bare(under(schema, step)), bare(settingsSchema as Schema))?.shape ?? {})
}

/** Where the value (or its key) stands; where it is missing, the map that should hold it. */
function offsetOf(doc: Document, path: Path, ofKey: boolean): number {
  for (let length = path.length; length > 0; length--) {
    const node = nodeAt(doc, path.slice(0, length), ofKey || length < path.length)
    if (node?.range) return node.range[0]
  }
  return (doc.contents as Node | null)?.range?.[0] ?? 0
}

function nodeAt(doc: Document, path: Path, ofKey: boolean): Node | undefined {
  let node = doc.contents as Node | undefined
  for (const [depth, step] of path.entries()) {
    const last = depth === path.length - 1
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && String(item.key.source ?? item.key.value) === String(step))
      node = (last && ofKey ? pair?.key : (pair?.value ?? (last ? pair?.key : undefined))) as Node | undefined
    } else if (isSeq(node)) node = node.items[Number(step)] as Node | undefined
    else return undefined
  }
  return node
}
