import { agedTiers, type Answer } from './account.ts'
import { addDays, amountText, money, reference, type Rows } from './reference.ts'

/** The morning and the largest accounts over again: the accounts one after the other on each of three days, sums in whole cents, no code of src/. */

const monthStart = (asOf: string) => addDays(`${asOf.slice(0, 7)}-01`, -1)
const answersOn = (rows: Rows, asOf: string) => reference(rows, { asOf, workOn: asOf, preventiveDays: 3, currency: 'CNY', scale: 2 }).accounts

/** In millionths, rounded half up. */
function share(part: bigint, whole: bigint): string | null {
  if (whole === 0n) return null
  const millionths = (part * 2_000_000n + whole) / (2n * whole)
  return `${millionths / 1_000_000n}.${String(millionths % 1_000_000n).padStart(6, '0')}`
}

type Values = readonly (string | null)[]

/** By currency and measure what stands today, stood the day before, and when the month began. */
export function morningOf(rows: Rows, asOf: string): Map<string, Record<string, Values>> {
  const days = [asOf, addDays(asOf, -1), monthStart(asOf)].map((day) => answersOn(rows, day).filter(({ tier }) => agedTiers.includes(tier)))
  const currencies = [...new Set(rows.loans.map((loan) => loan.currency!))]
  return new Map(
    currencies.map((currency) => {
      const own = days.map((answers) => answers.filter((one) => one.currency === currency))
      const sum = (of: readonly Answer[], value: (one: Answer) => bigint) => of.reduce((total, one) => total + value(one), 0n)
      const owed = (one: Answer) => one.outstanding_principal!
      const over = (limit: number) => own.map((of) => share(sum(of.filter(({ days_past_due }) => days_past_due! > limit), owed), sum(of, owed)))
      const cashOf = (from: string, to: string) => amountText(rows.repayments.filter(({ account_id, paid_on }) => paid_on >= from && paid_on <= to && rows.loans.find((loan) => loan.account_id === account_id)!.currency === currency).reduce((total, { amount, kind }) => total + (kind === 'undo' ? -money(amount, 2) : money(amount, 2)), 0n), 2)
      const first = `${asOf.slice(0, 7)}-01`
      const before = addDays(asOf, -1)
      const inMonth = before >= first
      return [currency, {
        active_accounts: own.map((of) => String(of.length)),
        outstanding_principal: own.map((of) => amountText(sum(of, owed), 2)),
        late_accounts: own.map((of) => String(of.filter(({ days_past_due }) => days_past_due! > 0).length)),
        overdue_amount: own.map((of) => amountText(sum(of, (one) => one.overdue_amount), 2)),
        arrears_rate: own.map((of) => share(sum(of, (one) => one.overdue_amount), sum(of, owed))),
        par_1: over(0), par_30: over(30), par_60: over(60), par_90: over(90),
        cash_of_day: [cashOf(asOf, asOf), inMonth ? cashOf(before, before) : null, null],
        cash_month_to_date: [cashOf(first, asOf), inMonth ? cashOf(first, before) : null, null],
      }]
    }),
  )
}

/** Accounts, overdue amount and principal by currency and tier; accounts and overdue amount by currency and whether they are past due. */
export function standingOf(rows: Rows, asOf: string) {
  const tiers = new Map<string, { accounts: number; overdue: bigint; principal: bigint }>()
  const actions = new Map<string, { accounts: number; overdue: bigint }>()
  for (const { currency, tier, days_past_due, overdue_amount, outstanding_principal } of answersOn(rows, asOf)) {
    const ofTier = tiers.get(`${currency} ${tier}`) ?? { accounts: 0, overdue: 0n, principal: 0n }
    tiers.set(`${currency} ${tier}`, { accounts: ofTier.accounts + 1, overdue: ofTier.overdue + overdue_amount, principal: ofTier.principal + (outstanding_principal ?? 0n) })
    const action = `${currency} ${days_past_due !== null && days_past_due > 0 ? 'call' : 'none'}`
    const ofAction = actions.get(action) ?? { accounts: 0, overdue: 0n }
    actions.set(action, { accounts: ofAction.accounts + 1, overdue: ofAction.overdue + overdue_amount })
  }
  const sorted = <T>(of: ReadonlyMap<string, T>, values: (one: T) => (string | number)[]) => [...of].map(([key, one]) => [key, ...values(one)]).sort(([a], [b]) => byCode(String(a), String(b)))
  return {
    tiers: sorted(tiers, ({ accounts, overdue, principal }) => [accounts, amountText(overdue, 2), amountText(principal, 2)]),
    actions: sorted(actions, ({ accounts, overdue }) => [accounts, amountText(overdue, 2)]),
  }
}

interface Large {
  readonly currency: string
  readonly account_id: string
  readonly borrower_id: string | null
  readonly accounts_late: number
  readonly overdue: bigint
  readonly days: number
}

const byCode = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
const largestFirst = (a: Large, b: Large) => (a.overdue === b.overdue ? b.days - a.days || byCode(a.borrower_id ?? '\uFFFF', b.borrower_id ?? '\uFFFF') || byCode(a.account_id, b.account_id) : a.overdue > b.overdue ? -1 : 1)

/** The fifty of each section and currency. */
export function largestOf(rows: Rows, asOf: string) {
  const late = answersOn(rows, asOf)
    .filter(({ tier, overdue_amount }) => agedTiers.includes(tier) && overdue_amount > 0n)
    .map((one): Large => ({ currency: one.currency, account_id: one.account_id, borrower_id: one.borrower_id, accounts_late: one.days_past_due! > 0 ? 1 : 0, overdue: one.overdue_amount, days: one.days_past_due! }))
  const borrowers = new Map<string, Large[]>()
  for (const one of late) {
    const key = JSON.stringify([one.currency, one.borrower_id ?? [one.account_id]])
    borrowers.set(key, [...(borrowers.get(key) ?? []), one])
  }
  const people = [...borrowers.values()].map((of): Large => {
    const [worst] = [...of].sort((a, b) => b.days - a.days || largestFirst(a, b))
    return { ...worst!, accounts_late: of.reduce((sum, one) => sum + one.accounts_late, 0), overdue: of.reduce((sum, one) => sum + one.overdue, 0n) }
  })
  const listed = (section: string, of: readonly Large[]) =>
    [...new Set(of.map(({ currency }) => currency))].sort(byCode).flatMap((currency) =>
      of.filter((one) => one.currency === currency).sort(largestFirst).slice(0, 50).map(({ account_id, borrower_id, accounts_late, overdue }, at) => ({ section, currency, rank: at + 1, account_id, borrower_id, accounts_late, overdue_amount: amountText(overdue, 2) })),
    )
  return [...listed('account', late), ...listed('borrower', people)]
}
