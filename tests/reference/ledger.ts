import { daysBetween, given, money } from './rows.ts'
import { partNames, type Part } from './plan.ts'
import type { PaidPart, RepaymentRow } from './rows.ts'

const magnitude = (units: bigint) => (units < 0n ? -units : units)

/** What a row of repayments does with money. */
type Effect = 'brings' | 'takes off' | 'aside'

const effects: Record<string, { effect: Effect; cash: boolean; borrowers?: false }> = {
  payment: { effect: 'brings', cash: true },
  prepayment: { effect: 'brings', cash: true },
  compensation: { effect: 'brings', cash: true, borrowers: false },
  buyback: { effect: 'brings', cash: true, borrowers: false },
  credit_note: { effect: 'brings', cash: false },
  charge: { effect: 'aside', cash: false },
  settlement: { effect: 'brings', cash: true },
  recovery: { effect: 'brings', cash: true },
  waiver: { effect: 'brings', cash: false },
  undo: { effect: 'takes off', cash: true },
  chargeback: { effect: 'takes off', cash: true },
  refund: { effect: 'takes off', cash: true },
}

export interface Entry {
  id: string
  /** Its place in the file. */
  place: number
  /** The number of the instalment that the payer named. */
  instalment: number | undefined
  account: string
  on: string
  kind: string
  effect: Effect
  cash: boolean
  /** Cash of the borrower himself. */
  borrowers: boolean
  /** Parts of the amount that lie beside the plan; never below 0 too. */
  beside: bigint
  /** Parts of the amount that may cover. */
  parts: Readonly<Partial<Record<Part, bigint>>>
  /** The day from which on the lender knew of it. */
  knownFrom: string
  /** The first day on which it counts. */
  countsOn: string
  /** Never below 0: a reversal lowers by it, whatever the sign in the file. */
  amount: bigint
  status: string
  reversedOn: string | undefined
  /** The entry it takes money off, where it names one. */
  names: Entry | undefined
}

export interface Fault {
  account: string
  on: string
  why: 'one-id-two-contents' | 'no-such-payment' | 'of-another-account' | 'names-none' | 'before-its-payment' | 'beyond-its-payment'
}

/** Kind as meant: a blank that reverses is an undo, money below 0 that names nothing is a refund. */
function kindOf(row: RepaymentRow): string {
  const said = given(row.kind) ?? 'payment'
  const kind = said === 'payment' && given(row.reverses) !== undefined ? 'undo' : said
  return effects[kind]!.effect !== 'takes off' && row.amount.startsWith('-') && given(row.reverses) === undefined ? 'refund' : kind
}

/** Rows -> entries that stand, and reversals that cannot be. The as-of day plays no part here. */
export function readLedger(rows: readonly RepaymentRow[], scale: number, { besideParts = [], ignored = [] }: { besideParts?: readonly PaidPart[]; ignored?: readonly string[] } = {}): { entries: Entry[]; faults: Fault[] } {
  const entries: Entry[] = []
  const faults: Fault[] = []
  const toCheck: { row: RepaymentRow; entry: Entry }[] = []
  for (const [place, row] of eachOnce(rows, faults).entries()) {
    const kind = kindOf(row)
    const units = money(row.amount, scale)
    const entry: Entry = {
      id: row.payment_id,
      place,
      instalment: /^[0-9]+$/.test(given(row.instalment_no) ?? '') ? Number(row.instalment_no) : undefined,
      account: row.account_id,
      on: row.paid_on,
      kind,
      effect: ignored.includes(kind) ? 'aside' : effects[kind]!.effect,
      cash: effects[kind]!.cash,
      borrowers: effects[kind]!.cash && effects[kind]!.borrowers !== false,
      beside: besideParts.reduce((sum, part) => sum + magnitude(money(given(row[part]) ?? '0', scale)), 0n),
      parts: Object.fromEntries(partNames.filter((part) => !besideParts.includes(`${part}_paid`)).map((part) => [part, magnitude(money(given(row[`${part}_paid`]) ?? '0', scale))])),
      knownFrom: given(row.received_on) ?? row.paid_on,
      countsOn: row.paid_on,
      amount: magnitude(units),
      status: given(row.status) ?? 'settled',
      reversedOn: given(row.reversed_on),
      names: undefined,
    }
    if (entry.effect !== 'takes off') entries.push(entry)
    else toCheck.push({ row, entry })
  }
  const byId = new Map(entries.map((entry) => [entry.id, entry]))
  const takenOff = new Map<Entry, bigint>()
  toCheck.sort((a, b) => (a.entry.on !== b.entry.on ? (a.entry.on < b.entry.on ? -1 : 1) : a.entry.id < b.entry.id ? -1 : 1))
  for (const { row, entry } of toCheck) {
    const fault = (why: Fault['why']) => faults.push({ account: entry.account, on: entry.on, why })
    const name = given(row.reverses)
    if (name === undefined) {
      // design.md says it of undo; a chargeback is an undo until it has a setting of its own.
      if (entry.kind === 'refund') entries.push(entry)
      else fault('names-none')
      continue
    }
    const named = byId.get(name)
    if (named === undefined) fault('no-such-payment')
    // Nothing of this account can be taken off by another's payment (silent in design.md).
    else if (named.account !== entry.account) fault('of-another-account')
    else if (entry.on < named.on) fault('before-its-payment')
    // A reversal on its way, or one that failed, takes nothing and so cannot take too much.
    else if ((entry.status === 'settled' || entry.status === 'reversed') && entry.amount > named.amount) fault('beyond-its-payment')
    else {
      // In order of date and id: once the payment is used up, what comes after is too much.
      if (entry.status === 'settled') takenOff.set(named, (takenOff.get(named) ?? 0n) + entry.amount)
      if (entry.status === 'settled' && takenOff.get(named)! > named.amount) fault('beyond-its-payment')
      else entries.push({ ...entry, names: named, cash: named.cash, effect: named.effect === 'aside' ? 'aside' : entry.effect })
    }
  }
  return { entries, faults }
}

