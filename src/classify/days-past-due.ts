import { daysBetween } from '../engine/calls.ts'
import { relation, type Columns, type Relation } from '../engine/relation.ts'
import { bool, date, join, money, name, nothing, sql, text, type Hole, type Sql } from '../engine/sql.ts'
import type { Settings } from '../settings/load.ts'
import { holdReasons, statusesThatHold } from './holds.ts'
import type { PaymentFacts } from './payments.ts'
import { closedSince, revolving, stateOf, undated } from './state.ts'
import { fromWalk, isOverduePart, laidAmounts } from './uneven.ts'

export interface Steps {
  readonly loans: Relation
  readonly received: Relation
  readonly lastPaid: Relation
  readonly plan: Relation
  readonly uneven: Relation
  readonly quarantined: Relation
  /** Where plans are built from terms: why that of a loan is not. */
  readonly terms?: Relation | undefined
  /** Whether it is asked what the days of each account rest on. */
  readonly basis?: boolean
  /** The last statement of each account whose plan is made of them. */
  readonly statements?: Relation | undefined
  /** Accounts with money of an unknown day that may be later. */
  readonly undated?: Relation | undefined
  /** Where the plans of the book were changed: accounts whose plan was replaced. */
  readonly restructured?: { readonly replaced: Relation | undefined; readonly forborne: Sql } | undefined
}

/** Columns of loans that pass through are carried under names that no other column can have. */
export const passedName = (at: number) => `passed ${at}`

const fromMoney: Columns = { received: 'money', waived: 'money', later: 'money', pending: 'money', last_paid_on: 'date', settled_on: 'date', any_waiver: 'bool', last_money_on: 'date', last_reversal_on: 'date', last_refund_on: 'date' }
/** Money that lies beside the plan: only where some row may give it. */
const besidePlan = ({ beside, capped, prepayments, charges }: PaymentFacts): Columns => ({ ...(beside.length > 0 || capped.length > 0 ? { to_charges: 'money' } : {}), ...(prepayments ? { to_principal: 'money' } : {}), ...(charges ? { charged: 'money' } : {}) })
const fromPlan: Columns = { instalments_total: 'int', first_no: 'int', due_before: 'money', due_today: 'money', planned: 'money', instalments_due: 'int', principal_planned: 'money', principal_due: 'money', principal_given: 'bool' }

