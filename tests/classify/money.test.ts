import { describe, expect, test } from 'vitest'
import { months } from '../proof/example.ts'
import { accountsOn as aged } from './book.ts'
import { reconcile } from '../../src/publish/reconcile.ts'
import { explain } from '../../src/explain/explain.ts'
import { explaining, folderOf, type BookRows } from '../explain/book.ts'

// Counted on a calendar by hand.

const accountsOn = async (rows: BookRows, { as_of, ...settings }: { as_of: string; [key: string]: unknown }) => {
  const { of } = await aged(as_of, rows, settings)
  return Object.fromEntries(rows.loans.map((row) => of((row as { account_id: string }).account_id)).map((row) => [String(row['account_id']), row]))
}
let payments = 0
const due = (account_id: string, no: number, due_on: string, amount_due: string, more: object = {}) => ({ account_id, instalment_no: no, due_on, amount_due, ...more })
const paid = (account_id: string, paid_on: string, amount: string, more: object = {}) => ({ payment_id: `P${++payments}`, account_id, paid_on, amount, ...more })

describe('parts of payments', () => {
  // 1,000 due on 5 Mar, 5 Apr, 5 May; 1,080 (80 penalty), 1,090 (90 penalty), 830. 170 of May is open: 5 May to 30 Jun are 56 days.
  const book = {
    loans: [{ account_id: 'A' }, { account_id: 'B' }],
    schedule: [...['03', '04', '05'].map((month, at) => due('A', at + 1, `2025-${month}-05`, '1000.00')), due('B', 1, '2025-05-05', '100.00')],
    repayments: [
      paid('A', '2025-03-25', '1080.00', { principal_paid: '900.00', interest_paid: '100.00', penalty_paid: '80.00' }),
      paid('A', '2025-04-28', '1090.00', { principal_paid: '900.00', interest_paid: '100.00', penalty_paid: '90.00' }),
      paid('A', '2025-05-20', '830.00', { principal_paid: '830.00' }),
      // No part at all: it covers with its whole amount.
      paid('B', '2025-05-05', '100.00'),
    ],
  }
  test('cover the schedule, and penalty lies beside it', async () => {
    const on = await accountsOn(book, { as_of: '2025-06-30' })
    expect(on['A']).toMatchObject({ days_past_due: 56, tier: 'medium', overdue_amount: '170.00', amount_covered: '2830.00', to_charges: '170.00', advance: '0.00', last_paid_amount: '830.00' })
    expect(on['B']).toMatchObject({ days_past_due: 0, amount_covered: '100.00', to_charges: '0.00' })
  })
  test('as cover_from says', async () => {
    const on = await accountsOn(book, { as_of: '2025-06-30', cover_from: ['principal', 'interest', 'fee', 'penalty'] })
    expect(on['A']).toMatchObject({ days_past_due: 0, amount_covered: '3000.00' })
    expect(on['A']).not.toHaveProperty('to_charges')
  })
  test('cover a part that the schedule has, and no more than it asks of it', async () => {
    // Of 170 penalty the plan asks 30 with April: it is due before May's principal, so 170 of May stay open.
    const schedule = book.schedule.map(({ amount_due, ...row }) => ({ ...row, principal_due: amount_due, penalty_due: row.instalment_no === 2 ? '30.00' : '0.00' }))
    const on = await accountsOn({ ...book, schedule }, { as_of: '2025-06-30' })
    expect(on['A']).toMatchObject({ days_past_due: 56, overdue_amount: '170.00', overdue_principal: '170.00', overdue_fee: '0.00', amount_covered: '2860.00', to_charges: '140.00' })
  })
})

