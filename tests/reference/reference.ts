import { conventionsOf } from './conventions.ts'
import { agedTiers, answerFor } from './account.ts'
import type { Answer } from './account.ts'
import { counts, readLedger, signed } from './ledger.ts'
import type { Entry } from './ledger.ts'
import { partNames } from './plan.ts'
import { addDays, given, money } from './rows.ts'
import type { Asked, PauseRow, RepaymentRow, Rows } from './rows.ts'

export type { Answer } from './account.ts'
export type { Asked, LoanRow, RepaymentRow, Rows, ScheduleRow } from './rows.ts'
export { addDays, amountText, money } from './rows.ts'

export interface MoneyTotals {
  received: bigint
  received_cash: bigint
  received_other: bigint
  covered: bigint
  advance: bigint
  owed_back: bigint
  unmatched: bigint
  to_charges: bigint
  to_principal: bigint
  later: bigint
}

/**
 * The slow and plain reference: rows in, answers out, one account after the other, one day at a time.
 * Values are taken as valid; the only faults it knows are ids with two contents and reversals that cannot be.
 *
 * Where design.md is silent it chooses, and each choice has its comment beside the code:
 * - settled: outstanding_principal and outstanding_schedule are 0; what the plan shows is released_amount alone
 * - not_yet and cancelled: the plan asks nothing (all figures 0, no instalment paid, no next due), what was paid is an advance
 * - closed but owing is held since the closing day; held by status (frozen ...) comes after the other reasons, since the as-of day
 * - after closing an undo, a chargeback or the flag of a payment reopens the loan; a refund does where it leaves open what was due by closing
 * - closed without a date and without any payment: closed on the as-of day
 * - a settlement that was taken off whole closes nothing; with several the first that stands closes
 * - written off or sold without a date holds on every day; of two states of one day the exported status decides, else the harder to undo
 * - no_schedule, and so every revolving product: days unknown, amounts 0, what was paid is an advance
 * - instalments_total counts zero instalments too, instalments_paid does not
 * - accounts that are not aged (written off, settled, ...) are in no bucket
 * - borrower figures are taken over all accounts of the borrower, whatever their tier; unknown days count for none
 * - a reversal takes nothing off where its payment does not count (pending, failed, flagged reversed)
 * - a reversal that names a payment of another account is rejected; a chargeback that names none is like an undo that names none
 * - of several reversals, in order of date and id, those beyond the payment's amount are rejected; one larger than the payment uses nothing up
 * - principal is known where every row says it, or is made up of its other parts
 * - money dated later counts what is on its way too; last paid counts no bare refund: it names no payment
 */
export function reference(rows: Rows, asked: Asked): { accounts: Answer[]; totals: Record<string, MoneyTotals> } {
  const scale = asked.scale ?? 2
  const covering = asked.coverFrom ?? ['principal', 'interest', 'fee']
  const besideParts = (['principal', 'interest', 'fee', 'penalty'] as const).filter((part) => !covering.includes(part) && !rows.schedule.some((row) => `${part}_due` in row)).map((part) => `${part}_paid` as const)
  const { entries: all, faults } = ledgerOf(rows.repayments, scale, { besideParts, ignored: asked.ignored ?? [] })
  const productOf = new Map(rows.loans.map((loan) => [loan.account_id, given(loan.product)]))
  // What was not known yet is not there, nor what takes it back; rows at fault are faults whenever they came.
  const isKnown = ({ knownFrom }: Entry) => asked.knownOn === undefined || knownFrom <= asked.knownOn
  const entries = all.filter((entry) => isKnown(entry) && (entry.names === undefined || isKnown(entry.names)))
  // Cash has to clear; what takes money off counts from its own day.
  for (const entry of entries) {
    const clears = entry.cash && entry.names === undefined && entry.kind !== 'refund' ? conventionsOf(asked.conventions, productOf.get(entry.account)).clearing_days : 0
    entry.countsOn = clears === 0 ? entry.on : addDays(entry.on, clears)
  }
  const newestPayment = all.map((entry) => entry.on).sort().at(-1)
  const parts = partNames.filter((part) => rows.schedule.some((row) => `${part}_due` in row))
  const partsPaid = parts.filter((part) => rows.repayments.some((row) => `${part}_paid` in row))
  const schedule = groups(rows.schedule, (row) => row.account_id)
  const payments = groups(entries, (entry) => entry.account)
  const faulty = groups(faults, (fault) => fault.account)
  const paused = Object.fromEntries((['account_id', 'product', 'region'] as const).map((of) => [of, groups((rows.pauses ?? []).filter((pause) => given(pause[of]) !== undefined), (pause) => pause[of]!)])) as Record<'account_id' | 'product' | 'region', Map<string, PauseRow[]>>
  const byRegion = new Map<string, ReadonlyMap<string, string>>()
  const holidaysOf = (region: string) => {
    const known = byRegion.get(region) ?? new Map((rows.holidays ?? []).filter((day) => given(day.region) === undefined || day.region === region).map((day) => [day.date, day.kind]))
    byRegion.set(region, known)
    return known
  }
  const accounts = rows.loans.map((loan) =>
    answerFor(
      {
        loan,
        pauses: (['account_id', 'product', 'region'] as const).flatMap((of) => (given(loan[of]) === undefined ? [] : (paused[of].get(loan[of]!) ?? []))),
        holidays: holidaysOf(given(loan.region) ?? ''),
        schedule: schedule.get(loan.account_id) ?? [],
        parts,
        partsPaid,
        entries: payments.get(loan.account_id) ?? [],
        faults: faulty.get(loan.account_id) ?? [],
        newestPayment,
      },
      asked,
    ),
  )
  addBorrowers(accounts)
  return { accounts, totals: totalsOf(rows, accounts, entries, asked) }
}

