import { describe, expect, test } from 'vitest'
import { explain } from '../../src/explain/explain.ts'
import { alike } from '../../src/explain/laid.ts'
import { bookOf } from '../property/book.ts'
import { planChanges, withPlanChanges } from '../property/plan-changes.ts'
import { bookSeeds } from '../property/seeds.ts'
import { money } from '../reference/reference.ts'
import { explaining, folderOf } from './book.ts'

// What explain lays payment by payment is what the run lays at once: where they differ explain throws, for any account under any
// allocation. And no cent is lost between them.

const products = {
  named: { allocation: 'named_first' },
  fees: { allocation: 'fees_first' },
  stays: { allocation_time: 'when_paid', chargeback: 'new_due' },
  last: { surplus: 'last', chargeback: 'new_due' },
  spread: { surplus: 'spread' },
  all: { allocation: 'fees_first', allocation_time: 'when_paid', surplus: 'spread', chargeback: 'new_due' },
  both: { allocation: 'named_first', allocation_time: 'when_paid', surplus: 'last' },
}
const names = [...Object.keys(products), 'plain']
const cents = (amount: unknown) => money(String(amount), 3)
const sum = (amounts: readonly unknown[]) => amounts.reduce<bigint>((total, amount) => total + cents(amount), 0n)

// Places 2 and 9 have rows that were added later.
test.each(bookSeeds(2, 200, 20250708).map((seed, at) => ({ seed, at })))('explain and run lay money alike under every allocation, and it adds up: book $at', async ({ seed, at }) => {
  const { asOf, ...made } = bookOf(seed, `P${at}`)
  const changed = withPlanChanges({ ...made, loans: made.loans.map((loan, place) => ({ ...loan, product: names[place % names.length]! })) }, asOf, planChanges(at === 0 ? 2 : 9), true)
  const on = await explaining(folderOf(changed, { zone: 'UTC', as_of: asOf, conventions: { products }, implausible_max_share: 1 }).config)
  try {
    const ids = [...new Set(changed.loans.map(({ account_id }) => account_id))]
    let moved = 0
    for (const { account, instalments, payments } of await explain(on, ids)) {
      if (account === null || account.tier === 'rejected') continue
      const id = String(account.account_id)
      expect([id, cents(account.amount_due_to_date)]).toEqual([id, sum([account.amount_covered, account.overdue_amount, account.due_today_amount])])
      const [covered, counted, left] = [sum(instalments.map(({ paid }) => paid)), sum(payments.map((one) => one.counted)), sum(payments.map((one) => one.left))]
      expect([id, covered + left]).toEqual([id, counted > 0n ? counted : 0n])
      expect([id, sum([account.amount_covered, account.advance])]).toEqual([id, covered + left])
      if (cents(account.advance) > 0n && cents(account.overdue_amount) > 0n) moved++
    }
    // Later instalments are paid while older ones are open: these books do ask for it.
    expect(moved).toBeGreaterThan(5)
  } finally {
    on.close()
  }
})

describe('shares of money beyond what is due', () => {
  const cases: { name: string; open: bigint[]; rest: bigint; takes: bigint[] }[] = [
    { name: 'the same each', open: [100n, 100n], rest: 50n, takes: [25n, 25n] },
    // 33 1/3 and 66 2/3, rounded: 33, 67, 100.
    { name: 'add up to the cent', open: [100n, 100n, 100n], rest: 100n, takes: [33n, 34n, 33n] },
    { name: 'a small one leaves its rest to the others', open: [10n, 100n, 100n], rest: 90n, takes: [10n, 40n, 40n] },
    { name: 'no more than is open', open: [10n, 20n], rest: 90n, takes: [10n, 20n] },
  ]
  test.each(cases)('$name', ({ open, rest, takes }) => expect(alike(open.map((one, at) => [at, one] as const), rest, 1n)).toEqual(takes.map((one, at) => [at, one])))
})
