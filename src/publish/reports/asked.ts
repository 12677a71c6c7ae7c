import { accountColumns } from '../../classify/columns.ts'
import { holds } from '../../decide/cell-sql.ts'
import { columnsIn, type ColumnKinds, type Test } from '../../decide/tree.ts'
import type { ColumnType } from '../../engine/dialect.ts'
import type { Columns, Relation } from '../../engine/relation.ts'
import { relation } from '../../engine/relation.ts'
import { join, name, sql, type, type Hole } from '../../engine/sql.ts'
import { UserError } from '../../errors.ts'
import { closeOr } from '../../nearest.ts'
import type { Plans } from '../../read/read.ts'
import type { Settings } from '../../settings/load.ts'
import { isAged } from './aged.ts'

/** An ad hoc question: of which accounts, by which columns, and how many of the largest. */
export interface Question {
  readonly by: readonly string[]
  readonly where: Test | undefined
}

/** Of loans, what a question may ask beside the columns of accounts, where the export has it. */
const ofLoans = { principal: 'money', disbursed_on: 'date', closed_on: 'date', written_off_on: 'date', sold_on: 'date' } as const satisfies Record<string, ColumnType>
const month = 'disbursed_month'

/** Those columns of this book, with `disbursed_month` as YYYY-MM. */
export function loanColumns({ loans }: Plans): Columns {
  const given = Object.entries(ofLoans).filter(([column]) => loans.files.some(({ mapping }) => mapping.columns.some((one) => one.name === column && one.role === 'used')))
  return { ...Object.fromEntries(given), ...(given.some(([column]) => column === 'disbursed_on') ? { [month]: 'text' as const } : {}) }
}

/** As columns that a condition may test. */
export const kindsOf = (loans: Columns): ColumnKinds => Object.fromEntries(Object.entries(loans).map(([column, type]) => [column, { type }] as const))

/** Figures that a table of groups shows: no column to group by has their names. */
export const figures = { accounts: 'int', late: 'int', overdue_amount: 'money', cure_amount: 'money', outstanding_principal: 'money', outstanding_schedule: 'money', held: 'int' } as const

/** Columns to group by must be columns of accounts or of loans; said before anything is read. `passed`: those that pass through. */
export function checkBy(by: readonly string[], passed: readonly string[], loans: Columns) {
  const known = [...Object.keys(accountColumns).filter(isClassified), ...Object.keys(loans), ...passed]
  for (const column of by) {
    if (column in figures || column === 'rank') throw new UserError('flag-wrong', { value: `--by names "${column}", which is a figure of its table`, hint: `It is summed for each group. To see single accounts give --top, to choose them --where, for example ${column in accountColumns ? `--where '${column} > 0'` : "--where 'days_past_due > 5'"}.` })
    if (known.includes(column)) continue
    throw new UserError('flag-wrong', { value: `--by names "${column}", which is not a column of accounts`, hint: whyNot(column) ?? closeOr(column, known, `Columns: ${known.join(', ')}.`) })
  }
}

const isClassified = (column: string) => accountColumns[column as keyof typeof accountColumns].by === 'classify'

/** A column of accounts that only a run fills. */
export const whyNot = (column: string) => (column in accountColumns && !isClassified(column) ? 'age applies no rules: "arrears run" fills this column, in accounts.parquet.' : undefined)

/** Accounts with the columns of loans that are asked for. */
function withLoans(accounts: Relation, loans: Relation, asked: readonly string[]): Relation {
  const columns = asked.filter((column) => column in loans.columns || column === month)
  if (columns.length === 0) return accounts
  const value = (column: string): Hole => (column === month ? sql`substr(CAST(l.disbursed_on AS ${type('text')}), 1, 7)` : sql`l.${name(column)}`)
  return relation({
    name: 'accounts with loans',
    says: `The accounts with ${columns.join(', ')} of their loans.`,
    columns: { ...accounts.columns, ...Object.fromEntries(columns.map((column) => [column, column === month ? 'text' : loans.columns[column]!] as const)) },
    body: sql`SELECT a.*${join(columns.map((column) => sql`, ${value(column)} AS ${name(column)}`), sql``)} FROM ${accounts} a LEFT JOIN ${loans} l ON l.account_id = a.account_id`,
  })
}

/** The accounts that a question is about: those that meet its condition, with the columns that it names. */
export function askedOf(accounts: Relation, loans: Relation, { by, where }: Question, ofBook: Columns): Relation {
  const named = new Set([...by, ...(where === undefined ? [] : columnsIn(where))])
  const all = withLoans(accounts, loans, Object.keys(ofBook).filter((column) => named.has(column)))
  if (where === undefined) return all
  return relation({ name: 'accounts asked for', says: 'The accounts that meet the condition.', columns: all.columns, body: sql`SELECT * FROM ${all} WHERE ${holds(where)}` })
}

/** Of accounts under the alias `a`, those that stand in tables: the aged ones, unless the condition itself says which tiers. */
export const inTables = ({ where }: Question, settings: Pick<Settings, 'tiers'>) => (where !== undefined && columnsIn(where).has('tier') ? sql`TRUE` : isAged(settings))
