import { askedOf, asksAnew, laid, unitOf } from './allocation.ts'
import { conventionsOf } from './conventions.ts'
import { countedDays, isImmaterial, movedDay } from './counted.ts'
import { planOn, replacedBy, wholeInstalments } from './in-force.ts'
import type { Entry, Fault } from './ledger.ts'
import { netOf, pendingOf, refundedAfter, takenOffAfter } from './ledger.ts'
import { openInParts } from './in-parts.ts'
import { pastIsSmall, pastMayNotBeTold } from './material.ts'
import { placedOn, type Placed } from './placed.ts'
import { excused, open, openParts, pour, principalOpen } from './plan.ts'
import type { Instalment, Part } from './plan.ts'
import { daysBetween, given, money } from './rows.ts'
import type { Asked, LoanRow, PauseRow, ScheduleRow } from './rows.ts'
import { heldStates, stateOf } from './state.ts'

/** One account's answer. Money is in minor units at the asked scale. */
export interface Answer {
  account_id: string
  borrower_id: string | null
  currency: string
  tier: string
  bucket: string | null
  /** Unknown where there is no schedule to age by. */
  days_late: number | null
  days_past_due: number | null
  months_past_due: number | null
  late_reason_waived: string | null
  /** Days late under the first version of the plan, and whether it was replaced or the loan restructured. */
  contractual_days_late: number | null
  forborne: boolean
  oldest_unpaid_due_on: string | null
  instalments_total: number
  instalments_paid: number
  instalments_overdue: number
  amount_due_to_date: bigint
  amount_covered: bigint
  overdue_amount: bigint
  /** Parts of it, where the rows tell them; fees and penalties are one. */
  overdue_principal: bigint | null
  overdue_interest: bigint | null
  overdue_fee: bigint | null
  due_today_amount: bigint
  released_amount: bigint
  owed_back: bigint
  charges_outstanding: bigint
  cure_amount: bigint
  advance: bigint
  to_charges: bigint
  to_principal: bigint
  pending_amount: bigint
  outstanding_principal: bigint | null
  outstanding_schedule: bigint
  last_paid_on: string | null
  last_paid_amount: bigint | null
  next_due_on: string | null
  next_due_amount: bigint | null
  days_to_due: number | null
  held_reason: string[]
  held_since: string | null
  borrower_accounts: number
  borrower_accounts_late: number
  borrower_days_past_due: number | null
  borrower_overdue_amount: bigint
  leads: boolean
  /** Evidence: what each instalment got. */
  instalments: Instalment[]
}

/** What design.md calls aged: the account has days and stands in the ageing tables. */
export const agedTiers = ['long', 'medium', 'short', 'due_now', 'preventive', 'current']

const buckets: [string, number, number][] = [
  ['0', 0, 0],
  ['1-30', 1, 30],
  ['31-60', 31, 60],
  ['61-90', 61, 90],
  ['91-120', 91, 120],
  ['121-150', 121, 150],
  ['151-180', 151, 180],
  ['181+', 181, Infinity],
]

export interface AccountRows {
  loan: LoanRow
  /** Of the account, whatever it was that they name. */
  pauses: readonly PauseRow[]
  /** Kinds of days of its region, and of all. */
  holidays: ReadonlyMap<string, string>
  schedule: readonly ScheduleRow[]
  /** Parts that the schedule has columns for. */
  parts: readonly Part[]
  /** Parts that both files tell. */
  partsPaid: readonly Part[]
  entries: readonly Entry[]
  faults: readonly Fault[]
  /** Newest paid_on of the file's sound rows. */
  newestPayment: string | undefined
}

