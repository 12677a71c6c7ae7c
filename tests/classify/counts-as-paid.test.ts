import { describe, expect, test } from 'vitest'
import { explain } from '../../src/explain/explain.ts'
import { explaining, folderOf } from '../explain/book.ts'
import { accountsOn } from './book.ts'

// Worked by hand: inside an instalment money covers penalty, fee, interest, principal in that order; days counted on a calendar.

const asOf = '2025-06-30'
const paid = (account_id: string, paid_on: string, amount: string) => ({ payment_id: `${account_id} ${paid_on}`, account_id, paid_on, amount })

describe('parts of what is overdue', () => {
  const parts = (account_id: string, instalment_no: number, due_on: string, principal_due: string, interest_due: string, fee_due: string, penalty_due: string) => ({ account_id, instalment_no, due_on, amount_due: '', principal_due, interest_due, fee_due, penalty_due })
  const two = (account_id: string) => [parts(account_id, 1, '2025-05-01', '80.00', '15.00', '5.00', ''), parts(account_id, 2, '2025-06-01', '80.00', '15.00', '5.00', '')]
  const book = {
    loans: ['some', 'none', 'all', 'silent', 'penalty', 'ahead'].map((account_id) => ({ account_id })),
    schedule: [
      ...two('some'), ...two('none'), ...two('all'), ...two('ahead'), parts('ahead', 3, '2025-07-20', '80.00', '15.00', '5.00', ''),
      { account_id: 'silent', instalment_no: 1, due_on: '2025-06-01', amount_due: '100.00' },
      parts('penalty', 1, '2025-06-01', '50.00', '5.00', '3.00', '10.00'),
    ],
    repayments: [paid('some', '2025-05-20', '110.00'), paid('all', '2025-05-20', '200.00'), paid('silent', '2025-06-02', '1.00'), paid('penalty', '2025-06-10', '12.00'), paid('ahead', '2025-06-10', '230.00')],
  }

  test('they make up the amount; where the schedule does not tell they are blank', async () => {
    const { of } = await accountsOn(asOf, book)
    // 100 cover the first; of 10 go 5 to the fee and 5 to the interest of the second.
    expect(of('some')).toMatchObject({ overdue_amount: '90.00', overdue_principal: '80.00', overdue_interest: '10.00', overdue_fee: '0.00', days_late: 29 })
    expect(of('none')).toMatchObject({ overdue_amount: '200.00', overdue_principal: '160.00', overdue_interest: '30.00', overdue_fee: '10.00' })
    expect(of('all')).toMatchObject({ overdue_amount: '0.00', overdue_principal: '0.00', overdue_interest: '0.00', overdue_fee: '0.00' })
    expect(of('ahead')).toMatchObject({ overdue_amount: '0.00', overdue_principal: '0.00', overdue_interest: '0.00', overdue_fee: '0.00' })
    expect(of('silent')).toMatchObject({ overdue_amount: '99.00', overdue_principal: null, overdue_interest: null, overdue_fee: null })
    // 10 of penalty and 2 of the fee are covered.
    expect(of('penalty')).toMatchObject({ overdue_amount: '56.00', overdue_principal: '50.00', overdue_interest: '5.00', overdue_fee: '1.00' })
  })

  test('what is due on the as-of day counts where its day does', async () => {
    const { of } = await accountsOn('2025-06-01', book, { conventions: { count_from: 'due_date' } })
    expect(of('some')).toMatchObject({ overdue_amount: '90.00', overdue_principal: '80.00', overdue_interest: '10.00', overdue_fee: '0.00' })
    expect(of('none')).toMatchObject({ overdue_amount: '200.00', overdue_principal: '160.00', overdue_interest: '30.00', overdue_fee: '10.00' })
  })

  test('a schedule without parts tells none', async () => {
    const { of } = await accountsOn(asOf, { loans: [{ account_id: 'A' }], schedule: [{ account_id: 'A', instalment_no: 1, due_on: '2025-06-01', amount_due: '100.00' }], repayments: [] })
    expect(of('A')).toMatchObject({ overdue_amount: '100.00', overdue_principal: null, overdue_interest: null, overdue_fee: null })
  })
})

