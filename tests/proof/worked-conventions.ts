import { due, loan, months, paid } from './example.ts'

/** Worked examples of conventions, plans and kinds of money: every number was worked by hand on a calendar; the comments show how. */
interface WorkedUnder {
  name: string
  /** What it waits for. */
  waits?: string
  settings?: Record<string, unknown>
  loans: readonly object[]
  schedule: readonly object[]
  /** None where the rows of the plan say what was paid. */
  repayments?: readonly object[]
  pauses?: readonly object[]
  holidays?: readonly object[]
  asked: { asOf: string; expect: Record<string, Record<string, string | number | boolean | null>> }[]
}

const monthly = (account: string, first: string, count: number, amount: string) => months(first, count).map((day, at) => due(account, at + 1, day, amount))

/** Example 1c: the guarantor pays two instalments on 9 June. 10 Apr to 30 Jun: 20 + 31 + 30 = 81. */
const guarantor = (compensation: 'covers' | 'ignored', figures: Record<string, string | number>): WorkedUnder => ({
  name: `1c: money of a guarantor, ${compensation}`,
  settings: { compensation },
  loans: [loan('E1c')],
  schedule: monthly('E1c', '2025-03-10', 4, '1000.00'),
  repayments: [paid('E1c', '2025-03-10', '1000.00'), paid('E1c', '2025-06-09', '2000.00', { kind: 'compensation' })],
  asked: [{ asOf: '2025-06-30', expect: { E1c: figures } }],
})

