import type { Dialect } from './dialect.ts'
import type { Relation } from './relation.ts'
import { render, type Written } from './sql.ts'

/** What a relation selects: its columns, their order and types are imposed, whatever the body calls them. */
export function selected(step: Relation, dialect: Dialect, written?: Written): string {
  if (step.body === undefined) throw new Error(`${step.name} is given by the read stage and cannot be defined`)
  const columns = Object.entries(step.columns).map(([column, type]) => {
    const quoted = dialect.quote(column)
    return `CAST(${quoted} AS ${dialect.type(type)}) AS ${quoted}`
  })
  return `SELECT ${columns.join(', ')} FROM (${render(step.body, dialect, written)}) AS body`
}

/** The one statement that defines a relation. */
export const create = (step: Relation, dialect: Dialect, written?: Written): string => dialect.define(step.kept, dialect.quote(step.name), selected(step, dialect, written))