export function answerFor({ loan, pauses, holidays, schedule, parts, partsPaid, entries: all, faults, newestPayment }: AccountRows, asked: Asked): Answer {
  const { asOf, workOn, scale = 2 } = asked
  const conventions = conventionsOf(asked.conventions, given(loan.product))
  // What is asked anew takes nothing off: the payment stays.
  const entries = all.filter((entry) => !asksAnew(entry, conventions))
  const { state, since } = stateOf(loan, entries, asOf)
  // Rows of a schedule are no plan for a product that revolves.
  const revolving = loan.method === 'revolving'
  const apart = revolving ? [] : planOn(schedule, loan, asOf, conventions.skip_instalments)
  const onPlan = askedOf(wholeInstalments(apart), apart, all, conventions, asOf, scale)
  const paidBefore = given(loan.paid_before) === undefined ? 0n : money(loan.paid_before!, scale)
  const dueBy = (day: string) => onPlan.plan.filter((one) => one.dueOn <= day).reduce((total, one) => total + one.due, 0n)
  // A part that covers only because the plan has it too covers no more than the plan asks.
  const covering = asked.coverFrom ?? ['principal', 'interest', 'fee']
  const capped = partsPaid.filter((part) => !covering.includes(part))
  const placed = placedOn(entries, asOf, paidBefore, dueBy, Object.fromEntries(capped.map((part) => [part, onPlan.plan.reduce((total, one) => total + (one.parts[part] ?? 0n), 0n)])))
  const { pool } = placed
  const plan = laid(onPlan, placed.rows, conventions, asOf, unitOf(given(loan.currency) ?? asked.currency ?? '', scale))
  // Payments say what inside an instalment they are for, where the plan has those parts.
  if (partsPaid.length > 0) openInParts(plan, Object.fromEntries(partsPaid.map((part) => [part, placed.parts[part]])))
  const sum = (instalments: Instalment[], of: (instalment: Instalment) => bigint) => instalments.reduce((total, one) => total + of(one), 0n)

  const notYet = state === 'not_disbursed' || (given(loan.disbursed_on) !== undefined && loan.disbursed_on! > asOf)
  const outOfBook = notYet || state === 'cancelled'

  // A closed loan is settled unless money was taken off after closing, or what fell due before closing is open and nothing explains it.
  const openBeforeClosing = state === 'closed' && since !== undefined && sum(plan.filter((one) => one.dueOn < since), open) > 0n
  const explained = entries.some((entry) => ['settlement', 'waiver', 'credit_note'].includes(entry.kind) && netOf(entry, entries, asOf) > 0n)
  const takenOff = state === 'closed' && since !== undefined && takenOffAfter(since, all, asOf)
  const givenBack = state === 'closed' && since !== undefined && refundedAfter(since, entries, asOf) && sum(plan.filter((one) => one.dueOn <= since), open) > 0n
  const closedButOwing = state === 'closed' && !outOfBook && (takenOff || givenBack || (openBeforeClosing && !explained))
  const settled = state === 'closed' && !outOfBook && !closedButOwing

  // Out of the book, or settled: the plan asks nothing of this account.
  const asks = !outOfBook && !settled
  const dueToDate = outOfBook ? [] : plan.filter((one) => one.dueOn <= asOf)
  // Where the due date is day 1, what is due on it is overdue at its end.
  const isOverdue = (one: Instalment) => one.dueOn < asOf || (one.dueOn === asOf && conventions.count_from === 'due_date')
  const overdue = asks ? plan.filter((one) => isOverdue(one) && open(one) > 0n) : []
  // Days and counts go by what makes late; amounts by what is open.
  const makesLate = (one: Instalment) => excused(one, conventions, scale) === undefined
  const late = overdue.filter(makesLate)
  const dueToday = asks ? plan.filter((one) => one.dueOn === asOf && !isOverdue(one)) : []
  const next = asks ? plan.find((one) => one.dueOn >= asOf && open(one) > 0n && makesLate(one)) : undefined
  const covered = sum(dueToDate, (one) => one.covered)
  // Plain, whatever the conventions are.
  const daysLate = overdue.length === 0 ? 0 : daysBetween(overdue[0]!.dueOn, asOf)
  const overdueAmount = sum(overdue, open)
  const outstandingPrincipal = asks ? principalOf(loan, plan, placed.toPrincipal, newestPayment, asked) : 0n
  const currency = given(loan.currency) ?? asked.currency ?? ''
  const byDays = asked.byDays?.has(loan.account_id) === true
  if (byDays && !pastMayNotBeTold(loan, schedule, all, conventions, capped, partsPaid)) throw new Error(`${loan.account_id} goes by its days for no reason`)
  const pastSmall = byDays || overdueAmount === 0n ? () => false : pastIsSmall({ plan, entries, paidBefore, conventions, currency, scale })
  const immaterial = (day: string) => (day === asOf ? isImmaterial(conventions.materiality, overdueAmount, outstandingPrincipal, currency, scale) : pastSmall(day))
  const stops = (state === 'written_off' || state === 'sold') && conventions.frozen_statuses.includes(state) ? given(loan[`${state}_on`]) : undefined
  const until = stops !== undefined && stops < asOf ? stops : asOf
  const { days: daysPastDue, months, waived } = asks ? countedDays(plan, conventions, { asOf, scale, until, daysAtPayoff: daysAtPayoff(plan, placed), moved: (day) => movedDay(day, conventions.business_days, holidays), pauses, immaterial }) : { days: 0, months: 0, waived: null }
  // Tiers and buckets are by months where months are counted.
  const forTier = conventions.months === 'none' ? daysPastDue : months
  // The export's own figure holds all; where it is silent the rows say it.
  const charges = given(loan.charges_outstanding) !== undefined ? money(loan.charges_outstanding!, scale) : most(placed.charged - most(placed.toCharges, 0n), 0n)
  const lastPaid = lastPaidOf(entries, asOf)
  const noSchedule = plan.length === 0

  const replaced = replacedBy(schedule, asOf)
  const onceDue = replaced && !revolving ? pour(wholeInstalments(planOn(schedule, loan, asOf, conventions.skip_instalments, true)), pool, scale).find((one) => one.dueOn < asOf && open(one) > 0n) : undefined
  const contractualDays = !replaced ? daysLate : asks && onceDue !== undefined ? daysBetween(onceDue.dueOn, asOf) : 0

  const tier = tierOf()
  /** The first that applies. */
  function tierOf(): string {
    if (notYet) return 'not_yet'
    if (state === 'cancelled' || state === 'written_off' || state === 'sold') return state
    if (settled) return 'settled'
    if (noSchedule) return 'no_schedule'
    if (forTier >= 91) return 'long'
    if (forTier >= 31) return 'medium'
    if (forTier >= 1) return 'short'
    // Late, though not past due: no reminder before a due date fits.
    if (waived !== null) return 'current'
    if (next !== undefined && next.dueOn < workOn) return 'due_now'
    if (next !== undefined && daysBetween(workOn, next.dueOn) <= asked.preventiveDays) return 'preventive'
    return 'current'
  }

  // All reasons; what has no day of its own holds since the as-of day.
  const reasons: { reason: string; day: string }[] = []
  for (const fault of faults) reasons.push({ reason: 'row_in_quarantine', day: fault.on })
  // Who says what came before the file, even that it was nothing, is not cut.
  const older = asked.completeFrom !== undefined && asks && given(loan.disbursed_on) !== undefined && loan.disbursed_on! < asked.completeFrom
  const begins = plan.length > 0 && Math.min(...plan.map((one) => one.no)) > 1
  if ((begins || older) && given(loan.paid_before) === undefined) reasons.push({ reason: 'history_cut', day: asOf })
  for (const fault of faults) if (fault.why === 'no-such-payment') reasons.push({ reason: 'reversal_without_payment', day: fault.on })
  if (closedButOwing) reasons.push({ reason: 'closed_but_owing', day: since ?? asOf })
  if (heldStates.includes(state)) reasons.push({ reason: state, day: asOf })
  const days = reasons.map(({ day }) => day).sort()

  return {
    account_id: loan.account_id,
    borrower_id: given(loan.borrower_id) ?? null,
    currency,
    tier,
    bucket: agedTiers.includes(tier) ? buckets.find(([, from, to]) => from <= forTier && forTier <= to)![0] : null,
    days_late: tier === 'no_schedule' ? null : daysLate,
    days_past_due: tier === 'no_schedule' ? null : daysPastDue,
    months_past_due: tier === 'no_schedule' || conventions.months === 'none' ? null : months,
    late_reason_waived: tier === 'current' ? waived : null,
    contractual_days_late: tier === 'no_schedule' ? null : contractualDays,
    forborne: replaced || (given(loan.restructured_on) !== undefined && loan.restructured_on! <= asOf),
    oldest_unpaid_due_on: late[0]?.dueOn ?? null,
    instalments_total: plan.length,
    instalments_paid: outOfBook ? 0 : plan.filter((one) => one.due > 0n && open(one) === 0n).length,
    instalments_overdue: late.length,
    amount_due_to_date: settled ? covered : sum(dueToDate, (one) => one.due),
    amount_covered: covered,
    overdue_amount: overdueAmount,
    ...overdueParts(overdue, parts),
    due_today_amount: sum(dueToday, open),
    released_amount: settled ? sum(plan, open) : 0n,
    owed_back: most(-pool, 0n) + most(-placed.toCharges, 0n),
    to_charges: most(placed.toCharges, 0n),
    to_principal: placed.toPrincipal,
    charges_outstanding: charges,
    cure_amount: overdueAmount + charges,
    advance: pool > covered ? pool - covered : 0n,
    pending_amount: pendingOf(entries, asOf),
    outstanding_principal: outstandingPrincipal,
    outstanding_schedule: asks ? sum(plan, open) : 0n,
    last_paid_on: lastPaid?.on ?? null,
    last_paid_amount: lastPaid?.amount ?? null,
    next_due_on: next?.dueOn ?? null,
    next_due_amount: next === undefined ? null : open(next),
    days_to_due: next === undefined ? null : daysBetween(workOn, next.dueOn),
    held_reason: [...new Set(reasons.map(({ reason }) => reason))],
    held_since: days[0] ?? null,
    // The borrower's figures need the other accounts: filled in by the caller.
    borrower_accounts: 0,
    borrower_accounts_late: 0,
    borrower_days_past_due: 0,
    borrower_overdue_amount: 0n,
    leads: false,
    instalments: plan,
  }
}

