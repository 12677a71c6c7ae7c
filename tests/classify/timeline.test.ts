import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ageInProcess } from '../proof/in-process.ts'

// Each day of an account's life is aged by itself: dues before the day, money up to its end, oldest first. What the days say together is
// held against the columns that the run gives.

const asOf = '2025-06-30'
const first = Date.parse('2024-01-01')
const textOf = (day: number) => new Date(first + day * 86_400_000).toISOString().slice(0, 10)
const last = (Date.parse(asOf) - first) / 86_400_000

interface Due { on: number; amount: number }
interface Move { on: number; amount: number; undone?: number | undefined; flagged?: boolean }

function pastOf(dues: readonly Due[], moves: readonly Move[]) {
  const plan = [...dues].filter(({ amount }) => amount > 0).sort((a, b) => a.on - b.on)
  const daysLate = (day: number) => {
    let money = moves.reduce((sum, { on, amount, undone }) => sum + (on <= day ? amount : 0) - (undone !== undefined && undone <= day ? amount : 0), 0)
    for (const { on, amount } of plan) {
      if (money < amount) return Math.max(0, day - on)
      money -= amount
    }
    return 0
  }
  const late = Array.from({ length: last + 1 }, (_, day) => daysLate(day))
  const episodes: { from: number; to: number; most: number }[] = []
  for (const [day, days] of late.entries()) {
    if (days === 0) continue
    const open = episodes.at(-1)
    if (open !== undefined && open.to === day - 1) Object.assign(open, { to: day, most: Math.max(open.most, days) })
    else episodes.push({ from: day, to: day, most: days })
  }
  const cured = episodes.filter(({ to }) => to < last)
  const now = episodes.find(({ to }) => to === last)
  const yearAgo = (Date.parse('2024-06-30') - first) / 86_400_000
  const firstDue = plan[0]?.on
  return {
    late_since: now === undefined ? null : textOf(now.from),
    max_days_late: Math.max(0, ...late),
    max_days_late_12m: Math.max(0, ...late.filter((_, day) => day > yearAgo)),
    times_30_plus: episodes.filter(({ most }) => most >= 30).length,
    times_60_plus: episodes.filter(({ most }) => most >= 60).length,
    times_90_plus: episodes.filter(({ most }) => most >= 90).length,
    first_payment_missed: firstDue === undefined || firstDue >= last ? null : late[firstDue + 1]! > 0,
    longest_run_late: Math.max(0, ...episodes.map(({ from, to }) => to - from + 1)),
    cures: cured.length,
    last_cured_on: cured.length === 0 ? null : textOf(cured.at(-1)!.to + 1),
  }
}

const account = fc.record({
  dues: fc.array(fc.record({ on: fc.integer({ min: 10, max: last + 40 }), amount: fc.constantFrom(0, 50, 100, 100, 100) }), { minLength: 1, maxLength: 8 }),
  moves: fc.array(
    fc.record({ on: fc.integer({ min: 0, max: last + 10 }), amount: fc.constantFrom(30, 50, 100, 100, 250), back: fc.option(fc.integer({ min: 0, max: 60 }), { freq: 4 }), flagged: fc.boolean() }),
    { maxLength: 8 },
  ),
})

test('the past that the columns say is the past day by day', { timeout: 60_000 }, async () => {
  const [book] = fc.sample(fc.array(account, { minLength: 400, maxLength: 400 }), { numRuns: 1, seed: 20250630 })
  const accounts = book!.map(({ dues, moves }, at) => ({ id: `A${String(at).padStart(4, '0')}`, dues, moves: moves.map(({ on, amount, back, flagged }): Move => ({ on, amount, undone: back === null ? undefined : on + back, flagged })) }))
  const { accounts: found } = await ageInProcess(
    {
      loans: accounts.map(({ id }) => ({ account_id: id, status: 'open' })),
      schedule: accounts.flatMap(({ id, dues }) => [...dues].sort((a, b) => a.on - b.on).map(({ on, amount }, at) => ({ account_id: id, instalment_no: at + 1, due_on: textOf(on), amount_due: `${amount}.00` }))),
      repayments: accounts.flatMap(({ id, moves }) =>
        moves.flatMap(({ on, amount, undone, flagged }, at) => {
          const row = { payment_id: `${id}-${at}`, account_id: id, paid_on: textOf(on), amount: `${amount}.00`, kind: 'payment', status: 'settled', reverses: '', reversed_on: '' }
          if (undone === undefined) return [row]
          if (flagged === true) return [{ ...row, status: 'reversed', reversed_on: textOf(undone) }]
          return [row, { ...row, payment_id: `${id}-${at}-u`, paid_on: textOf(undone), kind: 'undo', reverses: row.payment_id }]
        }),
      ),
    },
    { as_of: asOf, work_on: asOf, history_columns: true, implausible_max_share: 1 },
  )
  const told = accounts.map(({ id }) => Object.fromEntries(Object.keys(pastOf([], [])).map((column) => [column, found.get(id)![column] ?? null])))
  expect(told).toEqual(accounts.map(({ dues, moves }) => pastOf(dues, moves)))
  // The book has what it is to try.
  expect(told.filter((one) => Number(one['times_90_plus']) > 0 && Number(one['cures']) > 1).length).toBeGreaterThan(20)
})
