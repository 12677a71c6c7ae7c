import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ageInProcess } from '../proof/in-process.ts'
import { conventionsOf, type Conventions } from '../reference/conventions.ts'
import { countedDays, isImmaterial } from '../reference/counted.ts'
import type { Instalment } from '../reference/plan.ts'
import { addDays } from '../reference/rows.ts'
import { changesOf } from '../../src/explain/changes.ts'
import { explain } from '../../src/explain/explain.ts'
import { explaining, folderOf } from '../explain/book.ts'
import { accountsOn } from './book.ts'

// Each day of an account's life is looked at by itself: what was due, what had been paid by its end, oldest first and principal last inside an
// instalment, and whether that was above the thresholds. The days counted are held against what the run gives.

const asOf = '2025-06-30'
const first = '2024-10-01'
const last = 272
const dayOf = (at: number) => addDays(first, at)

interface Due { on: number; principal: number; interest: number }
interface Move { on: number; amount: number; undone?: number | undefined; flagged?: boolean }
interface Account { dues: readonly Due[]; moves: readonly Move[]; conventions: Partial<Conventions>; told: boolean; pauses: readonly { from: number; days: number }[] }

const day = (min: number, max: number) => fc.integer({ min, max })
const conventions = fc.record({
  materiality: fc.record({ absolute: fc.constantFrom({}, { CNY: '100' }, { CNY: '49.99' }, { CNY: '150' }), relative: fc.constantFrom(undefined, 0.1, 0.3), exceed: fc.constantFrom('both' as const, 'either' as const) }),
  count_from: fc.constantFrom('day_after_due' as const, 'due_date' as const),
  grace_days: fc.constantFrom(0, 0, 0, 5, 40),
  grace_counting: fc.constantFrom('due_date' as const, 'after_grace' as const),
  months: fc.constantFrom('none' as const, 'none' as const, 'none' as const, 'mba' as const, 'ots' as const),
  pause_span: fc.constantFrom('after_due' as const, 'whole' as const),
}).map(({ materiality: { relative, absolute, exceed }, ...others }) => ({ ...others, materiality: { counting: 'since_material' as const, exceed, ...(relative === undefined ? {} : { relative }), absolute: relative === undefined && Object.keys(absolute).length === 0 ? { CNY: '100' } : absolute } }))
const products = fc.sample(conventions, { numRuns: 24, seed: 20250630 })

const accounts = fc.sample(
  fc.record({
    dues: fc.array(fc.record({ on: day(10, last + 40), principal: fc.constantFrom(0, 40, 80, 100), interest: fc.constantFrom(0, 10, 20) }), { minLength: 1, maxLength: 8 }),
    moves: fc.array(fc.record({ on: day(0, last + 10), amount: fc.constantFrom(30, 50, 100, 120, 250), back: fc.option(day(0, 60), { freq: 4 }), flagged: fc.boolean() }), { maxLength: 8 }),
    told: fc.constantFrom(true, true, true, false),
    pauses: fc.array(fc.record({ from: day(60, last), days: day(1, 40) }), { maxLength: 2 }),
  }),
  { numRuns: 600, seed: 20250701 },
).map(({ dues, moves, ...others }, at): Account & { id: string; product: string } => ({
  ...others,
  id: `A${String(at).padStart(4, '0')}`,
  product: `P${at % products.length}`,
  conventions: products[at % products.length]!,
  dues: [...dues].sort((a, b) => a.on - b.on),
  moves: moves.map(({ on, amount, back, flagged }) => ({ on, amount, undone: back === null ? undefined : on + back, flagged })),
}))

/** The plan with what the money of a day covers; a file that does not tell principal tells none. */
function planOn({ dues, moves, told }: Account, at: number): Instalment[] {
  let money = moves.reduce((sum, { on, amount, undone }) => sum + (on <= at ? amount : 0) - (undone !== undefined && undone <= at ? amount : 0), 0)
  return dues.map(({ on, principal, interest }, no) => {
    const due = principal + interest
    const covered = Math.max(0, Math.min(money, due))
    money -= covered
    return { no: no + 1, dueOn: dayOf(on), due: BigInt(due * 100), covered: BigInt(covered * 100), principal: told ? BigInt(principal * 100) : undefined, parts: {} } as unknown as Instalment
  })
}

