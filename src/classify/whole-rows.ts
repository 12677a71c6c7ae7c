import { relation, type Relation } from '../engine/relation.ts'
import { join, name, sql, text, type Hole, type Sql } from '../engine/sql.ts'
import { dueParts, partNames, statementOn } from '../read/inputs.ts'
import { isAmount, type PlanFacts } from './in-force.ts'

/** What tells the instalments of an account apart. */
export const unitOf = ({ has }: Pick<PlanFacts, 'has'>): string => (has('instalment_no') ? 'instalment_no' : 'due_on')

/**
 * One row an instalment, where the file has several: rows of its payments repeat it, rows of its components make it up. A component
 * named by `kind` is that part of it. Its place in the files is that of its first row.
 */
export function wholeRows(rows: Relation, facts: PlanFacts): Relation {
  if (facts.rows === 'instalment') return rows
  const byKind = facts.rows === 'component' && 'kind' in rows.columns
  const columns = { ...rows.columns, ...(byKind ? Object.fromEntries(dueParts.map((part) => [part, 'money'] as const)) : {}) }
  const keys = ['account_id', unitOf(facts), ...(statementOn in rows.columns ? [statementOn] : [])]
  const added = (column: string, value: Hole) => sql`sum(${value}) AS ${name(column)}`
  const value = (column: string): Sql => {
    if (keys.includes(column)) return sql`${name(column)}`
    const part = partNames.find((one) => `${one}_due` === column)
    if (byKind && part !== undefined) return added(column, sql`CASE WHEN lower(kind) = ${text(part)} THEN coalesce(amount_due, 0) ELSE ${column in rows.columns ? sql`coalesce(${name(column)}, 0)` : sql`0`} END`)
    if (byKind && column === 'kind') return sql`NULL AS kind`
    if (isAmount(column)) return facts.rows === 'payment' ? sql`max(${name(column)}) AS ${name(column)}` : added(column, name(column))
    if (column === 'amount_paid') return added(column, name(column))
    return sql`min(${name(column)}) AS ${name(column)}`
  }
  return relation({
    name: 'whole instalments',
    says: 'Instalments of which the file has several rows, as one row each.',
    columns,
    body: sql`SELECT ${join(Object.keys(columns).map(value))} FROM ${rows} GROUP BY ${join(keys.map(name))}`,
  })
}
