import { due, loan, months, paid } from './example.ts'
import type { Worked } from './example.ts'
import type { LoanRow } from '../reference/reference.ts'

// 12 x 1,000 from 10 Jan 2025, principal 900 and interest 100 each. Four paid; 7,425 settles on 20 Apr: 11,425 of 12,000 paid.
const settledEarly = (account: string, status: Partial<LoanRow>, kind: string) => ({
  loans: [loan(account, status)],
  schedule: months('2025-01-10', 12).map((day, place) => ({ ...due(account, place + 1, day, ''), principal_due: '900.00', interest_due: '100.00' })),
  repayments: [...months('2025-01-10', 4).map((day) => paid(account, day, '1000.00')), paid(account, '2025-04-20', '7425.00', { kind })],
})
// Never late again, though the plan shows 575 open since 10 Dec on 9 Jan 2026.
const afterSettlement = [
  {
    asOf: '2025-06-30',
    // Six instalments are due, 6,000; 5,425 lie beyond them.
    figures: { tier: 'settled', days_past_due: 0, overdue_amount: '0.00', due_today_amount: '0.00', released_amount: '575.00', amount_due_to_date: '6000.00', amount_covered: '6000.00', advance: '5425.00', next_due_on: null, held: [] },
  },
  {
    asOf: '2026-01-09',
    // The whole plan is due; what is not covered is released, not due.
    figures: { tier: 'settled', days_past_due: 0, overdue_amount: '0.00', released_amount: '575.00', amount_due_to_date: '11425.00', amount_covered: '11425.00', advance: '0.00', oldest_unpaid_due_on: null, instalments_overdue: 0, held: [] },
  },
]
const askedAfter = (account: string) => afterSettlement.map(({ asOf, figures }) => ({ asOf, expect: { [account]: figures } }))

