import type { Row, Value } from '../engine/engine.ts'
import { UserError } from '../errors.ts'
import { exact, plain } from '../publish/exact.ts'
import { decimalsOf } from '../read/currencies.ts'
import type { Settings } from '../settings/load.ts'
import type { Explaining } from './evidence.ts'
import type { Explanation } from './explain.ts'
import { touches } from '../blast-radius/touches.ts'
import { takesPayments, whatIf, type Rows, type Variant } from '../what-if.ts'
import { bothWays } from './both-ways.ts'

/** What an account would be after a payment. */
export interface Paid {
  readonly amount: string
  readonly days_past_due: Value
  readonly tier: Value
  readonly oldest_unpaid_due_on: Value
  readonly overdue_amount: Value
  readonly next_due_on: Value
}

/** What would change an account. Amounts are exact decimals. */
export interface Changes {
  /** The least payment that day with which it stands in a better tier; null where it is not late, or where no payment does it. */
  readonly to_leave_tier: Paid | null
  /** The least with which it stands in no late tier. */
  readonly to_be_current: Paid | null
  /** First day on which its tier is worse if nothing comes. */
  readonly rolls_on: Value
  readonly if_paid: Paid | null
  /** With rows of repayments that are in quarantine counted for it, and against it; null where there are none. */
  readonly in_quarantine: { readonly best: Paid; readonly worst: Paid } | null
}

/** An amount as typed, in the account's currency. */
export function payable(typed: string, { account }: Explanation): string {
  const decimals = account === null ? 6 : decimalsOf(String(account.currency))
  const [, whole, part = ''] = /^(\d{1,12})(?:\.(\d+?)0*)?$/.exec(typed) ?? []
  if (whole !== undefined && part.length <= decimals && exact(`${whole}.${part}0`.slice(0, whole.length + 7)) > 0n) return `${whole}.${part}0`.slice(0, whole.length + 7)
  throw new UserError('flag-wrong', { value: `--if-paid is "${typed}", which is no amount${account === null ? '' : ` of ${String(account.currency)}`}`, hint: 'Give a plain amount above 0, such as 500 or 500.00.' })
}

/** What an amount must do: found by trying, for what is enough follows from all conventions in force together. */
interface Search {
  readonly account_id: string
  readonly works: (row: Row) => boolean
  readonly unit: bigint
  /** Too little, in millionths. */
  below: bigint
  /** Enough; undefined until some amount was. */
  enough: bigint | undefined
  row: Row | undefined
  /** Amounts to try first: where an instalment is paid, and a unit less. */
  first: readonly bigint[]
}

/** Amounts tried at a time between one that is too little and one that is enough. */
const triedAtOnce = 60

/** For accounts as explained, what would change each. */
export async function changesOf(on: Explaining, said: readonly Explanation[], ifPaid?: string): Promise<Changes[]> {
  const { settings, flow } = on
  const rank = rankOf(settings)
  const rows: Rows = { engine: on.engine, settings, book: flow.book, validated: flow.validated, newestPayment: flow.outcome.newestPayment }
  const possible = takesPayments(rows)
  const reach = await bothWays(rows, touches(flow.book, said.filter(({ account }) => account !== null && account.tier !== 'rejected').flatMap(({ rejected }) => rejected.filter(({ input }) => input === 'repayments')), settings))
  const searches = said.map(({ account, instalments, as_of }): { leave: Search; current: Search } | undefined => {
    if (!possible || account === null || rank(account.tier) === 0) return undefined
    const unit = 10n ** BigInt(6 - decimalsOf(String(account.currency)))
    const open = instalments.map(({ outstanding }) => exact(outstanding))
    const before = exact(String(account.owed_back ?? '0'))
    let sum = before
    const paidAt = instalments.flatMap(({ due_on }, at) => {
      sum += open[at]!
      return due_on <= as_of && open[at]! > 0n ? [sum] : []
    })
    const all = sum + exact(String(account.charges_outstanding ?? '0')) + unit
    const search = (works: Search['works']): Search => ({ account_id: String(account.account_id), works, unit, below: 0n, enough: undefined, row: undefined, first: [...paidAt.flatMap((at) => [at - unit, at]), all] })
    return { leave: search((row) => rank(row.tier) < rank(account.tier)), current: search((row) => rank(row.tier) === 0) }
  })
  const asked = said.flatMap(({ account }): Variant[] => (ifPaid === undefined || !possible || account === null || account.tier === 'rejected' ? [] : [{ account_id: String(account.account_id), paid: ifPaid }]))
  const answers = await run(rows, searches.flatMap((one) => (one === undefined ? [] : [one.leave, one.current])), asked)
  return said.map(({ account }, at): Changes => {
    const search = searches[at]
    const paid = account === null ? undefined : answers.get(String(account.account_id))
    const cases = account === null ? undefined : reach.get(String(account.account_id))
    return {
      to_leave_tier: found(search?.leave, flow.book.scale),
      to_be_current: found(search?.current, flow.book.scale),
      rolls_on: account?.rolls_on ?? null,
      in_quarantine: cases === undefined ? null : { best: paidSaid(cases.paid.best, cases.best), worst: paidSaid(cases.paid.worst, cases.worst) },
      if_paid: paid === undefined ? null : paidSaid(plain(exact(ifPaid!), flow.book.scale), paid),
    }
  })
}