export const workedUnder: WorkedUnder[] = [
  {
    // Of 1080 and 1090 the penalties of 80 and 90 cover nothing: 1000 + 1000 + 830 = 2830 of 3000. 5 May to 30 Jun: 26 + 30.
    name: '1a: penalties inside payments',
    loans: [loan('E1a')],
    schedule: monthly('E1a', '2025-03-05', 3, '1000.00'),
    repayments: [
      { ...paid('E1a', '2025-03-25', '1080.00'), principal_paid: '1000.00', penalty_paid: '80.00' },
      { ...paid('E1a', '2025-04-28', '1090.00'), principal_paid: '1000.00', penalty_paid: '90.00' },
      { ...paid('E1a', '2025-05-20', '830.00'), principal_paid: '830.00', penalty_paid: '0.00' },
    ],
    asked: [{ asOf: '2025-06-30', expect: { E1a: { days_past_due: 56, tier: 'medium', overdue_amount: '170.00', amount_covered: '2830.00', advance: '0.00' } } }],
  },
  {
    // January to March are paid on their days. 5 Apr to 30 Jun: 25 + 31 + 30 = 86; April, May and June are open.
    name: '1b: a prepayment of principal leaves the next instalments due',
    loans: [loan('E1b')],
    schedule: monthly('E1b', '2025-01-05', 12, '1000.00'),
    repayments: [...months('2025-01-05', 3).map((day) => paid('E1b', day, '1000.00')), paid('E1b', '2025-03-15', '5000.00', { kind: 'prepayment' })],
    asked: [{ asOf: '2025-06-30', expect: { E1b: { days_past_due: 86, overdue_amount: '3000.00', advance: '0.00' } } }],
  },
  guarantor('covers', { days_past_due: 20, overdue_amount: '1000.00' }),
  guarantor('ignored', { days_past_due: 81, overdue_amount: '3000.00' }),
  {
    name: '1d: a waiver owes nothing and is no cash',
    loans: [loan('E1d')],
    schedule: [due('E1d', 1, '2025-06-01', '500.00')],
    repayments: [paid('E1d', '2025-06-01', '450.00'), paid('E1d', '2025-06-02', '50.00', { kind: 'waiver' })],
    asked: [{ asOf: '2025-06-30', expect: { E1d: { days_past_due: 0, overdue_amount: '0.00', last_paid_on: '2025-06-01', last_paid_amount: '450.00' } } }],
  },
  {
    // January to March were paid before the file begins; 10 Apr to 30 Jun would be 81 days, were April to June not paid.
    name: '6a: what was received before the file begins',
    loans: [{ ...loan('E6a'), paid_before: '3000.00' }, { ...loan('E6x'), paid_before: '2000.00' }],
    schedule: [...monthly('E6a', '2025-01-10', 6, '1000.00'), ...monthly('E6x', '2025-01-10', 6, '1000.00')],
    repayments: ['E6a', 'E6x'].flatMap((account) => months('2025-04-10', 3).map((day) => paid(account, day, '1000.00'))),
    // E6x lacks one: 10 Jun is open, 20 days.
    asked: [{ asOf: '2025-06-30', expect: { E6a: { days_past_due: 0, overdue_amount: '0.00' }, E6x: { days_past_due: 20, overdue_amount: '1000.00' } } }],
  },
  {
    name: '6b: a plan of open instalments only',
    loans: [loan('E6b')],
    schedule: ['2025-04-10', '2025-05-10', '2025-06-10'].map((due_on, at) => ({ account_id: 'E6b', instalment_no: String(at + 4), due_on, amount_open: '1000.00' })),
    repayments: months('2025-01-10', 3).map((day) => paid('E6b', day, '1000.00')),
    asked: [{ asOf: '2025-06-30', expect: { E6b: { days_past_due: 81, overdue_amount: '3000.00' } } }],
  },
  {
    // Due 28 Jun, grace 3: on 30 Jun late by 2 days, past due by none.
    name: '10: in grace an account is current, and its overdue amount is explained',
    settings: { conventions: { grace_days: 3 } },
    loans: [loan('E10')],
    schedule: [due('E10', 1, '2025-06-28', '1000.00'), due('E10', 2, '2025-07-28', '1000.00')],
    repayments: [],
    asked: [
      { asOf: '2025-06-30', expect: { E10: { days_late: 2, days_past_due: 0, tier: 'current', bucket: '0', late_reason_waived: 'grace', overdue_amount: '1000.00' } } },
      { asOf: '2025-07-01', expect: { E10: { days_late: 3, days_past_due: 0, tier: 'current', late_reason_waived: 'grace' } } },
      { asOf: '2025-07-02', expect: { E10: { days_late: 4, days_past_due: 4, tier: 'short', late_reason_waived: null } } },
      // Never preventive: 28 Jul is three days off, and an older instalment is late.
    ],
  },
  {
    // Due 31 Mar, unpaid at its end: day 1, and overdue.
    name: '10: under the due date as day 1 what is due and open at its end is overdue',
    settings: { conventions: { count_from: 'due_date' } },
    loans: [loan('E10d')],
    schedule: [due('E10d', 1, '2025-03-31', '1000.00')],
    repayments: [],
    asked: [
      { asOf: '2025-03-30', expect: { E10d: { days_past_due: 0, overdue_amount: '0.00', tier: 'preventive' } } },
      { asOf: '2025-03-31', expect: { E10d: { days_late: 0, days_past_due: 1, overdue_amount: '1000.00', instalments_overdue: 1, oldest_unpaid_due_on: '2025-03-31', due_today_amount: '0.00', amount_due_to_date: '1000.00', tier: 'short' } } },
    ],
  },
  {
    // 5 Jan to 5 Apr 2025 are 90 days: 26 + 28 + 31 + 5. With the due date as day 1 day 91 is 5 Apr.
    name: '11: a class that remembers, until the last arrears are paid',
    settings: {
      conventions: { count_from: 'due_date', sticky: { from: 'NPA' } },
      tiers: [{ name: 'SMA-0', from: 1, to: 30 }, { name: 'SMA-1', from: 31, to: 60 }, { name: 'SMA-2', from: 61, to: 90 }, { name: 'NPA', from: 91, to: null }],
    },
    loans: [loan('E11'), loan('E11p')],
    schedule: ['E11', 'E11p'].flatMap((account) => monthly(account, '2025-01-05', 4, '1000.00')),
    repayments: ['E11', 'E11p'].flatMap((account) => [paid(account, '2025-04-10', '3000.00'), ...(account === 'E11p' ? [paid(account, '2025-04-20', '1000.00')] : [])]),
    asked: [
      { asOf: '2025-04-04', expect: { E11: { tier: 'SMA-2', days_past_due: 90 } } },
      { asOf: '2025-04-05', expect: { E11: { tier: 'NPA', days_past_due: 91 } } },
      // The oldest open is 5 Apr: day 11 by days alone.
      { asOf: '2025-04-15', expect: { E11: { tier: 'NPA', days_past_due: 11 } } },
      { asOf: '2025-04-20', expect: { E11: { tier: 'NPA' }, E11p: { tier: 'current', days_past_due: 0 } } },
    ],
  },
  {
    // Moved to Monday 7 July: on Tuesday 1 day, or 3 from the date of the contract.
    name: '21: a due date on a Saturday, by product',
    settings: { conventions: { products: { card: { business_days: 'next' }, contract: { business_days: 'next', business_days_counting: 'original' } } } },
    loans: [{ ...loan('E21k'), product: 'kept' }, { ...loan('E21m'), product: 'card' }, { ...loan('E21o'), product: 'contract' }],
    // 5 Jul 2025 is a Saturday.
    schedule: ['E21k', 'E21m', 'E21o'].map((account) => due(account, 1, '2025-07-05', '100.00')),
    repayments: [],
    holidays: [{ date: '2025-01-01', kind: 'holiday' }],
    asked: [
      { asOf: '2025-07-07', expect: { E21k: { days_past_due: 2, tier: 'short' }, E21m: { days_late: 2, days_past_due: 0, tier: 'current', late_reason_waived: 'business_day' }, E21o: { days_past_due: 0 } } },
      { asOf: '2025-07-08', expect: { E21k: { days_past_due: 3 }, E21m: { days_past_due: 1, tier: 'short' }, E21o: { days_past_due: 3 } } },
    ],
  },
  {
    // Principal and interest of 1 May are paid, the fee of 5.00 is open. 1 May to 30 Jun: 30 + 30.
    name: '22: a fee that is open does not age where only principal and interest do',
    settings: { conventions: { products: { mild: { ages: ['principal', 'interest'] } } } },
    loans: [{ ...loan('E22'), product: 'strict' }, { ...loan('E22m'), product: 'mild' }],
    schedule: ['E22', 'E22m'].map((account) => ({ account_id: account, instalment_no: '1', due_on: '2025-05-01', principal_due: '90.00', interest_due: '10.00', fee_due: '5.00' })),
    repayments: ['E22', 'E22m'].map((account) => ({ ...paid(account, '2025-05-01', '100.00'), principal_paid: '90.00', interest_paid: '10.00', fee_paid: '0.00' })),
    asked: [{ asOf: '2025-06-30', expect: { E22: { days_past_due: 60, overdue_amount: '5.00' }, E22m: { days_past_due: 0, overdue_amount: '5.00', tier: 'current' } } }],
  },
  {
    // 600 came on 10 May and 400 on 20 Jun; the row knows only the last day. 10 May to 31 May: 21. What was paid by then is not shown earlier than it is known.
    name: '12: what was paid stands on the row of the plan, with the day of the last payment',
    loans: [loan('E12')],
    schedule: [{ ...due('E12', 1, '2025-05-10', '1000.00'), amount_paid: '1000.00', paid_on: '2025-06-20' }],
    asked: [
      { asOf: '2025-05-31', expect: { E12: { days_past_due: 21, overdue_amount: '1000.00' } } },
      { asOf: '2025-06-20', expect: { E12: { days_past_due: 0, overdue_amount: '0.00' } } },
    ],
  },
  {
    // 600 of 1000 without a day: received by the day of the export; on an earlier day nobody knows, and nobody is chased.
    name: '12: a paid amount without a day',
    settings: { data_through: '2025-06-30' },
    loans: [loan('E12b')],
    schedule: [{ ...due('E12b', 1, '2025-05-10', '1000.00'), amount_paid: '600.00', paid_on: '' }],
    asked: [
      { asOf: '2025-06-30', expect: { E12b: { days_past_due: 51, overdue_amount: '400.00', held_reason: null } } },
      { asOf: '2025-05-31', expect: { E12b: { held_reason: 'history_cut' } } },
    ],
  },
  {
    // March is paid. 10 Apr to 30 Jun: 81; all that is open was called in on 20 May.
    name: '14: called in as a whole',
    loans: [{ ...loan('E14'), accelerated_on: '2025-05-20' }],
    schedule: monthly('E14', '2025-03-10', 6, '100.00'),
    repayments: [paid('E14', '2025-03-10', '100.00')],
    asked: [{ asOf: '2025-06-30', expect: { E14: { days_late: 81, overdue_amount: '500.00', next_due_on: null } } }],
  },
  {
    // Ten periods became five, the whole plan sent anew: 5 x 200 from 10 May. 10 May to 30 Jun: 21 + 30 = 51; under the first plan 10 Mar: 112.
    name: '14: the newest plan stands, whole',
    loans: [loan('E14v')],
    schedule: [
      ...monthly('E14v', '2025-03-10', 10, '100.00').map((row) => ({ ...row, version: '1', valid_from: '2025-01-01' })),
      ...monthly('E14v', '2025-05-10', 5, '200.00').map((row) => ({ ...row, version: '2', valid_from: '2025-05-01' })),
    ],
    repayments: [],
    asked: [
      { asOf: '2025-04-30', expect: { E14v: { days_late: 51, overdue_amount: '200.00', instalments_total: 10 } } },
      { asOf: '2025-06-30', expect: { E14v: { days_late: 51, contractual_days_late: 112, overdue_amount: '400.00', instalments_total: 5, forborne: true } } },
    ],
  },
  {
    // The worst account leads; overdue of the person in one currency.
    name: '20: the accounts of one person',
    loans: [{ ...loan('E20a'), borrower_id: 'P' }, { ...loan('E20b'), borrower_id: 'P' }, { ...loan('E20c'), borrower_id: 'P', currency: 'USD' }, loan('E20d')],
    schedule: [due('E20a', 1, '2025-06-20', '100.00'), due('E20b', 1, '2025-06-10', '50.00'), due('E20c', 1, '2025-06-25', '70.00'), due('E20d', 1, '2025-06-01', '10.00')],
    repayments: [],
    asked: [
      {
        asOf: '2025-06-30',
        expect: {
          E20a: { leads: false, borrower_accounts: 3, borrower_accounts_late: 3, borrower_days_past_due: 20, borrower_overdue_amount: '150.00' },
          E20b: { leads: true, borrower_overdue_amount: '150.00' },
          E20c: { leads: false, borrower_days_past_due: 20, borrower_overdue_amount: '70.00' },
          E20d: { leads: true, borrower_accounts: 1, borrower_overdue_amount: '10.00' },
        },
      },
    ],
  },
  {
    // 10,800 of plan of which 9,000 principal; nothing is due yet.
    name: '8: three outstandings, never mixed',
    loans: [loan('E8a'), { ...loan('E8b'), outstanding_principal: '9000.00' }],
    schedule: [
      ...months('2025-07-10', 12).map((due_on, at) => ({ account_id: 'E8a', instalment_no: String(at + 1), due_on, principal_due: '750.00', interest_due: '150.00' })),
      { account_id: 'E8b', instalment_no: '1', due_on: '2025-05-16', amount_due: '9000.00' },
    ],
    repayments: [],
    // 16 May to 30 Jun: 15 + 30 = 45.
    asked: [{ asOf: '2025-06-30', expect: { E8a: { days_past_due: 0, outstanding_principal: '9000.00', outstanding_schedule: '10800.00', lender_outstanding: null }, E8b: { days_past_due: 45, outstanding_principal: '9000.00', lender_outstanding: '9000.00' } } }],
  },
]