describe('part prepayment', () => {
  // 12 x 1,000 from 5 Jan; three paid; 5,000 to principal on 15 Mar. 5 Apr to 30 Jun: 25 + 31 + 30 = 86 days.
  const plan = (account: string) => months('2025-01-05', 12).map((day, at) => due(account, at + 1, day, '', { principal_due: '900.00', interest_due: '100.00' }))
  const monthly = (account: string, count: number) => months('2025-01-05', count).map((day) => paid(account, day, '1000.00'))
  test('lowers principal and is no advance', async () => {
    const on = await accountsOn(
      {
        loans: ['A', 'B', 'C', 'D', 'E'].map((account_id) => ({ account_id })),
        schedule: ['A', 'B', 'C', 'D', 'E'].flatMap(plan),
        repayments: [
          ...monthly('A', 3), paid('A', '2025-03-15', '5000.00', { kind: 'prepayment' }),
          // Two were paid and March was open: 1,000 of it covers March, the next one nothing.
          ...monthly('B', 2), paid('B', '2025-03-15', '3000.00', { kind: 'prepayment' }), paid('B', '2025-03-15', '2000.00', { kind: 'prepayment' }),
          // 400 of March are open to the first, 300 are left to the second; later money covers April.
          ...monthly('C', 2), paid('C', '2025-03-05', '600.00'), paid('C', '2025-03-10', '100.00', { kind: 'prepayment' }), paid('C', '2025-03-15', '2000.00', { kind: 'prepayment' }), paid('C', '2025-04-05', '1000.00'),
          // April was paid before it fell due: what is advance already stays one.
          ...monthly('D', 4), paid('D', '2025-03-15', '5000.00', { kind: 'prepayment' }),
          // A payment of the same day goes first, wherever it stands in the file.
          ...monthly('E', 2), paid('E', '2025-03-15', '5000.00', { kind: 'prepayment' }), paid('E', '2025-03-15', '1000.00'),
        ],
      },
      { as_of: '2025-06-30' },
    )
    expect(on['A']).toMatchObject({ days_past_due: 86, overdue_amount: '3000.00', advance: '0.00', to_principal: '5000.00', outstanding_principal: '3100.00', last_paid_amount: '5000.00' })
    expect(on['B']).toMatchObject({ days_past_due: 86, overdue_amount: '3000.00', to_principal: '4000.00', outstanding_principal: '4100.00' })
    expect(on['C']).toMatchObject({ days_past_due: 56, overdue_amount: '2000.00', to_principal: '1700.00', amount_covered: '4000.00' })
    expect(on['D']).toMatchObject({ days_past_due: 56, overdue_amount: '2000.00', to_principal: '5000.00' })
    expect(on['E']).toMatchObject({ days_past_due: 86, to_principal: '5000.00', amount_covered: '3000.00' })
  })
  test('taken back is no longer to principal', async () => {
    const whole = paid('A', '2025-03-15', '5000.00', { kind: 'prepayment' })
    const back = paid('A', '2025-03-20', '5000.00', { kind: 'undo', reverses: whole.payment_id })
    const on = await accountsOn({ loans: [{ account_id: 'A' }], schedule: plan('A'), repayments: [...monthly('A', 2), whole, back] }, { as_of: '2025-06-30' })
    expect(on['A']).toMatchObject({ days_past_due: 117, overdue_amount: '4000.00', to_principal: '0.00', outstanding_principal: '9000.00' })
  })
})

describe('money that is not the borrower\'s', () => {
  // 1,000 due on the 10th, March to June; March paid, 9 Jun 2,000 by a guarantor. 10 Jun to 30 Jun: 20 days; 10 Apr to 30 Jun: 81.
  const book = {
    loans: [{ account_id: 'A' }],
    schedule: ['03', '04', '05', '06'].map((month, at) => due('A', at + 1, `2025-${month}-10`, '1000.00')),
    repayments: [paid('A', '2025-03-10', '1000.00'), paid('A', '2025-06-09', '2000.00', { kind: 'compensation' })],
  }
  test('covers for the one who was paid', async () => {
    const on = await accountsOn(book, { as_of: '2025-06-30', compensation: 'covers' })
    expect(on['A']).toMatchObject({ days_past_due: 20, overdue_amount: '1000.00', last_paid_on: '2025-03-10', last_paid_amount: '1000.00' })
  })
  test('is left aside for the one who collects', async () => {
    const on = await accountsOn(book, { as_of: '2025-06-30', compensation: 'ignored' })
    expect(on['A']).toMatchObject({ days_past_due: 81, overdue_amount: '3000.00', last_paid_on: '2025-03-10' })
  })
  test('is asked where nothing is said', async () => {
    await expect(accountsOn(book, { as_of: '2025-06-30' })).rejects.toThrow(/compensation/)
  })
})