/** What of the overdue amount each part is: not known where a row that is overdue does not tell it. */
function overdueParts(overdue: readonly Instalment[], inFile: readonly Part[]) {
  const sum = (parts: readonly Part[]): bigint | null => {
    const told = parts.filter((part) => inFile.includes(part))
    if (told.length === 0) return null
    let total = 0n
    for (const one of overdue) {
      const of = openParts(one)
      if (told.some((part) => of[part] === undefined)) return null
      for (const part of told) total += of[part]!
    }
    return total
  }
  return { overdue_principal: sum(['principal']), overdue_interest: sum(['interest']), overdue_fee: sum(['fee', 'penalty']) }
}

/** A plan that is paid to its end: the day on which the money that still stands reached its sum, less the last due date. */
function daysAtPayoff(plan: readonly Instalment[], { rows }: Placed): number {
  const asked = plan.filter((one) => one.due > 0n)
  const sum = asked.reduce((total, one) => total + one.due, 0n)
  const byDay = new Map<string, bigint>()
  for (const { on, covers } of rows) byDay.set(on, (byDay.get(on) ?? 0n) + covers)
  let soFar = 0n
  for (const [day, amount] of [...byDay].sort(([a], [b]) => (a < b ? -1 : 1))) {
    soFar += amount
    if (soFar >= sum && asked.length > 0) return Math.max(0, daysBetween(asked.map((one) => one.dueOn).sort().at(-1)!, day))
  }
  return 0
}

