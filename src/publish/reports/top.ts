import type { Engine } from '../../engine/engine.ts'
import type { Relation } from '../../engine/relation.ts'
import { int, join, name, sql, type, type Hole } from '../../engine/sql.ts'
import type { Settings } from '../../settings/load.ts'
import { inTables, type Question } from './asked.ts'
import { inOrderOf, keysOf } from './grouping.ts'
import type { MadeReport } from './report.ts'

/** What is worth knowing of an account in a list, in the order of a work list. */
const shown = ['account_id', 'borrower_id', 'product', 'tier', 'days_past_due', 'overdue_amount', 'cure_amount', 'outstanding_principal', 'instalments_overdue', 'oldest_unpaid_due_on', 'last_paid_on', 'last_paid_amount', 'next_due_on', 'next_due_amount', 'held_reason'] as const

/** The accounts with the largest overdue amount: `top` of each currency, and of each group where columns to group by are given. */
export async function largest(accounts: Relation, question: Question, top: number, settings: Settings, engine: Engine): Promise<MadeReport> {
  const keys = keysOf(question).filter((column) => column in accounts.columns)
  const own = shown.filter((column) => !keys.includes(column))
  const columns = { currency: 'text', ...Object.fromEntries(keys.map((column) => [column, accounts.columns[column]!] as const)), rank: 'int', ...Object.fromEntries(own.map((column) => [column, accounts.columns[column]!] as const)) } as const
  const groups: Hole[] = [sql`currency`, ...keys.map(name)]
  const first = sql`overdue_amount DESC NULLS LAST, days_past_due DESC NULLS LAST, outstanding_principal DESC NULLS LAST, account_id ASC NULLS FIRST`
  const rows = await engine.rows(sql`
    SELECT ${join(Object.keys(columns).map(name))} FROM (
      SELECT ${join(Object.keys(columns).filter((column) => column !== 'rank').map((column) => sql`a.${name(column)}`))}, CAST(row_number() OVER (PARTITION BY ${join(groups)} ORDER BY ${first}) AS ${type('int')}) AS rank
      FROM ${accounts} a
      WHERE ${inTables(question, settings)}
    ) ranked
    WHERE rank <= ${int(top)}
    ORDER BY ${join(['currency', ...keys].flatMap((column) => inOrderOf(column, settings)))}, rank ASC NULLS FIRST`)
  return { name: 'top', says: `The ${top === 1 ? 'account' : `${top} accounts`} with the largest overdue amount of each ${['currency', ...keys].join(' and ')}.`, columns, rows }
}