/** One line an account, with all that is known of it: loan, money, plan, what is open, what holds it. */
export function known({ loans, received, lastPaid, plan, uneven, quarantined, terms, basis, statements, undated, restructured }: Steps, facts: PaymentFacts, own: readonly string[], passed: readonly string[]): Relation {
  // Instalments of a revolving product would not be a plan to age by.
  // A second condition beside the equal keys would make the engine compare every loan with every plan.
  const byPlan = passed.includes('method') && statements === undefined ? sql`CASE WHEN NOT ${revolving(sql`l.method`)} THEN l.account_id END` : sql`l.account_id`
  const through = passed.map((column, at) => sql`l.${name(column)} AS ${name(passedName(at))}`)
  if (passed.includes('method')) through.push(sql`l.method AS method_of_loan`)
  if (statements !== undefined) through.push(sql`st.last_statement_on`, sql`st.statement_balance`)
  if (undated !== undefined) through.push(sql`n.account_id IS NOT NULL AS undated_payment`)
  if (terms !== undefined) through.push(sql`t.fault AS terms_fault`)
  const fromTerms = basis === true && terms !== undefined
  if (fromTerms) through.push(sql`t.account_id IS NOT NULL AS from_terms`)
  if (restructured !== undefined) {
    const { replaced, forborne } = restructured
    through.push(sql`${forborne} AS forborne`, ...(replaced === undefined ? [sql`FALSE AS replaced`, sql`${nothing('date')} AS contractual_unpaid_due_on`] : [sql`x.account_id IS NOT NULL AS replaced`, sql`x.contractual_unpaid_due_on`]))
  }
  const further = Object.fromEntries(Object.entries(uneven.columns).filter(([column]) => column !== 'account_id' && !(column in fromWalk)))
  through.push(...Object.keys(further).map((column) => sql`u.${name(column)}`))
  const ofMoney = { ...fromMoney, ...besidePlan(facts) }
  // What is the same for all loans is said after the joins: it need not go through them.
  const ofLoan = (column: string) => (loans.same !== undefined && column in loans.same ? sql`${loans.same[column]!} AS ${name(column)}` : sql`l.${name(column)}`)
  const of = (alias: 'r' | 'p', columns: Columns) => Object.keys(columns).map((column) => sql`${name(alias)}.${name(column)}`)
  return relation({
    name: 'known',
    says: 'One line an account with all that is known of it.',
    columns: {
      ...Object.fromEntries(own.map((column) => [column, loans.columns[column]!] as const)),
      ...ofMoney, ...fromPlan,
      last_paid_amount: 'money', is_uneven: 'bool', ...fromWalk, quarantined_since: 'date', is_quarantined: 'bool', missing_payment: 'bool',
      ...Object.fromEntries(passed.map((column, at) => [passedName(at), loans.columns[column]!] as const)),
      ...(passed.includes('method') ? { method_of_loan: 'text' as const } : {}),
      ...(statements === undefined ? {} : { last_statement_on: 'date' as const, statement_balance: 'money' as const }),
      ...(undated === undefined ? {} : { undated_payment: 'bool' as const }),
      ...(terms === undefined ? {} : { terms_fault: 'text' as const }),
      ...(fromTerms ? { from_terms: 'bool' as const } : {}),
      ...further,
      ...(restructured === undefined ? {} : { forborne: 'bool' as const, replaced: 'bool' as const, contractual_unpaid_due_on: 'date' as const }),
    },
    body: sql`
      SELECT ${join([...own.map(ofLoan), ...of('r', ofMoney), ...of('p', fromPlan)])},
             lp.last_paid_amount, u.account_id IS NOT NULL AS is_uneven, u.oldest_unpaid_due_on, u.instalments_overdue,
             CASE WHEN u.account_id IS NULL THEN p.instalments_due ELSE u.instalments_paid END AS instalments_paid,
             CASE WHEN u.account_id IS NULL THEN p.principal_due ELSE u.principal_covered END AS principal_covered,
             CASE WHEN u.account_id IS NULL THEN p.next_on ELSE u.next_on END AS next_on,
             CASE WHEN u.account_id IS NULL THEN p.next_amount ELSE u.next_amount END AS next_amount,
             u.due_before_closing, u.due_by_closing,
             q.earliest AS quarantined_since, q.account_id IS NOT NULL AS is_quarantined, coalesce(q.missing_payment, FALSE) AS missing_payment${join([sql``, ...through])}
      FROM ${loans} l
      LEFT JOIN ${received} r ON r.account_id = l.account_id
      LEFT JOIN ${plan} p ON p.account_id = ${byPlan}
      LEFT JOIN ${uneven} u ON u.account_id = ${byPlan}
      LEFT JOIN ${lastPaid} lp ON lp.account_id = l.account_id
      LEFT JOIN ${quarantined} q ON q.account_id = l.account_id${undated === undefined ? sql`` : sql`
      LEFT JOIN ${undated} n ON n.account_id = l.account_id`}${terms === undefined ? sql`` : sql`
      LEFT JOIN ${terms} t ON t.account_id = l.account_id`}${statements === undefined ? sql`` : sql`
      LEFT JOIN ${statements} st ON st.account_id = l.account_id`}${restructured?.replaced === undefined ? sql`` : sql`
      LEFT JOIN ${restructured.replaced} x ON x.account_id = l.account_id`}`,
  })
}

/**
 * The state of each account and its money, before tiers. A closed account is settled unless a payment was taken back after
 * closing, a refund reopened what was due by then, or instalments due before closing are open by more than the tolerance
 * with no settlement or waiver to explain it: then it is aged, and held.
 */