function daysOf(one: Account): { days: number; months: number; waived: string | null } {
  const conventions = conventionsOf(one.conventions, undefined)
  const early = conventions.count_from === 'due_date' ? 0 : 1
  const immaterial = (at: string) => {
    const plan = planOn(one, Math.round((Date.parse(at) - Date.parse(first)) / 86_400_000))
    const overdue = plan.filter(({ dueOn }) => addDays(dueOn, early) <= at).reduce((sum, { due, covered }) => sum + due - covered, 0n)
    const principal = one.told ? plan.reduce((sum, { principal: own, due, covered }) => sum + (due - covered < own! ? due - covered : own!), 0n) : null
    return overdue === 0n || isImmaterial(conventions.materiality, overdue, principal, 'CNY', 2)
  }
  const pauses = one.pauses.map(({ from, days }) => ({ from: dayOf(from), to: dayOf(from + days) }))
  return countedDays(planOn(one, last), conventions, { asOf, scale: 2, until: asOf, daysAtPayoff: 0, moved: (due) => due, pauses, immaterial })
}

test('days count from the first day since which what is overdue is material, as day by day', { timeout: 60_000 }, async () => {
  const { accounts: found } = await ageInProcess(
    {
      loans: accounts.map(({ id, product }) => ({ account_id: id, product, status: 'open' })),
      schedule: accounts.flatMap(({ id, dues, told }) => dues.map(({ on, principal, interest }, at) => ({ account_id: id, instalment_no: at + 1, due_on: dayOf(on), amount_due: `${principal + interest}.00`, principal_due: told ? `${principal}.00` : '', interest_due: told ? `${interest}.00` : '' }))),
      repayments: accounts.flatMap(({ id, moves }) =>
        moves.flatMap(({ on, amount, undone, flagged }, at) => {
          const row = { payment_id: `${id}-${at}`, account_id: id, paid_on: dayOf(on), amount: `${amount}.00`, kind: 'payment', status: 'settled', reverses: '', reversed_on: '' }
          if (undone === undefined) return [row]
          if (flagged === true) return [{ ...row, status: 'reversed', reversed_on: dayOf(undone) }]
          return [row, { ...row, payment_id: `${id}-${at}-u`, paid_on: dayOf(undone), kind: 'undo', reverses: row.payment_id }]
        }),
      ),
      pauses: accounts.flatMap(({ id, pauses }) => pauses.map(({ from, days }) => ({ account_id: id, from: dayOf(from), to: dayOf(from + days) }))),
    },
    { as_of: asOf, work_on: asOf, implausible_max_share: 1, conventions: { products: Object.fromEntries(products.map((one, at) => [`P${at}`, one])) } },
  )
  const told = accounts.map(({ id, conventions }) => {
    const row = found.get(id)!
    return [id, row['days_past_due'], conventions.months === 'none' ? null : row['months_past_due'], Number(row['days_past_due']) === 0 && row['overdue_amount'] !== '0.00' ? row['late_reason_waived'] : null]
  })
  const plain = accounts.map((one) => {
    const { days, months, waived } = daysOf(one)
    return [one.id, days, one.conventions.months === 'none' ? null : months, days === 0 && found.get(one.id)!['overdue_amount'] !== '0.00' ? waived : null]
  })
  expect(told).toEqual(plain)
  // The book has what it is to try: days that are fewer than those of the oldest instalment, and more than none.
  expect(accounts.filter(({ id }) => Number(found.get(id)!['days_past_due']) > 0 && Number(found.get(id)!['days_past_due']) < Number(found.get(id)!['days_late'])).length).toBeGreaterThan(60)
})

const since = (more: object = {}) => ({ materiality: { absolute: { CNY: '100' }, counting: 'since_material' }, ...more })

