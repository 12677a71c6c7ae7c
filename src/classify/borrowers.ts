import { relation, type Columns, type Relation } from '../engine/relation.ts'
import { daysBetween, isoWeekday } from '../engine/calls.ts'
import { date, join, name, nothing, sql, type Hole, type Sql } from '../engine/sql.ts'
import type { Settings } from '../settings/load.ts'
import { accountColumns, isOptional, type AccountColumn } from './columns.ts'
import { contagion, contagionColumns, ofOneself } from './contagion.ts'
import { rolling } from './rolling.ts'
import { nameOfDays } from './state.ts'

const late = sql`coalesce(days_past_due > 0, FALSE)`
const aged = sql`tier NOT IN ('rejected', 'not_yet', 'cancelled', 'written_off', 'sold', 'settled', 'no_schedule')`

/**
 * What the accounts of one borrower say of each other. `leads`: among aged accounts that are not held, else among the rest,
 * most days past due, then larger overdue, then account id. Only borrowers with several accounts are compared.
 */
export function borrowers(accounts: Relation, settings: Settings): { readonly borrowers: Relation; readonly contagion: Relation | undefined } {
  const shared = relation({
    name: 'borrowers with several accounts',
    says: 'Borrowers with more than one account in the book.',
    columns: { borrower_id: 'text', borrower_accounts: 'int', borrower_accounts_late: 'int', borrower_days_past_due: 'int' },
    kept: 'table',
    body: sql`
      SELECT borrower_id, count(*) AS borrower_accounts, count(CASE WHEN ${late} THEN 1 END) AS borrower_accounts_late, max(days_past_due) AS borrower_days_past_due
      FROM ${accounts}
      WHERE borrower_id IS NOT NULL
      GROUP BY borrower_id
      HAVING count(*) > 1`,
  })
  const of = relation({
    name: 'accounts of shared borrowers',
    says: 'Accounts whose borrower has others, with the sums over them and which one leads.',
    columns: { account_id: 'text', borrower_accounts: 'int', borrower_accounts_late: 'int', borrower_days_past_due: 'int', borrower_overdue_amount: 'money', leads: 'bool' },
    kept: 'table',
    body: sql`
      SELECT a.account_id, s.borrower_accounts, s.borrower_accounts_late, s.borrower_days_past_due,
             sum(a.overdue_amount) OVER (PARTITION BY a.borrower_id, a.currency) AS borrower_overdue_amount,
             row_number() OVER (
               PARTITION BY a.borrower_id
               ORDER BY CASE WHEN ${aged} AND held_reason IS NULL THEN 0 ELSE 1 END, coalesce(a.days_past_due, 0) DESC, coalesce(a.overdue_amount, 0) DESC, a.account_id
             ) = 1 AS leads
      FROM ${accounts} a
      JOIN ${shared} s ON s.borrower_id = a.borrower_id`,
  })
  return { borrowers: of, contagion: settings.contagion === 'none' ? undefined : contagion(accounts, shared, settings) }
}

/** Columns of accounts that classification fills, in their order. */
const classifiedColumns = (Object.keys(accountColumns) as AccountColumn[]).filter((column) => accountColumns[column].by === 'classify')

/** The ageing bucket of an account that has `known`; none where it is not aged. */
export const bucketOf = ({ buckets }: Pick<Settings, 'buckets'>, known: Columns): Sql =>
  sql`CASE WHEN ${aged} THEN ${nameOfDays('months_past_due' in known ? sql`coalesce(months_past_due, days_past_due)` : sql`days_past_due`, buckets)} END`

/** What follows from other columns or from the settings alone: found as the accounts are read, never kept. */
const following = (settings: Settings, known: Columns): Readonly<Partial<Record<AccountColumn, Hole>>> => ({
  as_of: date(settings.as_of),
  work_on: date(settings.work_on),
  weekday: isoWeekday(date(settings.work_on)),
  bucket: bucketOf(settings, known),
  ...rolling(settings, 'rolls_on' in known),
  cure_amount: sql`overdue_amount + charges_outstanding`,
  days_to_due: daysBetween(date(settings.work_on), sql`next_due_on`),
})

/** The accounts in order: classification and the borrower's figures, then what passes through. A view where another step keeps them. `beside`: relations with further columns, a row an account. */
export function accounts(of: Relation, { borrowers: borrower, contagion: pulled }: ReturnType<typeof borrowers>, passed: readonly string[], settings: Settings, kept: 'view' | 'table', beside: readonly Relation[] = []): Relation {
  const fromBorrower: Readonly<Record<string, Hole>> = {
    borrower_accounts: sql`coalesce(b.borrower_accounts, 1)`,
    borrower_accounts_late: sql`coalesce(b.borrower_accounts_late, CASE WHEN ${late} THEN 1 ELSE 0 END)`,
    borrower_days_past_due: sql`CASE WHEN b.account_id IS NULL THEN days_past_due ELSE b.borrower_days_past_due END`,
    borrower_overdue_amount: sql`CASE WHEN b.account_id IS NULL THEN overdue_amount ELSE b.borrower_overdue_amount END`,
    leads: sql`coalesce(b.leads, TRUE)`,
    ...(pulled === undefined ? {} : Object.fromEntries(Object.entries(ofOneself(settings.tiers)).map(([column, own]) => [column, sql`CASE WHEN c.account_id IS NULL THEN ${own} ELSE c.${name(column)} END`] as const))),
  }
  const follows: Readonly<Record<string, Hole>> = { ...('late_reason_waived' in of.columns ? {} : { late_reason_waived: nothing('text') }), ...following(settings, of.columns) }
  const columns: Columns = {
    ...Object.fromEntries(classifiedColumns.filter((column) => column in of.columns || beside.some((one) => column in one.columns) || !isOptional(column) || (pulled !== undefined && column in contagionColumns)).map((column) => [column, accountColumns[column].type] as const)),
    ...Object.fromEntries(passed.map((column) => [column, of.columns[column]!] as const)),
  }
  const from = (column: string) => {
    const at = column === 'account_id' ? -1 : beside.findIndex((one) => column in one.columns)
    return sql`${at < 0 ? sql`a` : name(`beside ${at}`)}.${name(column)}`
  }
  const carried = Object.keys(columns).filter((column) => !(column in follows))
  const select = carried.map((column) => (column in fromBorrower ? sql`${fromBorrower[column]!} AS ${name(column)}` : from(column)))
  // What is sorted is what costs: columns that follow from others come after.
  return relation({
    name: 'accounts',
    says: 'One row an account with its evidence, in order of account id.',
    columns,
    kept,
    body: sql`
      SELECT ${join(Object.keys(columns).map((column) => (column in follows ? sql`${follows[column]!} AS ${name(column)}` : name(column))))}
      FROM (SELECT ${join(select)} FROM ${of} a LEFT JOIN ${borrower} b ON b.account_id = a.account_id${pulled === undefined ? sql`` : sql` LEFT JOIN ${pulled} c ON c.account_id = a.account_id`}${join(beside.map((one, at) => sql` LEFT JOIN ${one} ${name(`beside ${at}`)} ON ${name(`beside ${at}`)}.account_id = a.account_id`), sql``)} ORDER BY a.account_id ASC NULLS FIRST) AS ordered`,
  })
}
