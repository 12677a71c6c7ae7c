import { addDays, addMonths, daysBetween, monthsBetween } from '../engine/calls.ts'
import { relation, type Columns, type Relation } from '../engine/relation.ts'
import { date, int, join, name, nothing, sql, text, type, type Hole, type Sql } from '../engine/sql.ts'
import type { Book } from '../read/read.ts'
import { guarded } from '../read/typed.ts'
import type { Settings } from '../settings/load.ts'
import { lendersBases } from './bases.ts'
import { isDefault } from './convention.ts'
import { passedName } from './days-past-due.ts'
import { daysApart, frequencyPart } from './terms.ts'

/** What a lender says himself, as far as the columns of a book let him. */
export interface LendersWord {
  /** No schedule was given: of accounts without a plan his days past due are all there is. */
  readonly days: boolean
  readonly nextDue: boolean
  readonly paidThrough: boolean
}

/** Nothing is asked of it: what days rest on is told all the same. */
export const noWord: LendersWord = { days: false, nextDue: false, paidThrough: false }

type Files = Pick<Book, 'loans' | 'schedule' | 'repayments'>

/** None where the book has no such column: then no step asks. */
export function lendersWord(book: Files): LendersWord | undefined {
  const has = (column: string) => book.loans.columns.some((one) => one.name === column && one.role !== 'rest')
  const word = { days: book.schedule.files.length === 0 && has('lender_days_past_due'), nextDue: has('lender_next_due_on'), paidThrough: has('paid_through_on') }
  return word.days || word.nextDue || word.paidThrough ? word : undefined
}

/** Of accounts with a basis: whether that is the lender's own word. */
export const isLendersWord = (basis: Hole = sql`basis`): Sql => sql`coalesce(${basis} IN (${join(lendersBases.map(text))}), FALSE)`

interface Given {
  readonly word: LendersWord
  readonly settings: Settings
  /** Whether the export's own figures hold for as_of. */
  readonly photographed: Hole
  readonly passed: readonly string[]
  readonly scale: number
}

/** Columns of which nothing is known but what the lender says. */
const unsaid = ['outstanding_schedule'] as const

/**
 * Accounts without a plan by the lender's own word: his days past due where no schedule was given, else the day
 * up to which all is paid (the next due date, or paid-through plus one period). `given_days`: days as he counts them. What was received covers what was due before.
 */
