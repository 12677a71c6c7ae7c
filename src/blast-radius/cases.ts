import { plain } from '../publish/exact.ts'
import { bounded, moves, type Touch } from './touches.ts'

/** An account in one of the cases that its rows in quarantine allow. */
export interface Case {
  readonly account_id: string
  /** Accounts of one scenario belong together: of one borrower, where rules look at his other accounts. */
  readonly scenario: string
  readonly paid: string
}

/** Accounts whose figures hang together, and the rows in quarantine that name them. */
export interface Group {
  readonly accounts: readonly string[]
  readonly touches: readonly Touch[]
}

/** Scenarios without anything that lies in quarantine. */
export const asItIs = 'now'

/** Rows of one account that are looked at in every combination; of more only the sums to both sides. */
const combined = 3

/**
 * The cases of a group: as it is, then each combination of what its rows may bring, or the most and the least of it where amounts cannot be
 * read or rows are many. `between`: amounts between the least and the most are possible too.
 */
export function casesOf({ accounts, touches }: Group, number: number, scale: number, split: boolean): { readonly cases: readonly Case[]; readonly between: boolean } {
  const moving = touches.filter(moves)
  const named = [...new Set(moving.map(({ reject }) => reject.account_id))]
  const apart = named.length <= 1 && moving.length <= combined && !split && moving.every(({ whole }) => whole)
  const inCase = (paid: ReadonlyMap<string, bigint>, scenario: string) => accounts.map((account_id): Case => ({ account_id, scenario: `${scenario} ${number}`, paid: plain(bounded(paid.get(account_id) ?? 0n), scale) }))
  const all = (of: 'best' | 'worst') => new Map(named.map((id) => [id, moving.filter(({ reject }) => reject.account_id === id).reduce((sum, one) => sum + one[of], 0n)] as const))
  const sums = apart ? moving.reduce((found, { best, worst }) => new Set([...found].flatMap((sum) => [sum, sum + best, sum + worst])), new Set([0n])) : new Set<bigint>()
  const others = apart ? [...sums].filter((sum) => sum !== 0n).map((sum) => new Map(named.map((id) => [id, sum] as const))) : [all('best'), all('worst')].filter((paid) => [...paid.values()].some((sum) => sum !== 0n))
  return { cases: [...inCase(new Map(), asItIs), ...others.flatMap((paid, at) => inCase(paid, `case ${at}`))], between: !apart }
}
