import type { Entry } from './ledger.ts'
import { netOf } from './ledger.ts'
import { given } from './rows.ts'
import type { LoanRow } from './rows.ts'

export type State = 'open' | 'closed' | 'written_off' | 'sold' | 'cancelled' | 'not_disbursed' | 'frozen' | 'deceased' | 'bankrupt' | 'fraud'

/** States that are aged like an open loan, and held. */
export const heldStates: readonly State[] = ['frozen', 'deceased', 'bankrupt', 'fraud']

/** The day of the last payment, reversed ones too: pending and failed money is no payment, a waiver may well be what closed the loan. */
function lastPayment(entries: readonly Entry[]): string | undefined {
  let last: string | undefined
  for (const entry of entries) {
    if (entry.effect === 'brings' && (entry.status === 'settled' || entry.status === 'reversed') && (last === undefined || entry.on > last)) last = entry.on
  }
  return last
}

/**
 * What the loan is at the end of `asOf`, and since when.
 * A state holds from its own date; of several dated ones the newest not after `asOf` decides.
 */
export function stateOf(loan: LoanRow, entries: readonly Entry[], asOf: string): { state: State; since: string | undefined } {
  const status = (given(loan.status) ?? 'open') as State
  // Nothing was ever paid and no day is given: the export only shows that it is closed by now (silent in design.md).
  const closedOn = given(loan.closed_on) ?? (status === 'closed' ? (lastPayment(entries) ?? asOf) : undefined)
  // Of two of one day the exported status decides, else what is hardest to undo (silent in design.md).
  const dated: { state: State; since: string }[] = []
  if (given(loan.sold_on) !== undefined) dated.push({ state: 'sold', since: given(loan.sold_on)! })
  if (given(loan.written_off_on) !== undefined) dated.push({ state: 'written_off', since: given(loan.written_off_on)! })
  if (closedOn !== undefined) dated.push({ state: 'closed', since: closedOn })

  // A state that has no date column, or whose date is blank, is the export's last word on every day.
  const hasDate = dated.some((one) => one.state === status)
  if (status !== 'open' && !hasDate && ['closed', 'written_off', 'sold', 'cancelled', 'not_disbursed'].includes(status)) return { state: status, since: undefined }

  let newest: { state: State; since: string } | undefined
  for (const one of dated) if (one.since <= asOf && (newest === undefined || one.since > newest.since || (one.since === newest.since && one.state === status))) newest = one
  if (newest !== undefined) return newest

  // Payments of kind settlement close an open loan on their day; one that was taken off whole closes nothing.
  const settlements = entries.filter((entry) => entry.kind === 'settlement' && netOf(entry, entries, asOf) > 0n).sort((a, b) => (a.on < b.on ? -1 : 1))
  if (settlements.length > 0) return { state: 'closed', since: settlements[0]!.on }
  return { state: heldStates.includes(status) ? status : 'open', since: undefined }
}