export function standing(of: Relation, settings: Settings, photographed: Hole, allOpen: boolean): Relation {
  const asOf = date(settings.as_of)
  const tolerance = money(settings.closed_tolerance)
  const base = sql`
    SELECT *, ${allOpen ? text('open') : stateOf(settings.as_of)} AS exported_state, ${allOpen ? bool(false) : undated} AS state_undated,
           greatest(coalesce(received, 0), 0) AS got, greatest(-coalesce(received, 0), 0) AS back
    FROM ${of}`
  const notYet = sql`coalesce(disbursed_on > ${asOf}, FALSE)`
  const closed = sql`
    SELECT *, ${allOpen ? notYet : sql`(exported_state = 'not_disbursed' OR ${notYet})`} AS not_yet,
           ${allOpen ? sql`exported_state` : sql`CASE WHEN exported_state NOT IN ('cancelled', 'not_disbursed', 'written_off', 'sold') AND settled_on IS NOT NULL THEN 'closed' ELSE exported_state END`} AS state,
           ${allOpen ? asOf : closedSince(settings.as_of, sql`exported_state`)} AS closed_since
    FROM (${base}) AS stated`
  // Where money may lie elsewhere than on the oldest instalment, an account that was walked has the amounts of the walk.
  const isLaid = laidAmounts[0] in of.columns
  const laid = (column: (typeof laidAmounts)[number], pooled: Hole) => (isLaid ? sql`CASE WHEN is_uneven THEN ${name(column)} ELSE ${pooled} END` : pooled)
  const beforeClosing = isLaid ? sql`open_before_closing` : sql`due_before_closing - got`
  const byClosing = isLaid ? sql`open_by_closing` : sql`due_by_closing - got`
  const owing = sql`
    SELECT *,
           ${allOpen ? bool(false) : sql`(state = 'closed' AND NOT not_yet AND (coalesce(last_reversal_on > closed_since, FALSE)
              OR (coalesce(last_refund_on > closed_since, FALSE) AND coalesce(${byClosing} > ${tolerance}, FALSE))
              OR (coalesce(${beforeClosing} > ${tolerance}, FALSE) AND settled_on IS NULL AND NOT coalesce(any_waiver, FALSE))))`} AS closed_but_owing
    FROM (${closed}) AS closed`
  const asked = sql`
    SELECT *,
           ${allOpen ? sql`CASE WHEN not_yet THEN 'asks nothing' ELSE 'stands' END` : sql`CASE WHEN not_yet OR state = 'cancelled' THEN 'asks nothing' WHEN state = 'closed' AND NOT closed_but_owing THEN 'settled' ELSE 'stands' END`} AS plan_now,
           coalesce(due_before, 0) AS before, coalesce(due_before, 0) + coalesce(due_today, 0) AS to_date
    FROM (${owing}) AS owing`
  const stands = (amount: Parameters<typeof sql>[1], else_ = sql`0`) => sql`CASE WHEN plan_now = 'stands' THEN ${amount} ELSE ${else_} END`
  const covered = sql`CASE WHEN plan_now = 'asks nothing' THEN 0 ELSE ${laid('covered_to_date', sql`least(got, to_date)`)} END`
  // What was paid beside the plan and given back beyond it is owed back too.
  const backToo = 'to_charges' in of.columns ? sql`back + greatest(-coalesce(to_charges, 0), 0)` : sql`back`
  const principalOpen = 'to_principal' in of.columns ? sql`greatest(principal_planned - principal_covered - coalesce(to_principal, 0), 0)` : sql`principal_planned - principal_covered`
  const ownOutstandingNow = sql`CASE WHEN ${photographed} THEN lender_outstanding END`
  const columns: Columns = {
    ...of.columns,
    state: 'text', state_undated: 'bool', closed_since: 'date', closed_but_owing: 'bool', not_yet: 'bool', plan_now: 'text',
    amount_due_to_date: 'money', amount_covered: 'money', overdue_amount: 'money', due_today_amount: 'money', released_amount: 'money', owed_back: 'money', advance: 'money',
    outstanding_principal: 'money', outstanding_schedule: 'money', days_late: 'int',
  }
  const inAll = laid('open_in_all', sql`greatest(coalesce(planned, 0) - got, 0)`)
  const overdueParts = Object.keys(of.columns).filter(isOverduePart)
  const replaced = ['oldest_unpaid_due_on', 'instalments_overdue', 'next_on', 'next_amount', ...overdueParts]
  // Plain, whatever else the conventions let an instalment be late by.
  const oldest = name('oldest_open_on' in of.columns ? 'oldest_open_on' : 'oldest_unpaid_due_on')
  return relation({
    name: 'standing',
    says: `The state and the money of each account at the end of ${settings.as_of}.`,
    columns,
    body: sql`
      SELECT ${join(Object.keys(of.columns).filter((column) => !replaced.includes(column)).map(name))},
             state, state_undated, closed_since, closed_but_owing, not_yet, plan_now,
             ${stands(sql`to_date`, covered)} AS amount_due_to_date,
             ${covered} AS amount_covered,
             ${stands(laid('open_before', sql`greatest(before - got, 0)`))} AS overdue_amount,
             ${stands(laid('open_today_amount', sql`to_date - least(got, to_date) - greatest(before - got, 0)`))} AS due_today_amount,
             ${allOpen ? sql`0` : sql`CASE WHEN plan_now = 'settled' THEN ${inAll} ELSE 0 END`} AS released_amount,
             ${backToo} AS owed_back,
             got - ${covered} AS advance,
             ${stands(sql`CASE WHEN principal_given THEN ${principalOpen} ELSE ${ownOutstandingNow} END`)} AS outstanding_principal,
             ${stands(inAll)} AS outstanding_schedule,
             CASE WHEN plan_now = 'stands' THEN oldest_unpaid_due_on END AS oldest_unpaid_due_on,
             ${stands(sql`coalesce(instalments_overdue, 0)`)} AS instalments_overdue,
             CASE WHEN plan_now = 'stands' THEN next_on END AS next_on,
             CASE WHEN plan_now = 'stands' THEN next_amount END AS next_amount,
             CASE WHEN plan_now = 'stands' AND ${oldest} IS NOT NULL THEN ${daysBetween(oldest, asOf)} ELSE 0 END AS days_late${join([sql``, ...overdueParts.map((column) => sql`${stands(sql`CASE WHEN is_uneven THEN ${name(column)} ELSE 0 END`)} AS ${name(column)}`)])}
      FROM (${asked}) AS asked`,
  })
}

