import { addDays, addMonths } from '../engine/calls.ts'
import { relation, type Columns, type Relation } from '../engine/relation.ts'
import { join, name, nothing, sql, type, type Sql } from '../engine/sql.ts'
import { wholePortion } from './terms.ts'

/** Amounts that a plan built from terms has. */
export const termsGive: readonly string[] = ['amount_due', 'principal_due', 'interest_due']

/** What the walk over the instalments carries from one to the next. */
const carried = ['account_id', 'ordinal', 'principal', 'rows', 'first_due_on', 'months_apart', 'days_apart', 'method', 'amount', 'base', 'rate', 'grain', 'part', 'parts', 'skipped', 'splits'] as const

/** One instalment: interest on the principal that is open before it, rounded to the cent, then the principal that it pays back. The last one pays back what is left. */
function step(of: Sql): Sql {
  const interest = sql`
    CASE WHEN NOT splits THEN ${nothing('money')}
         WHEN method = 'interest_only' AND amount IS NOT NULL THEN amount
         ELSE ${wholePortion(sql`before`, sql`CAST(rate * 1000000 AS BIGINT) * part`, sql`CAST(100000000 AS BIGINT) * parts`)} END`
  const principal = sql`
    CASE WHEN no = rows THEN before
         WHEN method = 'equal_instalments' THEN least(before, amount - interest)
         WHEN method = 'equal_principal' THEN least(before, base)
         ELSE 0 END`
  return sql`SELECT *, CAST(${principal} AS ${type('money')}) AS pays_back FROM (SELECT *, ${interest} AS interest FROM ${of}) AS bears`
}

/**
 * Plans built from terms, as rows of a schedule. Days are counted from the first due date: 31 January, 28 February, 31 March. Where
 * the amount stated and the rate leave nothing, or more than two instalments, for the last one, they do not belong together: then
 * the amount stands, and principal is not told apart. `ordinal` is -1 less the place of the loan row.
 */
export function built(terms: Relation, like: Columns): Relation {
  const columns = carried.map((column) => name(column))
  const walked = sql`
    WITH RECURSIVE walk AS (
      SELECT ${join(columns)}, 1 AS no, CAST(principal AS ${type('money')}) AS before FROM ${terms} WHERE fault IS NULL
      UNION ALL
      SELECT ${join(columns)}, no + 1 AS no, CAST(before - pays_back AS ${type('money')}) AS before FROM (${step(sql`walk`)}) AS stepped WHERE no < rows
    )
    SELECT *, max(CASE WHEN no = rows THEN pays_back + interest END) OVER (PARTITION BY account_id) AS closing
    FROM (${step(sql`walk`)}) AS stepped`
  const ahead = sql`(no - 1 + skipped)`
  const sound = sql`(splits AND NOT (method = 'equal_instalments' AND coalesce(closing <= 0 OR closing > 2 * amount, FALSE)))`
  const value: Readonly<Record<string, Sql>> = {
    ordinal: sql`-1 - ordinal`,
    account_id: sql`account_id`,
    instalment_no: sql`no`,
    due_on: sql`CASE WHEN months_apart > 0 THEN ${addMonths(sql`first_due_on`, sql`${ahead} * months_apart`)} ELSE ${addDays(sql`first_due_on`, sql`${ahead} * days_apart`)} END`,
    amount_due: sql`CASE WHEN ${sound} THEN pays_back + interest ELSE amount END`,
    // One instalment pays back all of it.
    principal_due: sql`CASE WHEN ${sound} THEN pays_back WHEN rows = 1 AND principal <= amount THEN principal END`,
    interest_due: sql`CASE WHEN ${sound} THEN interest WHEN rows = 1 AND principal <= amount THEN amount - principal END`,
  }
  return relation({
    name: 'plans from terms',
    says: 'Plans of loans that have no row in the schedule, built from their terms.',
    columns: like,
    kept: 'table',
    body: sql`SELECT ${join(Object.entries(like).map(([column, of]) => sql`${value[column] ?? nothing(of)} AS ${name(column)}`))} FROM (${walked}) AS walked`,
  })
}

/** The rows of the schedule, and the plans of those accounts that have none there. */
export const withTerms = (accepted: Relation, plans: Relation): Relation => {
  const columns = join(Object.keys(accepted.columns).map((column) => name(column)))
  return relation({ name: 'schedule with terms', says: 'Plans as exported, and as built from terms.', columns: accepted.columns, body: sql`SELECT ${columns} FROM ${accepted} UNION ALL SELECT ${columns} FROM ${plans}` })
}
