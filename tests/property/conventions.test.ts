import { expect, test } from 'vitest'
import { reference } from '../reference/reference.ts'
import { bookOf } from './book.ts'
import { differences, scale } from './compare.ts'
import { conventionSeeds, products } from './convention-seeds.ts'
import { loadedBook } from './many-settings.ts'
import { planChanges, withPlanChanges } from './plan-changes.ts'
import { bookSeeds } from './seeds.ts'

// Invented books times invented conventions: the plain reference and the engine must agree on every column of every account.

const deep = process.env['ARREARS_DEEP'] === '1'
const [books, accountsEach, settingsEach] = deep ? [50, 1000, 20] : [10, 1000, 10]
const seed = Number(process.env['ARREARS_SEED'] ?? 20250630)
const seeds = bookSeeds(books, accountsEach, seed + 1)
const stated = conventionSeeds(books * settingsEach, seed)

const weight = ({ differs, schedule, repayments }: { differs: string[]; schedule: unknown[]; repayments: unknown[] }) => schedule.length + repayments.length + (differs.every((line) => /^(borrower_|leads)/.test(line)) ? 1000 : 0)

test.concurrent.each(seeds.map((one, place) => ({ one, place })))(`book $place of seed ${seed} under ${settingsEach} sets of conventions`, async ({ one, place }) => {
  const { asOf, ...made } = bookOf(one, `A${place}`)
  const rows = withPlanChanges({ ...made, loans: made.loans.map((loan, at) => ({ ...loan, product: at % 9 === 8 ? '' : products[at % 9]! })) }, asOf, planChanges(place), place % 2 === 0)
  const plus = (days: number) => new Date(Date.parse(asOf) + days * 86_400_000).toISOString().slice(0, 10)
  const asked = { asOf, workOn: plus(one.workAfter), preventiveDays: one.preventiveDays, dataThrough: one.dataAfter === undefined ? undefined : plus(one.dataAfter), currency: 'CNY', scale }
  const book = await loadedBook(rows, { as_of: asOf, work_on: asked.workOn, preventive_days: asked.preventiveDays, ...(asked.dataThrough === undefined ? {} : { data_through: asked.dataThrough }) })
  try {
    for (const conventions of stated.slice(place * settingsEach, (place + 1) * settingsEach)) {
      const byId = new Map((await book.age({ conventions })).map((row) => [row['account_id'], row]))
      const wrong = reference(rows, { ...asked, conventions })
        .accounts.map((account) => ({ account, differs: differences(account, byId.get(account.account_id)) }))
        .filter(({ differs }) => differs.length > 0)
        .map(({ account, differs }) => ({
          differs,
          loan: rows.loans.find((row) => row.account_id === account.account_id)!,
          schedule: rows.schedule.filter((row) => row.account_id === account.account_id),
          repayments: rows.repayments.filter((row) => row.account_id === account.account_id),
        }))
        // What differs by itself before what follows from another account of the borrower.
        .sort((a, b) => weight(a) - weight(b))
      // The smallest account that differs is shown with its rows and conventions, and how many there are of each kind.
      const columns = wrong.flatMap(({ differs }) => differs.map((line) => line.split(':')[0]!))
      const counts = Object.fromEntries([...new Set(columns)].map((column) => [column, columns.filter((each) => each === column).length]))
      const { products: own, ...ofBook } = conventions
      const inForce = { ...ofBook, ...own?.[wrong[0]?.loan.product ?? ''] }
      expect(wrong.length, `seed ${seed}, book ${place}, ${JSON.stringify(asked, (_, value) => value)}\n${JSON.stringify(inForce)}\n${JSON.stringify(counts)}\n${JSON.stringify(wrong[0], null, 1)}`).toBe(0)
    }
  } finally {
    book.close()
  }
}, 600_000)
