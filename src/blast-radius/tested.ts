import { accountColumns } from '../classify/columns.ts'
import { contagionColumns } from '../classify/contagion.ts'
import { cellSql } from '../decide/cell-sql.ts'
import type { Rules } from '../decide/rules.ts'
import { atomsIn, columnsIn, columnsInValue, columnValue, familyOf, valuesIn, type ColumnValue, type LiteralValue, type Test, type Value } from '../decide/tree.ts'
import type { Columns } from '../engine/relation.ts'
import { join, name, sql, type Hole, type Sql } from '../engine/sql.ts'

/** The columns that rules test at all. */
export const testedColumns = (rules: Rules | undefined): ReadonlySet<string> => new Set(cellsOf(rules).flatMap((cell) => [...columnsIn(cell)]))

const cellsOf = (rules: Rules | undefined): Test[] => (rules?.tables ?? []).flatMap((table) => table.rules.flatMap((rule) => rule.cells.map((cell) => cell.tree)))

const isOf = (column: string, where: string) => 'where' in (accountColumns[column as keyof typeof accountColumns] ?? {}) && (accountColumns[column as keyof typeof accountColumns] as { where?: string }).where === where

/** Columns that are not looked at case by case: they go by the days of single payments, or are found by trying. */
export const goesByDays = (column: string) => column === 'last_paid_on' || column === 'last_paid_amount' || isOf(column, 'history') || isOf(column, 'sticky') || isOf(column, 'material') || isOf(column, 'what-if')

/** Columns that an instalment which is not due yet can change. */
export const goesByRest = (column: string) =>
  ['instalments_total', 'instalments_paid', 'released_amount', 'outstanding_principal', 'outstanding_schedule', 'next_due_on', 'next_due_amount', 'days_to_due', 'rolls_on', 'days_to_roll', 'contractual_days_late'].includes(column) || column in contagionColumns

/** Columns that another account of the borrower changes. */
export const goesByOthers = (column: string) => column === 'leads' || column in contagionColumns || (column.startsWith('borrower_') && column !== 'borrower_id' && column !== 'borrower_accounts')

/**
 * Where the accounts of two amounts have the same signature, no cell can tell an amount between them from these: with more money every
 * figure goes one way only, and none of the values that it is held against lies between. What is not held against a plain value stands as it is.
 */
export function signature(rules: Rules | undefined, columns: Columns): Sql {
  const held = new Map<string, Map<string, LiteralValue>>()
  const plain = new Set<string>()
  for (const atom of cellsOf(rules).flatMap(atomsIn)) {
    const limits = limitsOf(atom)
    if (limits === undefined) for (const column of valuesIn(atom).flatMap((value) => [...columnsInValue(value)])) plain.add(column)
    else for (const { column, against } of limits) held.set(column.name, (held.get(column.name) ?? new Map<string, LiteralValue>()).set(against.value, against))
  }
  const parts: Hole[] = []
  for (const [column, limits] of held) {
    const left = columnValue(column, { type: columns[column]! })
    parts.push(flag({ kind: 'blank', of: left }))
    for (const right of limits.values()) parts.push(flag({ kind: 'compare', op: '>', left, right }), flag({ kind: 'compare', op: '>=', left, right }))
  }
  // What comes next falls to nothing and begins anew with the instalment behind it.
  if (held.has('next_due_amount') || plain.has('next_due_amount')) plain.add('next_due_on')
  for (const column of plain) parts.push(sql`coalesce(CAST(${name(column)} AS VARCHAR), '-')`)
  return parts.length === 0 ? sql`''` : sql`concat_ws('|', ${join(parts)})`
}

const flag = (test: Test): Sql => sql`CASE WHEN ${cellSql(test)} THEN '1' ELSE '0' END`

/** The columns of a test and the plain numbers or days that they are held against; undefined where it is another kind of test. */
function limitsOf(atom: Test): { column: ColumnValue; against: LiteralValue }[] | undefined {
  if (atom.kind !== 'compare' && atom.kind !== 'within') return undefined
  const [of, ...against] = atom.kind === 'within' ? [atom.of, atom.low, atom.high] : atom.left.kind === 'column' ? [atom.left, atom.right] : [atom.right, atom.left]
  if (of!.kind !== 'column' || !isOrdered(of!)) return undefined
  const column = of as ColumnValue
  return against.every((one): one is LiteralValue => one.kind === 'literal') ? against.map((one) => ({ column, against: one as LiteralValue })) : undefined
}

const isOrdered = (value: Value) => familyOf(value) === 'number' || familyOf(value) === 'date'
