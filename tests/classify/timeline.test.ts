import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { age } from '../../src/cli/commands/age.ts'
import { folderOf, started } from '../explain/book.ts'
import { ageInProcess } from '../proof/in-process.ts'
import { accountsOn } from './book.ts'

// Each day of an account's life is aged by itself: dues before the day, money up to its end, oldest first. What the days say together is
// held against the columns that the run gives.

const asOf = '2025-06-30'
const first = Date.parse('2024-01-01')
const textOf = (day: number) => new Date(first + day * 86_400_000).toISOString().slice(0, 10)
const last = (Date.parse(asOf) - first) / 86_400_000

interface Due { on: number; amount: number }
/** `penalty`: lies beside the plan. `back`: what is taken back of it, all or a part. */
interface Move { on: number; amount: number; penalty: number; undone?: number | undefined; back: number; flagged?: boolean }

/** Days from the due date of the first open instalment at the end of each day; below 0 where it is ahead, nothing where all is paid. */
function daysOpen(dues: readonly Due[], moves: readonly Move[]): (number | undefined)[] {
  const plan = [...dues].filter(({ amount }) => amount > 0).sort((a, b) => a.on - b.on)
  return Array.from({ length: last + 1 }, (_, day) => {
    // What is taken back comes off what covers first.
    let money = moves.reduce((sum, { on, amount, penalty, undone, back }) => sum + (on <= day ? Math.max(0, amount - penalty - (undone !== undefined && undone <= day ? back : 0)) : 0), 0)
    for (const { on, amount } of plan) {
      if (money < amount) return day - on
      money -= amount
    }
    return undefined
  })
}

function pastOf(dues: readonly Due[], moves: readonly Move[]) {
  const late = daysOpen(dues, moves).map((days) => Math.max(0, days ?? 0))
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
  const firstDue = dues.filter(({ amount }) => amount > 0).map(({ on }) => on).sort((a, b) => a - b)[0]
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
    fc.record({ on: fc.integer({ min: 0, max: last + 10 }), amount: fc.constantFrom(30, 50, 100, 100, 250), back: fc.option(fc.integer({ min: 0, max: 60 }), { freq: 4 }), flagged: fc.boolean(), penalty: fc.constantFrom(0, 0, 0, 10, 25), part: fc.constantFrom(1, 1, 2) }),
    { maxLength: 8 },
  ),
})

const [sampled] = fc.sample(fc.array(account, { minLength: 400, maxLength: 400 }), { numRuns: 1, seed: 20250630 })
const accounts = sampled!.map(({ dues, moves }, at) => ({ id: `A${String(at).padStart(4, '0')}`, dues, moves: moves.map(({ on, amount, back, flagged, penalty, part }): Move => ({ on, amount, penalty, undone: back === null ? undefined : on + back, back: flagged ? amount : amount / part, flagged })) }))

const aged = async (settings: Readonly<Record<string, unknown>>, products: readonly string[] = ['']) => {
  const { accounts: found } = await ageInProcess(
    {
      loans: accounts.map(({ id }, at) => ({ account_id: id, product: products[at % products.length], status: 'open' })),
      schedule: accounts.flatMap(({ id, dues }) => [...dues].sort((a, b) => a.on - b.on).map(({ on, amount }, at) => ({ account_id: id, instalment_no: at + 1, due_on: textOf(on), amount_due: `${amount}.00` }))),
      repayments: accounts.flatMap(({ id, moves }) =>
        moves.flatMap(({ on, amount, penalty, undone, back, flagged }, at) => {
          const row = { payment_id: `${id}-${at}`, account_id: id, paid_on: textOf(on), amount: `${amount}.00`, principal_paid: `${amount - penalty}.00`, penalty_paid: `${penalty}.00`, kind: 'payment', status: 'settled', reverses: '', reversed_on: '' }
          if (undone === undefined) return [row]
          if (flagged === true) return [{ ...row, status: 'reversed', reversed_on: textOf(undone) }]
          return [row, { ...row, payment_id: `${id}-${at}-u`, paid_on: textOf(undone), amount: `${back}.00`, principal_paid: '', penalty_paid: '', kind: 'undo', reverses: row.payment_id }]
        }),
      ),
    },
    { as_of: asOf, work_on: asOf, implausible_max_share: 1, ...settings },
  )
  return found
}

