import { matches, portionOf, shareOf, tryCast } from '../engine/calls.ts'
import { relation, type Relation } from '../engine/relation.ts'
import { bigint, int, join, money, name, nothing, sql, text, type, type Hole, type Sql } from '../engine/sql.ts'
import { decimalsOf } from '../read/currencies.ts'
import type { Book } from '../read/read.ts'
import { tooLarge } from '../read/formulations.ts'
import { guarded } from '../read/typed.ts'
import { termsBegin } from '../read/inputs.ts'
import type { Validated } from '../validate/validate.ts'
import { ordinalColumn } from '../validate/rows.ts'
import { revolving } from './state.ts'

/** How often an instalment falls due: months or days apart, and which part of a year that is. */
const frequencies: Readonly<Record<string, { months?: number; days?: number; part: readonly [number, number] }>> = {
  daily: { days: 1, part: [1, 365] },
  weekly: { days: 7, part: [1, 52] },
  biweekly: { days: 14, part: [1, 26] },
  monthly: { months: 1, part: [1, 12] },
  quarterly: { months: 3, part: [1, 4] },
  semiannual: { months: 6, part: [1, 2] },
  annual: { months: 12, part: [1, 1] },
}
/** What a word of frequency, in the column of that name, says; `days`: of a number of days. */
export const frequencyPart = (value: (of: (typeof frequencies)[string]) => number | undefined, days: Hole): Sql =>
  sql`CASE frequency ${join(Object.entries(frequencies).map(([of, one]) => sql`WHEN ${text(of)} THEN ${int(value(one) ?? 0)}`), sql` `)} ELSE ${days} END`

/** "10 days", "1 day". */
export const daysApart: Sql = sql`CASE WHEN ${matches(sql`frequency`, text('[1-9][0-9]{0,2} days?'))} THEN ${tryCast(sql`replace(replace(frequency, ' days', ''), ' day', '')`, type('int'))} END`

const methods = ['equal_instalments', 'equal_principal', 'interest_only', 'bullet'] as const
/** No plan has more; and beyond these no figure of a loan is meant. */
const mostInstalments = 1200
const mostRate = 1000
const mostInterest = 10_000
const mostUnits = 1e14

export const hasTerms = (book: Pick<Book, 'loans'>) => book.loans.columns.some(({ name, role }) => name === termsBegin && role === 'passed')

/**
 * The terms of loans that have no row in the schedule, read and made whole: how many instalments, how far apart, and their
 * amount. `fault`: why no plan can be built. `owed`, `amount` and `base` (the principal that equal parts pay back) are whole numbers of
 * the currency's smallest amount; interest of a period is `bears` of `per` of what is open. `splits`: principal and interest can be told apart.
 */
