import type { Relation } from '../engine/relation.ts'
import { sql, type Hole, type Sql } from '../engine/sql.ts'
import type { Conventions, ConventionsInForce } from '../settings/convention-fields.ts'
import { decimalsOf } from '../read/currencies.ts'
import type { Book } from '../read/read.ts'
import type { Settings } from '../settings/load.ts'
import { any, isDefault, whether } from './convention.ts'
import type { PlanFacts } from './in-force.ts'
import type { PaymentFacts } from './payments.ts'
import { grainOf } from './terms.ts'

/** Ways of laying money on plans that differ from the oldest first, as far as the rows of a book let them differ. */
interface Ways {
  readonly named: (of: Conventions) => boolean
  readonly fees: (of: Conventions) => boolean
  /** Payments must be laid one after the other: where one lies depends on its day. */
  readonly inTurn: (of: Conventions) => boolean
}

/** How money is laid on plans, where for some product it is not simply the oldest instalment first. */
export interface Laying extends Ways {
  readonly conventions: ConventionsInForce
  readonly payments: Relation
  readonly facts: PaymentFacts
  readonly plans: PlanFacts
  readonly asOf: string
  /** How many of the smallest amounts of the book one of the currency is, under the alias `l` of loans; only where that differs and shares are made. */
  readonly grain: Sql | undefined
}

interface Given {
  readonly book: Pick<Book, 'currencies' | 'scale'>
  readonly settings: Settings
  readonly payments: Relation
  readonly facts: PaymentFacts
  readonly plans: PlanFacts
}

/** None where the oldest instalment is first for every product, or where no row gives cause for anything else. */
export function layingOf({ book, settings, payments, facts, plans }: Given): Laying | undefined {
  const { conventions, as_of } = settings
  const hasFees = ['fee_due', 'penalty_due'].some(plans.has)
  const ways: Ways = {
    named: ({ allocation }) => plans.statusOnly || (facts.named && allocation === 'named_first'),
    fees: ({ allocation }) => hasFees && allocation === 'fees_first',
    inTurn: (of) => of.surplus !== 'next' || (of.allocation_time === 'when_paid' && (plans.added || ways.fees(of))),
  }
  // What is open of a plan has its money in it already.
  if (plans.open || !any(conventions, (of) => ways.named(of) || ways.fees(of) || ways.inTurn(of))) return undefined
  return { ...ways, conventions, payments, facts, plans, asOf: as_of, grain: any(conventions, ({ surplus }) => surplus === 'spread') && book.currencies.some((currency) => decimalsOf(currency) < book.scale) ? grainOf(book) : undefined }
}

/** Whether a chargeback makes its amount due anew for some product; the payment then stays as it is. */
export const dueAnew = (conventions: ConventionsInForce): boolean => !isDefault(conventions, 'chargeback')

/** The same for a reversal of each account: its kind, and the product of its loan. */
export const isDueAnew = (conventions: ConventionsInForce, kind: Hole, product: Hole): Sql =>
  sql`(${kind} = 'chargeback' AND ${whether(conventions, ({ chargeback }) => chargeback === 'new_due', product)})`
