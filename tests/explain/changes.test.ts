import { expect, test } from 'vitest'
import { changesOf } from '../../src/explain/changes.ts'
import { explain } from '../../src/explain/explain.ts'
import { bookOf } from '../property/book.ts'
import { products, type Stated } from '../property/convention-seeds.ts'
import { bookSeeds } from '../property/seeds.ts'
import { money, reference } from '../reference/reference.ts'
import { explaining, folderOf } from './book.ts'

// The least payment works and a unit less does not: the amounts that explain finds, and the columns of accounts, paid in the plain reference, in invented books
// under conventions that leave something open.

const books = bookSeeds(3, 100, 20250801)
// The first book has no conventions of its own.
const stated: readonly Stated[] = [
  {},
  { materiality: { absolute: { CNY: '100', USD: '100', JPY: '5000', KWD: '10.000' } }, grace_days: 5, products: { p1: { count_from: 'due_date' }, p2: { months: 'mba' }, p3: { full_payment: { share: 0.9 } } } },
  { ages: ['principal'], full_payment: { tolerance: '5' }, products: { p1: { grace_days: 10, grace_counting: 'after_grace' }, p4: { materiality: { relative: 0.05 } }, p5: {} } },
]
const digits: Readonly<Record<string, number>> = { JPY: 0, KWD: 3 }

test.each(books.map((seed, place) => ({ seed, place })))('least payments of book $place', async ({ seed, place }) => {
  const { asOf, ...made } = bookOf(seed, `L${place}`)
  const rows = { ...made, loans: made.loans.map((loan, at) => ({ ...loan, product: products[at % products.length]! })) }
  const conventions = stated[place]!
  const plus = (days: number) => new Date(Date.parse(asOf) + days * 86_400_000).toISOString().slice(0, 10)
  // The lender's own outstanding is a figure of that day, whatever is paid on it.
  const asked = { asOf, workOn: plus(seed.workAfter), preventiveDays: seed.preventiveDays, dataThrough: asOf, currency: 'CNY', scale: seed.currencies.some((one) => one === 'KWD') ? 3 : 2, conventions }
  const { config } = folderOf(rows, { zone: 'UTC', as_of: asOf, work_on: asked.workOn, preventive_days: seed.preventiveDays, data_through: asOf, conventions, implausible_max_share: 1, what_if_columns: true })
  const now = new Map(reference(rows, asked).accounts.map((account) => [account.account_id, account] as const))
  const late = ['short', 'medium', 'long']
  const on = await explaining(config)
  try {
    const said = await explain(on, [...now.keys()].filter((id) => late.includes(now.get(id)!.tier)))
    const changes = await changesOf(on, said)
    expect(said.length).toBeGreaterThan(3)
    // The columns of accounts say the same.
    expect(said.map(({ account_id, account }) => [account_id, account!['least_to_leave_tier'], account!['least_to_be_current']])).toEqual(said.map(({ account_id }, at) => [account_id, changes[at]!.to_leave_tier?.amount ?? null, changes[at]!.to_be_current?.amount ?? null]))
    const tiersIfPaid = (paid: ReadonlyMap<string, bigint>) => {
      const more = [...paid].filter(([, amount]) => amount > 0n).map(([account_id, amount]) => ({ ...rows.repayments[0]!, payment_id: `more ${account_id}`, account_id, currency: '', paid_on: asOf, kind: '', status: '', reverses: '', reversed_on: '', amount: text(amount) }))
      return new Map(reference({ ...rows, repayments: [...rows.repayments, ...more] }, asked).accounts.map(({ account_id, tier }) => [account_id, tier] as const))
    }
    const text = (millionths: bigint) => `${millionths / 1_000_000n}.${String(millionths % 1_000_000n).padStart(6, '0')}`
    const unit = (id: string) => 10n ** BigInt(6 - (digits[now.get(id)!.currency] ?? 2))
    for (const [which, good] of [['to_leave_tier', (before: string, after: string) => late.indexOf(after) < late.indexOf(before)], ['to_be_current', (_: string, after: string) => !late.includes(after)]] as const) {
      const least = new Map(changes.flatMap((change, at) => (change[which] === null ? [] : [[said[at]!.account_id, money(change[which].amount, 6)] as const])))
      const [paid, lessOne] = [tiersIfPaid(least), tiersIfPaid(new Map([...least].map(([id, amount]) => [id, amount - unit(id)])))]
      for (const [id, amount] of least) {
        const before = now.get(id)!.tier
        expect([id, which, text(amount), good(before, paid.get(id)!), good(before, lessOne.get(id)!)], `${before} to ${paid.get(id)}, a unit less ${lessOne.get(id)}`).toEqual([id, which, text(amount), true, false])
        expect(changes[said.findIndex(({ account_id }) => account_id === id)]![which]!.tier).toBe(paid.get(id))
      }
      expect(least.size, which).toBeGreaterThan(2)
    }
  } finally {
    on.close()
  }
})