test('charges raise what is asked beside the plan, and parts beside the plan pay them', async () => {
  const on = await accountsOn(
    {
      loans: [{ account_id: 'A' }, { account_id: 'B', charges_outstanding: '7.00' }],
      schedule: ['A', 'B'].map((account) => due(account, 1, '2025-06-10', '100.00')),
      repayments: ['A', 'B'].flatMap((account) => [
        paid(account, '2025-06-11', '30.00', { kind: 'charge' }),
        paid(account, '2025-07-11', '30.00', { kind: 'charge' }),
        paid(account, '2025-06-12', '60.00', { principal_paid: '50.00', penalty_paid: '10.00' }),
      ]),
    },
    { as_of: '2025-06-30' },
  )
  expect(on['A']).toMatchObject({ overdue_amount: '50.00', charges_outstanding: '20.00', cure_amount: '70.00', to_charges: '10.00', days_past_due: 20, advance: '0.00' })
  expect(on['B']).toMatchObject({ overdue_amount: '50.00', charges_outstanding: '7.00' })
})

test('waivers and credit notes cover and are no cash', async () => {
  const on = await accountsOn(
    {
      loans: [{ account_id: 'A' }, { account_id: 'B' }],
      schedule: ['A', 'B'].map((account) => due(account, 1, '2025-06-10', '500.00')),
      repayments: [paid('A', '2025-06-10', '450.00'), paid('A', '2025-06-11', '50.00', { kind: 'waiver' }), paid('B', '2025-06-10', '450.00'), paid('B', '2025-06-11', '50.00', { kind: 'credit_note' })],
    },
    { as_of: '2025-06-30' },
  )
  for (const account of ['A', 'B']) expect(on[account]).toMatchObject({ days_past_due: 0, amount_covered: '500.00', last_paid_on: '2025-06-10', last_paid_amount: '450.00' })
})

describe('clearing days', () => {
  const book = {
    loans: [{ account_id: 'A', product: 'debit' }, { account_id: 'B', product: 'cash' }],
    schedule: ['A', 'B'].map((account) => due(account, 1, '2025-06-10', '100.00')),
    repayments: ['A', 'B'].map((account) => paid(account, '2025-06-27', '100.00')),
  }
  test.each([
    { asOf: '2025-06-29', A: { days_past_due: 19, pending_amount: '100.00', last_paid_on: null }, B: { days_past_due: 0, pending_amount: '0.00' } },
    { asOf: '2025-06-30', A: { days_past_due: 0, pending_amount: '0.00', last_paid_on: '2025-06-27' }, B: { days_past_due: 0 } },
  ])('keep money on its way until it has cleared, on $asOf', async ({ asOf, A, B }) => {
    const on = await accountsOn(book, { as_of: asOf, conventions: { products: { debit: { clearing_days: 3 } } } })
    expect(on['A']).toMatchObject(A)
    expect(on['B']).toMatchObject(B)
  })
  test('for the whole book', async () => {
    const on = await accountsOn(book, { as_of: '2025-06-28', conventions: { clearing_days: 2 } })
    expect(on['B']).toMatchObject({ days_past_due: 18, pending_amount: '100.00', advance: '0.00' })
  })
})

describe('money before the file', () => {
  // Due 1,000 on the 10th from January; the file begins on 1 April. 10 Jan to 30 Jun: 21 + 28 + 31 + 30 + 31 + 30 = 171 days.
  const ids = ['A', 'B', 'C', 'D', 'E']
  const book = {
    loans: [
      { account_id: 'A', disbursed_on: '2024-12-10', paid_before: '3000.00' },
      { account_id: 'B', disbursed_on: '2024-12-10', paid_before: '' },
      { account_id: 'C', disbursed_on: '2024-12-10', paid_before: '0' },
      { account_id: 'D', disbursed_on: '2025-04-01' },
      { account_id: 'E', disbursed_on: '2025-03-31', status: 'closed', closed_on: '2025-06-20' },
    ],
    schedule: ids.flatMap((account) => months(['D', 'E'].includes(account) ? '2025-04-10' : '2025-01-10', ['D', 'E'].includes(account) ? 3 : 6).map((day, at) => due(account, at + 1, day, '1000.00'))),
    repayments: ids.flatMap((account) => months('2025-04-10', 3).map((day) => paid(account, day, '1000.00'))),
  }
  test('covers, and who does not state it is held', async () => {
    const on = await accountsOn(book, { as_of: '2025-06-30', inputs: { repayments: { complete_from: '2025-04-01' } } })
    expect(on['A']).toMatchObject({ days_past_due: 0, overdue_amount: '0.00', held_reason: null, amount_covered: '6000.00', last_paid_on: '2025-06-10', last_paid_amount: '1000.00' })
    expect(on['B']).toMatchObject({ days_past_due: 81, overdue_amount: '3000.00', held_reason: 'history_cut', held_since: '2025-06-30' })
    // Nothing was received before, and it says so.
    expect(on['C']).toMatchObject({ days_past_due: 81, held_reason: null })
    expect(on['D']).toMatchObject({ days_past_due: 0, held_reason: null })
    expect(on['E']).toMatchObject({ tier: 'settled', held_reason: null })
  })
  test('alone pays a plan, and the loan has no last payment', async () => {
    const on = await accountsOn({ loans: [{ account_id: 'A', paid_before: '150.00' }], schedule: [due('A', 4, '2025-06-10', '100.00'), due('A', 5, '2025-07-10', '100.00')], repayments: [paid('X', '2025-06-30', '1.00')] }, { as_of: '2025-06-30' })
    expect(on['A']).toMatchObject({ days_past_due: 0, advance: '50.00', last_paid_on: null, last_paid_amount: null, held_reason: null, next_due_on: '2025-07-10', next_due_amount: '50.00' })
  })
})

