import { afterAll, describe, expect, test } from 'vitest'
import { loadedBook } from './many-settings.ts'

// `rolls_on` is the first day on which the tier is worse if nothing comes: so the same book, aged on that day and on the day before, must say so.

const asOf = '2025-03-10'
const plus = (day: string, days: number) => new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10)

// Five monthly instalments, begun between October and April, with nothing, a part, or all of some of them paid.
const plans: readonly (readonly [id: string, first: string, paid: number])[] = [
  ['late-1', '2024-12-20', 250], ['late-3', '2024-10-15', 100], ['part', '2025-02-08', 40], ['soon', '2025-03-12', 0], ['done', '2024-10-10', 500],
]
const files = {
  loans: plans.map(([account_id], at) => ({ account_id, status: 'open', product: at % 2 === 0 ? 'even' : 'odd', currency: 'CNY' })),
  schedule: plans.flatMap(([account_id, first]) =>
    [0, 1, 2, 3, 4].map((month) => ({ account_id, instalment_no: month + 1, due_on: monthsOn(first, month), amount_due: 100, principal_due: 100 }))),
  repayments: plans.filter(([, , paid]) => paid > 0).map(([account_id, , amount]) => ({ payment_id: `P-${account_id}`, account_id, paid_on: '2025-03-01', amount })),
}

/** The same day of a later month, or its last. */
function monthsOn(day: string, months: number): string {
  const [year, month, of] = day.split('-').map(Number) as [number, number, number]
  const last = new Date(Date.UTC(year, month + months, 0)).getUTCDate()
  return new Date(Date.UTC(year, month - 1 + months, Math.min(of, last))).toISOString().slice(0, 10)
}

const ways: readonly (readonly [name: string, settings: Readonly<Record<string, any>>])[] = [
  ['as by default', {}],
  ['grace, then from the due date', { conventions: { grace_days: 7 } }],
  ['grace taken off, for one product', { conventions: { products: { odd: { grace_days: 12, grace_counting: 'after_grace' } } } }],
  ['under the first day of India', { preset: 'in-sma' }],
  ['under materiality', { conventions: { materiality: { absolute: { CNY: '120' } } }, preset: 'vn-bank' }],
]

const book = await loadedBook(files, {})
afterAll(() => book.close())

describe('on that day the tier is worse, and on the day before it is not', () => {
  test.each(ways)('%s', async (_, settings) => {
    const aged = async (day: string) => new Map((await book.age({ ...settings, as_of: day, work_on: day })).map((row) => [String(row['account_id']), row]))
    const now = await aged(asOf)
    const names = (settings.preset === 'in-sma' ? 'SMA-0 SMA-1 SMA-2 NPA' : settings.preset === 'vn-bank' ? 'group_1 group_2 group_3 group_4 group_5' : 'short medium long').split(' ')
    // Not late is before all of them.
    const rank = (tier: unknown) => names.indexOf(String(tier))
    const days = new Map<string, Promise<Awaited<ReturnType<typeof aged>>>>()
    const on = (day: string) => days.get(day) ?? days.set(day, aged(day)).get(day)!
    let tried = 0
    for (const [id, row] of now) {
      if (row['rolls_on'] === null) {
        const small = settings.conventions?.materiality !== undefined && rank(row['tier']) < 0
        expect([id, rank(row['tier']) === names.length - 1 || id === 'done' || small]).toEqual([id, true])
        continue
      }
      const day = String(row['rolls_on'])
      tried++
      expect([id, row['days_to_roll']]).toEqual([id, (Date.parse(day) - Date.parse(asOf)) / 86_400_000])
      expect(day > asOf).toBe(true)
      expect([id, day, rank((await on(day)).get(id)!['tier']) > rank(row['tier'])]).toEqual([id, day, true])
      const before = plus(day, -1)
      if (before > asOf) expect([id, before, rank((await on(before)).get(id)!['tier']) > rank(row['tier'])]).toEqual([id, before, false])
    }
    expect(tried).toBeGreaterThanOrEqual(2)
  })
})
