import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Row } from '../../src/engine/engine.ts'
import { counts, readLedger, signed } from '../reference/ledger.ts'
import { addDays, money, type RepaymentRow, type Rows } from '../reference/reference.ts'
import { bookOf } from './book.ts'
import { withCalendars } from './calendars.ts'
import { scale } from './compare.ts'
import { conventionSeeds, laying, products, withoutFields } from './convention-seeds.ts'
import { loadedBook, type LoadedBook } from './many-settings.ts'
import { planChanges, withPlanChanges } from './plan-changes.ts'
import { bookSeeds } from './seeds.ts'

// What holds in every book under any conventions, with no reference to say what is right.

const seed = Number(process.env['ARREARS_SEED'] ?? 20250630)
// There are no holidays in these books.
const stated = conventionSeeds(16, seed + 7).map((one) => withoutFields(one, ['business_days', 'business_days_counting', 'clearing_days']))
const books = bookSeeds(2, 400, seed + 3).map((one, place) => {
  const { asOf, ...made } = bookOf(one, `I${place}`)
  // A closed loan without its day is closed since its last payment: there a payment may well change what was before it.
  const loans = made.loans.map((loan, at) => ({ ...loan, product: products[at % 8]!, ...(loan.status === 'closed' && (loan.closed_on ?? '') === '' ? { status: 'open' } : {}) }))
  return { asOf, place, rows: withPlanChanges({ ...made, loans }, asOf, planChanges(place + 1)) }
})

/** Each account has paid once more, on a day. */
function paidMore(rows: Rows, on: string): Rows {
  const more = rows.loans.map((loan, at): RepaymentRow => ({ payment_id: `more-${loan.account_id}`, account_id: loan.account_id, paid_on: on, amount: String(1 + (at % 400)), currency: loan.currency ?? '' }))
  const columns = Object.keys(rows.repayments[0] ?? {})
  return { ...rows, repayments: [...rows.repayments, ...more.map((row) => ({ ...Object.fromEntries(columns.map((column) => [column, ''])), ...row }))] }
}

const byId = (rows: readonly Row[]) => new Map(rows.map((row) => [String(row['account_id']), row]))
const units = (row: Row, column: string) => (row[column] === undefined || row[column] === null ? 0n : money(String(row[column]), scale))

describe.each(books)('book $place', ({ asOf, place, rows }) => {
  const own = stated.slice(place * 4, place * 4 + 3)
  const on = addDays(asOf, -10)
  let book: LoadedBook
  let richer: LoadedBook
  beforeAll(async () => {
    const settings = { as_of: asOf, work_on: asOf, data_through: '2099-12-31' }
    book = await loadedBook(rows, settings)
    richer = await loadedBook(paidMore(rows, on), settings)
  })
  afterAll(() => {
    book.close()
    richer.close()
  })

  test('money adds up in every account', async () => {
    const { entries } = readLedger(rows.repayments, scale)
    const received = new Map<string, bigint>()
    for (const entry of entries) if (counts(entry, asOf)) received.set(entry.account, (received.get(entry.account) ?? 0n) + signed(entry))
    // What a chargeback asks anew was never taken off.
    for (const conventions of own.map((one) => withoutFields(one, ['chargeback']))) {
      for (const row of await book.age({ conventions })) {
        const laid = units(row, 'amount_covered') + units(row, 'advance') + units(row, 'to_principal') + units(row, 'to_charges') - units(row, 'owed_back')
        expect([row['account_id'], laid]).toEqual([row['account_id'], received.get(String(row['account_id'])) ?? 0n])
        expect([row['account_id'], units(row, 'amount_due_to_date')]).toEqual([row['account_id'], units(row, 'amount_covered') + units(row, 'overdue_amount') + units(row, 'due_today_amount')])
      }
    }
  })

  test('a payment changes nothing before its day', async () => {
    for (const conventions of own.slice(0, 3)) {
      const before = addDays(on, -1)
      const settings = { as_of: before, work_on: before, conventions }
      expect(byId(await richer.age(settings))).toEqual(byId(await book.age(settings)))
    }
  })

  test('one payment more never raises days past due, nor what is overdue', async () => {
    // What keeps the lateness of its last payment may have been in grace or too small to count before it came.
    for (const conventions of own.map((one) => withoutFields(one, ['after_payoff']))) {
      const [less, more] = [byId(await book.age({ conventions })), byId(await richer.age({ conventions }))]
      const worse = [...less].filter(([id, row]) => Number(more.get(id)!['days_past_due']) > Number(row['days_past_due']) || units(more.get(id)!, 'overdue_amount') > units(row, 'overdue_amount'))
      const first = worse[0]?.[0] ?? ''
      expect(worse.map(([id]) => id), `${JSON.stringify(conventions)}\n${JSON.stringify(less.get(first))}\n${JSON.stringify(more.get(first))}\n${JSON.stringify(rows.schedule.filter((row) => row.account_id === first))}`).toEqual([])
    }
  })

  test('a pause takes off no more days than it has, and no amount', async () => {
    const { pauses = [], ...calendars } = withCalendars(rows, asOf, place)
    const settings = { as_of: asOf, work_on: asOf, data_through: '2099-12-31' }
    const [free, paused] = [await loadedBook({ ...calendars, holidays: undefined }, settings), await loadedBook({ ...calendars, pauses, holidays: undefined }, settings)]
    try {
      for (const conventions of [{}, { count_from: 'due_date' }, { pause_span: 'whole' }, { ages: ['principal'], frozen_statuses: ['sold', 'written_off'] }]) {
        const without = byId(await free.age({ conventions }))
        for (const [id, row] of byId(await paused.age({ conventions }))) {
          const loan = calendars.loans.find(({ account_id }) => account_id === id)!
          const own = pauses.filter((pause) => pause.account_id === id || (pause.product !== '' && pause.product === loan.product) || (pause.region !== '' && pause.region === loan.region))
          const most = own.reduce((days, { from, to }) => days + (Date.parse(to) - Date.parse(from)) / 86_400_000, 0)
          const off = Number(without.get(id)!['days_past_due']) - Number(row['days_past_due'])
          expect([id, off >= 0 && off <= most, row['overdue_amount'], row['days_late']]).toEqual([id, true, without.get(id)!['overdue_amount'], without.get(id)!['days_late']])
        }
      }
    } finally {
      free.close()
      paused.close()
    }
  })

  test('days late are the same under all ways of counting', async () => {
    const plain = new Map([...byId(await book.age({}))].map(([id, row]) => [id, row['days_late']]))
    for (const conventions of own) {
      const counting = withoutFields(conventions, ['skip_instalments', ...laying])
      for (const [id, row] of byId(await book.age({ conventions: counting }))) expect([id, row['days_late']]).toEqual([id, plain.get(id)])
    }
  })
})
