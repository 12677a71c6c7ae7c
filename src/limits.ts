import type { MoneyTotals, Warning } from './outcome.ts'
import { exact } from './publish/exact.ts'
import type { RawSettings } from './settings/schema.ts'

const code = 'unmatched-over-limit'
/** Of ties.ts: the work lists are held back as well. */
export const tiesCode = 'ties-below-limit'

/** Limits that the settings state and the book crosses: the run is published all the same, and ends with 5 for whoever watches. */
export function crossed(money: readonly MoneyTotals[], { unmatched_max_share: most }: Pick<RawSettings, 'unmatched_max_share'>): Warning[] {
  if (most === undefined) return []
  return money
    .filter(({ received, unmatched }) => exact(unmatched) > 0n && exact(unmatched) * millionths > exact(received) * BigInt(Math.round(most * Number(millionths))))
    .map(({ currency, received, unmatched }) => ({ code, says: `${unmatched} of ${received} ${currency} received meet no account, more than the share of ${most} that unmatched_max_share allows.` }))
}

const millionths = 1_000_000n

/** Those among the warnings of a run that is done. */
export const crossedIn = (warnings: readonly Warning[]) => warnings.filter((warning) => warning.code === code || warning.code === tiesCode)
