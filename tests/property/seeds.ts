import fc from 'fast-check'

/** What an invented account is like, in relations to the as-of day and to its own plan; book.ts makes rows of it. */

const often = <T>(usual: T, weight: number, ...rest: T[]) => fc.oneof({ arbitrary: fc.constant(usual), weight }, ...rest.map((one) => ({ arbitrary: fc.constant(one), weight: 1 })))
/** One in `oneIn` has it; all but one have it. */
const seldom = <T>(arbitrary: fc.Arbitrary<T>, oneIn: number) => fc.oneof({ arbitrary: fc.constant(undefined), weight: oneIn - 1 }, { arbitrary, weight: 1 })
const mostly = <T>(arbitrary: fc.Arbitrary<T>, oneIn: number) => fc.oneof({ arbitrary: fc.constant(undefined), weight: 1 }, { arbitrary, weight: oneIn - 1 })

/** Days from the as-of day: the edges themselves come up often. */
const nearAsOf = fc.oneof(fc.constantFrom(-1, 0, 1), fc.integer({ min: -40, max: 10 }), fc.integer({ min: -400, max: 60 }))

const reversal = fc.record({
  kind: fc.constantFrom('undo', 'undo', 'chargeback', 'refund', ''),
  /** Parts of 4 that it takes off. */
  share: fc.constantFrom(4, 4, 4, 1, 2),
  after: fc.oneof(fc.constantFrom(0, 1, 3), fc.integer({ min: 0, max: 90 })),
  negative: fc.boolean(),
  /** A reversal that cannot be. */
  fault: often('none', 40, 'no-such-payment', 'before-its-payment', 'beyond-its-payment', 'names-none'),
  status: often('', 12, 'settled', 'pending', 'failed', 'reversed'),
  reversedAfter: seldom(fc.integer({ min: 0, max: 30 }), 2),
})

const payment = fc.record({
  /** Beside an instalment's due date, or anywhere. */
  beside: seldom(fc.nat({ max: 13 }), 2),
  days: fc.oneof(fc.constantFrom(0, 0, 1, -1), fc.integer({ min: -10, max: 45 })),
  anywhere: nearAsOf,
  size: fc.constantFrom('instalment', 'instalment', 'part', 'double', 'cent', 'all', 'half'),
  cents: fc.integer({ min: 1, max: 90_000 }),
  kind: often('', 12, 'payment', 'payment', 'waiver', 'recovery', 'settlement'),
  status: often('', 14, 'settled', 'pending', 'failed', 'reversed'),
  reversedAfter: seldom(fc.integer({ min: 0, max: 60 }), 2),
  reversals: fc.oneof({ arbitrary: fc.constant([]), weight: 12 }, { arbitrary: fc.array(reversal, { minLength: 1, maxLength: 1 }), weight: 3 }, { arbitrary: fc.array(reversal, { minLength: 2, maxLength: 3 }), weight: 1 }),
  /** Its row stands twice, or its id stands for another amount or another account too. */
  again: often('', 60, 'twin', 'other amount', 'other account'),
})

const bareRefund = fc.record({ days: nearAsOf, cents: fc.integer({ min: 1, max: 60_000 }), negative: fc.boolean(), named: fc.boolean() })

