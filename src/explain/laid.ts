import { longAgo } from '../classify/payments.ts'
import type { Conventions } from '../settings/convention-fields.ts'
import type { Share } from './poured.ts'

/** What money is laid on: an instalment, or its fees apart from its rest; in the order of the plan. */
export interface Piece {
  /** Place of its instalment among those of the account. */
  readonly instalment: number
  readonly due: bigint
  readonly due_on: string
  readonly no: number
  /** Since when it is part of the plan; blank: from the beginning. */
  readonly first_on: string | null
  readonly isFee: boolean
  /** Place of its row in the plan. */
  readonly row: number
}

/** What stands of a payment, with what decides where it lies. */
export interface Move extends Share {
  readonly on: string
  readonly names: number | null
}

/** Payments one after the other, each on what it finds open, as the conventions of the account have it. `unit`: the smallest amount of money; `left`: what nothing takes. */
export function lay(pieces: readonly Piece[], instalments: number, money: readonly Move[], conventions: Conventions, asOf: string, unit: bigint): { readonly covers: readonly Share[][]; readonly left: readonly Share[] } {
  const { allocation, allocation_time, surplus } = conventions
  const covers: Share[][] = Array.from({ length: instalments }, () => [])
  const got = pieces.map(() => 0n)
  const left: Share[] = []
  for (const { payment, amount, on, names } of money) {
    const there = pieces.flatMap(({ first_on }, at) => (allocation_time === 'when_paid' && first_on !== null && first_on > on ? [] : [at]))
    const open = (at: number) => pieces[at]!.due - got[at]!
    let rest = amount
    const put = (at: number, most: bigint) => {
      const takes = least(least(open(at), most), rest)
      if (takes <= 0n) return
      got[at]! += takes
      rest -= takes
      const shares = covers[pieces[at]!.instalment]!
      const last = shares.at(-1)
      if (last?.payment === payment) shares[shares.length - 1] = { payment, amount: last.amount + takes }
      else shares.push({ payment, amount: takes })
    }
    const fill = (which: readonly number[]) => which.forEach((at) => put(at, rest))
    if (allocation === 'named_first' && names !== null) fill(there.filter((at) => pieces[at]!.no === names))
    if (allocation === 'fees_first') fill(there.filter((at) => pieces[at]!.isFee && pieces[at]!.due_on <= (allocation_time === 'when_paid' ? on : asOf)))
    if (surplus === 'next' || on === longAgo) fill(there)
    else {
      fill(there.filter((at) => pieces[at]!.due_on <= on))
      const ahead = there.filter((at) => pieces[at]!.due_on > on && open(at) > 0n)
      // Of one instalment its fees come first.
      if (surplus === 'last') fill(ahead.sort((a, b) => pieces[b]!.row - pieces[a]!.row || a - b))
      else for (const [at, takes] of alike(ahead.map((at) => [at, open(at)] as const), rest, unit)) put(at, takes)
    }
    if (rest > 0n) left.push({ payment, amount: rest })
  }
  return { covers, left }
}

const least = (a: bigint, b: bigint) => (a < b ? a : b)

/** The same for each, at most what is open of it; what small ones leave is shared again. Rounded so that the first so many have together their portion. */
export function alike(ahead: readonly (readonly [number, bigint])[], money: bigint, unit: bigint): (readonly [number, bigint])[] {
  const bySize = [...ahead].sort(([, a], [, b]) => (a < b ? -1 : a > b ? 1 : 0))
  const filled = new Set<number>()
  let rest = money
  for (const [at, open] of bySize) {
    if (rest < open * BigInt(ahead.length - filled.size)) break
    filled.add(at)
    rest -= open
  }
  const sharers = BigInt(ahead.length - filled.size)
  let nth = 0n
  const upTo = (place: bigint) => (((rest / unit) * place * 2n + sharers) / (sharers * 2n)) * unit
  return ahead.map(([at, open]) => {
    if (filled.has(at)) return [at, open] as const
    nth += 1n
    return [at, upTo(nth) - upTo(nth - 1n)] as const
  })
}