test.each([0, 3])('the past that the columns say is the past day by day, cash counting %i days after it was paid', { timeout: 60_000 }, async (clearing_days) => {
  const found = await aged({ history_columns: true, conventions: { clearing_days } })
  const told = accounts.map(({ id }) => Object.fromEntries(Object.keys(pastOf([], [])).map((column) => [column, found.get(id)![column] ?? null])))
  // What is taken back before it has cleared never counted.
  const cleared = (moves: readonly Move[]) => moves.map((move) => ({ ...move, on: move.on + clearing_days, undone: move.undone === undefined ? undefined : Math.max(move.undone, move.on + clearing_days) }))
  expect(told).toEqual(accounts.map(({ dues, moves }) => pastOf(dues, cleared(moves))))
  // The book has what it is to try.
  expect(told.filter((one) => Number(one['times_90_plus']) > 0 && Number(one['cures']) > 1).length).toBeGreaterThan(20)
})

interface Memory { from: string; edge: number; until: 'no_arrears' | 'probation'; probation_days: number; count_from: 'day_after_due' | 'due_date'; grace_days: number; grace_counting: 'due_date' | 'after_grace' }

/** Since when the class stays: each day is judged by itself, with what the day before left. */
function classSince(open: readonly (number | undefined)[], { edge, until, probation_days, count_from, grace_days, grace_counting }: Memory): string | null {
  let since: number | undefined
  let quiet = 0
  for (const [day, days] of open.entries()) {
    const arrears = Math.max(0, (days ?? -1) + (count_from === 'due_date' ? 1 : 0))
    const counts = arrears <= grace_days ? 0 : grace_counting === 'after_grace' ? arrears - grace_days : arrears
    quiet = arrears > 0 ? 0 : quiet + 1
    if (quiet >= (until === 'probation' ? probation_days : 1)) since = undefined
    if (counts >= edge) since ??= day
  }
  return since === undefined ? null : textOf(since)
}

test('a tier that remembers stays as day by day', { timeout: 60_000 }, async () => {
  const edges = { low: 1, mid: 31, high: 91 }
  const kinds: Memory[] = (['low', 'mid', 'high'] as const).flatMap((from) =>
    (['day_after_due', 'due_date'] as const).flatMap((count_from) =>
      ([['no_arrears', 1, 0, 'due_date'], ['probation', 40, 0, 'due_date'], ['probation', 5, 10, 'after_grace'], ['no_arrears', 1, 45, 'due_date']] as const).map(
        ([until, probation_days, grace_days, grace_counting]) => ({ from, edge: edges[from], until, probation_days, count_from, grace_days, grace_counting }),
      ),
    ),
  )
  const products = kinds.map((_, at) => `P${at}`)
  const own = Object.fromEntries(kinds.map(({ from, until, probation_days, count_from, grace_days, grace_counting }, at) => [products[at]!, { sticky: { from, until, probation_days }, count_from, grace_days, grace_counting }]))
  const found = await aged({ tiers: [{ name: 'low', from: 1, to: 30 }, { name: 'mid', from: 31, to: 90 }, { name: 'high', from: 91, to: null }], conventions: { products: own } }, products)
  const told = accounts.map(({ id }) => found.get(id)!['class_since'] ?? null)
  expect(told).toEqual(accounts.map(({ dues, moves }, at) => classSince(daysOpen(dues, moves), kinds[at % kinds.length]!)))
  expect(told.filter((since) => since !== null).length).toBeGreaterThan(100)
})

