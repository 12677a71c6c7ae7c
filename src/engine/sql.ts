import type { ColumnType, Dialect } from './dialect.ts'
import type { Relation } from './relation.ts'

/** SQL text with holes. A hole takes only what is listed here, so a stray string does not compile. */
export interface Sql {
  readonly kind: 'sql'
  readonly texts: readonly string[]
  readonly holes: readonly Hole[]
}

/** A typed value; the dialect writes it, since views take no parameters. */
export interface Literal {
  readonly kind: 'literal'
  readonly type: ColumnType
  readonly value: string | number | boolean | null
}

/** A column or alias name, quoted by the dialect. */
export interface Name {
  readonly kind: 'name'
  readonly name: string
}

/** A function whose text differs by engine (calls.ts). */
export interface Call {
  readonly kind: 'call'
  readonly call: keyof Dialect['calls']
  readonly args: readonly Hole[]
}

/** A column type, spelled by the dialect. */
export interface TypeName {
  readonly kind: 'type'
  readonly type: ColumnType
}

export type Hole = Sql | Literal | Name | Call | TypeName | Relation

export function sql(texts: TemplateStringsArray, ...holes: readonly Hole[]): Sql {
  return { kind: 'sql', texts, holes }
}

const literal = (type: ColumnType, value: Literal['value']): Literal => ({ kind: 'literal', type, value })

export const text = (value: string) => literal('text', value)
export const int = (value: number) => literal('int', value)
export const bigint = (value: number) => literal('bigint', value)
/** `value` is YYYY-MM-DD, already checked. */
export const date = (value: string) => literal('date', value)
/** `value` is an exact decimal such as `-12.50`. */
export const money = (value: string) => literal('money', value)
export const number = (value: string) => literal('number', value)
export const bool = (value: boolean) => literal('bool', value)
export const nothing = (type: ColumnType) => literal(type, null)
export const name = (of: string): Name => ({ kind: 'name', name: of })
export const type = (of: ColumnType): TypeName => ({ kind: 'type', type: of })

const spliced: Sql = { kind: 'sql', texts: [''], holes: [] }

/** `parts` with `between` between them, for example `sql`, `` or `sql` AND ``. */
export function join(parts: readonly Hole[], between: Sql = sql`, `): Sql {
  const [first, ...rest] = parts
  if (first === undefined) return spliced
  const holes: Hole[] = [first]
  for (const part of rest) holes.push(between, part)
  return { kind: 'sql', texts: Array.from({ length: holes.length + 1 }, () => ''), holes }
}

/** All of them; TRUE where there is none. */
export const every = (parts: readonly Hole[]) => (parts.length === 0 ? sql`TRUE` : sql`(${join(parts, sql` AND `)})`)
/** One of them; FALSE where there is none. */
export const some = (parts: readonly Hole[]) => (parts.length === 0 ? sql`FALSE` : sql`(${join(parts, sql` OR `)})`)

/** The relations that a text reads, each once, in order of mention. They come from the holes, never from parsing. */
export function reads(hole: Hole, found = new Set<Relation>()): Set<Relation> {
  if (hole.kind === 'relation') found.add(hole)
  if (hole.kind === 'sql') for (const inner of hole.holes) reads(inner, found)
  if (hole.kind === 'call') for (const inner of hole.args) reads(inner, found)
  return found
}

/** How a relation is written where it is read: by its name, unless the engine says otherwise. */
export type Written = (step: Relation) => string

/** The text for one dialect. Never re-indented: a literal may hold line ends. */
export function render(hole: Hole, dialect: Dialect, written: Written = (step) => dialect.quote(step.name)): string {
  switch (hole.kind) {
    case 'sql':
      return hole.texts.reduce((out, part, i) => out + render(hole.holes[i - 1]!, dialect, written) + part)
    case 'literal':
      return dialect.literal(hole.type, hole.value)
    case 'name':
      return dialect.quote(hole.name)
    case 'type':
      return dialect.type(hole.type)
    case 'relation':
      return written(hole)
    case 'call':
      return (dialect.calls[hole.call] as (...args: string[]) => string)(...hole.args.map((arg) => render(arg, dialect, written)))
  }
}
