import { expect, test } from 'vitest'
import { explain } from '../../src/explain/explain.ts'
import { report } from '../../src/explain/report.ts'
import { bookFile } from '../proof/in-process.ts'
import { explaining } from './book.ts'

// 5 April 2025 is a Saturday: moved to Monday the 7th. To 5 May 28 days, of which 10 to 19 April are ten paused ones; the pause of
// the product, 18 to 24 April, adds five: 28 - 15 = 13. 3 May is a Saturday: moved to as_of itself.
const book = {
  loans: [{ account_id: 'A', product: 'card', status: 'open' }],
  schedule: [{ account_id: 'A', instalment_no: 1, due_on: '2025-03-03', amount_due: '10.00' }, { account_id: 'A', instalment_no: 2, due_on: '2025-04-05', amount_due: '100.00' }, { account_id: 'A', instalment_no: 3, due_on: '2025-05-03', amount_due: '40.00' }],
  repayments: [{ payment_id: 'P1', account_id: 'A', paid_on: '2025-03-03', amount: '10.00' }],
  pauses: [{ account_id: 'A', product: '', from: '2025-04-10', to: '2025-04-20' }, { account_id: '', product: 'card', from: '2025-04-18', to: '2025-04-25' }],
  holidays: [{ date: '2025-01-01', kind: 'holiday' }],
}

test('each instalment shows its moved due date and its paused days, and they add up to the days of the account', async () => {
  const on = await explaining(bookFile(book, { as_of: '2025-05-05', work_on: '2025-05-05', conventions: { business_days: 'next' } }).config)
  try {
    const [said] = await explain(on, ['A'])
    expect(said!.account).toMatchObject({ days_late: 30, days_past_due: 13, tier: 'short' })
    expect(said!.instalments.map(({ days, by_calendar }) => [days, by_calendar])).toEqual([
      [0, { due_moved_on: '2025-03-03', days_paused: 0, days_past_due: 0 }],
      [30, { due_moved_on: '2025-04-07', days_paused: 15, days_past_due: 13 }],
      [2, { due_moved_on: '2025-05-05', days_paused: 0, days_past_due: 0 }],
    ])
    expect(said!.buckets.filter(({ amount }) => amount !== '0.00')).toEqual([{ name: '0', amount: '40.00' }, { name: '1-30', amount: '100.00' }])
    expect(said!.why.days).toBe('The oldest unpaid instalment is no 2, due 2025-04-05: 30 days to 2025-05-05. 2025-04-05 is no business day: the due date moved to 2025-04-07. Pauses take off 15 days.')
    expect(report(said!, { to_leave_tier: null, to_be_current: null, rolls_on: null, if_paid: null, in_quarantine: null } as never, false)).toMatch(/No {2}Due on {6}Moved to .* Days late {2}Paused {2}Past due/)
  } finally {
    on.close()
  }
})
