import type { Row } from '../engine/engine.ts'
import { exact } from '../publish/exact.ts'
import { kindsThat } from '../read/inputs.ts'
import type { Evidence, Placed } from './evidence.ts'
import { placeText } from './places.ts'

type WhyNot = 'later' | 'not_known' | 'pending' | 'failed' | 'reversed' | 'taken_back' | 'reversal' | 'due_anew' | 'refund' | 'in_plan' | 'to_charges' | 'to_principal' | 'charge' | 'ignored' | 'no_loan' | 'parent_rejected'

export interface Left {
  readonly why: WhyNot
  readonly amount: bigint | null
  readonly says: string
}

export interface Counted {
  readonly row: Placed
  /** Its id, else its place: a file without ids is told by its lines. */
  readonly called: string
  /** What is poured over the plan of the account at the end of as_of; below 0 where it takes off. */
  readonly counted: bigint
  /** Where less is poured than was paid, or the row brings nothing: each part with its reason. */
  readonly left: readonly Left[]
}

const takesOff: readonly string[] = kindsThat((kind) => kind.takesOff)
export const isReversal = (row: Row) => takesOff.includes(String(row.kind))

const calledBy = (row: Placed) => (row.payment_id === null || row.payment_id === undefined ? placeText(row) : String(row.payment_id))

/** Each payment and reversal with what it adds, and why not all of it. `asOf`, and the day by whose knowledge the book is seen: as the run has them. */
export function countedOf({ payments, unmatched }: Evidence, asOf: string, known?: string): Counted[] {
  const [stray] = unmatched
  return payments.map((row): Counted => {
    const called = calledBy(row)
    // What a reversal is worth is told by the payment that it takes back.
    const amount = isReversal(row) ? null : exact(String(row.amount))
    if (stray !== undefined) return { row, called, counted: 0n, left: [{ why: stray.why, amount, says: unmatchedSays(stray.why) }] }
    if (row.brings !== true && !isReversal(row)) return { row, called, counted: 0n, left: [{ ...asideSays(row), amount }] }
    if (row.counts !== true) return { row, called, counted: 0n, left: [whyNot(row, asOf, known, amount)] }
    return { row, called, counted: exact(String(row.covers)), left: [...whyLess(row, payments), ...beside(row)] }
  })
}

const unmatchedSays = (why: 'no_loan' | 'parent_rejected') => (why === 'no_loan' ? 'no loan row has the account' : 'the loan row of the account is in quarantine')

const asideSays = ({ kind }: Placed): Pick<Left, 'why' | 'says'> =>
  kind === 'charge' ? { why: 'charge', says: 'a charge: it is asked beside the plan' } : { why: 'ignored', says: `${kind} is left aside: the settings say ${kind}: ignored` }

/** A row that does not stand at the end of the day. */
function whyNot(row: Placed, asOf: string, known: string | undefined, amount: bigint | null): Left {
  if (row.in_plan === true) return { why: 'in_plan', amount, says: 'the schedule says what is open, and has this payment in it already' }
  const nothing = isReversal(row) ? ', so it takes nothing off' : ''
  if (String(row.paid_on) > asOf) return { why: 'later', amount, says: `dated after ${asOf}${row.status === 'settled' ? '' : ` and ${row.status}`}${nothing}` }
  if (known !== undefined && row.received_on !== null && row.received_on !== undefined && String(row.received_on) > known) return { why: 'not_known', amount, says: `not known on ${known}: received on ${row.received_on}${nothing}` }
  const stands = row.status === 'settled' || (row.status === 'reversed' && row.reversed_on !== null && String(row.reversed_on) > asOf)
  if (stands && String(row.counts_on) > asOf) return { why: 'pending', amount: exact(String(row.adds)), says: `not cleared: it counts from ${row.counts_on} on` }
  switch (row.status) {
    case 'pending':
      return { why: 'pending', amount, says: nothing === '' ? 'pending: on its way, it covers nothing yet' : `pending${nothing}` }
    case 'failed':
      return { why: 'failed', amount, says: `failed${nothing}` }
    default:
      return { why: 'reversed', amount, says: `${row.reversed_on === null ? 'flagged as reversed, without a day: it never counted' : `flagged as reversed on ${row.reversed_on}`}${nothing}` }
  }
}

/** A row that stands and adds less than it says. */
function whyLess(row: Placed, all: readonly Placed[]): Left[] {
  if (!isReversal(row)) {
    const off = exact(String(row.amount)) - exact(String(row.adds))
    if (off === 0n) return []
    const by = all.filter((other) => other.counts === true && other.reverses !== null && other.reverses === row.payment_id && isReversal(other))
    return [{ why: 'taken_back', amount: off, says: `taken back by ${by.map((other) => `${calledBy(other)} (${other.kind}, ${other.paid_on})`).join(', ')}` }]
  }
  if (row.reverses === null) return [{ why: 'refund', amount: null, says: 'a refund that names no payment: it takes off what came last' }]
  const target = all.find((other) => other.payment_id === row.reverses && !isReversal(other))
  const idle = target !== undefined && target.counts !== true
  // A payment that stands whole beside its chargeback is asked anew.
  if (row.kind === 'chargeback' && !idle && target !== undefined && exact(String(target.taken)) === 0n) return [{ why: 'due_anew', amount: null, says: `takes back ${row.reverses}: the amount is due anew on ${row.paid_on}, the payment stays` }]
  return [{ why: 'reversal', amount: null, says: idle ? `takes back ${row.reverses}, which does not count anyhow` : `takes back ${row.reverses}` }]
}

/** What of a row that stands covers nothing of the plan. */
function beside(row: Placed): Left[] {
  const [charges, principal] = [exact(String(row.to_charges)), exact(String(row.to_principal))]
  return [
    ...(charges === 0n ? [] : [{ why: 'to_charges' as const, amount: charges, says: 'parts that lie beside the plan, such as penalty' }]),
    ...(principal === 0n ? [] : [{ why: 'to_principal' as const, amount: principal, says: 'prepaid beyond what was due that day: it lowers principal' }]),
  ]
}
