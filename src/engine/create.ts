import type { Dialect } from './dialect.ts'
import type { Relation } from './relation.ts'
import { render } from './sql.ts'

/** The one statement that defines a relation: columns, their order and types are imposed, whatever the body calls them. */
export function create(step: Relation, dialect: Dialect): string {
  if (step.body === undefined) throw new Error(`${step.name} is given by the read stage and cannot be defined`)
  const columns = Object.entries(step.columns).map(([column, type]) => {
    const quoted = dialect.quote(column)
    return `CAST(${quoted} AS ${dialect.type(type)}) AS ${quoted}`
  })
  return dialect.define(step.kept, dialect.quote(step.name), `SELECT ${columns.join(', ')} FROM (${render(step.body, dialect)}) AS body`)
}
