import type { LoanRow, RepaymentRow, ScheduleRow } from '../reference/reference.ts'

/** Worked examples: every number was worked by hand on a calendar; the comments show how. Account ids are unique over all of them. */
export interface Worked {
  name: string
  loans: LoanRow[]
  schedule: ScheduleRow[]
  repayments: RepaymentRow[]
  /** Settings beside the dates; the reference has none of these, so such a case is the engine's alone. */
  settings?: Record<string, unknown>
  asked: { asOf: string; workOn?: string; expect: Record<string, Expected> }[]
}
/** Money as text, days and counts as numbers; held lists every reason. */
type Expected = Record<string, string | number | null | string[]>

const loan = (account_id: string, more: Partial<LoanRow> = {}): LoanRow => ({ account_id, currency: 'CNY', status: 'open', ...more })
const due = (account_id: string, no: number, due_on: string, amount_due: string): ScheduleRow => ({ account_id, instalment_no: String(no), due_on, amount_due })
let payments = 0
const paid = (account_id: string, paid_on: string, amount: string, more: Partial<RepaymentRow> = {}): RepaymentRow => ({
  payment_id: `W-${++payments}`,
  account_id,
  paid_on,
  amount,
  ...more,
})
/** The same day of each month: only days up to the 28th, so that no month needs a rule. */
const months = (first: string, count: number) =>
  Array.from({ length: count }, (_, ahead) => {
    const month = Number(first.slice(5, 7)) - 1 + ahead
    return `${Number(first.slice(0, 4)) + Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, '0')}-${first.slice(8)}`
  })

// 30 Jun 2025 less 1 day is 29 Jun; 30 days back 31 May; 31 back 30 May; 90 back 1 Apr (29 in June's rest of 30, 31 of May, 30 of April); 91 back 31 Mar.
const edges: [number, string, string][] = [
  [0, '2025-06-30', 'preventive'],
  [1, '2025-06-29', 'short'],
  [30, '2025-05-31', 'short'],
  [31, '2025-05-30', 'medium'],
  [90, '2025-04-01', 'medium'],
  [91, '2025-03-31', 'long'],
]

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

const undoSign = (account: string, amount: string): Worked => {
  const first = paid(account, '2025-06-01', '100.00')
  return {
    name: `13: a reversal of ${amount} lowers by 100`,
    loans: [loan(account)],
    schedule: [due(account, 1, '2025-06-01', '100.00')],
    repayments: [first, paid(account, '2025-06-05', amount, { reverses: first.payment_id })],
    asked: [
      { asOf: '2025-06-04', expect: { [account]: { days_past_due: 0, amount_covered: '100.00', last_paid_on: '2025-06-01', last_paid_amount: '100.00' } } },
      // From its own day, at the instalment's own age: 1 Jun to 5 Jun are 4 days, not 0.
      { asOf: '2025-06-05', expect: { [account]: { days_past_due: 4, overdue_amount: '100.00', last_paid_on: null } } },
      { asOf: '2025-06-30', expect: { [account]: { days_past_due: 29, tier: 'short', overdue_amount: '100.00', owed_back: '0.00' } } },
    ],
  }
}