async function run(of: Rows, searches: readonly Search[], asked: readonly Variant[]): Promise<ReadonlyMap<string, Row>> {
  const { scale } = of.book
  let rest = asked
  let answers = new Map<string, Row>()
  let open = [...searches]
  for (let round = 0; open.length > 0 || rest.length > 0; round++) {
    // Accounts are asked once for an amount, however many searches want to know.
    const wanted = new Map<string, Map<bigint, Row | undefined>>()
    for (const search of open) {
      const amounts = wanted.get(search.account_id) ?? new Map<bigint, undefined>()
      for (const amount of toTry(search)) amounts.set(amount, undefined)
      wanted.set(search.account_id, amounts)
    }
    const tries = [...wanted].flatMap(([account_id, amounts]) => [...amounts.keys()].map((amount) => ({ account_id, amount })))
    const rows = await whatIf(of, [...tries.map(({ account_id, amount }) => ({ account_id, paid: plain(amount, scale) })), ...rest])
    tries.forEach(({ account_id, amount }, at) => wanted.get(account_id)!.set(amount, rows[at]))
    if (rest.length > 0) answers = new Map(rest.map(({ account_id }, at) => [account_id, rows[tries.length + at]!] as const))
    rest = []
    for (const search of open) narrow(search, wanted.get(search.account_id)!)
    open = open.filter(({ enough, below, unit }) => enough !== undefined && enough - below > unit)
  }
  return answers
}

function toTry({ first, below, enough, unit }: Search): readonly bigint[] {
  if (enough === undefined) return first.filter((amount) => amount > 0n)
  const units = (enough - below) / unit
  const step = units / BigInt(triedAtOnce) + 1n
  return Array.from({ length: triedAtOnce }, (_, at) => below + (BigInt(at) + 1n) * step * unit).filter((amount) => amount < enough)
}

function narrow(search: Search, rows: ReadonlyMap<bigint, Row | undefined>) {
  for (const [amount, row] of [...rows].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (search.enough !== undefined && amount >= search.enough) return
    if (search.works(row!)) {
      search.enough = amount
      search.row = row
      return
    }
    if (amount > search.below) search.below = amount
  }
}

const found = (search: Search | undefined, scale: number): Paid | null => (search?.enough === undefined ? null : paidSaid(plain(search.enough, scale), search.row!))

const paidSaid = (amount: string, row: Row): Paid => ({
  amount, days_past_due: row.days_past_due ?? null, tier: row.tier ?? null, oldest_unpaid_due_on: row.oldest_unpaid_due_on ?? null, overdue_amount: row.overdue_amount ?? null, next_due_on: row.next_due_on ?? null,
})

/** 0 for all that is not late; the later the tier the more. */
function rankOf({ tiers }: Settings): (tier: Value | undefined) => number {
  const ordered = [...tiers].sort((a, b) => a.from - b.from).map(({ name }) => name)
  return (tier) => ordered.indexOf(String(tier)) + 1
}