/** A book that is aged again and again is read once. */
const ledgers = new WeakMap<readonly RepaymentRow[], Map<string, ReturnType<typeof readLedger>>>()

function ledgerOf(rows: readonly RepaymentRow[], scale: number, how: NonNullable<Parameters<typeof readLedger>[2]>): ReturnType<typeof readLedger> {
  const known = ledgers.get(rows) ?? new Map<string, ReturnType<typeof readLedger>>()
  ledgers.set(rows, known)
  const asked = JSON.stringify([scale, how])
  const ledger = known.get(asked) ?? readLedger(rows, scale, how)
  known.set(asked, ledger)
  return ledger
}

/** Items by key, in their order. */
export function groups<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const found = new Map<string, T[]>()
  for (const item of items) {
    const group = found.get(keyOf(item))
    if (group === undefined) found.set(keyOf(item), [item])
    else group.push(item)
  }
  return found
}

function addBorrowers(accounts: Answer[]) {
  // A blank borrower: each account is its own.
  for (const own of groups(accounts, (account) => (account.borrower_id === null ? `account ${account.account_id}` : `borrower ${account.borrower_id}`)).values()) {
    const aged = own.filter((account) => agedTiers.includes(account.tier) && account.held_reason.length === 0)
    const among = aged.length > 0 ? aged : own
    const leader = [...among].sort(worseFirst)[0]!
    const late = own.filter((one) => (one.days_past_due ?? 0) > 0).length
    const worst = worstOf(own)
    const overdue = new Map<string, bigint>()
    for (const { currency, overdue_amount } of own) overdue.set(currency, (overdue.get(currency) ?? 0n) + overdue_amount)
    for (const account of own) {
      account.borrower_accounts = own.length
      account.borrower_accounts_late = late
      account.borrower_days_past_due = worst
      account.borrower_overdue_amount = overdue.get(account.currency)!
      account.leads = account === leader
    }
  }
}

/** The most days among those that are known. */
function worstOf(accounts: readonly Answer[]): number | null {
  const known = accounts.flatMap((account) => (account.days_past_due === null ? [] : [account.days_past_due]))
  return known.length === 0 ? null : Math.max(...known)
}

function worseFirst(a: Answer, b: Answer): number {
  const [days, other] = [a.days_past_due ?? 0, b.days_past_due ?? 0]
  if (days !== other) return other - days
  if (a.overdue_amount !== b.overdue_amount) return a.overdue_amount > b.overdue_amount ? -1 : 1
  return a.account_id < b.account_id ? -1 : 1
}

function totalsOf(rows: Rows, accounts: Answer[], entries: readonly Entry[], asked: Asked): Record<string, MoneyTotals> {
  const totals: Record<string, MoneyTotals> = {}
  const of = (currency: string) =>
    (totals[currency] ??= { received: 0n, received_cash: 0n, received_other: 0n, covered: 0n, advance: 0n, owed_back: 0n, unmatched: 0n, to_charges: 0n, to_principal: 0n, later: 0n })
  const byId = new Map(accounts.map((account) => [account.account_id, account]))
  const currencyOfRow = new Map(rows.repayments.map((row) => [row.payment_id, given(row.currency)]))
  for (const entry of entries) {
    const account = byId.get(entry.account)
    const total = of(account?.currency ?? currencyOfRow.get(entry.id) ?? asked.currency ?? '')
    if (counts(entry, asked.asOf)) {
      total.received += signed(entry)
      total[entry.cash ? 'received_cash' : 'received_other'] += signed(entry)
      if (account === undefined) total.unmatched += signed(entry)
    } else if (entry.on > asked.asOf && (entry.status === 'settled' || (entry.status === 'pending' && entry.effect === 'brings'))) total.later += signed(entry)
  }
  for (const loan of rows.loans) {
    const before = money(given(loan.paid_before) ?? '0', asked.scale ?? 2)
    if (before === 0n) continue
    const total = of(byId.get(loan.account_id)!.currency)
    total.received += before
    total.received_cash += before
  }
  for (const account of accounts) {
    const total = of(account.currency)
    total.covered += account.amount_covered
    total.advance += account.advance
    total.owed_back += account.owed_back
    total.to_charges += account.to_charges
    total.to_principal += account.to_principal
  }
  return totals
}
