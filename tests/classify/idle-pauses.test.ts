import { expect, test } from 'vitest'
import { explaining } from '../explain/book.ts'
import { bookFile } from '../proof/in-process.ts'

const pause = (more: object) => ({ account_id: '', product: '', region: '', from: '2025-06-01', to: '2025-06-11', ...more })

test('a pause of an account, product or region that no loan has is told: it takes nothing off', async () => {
  const files = {
    loans: [{ account_id: '007', product: 'card', region: 'north', status: 'open' }],
    schedule: [{ account_id: '007', instalment_no: 1, due_on: '2025-05-31', amount_due: '10.00' }],
    repayments: [],
    pauses: [pause({ account_id: '7' }), pause({ product: 'cards' }), pause({ region: 'North' }), pause({ region: 'north', to: '2025-06-06' })],
  }
  const on = await explaining(bookFile(files, { as_of: '2025-06-30', work_on: '2025-06-30' }).config)
  try {
    expect(on.flow.outcome.warnings.filter(({ code }) => code === 'pauses-of-no-account')).toEqual([{ code: 'pauses-of-no-account', says: 'What pauses are for, 3 names, meets no account of the loans, so nothing is taken off for it.', names: ['account 7', 'product cards', 'region North'] }])
    // 30 days to 30 June, five of them in the pause of the region.
    const [row] = await on.engine.rows({ kind: 'sql', texts: ['SELECT days_past_due FROM ', ''], holes: [on.flow.outcome.accounts] })
    expect(row).toEqual({ days_past_due: 25 })
  } finally {
    on.close()
  }
})

test('a region may be a number', async () => {
  const files = {
    loans: ['1', '2'].map((region) => ({ account_id: `A${region}`, region, status: 'open' })),
    // Saturday 31 May, and Monday 2 June is a holiday of region 2.
    schedule: ['A1', 'A2'].map((account_id) => ({ account_id, instalment_no: 1, due_on: '2025-05-31', amount_due: '10.00' })),
    repayments: [],
    pauses: [pause({ region: '2' })],
    holidays: [{ region: '', date: '2025-01-01' }, { region: '2', date: '2025-06-02' }],
  }
  const { config } = bookFile(files, { as_of: '2025-06-30', work_on: '2025-06-30', conventions: { business_days: 'next' }, inputs: { loans: { columns: { region: 'integer' } } } })
  const on = await explaining(config)
  try {
    const rows = await on.engine.rows({ kind: 'sql', texts: ['SELECT account_id, days_past_due FROM ', ' ORDER BY account_id'], holes: [on.flow.outcome.accounts] })
    // From 2 June 28 days; from 3 June 27, less the eight of the pause that come after it.
    expect(rows).toEqual([{ account_id: 'A1', days_past_due: 28 }, { account_id: 'A2', days_past_due: 19 }])
  } finally {
    on.close()
  }
})