// 60 due 1 March and 1 April and 1 May: 60 overdue from 2 March, 120 from 2 April on. 50 on 20 April leave 70; 130 from 2 May on. To 30 June: 30 + 30 = 60 days.
const rows = {
  loans: [{ account_id: 'A1', product: 'told', currency: 'CNY' }, { account_id: 'A2', product: 'told', currency: 'CNY' }],
  schedule: ['A1', 'A2'].flatMap((account_id) => ['2025-03-01', '2025-04-01', '2025-05-01'].map((due_on, at) => ({ account_id, instalment_no: at + 1, due_on, amount_due: '60.00' }))),
  repayments: ['A1', 'A2'].map((account_id) => ({ payment_id: `${account_id}-1`, account_id, paid_on: '2025-04-20', amount: '50.00', kind: 'payment' })),
}

test('the least payment that makes an account current brings it down to the threshold, and explain says since when it counts', async () => {
  const on = await explaining(folderOf(rows, { as_of: asOf, conventions: since() }).config)
  try {
    const said = await explain(on, ['A1'])
    const [changes] = await changesOf(on, said)
    // 130 are overdue.
    expect(changes).toMatchObject({ to_be_current: { amount: '30.00' } })
    expect(said[0]!.why.days).toContain('What is overdue has been material since 2025-05-02: days past due count only since then.')
  } finally {
    on.close()
  }
})

describe('where the past is not told', () => {
  test('payments that say which principal they cover decide only where an amount lies between', async () => {
    // 100 a month from 1 March, half of it principal, and 10,000 at the end. T1 is 200 overdue from 2 April on, above 1.384 % of 10,150, 140.48; 100 were not.
    // T2 paid 60 in March, 140 are overdue in April: above 1.384 % of 10,100 (139.78) were principal paid first, not of 10,140 (140.34). In May it is 240.
    const schedule = ['T1', 'T2'].flatMap((account_id) => [
      ...['2025-03-01', '2025-04-01', '2025-05-01'].map((due_on, at) => ({ account_id, instalment_no: at + 1, due_on, principal_due: '50.00', interest_due: '50.00' })),
      { account_id, instalment_no: 4, due_on: '2026-01-01', principal_due: '10000.00', interest_due: '0.00' },
    ])
    const book = { loans: ['T1', 'T2'].map((account_id) => ({ account_id, currency: 'CNY' })), schedule, repayments: [{ payment_id: 'P1', account_id: 'T2', paid_on: '2025-03-20', amount: '60.00', principal_paid: '10.00', interest_paid: '50.00' }] }
    const on = async (day: string) => {
      const { of, warnings } = await accountsOn(day, book, { conventions: { materiality: { relative: 0.01384, counting: 'since_material' } } })
      return [...['T1', 'T2'].map((id) => [of(id)['days_past_due'], of(id)['material_since']]), warnings.filter(({ code }) => code === 'material-by-days').map(({ says }) => says.split(': ')[1])]
    }
    const warned = ['its payments say which principal they cover (1 account).']
    expect(await on('2025-04-30')).toEqual([[29, '2025-04-02'], [0, null], warned])
    // 1 March to 31 May: 30 + 30 + 31.
    expect(await on('2025-05-31')).toEqual([[60, '2025-04-02'], [91, null], warned])
  })

  test('only those accounts count from the due date, and a warning says how many', async () => {
    // A2's plan changed: a row came in May.
    const changed = { ...rows, schedule: [...rows.schedule.map((row) => ({ ...row, added_on: '' })), { account_id: 'A2', instalment_no: 4, due_on: '2025-08-01', amount_due: '60.00', added_on: '2025-05-20' }] }
    const { of, warnings } = await accountsOn(asOf, changed, { conventions: since() })
    expect([of('A1')['days_past_due'], of('A1')['material_since'], of('A2')['days_past_due'], of('A2')['material_since']]).toEqual([60, '2025-05-02', 121, null])
    expect(warnings.filter(({ code }) => code === 'material-by-days').map(({ says }) => says)).toEqual(['Days that should count since what is overdue is material count from the due date: the plan has changed (1 account).'])
  })

  test('a plan that was whole before anything fell due has not changed', async () => {
    const early = { ...rows, schedule: rows.schedule.map((row) => ({ ...row, added_on: '2025-02-01' })) }
    const { of, warnings } = await accountsOn(asOf, early, { conventions: since() })
    expect([of('A1')['days_past_due'], of('A2')['days_past_due'], warnings.some(({ code }) => code === 'material-by-days')]).toEqual([60, 60, false])
  })
})