describe('an instalment that counts as paid', () => {
  const book = {
    loans: [{ account_id: 'share', product: 'a' }, { account_id: 'short', product: 'a' }, { account_id: 'exact', product: 'b' }, { account_id: 'both', product: 'a' }],
    schedule: ['share', 'short', 'exact', 'both'].flatMap((account_id) => [
      { account_id, instalment_no: 1, due_on: '2025-05-01', amount_due: '100.00' },
      { account_id, instalment_no: 2, due_on: '2025-07-02', amount_due: '100.00' },
    ]),
    repayments: [paid('share', '2025-05-01', '94.00'), paid('short', '2025-05-01', '93.99'), paid('exact', '2025-05-01', '94.00'), paid('both', '2025-05-01', '194.50')],
  }
  const late = { days_late: 60, overdue_amount: '6.00', instalments_paid: 0 }

  test('from a share of it on, by product; amounts and days late stay exact', async () => {
    const { of } = await accountsOn(asOf, book, { conventions: { products: { a: { full_payment: { share: 0.94 } } } } })
    expect(of('share')).toMatchObject({ ...late, days_past_due: 0, tier: 'current', late_reason_waived: 'tolerance', oldest_unpaid_due_on: null, instalments_overdue: 0, next_due_on: '2025-07-02', next_due_amount: '100.00' })
    expect(of('short')).toMatchObject({ ...late, overdue_amount: '6.01', days_past_due: 60, tier: 'medium', late_reason_waived: null, oldest_unpaid_due_on: '2025-05-01', instalments_overdue: 1 })
    expect(of('exact')).toMatchObject({ ...late, days_past_due: 60, instalments_overdue: 1 })
    // 94.50 of the second are covered: it counts as paid before it is due.
    expect(of('both')).toMatchObject({ days_past_due: 0, overdue_amount: '0.00', next_due_on: null, outstanding_schedule: '5.50', instalments_paid: 1 })
  })

  test('explain tells which instalment ages', async () => {
    const on = await explaining(folderOf(book, { as_of: asOf, conventions: { products: { a: { full_payment: { share: 0.94 } } } } }).config)
    try {
      const said = await explain(on, ['share', 'short', 'exact'])
      expect(said.map(({ instalments }) => instalments.map(({ days, ages }) => [days, ages]))).toEqual([[[60, false], [0, true]], [[60, true], [0, true]], [[60, true], [0, true]]])
    } finally {
      on.close()
    }
  })

  test('when no more than an amount is missing', async () => {
    const { of } = await accountsOn(asOf, book, { conventions: { full_payment: { tolerance: '6' } } })
    expect(of('share')).toMatchObject({ ...late, days_past_due: 0, late_reason_waived: 'tolerance' })
    expect(of('exact')).toMatchObject({ ...late, days_past_due: 0, late_reason_waived: 'tolerance' })
    expect(of('short')).toMatchObject({ days_past_due: 60 })
  })
})

describe('what makes an instalment late', () => {
  // A charge of 5 of its own, due before the instalment.
  const rows = (account_id: string) => [
    { account_id, instalment_no: 1, due_on: '2025-05-01', principal_due: '', interest_due: '', fee_due: '5.00' },
    { account_id, instalment_no: 2, due_on: '2025-06-01', principal_due: '90.00', interest_due: '10.00', fee_due: '' },
  ]
  const book = { loans: [{ account_id: 'fee' }, { account_id: 'all' }], schedule: [...rows('fee').slice(0, 1), { account_id: 'fee', instalment_no: 2, due_on: '2025-07-31', principal_due: '90.00', interest_due: '10.00', fee_due: '' }, ...rows('all')], repayments: [paid('all', '2025-05-02', '1.00')] }

  test('by default all of it', async () => {
    const { of } = await accountsOn(asOf, book)
    expect(of('fee')).toMatchObject({ days_past_due: 60, tier: 'medium' })
    expect(of('all')).toMatchObject({ days_past_due: 60, overdue_amount: '104.00' })
  })

  test('or some parts: what else is open is overdue and not past due', async () => {
    const { of } = await accountsOn(asOf, book, { conventions: { ages: ['principal', 'interest'] } })
    expect(of('fee')).toMatchObject({ days_late: 60, days_past_due: 0, tier: 'current', late_reason_waived: 'ages', overdue_amount: '5.00', overdue_fee: '5.00', oldest_unpaid_due_on: null, instalments_overdue: 0, next_due_on: '2025-07-31' })
    expect(of('all')).toMatchObject({ days_late: 60, days_past_due: 29, tier: 'short', late_reason_waived: null, overdue_amount: '104.00', oldest_unpaid_due_on: '2025-06-01', instalments_overdue: 1 })
  })
})
