import type { Row, Value } from '../engine/engine.ts'
import type { Reject } from '../outcome.ts'
import { exact, plain } from '../publish/exact.ts'
import { notChecked } from '../publish/summary.ts'
import { knownOn } from '../validate/known-on.ts'
import { ofThatDay } from '../ties.ts'
import { mustAgree } from './agree.ts'
import { countedOf, type Counted, type Left } from './counted.ts'
import { evidenceOf, type Evidence, type Explaining, type Unmatched } from './evidence.ts'
import { rulesSaid, type RulesSaid } from './fired.ts'
import { overdueBy } from './overdue.ts'
import type { Place } from './places.ts'
import { planOf, type InstalmentSaid, type PlanSaid } from './plan.ts'
import { daysWhy, heldWhy, isLifted, quarantineWhy, tierWhy, type HeldWhy } from './why.ts'
import type { Rejects } from '../validate/rejects.ts'
import { allOfKey } from '../validate/checks.ts'

interface PaymentSaid {
  readonly payment_id: Value
  readonly paid_on: Value
  readonly kind: Value
  readonly status: Value
  readonly amount: Value
  /** Stands at the end of as_of, at least in part. */
  readonly counts: boolean
  /** What it adds: the amount less what was taken back; below 0 for a refund that names no payment. */
  readonly counted: string
  readonly covers: readonly { readonly instalment_no: number; readonly amount: string }[]
  /** What no instalment of the plan takes. */
  readonly left: string
  /** What a refund that names no payment took from it, or what it makes good of one before it. */
  readonly given_back: string
  readonly file: string
  readonly line: number
}

export interface NotCounted {
  readonly payment_id: Value
  readonly paid_on: Value
  readonly kind: Value
  readonly status: Value
  readonly amount: Value
  readonly not_counted: Value
  readonly why: string
  readonly says: string
  readonly file: string
  readonly line: number
}

/** All that can be told of one account: one document, printed as it is with --json. Amounts are exact decimals in text. */
export interface Explanation {
  readonly account_id: string
  readonly as_of: string
  readonly work_on: string
  /** Where the id stands. */
  readonly found: readonly ('accounts' | 'unmatched' | 'rejected')[]
  /** Every column of accounts. */
  readonly account: Row | null
  /** Money received that can cover the plan. */
  readonly received: string
  /** Whether the lender's own figures are of this day. */
  readonly lender_same_day: boolean
  readonly why: { readonly tier: readonly string[]; readonly days: string | null; readonly held: readonly HeldWhy[]; readonly hold_lifted: boolean; readonly quarantine: string | null; readonly plan: string | null }
  readonly borrower: readonly Row[]
  /** Each time that it was late, from the first on; null where the past is not asked for. */
  readonly times_late: readonly Row[] | null
  readonly instalments: readonly InstalmentSaid[]
  readonly buckets: readonly { readonly name: string; readonly amount: string }[]
  readonly payments: readonly PaymentSaid[]
  readonly not_counted: readonly NotCounted[]
  /** With the other rows of a key that stands for several contents. */
  readonly rejected: readonly (Reject & { readonly same_key: readonly (Place & { readonly account_id: string })[] })[]
  readonly unmatched: readonly Unmatched[]
  readonly rules: RulesSaid | null
  readonly conventions: string
  readonly contact: string
}

/** Accounts, each with its evidence, from the relations of a finished flow. What does not add up to the run's own figures is thrown. */
export async function explain(on: Explaining, ids: readonly string[]): Promise<Explanation[]> {
  return (await evidenceOf(on, ids)).map((evidence) => explained(evidence, on))
}

