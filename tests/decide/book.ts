import type { ColumnType } from '../../src/engine/dialect.ts'
import type { Row, Value } from '../../src/engine/engine.ts'
import { relation, type Columns, type Relation } from '../../src/engine/relation.ts'
import { bigint, bool, date, int, join, money, name, nothing, number, sql, text, type Hole } from '../../src/engine/sql.ts'
import type { ColumnKinds } from '../../src/decide/tree.ts'

/** Columns that the tests of this folder test: one of each type, and those that decide needs. */
export const kinds = {
  account_id: { type: 'text', filled: true },
  tier: { type: 'text', values: ['short', 'medium', 'long', 'current'], filled: true },
  currency: { type: 'text', filled: true },
  product: { type: 'text' },
  days_past_due: { type: 'int', filled: true },
  visits: { type: 'int' },
  overdue_amount: { type: 'money' },
  cure_amount: { type: 'money' },
  score: { type: 'number' },
  credit_limit: { type: 'number', money: true },
  next_due_on: { type: 'date' },
  last_paid_on: { type: 'date' },
  work_on: { type: 'date', filled: true },
  autopay: { type: 'bool' },
  held_reason: { type: 'text' },
  'sales region': { type: 'text' },
} as const satisfies ColumnKinds

export type Kind = keyof typeof kinds

const literals: Record<ColumnType, (value: Exclude<Value, null>) => Hole> = {
  text: (value) => text(String(value)),
  small: (value) => int(Number(value)),
  int: (value) => int(Number(value)),
  bigint: (value) => bigint(Number(value)),
  date: (value) => date(String(value)),
  money: (value) => money(String(value)),
  number: (value) => number(String(value)),
  bool: (value) => bool(value === true),
}

const literal = (type: ColumnType, value: Value) => (value === null ? nothing(type) : literals[type](value))

/** Rows as a relation; columns that a row does not name are blank. */
function rowsOf(of: string, columns: Columns, rows: readonly Row[]): Relation {
  const names = Object.keys(columns)
  const selects = rows.map((row) => sql`SELECT ${join(names.map((column) => sql`CAST(${literal(columns[column]!, row[column] ?? null)} AS ${{ kind: 'type', type: columns[column]! }}) AS ${name(column)}`))}`)
  const none = sql`SELECT ${join(names.map((column) => sql`${nothing(columns[column]!)} AS ${name(column)}`))} WHERE FALSE`
  return relation({ name: of, says: 'Rows of a test.', columns, body: selects.length === 0 ? none : join(selects, sql` UNION ALL `) })
}

const columnsOf = (of: ColumnKinds): Columns => Object.fromEntries(Object.entries(of).map(([column, { type }]) => [column, type]))

/** Accounts with what decide needs: id, work_on, no hold. */
export const accountsOf = (rows: readonly Row[]) => rowsOf('accounts', columnsOf(kinds), rows.map((row, i) => ({ account_id: `A${i + 1}`, work_on: '2025-07-01', ...row })))