/** The last day with cash of the borrower that still stands, and that day's sum. */
function lastPaidOf(entries: readonly Entry[], asOf: string): { on: string; amount: bigint } | undefined {
  const byDay = new Map<string, bigint>()
  for (const entry of entries) {
    if (entry.effect !== 'brings' || !entry.borrowers) continue
    byDay.set(entry.on, (byDay.get(entry.on) ?? 0n) + netOf(entry, entries, asOf))
  }
  const days = [...byDay].filter(([, amount]) => amount > 0n).sort(([a], [b]) => (a < b ? -1 : 1))
  const last = days.at(-1)
  return last === undefined ? undefined : { on: last[0], amount: last[1] }
}

const most = (a: bigint, b: bigint) => (a > b ? a : b)

/** From the plan where it has principal; else the export's own, which is a photograph of one day. */
function principalOf(loan: LoanRow, plan: Instalment[], toPrincipal: bigint, newestPayment: string | undefined, asked: Asked): bigint | null {
  if (plan.length > 0 && plan.every((one) => one.principal !== undefined)) return most(plan.reduce((sum, one) => sum + principalOpen(one), 0n) - toPrincipal, 0n)
  const own = given(loan.outstanding_principal)
  if (own === undefined) return null
  const holds = asked.dataThrough !== undefined ? asked.asOf === asked.dataThrough : newestPayment === undefined || asked.asOf >= newestPayment
  return holds ? money(own, asked.scale ?? 2) : null
}