const accountSeed = fc.record({
  cadence: fc.constantFrom('monthly', 'monthly', 'fortnight', 'irregular', 'balloon', 'same day'),
  instalments: fc.oneof({ arbitrary: fc.integer({ min: 1, max: 14 }), weight: 12 }, { arbitrary: fc.constant(0), weight: 1 }),
  /** First due day from the as-of day. */
  start: fc.oneof({ arbitrary: fc.integer({ min: -420, max: -1 }), weight: 6 }, { arbitrary: fc.integer({ min: -31, max: 40 }), weight: 3 }, { arbitrary: fc.constantFrom(-91, -90, -31, -30, -1, 0, 1), weight: 2 }),
  dueDay: fc.constantFrom(0, 1, 5, 15, 28, 29, 30, 31, 31),
  cents: fc.oneof(fc.integer({ min: 1, max: 300_000 }), fc.constantFrom(10_000, 33_333, 1)),
  gaps: fc.array(fc.integer({ min: 0, max: 45 }), { minLength: 14, maxLength: 14 }),
  zeros: seldom(fc.uniqueArray(fc.nat({ max: 13 }), { maxLength: 4 }), 6),
  firstNo: often(1, 30, 0, 3),
  /** Parts of 10 that are interest, fee and penalty. */
  parts: fc.tuple(fc.nat({ max: 3 }), fc.nat({ max: 2 }), fc.nat({ max: 1 })),
  /** Instalments paid near their due days before anything else happens. */
  paidInTurn: fc.nat({ max: 14 }),
  jitter: fc.array(fc.integer({ min: -3, max: 20 }), { minLength: 14, maxLength: 14 }),
  payments: fc.array(payment, { maxLength: 5 }),
  refund: seldom(bareRefund, 12),
  /** Of a closed loan: its payments came in turn, and a refund came after closing. */
  closedWell: fc.boolean(),
  givenBack: seldom(bareRefund, 2),
  revolving: seldom(fc.constant(true), 40),
  status: often('open', 14, '', 'closed', 'closed', 'closed', 'written_off', 'sold', 'cancelled', 'not_disbursed', 'frozen', 'deceased', 'bankrupt', 'fraud'),
  stateDay: mostly(nearAsOf, 4),
  /** A second dated state, so that the newest must be found. */
  otherState: seldom(fc.record({ state: fc.constantFrom('closed_on', 'written_off_on', 'sold_on'), days: nearAsOf, sameDay: fc.boolean() }), 12),
  disbursed: fc.oneof({ arbitrary: fc.constant(-450), weight: 12 }, { arbitrary: fc.constantFrom(0, 1, 5), weight: 1 }, { arbitrary: fc.constant(undefined), weight: 1 }),
  borrower: mostly(fc.nat({ max: 300 }), 12),
  currency: fc.nat({ max: 1 }),
  charges: seldom(fc.integer({ min: 0, max: 9_999 }), 6),
  own: mostly(fc.integer({ min: 0, max: 900_000 }), 3),
})

export type AccountSeed = typeof accountSeed extends fc.Arbitrary<infer T> ? T : never

/** As-of days at month ends, on leap days and anywhere between. */
const bookSeed = (accounts: number) =>
  fc.record({
    asOf: fc.oneof(fc.constantFrom('2024-02-29', '2024-03-01', '2023-02-28', '2025-03-31', '2024-12-31', '2025-01-01', '2000-02-29'), fc.integer({ min: 36_500, max: 46_500 })),
    workAfter: fc.constantFrom(0, 1, 1, 3),
    preventiveDays: fc.constantFrom(3, 3, 0, 7),
    /** Days from the as-of day to the last whole day; unstated for some. */
    dataAfter: seldom(fc.constantFrom(0, 0, 5, 40), 2),
    shuffled: seldom(fc.integer({ min: 1, max: 1_000_000 }), 2),
    currencies: fc.constantFrom(['CNY', 'USD'], ['CNY', 'USD'], ['JPY', 'CNY'], ['KWD', 'INR']),
    accounts: fc.array(accountSeed, { minLength: accounts, maxLength: accounts, size: 'max' }),
  })

/** What an export is like as a whole. The parts go round at their own pace, so that few books meet many pairs of them. */
const exportLike = (place: number) => ({
  /** What the schedule says of an instalment; `mixed`: some rows have only an amount, some ask no principal. */
  parts: (['amount', 'parts', 'both', 'mixed'] as const)[place % 4]!,
  /** Columns that it lacks. */
  money: (['all', 'plain', 'all', 'no kind', 'no status'] as const)[place % 5]!,
  loans: (['all', 'no method', 'no dates'] as const)[place % 3]!,
  numbered: place % 7 !== 3,
  /** Days from the as-of day to the last one in the repayments; unlimited for some. */
  until: ([undefined, 0, 1, undefined] as const)[(place + 1) % 4],
})

export type BookSeed = (ReturnType<typeof bookSeed> extends fc.Arbitrary<infer T> ? T : never) & ReturnType<typeof exportLike>

/** Invented books, the same for the same seed. */
export const bookSeeds = (books: number, accounts: number, seed: number): BookSeed[] => fc.sample(bookSeed(accounts), { seed, numRuns: books }).map((one, place) => ({ ...one, ...exportLike(place) }))
