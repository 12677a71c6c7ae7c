import { describe, expect, test } from 'vitest'
import { pour, standingMoney } from '../../src/explain/poured.ts'

// Worked by hand on paper: amounts in cents.

describe('what stands of each payment', () => {
  const cases: { name: string; moves: bigint[]; stands: [number, bigint][] }[] = [
    { name: 'plain payments stand', moves: [100n, 50n], stands: [[0, 100n], [1, 50n]] },
    { name: 'a refund takes from what came last', moves: [100n, 50n, -30n], stands: [[0, 100n], [1, 20n]] },
    { name: 'and from the one before when that is used up', moves: [100n, 50n, -60n], stands: [[0, 90n]] },
    { name: 'money after a refund is not touched by it', moves: [100n, -30n, 50n], stands: [[0, 70n], [2, 50n]] },
    { name: 'what is owed back is made good by the next money', moves: [10n, -30n, 25n], stands: [[2, 5n]] },
    { name: 'and stays owed where none comes', moves: [10n, -30n], stands: [] },
    { name: 'a row that adds nothing stands for nothing', moves: [0n, 5n], stands: [[1, 5n]] },
  ]
  test.each(cases)('$name', ({ moves, stands }) => expect(standingMoney(moves)).toEqual(stands.map(([payment, amount]) => ({ payment, amount }))))
})

describe('money over instalments', () => {
  test('the oldest is filled first, a payment may cover several, an instalment may take several', () => {
    const { covers, left } = pour([100n, 100n, 100n], [{ payment: 0, amount: 150n }, { payment: 1, amount: 60n }])
    expect(covers).toEqual([[{ payment: 0, amount: 100n }], [{ payment: 0, amount: 50n }, { payment: 1, amount: 50n }], [{ payment: 1, amount: 10n }]])
    expect(left).toEqual([])
  })

  test('an instalment of 0 takes nothing; what is beyond the plan is left', () => {
    const { covers, left } = pour([0n, 10n, 0n], [{ payment: 3, amount: 25n }, { payment: 4, amount: 1n }])
    expect(covers).toEqual([[], [{ payment: 3, amount: 10n }], []])
    expect(left).toEqual([{ payment: 3, amount: 15n }, { payment: 4, amount: 1n }])
  })

  test('without money nothing is covered', () => expect(pour([5n], [])).toEqual({ covers: [[]], left: [] }))
})