test.each([
  ['told', {}, 'medium', false],
  ['not told with materiality', { materiality: { absolute: { CNY: '10.00' } } }, 'short', true],
])('what stays of a past is %s, with a warning where it is not', async (_, own, tier, warned) => {
  const rows = {
    loans: [{ account_id: 'A1', product: 'cash', currency: 'CNY' }],
    schedule: ['2025-01-05', '2025-06-25'].map((due_on, at) => ({ account_id: 'A1', instalment_no: at + 1, due_on, amount_due: '100.00' })),
    repayments: [{ payment_id: 'P1', account_id: 'A1', paid_on: '2025-06-26', amount: '100.00' }],
  }
  const { of, warnings } = await accountsOn(asOf, rows, { conventions: { sticky: { from: 'medium', until: 'no_arrears' }, ...own } })
  expect([of('A1')['tier'], warnings.some(({ code }) => code === 'class-by-days')]).toEqual([tier, warned])
})

test('rows of a product that revolves are no plan, and have no past', async () => {
  const rows = {
    loans: ['A1', 'A2'].map((account_id, at) => ({ account_id, method: ['revolving', ''][at]!, currency: 'CNY' })),
    schedule: ['A1', 'A2'].map((account_id) => ({ account_id, instalment_no: 1, due_on: '2025-01-05', amount_due: '100.00' })),
    repayments: [],
  }
  const { of } = await accountsOn(asOf, rows, { history_columns: true, conventions: { sticky: { from: 'medium', until: 'no_arrears' } } })
  expect(of('A1')).toMatchObject({ tier: 'no_schedule', class_since: null, late_since: null, max_days_late: null, first_payment_missed: null })
  expect(of('A2')).toMatchObject({ tier: 'long', class_since: '2025-02-05', late_since: '2025-01-06', max_days_late: 176, first_payment_missed: true })
})

test('the columns of the past are blank for accounts whose past is not told, and a warning counts them', async () => {
  // B1: a penalty is paid that the plan does not hold. B2 prepaid. B3 has been late since the 6th of January.
  const rows = {
    loans: ['B1', 'B2', 'B3'].map((account_id) => ({ account_id, currency: 'CNY' })),
    schedule: ['B1', 'B2', 'B3'].map((account_id) => ({ account_id, instalment_no: 1, due_on: '2025-01-05', principal_due: '100.00', penalty_due: '0.00' })),
    repayments: [
      { payment_id: 'P1', account_id: 'B1', paid_on: '2025-02-05', amount: '100.00', principal_paid: '90.00', penalty_paid: '10.00', kind: 'payment' },
      { payment_id: 'P2', account_id: 'B2', paid_on: '2025-02-05', amount: '50.00', principal_paid: '50.00', penalty_paid: '', kind: 'prepayment' },
      { payment_id: 'P3', account_id: 'B3', paid_on: '2025-02-05', amount: '50.00', principal_paid: '50.00', penalty_paid: '0.00', kind: 'payment' },
    ],
  }
  const { of, warnings } = await accountsOn(asOf, rows, { history_columns: true })
  expect(['B1', 'B2', 'B3'].map((id) => [of(id)['late_since'], of(id)['max_days_late'], of(id)['cures']])).toEqual([[null, null, null], [null, null, null], ['2025-01-06', 176, 0]])
  expect(warnings.filter(({ code }) => code === 'past-not-told').map(({ says }) => says)).toEqual(['The columns of the past are blank where it is not told: it has prepayments (1 account), parts of its payments may go beyond the plan (1 account).'])
})

