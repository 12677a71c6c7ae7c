import { describe, expect, test } from 'vitest'
import { checkConventions, checkEdges, conventionsInForce, conventionsOf } from '../../src/settings/conventions.ts'
import { presetOf } from '../../src/settings/presets.ts'
import { defaultBuckets, defaultTiers, type Edge } from '../../src/settings/schema.ts'

const edge = (name: string, from: number, to: number | null): Edge => ({ name, from, to })
const said = (tiers: Edge[], buckets: Edge[] = defaultBuckets) => checkEdges({ tiers, buckets }).map(({ says }) => says)
const wrong = (what: string) => [`The tier or bucket edges leave a gap or overlap: ${what}.`]

test('the edges that stand without a word are total and disjoint', () => expect(said(defaultTiers)).toEqual([]))

describe('edges of tiers', () => {
  test('in any order', () => expect(said([edge('long', 91, null), edge('short', 1, 30), edge('medium', 31, 90)])).toEqual([]))
  test('a single one', () => expect(said([edge('late', 1, null)])).toEqual([]))
  test('a single day', () => expect(said([edge('first', 1, 1), edge('later', 2, null)])).toEqual([]))

  test.each([
    ['a day in none', [edge('a', 1, 29), edge('b', 31, null)], 'tiers: day 30 is in none'],
    ['days in none', [edge('a', 1, 30), edge('b', 41, null)], 'tiers: days 31 to 40 are in none'],
    ['a day in two', [edge('a', 1, 30), edge('b', 30, null)], 'tiers: day 30 is in two (b begins there)'],
    ['the first day in none', [edge('a', 2, null)], 'tiers: day 1 is in none'],
    ['day 0, which is not late', [edge('a', 0, 30), edge('b', 31, null)], 'tiers: day 0 is in two (a begins there)'],
    ['no end', [edge('a', 1, 30), edge('b', 31, 90)], 'tiers: days from 91 on are in none: the last one needs "to: null"'],
    ['two without end', [edge('a', 1, null), edge('b', 31, null)], 'tiers: b begins after the one without an upper end'],
    ['one that ends before it begins', [edge('a', 1, 30), edge('b', 31, 20), edge('c', 21, null)], 'tiers: day 21 is in two (c begins there)'],
    ['the same, alone in its place', [edge('a', 1, 30), edge('b', 31, 30), edge('c', 32, null)], 'tiers: b ends before it begins'],
  ])('%s', (_, tiers, what) => expect(said(tiers)).toEqual(wrong(what)))
})

test('buckets count from 0, and their errors come beside those of tiers', () => {
  expect(said(defaultTiers, [edge('now', 0, 30), edge('later', 31, null)])).toEqual([])
  expect(said(defaultTiers, [edge('late', 1, null)])).toEqual(wrong('buckets: day 0 is in none'))
  expect(said([edge('a', 2, null)], [edge('b', 1, null)])).toEqual([...wrong('tiers: day 1 is in none'), ...wrong('buckets: day 0 is in none')])
})

test('a name that stands twice', () => {
  expect(said([edge('late', 1, 30), edge('late', 31, null)])).toEqual(['tiers: the name "late" stands twice.'])
})

test('a tier cannot have the name of one that has no days', () => {
  for (const name of ['settled', 'current', 'rejected', 'preventive']) expect(said([edge(name, 1, null)])).toEqual([`tiers: "${name}" is the name of a tier that has no days.`])
  expect(said(defaultTiers, [edge('current', 0, 0), edge('late', 1, null)])).toEqual([])
})

test('what is in force is said in words, with the edges as set', () => {
  const said = conventionsInForce({ preset: 'default', conventions: conventionsOf({ products: {} }), tiers: [edge('early', 1, 15), edge('lost', 16, null)], preventive_days: 5 })
  for (const words of ['early 1-15', 'lost 16+', 'preventive 5 days ahead', 'day after the due date', 'oldest instalment first', 'no grace']) expect(said).toContain(words)
})

describe('conventions that cannot hold', () => {
  const tiers = [{ name: 'short' }, { name: 'long' }]
  const said = (own: object, currency?: string) =>
    checkConventions({ conventions: { products: {}, ...own } as never, currency, tiers }, (...path) => ({ file: path.join('.') })).map(({ says, todo, place }) => [place.file, says, todo])
  const materiality = { absolute: {}, exceed: 'both', counting: 'due_date' }

  test('a threshold with digits that its currency has not; noughts are none', () => {
    expect(said({ materiality: { ...materiality, absolute: { JPY: '1000.00', EUR: '100.50', KWD: '1.125' } } })).toEqual([])
    expect(said({ materiality: { ...materiality, absolute: { JPY: '1000.50', EUR: '100.505' } } })).toEqual([
      ['materiality', 'conventions.materiality has 1000.50 for JPY, an amount with more decimals than that currency.', 'JPY has none.'],
      ['materiality', 'conventions.materiality has 100.505 for EUR, an amount with more decimals than that currency.', 'EUR has 2.'],
    ])
  })

  test('no threshold at all', () => expect(said({ materiality })).toMatchObject([['materiality', 'conventions.materiality states no threshold.', expect.anything()]]))

  test('a tolerance with digits that no amount has, of a product too', () => {
    const products = { card: { full_payment: { share: 1, tolerance: '0.005' } } }
    expect(said({ products }, 'KWD')).toEqual([])
    expect(said({ products })).toEqual([])
    expect(said({ products }, 'CNY')).toEqual([['products.card.full_payment', 'conventions.products.card.full_payment has a tolerance of 0.005, an amount with more decimals than CNY.', 'At most 2.']])
  })

  test('a state without a day of its own, and a class that is no tier', () => {
    expect(said({ frozen_statuses: ['written_off', 'frozne'] })).toMatchObject([['frozen_statuses', 'conventions.frozen_statuses names "frozne", which has no day of its own.', expect.anything()]])
    expect(said({ sticky: { from: 'NPA', until: 'no_arrears', probation_days: 90 } })).toContainEqual(['sticky', 'conventions.sticky stays in "NPA", which is no tier.', 'The tiers are short, long.'])
  })
})

test('the preset is said with its grade and source, what it and the settings hold, and what single products differ by', () => {
  const conventions = conventionsOf({ products: { card: { grace_days: 5 } } } as never, presetOf('eu-crr').conventions)
  const said = conventionsInForce({ preset: 'eu-crr', conventions, tiers: presetOf('eu-crr').tiers.map((tier) => ({ ...tier })), preventive_days: 3, tables: { pauses: [], holidays: [] } } as never)
  for (const words of ['preset eu-crr (grade P: Regulation (EU) 575/2013', 'material above 100 EUR (0 in other currencies) and 1 % of outstanding principal', 'for card: 5 days of grace', 'past_due 1-90, default 91+']) expect(said).toContain(words)
})
