import { expect, test } from 'vitest'
import { ageInProcess, type Files } from '../proof/in-process.ts'

// What invented books once found, made as small as it could be; the numbers are worked by hand.

interface Found {
  name: string
  asOf: string
  settings: Record<string, unknown>
  files: Files
  gives: Record<string, unknown>
}

const loan = (more: object = {}) => [{ account_id: 'F', currency: 'CNY', status: 'open', product: 'p', ...more }]
const due = (due_on: string, amount_due: string, more: object = {}) => ({ account_id: 'F', instalment_no: 1, due_on, amount_due, ...more })
const paid = (paid_on: string, amount: string) => ({ payment_id: 'P1', account_id: 'F', paid_on, amount })

const found: Found[] = [
  {
    name: 'due on the as-of day, counted, and in grace: no reminder before a due date that has passed',
    asOf: '2025-06-30',
    settings: { work_on: '2025-07-01', conventions: { count_from: 'due_date', grace_days: 3 } },
    files: { loans: loan(), schedule: [due('2025-06-30', '100.00')], repayments: [] },
    gives: { tier: 'current', late_reason_waived: 'grace', days_past_due: 0, overdue_amount: '100.00' },
  },
  {
    name: 'three months of an amount too small to count are none',
    asOf: '2025-06-30',
    settings: { conventions: { months: 'ots', materiality: { absolute: { CNY: '10' } } } },
    files: { loans: loan(), schedule: [due('2025-03-30', '9.00')], repayments: [] },
    gives: { tier: 'current', late_reason_waived: 'materiality', days_past_due: 0, months_past_due: 0 },
  },
  {
    name: 'sold before the instalment fell due: months that stand still are none, and never below',
    asOf: '2025-06-30',
    settings: { conventions: { months: 'ots', frozen_statuses: ['sold'] } },
    files: { loans: loan({ status: 'sold', sold_on: '2025-01-15' }), schedule: [due('2025-03-30', '100.00')], repayments: [] },
    gives: { tier: 'sold', days_past_due: 0, months_past_due: 0, days_late: 92 },
  },
  {
    // 18 are overdue from 30 April on, when the count had stood still for a month.
    name: 'sold before what is overdue was material: no months, and never below',
    asOf: '2025-06-30',
    settings: { conventions: { count_from: 'due_date', months: 'mba', frozen_statuses: ['sold'], materiality: { absolute: { CNY: '10' }, counting: 'since_material' } } },
    files: { loans: loan({ status: 'sold', sold_on: '2025-03-30' }), schedule: [due('2025-03-30', '9.00'), due('2025-04-30', '9.00', { instalment_no: 2 })], repayments: [] },
    gives: { tier: 'sold', days_past_due: 0, months_past_due: 0 },
  },
  {
    // Open until 19 May, paid on the 20th, open again from the 21st on: 11 days of May and 30 of June.
    name: 'a payment whose flag takes it back in August, and a row in May: the row takes it until then',
    asOf: '2025-06-30',
    settings: { history_columns: true, conventions: { materiality: { absolute: { CNY: '10' }, counting: 'since_material' } } },
    files: {
      loans: loan(),
      schedule: [due('2025-05-01', '100.00')],
      repayments: [
        { ...paid('2025-05-20', '100.00'), kind: 'payment', reverses: '', status: 'reversed', reversed_on: '2025-08-01' },
        { ...paid('2025-05-21', '100.00'), payment_id: 'P2', kind: 'undo', reverses: 'P1', status: 'settled', reversed_on: '' },
      ],
    },
    gives: { days_late: 60, days_past_due: 41, late_since: '2025-05-21', longest_run_late: 41, cures: 1, last_cured_on: '2025-05-20' },
  },
  {
    // The undo of 10 May was itself taken back on 1 June: late from 10 to 31 May, and no more.
    name: 'an undo that was taken back took the payment for a time',
    asOf: '2025-06-30',
    settings: { history_columns: true },
    files: {
      loans: loan(),
      schedule: [due('2025-05-05', '100.00')],
      repayments: [
        { ...paid('2025-05-05', '100.00'), kind: 'payment', reverses: '', status: 'settled', reversed_on: '' },
        { ...paid('2025-05-10', '100.00'), payment_id: 'P2', kind: 'undo', reverses: 'P1', status: 'reversed', reversed_on: '2025-06-01' },
      ],
    },
    gives: { days_late: 0, late_since: null, longest_run_late: 22, cures: 1, last_cured_on: '2025-06-01' },
  },
  {
    // Open from 6 to 19 May, whatever came of the payment that never counted.
    name: 'what never counted cannot be taken back of the past',
    asOf: '2025-06-30',
    settings: { history_columns: true },
    files: {
      loans: loan(),
      schedule: [due('2025-05-05', '100.00')],
      repayments: [
        { ...paid('2025-05-05', '100.00'), kind: 'payment', reverses: '', status: 'reversed' },
        { ...paid('2025-05-10', '100.00'), payment_id: 'P2', kind: 'undo', reverses: 'P1', status: 'settled' },
        { ...paid('2025-05-20', '100.00'), payment_id: 'P3', kind: 'payment', reverses: '', status: 'settled' },
      ],
    },
    gives: { days_late: 0, longest_run_late: 14, cures: 1, last_cured_on: '2025-05-20' },
  },
  ...(['cancelled', 'not_disbursed', 'closed'] as const).map((status): Found => ({
    name: `a plan that asks nothing keeps no lateness of its last payment: ${status}`,
    asOf: '2025-06-30',
    settings: { conventions: { after_payoff: 'frozen' } },
    files: { loans: loan({ status, ...(status === 'closed' ? { closed_on: '2025-05-05' } : {}) }), schedule: [due('2025-04-20', '100.00')], repayments: [paid('2025-05-05', '100.00')] },
    gives: { days_past_due: 0, borrower_accounts_late: 0 },
  })),
  {
    // 40 of 100 go to principal: paid off by the second payment, 5 May, not by the first.
    name: 'what lowers principal pays no plan off',
    asOf: '2025-06-30',
    settings: { conventions: { after_payoff: 'frozen' } },
    files: {
      loans: loan(),
      schedule: [due('2025-04-20', '60.00'), due('2025-04-30', '40.00', { instalment_no: 2 })],
      repayments: [{ ...paid('2025-04-25', '100.00'), kind: 'prepayment' }, { ...paid('2025-05-05', '40.00'), payment_id: 'P2', kind: '' }],
    },
    gives: { days_late: 0, days_past_due: 5 },
  },
  {
    // Numbers by due date: 1 is due in March, 2 in July. What is charged back is 3, though due before 2: a payment that names 2 leaves 1 unpaid.
    name: 'without numbers what is charged back follows the last of the plan',
    asOf: '2025-06-30',
    settings: { conventions: { allocation: 'named_first', chargeback: 'new_due' } },
    files: {
      loans: loan(),
      schedule: [{ account_id: 'F', due_on: '2025-03-30', amount_due: '100.00' }, { account_id: 'F', due_on: '2025-07-10', amount_due: '100.00' }],
      repayments: [
        { ...paid('2025-05-05', '100.00'), kind: 'payment', reverses: '', instalment_no: '2' },
        { ...paid('2025-05-06', '5.00'), payment_id: 'P2', kind: 'payment', reverses: '', instalment_no: '' },
        { ...paid('2025-05-07', '5.00'), payment_id: 'P3', kind: 'chargeback', reverses: 'P2', instalment_no: '' },
      ],
    },
    gives: { days_late: 92, overdue_amount: '100.00', instalments_overdue: 2, instalments_paid: 1, amount_covered: '5.00' },
  },
  {
    // 3 Mar 2024 is a Sunday: moved to Friday the 1st, and counted on it; another product lets fees not age.
    name: 'past due before its own due date by no whole month: months are the reason',
    asOf: '2024-03-01',
    settings: { conventions: { count_from: 'due_date', business_days: 'previous', months: 'ots', products: { other: { ages: ['principal'] } } } },
    files: { loans: loan(), schedule: [due('2024-03-03', '100.00')], repayments: [], holidays: [{ date: '2024-01-01', kind: 'holiday', region: '' }] },
    gives: { tier: 'current', late_reason_waived: 'months', days_past_due: 1, months_past_due: 0 },
  },
  {
    name: 'nor does a product that revolves',
    asOf: '2025-06-30',
    settings: { conventions: { after_payoff: 'frozen' } },
    files: { loans: loan({ status: 'sold', sold_on: '2025-06-01', method: 'revolving' }), schedule: [due('2025-04-20', '100.00')], repayments: [paid('2025-05-05', '100.00')] },
    gives: { tier: 'sold', days_past_due: 0 },
  },
]

test.concurrent.each(found)('$name', async ({ asOf, settings, files, gives }) => {
  const { accounts } = await ageInProcess(files, { as_of: asOf, ...settings })
  expect(accounts.get('F')).toMatchObject(gives)
})