function explained(evidence: Evidence, { settings, flow, rules, ranks }: Explaining): Explanation {
  const { id, account, unmatched, rejects, borrower } = evidence
  const { scale } = flow.book
  const counted = countedOf(evidence, settings.as_of, knownOn(settings))
  const plan = planOf(evidence, counted, settings, scale)
  mustAgree(evidence, counted, plan, settings)
  const isOverdue = overdueBy(settings, account)
  const oldest = plan.instalments.find((line) => isOverdue(line) && line.ages !== false)
  return {
    account_id: id,
    as_of: settings.as_of,
    work_on: settings.work_on,
    found: [...(account === undefined ? [] : (['accounts'] as const)), ...(unmatched.length === 0 ? [] : (['unmatched'] as const)), ...(rejects.length === 0 ? [] : (['rejected'] as const))],
    account: account ?? null,
    received: evidence.received,
    lender_same_day: ofThatDay(settings, flow.outcome.newestPayment),
    why: { tier: tierWhy(evidence, settings), days: daysWhy(evidence, settings, oldest) ?? null, held: heldWhy(evidence), hold_lifted: isLifted(evidence, settings), quarantine: quarantineWhy(evidence, flow.outcome.blastRadius?.verdicts.get(id)), plan: plan.says ?? null },
    borrower,
    times_late: evidence.episodes === undefined ? null : evidence.episodes.map(({ account_id: _account, ...episode }) => episode),
    instalments: plan.instalments,
    buckets: account === undefined ? [] : settings.buckets.map(({ name, from, to }) => ({ name, amount: plain(openIn(plan.instalments, settings.as_of, from, to), scale) })),
    payments: counted.map((one, at) => paymentSaid(one, at, plan, scale)),
    not_counted: [...counted.flatMap((one) => one.left.map((each) => notCounted(one, each, scale))), ...rejects.filter(({ input }) => input === 'repayments').map(rejectedPayment)],
    rejected: rejects.map((reject) => ({ ...reject, same_key: sameKey(reject, flow.outcome.rejects) })),
    unmatched,
    rules: rulesSaid(evidence, rules, flow, settings, ranks),
    conventions: flow.outcome.conventions,
    contact: notChecked,
  }
}

/** What is open of the instalments due by as_of whose own days, from the moved date and less paused ones, lie within. */
const openIn = (instalments: readonly InstalmentSaid[], asOf: string, from: number, to: number | null) =>
  instalments.filter(({ due_on, days, by_calendar }) => due_on <= asOf && inside(by_calendar?.days_past_due ?? days, from, to)).reduce((sum, { outstanding }) => sum + exact(outstanding), 0n)

const inside = (days: number, from: number, to: number | null) => days >= from && (to === null || days <= to)

function paymentSaid({ row, counted }: Counted, at: number, { numbers, poured }: PlanSaid, scale: number): PaymentSaid {
  const covers = poured.covers.flatMap((shares, place) => shares.filter(({ payment }) => payment === at).map(({ amount }) => ({ instalment_no: numbers[place]!, amount: plain(amount, scale) })))
  const used = poured.covers.flat().filter(({ payment }) => payment === at).reduce((sum, { amount }) => sum + amount, 0n)
  const left = poured.left.filter(({ payment }) => payment === at).reduce((sum, { amount }) => sum + amount, 0n)
  return {
    payment_id: row.payment_id ?? null, paid_on: row.paid_on ?? null, kind: row.kind ?? null, status: row.status ?? null, amount: row.amount ?? null,
    counts: counted !== 0n, counted: plain(counted, scale), covers, left: plain(left, scale), given_back: plain(counted > 0n ? counted - used - left : 0n, scale), file: row.file, line: row.line,
  }
}

function notCounted({ row }: Counted, { why, amount, says }: Left, scale: number): NotCounted {
  return {
    payment_id: row.payment_id ?? null, paid_on: row.paid_on ?? null, kind: row.kind ?? null, status: row.status ?? null, amount: row.amount ?? null,
    not_counted: amount === null ? null : plain(amount, scale), why, says, file: row.file, line: row.line,
  }
}

/** A rejected row is known by its place; what it was worth cannot be said. */
const rejectedPayment = ({ code, column, value, file, line }: Reject): NotCounted => ({
  payment_id: null, paid_on: null, kind: null, status: null, amount: null, not_counted: null, why: code, says: `rejected: ${code}${value === '' ? '' : `, ${column} "${value}"`}`, file, line,
})

const sameKey = (reject: Reject, all: Pick<Rejects, 'filter'>) =>
  !allOfKey.includes(reject.code)
    ? []
    : all.filter((other) => other !== reject && other.code === reject.code && other.input === reject.input && other.value === reject.value).map(({ file, line, account_id }) => ({ file, line, account_id }))
