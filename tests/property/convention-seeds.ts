import fc from 'fast-check'

/** Invented conventions, in the words of the settings. What is often left out keeps its default: each is tried alone and beside others. */
const seldom = <T>(arbitrary: fc.Arbitrary<T>, oneIn: number) => fc.oneof({ arbitrary: fc.constant(undefined), weight: oneIn - 1 }, { arbitrary, weight: 1 })
const amount = fc.oneof(fc.constantFrom('0', '0.01', '1', '100', '100.00', '500'), fc.integer({ min: 0, max: 300_000 }).map((cents) => (cents / 100).toFixed(2)), fc.integer({ min: 1000, max: 9000 }).map(String))

const materiality = fc.record(
  {
    absolute: fc.record({ CNY: amount, USD: amount, INR: amount }, { requiredKeys: [] }),
    relative: fc.constantFrom(0, 0.01, 0.05, 0.5, 1),
    exceed: fc.constantFrom('both', 'either'),
    counting: fc.constantFrom('since_material', 'since_material', 'due_date', undefined),
  },
  { requiredKeys: [] },
)

const aThreshold = ({ absolute, relative }: { absolute?: object; relative?: number }) => relative !== undefined || Object.keys(absolute ?? {}).length > 0

const conventions = fc.record({
  count_from: seldom(fc.constantFrom('due_date', 'day_after_due'), 3),
  grace_days: seldom(fc.oneof(fc.constantFrom(1, 3, 5, 30), fc.integer({ min: 0, max: 40 })), 2),
  grace_counting: seldom(fc.constantFrom('due_date', 'after_grace'), 2),
  materiality: seldom(materiality.filter(aThreshold), 2),
  skip_instalments: seldom(fc.constantFrom(['waived'], ['waived', 'deferred'], ['deferred', 'none such']), 3),
  business_days: seldom(fc.constantFrom('next', 'previous', 'kept'), 3),
  business_days_counting: seldom(fc.constantFrom('moved', 'original'), 2),
  pause_span: seldom(fc.constantFrom('whole', 'after_due'), 2),
  clearing_days: seldom(fc.constantFrom(1, 2, 5, 30), 4),
  ages: seldom(fc.subarray(['principal', 'interest', 'fee', 'penalty'], { minLength: 1 }), 4),
  full_payment: seldom(fc.record({ share: fc.constantFrom(0.5, 0.9, 0.95, 0.999, 1), tolerance: fc.constantFrom('0', '0.01', '5', '100.00') }, { requiredKeys: [] }), 4),
  after_payoff: seldom(fc.constantFrom('frozen', 'zero'), 4),
  frozen_statuses: seldom(fc.constantFrom(['written_off'], ['sold'], ['written_off', 'sold']), 4),
  allocation: seldom(fc.constantFrom('named_first', 'fees_first'), 3),
  allocation_time: seldom(fc.constant('when_paid'), 3),
  surplus: seldom(fc.constantFrom('last', 'spread'), 3),
  chargeback: seldom(fc.constant('new_due'), 3),
  months: seldom(fc.constantFrom('mba', 'ots'), 4),
})

/** What the engine cannot do yet. */
const notYet: readonly string[] = []
const withoutBlanks = (one: object): object => Object.fromEntries(Object.entries(one).filter(([field, value]) => value !== undefined && !notYet.includes(field)).map(([field, value]) => [field, field === 'materiality' ? withoutBlanks(value as object) : value]))

export const products = ['p0', 'p1', 'p2', 'p3', 'p4', 'p5', 'p6', 'p7']

/** Where money lies: asked in some books only, for it is laid payment by payment. */
export const laying: readonly string[] = ['allocation', 'allocation_time', 'surplus', 'chargeback']

/** Conventions of a book: some of one kind for all, most with three products that have their own; the others are as the book. */
const ofBook = fc.record({ book: conventions, lays: fc.constantFrom(true, false, false, false), alone: fc.constantFrom(true, false, false, false, false), own: fc.array(conventions, { minLength: 3, maxLength: 3 }) })

export type Stated = Readonly<Record<string, any>>

/** The same for the same seed. */
export const conventionSeeds = (count: number, seed: number): Stated[] =>
  fc.sample(ofBook, { seed, numRuns: count }).map(({ book, lays, alone, own }) => {
    const stated = (one: object) => withoutBlanks(lays ? one : Object.fromEntries(Object.entries(one).filter(([field]) => !laying.includes(field))))
    return { ...stated(book), ...(alone ? {} : { products: Object.fromEntries(own.map((one, at) => [products[at]!, stated(one)])) }) }
  })

/** Conventions of a book and its products without some. */
export function withoutFields({ products: own, ...book }: Stated, fields: readonly string[]): Stated {
  const rest = (one: object) => Object.fromEntries(Object.entries(one).filter(([field]) => !fields.includes(field)))
  return { ...rest(book), ...(own === undefined ? {} : { products: Object.fromEntries(Object.entries(own as object).map(([product, one]) => [product, rest(one as object)])) }) }
}
