import type { MoneyTotals, Warning } from './outcome.ts'
import { exact } from './publish/exact.ts'
import { fellCode } from './delivery.ts'
import { plusDays } from './settings/as-of.ts'
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
const oldCode = 'payments-too-old'

/** Nothing came in for longer than the settings allow. `newest`: the last day of a payment not after as_of; none where there is no payment at all. */
export function tooOld(newest: string | undefined, { as_of, newest_payment_max_days: most }: Pick<RawSettings, 'newest_payment_max_days'> & { readonly as_of: string }): Warning[] {
  if (most === undefined || (newest !== undefined && as_of <= plusDays(newest, most))) return []
  return [{ code: oldCode, says: newest === undefined ? `There is no payment on or before ${as_of} at all.` : `The newest payment is of ${newest}, more than the ${most} days before ${as_of} that newest_payment_max_days allows.` }]
}

/** Those among the warnings of a run that is done. */
export const crossedIn = (warnings: readonly Warning[]) => warnings.filter((warning) => [code, tiesCode, oldCode, fellCode].includes(warning.code))
