import type { Outcome, Reject } from '../../src/outcome.ts'
import { account, accountsOf, actionsOf, late, outcomeOf, rowsAs, toldAs, type AccountRow } from './book.ts'

/** Ten accounts of two currencies, small enough to add up by hand. Overdue CNY: 40 + 90 + 90 + 500 (held) = 720. */
const rows: AccountRow[] = [
  account({ account_id: 'L-01', borrower_id: 'B-1', ...late(10, '40.00'), action: 'sms', name: '=1+1', phone: '+8613800000001', note: 'vip', score: '0.350000', pending_amount: '7.00' }),
  account({ account_id: 'L-02', borrower_id: 'B-2', ...late(45, '90.00'), action: 'call', name: '张三', phone: '013800000002', product: 'card', charges_outstanding: '5.00', cure_amount: '95.00' }),
  account({ account_id: 'L-03', borrower_id: 'B-3', ...late(45, '90.00'), action: 'call', name: 'Li, "Lei"', phone: null, last_paid_on: '2025-05-01', last_paid_amount: '10.00' }),
  account({ account_id: 'L-04', borrower_id: 'B-4', ...late(100, '500.00'), action: 'call', held_reason: 'row_in_quarantine', held_since: '2025-06-20', outstanding_principal: null }),
  account({ account_id: 'L-05', borrower_id: 'B-1', leads: false, ...late(3, '20.00'), currency: 'USD', action: 'sms', borrower_accounts: 2 }),
  account({ account_id: 'L-06', tier: 'preventive', action: 'sms', next_due_on: '2025-07-03', next_due_amount: '11.00', advance: '30.00', amount_due_to_date: '70.00', amount_covered: '70.00' }),
  account({ account_id: 'L-07', action: 'none', reason: 'not late', outstanding_schedule: '0.00', amount_due_to_date: '10.00', amount_covered: '10.00' }),
  account({ account_id: 'L-08', tier: 'settled', bucket: null, status: 'closed', action: 'none', reason: 'settled', outstanding_principal: '0.00' }),
  account({ account_id: 'L-09', tier: 'written_off', bucket: null, status: 'written_off', action: 'none', reason: 'written off', days_past_due: 200, overdue_amount: '300.00', amount_due_to_date: '300.00' }),
  { account_id: 'L-10', tier: 'rejected', as_of: '2025-06-30', leads: true, held_reason: 'row_in_quarantine', held_since: '2025-06-30', action: 'none', reason: 'no rule' },
]

const acts = [
  { account_id: 'L-01', action: 'sms', list: 'soft', channel: 'sms', priority: 3, template: 'S-01', action_due_on: '2025-07-02', reason: 'first week late' },
  { account_id: 'L-02', action: 'call', list: '电话', channel: 'phone', priority: 1 },
  { account_id: 'L-03', action: 'call', list: '电话', channel: 'phone', priority: 1 },
  { account_id: 'L-03', seq: 2, action: 'letter', list: 'letters', channel: 'post', priority: null },
  { account_id: 'L-04', action: 'call', list: '电话', channel: 'phone', priority: 1 },
  { account_id: 'L-05', action: 'sms', list: 'soft', channel: 'sms', priority: 3 },
  { account_id: 'L-06', action: 'sms', list: 'soft', channel: 'sms', priority: 3 },
  { account_id: 'L-07', action: 'none', reason: 'not late' },
  { account_id: 'L-08', action: 'none', reason: 'settled' },
  { account_id: 'L-09', action: 'none', reason: 'written off' },
  { account_id: 'L-10', action: 'none', reason: 'no rule' },
]

const reject = (over: Partial<Reject>): Reject => ({ input: 'repayments', file: 'repayments.csv', line: 2, column: 'amount', code: 'amount-not-a-number', value: '', message: 'An amount must read as a number.', raw: '', account_id: '', ...over })

export const rejects: Reject[] = [
  reject({ line: 10, value: '=2', raw: '=2,"L-04"\nx', account_id: 'L-04' }),
  reject({ line: 9, value: '1e3', raw: 'P9,L-04,1e3', account_id: 'L-04' }),
  reject({ line: 3, value: 'abc', raw: 'P3,,abc' }),
  reject({ input: 'loans', file: 'loans.csv', line: 7, column: 'currency', code: 'currency-unknown', value: 'XX', account_id: 'L-10' }),
]

/** Received CNY 115 = covered 80 + advance 30 + unmatched 5. */
export function smallBook(): Outcome {
  const accounts = accountsOf(rows, { name: 'text', phone: 'text', note: 'text', score: 'number' })
  const money = { of_which_other: '0.00', of_which_written_off_or_sold: '0.00', owed_back: '0.00', later: '0.00' }
  return outcomeOf(accounts, actionsOf(acts), {
    unmatched: {
      repayments: rowsAs('unmatched_repayments', { file: 'text', record: 'bigint', why: 'text', account_id: 'text', amount: 'money', currency: 'text' }, [
        { file: 'repayments.csv', record: 12, why: 'no_loan', account_id: '@X', amount: '2.00', currency: 'CNY' },
        { file: 'repayments.csv', record: 4, why: 'no_loan', account_id: 'L-99', amount: '3.00', currency: 'CNY' },
      ]),
    },
    rejects: toldAs(rejects),
    rows: [
      { input: 'loans', records: 10, read: 10, accepted: 9, rejected: 1, unmatched: 0 },
      { input: 'repayments', records: 20, read: 20, accepted: 17, rejected: 3, unmatched: 2 },
    ],
    files: [{ input: 'loans', path: 'exports/loans.csv', name: 'loans.csv', bytes: 1234, sha256: 'ab'.repeat(32), records: 10 }],
    money: [
      { currency: 'CNY', received: '115.00', of_which_cash: '115.00', covered: '80.00', advance: '30.00', unmatched: '5.00', pending: '7.00', ...money, later: '12.00' },
      { currency: 'USD', received: '0.00', of_which_cash: '0.00', covered: '0.00', advance: '0.00', unmatched: '0.00', pending: '0.00', ...money },
    ],
    warnings: [{ code: 'newest-payment-old', says: 'The newest payment is 5 days older than as_of.', names: ['L-01', 'L-02'] }],
    notUsedYet: [{ input: 'schedule', columns: ['version'] }],
    conventions: 'tiers by days past due',
  })
}
