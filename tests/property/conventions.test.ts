import { test } from 'vitest'
import { addDays, type RepaymentRow } from '../reference/reference.ts'
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
const [books, accountsEach, settingsEach] = deep ? [50, 2000, 10] : [3, 4200, 8]
const seed = Number(process.env['ARREARS_SEED'] ?? 20250630)
const seeds = bookSeeds(books, accountsEach, seed + 1)
const stated = conventionSeeds(books * settingsEach, seed)

/** Some rows became known before they counted, most days later; some do not say it. An exact twin says the same. */
function receivedOn({ payment_id, paid_on }: RepaymentRow): string {
  const mark = [...payment_id].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 1_000_003, 7)
  return mark % 5 === 0 ? '' : addDays(paid_on, [-3, 0, 1, 4, 12, 45, 200][mark % 7]!)
}

test.concurrent.each(seeds.map((one, place) => ({ one, place })))(`book $place of seed ${seed} under ${settingsEach} sets of conventions`, async ({ one, place }) => {
  const { asOf, ...made } = bookOf(one, `A${place}`)
  const changed = withPlanChanges({ ...made, loans: made.loans.map((loan, at) => ({ ...loan, product: at % 9 === 8 ? '' : products[at % 9]! })) }, asOf, planChanges(place), place % 2 === 0)
  const { asked, settings } = askedOf(one, asOf)
  // Every third book has all kinds of money too.
  const money = place % 3 === 2 ? moneyKinds(place, asOf) : undefined
  const paid = money === undefined ? changed : withMoneyKinds(changed, money, scale)
  const calendar = place % 2 === 0
  const known = calendar ? withCalendars(paid, asOf, place) : paid
  // Every second book tells when payments became known; it is seen as known on one day and another.
  const clock = place % 2 === 1
  const rows = clock ? { ...known, repayments: known.repayments.map((row) => ({ ...row, received_on: receivedOn(row) })) } : known
  const book = await loadedBook(rows, { ...settings, ...(clock ? { known_on: 'as_of' } : {}), ...money?.settings })
  try {
    for (const [at, all] of stated.slice(place * settingsEach, (place + 1) * settingsEach).entries()) {
      const conventions = calendar ? all : withoutFields(all, ['business_days', 'business_days_counting'])
      const seen = clock ? { knownOn: addDays(asOf, [0, 6, 60][at % 3]!) } : {}
      const { rows: aged, byDays } = await book.aged({ conventions, ...(clock ? { known_on: seen.knownOn } : {}) })
      mustAgree(rows, { ...asked, ...money?.asked, conventions, ...seen, byDays }, aged, `seed ${seed}, book ${place}`)
    }
  } finally {
    book.close()
  }
}, 900_000)
