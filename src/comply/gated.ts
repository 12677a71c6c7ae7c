import { accountColumns, isOptional } from '../classify/columns.ts'
import { relation, type Columns, type Relation } from '../engine/relation.ts'
import { join, name, nothing, sql, text } from '../engine/sql.ts'

/** The gate stands open and says so: every action leaves as unchecked until profiles of contact rules are in force. */
export function comply(decided: Relation, passed: readonly string[]): Relation {
  const columns: Columns = {
    ...Object.fromEntries(Object.entries(accountColumns).filter(([column]) => column in decided.columns || !isOptional(column)).map(([column, { type }]) => [column, type] as const)),
    ...Object.fromEntries(passed.map((column) => [column, decided.columns[column]!] as const)),
  }
  const select = Object.entries(columns).map(([column, type]) => {
    if (column in decided.columns) return name(column)
    return column === 'gate' ? sql`${text('unchecked')} AS gate` : sql`${nothing(type)} AS ${name(column)}`
  })
  return relation({
    name: 'accounts gated',
    says: 'The accounts with the verdict of the gate: unchecked.',
    columns,
    body: sql`SELECT ${join(select)} FROM ${decided}`,
  })
}