test('explain tells what covers and what does not, and where it lies', async () => {
  const whole = paid('A', '2025-06-10', '180.00', { principal_paid: '100.00', penalty_paid: '80.00', kind: 'prepayment' })
  const { config } = folderOf(
    {
      loans: [{ account_id: 'A', paid_before: '30.00', product: 'slow' }],
      schedule: [due('A', 1, '2025-06-10', '100.00'), due('A', 2, '2025-07-10', '100.00')],
      repayments: [whole, paid('A', '2025-06-11', '5.00', { kind: 'undo', reverses: whole.payment_id }), paid('A', '2025-06-12', '7.00', { kind: 'charge' }), paid('A', '2025-06-13', '9.00', { kind: 'buyback' }), paid('A', '2025-06-29', '11.00')],
    },
    { as_of: '2025-06-30', buyback: 'ignored', conventions: { products: { slow: { clearing_days: 2 } } } },
  )
  const { close, ...on } = await explaining(config)
  try {
    const [said] = await explain(on, ['A'])
    // 95 of it may cover: 70 were due and open that day, 25 are principal.
    expect(said!.account).toMatchObject({ amount_covered: '100.00', advance: '0.00', to_charges: '80.00', to_principal: '25.00', pending_amount: '11.00', charges_outstanding: '0.00' })
    expect(said!.payments.map(({ kind, counted, file }) => [kind, counted, file])).toEqual([
      ['paid_before', '30.00', 'loans.csv'], ['prepayment', '70.00', 'repayments.csv'], ['undo', '0.00', 'repayments.csv'], ['charge', '0.00', 'repayments.csv'], ['buyback', '0.00', 'repayments.csv'], ['payment', '0.00', 'repayments.csv'],
    ])
    expect(said!.not_counted.map(({ kind, why, not_counted }) => [kind, why, not_counted])).toEqual([
      ['prepayment', 'taken_back', '5.00'], ['prepayment', 'to_charges', '80.00'], ['prepayment', 'to_principal', '25.00'], ['undo', 'reversal', null], ['charge', 'charge', '7.00'], ['buyback', 'ignored', '9.00'], ['payment', 'pending', '11.00'],
    ])
  } finally {
    close()
  }
})

