import { addDays, addMonths, shareOf } from '../engine/calls.ts'
import { relation, type Columns, type Relation } from '../engine/relation.ts'
import { join, money, name, nothing, sql, type, type Sql } from '../engine/sql.ts'

/** Amounts that a plan built from terms has. */
export const termsGive: readonly string[] = ['amount_due', 'principal_due', 'interest_due']

/** Interest of one period on what is open before an instalment. */
const interest = shareOf(sql`before`, sql`bears`, sql`per`)
/** The last one pays back what is left; it closes the sum where that is more than nothing and no more than two instalments. */
const closes = sql`before + ${interest} > 0 AND before + ${interest} <= 2 * amount`

/** What is open before each instalment of an annuity: interest is rounded each time, so that one follows from the other. It ends early where the amount pays nothing back. */
function balances(terms: Relation): Relation {
  const paysBack = sql`least(before, amount - ${interest})`
  return relation({
    name: 'balances from terms',
    says: 'What is open before each instalment, where equal instalments bear interest.',
    columns: { ordinal: 'bigint', no: 'int', before: 'bigint' },
    kept: 'table',
    body: sql`
      WITH RECURSIVE walk AS (
        SELECT ordinal, rows, amount, bears, per, 1 AS no, owed AS before FROM ${terms} WHERE fault IS NULL AND ${isAnnuity}
        UNION ALL
        SELECT ordinal, rows, amount, bears, per, no + 1 AS no, before - ${paysBack} AS before FROM walk WHERE no < rows AND ${paysBack} > 0
      )
      SELECT ordinal, no, before FROM walk`,
  })
}

const isAnnuity = sql`(splits AND method = 'equal_instalments' AND bears > 0)`

/**
 * Plans built from terms, as rows of a schedule. Days are counted from the first due date: 31 January, 28 February, 31 March. Where
 * the amount stated and the rate leave nothing, or more than two instalments, for the last one, they do not belong together: then
 * the amount stands, and principal is not told apart. `ordinal` is -1 less the place of the loan row.
 */
export function built(terms: Relation, like: Columns, scale: number): Relation {
  const annuities = balances(terms)
  const closed = relation({
    name: 'annuities from terms',
    says: 'Loans whose equal instalments with interest come to their end.',
    columns: { ordinal: 'bigint' },
    kept: 'table',
    body: sql`SELECT t.ordinal FROM ${terms} t JOIN ${annuities} b ON b.ordinal = t.ordinal AND b.no = t.rows WHERE ${closes}`,
  })
  // Without interest, or with equal parts of principal, what is open is known at once.
  const before = sql`
    CASE WHEN NOT splits OR ${isAnnuity} THEN NULL
         WHEN method = 'equal_instalments' THEN CASE WHEN owed - (rows - 1) * amount > 0 AND owed - (rows - 1) * amount <= 2 * amount THEN owed - (no - 1) * amount END
         WHEN method = 'equal_principal' THEN greatest(owed - (no - 1) * base, 0)
         ELSE owed END`
  const lines = sql`
    WITH RECURSIVE numbers AS (
      SELECT 1 AS no
      UNION ALL
      SELECT no + 1 AS no FROM numbers WHERE no < (SELECT max(rows) FROM ${terms} WHERE fault IS NULL)
    )
    SELECT b.ordinal, b.no, b.before FROM ${annuities} b JOIN ${closed} c ON c.ordinal = b.ordinal
    UNION ALL
    SELECT t.ordinal, n.no, ${before} AS before FROM ${terms} t JOIN numbers n ON n.no <= t.rows WHERE t.fault IS NULL AND NOT EXISTS (SELECT 1 FROM ${closed} c WHERE c.ordinal = t.ordinal)`
  const stepped = sql`
    SELECT t.*, x.no, x.before, CASE WHEN x.before IS NULL THEN NULL WHEN method = 'interest_only' AND amount IS NOT NULL THEN amount ELSE ${interest} END AS interest
    FROM (${lines}) AS x
    JOIN ${terms} t ON t.ordinal = x.ordinal`
  const paid = sql`
    SELECT *, CASE WHEN before IS NULL THEN NULL WHEN no = rows THEN before WHEN method = 'equal_instalments' THEN least(before, amount - interest) WHEN method = 'equal_principal' THEN least(before, base) ELSE 0 END AS pays_back
    FROM (${stepped}) AS bears`
  const ahead = sql`(no - 1 + skipped)`
  const inMoney = (units: Sql) => sql`CAST(${units} AS ${type('money')}) * grain * ${money((1 / 10 ** scale).toFixed(scale))}`
  const value: Readonly<Record<string, Sql>> = {
    ordinal: sql`-1 - ordinal`,
    account_id: sql`account_id`,
    instalment_no: sql`no`,
    due_on: sql`CASE WHEN months_apart > 0 THEN ${addMonths(sql`first_due_on`, sql`${ahead} * months_apart`)} ELSE ${addDays(sql`first_due_on`, sql`${ahead} * days_apart`)} END`,
    amount_due: inMoney(sql`coalesce(pays_back + interest, amount)`),
    // One instalment pays back all of it.
    principal_due: inMoney(sql`coalesce(pays_back, CASE WHEN rows = 1 AND owed <= amount THEN owed END)`),
    interest_due: inMoney(sql`coalesce(interest, CASE WHEN rows = 1 AND owed <= amount THEN amount - owed END)`),
  }
  return relation({
    name: 'plans from terms',
    says: 'Plans of loans that have no row in the schedule, built from their terms.',
    columns: like,
    kept: 'table',
    body: sql`SELECT ${join(Object.entries(like).map(([column, of]) => sql`${value[column] ?? nothing(of)} AS ${name(column)}`))} FROM (${paid}) AS paid`,
  })
}

/** The rows of the schedule, and the plans of those accounts that have none there. */
export const withTerms = (accepted: Relation, plans: Relation): Relation => {
  const columns = join(Object.keys(accepted.columns).map((column) => name(column)))
  return relation({ name: 'schedule with terms', says: 'Plans as exported, and as built from terms.', columns: accepted.columns, body: sql`SELECT ${columns} FROM ${accepted} UNION ALL SELECT ${columns} FROM ${plans}` })
}
