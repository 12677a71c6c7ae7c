import { addDays, daysBetween } from '../engine/calls.ts'
import { relation, type Columns, type Relation } from '../engine/relation.ts'
import { bool, date, int, join, money, name, nothing, sql, text, type Literal, type Sql } from '../engine/sql.ts'
import type { Settings } from '../settings/load.ts'
import { passedName, reasonsToHold } from './days-past-due.ts'
import { heldReason, heldSince } from './holds.ts'
import { isLendersWord } from './lenders-word.ts'
import type { PaymentFacts } from './payments.ts'
import { beyondPlan, otherPrincipal } from './plausible.ts'
import { nameOfDays, revolving } from './state.ts'
import { stays } from './sticky.ts'
import { overdueParts } from './uneven.ts'

/** The first tier that applies. Tiers go by what the conventions count; late and not past due is current, and no reminder goes to one who is late. */
export function tierOf(of: Relation, settings: Settings): Sql {
  const { work_on, tiers, preventive_days } = settings
  const isCounted = 'counted_for_tier' in of.columns
  const count = name(isCounted ? 'counted_for_tier' : 'days_late')
  return sql`
    CASE WHEN not_yet THEN 'not_yet'
         WHEN state IN ('cancelled', 'written_off', 'sold') THEN state
         WHEN plan_now = 'settled' THEN 'settled'
         WHEN instalments_total IS NULL${'basis' in of.columns ? sql` AND NOT ${isLendersWord()}` : sql``} THEN 'no_schedule'${'class_since' in of.columns ? sql`
         ${stays(settings, count)}` : sql``}
         WHEN ${count} > 0 THEN ${nameOfDays(count, tiers)}${isCounted ? sql`
         WHEN days_late > 0 OR late_reason_waived IS NOT NULL THEN 'current'` : sql``}
         WHEN next_on < ${date(work_on)} THEN 'due_now'
         WHEN next_on <= ${addDays(date(work_on), int(preventive_days))} THEN 'preventive'
         ELSE 'current'
    END`
}

/** Each account in the first tier that applies, with its bucket and what holds it. */
export function tiered(of: Relation, settings: Settings, hasMethod: boolean): Relation {
  const { as_of, work_on } = settings
  const reasons = reasonsToHold(settings, of.columns)
  const isRevolving = hasMethod ? revolving(sql`method_of_loan`) : sql`FALSE`
  const isCounted = 'counted_for_tier' in of.columns
  const columns: Columns = { ...of.columns, held_reason: 'text', tier: 'text', tier_reason: 'text', held_since: 'date', days_past_due: 'int' }
  const own = isCounted ? ['days_late', 'days_past_due'] : ['days_late']
  const unknownDays = sql`tier = 'no_schedule'`
  const kept = Object.keys(of.columns).filter((column) => !own.includes(column)).map((column) => name(column))
  return relation({
    name: 'tiered',
    says: `Each account in its tier as of ${as_of}, worked on ${work_on}.`,
    columns,
    body: sql`
      SELECT ${join(kept)}, tier, held_reason,
             CASE WHEN ${unknownDays} THEN NULL ELSE days_late END AS days_late,
             CASE WHEN ${unknownDays} THEN NULL ELSE ${isCounted ? sql`days_past_due` : sql`days_late`} END AS days_past_due,
             CASE WHEN tier = 'no_schedule' THEN CASE WHEN ${isRevolving} THEN 'revolving' ELSE coalesce(${join(['word_fault', 'terms_fault'].filter((fault) => fault in of.columns).map((fault) => sql`${name(fault)}, `), sql``)}'no instalments') END END AS tier_reason,
             CASE WHEN held_reason IS NOT NULL THEN ${heldSince(reasons)} END AS held_since
      FROM (
        SELECT *, ${tierOf(of, settings)} AS tier, ${heldReason(reasons, settings.holds.lift)} AS held_reason
        FROM ${of}
      ) AS placed`,
  })
}

interface LoanRows {
  readonly loans: Relation
  readonly rejected: Relation
  readonly noneRejected: boolean
}

