import { due, loan, months, paid } from './example.ts'
import type { Worked } from './example.ts'
import { closed } from './worked-closed.ts'
import { reversals } from './worked-reversals.ts'

// 30 Jun 2025 less 1 day is 29 Jun; 30 days back 31 May; 31 back 30 May; 90 back 1 Apr (29 in June's rest of 30, 31 of May, 30 of April); 91 back 31 Mar.
const edges: [number, string, string][] = [
  [0, '2025-06-30', 'preventive'],
  [1, '2025-06-29', 'short'],
  [30, '2025-05-31', 'short'],
  [31, '2025-05-30', 'medium'],
  [90, '2025-04-01', 'medium'],
  [91, '2025-03-31', 'long'],
]

export const worked: Worked[] = [
  ...closed,
  ...reversals,
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
    name: '19: nothing to age by',
    loans: [loan('E19-bare', { outstanding_principal: '900.00' })],
    schedule: [],
    repayments: [paid('E19-bare', '2025-06-10', '50.00')],
    asked: [{ asOf: '2025-06-30', expect: { 'E19-bare': { tier: 'no_schedule', days_late: null, days_past_due: null, bucket: null, overdue_amount: '0.00', advance: '50.00', outstanding_principal: '900.00', outstanding_schedule: '0.00', held: [] } } }],
  },
  {
    // Rows of a schedule are no plan for a card that revolves: nothing of it is aged.
    name: '19: a revolving product is never aged as instalments',
    loans: [loan('E19-card', { method: 'revolving', outstanding_principal: '700.00' })],
    schedule: [{ ...due('E19-card', 1, '2025-06-01', ''), principal_due: '100.00' }],
    repayments: [paid('E19-card', '2025-06-10', '50.00')],
    asked: [
      {
        asOf: '2025-06-30',
        expect: { 'E19-card': { tier: 'no_schedule', days_late: null, days_past_due: null, instalments_total: 0, overdue_amount: '0.00', oldest_unpaid_due_on: null, next_due_on: null, amount_covered: '0.00', advance: '50.00', outstanding_principal: '700.00' } },
      },
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
    repayments: [paid('E19-written_off', '2025-06-10', '200.00'), paid('E19-cancelled', '2025-06-10', '100.00')],
    asked: [
      {
        asOf: '2025-06-30',
        expect: {
          'E19-written_off': { tier: 'written_off', days_past_due: 181, overdue_amount: '800.00', amount_covered: '200.00', held: [] },
          'E19-sold': { tier: 'sold', days_past_due: 29, overdue_amount: '100.00', held: [] },
          // Their plan asks nothing; money that came in is an advance.
          'E19-cancelled': { tier: 'cancelled', days_past_due: 0, instalments_total: 1, instalments_paid: 0, amount_due_to_date: '0.00', amount_covered: '0.00', overdue_amount: '0.00', outstanding_schedule: '0.00', advance: '100.00', next_due_on: null, held: [] },
          'E19-not_disbursed': { tier: 'not_yet', days_past_due: 0, instalments_total: 1, instalments_paid: 0, amount_due_to_date: '0.00', overdue_amount: '0.00', held: [] },
          ...Object.fromEntries(['frozen', 'deceased', 'bankrupt', 'fraud'].map((status) => [`E19-${status}`, { tier: 'short', days_past_due: 29, overdue_amount: '100.00', held: [status] }])),
        },
      },
    ],
  },
]
