import { expect, test } from 'vitest'
import { reference } from '../reference/reference.ts'
import { askedOf, mustAgree } from './agree.ts'
import { bookOf } from './book.ts'
import { scale } from './compare.ts'
import { loadedBook } from './many-settings.ts'
import { moneyKinds, withMoneyKinds } from './money-kinds.ts'
import { bookSeeds } from './seeds.ts'

// Invented books with parts and every kind of money: the plain reference and the engine must agree on every column, and money adds up.

const deep = process.env['ARREARS_DEEP'] === '1'
const [books, accountsEach] = deep ? [60, 1000] : [6, 400]
const seed = Number(process.env['ARREARS_SEED'] ?? 20250630)
const seeds = bookSeeds(books, accountsEach, seed + 2)
const products = ['slow', 'quick', '']

test.concurrent.each(seeds.map((one, place) => ({ one, place })))(`book $place of seed ${seed}, with parts and kinds of money`, async ({ one, place }) => {
  const { asOf, ...made } = bookOf(one, `A${place}`)
  const how = moneyKinds(place, asOf)
  const rows = withMoneyKinds({ ...made, loans: made.loans.map((loan, at) => ({ ...loan, product: products[at % 3]! })) }, how, scale)
  const { asked, settings } = askedOf(one, asOf)
  const book = await loadedBook(rows, { ...settings, ...how.settings })
  try {
    for (const conventions of [{}, { clearing_days: 2 }, { after_payoff: 'frozen', products: { slow: { clearing_days: 3 }, quick: { ages: ['principal', 'interest'] } } }] as const) {
      const { totals } = mustAgree(rows, { ...asked, ...how.asked, conventions }, await book.age({ conventions }), `seed ${seed}, book ${place}`)
      for (const total of Object.values(totals)) expect(total.received).toBe(total.covered + total.advance + total.to_principal + total.to_charges + total.unmatched - total.owed_back)
    }
  } finally {
    book.close()
  }
}, 600_000)

test('the invented books hold every kind and part', () => {
  const all = seeds.map((one, place) => {
    const { asOf, ...made } = bookOf(one, `A${place}`)
    const how = moneyKinds(place, asOf)
    const rows = withMoneyKinds(made, how, scale)
    return { rows, ...reference(rows, { asOf, workOn: asOf, preventiveDays: 3, scale, ...how.asked }) }
  })
  const accounts = all.flatMap((book) => book.accounts)
  for (const [name, has] of Object.entries({
    'to charges': ({ to_charges }) => to_charges > 0n,
    'to principal': ({ to_principal }) => to_principal > 0n,
    'advance beside principal': ({ to_principal, advance }) => to_principal > 0n && advance > 0n,
    'late beside principal': ({ to_principal, overdue_amount }) => to_principal > 0n && overdue_amount > 0n,
    'history cut': ({ held_reason }) => held_reason.includes('history_cut'),
  } satisfies Record<string, (account: (typeof accounts)[number]) => boolean>))
    expect(accounts.filter(has).length, name).toBeGreaterThan(20)
  const rows = all.flatMap((book) => book.rows.repayments)
  for (const kind of ['prepayment', 'compensation', 'buyback', 'credit_note', 'charge']) expect(rows.filter((row) => row.kind === kind).length, kind).toBeGreaterThan(20)
  const taken = new Set(rows.map((row) => row.reverses))
  for (const kind of ['prepayment', 'compensation', 'charge']) expect(rows.filter((row) => row.kind === kind && taken.has(row.payment_id)).length, `${kind} taken back`).toBeGreaterThan(5)
}, 900_000)
