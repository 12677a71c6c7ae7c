import { exact } from '../publish/exact.ts'
import type { Evidence, Placed } from './evidence.ts'
import { placeText } from './places.ts'

type WhyNot = 'later' | 'pending' | 'failed' | 'reversed' | 'taken_back' | 'reversal' | 'refund' | 'in_plan' | 'no_loan' | 'parent_rejected'

export interface Counted {
  readonly row: Placed
  /** Its id, else its place: a file without ids is told by its lines. */
  readonly called: string
  /** What it adds to the money of the account at the end of as_of; below 0 where it takes off. */
  readonly counted: bigint
  /** Where less counts than was paid, or the row brings nothing. */
  readonly not?: { readonly why: WhyNot; readonly amount: bigint | null; readonly says: string }
}

const takesOff = ['undo', 'chargeback', 'refund']

const calledBy = (row: Placed) => (row.payment_id === null || row.payment_id === undefined ? placeText(row) : String(row.payment_id))

/** Each payment and reversal with what it adds, and why not all of it. `asOf`: as the run has it. */
export function countedOf({ payments, unmatched }: Evidence, asOf: string): Counted[] {
  const [stray] = unmatched
  return payments.map((row): Counted => {
    const called = calledBy(row)
    // What a reversal is worth is told by the payment that it takes back.
    const amount = takesOff.includes(String(row.kind)) ? null : exact(String(row.amount))
    if (stray !== undefined) return { row, called, counted: 0n, not: { why: stray.why, amount, says: unmatchedSays(stray.why) } }
    const counted = row.counts === true ? exact(String(row.adds)) : 0n
    const not = row.counts === true ? whyLess(row, payments, counted) : { ...whyNot(row, asOf), amount }
    return { row, called, counted, ...(not === undefined ? {} : { not }) }
  })
}

const unmatchedSays = (why: 'no_loan' | 'parent_rejected') => (why === 'no_loan' ? 'no loan row has the account' : 'the loan row of the account is in quarantine')

/** A row that does not stand at the end of the day. */
function whyNot(row: Placed, asOf: string): { why: WhyNot; says: string } {
  if (row.in_plan === true) return { why: 'in_plan', says: 'the schedule says what is open, and has this payment in it already' }
  const nothing = takesOff.includes(String(row.kind)) ? ', so it takes nothing off' : ''
  if (String(row.paid_on) > asOf) return { why: 'later', says: `dated after ${asOf}${row.status === 'settled' ? '' : ` and ${row.status}`}${nothing}` }
  switch (row.status) {
    case 'pending':
      return { why: 'pending', says: nothing === '' ? 'pending: on its way, it covers nothing yet' : `pending${nothing}` }
    case 'failed':
      return { why: 'failed', says: `failed${nothing}` }
    default:
      return { why: 'reversed', says: `${row.reversed_on === null ? 'flagged as reversed, without a day: it never counted' : `flagged as reversed on ${row.reversed_on}`}${nothing}` }
  }
}

/** A row that stands and adds less than it says. */
function whyLess(row: Placed, all: readonly Placed[], counted: bigint): Counted['not'] {
  if (!takesOff.includes(String(row.kind))) {
    const amount = exact(String(row.amount))
    if (counted === amount) return undefined
    const by = all.filter((other) => other.counts === true && other.reverses !== null && other.reverses === row.payment_id && takesOff.includes(String(other.kind)))
    return { why: 'taken_back', amount: amount - counted, says: `taken back by ${by.map((other) => `${calledBy(other)} (${other.kind}, ${other.paid_on})`).join(', ')}` }
  }
  if (row.reverses === null) return { why: 'refund', amount: null, says: 'a refund that names no payment: it takes off what came last' }
  const target = all.find((other) => other.payment_id === row.reverses && !takesOff.includes(String(other.kind)))
  const idle = target !== undefined && target.counts !== true
  return { why: 'reversal', amount: null, says: idle ? `takes back ${row.reverses}, which does not count anyhow` : `takes back ${row.reverses}` }
}