/** Why an account is held, and since when: what has no day of its own holds since the as-of day. */
export const reasonsToHold = ({ as_of: asOf, inputs }: Settings, known: Columns) => [
  { reason: text(holdReasons[0]), holds: sql`is_quarantined`, since: sql`coalesce(quarantined_since, ${date(asOf)})` },
  { reason: text(holdReasons[1]), holds: isCut(inputs.repayments.complete_from, known), since: date(asOf) },
  { reason: text(holdReasons[2]), holds: sql`missing_payment`, since: sql`coalesce(quarantined_since, ${date(asOf)})` },
  { reason: text(holdReasons[3]), holds: sql`closed_but_owing`, since: sql`closed_since` },
  { reason: sql`status`, holds: sql`status IN (${join(statusesThatHold.map(text))}) AND state = status`, since: date(asOf) },
]

/** The plan begins after its first instalment, or the loan is older than the repayments file is whole: then who says what came before is not cut; or something was paid on an unknown day. */
function isCut(completeFrom: string | undefined, known: Columns): Sql {
  const older = completeFrom === undefined ? sql`` : sql` OR (plan_now = 'stands' AND disbursed_on < ${date(completeFrom)})`
  const untold = 'paid_before' in known ? sql` AND paid_before IS NULL` : sql``
  const undated = 'undated_payment' in known ? sql` OR undated_payment` : sql``
  return sql`((first_no > 1${older})${untold}${undated})`
}