describe('what is said of money', () => {
  const codes = async (rows: BookRows, settings: object = {}) => (await aged('2025-06-30', rows, settings as Record<string, unknown>)).warnings.map(({ code, says }) => [code, says])
  const plan = [due('A', 1, '2025-06-10', '100.00')]
  test('payments without parts in a book with charges hide what they hold', async () => {
    const one = [paid('A', '2025-06-30', '100.00')]
    const warns = async (loan: object, schedule: object[], repayments: object[]) => (await codes({ loans: [{ account_id: 'A', ...loan }], schedule, repayments })).filter(([code]) => code === 'payments-without-parts').length
    expect(await warns({ charges_outstanding: '5.00' }, plan, one)).toBe(1)
    expect(await warns({}, plan, [...one, paid('A', '2025-06-29', '5.00', { kind: 'charge' })])).toBe(1)
    expect(await warns({ charges_outstanding: '0.00' }, plan, one)).toBe(0)
    expect(await warns({}, plan, one)).toBe(0)
    expect(await warns({ charges_outstanding: '5.00' }, plan, [paid('A', '2025-06-30', '100.00', { principal_paid: '100.00' })])).toBe(0)
    expect(await warns({ charges_outstanding: '5.00' }, [{ ...plan[0], penalty_due: '0.00' }], one)).toBe(0)
  })
  test('an old plan of one who has prepaid all principal', async () => {
    const schedule = months('2025-04-10', 3).flatMap((day, at) => ['A', 'B'].map((account) => due(account, at + 1, day, '', { principal_due: '90.00', interest_due: '10.00' })))
    const told = await codes({ loans: [{ account_id: 'A' }, { account_id: 'B' }], schedule, repayments: [paid('A', '2025-04-10', '280.00', { kind: 'prepayment' }), paid('B', '2025-04-10', '279.99', { kind: 'prepayment' })] })
    // 100 of April and 180 of principal: A owes none. B owes a cent.
    expect(told.filter(([code]) => code === 'prepaid-and-late')).toEqual([['prepaid-and-late', '1 account has prepaid all principal and is overdue under a plan from before: export the plan that stands now as a version.']])
  })
  test('a file that is whole only from a day on', async () => {
    const told = await codes({ loans: [{ account_id: 'A', paid_before: '1.00' }], schedule: plan, repayments: [paid('A', '2025-03-31', '1.00'), paid('A', '2025-06-30', '1.00')] }, { inputs: { repayments: { complete_from: '2025-04-01' } } })
    expect(told).toEqual([
      ['complete-from-unused', 'Payments are whole from 2025-04-01 on, and loans have no disbursed_on: nobody can be held whose history is cut.'],
      ['payments-before-whole', '1 payment is dated before complete_from 2025-04-01, and counts: where paid_before holds them too they count twice.'],
    ])
  })
})

test('money adds up per currency, and the run says how', async () => {
  const { config } = folderOf(
    {
      loans: [{ account_id: 'A', paid_before: '10.00' }, { account_id: 'B', paid_before: '' }],
      schedule: ['A', 'B'].map((account) => due(account, 1, '2025-06-10', '100.00')),
      repayments: [
        // 10 from before the file; 85 of 95 cover, 10 are penalty; 5 of the waiver are due, 3 advance.
        paid('A', '2025-06-10', '95.00', { principal_paid: '85.00', penalty_paid: '10.00' }), paid('A', '2025-06-11', '8.00', { kind: 'waiver' }), paid('A', '2025-06-12', '4.00', { kind: 'charge' }),
        // 100 of 150 were due, 50 lower principal; 20 are given back beyond nothing else.
        paid('B', '2025-06-10', '150.00', { kind: 'prepayment' }), paid('B', '2025-06-11', '120.00', { kind: 'refund' }), paid('B', '2025-06-12', '7.00', { kind: 'buyback' }),
        paid('X', '2025-06-10', '33.00', { principal_paid: '30.00', penalty_paid: '3.00' }), paid('X', '2025-06-10', '2.00', { kind: 'charge' }), paid('A', '2025-07-10', '6.00'), paid('A', '2025-07-11', '6.00', { kind: 'charge' }),
      ],
    },
    { as_of: '2025-06-30', buyback: 'ignored' },
  )
  const { close, engine, flow, settings } = await explaining(config)
  try {
    expect(flow.outcome.money).toEqual([
      {
        currency: 'CNY', received: '176.00', of_which_cash: '168.00', of_which_other: '8.00', of_which_written_off_or_sold: '0.00',
        covered: '100.00', advance: '3.00', to_principal: '50.00', to_charges: '10.00', unmatched: '33.00', owed_back: '20.00', later: '6.00', pending: '0.00',
      },
    ])
    const checks = await reconcile(flow.outcome, flow.accountsIn, settings, engine)
    expect(checks.filter(({ name }) => name === 'money').map(({ says }) => says)).toEqual([
      'received 176.00 = covered 100.00 + advance 3.00 + to principal 50.00 + to charges 10.00 + unmatched 33.00 - owed back 20.00',
      'received 176.00 = cash 168.00 + other 8.00; on written-off or sold accounts 0.00',
      'over all accounts: covered 100.00, advance 3.00, owed back 20.00, to principal 50.00, to charges 10.00',
    ])
    expect(flow.outcome.conventions).toContain('; of payments with parts principal covers the plan, penalty is beside it; buyback is left aside')
  } finally {
    close()
  }
})
