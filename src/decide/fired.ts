import { relation, type Columns, type Relation } from '../engine/relation.ts'
import { join, name, sql } from '../engine/sql.ts'
import { cellSql } from './cell-sql.ts'
import type { Rules } from './rules.ts'

/** One condition of one rule, and the column of `flags` that says whether it holds. */
export interface CellFlag {
  readonly table: string
  readonly rule: string
  readonly column: string
  /** The cell as written. */
  readonly text: string
  readonly flag: string
}

/** Each cell as one TRUE or FALSE column, from the trees that the decision itself is made of. Rules without conditions have no flag. */
export function firedFlags(rules: Rules, accounts: Relation): { readonly flags: Relation; readonly cells: readonly CellFlag[] } {
  const flagged = rules.tables.flatMap((table, t) =>
    table.rules.flatMap((rule, r) => rule.cells.map((cell, c) => ({ table: table.name, rule: rule.id, column: cell.column, text: cell.text, tree: cell.tree, flag: `t${t + 1}_r${r + 1}_c${c + 1}` }))),
  )
  const columns: Columns = { account_id: 'text', ...Object.fromEntries(flagged.map((cell) => [cell.flag, 'bool' as const])) }
  const selected = flagged.map((cell) => sql`, ${cellSql(cell.tree)} AS ${name(cell.flag)}`)
  const flags = relation({
    name: 'fired_flags',
    says: 'Whether each condition of each rule holds.',
    columns,
    body: sql`SELECT account_id${join(selected, sql``)} FROM ${accounts}`,
  })
  return { flags, cells: flagged.map(({ table, rule, column, text, flag }) => ({ table, rule, column, text, flag })) }
}