/** Example 2: loans that were closed, and what may still be owed on them. */
export const closed: Worked[] = [
  { name: '2: closed early by a settlement', ...settledEarly('E2', { status: 'closed', closed_on: '2025-04-20' }, 'settlement'), asked: [
    // The day before, the loan is open: 8 of 12 instalments are not paid, 8 x 900 of principal.
    { asOf: '2025-04-19', expect: { E2: { tier: 'current', days_past_due: 0, next_due_on: '2025-05-10', outstanding_principal: '7200.00', outstanding_schedule: '8000.00', released_amount: '0.00' } } },
    ...askedAfter('E2'),
  ] },
  { name: '2: closed early, no closing day, kind not given', ...settledEarly('E2n', { status: 'closed' }, ''), asked: askedAfter('E2n') },
  { name: '2: a settlement closes a loan that the export calls open', ...settledEarly('E2o', {}, 'settlement'), asked: askedAfter('E2o') },
  {
    name: '2: closed with 0.01 missing is held, not chased',
    loans: [loan('E2c', { status: 'closed', closed_on: '2025-04-15' })],
    schedule: [due('E2c', 1, '2025-03-10', '100.00'), due('E2c', 2, '2025-04-10', '100.00')],
    repayments: [paid('E2c', '2025-03-10', '100.00'), paid('E2c', '2025-04-10', '99.99')],
    // 10 Apr to 30 Jun: 20 + 31 + 30 = 81.
    asked: [{ asOf: '2025-06-30', expect: { E2c: { tier: 'medium', days_past_due: 81, overdue_amount: '0.01', released_amount: '0.00', held: ['closed_but_owing'] } } }],
  },
  {
    name: '2: the same within a tolerance of 0.01 is settled',
    settings: { closed_tolerance: '0.01' },
    loans: [loan('E2t', { status: 'closed', closed_on: '2025-04-15' })],
    schedule: [due('E2t', 1, '2025-03-10', '100.00'), due('E2t', 2, '2025-04-10', '100.00')],
    repayments: [paid('E2t', '2025-03-10', '100.00'), paid('E2t', '2025-04-10', '99.99')],
    asked: [{ asOf: '2025-06-30', expect: { E2t: { tier: 'settled', days_past_due: 0, overdue_amount: '0.00', released_amount: '0.01', held: [] } } }],
  },
  {
    name: '2: an instalment due two months before closing, wholly unpaid',
    loans: [loan('E2b', { status: 'closed', closed_on: '2025-04-10' })],
    schedule: [due('E2b', 1, '2025-02-10', '100.00')],
    repayments: [],
    // 10 Feb to 30 Jun: 18 + 31 + 30 + 31 + 30 = 140.
    asked: [{ asOf: '2025-06-30', expect: { E2b: { tier: 'long', days_past_due: 140, overdue_amount: '100.00', held: ['closed_but_owing'] } } }],
  },
  {
    name: '2: a waiver explains what is open',
    loans: [loan('E2w', { status: 'closed', closed_on: '2025-05-12' })],
    schedule: [due('E2w', 1, '2025-05-10', '500.00')],
    repayments: [paid('E2w', '2025-05-10', '450.00'), paid('E2w', '2025-05-12', '40.00', { kind: 'waiver' })],
    // The waiver covers but is no cash: last paid stays 10 May, 450.
    asked: [{ asOf: '2025-06-30', expect: { E2w: { tier: 'settled', released_amount: '10.00', amount_covered: '490.00', last_paid_on: '2025-05-10', last_paid_amount: '450.00', held: [] } } }],
  },
  {
    name: '2: money taken off after closing',
    loans: [loan('E2r', { status: 'closed' })],
    schedule: [due('E2r', 1, '2025-05-01', '300.00')],
    repayments: [{ payment_id: 'E2r-1', account_id: 'E2r', paid_on: '2025-05-01', amount: '300.00' }, paid('E2r', '2025-06-12', '-300.00', { reverses: 'E2r-1' })],
    asked: [
      { asOf: '2025-06-11', expect: { E2r: { tier: 'settled', held: [] } } },
      // 1 May to 30 Jun: 30 + 30 = 60.
      { asOf: '2025-06-30', expect: { E2r: { tier: 'medium', days_past_due: 60, overdue_amount: '300.00', held: ['closed_but_owing'] } } },
    ],
  },
  {
    name: '2: a payment flagged as reversed after closing',
    loans: [loan('E2f', { status: 'closed', closed_on: '2025-05-02' })],
    schedule: [due('E2f', 1, '2025-05-01', '300.00')],
    repayments: [paid('E2f', '2025-05-01', '300.00', { status: 'reversed', reversed_on: '2025-06-12' })],
    asked: [
      { asOf: '2025-06-11', expect: { E2f: { tier: 'settled', amount_covered: '300.00', held: [] } } },
      // It is held since the loan was closed, not since the money went.
      { asOf: '2025-06-12', expect: { E2f: { tier: 'medium', days_past_due: 42, overdue_amount: '300.00', held: ['closed_but_owing'], held_since: '2025-05-02' } } },
    ],
  },
  {
    // 450 of 400 paid, 50 too much: given back after closing, the loan owes nothing and stays settled.
    name: '2: what was paid too much is given back after closing',
    loans: [loan('E2g', { status: 'closed', closed_on: '2025-05-01' })],
    schedule: [due('E2g', 1, '2025-04-01', '200.00'), due('E2g', 2, '2025-05-01', '200.00')],
    repayments: [paid('E2g', '2025-04-01', '200.00'), paid('E2g', '2025-05-01', '250.00'), paid('E2g', '2025-05-20', '-50.00')],
    asked: [
      { asOf: '2025-05-19', expect: { E2g: { tier: 'settled', advance: '50.00', held: [] } } },
      { asOf: '2025-06-30', expect: { E2g: { tier: 'settled', days_past_due: 0, advance: '0.00', amount_covered: '400.00', released_amount: '0.00', held: [], held_since: null } } },
    ],
  },
  {
    // The same with 50.01 given back: a cent of what was due by closing is open, though it fell due on the closing day itself.
    name: '2: more than that is given back after closing',
    loans: [loan('E2h', { status: 'closed', closed_on: '2025-05-01' })],
    schedule: [due('E2h', 1, '2025-04-01', '200.00'), due('E2h', 2, '2025-05-01', '200.00')],
    repayments: [paid('E2h', '2025-04-01', '200.00'), paid('E2h', '2025-05-01', '250.00'), paid('E2h', '2025-05-20', '50.01', { kind: 'refund' })],
    // 1 May to 30 Jun: 30 + 30 = 60.
    asked: [{ asOf: '2025-06-30', expect: { E2h: { tier: 'medium', days_past_due: 60, overdue_amount: '0.01', amount_covered: '399.99', held: ['closed_but_owing'], held_since: '2025-05-01' } } }],
  },
  {
    // A refund of one named payment is money given back like any other; an undo says that the money never was.
    name: '2: the second of two debits given back, or undone, after closing',
    loans: [loan('E2i', { status: 'closed', closed_on: '2025-05-01' }), loan('E2j', { status: 'closed', closed_on: '2025-05-01' })],
    schedule: [due('E2i', 1, '2025-05-01', '200.00'), due('E2j', 1, '2025-05-01', '200.00')],
    repayments: ['E2i', 'E2j'].flatMap((account) => [
      paid(account, '2025-05-01', '200.00'),
      { payment_id: `${account}-twice`, account_id: account, paid_on: '2025-05-01', amount: '200.00' },
      paid(account, '2025-05-03', '200.00', { kind: account === 'E2i' ? 'refund' : 'undo', reverses: `${account}-twice` }),
    ]),
    asked: [{ asOf: '2025-06-30', expect: { E2i: { tier: 'settled', amount_covered: '200.00', advance: '0.00', held: [] }, E2j: { tier: 'current', days_past_due: 0, overdue_amount: '0.00', held: ['closed_but_owing'], held_since: '2025-05-01' } } }],
  },
]
