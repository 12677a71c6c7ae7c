import type { Entry } from './ledger.ts'
import { counts, netOf } from './ledger.ts'
import type { Part } from './plan.ts'

/** What came in before the file has no day. */
export const noDay = '1900-01-01'

/** What one row brought to the plan. `place`: its own in the file, before all others where it has none. */
export interface Row {
  on: string
  place: number
  names: number | undefined
  covers: bigint
}

/** Where one account's money lies at the end of a day, gone through row by row. */
export interface Placed {
  /** What can cover the plan; below 0 where more was given back than came in. */
  pool: bigint
  toCharges: bigint
  toPrincipal: bigint
  charged: bigint
  /** What each row brought to the plan, by its day. */
  rows: Row[]
  /** What of the pool payments say is for a part of instalments. */
  parts: Record<Part, bigint>
}

/**
 * `dueBy`: what the plan asks on or before a day. `paidBefore`: what came in before the file begins, on no day.
 * `asked`: what the plan asks of parts that cover no more than that; the rest lies beside it.
 * A prepayment covers what was due on its day and is not covered yet; other money of that day goes first.
 */
export function placedOn(entries: readonly Entry[], asOf: string, paidBefore: bigint, dueBy: (day: string) => bigint, asked: Readonly<Partial<Record<Part, bigint>>>): Placed {
  const placed: Placed = { pool: paidBefore, toCharges: 0n, toPrincipal: 0n, charged: 0n, parts: { principal: 0n, interest: 0n, fee: 0n, penalty: 0n }, rows: paidBefore > 0n ? [{ on: noDay, place: -1, names: undefined, covers: paidBefore }] : [] }
  // A reversal is borne by the payment that it names.
  const moves = entries.filter((entry) => entry.names === undefined && counts(entry, asOf))
  const told: Partial<Record<Part, bigint>> = {}
  const excess = new Map<Part, bigint>()
  const last = (entry: Entry) => (entry.kind === 'prepayment' ? 1 : 0)
  for (const entry of [...moves].sort((a, b) => (a.on !== b.on ? (a.on < b.on ? -1 : 1) : last(a) - last(b)))) {
    const net = netOf(entry, entries, asOf)
    if (entry.kind === 'charge') placed.charged += net
    if (entry.effect === 'aside') continue
    let covers: bigint
    if (entry.effect === 'takes off') {
      covers = entry.beside - entry.amount
      placed.toCharges -= entry.beside
    } else {
      // What was taken back comes off the cover first.
      const left = entry.amount - entry.beside - (entry.amount - net)
      covers = left > 0n ? left : 0n
      placed.toCharges += net - covers
    }
    const own = { ...entry.parts }
    for (const part of ['penalty', 'fee', 'interest', 'principal'] as const) {
      if (asked[part] === undefined) continue
      const takes = partIn(entry, part, covers)
      const before = over(told[part] ?? 0n, asked[part])
      told[part] = (told[part] ?? 0n) + takes
      const beyond = over(told[part], asked[part]) - before
      excess.set(part, beyond)
    }
    for (const [part, beyond] of excess) {
      own[part] = (own[part] ?? 0n) + (covers < 0n ? beyond : -beyond)
    }
    const beyond = [...excess.values()].reduce((sum, one) => sum + one, 0n)
    covers -= beyond
    placed.toCharges += beyond
    excess.clear()
    if (entry.kind === 'prepayment') {
      const open = dueBy(entry.on) - placed.pool
      const takes = open < 0n ? 0n : open < covers ? open : covers
      placed.toPrincipal += covers - takes
      covers = takes
    }
    placed.pool += covers
    for (const part of inOrder) placed.parts[part] += partIn({ ...entry, parts: own }, part, covers)
    placed.rows.push({ on: entry.on, place: entry.place, names: entry.instalment, covers })
  }
  return placed
}

const inOrder = ['penalty', 'fee', 'interest', 'principal'] as const
const over = (amount: bigint, most: bigint) => (amount > most ? amount - most : 0n)

/** What of a row's cover is for a part: what was taken off came off principal first, so the others are served before it. */
function partIn({ parts }: Pick<Entry, 'parts'>, of: Part, covers: bigint): bigint {
  if (covers < 0n) return -(parts[of] ?? 0n)
  let left = covers
  for (const part of inOrder) {
    const takes = left < (parts[part] ?? 0n) ? left : (parts[part] ?? 0n)
    if (part === of) return takes
    left -= takes
  }
  return 0n
}
