import { due, loan, paid } from './example.ts'
import type { Worked } from './example.ts'

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

/** Example 13: money that is taken back, that is on its way, or that never came. */
export const reversals: Worked[] = [
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
  {
    // Each is a payment of 100 that does not count on 30 Jun, and an undo of it: nothing is taken off the other 40.
    name: '13: an undo of money that does not count takes nothing off',
    loans: [loan('E13g'), loan('E13h'), loan('E13i')],
    schedule: ['E13g', 'E13h', 'E13i'].map((account) => due(account, 1, '2025-06-01', '100.00')),
    repayments: (['pending', 'failed', 'reversed'] as const).flatMap((status, place) => {
      const account = ['E13g', 'E13h', 'E13i'][place]!
      const first = paid(account, '2025-06-01', '100.00', { status })
      return [first, paid(account, '2025-06-02', '40.00'), paid(account, '2025-06-05', '100.00', { kind: 'undo', reverses: first.payment_id })]
    }),
    asked: [
      {
        asOf: '2025-06-30',
        expect: {
          E13g: { amount_covered: '40.00', overdue_amount: '60.00', pending_amount: '100.00', owed_back: '0.00', held: [] },
          E13h: { amount_covered: '40.00', overdue_amount: '60.00', pending_amount: '0.00', owed_back: '0.00', held: [] },
          E13i: { amount_covered: '40.00', overdue_amount: '60.00', owed_back: '0.00', held: [] },
        },
      },
    ],
  },
  {
    // 100 paid; 60, then 40 taken back: both stand. Of 60, 60 and 40 the second is too much, and so is what comes after it.
    // Of 150 and 100 the first is more than there ever was, and uses nothing up of what the second may take.
    name: '13: reversals beyond the payment, in order of date and id',
    settings: { inputs: { repayments: { max_reject_share: 1 } } },
    loans: [loan('E13j'), loan('E13k'), loan('E13l')],
    schedule: ['E13j', 'E13k', 'E13l'].map((account) => due(account, 1, '2025-06-01', '100.00')),
    repayments: [['60.00', '40.00'], ['60.00', '60.00', '40.00'], ['150.00', '100.00']].flatMap((taken, place) => {
      const account = ['E13j', 'E13k', 'E13l'][place]!
      const first = paid(account, '2025-06-01', '100.00')
      return [first, ...taken.map((amount, n) => paid(account, `2025-06-0${n + 2}`, amount, { kind: 'undo', reverses: first.payment_id }))]
    }),
    asked: [
      {
        asOf: '2025-06-30',
        expect: {
          E13j: { amount_covered: '0.00', overdue_amount: '100.00', last_paid_on: null, held: [] },
          E13k: { amount_covered: '40.00', last_paid_amount: '40.00', held: ['row_in_quarantine'], held_since: '2025-06-03' },
          E13l: { amount_covered: '0.00', held: ['row_in_quarantine'], held_since: '2025-06-02' },
        },
      },
    ],
  },
  undoSign('E13e', '-100.00'),
  undoSign('E13f', '100.00'),
]
