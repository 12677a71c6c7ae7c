import { isAlias, isMap, isScalar, type Node, type Pair, type YAMLMap } from 'yaml'
import { nearest } from '../nearest.ts'
import { scalarText } from './scalar.ts'
import type { At } from './written.ts'

/** One file under way. */
export interface Reader {
  readonly text: string
  readonly place: (offset: number) => At
  /** Notes an error at a node (or at an offset) and gives nothing, so that reading goes on. */
  readonly wrong: (at: Node | number, value: string, hint: string) => undefined
}

/** One entry of a map: where its key stands and what it holds. */
export interface Entry {
  readonly key: Node
  readonly value: Node | null
}

/** The entries of a map by name. Unknown names are errors; `known` left out takes any. */
export function entriesOf(r: Reader, node: Node, known: readonly string[] | undefined, what: string): Map<string, Entry> | undefined {
  if (isAlias(node)) return undefined
  if (!isMap(node)) return r.wrong(node, `${what} is not a map.`, known === undefined ? "Write one test a column: when: {tier: '\"short\"'}." : `It has the entries ${known.join(', ')}.`)
  const found = new Map<string, Entry>()
  for (const pair of (node as YAMLMap).items as Pair<Node, Node | null>[]) {
    if (!isScalar(pair.key)) {
      r.wrong(pair.key ?? node, 'A name is not plain text.', 'Write the name of one column or entry before the colon.')
      continue
    }
    const name = scalarText(pair.key)
    const near = known === undefined || known.includes(name) ? undefined : nearest(name, known)
    if (known !== undefined && !known.includes(name)) r.wrong(pair.key, `${what} has no entry "${name}".`, near === undefined ? `It has the entries ${known.join(', ')}.` : `Did you mean ${near}?`)
    else if (!found.has(name)) found.set(name, { key: pair.key, value: pair.value })
  }
  return found
}

/** The text of a scalar; empty and `null` are an error unless nothing is written at all. */
export function textOf(r: Reader, entry: Entry | undefined, what: string): string | undefined {
  if (entry === undefined || isAlias(entry.value)) return undefined
  const value = entry.value
  if (value !== null && !isScalar(value)) return r.wrong(value, `${what} is not plain text.`, 'Write one word, or text in quotes.')
  const text = value === null ? '' : scalarText(value).trim()
  if (text === '') return r.wrong(value ?? entry.key, `${what} is empty.`, 'Write it, or leave the line out.')
  return text
}