describe('where the past of some accounts is not told', () => {
  // Late since 5 January by an instalment that was paid on 26 June; the next, of 25 June, is 5 days late: day 26 of the stay.
  const ids = ['PLAIN', 'SMALL', 'CHANGED', 'AHEAD', 'PAUSED']
  const rows = {
    loans: ids.map((account_id) => ({ account_id, product: account_id === 'SMALL' ? 'small' : 'cash', currency: 'CNY' })),
    schedule: [
      ...ids.flatMap((account_id) => ['2025-01-05', '2025-06-25'].map((due_on, at) => ({ account_id, instalment_no: at + 1, due_on, amount_due: '100.00', added_on: '' }))),
      { account_id: 'CHANGED', instalment_no: 3, due_on: '2025-09-25', amount_due: '100.00', added_on: '2025-03-01' },
      // It will change, and has not yet.
      { account_id: 'PLAIN', instalment_no: 3, due_on: '2025-09-25', amount_due: '100.00', added_on: '2025-07-15' },
    ],
    repayments: ids.map((account_id) => ({ payment_id: account_id, account_id, paid_on: '2025-06-26', amount: '100.00', kind: account_id === 'AHEAD' ? 'prepayment' : 'payment' })),
  }
  const sticky = { from: 'medium', until: 'no_arrears' }

  test('only those go by their days, and the warning counts them', async () => {
    const pauses = [{ account_id: 'PAUSED', from: '2025-02-01', to: '2025-02-02' }]
    const { accounts: found } = await ageInProcess({ ...rows, pauses }, { as_of: asOf, conventions: { sticky, products: { small: { materiality: { absolute: { CNY: '10.00' } } } } } })
    expect(ids.map((id) => found.get(id)!['tier'])).toEqual(['medium', 'short', 'short', 'short', 'short'])
    expect(ids.map((id) => found.get(id)!['class_since'])).toEqual(['2025-02-05', null, null, null, null])
    const { warnings } = await accountsOn(asOf, rows, { conventions: { sticky, products: { small: { materiality: { absolute: { CNY: '10.00' } } } } } })
    expect(warnings.filter(({ code }) => code === 'class-by-days').map(({ says }) => says)).toEqual([
      'Tiers that should stay until arrears are paid go by days only: it has prepayments (1 account), materiality of each day of the past is not looked at (1 account), the plan has changed (1 account).',
    ])
  })

  test('several days say it as one day does', async () => {
    const { config } = folderOf(rows, { conventions: { sticky } })
    const shown = await started(age, { typed: { config, asOf: '2025-05-31..2025-06-30', format: 'table' } })
    expect(shown.shown).toContain('Warnings\n  class-by-days  Tiers that should stay until arrears are paid go by days only: it has prepayments (1 account), the plan has changed (1 account), each on the day on which it is most.\n')
    const plain = await started(age, { typed: { config: folderOf(rows, {}).config, asOf: '2025-05-31..2025-06-30', format: 'table' } })
    expect(plain.shown).not.toContain('Warnings')
  })
})

// fin-chargeback/quarter-loan-charged-back: three instalments of 400, two paid on time, the second charged back on 16 March. Where its amount is due
// anew that day, 8 April is 23 days on (as published), and lateness began on 17 March; reopened at its own age, 38 days, since 16 March.
test.each([
  ['new_due', { max_days_late: 23, late_since: '2022-03-17', longest_run_late: 23 }],
  ['reopens', { max_days_late: 38, late_since: '2022-03-16', longest_run_late: 24 }],
])('a chargeback that %s stands in the past once', async (chargeback, wanted) => {
  const rows = {
    loans: ['A1', 'A2'].map((account_id, at) => ({ account_id, product: ['card', 'other'][at]!, currency: 'CNY' })),
    schedule: ['A1', 'A2'].flatMap((account_id) => ['2022-02-01', '2022-03-01', '2022-04-01'].map((due_on, at) => ({ account_id, instalment_no: at + 1, due_on, amount_due: '400.00' }))),
    repayments: ['A1', 'A2'].flatMap((account_id) => [
      { payment_id: `${account_id}-1`, account_id, paid_on: '2022-02-01', amount: '400.00', kind: 'payment', reverses: '' },
      { payment_id: `${account_id}-2`, account_id, paid_on: '2022-03-01', amount: '400.00', kind: 'payment', reverses: '' },
      { payment_id: `${account_id}-3`, account_id, paid_on: '2022-03-16', amount: '-400.00', kind: 'chargeback', reverses: `${account_id}-2` },
    ]),
  }
  const { of } = await accountsOn('2022-04-08', rows, { history_columns: true, conventions: { products: { card: { chargeback } } } })
  expect(of('A1')).toMatchObject(wanted)
  // Another product keeps the convention of the book.
  expect(of('A2')).toMatchObject({ max_days_late: 38, late_since: '2022-03-16' })
})