/** An exact twin is left out; of one id with two contents no row can be believed. */
function eachOnce(rows: readonly RepaymentRow[], faults: Fault[]): RepaymentRow[] {
  const byId = new Map<string, RepaymentRow[]>()
  for (const row of rows) byId.set(row.payment_id, [...(byId.get(row.payment_id) ?? []), row])
  return [...byId.values()].flatMap((same) => {
    if (new Set(same.map((row) => JSON.stringify(row))).size === 1) return [same[0]!]
    for (const row of same) faults.push({ account: row.account_id, on: [row.paid_on, given(row.reversed_on) ?? row.paid_on].sort()[0]!, why: 'one-id-two-contents' })
    return []
  })
}

/** Does this entry stand in the books at the end of `day`? */
export function counts(entry: Entry, day: string): boolean {
  if (daysBetween(entry.countsOn, day) < 0) return false
  // What never counted cannot be taken off (silent in design.md: a payment flagged reversed whose undo is also a row).
  if (entry.names !== undefined && !counts(entry.names, day)) return false
  if (entry.status === 'settled') return true
  // With its own day a reversed payment counted until the day before; without one it never did.
  return entry.status === 'reversed' && entry.reversedOn !== undefined && daysBetween(day, entry.reversedOn) > 0
}

export const signed = (entry: Entry) => (entry.effect === 'aside' ? 0n : entry.effect === 'brings' ? entry.amount : -entry.amount)

/** What is left of an entry at the end of `day`, less the reversals that name it. */
export function netOf(entry: Entry, entries: readonly Entry[], day: string): bigint {
  if (!counts(entry, day)) return 0n
  let left = entry.amount
  for (const other of entries) if (other.names === entry && counts(other, day)) left -= other.amount
  return left
}

/** Was money given back after `since`, up to `day`? A charge that is given back covered nothing. */
export const refundedAfter = (since: string, entries: readonly Entry[], day: string) => entries.some((entry) => entry.kind === 'refund' && entry.effect === 'takes off' && counts(entry, day) && entry.on > since)

/** Was a payment taken back after `since`, up to `day`? By a row, or by its flag from the stated day on. */
export function takenOffAfter(since: string, entries: readonly Entry[], day: string): boolean {
  return entries.some((entry) => {
    if (entry.effect === 'takes off') return entry.kind !== 'refund' && counts(entry, day) && entry.on > since
    // What is left aside was never there to be taken back.
    return entry.effect === 'brings' && entry.status === 'reversed' && entry.reversedOn !== undefined && entry.on < entry.reversedOn && entry.reversedOn > since && entry.reversedOn <= day
  })
}

/** Money on its way at the end of the day: it covers nothing. A reversal on its way is not money (silent in design.md). */
export function pendingOf(entries: readonly Entry[], asOf: string): bigint {
  const onItsWay = entries.filter((entry) => entry.status === 'pending' && entry.effect === 'brings' && entry.on <= asOf).reduce((sum, entry) => sum + entry.amount, 0n)
  // Paid and not cleared: it would count were it of its own day.
  const stands = (entry: Entry) => entry.status === 'settled' || (entry.status === 'reversed' && entry.reversedOn !== undefined && entry.reversedOn > asOf)
  const notCleared = entries.filter((entry) => entry.effect === 'brings' && entry.on <= asOf && entry.countsOn > asOf && stands(entry))
  return onItsWay + notCleared.reduce((sum, entry) => sum + entry.amount - entries.filter((other) => other.names === entry && other.on <= asOf && stands(other)).reduce((off, other) => off + other.amount, 0n), 0n)
}
