import type { ColumnType } from './dialect.ts'
import { reads, type Literal, type Sql } from './sql.ts'

export type Columns = Readonly<Record<string, ColumnType>>

/** A named step of the flow: what it says, its columns, its body. */
export interface Relation {
  readonly kind: 'relation'
  readonly name: string
  readonly says: string
  readonly columns: Columns
  /** `view` by default; `table` where several steps read it or a total is taken from it. */
  readonly kept: 'view' | 'table'
  /** Columns that hold one value in this book: a table does not store them, they are written where it is read. The body gives the same. */
  readonly same?: Readonly<Record<string, Literal>> | undefined
  /** None for what the read stage has already put in place. */
  readonly body?: Sql
}

export function relation(step: { name: string; says: string; columns: Columns; kept?: 'view' | 'table'; same?: Relation['same']; body?: Sql }): Relation {
  return Object.freeze({ kind: 'relation' as const, kept: 'view' as const, ...step })
}

/** `last` and all that it rests on, each after what it reads. */
export function inOrder(last: Relation, seen = new Set<Relation>()): Relation[] {
  if (seen.has(last)) return []
  seen.add(last)
  const before = readBy(last).flatMap((step) => inOrder(step, seen))
  return [...before, last]
}

/** Found once: each query asks for all that it rests on. */
const known = new WeakMap<Relation, readonly Relation[]>()

function readBy(step: Relation): readonly Relation[] {
  const found = known.get(step) ?? (step.body === undefined ? [] : [...reads(step.body)])
  known.set(step, found)
  return found
}

/** The relations that an object holds, and those of the objects in it. */
export function relationsIn(value: unknown): Relation[] {
  if (typeof value !== 'object' || value === null) return []
  return (value as Relation).kind === 'relation' ? [value as Relation] : Object.values(value).flatMap(relationsIn)
}
