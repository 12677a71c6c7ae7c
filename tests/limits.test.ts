import { describe, expect, test } from 'vitest'
import { crossed, crossedIn } from '../src/limits.ts'

const money = (currency: string, received: string, unmatched: string) => ({
  currency, received, unmatched, of_which_cash: received, of_which_other: '0.00', of_which_written_off_or_sold: '0.00', covered: '0.00', advance: '0.00', owed_back: '0.00', later: '0.00', pending: '0.00',
})
const over = (share: number | undefined, ...of: ReturnType<typeof money>[]) => crossed(of, { unmatched_max_share: share }).map(({ says }) => says.split(' received')[0])

// One per cent of 1,000.00 is 10.00; a share is crossed when it is greater.
describe('unmatched money beyond the allowed share', () => {
  test('not where nothing is stated', () => expect(over(undefined, money('CNY', '1000.00', '1000.00'))).toEqual([]))
  test('exactly the share is allowed', () => expect(over(0.01, money('CNY', '1000.00', '10.00'))).toEqual([]))
  test('a cent more is not', () => expect(over(0.01, money('CNY', '1000.00', '10.01'))).toEqual(['10.01 of 1000.00 CNY']))
  test('each currency by itself', () => expect(over(0.01, money('CNY', '1000000.00', '9.00'), money('USD', '100.00', '9.00'))).toEqual(['9.00 of 100.00 USD']))
  test('with a share of 0 a single cent', () => expect(over(0, money('CNY', '5.00', '0.00'), money('USD', '5.00', '0.01'))).toEqual(['0.01 of 5.00 USD']))
  test('more was taken back than came in, and nothing is unmatched', () => expect(over(0.01, money('CNY', '-5.00', '0.00'))).toEqual([]))
  test('amounts beyond the reach of floats', () => expect(over(0.5, money('VND', '9007199254740993.00', '4503599627370496.50'), money('CNY', '9007199254740993.00', '4503599627370496.51'))).toEqual(['4503599627370496.51 of 9007199254740993.00 CNY']))
})

test('it is found again among the warnings of a run', () => {
  const limit = crossed([money('CNY', '10.00', '10.00')], { unmatched_max_share: 0.1 })
  expect(crossedIn([{ code: 'stale-payments', says: '' }, ...limit])).toEqual(limit)
})