interface BookFacts {
  readonly facts: PaymentFacts
  /** No loan can have ended. */
  readonly allOpen: boolean
  /** Plans hold what is open alone: they need not come to the principal. */
  readonly openPlan: boolean
}

/** Columns that no row of this book can fill otherwise. */
function unvaried(known: Columns, columns: Columns, ofLoans: Readonly<Record<string, Literal>>, { facts, allOpen }: BookFacts): Readonly<Record<string, Literal>> {
  const zero = money('0')
  const blank = (['borrower_id', 'product', 'lender_days_past_due', 'lender_overdue_amount', 'lender_outstanding'] as const).filter((column) => ofLoans[column]?.value === null)
  return {
    ...Object.fromEntries(blank.map((column) => [column, nothing(columns[column]!)] as const)),
    ...('status' in ofLoans ? { status: ofLoans.status! } : {}),
    ...Object.fromEntries(Object.keys(overdueParts).filter((column) => !(column in known)).map((column) => [column, nothing('money')] as const)),
    ...(allOpen ? { released_amount: zero, state_undated: bool(false), money_state: text('open') } : {}),
    ...(facts.kinds ? {} : { waived: zero, ...('to_charges' in known || 'to_principal' in known ? {} : { owed_back: zero }) }),
    ...(facts.statuses || facts.clearing ? {} : { pending_amount: zero }),
    ...(ofLoans.charges_outstanding?.value === null && !('charged' in known) ? { charges_outstanding: zero } : {}),
  }
}