export function terms(book: Book, loans: Relation, schedule: Validated): Relation {
  const has = (column: string) => book.loans.columns.some((one) => one.name === column && one.role !== 'rest')
  const raw = (column: string): Sql => (has(column) ? sql`nullif(CAST(l.${name(column)} AS ${type('text')}), '')` : sql`${nothing('text')}`)
  const read = (column: string, as: 'date' | 'number') => sql`${guarded(raw(column), as, book.scale)} AS ${name(column)}`
  const stating = guarded(raw('instalment_amount'), 'money', book.scale)
  // What is too large for an amount of a row is none here either.
  const amountOf = sql`CASE WHEN abs(${stating}) < ${money(tooLarge(book.scale))} THEN ${stating} END AS instalment_amount`
  const word = (column: string) => sql`lower(${raw(column)}) AS ${name(column)}`
  // In whole amounts of the currency: nothing is lost between.
  const coarse = book.currencies.some((currency) => decimalsOf(currency) < book.scale)
  const inUnits = (column: string) => {
    const units = sql`CAST(${name(column)} * ${int(10 ** book.scale)} AS BIGINT)`
    return coarse ? shareOf(units, int(1), sql`grain`) : units
  }
  const bad = (column: string) => sql`${name(column)} IS NULL AND ${name(`text of ${column}`)} IS NOT NULL`
  const counted = sql`
    SELECT l.account_id, l.${name(ordinalColumn)}, l.principal, ${grainOf(book)} AS grain, ${amountOf}, ${raw('instalment_amount')} AS ${name('text of instalment_amount')},
           ${read('first_due_on', 'date')}, ${raw('first_due_on')} AS ${name('text of first_due_on')}, ${read('annual_rate', 'number')}, ${raw('annual_rate')} AS ${name('text of annual_rate')},
           CASE WHEN ${matches(raw('instalments'), text('[0-9]{1,4}'))} THEN ${tryCast(raw('instalments'), type('int'))} END AS instalments, ${raw('instalments')} AS ${name('text of instalments')},
           ${word('frequency')}, coalesce(lower(${raw('method')}), ${text(methods[0])}) AS method
    FROM ${loans} l
    WHERE NOT ${revolving(raw('method'))} AND NOT EXISTS (SELECT 1 FROM ${schedule.rows} s WHERE s.account_id = l.account_id)`
  const needed = (column: string) => sql`WHEN ${name(column)} IS NULL THEN ${text(`terms: ${column} is missing`)}`
  const unread = ['first_due_on', 'instalments', 'instalment_amount', 'annual_rate'].map((column) => sql`WHEN ${bad(column)} THEN ${text(`terms: ${column} cannot be read`)}`)
  const stated = ['first_due_on', 'instalments', 'instalment_amount', 'annual_rate'].map((column) => sql`${name(`text of ${column}`)} IS NOT NULL`)
  const fault = sql`
    CASE WHEN NOT (${join(stated, sql` OR `)}) THEN 'no instalments'
         ${join(unread, sql` `)}
         ${needed('first_due_on')} ${needed('instalments')}
         WHEN instalments < 1 OR instalments > ${int(mostInstalments)} THEN 'terms: instalments is no number of them'
         WHEN method NOT IN (${join(methods.map(text))}) THEN 'terms: method is not known'
         WHEN frequency IS NULL AND (instalments > 1 OR instalment_amount IS NULL) THEN 'terms: frequency is missing'
         WHEN frequency IS NOT NULL AND months_apart = 0 AND days_apart IS NULL THEN 'terms: frequency is not known'
         WHEN instalment_amount <= 0 THEN 'terms: instalment_amount is not above 0'
         WHEN annual_rate < 0 OR annual_rate > ${int(mostRate)} THEN 'terms: annual_rate is no rate in per cent'
         WHEN CAST(annual_rate AS DOUBLE) * instalments * part / parts > ${int(mostInterest)} THEN 'terms: annual_rate is no rate in per cent'
         WHEN owed > ${bigint(mostUnits)} THEN 'terms: principal is too large'
         WHEN stated > ${bigint(mostUnits)} THEN 'terms: instalment_amount is too large'
         WHEN principal IS NULL AND (instalment_amount IS NULL OR method IN ('equal_principal', 'interest_only')) THEN 'terms: principal is missing'
         WHEN annual_rate IS NULL AND (instalment_amount IS NULL OR method = 'equal_principal') THEN 'terms: annual_rate is missing'
    END`
  // Amounts that come to the principal but for rounding bear no interest, though nobody says so.
  const interestFree = sql`method = 'equal_instalments' AND abs(CAST(owed AS DOUBLE) - CAST(stated AS DOUBLE) * instalments) < instalments`
  const rate = sql`CASE WHEN annual_rate IS NULL AND ${interestFree} THEN 0 ELSE annual_rate END`
  const ofPeriod = sql`CAST(rate AS DOUBLE) * part / (100 * parts)`
  const amount = sql`
    CASE WHEN stated IS NOT NULL OR method <> 'equal_instalments' THEN stated
         WHEN rate = 0 THEN ${shareOf(sql`owed`, int(1), sql`instalments`)}
         ELSE CAST(round(CAST(owed AS DOUBLE) * (${ofPeriod}) / (1 - power(1 + ${ofPeriod}, -instalments))) AS BIGINT) END`
  return relation({
    name: 'terms',
    says: 'Terms of loans without a row in the schedule: what their plan is built from, or why it cannot be.',
    columns: {
      account_id: 'text', ordinal: 'bigint', rows: 'int', first_due_on: 'date', months_apart: 'int', days_apart: 'int', method: 'text', owed: 'bigint', amount: 'bigint', base: 'bigint',
      bears: 'bigint', per: 'bigint', grain: 'int', skipped: 'int', splits: 'bool', fault: 'text',
    },
    kept: 'table',
    body: sql`
      SELECT account_id, ordinal, CASE WHEN method = 'bullet' THEN 1 ELSE instalments END AS rows, first_due_on, months_apart, coalesce(days_apart, 0) AS days_apart, method, owed,
             CASE WHEN fault IS NULL THEN ${amount} END AS amount, CASE WHEN fault IS NULL AND method = 'equal_principal' THEN ${shareOf(sql`owed`, int(1), sql`instalments`)} END AS base,
             CASE WHEN fault IS NULL THEN CAST(rate * 1000000 AS BIGINT) * part * CASE WHEN method = 'bullet' THEN instalments ELSE 1 END END AS bears, CAST(100000000 AS BIGINT) * parts AS per, grain, CASE WHEN method = 'bullet' THEN instalments - 1 ELSE 0 END AS skipped,
             CASE WHEN principal IS NULL THEN FALSE
                  WHEN instalment_amount IS NOT NULL AND (instalments = 1 OR method = 'bullet') THEN FALSE
                  ELSE rate IS NOT NULL OR method = 'interest_only' END AS splits,
             fault
      FROM (
        SELECT *, ${rate} AS rate, ${fault} AS fault
        FROM (
          SELECT *, ${inUnits('principal')} AS owed, ${inUnits('instalment_amount')} AS stated, ${frequencyPart((one) => one.months, int(0))} AS months_apart, ${frequencyPart((one) => one.days, daysApart)} AS days_apart,
                 ${frequencyPart((one) => one.part[0], daysApart)} AS part, ${frequencyPart((one) => one.part[1], int(365))} AS parts
          FROM (${counted}) AS stated
        ) AS paced
      ) AS judged`,
  })
}

/** A portion in whole amounts of the currency: of yen no hundredths. `grain`: how many of the smallest amounts of the book one of its own is. */
export const wholePortion = (amount: Hole, numerator: Hole, denominator: Hole): Sql => sql`${portionOf(amount, numerator, sql`CAST(${denominator} AS BIGINT) * grain`)} * grain`

/** How many of the smallest amounts of the book one of each currency is; the loan under the alias `l`. */
export function grainOf({ currencies, scale }: Pick<Book, 'currencies' | 'scale'>): Sql {
  const coarse = currencies.filter((currency) => decimalsOf(currency) < scale)
  if (coarse.length === 0) return sql`1`
  return sql`CASE l.currency ${join(coarse.map((currency) => sql`WHEN ${text(currency)} THEN ${int(10 ** (scale - decimalsOf(currency)))}`), sql` `)} ELSE 1 END`
}
