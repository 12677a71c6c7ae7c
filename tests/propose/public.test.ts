import { describe, expect, test } from 'vitest'
import { publicData } from '../proof/public-data.ts'
import { accountsBy, answered, proposed } from './proposed.ts'

// Public exports that are not ours to pass on; their READMEs say which of their columns is which of ours.

const data = publicData
if (data === undefined) console.warn('tests/propose/public.test.ts: SKIPPED: the folder of public exports (shared/data beside this repository, or ARREARS_PUBLIC_DATA) is not there')

describe.skipIf(data === undefined)('public exports', () => {
  test('plans and instalments of a pay-later firm', async () => {
    const found = await proposed([`${data}/claritypay_bnpl`])
    expect(found.open).toEqual(['loans.values.status.defaulted'])
    expect(found.says).toMatchObject({
      as_of: '2026-07-01', currency: 'USD',
      'loans.headers.account_id': 'plan_id', 'loans.headers.product': 'product_type', 'loans.headers.principal': 'order_amount_usd', 'loans.headers.disbursed_on': 'created_at',
      'schedule.headers.account_id': 'plan_id', 'schedule.headers.instalment_no': 'installment_no', 'schedule.headers.due_on': 'due_date', 'schedule.headers.amount_due': 'amount_due_usd',
      'schedule.headers.paid_on': 'paid_date', 'schedule.headers.amount_paid': 'paid_amount_usd',
    })
    const accounts = await accountsBy(answered(found, { 'loans.values.status.defaulted': 'open' }))
    // Late or not as their own status has it, but for four plans with an instalment due on the day itself.
    expect(accounts.length).toBe(6982)
    expect(accounts.filter(({ days_past_due: days }) => Number(days) > 0).length).toBe(804)
  })

  test('loans, instalments and payments of a case study', async () => {
    const { says, open } = await proposed([`${data}/fintrust_small`])
    expect(open).toEqual(['currency', 'loans.unit', 'loans.values.status.DEFAULT', 'schedule.unit', 'repayments.unit'])
    expect(says).toMatchObject({
      'loans.headers.account_id': 'loan_id', 'loans.headers.borrower_id': 'customer_id', 'loans.headers.product': 'product_type', 'loans.headers.principal': 'principal_amount', 'loans.headers.disbursed_on': 'origination_date', 'loans.headers.status': 'loan_status',
      'schedule.headers.account_id': 'loan_id', 'schedule.headers.instalment_no': 'installment_number', 'schedule.headers.due_on': 'due_date',
      'repayments.headers.account_id': 'loan_id', 'repayments.headers.paid_on': 'payment_date', 'repayments.headers.amount': 'payment_amount', 'repayments.headers.status': 'payment_status',
      'repayments.values.status.CONFIRMED': 'settled', 'repayments.values.status.PENDING': 'pending', 'repayments.values.status.REVERSED': 'reversed',
    })
  })

  test.each(['loan_payments_original', 'variant_berserkyu_edited', 'variant_lch5518_two_status', 'variant_prithvihv_blank_lines_float_dpd'])('%s: one file, which may be all three', async (name) => {
    const { says, open } = await proposed([`${data}/loan_payments/${name}.csv`])
    expect(open).toEqual(expect.arrayContaining(['currency', 'schedule.files', 'repayments.files', 'repayments.headers.amount']))
    expect(says).toMatchObject({ 'loans.headers.account_id': 'Loan_ID', 'loans.headers.status': 'loan_status', 'loans.headers.principal': 'Principal', 'loans.headers.disbursed_on': 'effective_date', 'loans.dates.disbursed_on': 'M/D/YYYY', 'loans.values.status.PAIDOFF': 'closed', 'loans.values.status.COLLECTION': 'open', 'schedule.headers.due_on': 'due_date' })
  })

  test('with its questions answered every loan that is open has the days of its own column', async () => {
    const file = `${data}/loan_payments/variant_prithvihv_blank_lines_float_dpd.csv`
    const found = await proposed([file])
    const itself = found.says['loans.files']!
    const accounts = await accountsBy(answered(found, { currency: 'USD', 'schedule.files': itself, 'repayments.files': itself, 'repayments.headers.amount': 'Principal' }), '2016-12-08')
    const open = accounts.filter(({ status }) => status === 'open')
    expect(open.length).toBe(100)
    // One has no number there: nan. By its due date, 23 September, it is 76.
    expect(open.filter(({ days_past_due: days, lender_days_past_due: theirs }) => Number(days) === Number(theirs)).length).toBe(99)
    expect(accounts.find(({ account_id: id }) => id === 'xqd20160301')).toMatchObject({ days_past_due: 76, lender_days_past_due: 'nan' })
  })
})
