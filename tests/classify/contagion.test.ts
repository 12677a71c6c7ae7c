import { describe, expect, test } from 'vitest'
import { accountsOn } from './book.ts'

// One borrower with four accounts, one of them settled and one in another currency, worked by hand as of 30 June 2025.
// A: due 1 June, 29 days, 700 of principal open. B: due 1 March, 121 days, 100. C: due 10 July, 200. U: USD, due 1 May, 60 days.
const loan = (account_id: string, more: object = {}) => ({ account_id, borrower_id: 'P', currency: 'CNY', status: 'open', closed_on: '', ...more })
const due = (account_id: string, due_on: string, principal_due: string) => ({ account_id, instalment_no: 1, due_on, principal_due })
const book = {
  loans: [loan('A'), loan('B'), loan('C'), loan('U', { currency: 'USD' }), loan('S', { status: 'closed', closed_on: '2025-02-01' }), loan('X', { borrower_id: 'Q' }), loan('Y', { borrower_id: '' })],
  schedule: [due('A', '2025-06-01', '700.00'), due('B', '2025-03-01', '100.00'), due('C', '2025-07-10', '200.00'), due('U', '2025-05-01', '50.00'), due('S', '2025-02-10', '10.00'), due('X', '2025-06-20', '30.00'), due('Y', '2025-12-01', '30.00')],
  repayments: [],
}
const figures = async (contagion: unknown, more: object = {}) => {
  const { of } = await accountsOn('2025-06-30', book, { work_on: '2025-06-30', ...(contagion === undefined ? {} : { contagion }), ...more })
  return Object.fromEntries(['A', 'B', 'C', 'U', 'S', 'X', 'Y'].map((id) => [id, of(id)] as const))
}
const said = (rows: Awaited<ReturnType<typeof figures>>) => Object.fromEntries(Object.entries(rows).map(([id, row]) => [id, [row['borrower_tier'], row['driver_account_id'], row['borrower_outstanding']]] as const))

describe('the class of a borrower', () => {
  test('is that of his worst account, whatever its currency', async () => {
    expect(said(await figures('worst'))).toEqual({
      A: ['long', 'B', '1000.00'], B: ['long', 'B', '1000.00'], C: ['long', 'B', '1000.00'], U: ['long', 'B', '50.00'],
      S: ['settled', null, null], X: ['short', 'X', '30.00'], Y: ['current', null, '30.00'],
    })
  })

  test('is pulled by a tier only where it and worse ones are more than the share, in one currency', async () => {
    // long is 100 of 1,000 in CNY: exactly 10 % is not more. short and long are 800 of it.
    expect(said(await figures({ share: 0.1 }))).toMatchObject({ A: ['short', 'A', '1000.00'], B: ['long', 'B', '1000.00'], C: ['short', 'A', '1000.00'], U: ['medium', 'U', '50.00'] })
    expect(said(await figures({ share: 0.09 }))).toMatchObject({ A: ['long', 'B', '1000.00'], C: ['long', 'B', '1000.00'], U: ['medium', 'U', '50.00'] })
    expect(said(await figures({ share: 0.8 }))).toMatchObject({ A: ['short', 'A', '1000.00'], B: ['long', 'B', '1000.00'], C: ['current', null, '1000.00'] })
  })

  test('is a column of its own: the figures of accounts are those without it', async () => {
    const without = await figures(undefined)
    expect(Object.keys(without['A']!)).not.toContain('borrower_tier')
    for (const rule of ['worst', { share: 0.2 }]) {
      const rows = await figures(rule)
      for (const [id, row] of Object.entries(without)) expect(rows[id]).toMatchObject(row)
    }
  })

  test('comes with a rule book that classifies the debtor, and may be taken out of it', async () => {
    expect((await figures(undefined, { preset: 'in-sma' }))['C']).toMatchObject({ borrower_tier: 'NPA', driver_account_id: 'B' })
    expect(Object.keys((await figures('none', { preset: 'in-sma' }))['C']!)).not.toContain('borrower_tier')
  })
})