export function withLendersWord(of: Relation, { word, settings, photographed, passed, scale }: Given): Relation {
  const asOf = date(settings.as_of)
  const own = (column: string): Hole => (passed.includes(column) ? name(passedName(passed.indexOf(column))) : nothing('text'))
  const asText = (value: Hole) => sql`nullif(CAST(${value} AS ${type('text')}), '')`
  const rawDays = word.days ? asText(sql`lender_days_past_due`) : nothing('text')
  const days = guarded(rawDays, 'number', scale)
  // Days of which nobody says from when on they count are no months.
  const countsMonths = !isDefault(settings.conventions, 'months')
  const said = sql`
    SELECT *, (plan_now = 'stands' AND instalments_total IS NULL) AS asks, ${photographed} AS of_that_day,
           ${rawDays} AS days_as_written, CASE WHEN ${days} = floor(${days}) THEN greatest(CAST(${days} AS ${type('int')}), 0) END AS days_said,
           ${guarded(asText(sql`lender_overdue_amount`), 'money', scale)} AS overdue_said, ${guarded(asText(own('instalment_amount')), 'money', scale)} AS instalment_said,
           ${word.nextDue ? own('lender_next_due_on') : nothing('date')} AS next_due_said, ${word.paidThrough ? own('paid_through_on') : nothing('date')} AS paid_through_said,
           lower(${asText(own('frequency'))}) AS frequency, ${guarded(asText(own('first_due_on')), 'date', scale)} AS first_due_said
    FROM ${of}`
  const paced = sql`SELECT *, ${frequencyPart((one) => one.months, int(0))} AS months_apart, ${frequencyPart((one) => one.days, daysApart)} AS days_apart FROM (${said}) AS said`
  // Due dates are counted from the first one: a month after 28 February may be 31 March.
  const inSeries = (more: number) => addMonths(sql`first_due_said`, sql`(CAST(floor(${monthsBetween(sql`first_due_said`, sql`paid_through_said`)} / months_apart) AS ${type('int')}) + ${int(more)}) * months_apart`)
  const opens = sql`
    SELECT *, CASE WHEN next_due_said IS NOT NULL THEN next_due_said WHEN first_due_said > paid_through_said THEN first_due_said
                   WHEN months_apart > 0 THEN CASE WHEN first_due_said IS NULL THEN ${addMonths(sql`paid_through_said`, sql`months_apart`)} WHEN ${inSeries(0)} > paid_through_said THEN ${inSeries(0)} ELSE ${inSeries(1)} END
                   WHEN days_apart > 0 THEN ${addDays(sql`paid_through_said`, sql`days_apart - CASE WHEN first_due_said IS NULL THEN 0 ELSE ${daysBetween(sql`first_due_said`, sql`paid_through_said`)} % days_apart END`)} END AS opens_on
    FROM (${paced}) AS paced`
  const contradicts = sql`(next_due_said >= ${asOf} AND coalesce(${word.days ? sql`days_said` : guarded(asText(sql`lender_days_past_due`), 'number', scale)} > 0, FALSE))`
  const basis = sql`
    CASE WHEN NOT asks THEN CASE WHEN instalments_total IS NOT NULL THEN ${'last_statement_on' in of.columns ? sql`CASE WHEN last_statement_on IS NOT NULL THEN 'statements' ELSE ` : sql``}${'from_terms' in of.columns ? sql`CASE WHEN from_terms THEN 'terms' ELSE 'schedule' END` : sql`'schedule'`}${'last_statement_on' in of.columns ? sql` END` : sql``} END
         WHEN NOT of_that_day THEN NULL
         WHEN days_said IS NOT NULL THEN ${countsMonths ? sql`NULL` : sql`'lender_days'`}
         WHEN next_due_said IS NOT NULL THEN CASE WHEN NOT ${contradicts} THEN 'next_due_on' END
         WHEN opens_on IS NOT NULL THEN 'paid_through_on'
    END`
  const fault = sql`
    CASE WHEN NOT asks OR NOT (days_as_written IS NOT NULL OR next_due_said IS NOT NULL OR paid_through_said IS NOT NULL) THEN NULL
         WHEN NOT of_that_day THEN 'the lender''s own dates are of another day'
         WHEN days_as_written IS NOT NULL AND days_said IS NULL AND opens_on IS NULL THEN 'days_past_due cannot be read'${countsMonths ? sql`
         WHEN days_said IS NOT NULL THEN 'days_past_due is in days, and tiers go by months'` : sql``}
         WHEN next_due_said IS NOT NULL AND ${contradicts} THEN 'next_due_on is ahead, and days_past_due is above 0'
         WHEN opens_on IS NULL THEN 'paid_through_on: frequency is missing or not known'
    END`
  // Whole periods from the first open due date to before as_of.
  const periods = sql`
    CASE WHEN opens_on >= ${asOf} THEN 0
         WHEN months_apart > 0 THEN CAST(floor(${monthsBetween(sql`opens_on`, asOf)} / months_apart) AS ${type('int')})
                + CASE WHEN ${addMonths(sql`opens_on`, sql`CAST(floor(${monthsBetween(sql`opens_on`, asOf)} / months_apart) AS ${type('int')}) * months_apart`)} < ${asOf} THEN 1 ELSE 0 END
         WHEN days_apart > 0 THEN CAST(floor((${daysBetween(sql`opens_on`, asOf)} - 1) / days_apart) AS ${type('int')}) + 1
    END`
  const judged = sql`SELECT *, ${basis} AS basis, ${fault} AS word_fault, ${periods} AS periods_open FROM (${opens}) AS opens`
  const dated = sql`basis IN ('next_due_on', 'paid_through_on')`
  const told = sql`
    SELECT *, ${isLendersWord()} AS by_word, ${dated} AS dated,
           CASE WHEN basis = 'lender_days' THEN coalesce(overdue_said, CASE WHEN days_said = 0 THEN 0 END)
                WHEN ${dated} THEN coalesce(overdue_said, CASE WHEN periods_open = 0 THEN 0 ELSE instalment_said * periods_open END) END AS overdue_told,
           CASE WHEN ${dated} AND opens_on = ${asOf} THEN coalesce(instalment_said, 0) ELSE 0 END AS today_told
    FROM (${judged}) AS judged`
  const over: Readonly<Record<string, Hole>> = {
    amount_due_to_date: sql`advance + overdue_told + today_told`,
    amount_covered: sql`advance`,
    advance: sql`0`,
    overdue_amount: sql`overdue_told`,
    due_today_amount: sql`today_told`,
    oldest_unpaid_due_on: sql`CASE WHEN dated AND opens_on < ${asOf} THEN opens_on END`,
    instalments_overdue: sql`CASE WHEN dated THEN periods_open WHEN days_said = 0 THEN 0 END`,
    next_on: sql`CASE WHEN coalesce(next_due_said, opens_on) >= ${asOf} THEN coalesce(next_due_said, opens_on) END`,
    next_amount: sql`CASE WHEN coalesce(next_due_said, opens_on) >= ${asOf} THEN instalment_said END`,
    days_late: sql`CASE WHEN NOT dated THEN days_said WHEN opens_on < ${asOf} THEN ${daysBetween(sql`opens_on`, asOf)} ELSE 0 END`,
    ...Object.fromEntries(unsaid.map((column) => [column, sql`NULL`] as const)),
  }
  const columns: Columns = { ...of.columns, basis: 'text', word_fault: 'text', given_days: 'int' }
  return relation({
    name: 'standing by the lender',
    says: `The state and the money of each account at the end of ${settings.as_of}; of those without a plan as the lender says it.`,
    columns,
    body: sql`
      SELECT ${join(Object.keys(of.columns).map((column) => (column === 'outstanding_principal' && 'statement_balance' in of.columns ? sql`CASE WHEN basis = 'statements' AND plan_now = 'stands' THEN coalesce(outstanding_principal, statement_balance) ELSE outstanding_principal END AS outstanding_principal` : over[column] === undefined ? name(column) : sql`CASE WHEN by_word THEN ${over[column]} ELSE ${name(column)} END AS ${name(column)}`)))},
             basis, word_fault, CASE WHEN basis = 'lender_days' THEN days_said END AS given_days
      FROM (${told}) AS told`,
  })
}

/** Days that the lender counts are his, whatever the conventions in force would make of them. */
export function asGiven(counted: Relation): Relation {
  if (!('counted_for_tier' in counted.columns) || !('given_days' in counted.columns)) return counted
  const over = ['days_past_due', 'counted_for_tier']
  return relation({
    name: 'counted, or as given',
    says: 'Days past due under the conventions in force; where the lender gives them, his.',
    columns: counted.columns,
    body: sql`
      SELECT ${join(Object.keys(counted.columns).map((column) => (over.includes(column) ? sql`coalesce(given_days, ${name(column)}) AS ${name(column)}` : column === 'late_reason_waived' ? sql`CASE WHEN given_days IS NULL THEN late_reason_waived END AS late_reason_waived` : name(column))))}
      FROM ${counted}`,
  })
}
