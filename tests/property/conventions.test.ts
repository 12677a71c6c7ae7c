import { test } from 'vitest'
import { askedOf, mustAgree } from './agree.ts'
import { bookOf } from './book.ts'
import { withCalendars } from './calendars.ts'
import { scale } from './compare.ts'
import { conventionSeeds, products, withoutFields } from './convention-seeds.ts'
import { loadedBook } from './many-settings.ts'
import { moneyKinds, withMoneyKinds } from './money-kinds.ts'
import { planChanges, withPlanChanges } from './plan-changes.ts'
import { bookSeeds } from './seeds.ts'

// Invented books times invented conventions: the plain reference and the engine must agree on every column of every account.

const deep = process.env['ARREARS_DEEP'] === '1'
const [books, accountsEach, settingsEach] = deep ? [50, 2000, 10] : [3, 800, 3]
const seed = Number(process.env['ARREARS_SEED'] ?? 20250630)
const seeds = bookSeeds(books, accountsEach, seed + 1)
const stated = conventionSeeds(books * settingsEach, seed)

test.concurrent.each(seeds.map((one, place) => ({ one, place })))(`book $place of seed ${seed} under ${settingsEach} sets of conventions`, async ({ one, place }) => {
  const { asOf, ...made } = bookOf(one, `A${place}`)
  const changed = withPlanChanges({ ...made, loans: made.loans.map((loan, at) => ({ ...loan, product: at % 9 === 8 ? '' : products[at % 9]! })) }, asOf, planChanges(place), place % 2 === 0)
  const { asked, settings } = askedOf(one, asOf)
  // Every third book has all kinds of money too.
  const money = place % 3 === 2 ? moneyKinds(place, asOf) : undefined
  const paid = money === undefined ? changed : withMoneyKinds(changed, money, scale)
  const calendar = place % 2 === 0
  const rows = calendar ? withCalendars(paid, asOf, place) : paid
  const book = await loadedBook(rows, { ...settings, ...money?.settings })
  try {
    for (const all of stated.slice(place * settingsEach, (place + 1) * settingsEach)) {
      const conventions = calendar ? all : withoutFields(all, ['business_days', 'business_days_counting'])
      mustAgree(rows, { ...asked, ...money?.asked, conventions }, await book.age({ conventions }), `seed ${seed}, book ${place}`)
    }
  } finally {
    book.close()
  }
}, 900_000)
