/**
 * Conventions of counting, as the reference reads them; the names are those of the settings, the code is its own.
 * What is not stated is the default: the day after the due date is day 1, nothing is taken off.
 */
export interface Conventions {
  count_from: 'day_after_due' | 'due_date'
  grace_days: number
  grace_counting: 'due_date' | 'after_grace'
  materiality: { absolute?: Readonly<Record<string, string>>; relative?: number; exceed?: 'both' | 'either'; counting?: 'due_date' | 'since_material' } | undefined
  business_days: 'kept' | 'next' | 'previous'
  business_days_counting: 'moved' | 'original'
  pause_span: 'after_due' | 'whole'
  months: 'none' | 'mba' | 'ots'
  skip_instalments: readonly string[]
  after_payoff: 'zero' | 'frozen'
  frozen_statuses: readonly string[]
  ages: readonly string[]
  full_payment: { share?: number; tolerance?: string }
  clearing_days: number
  allocation: 'oldest_first' | 'named_first' | 'fees_first'
  allocation_time: 'as_of' | 'when_paid'
  surplus: 'next' | 'last' | 'spread'
  chargeback: 'reopens' | 'new_due'
}

const plainConventions: Conventions = {
  count_from: 'day_after_due',
  grace_days: 0,
  grace_counting: 'due_date',
  materiality: undefined,
  business_days: 'kept',
  business_days_counting: 'moved',
  pause_span: 'after_due',
  months: 'none',
  skip_instalments: [],
  after_payoff: 'zero',
  frozen_statuses: [],
  ages: ['principal', 'interest', 'fee', 'penalty'],
  full_payment: {},
  clearing_days: 0,
  allocation: 'oldest_first',
  allocation_time: 'as_of',
  surplus: 'next',
  chargeback: 'reopens',
}

type Stated = Partial<Conventions> & { products?: Readonly<Record<string, Partial<Conventions>>> }

/** Made once for each product. */
const made = new WeakMap<Stated, Map<string | undefined, Conventions>>()

/** What holds for a product: its own, else the book's, else the default. */
export function conventionsOf(stated: Stated | undefined, product: string | undefined): Conventions {
  if (stated === undefined) return plainConventions
  const known = made.get(stated) ?? new Map<string | undefined, Conventions>()
  made.set(stated, known)
  let own = known.get(product)
  if (own === undefined) {
    const { products, ...book } = stated
    own = { ...plainConventions, ...book, ...(product === undefined ? {} : products?.[product]) }
    known.set(product, own)
  }
  return own
}
