import type { Dialect } from './dialect.ts'
import type { Relation } from './relation.ts'
import { render, type Written } from './sql.ts'

/** What a relation selects: its columns, their order and types are imposed, whatever the body calls them. A table leaves out what is the same on each row. */
export function selected(step: Relation, dialect: Dialect, written?: Written): string {
  if (step.body === undefined) throw new Error(`${step.name} is given by the read stage and cannot be defined`)
  const columns = Object.entries(step.columns).flatMap(([column, type]) => {
    const quoted = dialect.quote(column)
    return column in leftOut(step) ? [] : [`CAST(${quoted} AS ${dialect.type(type)}) AS ${quoted}`]
  })
  return `SELECT ${columns.join(', ')} FROM (${render(step.body, dialect, written)}) AS body`
}

const leftOut = ({ kept, same = {} }: Relation) => (kept === 'table' ? same : {})

/** A kept table where it is read: its name, with what it left out in its place. */
export function stored(step: Relation, dialect: Dialect): string {
  const same = leftOut(step)
  const quoted = dialect.quote(step.name)
  if (Object.keys(same).length === 0) return quoted
  const columns = Object.entries(step.columns).map(([column, type]) => (column in same ? `CAST(${dialect.literal(same[column]!.type, same[column]!.value)} AS ${dialect.type(type)}) AS ${dialect.quote(column)}` : dialect.quote(column)))
  return `(SELECT ${columns.join(', ')} FROM ${quoted})`
}

/** The one statement that defines a relation. */
export const create = (step: Relation, dialect: Dialect, written?: Written): string => dialect.define(step.kept, dialect.quote(step.name), selected(step, dialect, written))