/** The columns of accounts that classification fills, but for the borrower's and what follows from the others (`borrowers.ts`); passed-through columns under their own names. */
export function classified(of: Relation, { loans, rejected, noneRejected }: LoanRows, book: BookFacts, passed: readonly string[], asOf: string): Relation {
  const zero = (column: string) => sql`coalesce(${name(column)}, 0) AS ${name(column)}`
  const has = (column: string) => column in of.columns
  const own = (column: string, type: Columns[string]) => (has(column) ? name(column) : sql`${nothing(type)} AS ${name(column)}`)
  const beside = (['to_charges', 'to_principal'] as const).filter(has)
  const received = join([sql`coalesce(received, 0)`, ...beside.map((column) => sql`coalesce(${name(column)}, 0)`)], sql` + `)
  // The export's own figure is a photograph that holds what was charged and paid; where there is none the dated rows say it.
  const chargesOf = sql`greatest(coalesce(charged, 0)${has('to_charges') ? sql` - greatest(coalesce(to_charges, 0), 0)` : sql``}, 0)`
  // Where the plan that is in force was the first one, both say the same.
  const contractual = sql`CASE WHEN instalments_total IS NULL OR NOT replaced THEN days_late WHEN plan_now = 'stands' AND contractual_unpaid_due_on IS NOT NULL THEN ${daysBetween(sql`contractual_unpaid_due_on`, date(asOf))} ELSE 0 END`
  const columns: Columns = {
    account_id: 'text', borrower_id: 'text', product: 'text', currency: 'text', status: 'text',
    tier: 'text', tier_reason: 'text', ...(has('basis') ? { basis: 'text' as const } : {}), days_late: 'int', days_past_due: 'int', ...(has('class_since') ? { class_since: 'date' as const } : {}), ...(has('material_since') ? { material_since: 'date' as const } : {}), ...(has('months_past_due') ? { months_past_due: 'int' as const } : {}), ...(has('late_reason_waived') ? { late_reason_waived: 'text' as const } : {}), ...(has('forborne') ? { contractual_days_late: 'int' as const, forborne: 'bool' as const } : {}), ...(has('last_statement_on') ? { last_statement_on: 'date' as const, statement_balance: 'money' as const } : {}), oldest_unpaid_due_on: 'date',
    instalments_total: 'int', instalments_paid: 'int', instalments_overdue: 'int',
    amount_due_to_date: 'money', amount_covered: 'money', overdue_amount: 'money', ...Object.fromEntries(Object.keys(overdueParts).map((column) => [column, 'money'] as const)), due_today_amount: 'money', released_amount: 'money', owed_back: 'money',
    charges_outstanding: 'money', advance: 'money', ...Object.fromEntries(beside.map((column) => [column, 'money'] as const)), pending_amount: 'money', outstanding_principal: 'money', outstanding_schedule: 'money',
    last_paid_on: 'date', last_paid_amount: 'money', next_due_on: 'date', next_due_amount: 'money', ...(has('rolls_on') ? { rolls_on: 'date' as const } : {}), held_reason: 'text', held_since: 'date',
    lender_days_past_due: 'text', lender_overdue_amount: 'text', lender_outstanding: 'text', state_undated: 'bool', money_state: 'text', received: 'money', waived: 'money', later: 'money', other_principal: 'bool', beyond_plan: 'bool',
    ...Object.fromEntries(passed.map((column) => [column, loans.columns[column]!] as const)),
  }
  const body = sql`
    SELECT account_id, ${own('borrower_id', 'text')}, ${own('product', 'text')}, currency, status, tier, tier_reason, ${has('basis') ? sql`CASE WHEN tier <> 'no_schedule' THEN basis END AS basis, ` : sql``}days_late, days_past_due, ${has('class_since') ? sql`class_since, ` : sql``}${has('material_since') ? sql`CASE WHEN material_since <= ${date(asOf)} THEN material_since END AS material_since, ` : sql``}${has('months_past_due') ? sql`CASE WHEN tier <> 'no_schedule' THEN months_past_due END AS months_past_due, ` : sql``}${has('late_reason_waived') ? sql`CASE WHEN tier = 'current' THEN late_reason_waived END AS late_reason_waived, ` : sql``}${has('forborne') ? sql`${contractual} AS contractual_days_late, forborne, ` : sql``}${has('last_statement_on') ? sql`last_statement_on, statement_balance, ` : sql``}oldest_unpaid_due_on,
           ${zero('instalments_total')}, CASE WHEN plan_now = 'asks nothing' THEN 0 ELSE coalesce(instalments_paid, 0) END AS instalments_paid, instalments_overdue,
           amount_due_to_date, amount_covered, overdue_amount, ${join(Object.keys(overdueParts).map((column) => (has(column) ? name(column) : sql`${nothing('money')} AS ${name(column)}`)))}, due_today_amount, released_amount, owed_back, ${has('charged') ? sql`coalesce(charges_outstanding, ${chargesOf}) AS charges_outstanding` : zero('charges_outstanding')},
           advance, ${join(beside.map((column) => sql`greatest(coalesce(${name(column)}, 0), 0) AS ${name(column)}, `), sql``)}coalesce(pending, 0) AS pending_amount, outstanding_principal, outstanding_schedule,
           last_paid_on, last_paid_amount, next_on AS next_due_on, next_amount AS next_due_amount, ${has('rolls_on') ? sql`rolls_on, ` : sql``}
           held_reason, held_since, lender_days_past_due, lender_overdue_amount, CAST(lender_outstanding AS VARCHAR) AS lender_outstanding,
           state_undated, state AS money_state, ${received} AS received, ${zero('waived')}, ${zero('later')}, ${book.openPlan ? sql`FALSE` : otherPrincipal} AS other_principal, ${has('last_statement_on') ? sql`(${beyondPlan} AND last_statement_on IS NULL)` : beyondPlan} AS beyond_plan${join([sql``, ...passed.map((column, at) => sql`${name(passedName(at))} AS ${name(column)}`)])}
    FROM ${of}`
  const blank = Object.entries(columns).map(([column, type]) => {
    if (column in rejected.columns) return name(column)
    if (column === 'tier') return sql`${text('rejected')} AS tier`
    return sql`${nothing(type)} AS ${name(column)}`
  })
  return relation({
    name: 'classified',
    says: 'Every account of the loan rows, accepted or rejected, in exactly one tier.',
    columns,
    kept: 'table',
    same: noneRejected ? unvaried(of.columns, columns, loans.same ?? {}, book) : undefined,
    body: sql`SELECT ${join(Object.keys(columns).map(name))} FROM (${body}) AS aged${noneRejected ? sql`` : sql` UNION ALL SELECT ${join(blank)} FROM ${rejected}`}`,
  })
}