export const worked: Worked[] = [
  {
    name: 'days 0, 1, 30, 31, 90, 91',
    loans: edges.map(([days]) => loan(`D-${days}`)),
    schedule: edges.map(([days, day]) => due(`D-${days}`, 1, day, '100.00')),
    repayments: [],
    asked: [
      {
        asOf: '2025-06-30',
        expect: Object.fromEntries(
          edges.map(([days, day, tier]) => [
            `D-${days}`,
            { days_late: days, days_past_due: days, tier, amount_due_to_date: '100.00', overdue_amount: days === 0 ? '0.00' : '100.00', due_today_amount: days === 0 ? '100.00' : '0.00', oldest_unpaid_due_on: days === 0 ? null : day },
          ]),
        ),
      },
    ],
  },
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
    // Ten loans of 10,000; one fell due on 1 Jan and is written off on 25 Jun. 1 Jan to 31 May: 30 + 28 + 31 + 30 + 31 = 150.
    name: '3: written off later is late before',
    loans: [loan('E3-0', { status: 'written_off', written_off_on: '2025-06-25' }), ...Array.from({ length: 9 }, (_, n) => loan(`E3-${n + 1}`))],
    schedule: [{ ...due('E3-0', 1, '2025-01-01', ''), principal_due: '10000.00' }, ...Array.from({ length: 9 }, (_, n) => ({ ...due(`E3-${n + 1}`, 1, '2025-12-01', ''), principal_due: '10000.00' }))],
    repayments: [],
    asked: [
      { asOf: '2025-05-31', expect: { 'E3-0': { tier: 'long', days_past_due: 150, overdue_amount: '10000.00', outstanding_principal: '10000.00' }, 'E3-9': { tier: 'current', outstanding_principal: '10000.00' } } },
      { asOf: '2025-06-24', expect: { 'E3-0': { tier: 'long', days_past_due: 174 } } },
      { asOf: '2025-06-25', expect: { 'E3-0': { tier: 'written_off', days_past_due: 175, overdue_amount: '10000.00' } } },
      { asOf: '2025-06-30', expect: { 'E3-0': { tier: 'written_off', days_past_due: 180 } } },
    ],
  },
  {
    name: '4: due on the as-of day, worked the day after',
    loans: [loan('E4'), loan('E4p')],
    schedule: [due('E4', 1, '2025-06-30', '1000.00'), due('E4p', 1, '2025-06-30', '1000.00')],
    repayments: [paid('E4p', '2025-06-30', '1000.00')],
    asked: [
      // A text for the day after, never a reminder before the due date.
      { asOf: '2025-06-30', workOn: '2025-07-01', expect: { E4: { tier: 'due_now', days_past_due: 0, due_today_amount: '1000.00', overdue_amount: '0.00', days_to_due: -1 }, E4p: { tier: 'current', due_today_amount: '0.00', days_to_due: null } } },
      { asOf: '2025-06-30', expect: { E4: { tier: 'preventive', days_to_due: 0, next_due_on: '2025-06-30', next_due_amount: '1000.00' } } },
      // Friday's run gives Monday's list: due on Monday 30 Jun is still a reminder, on Tuesday's list it is too late for one.
      { asOf: '2025-06-27', workOn: '2025-06-30', expect: { E4: { tier: 'preventive', days_to_due: 0 } } },
      { asOf: '2025-06-27', workOn: '2025-07-01', expect: { E4: { tier: 'due_now', days_to_due: -1 } } },
    ],
  },
  {
    name: '13: flagged as reversed without a day never counted',
    loans: [loan('E13a')],
    schedule: [due('E13a', 1, '2025-06-01', '100.00')],
    repayments: [paid('E13a', '2025-06-01', '100.00', { status: 'reversed' })],
    asked: [
      { asOf: '2025-06-01', expect: { E13a: { days_past_due: 0, due_today_amount: '100.00', amount_covered: '0.00', last_paid_on: null } } },
      { asOf: '2025-06-30', expect: { E13a: { days_past_due: 29, overdue_amount: '100.00', last_paid_on: null } } },
    ],
  },
  {
    name: '13: flagged as reversed with its day counted until the day before',
    loans: [loan('E13b')],
    schedule: [due('E13b', 1, '2025-06-01', '100.00')],
    repayments: [paid('E13b', '2025-06-01', '100.00', { status: 'reversed', reversed_on: '2025-06-10' })],
    asked: [
      { asOf: '2025-06-09', expect: { E13b: { days_past_due: 0, amount_covered: '100.00', last_paid_on: '2025-06-01', last_paid_amount: '100.00' } } },
      // Reopened at its own age: 1 Jun to 10 Jun.
      { asOf: '2025-06-10', expect: { E13b: { days_past_due: 9, tier: 'short', overdue_amount: '100.00', last_paid_on: null } } },
    ],
  },
  {
    name: '13: a reversal of a payment that is not in the file',
    settings: { inputs: { repayments: { max_reject_share: 1 } } },
    loans: [loan('E13c')],
    schedule: [due('E13c', 1, '2025-06-01', '100.00')],
    repayments: [paid('E13c', '2025-06-01', '100.00'), paid('E13c', '2025-06-05', '-100.00', { reverses: 'not there' })],
    asked: [{ asOf: '2025-06-30', expect: { E13c: { tier: 'current', days_past_due: 0, amount_covered: '100.00', held: ['row_in_quarantine', 'reversal_without_payment'], held_since: '2025-06-05' } } }],
  },
  {
    name: '13: money on its way, and a debit that failed',
    loans: [loan('E13d')],
    schedule: [due('E13d', 1, '2025-06-01', '100.00')],
    repayments: [paid('E13d', '2025-06-01', '100.00', { status: 'failed' }), paid('E13d', '2025-06-29', '100.00', { status: 'pending' })],
    asked: [{ asOf: '2025-06-30', expect: { E13d: { days_past_due: 29, overdue_amount: '100.00', amount_covered: '0.00', pending_amount: '100.00', last_paid_on: null, held: [] } } }],
  },
  undoSign('E13e', '-100.00'),
  undoSign('E13f', '100.00'),
  {
    // Due on the 15th, paid on the 15th, month after month: no late day, whatever the tier of the day.
    name: '18: preventive is a state of the night, not lateness',
    loans: [loan('E18'), loan('E18n')],
    schedule: [...months('2025-01-15', 6).map((day, place) => due('E18', place + 1, day, '100.00')), due('E18n', 1, '2025-03-11', '100.00')],
    repayments: [...months('2025-01-15', 6).map((day) => paid('E18', day, '100.00')), paid('E18n', '2025-03-12', '100.00')],
    asked: [
      { asOf: '2025-03-11', expect: { E18: { tier: 'current', bucket: '0', days_past_due: 0, days_to_due: 4 } } },
      { asOf: '2025-03-11', workOn: '2025-03-12', expect: { E18: { tier: 'preventive', bucket: '0', days_past_due: 0, days_to_due: 3 }, E18n: { tier: 'due_now', bucket: '0', days_past_due: 0 } } },
      { asOf: '2025-03-12', expect: { E18: { tier: 'preventive', bucket: '0', days_past_due: 0 }, E18n: { tier: 'current', bucket: '0' } } },
      { asOf: '2025-03-14', expect: { E18: { tier: 'preventive', bucket: '0', days_to_due: 1 } } },
      // Paid on the day; the next one is due in 31 days.
      { asOf: '2025-03-15', expect: { E18: { tier: 'current', bucket: '0', days_to_due: 31 } } },
    ],
  },
  {
    // Due 31 Dec 2024: 181 days on 30 Jun 2025 (31 + 28 + 31 + 30 + 31 + 30). The others are due on 1 Jun: 29 days.
    name: '19: statuses',
    loans: ['written_off', 'sold', 'cancelled', 'not_disbursed', 'frozen', 'deceased', 'bankrupt', 'fraud'].map((status) => loan(`E19-${status}`, { status })),
    schedule: [
      due('E19-written_off', 1, '2024-12-31', '1000.00'),
      ...['sold', 'cancelled', 'not_disbursed', 'frozen', 'deceased', 'bankrupt', 'fraud'].map((status) => due(`E19-${status}`, 1, '2025-06-01', '100.00')),
    ],
    repayments: [paid('E19-written_off', '2025-06-10', '200.00')],
    asked: [
      {
        asOf: '2025-06-30',
        expect: {
          'E19-written_off': { tier: 'written_off', days_past_due: 181, overdue_amount: '800.00', amount_covered: '200.00', held: [] },
          'E19-sold': { tier: 'sold', days_past_due: 29, overdue_amount: '100.00', held: [] },
          'E19-cancelled': { tier: 'cancelled', held: [] },
          'E19-not_disbursed': { tier: 'not_yet', held: [] },
          ...Object.fromEntries(['frozen', 'deceased', 'bankrupt', 'fraud'].map((status) => [`E19-${status}`, { tier: 'short', days_past_due: 29, overdue_amount: '100.00', held: [status] }])),
        },
      },
    ],
  },
]
