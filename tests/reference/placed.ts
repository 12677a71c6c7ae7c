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
 * A prepayment covers what was due on its day and is not covered yet; other money of that day goes first.
 */
export function placedOn(entries: readonly Entry[], asOf: string, paidBefore: bigint, dueBy: (day: string) => bigint): Placed {
  const placed: Placed = { pool: paidBefore, toCharges: 0n, toPrincipal: 0n, charged: 0n, parts: { principal: 0n, interest: 0n, fee: 0n, penalty: 0n }, rows: paidBefore > 0n ? [{ on: noDay, place: -1, names: undefined, covers: paidBefore }] : [] }
  // A reversal is borne by the payment that it names.
  const moves = entries.filter((entry) => entry.names === undefined && counts(entry, asOf))
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
    if (entry.kind === 'prepayment') {
      const open = dueBy(entry.on) - placed.pool
      const takes = open < 0n ? 0n : open < covers ? open : covers
      placed.toPrincipal += covers - takes
      covers = takes
    }
    placed.pool += covers
    // What was taken off came off principal first, so the others are served before it.
    let left = covers
    for (const part of ['penalty', 'fee', 'interest', 'principal'] as const) {
      const own = entry.parts[part] ?? 0n
      const takes = covers < 0n ? -own : left < own ? left : own
      placed.parts[part] += takes
      left -= takes
    }
    placed.rows.push({ on: entry.on, place: entry.place, names: entry.instalment, covers })
  }
  return placed
}
