import type { Conventions } from './conventions.ts'
import type { Entry } from './ledger.ts'
import { counts } from './ledger.ts'
import { instalmentOf, oldestFirst, type Instalment } from './plan.ts'
import { noDay, type Row } from './placed.ts'
import { given } from './rows.ts'
import type { ScheduleRow } from './rows.ts'

/** Digits of money behind the point where they are not two (ISO 4217). */
const decimals: Readonly<Record<string, number>> = { JPY: 0, VND: 0, KRW: 0, KWD: 3, BHD: 3 }

/** What money lies on: a row of the plan, or its fees apart from its rest. */
interface Slot {
  due: bigint
  got: bigint
  dueOn: string
  no: number
  since: string
  /** Place of its row in the plan. */
  row: number
  isFee: boolean
}

/** A chargeback that leaves the payment as it is, and asks its amount anew. */
export const asksAnew = (entry: Entry, { chargeback }: Pick<Conventions, 'chargeback'>) => chargeback === 'new_due' && entry.kind === 'chargeback' && entry.names !== undefined && entry.effect === 'takes off'

/** What is asked of an account: its instalments whole, and the rows that they are made of. */
export interface OnPlan {
  plan: Instalment[]
  rows: (Instalment & { since: string })[]
}

/** The plan with what was charged back and is asked anew. `whole`, `apart`: its rows, with what was added to an instalment put together, and not. */
export function askedOf(whole: readonly ScheduleRow[], apart: readonly ScheduleRow[], entries: readonly Entry[], conventions: Conventions, asOf: string, scale: number): OnPlan {
  const plan: Instalment[] = numbered(whole, scale)
  const rows = numbered(apart, scale)
  const last = Math.max(0, ...plan.map(({ no }) => no))
  if (plan.length > 0) {
    const anew = entries.filter((entry) => asksAnew(entry, conventions) && counts(entry, asOf)).sort(byDay)
    for (const [at, { on, amount }] of anew.entries()) {
      const made = { no: last + at + 1, dueOn: on, due: amount, principal: amount, parts: { principal: amount, interest: 0n, fee: 0n, penalty: 0n }, covered: 0n }
      plan.push({ ...made })
      rows.push({ ...made, since: on })
    }
  }
  plan.sort(oldestFirst)
  rows.sort(oldestFirst)
  return { plan, rows }
}

/** The smallest amount of a currency. */
export const unitOf = (currency: string, scale: number) => 10n ** BigInt(scale - (decimals[currency] ?? 2))

/** Money laid on the plan payment by payment. */
export function laid({ plan, rows }: OnPlan, money: readonly Row[], conventions: Conventions, asOf: string, unit: bigint): Instalment[] {
  const feesApart = conventions.allocation === 'fees_first'
  const slots = rows.flatMap(({ due, dueOn, no, parts, since }, row): Slot[] => {
    const fees = feesApart ? (parts.fee ?? 0n) + (parts.penalty ?? 0n) : 0n
    const slot = { got: 0n, dueOn, no, since, row }
    return [...(fees > 0n ? [{ ...slot, due: fees, isFee: true }] : []), { ...slot, due: due - fees, isFee: false }]
  })
  for (const move of movesOf(money)) layOne(move, slots, conventions, asOf, unit)
  const keyOf = ({ no, dueOn }: { no: number; dueOn: string }) => `${dueOn} ${no}`
  const got = new Map<string, bigint>()
  for (const slot of slots) got.set(keyOf(slot), (got.get(keyOf(slot)) ?? 0n) + slot.got)
  for (const instalment of plan) instalment.covered = got.get(keyOf(instalment))!
  return plan
}

/** Rows as instalments; without numbers they are numbered by due date, then amount. */
function numbered(rows: readonly ScheduleRow[], scale: number): (Instalment & { since: string })[] {
  const made = rows.map((row, place) => Object.assign(instalmentOf(row, place, scale), { since: given(row.added_on) ?? '' }))
  if (rows.every((row) => given(row.instalment_no) !== undefined)) return made
  const inOrder = [...made].sort((a, b) => (a.dueOn !== b.dueOn ? (a.dueOn < b.dueOn ? -1 : 1) : a.due !== b.due ? (a.due < b.due ? -1 : 1) : 0))
  for (const [at, one] of inOrder.entries()) one.no = at + 1
  return inOrder
}

interface Move {
  on: string
  names: number | undefined
  amount: bigint
}

const byDay = (a: { on: string; place: number }, b: { on: string; place: number }) => (a.on !== b.on ? (a.on < b.on ? -1 : 1) : a.place - b.place)

/** What stands of each payment: money given back takes from what came last, and what is owed beyond that the next money makes good. */
function movesOf(money: readonly Row[]): Move[] {
  const moves: Move[] = []
  let owed = 0n
  for (const { on, names, covers } of [...money].sort(byDay)) {
    if (covers >= 0n) {
      const repays = covers < owed ? covers : owed
      owed -= repays
      moves.push({ on, names, amount: covers - repays })
      continue
    }
    let takes = -covers
    for (let at = moves.length - 1; at >= 0 && takes > 0n; at--) {
      const off = moves[at]!.amount < takes ? moves[at]!.amount : takes
      moves[at]!.amount -= off
      takes -= off
    }
    owed += takes
  }
  return moves
}

function layOne({ on, names, amount }: Move, slots: readonly Slot[], { allocation, allocation_time, surplus }: Conventions, asOf: string, unit: bigint) {
  let left = amount
  const there = allocation_time === 'when_paid' ? slots.filter(({ since }) => since <= on) : slots
  const fill = (which: readonly Slot[]) => {
    for (const slot of which) {
      const open = slot.due - slot.got
      const takes = open < left ? open : left
      slot.got += takes
      left -= takes
    }
  }
  if (allocation === 'named_first' && names !== undefined) fill(there.filter(({ no }) => no === names))
  const feesUntil = allocation_time === 'when_paid' ? on : asOf
  if (allocation === 'fees_first') fill(there.filter(({ isFee, dueOn }) => isFee && dueOn <= feesUntil))
  if (surplus === 'next' || on === noDay) fill(there)
  else {
    fill(there.filter(({ dueOn }) => dueOn <= on))
    const ahead = there.filter(({ dueOn, due, got }) => dueOn > on && got < due)
    if (surplus === 'last') fill([...ahead].sort((a, b) => b.row - a.row || Number(b.isFee) - Number(a.isFee)))
    else spread(ahead, left, unit)
  }
}

/** Equal shares in rounds: whoever is full leaves the rest to the others. Then to the smallest amount of the currency: the first so many have together their part, rounded half up. */
function spread(ahead: readonly Slot[], money: bigint, unit: bigint) {
  let left = money
  let sharing = [...ahead]
  for (;;) {
    const full = sharing.filter(({ due, got }) => (due - got) * BigInt(sharing.length) <= left)
    if (full.length === 0) break
    for (const slot of full) {
      left -= slot.due - slot.got
      slot.got = slot.due
    }
    sharing = sharing.filter((slot) => !full.includes(slot))
    if (sharing.length === 0) return
  }
  const among = BigInt(sharing.length)
  if (among === 0n) return
  const upTo = (count: number) => (((left / unit) * BigInt(count) * 2n + among) / (among * 2n)) * unit
  for (const [at, slot] of sharing.entries()) slot.got += upTo(at + 1) - upTo(at)
}
