import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { money } from '../reference/reference.ts'
import { ageBook, built, publishedFolder } from './age-book.ts'
import type { Cell } from './age-book.ts'
import { heldReasons } from './held.ts'
import { csvRows, moneyOf, rejectsOf, rowsOf, said } from './published.ts'

// Worked examples that are about rows rather than days: keys, digits, rejected parents, unknown words. Numbers by hand.

const tenths = ['2025-01-10', '2025-02-10', '2025-03-10', '2025-04-10', '2025-05-10']
const asOf = '2025-06-30'
const dates = { as_of: asOf, work_on: asOf }
const find = (accounts: Record<string, Cell>[], id: string) => accounts.find((account) => account['account_id'] === id)!

describe.runIf(built)('rows', () => {
  describe('5: one payment in three rows', () => {
    // 5 x 1,000; R-75 pays the first, R-76 the second, R-77 the other three, in one row an instalment.
    const book = {
      loans: [{ account_id: 'K', status: 'open' }],
      schedule: tenths.map((due_on, place) => ({ account_id: 'K', instalment_no: place + 1, due_on, amount_due: '1000.00' })),
      repayments: [
        ...[1, 2].map((no) => ({ payment_id: `R-${74 + no}`, account_id: 'K', paid_on: tenths[no - 1], amount: '1000.00', instalment_no: no })),
        ...[3, 4, 5].map((no) => ({ payment_id: 'R-77', account_id: 'K', paid_on: '2025-05-10', amount: '1000.00', instalment_no: no })),
      ],
    }

    test('with the key the file has, its rows add up', async () => {
      const run = await ageBook({ ...book, settings: { ...dates, inputs: { repayments: { key: ['payment_id', 'instalment_no'] } } } })
      expect(run.exit, run.stderr).toBe(0)
      expect(find(run.accounts, 'K')).toMatchObject({ tier: 'current', days_past_due: 0, amount_covered: '5000.00', last_paid_on: '2025-05-10', last_paid_amount: '3000.00', held_reason: null })
      expect(rowsOf(run, 'repayments')).toMatchObject({ read: 5, accepted: 5, rejected: 0 })
    })

    test('taken back whole it leaves nothing of any row, and the payment before it is the last', async () => {
      const undo = { payment_id: 'R-78', account_id: 'K', paid_on: '2025-05-12', amount: '3000.00', reverses: 'R-77' }
      const run = await ageBook({ ...book, repayments: [...book.repayments, undo], settings: { ...dates, inputs: { repayments: { key: ['payment_id', 'instalment_no'] } } } })
      expect(run.exit, run.stderr).toBe(0)
      // 10 Mar to 30 Jun are 112 days, as above.
      expect(find(run.accounts, 'K')).toMatchObject({ tier: 'long', days_past_due: 112, amount_covered: '2000.00', overdue_amount: '3000.00', last_paid_on: '2025-02-10', last_paid_amount: '1000.00', held_reason: null })
    })

    test('one receipt that pays for two accounts is taken back for one of them', async () => {
      const run = await ageBook({
        loans: ['K1', 'K2'].map((account_id) => ({ account_id, status: 'open' })),
        schedule: ['K1', 'K2'].map((account_id) => ({ account_id, instalment_no: 1, due_on: '2025-06-20', amount_due: '100.00' })),
        repayments: [
          ...['K1', 'K2'].map((account_id) => ({ payment_id: 'R-1', account_id, paid_on: '2025-06-20', amount: '100.00' })),
          { payment_id: 'R-2', account_id: 'K2', paid_on: '2025-06-25', amount: '100.00', reverses: 'R-1' },
        ],
        settings: { ...dates, inputs: { repayments: { key: ['payment_id', 'account_id'] } } },
      })
      expect(run.exit, run.stderr).toBe(0)
      expect(find(run.accounts, 'K1')).toMatchObject({ tier: 'current', amount_covered: '100.00', held_reason: null })
      expect(find(run.accounts, 'K2')).toMatchObject({ tier: 'short', days_past_due: 10, amount_covered: '0.00', held_reason: null })
    })

    test('with the default key the run is refused and names the key that fits', async () => {
      const run = await ageBook({ ...book, settings: dates })
      expect(run.exit).toBe(3)
      expect(publishedFolder(run.dir)).toBeUndefined()
      expect(said(run)).toMatch(/payment_id, ?instalment_no/)
      expect(rejectsOf(run, asOf).map((line) => Number(line.line))).toEqual([4, 5, 6])
    })

    test('where the share is lifted all three are rejected and the account is held', async () => {
      const run = await ageBook({ ...book, settings: { ...dates, inputs: { repayments: { max_reject_share: 1 } } } })
      expect(run.exit, run.stderr).toBe(0)
      // March, April and May are open: 10 Mar to 30 Jun is 21 + 30 + 31 + 30 = 112 days. Held: nobody is chased whose payment lies in quarantine.
      expect(find(run.accounts, 'K')).toMatchObject({ tier: 'long', days_past_due: 112, overdue_amount: '3000.00', held_since: '2025-05-10' })
      expect(heldReasons(find(run.accounts, 'K')['held_reason'])).toHaveLength(1)
    })
  })

  test('15: zeros beyond the decimals are taken, other digits there are not', async () => {
    const run = await ageBook({
      loans: [{ account_id: 'Z', status: 'open' }],
      schedule: [{ account_id: 'Z', instalment_no: 1, due_on: '2025-06-20', amount_due: '100.000000' }],
      repayments: [
        { payment_id: 'Z-1', account_id: 'Z', paid_on: '2025-06-20', amount: '12.340000' },
        { payment_id: 'Z-2', account_id: 'Z', paid_on: '2025-06-20', amount: '12.345' },
        { payment_id: 'Z-3', account_id: 'Z', paid_on: '2025-06-20', amount: '12.3450' },
      ],
      settings: { ...dates, inputs: { repayments: { max_reject_share: 1 } } },
    })
    expect(run.exit, run.stderr).toBe(0)
    expect(rejectsOf(run, asOf).map(({ line, column, value }) => [Number(line), column, value])).toEqual([
      [3, 'amount', '12.345'],
      [4, 'amount', '12.3450'],
    ])
    // 100.00 - 12.34.
    expect(find(run.accounts, 'Z')).toMatchObject({ days_past_due: 10, overdue_amount: '87.66', amount_covered: '12.34' })
  })

  test('16: a rejected loan row takes nothing with it in silence', async () => {
    // R's own row has no such date: 11 instalments and 9 payments of 100 have a parent that was rejected. X is in no loan row: 50.
    const elevenths = Array.from({ length: 11 }, (_, n) => `${n < 6 ? 2024 : 2025}-${String(((n + 6) % 12) + 1).padStart(2, '0')}-15`)
    const run = await ageBook({
      loans: [
        { account_id: 'R', status: 'open', disbursed_on: '2024-13-01' },
        { account_id: 'G', status: 'open', disbursed_on: '2024-12-01' },
      ],
      schedule: [...elevenths.map((due_on, n) => ({ account_id: 'R', instalment_no: n + 1, due_on, amount_due: '100.00' })), { account_id: 'G', instalment_no: 1, due_on: '2025-06-20', amount_due: '70.00' }],
      repayments: [
        ...elevenths.slice(0, 9).map((paid_on, n) => ({ payment_id: `R-${n}`, account_id: 'R', paid_on, amount: '100.00' })),
        { payment_id: 'G-1', account_id: 'G', paid_on: '2025-06-20', amount: '20.00' },
        { payment_id: 'X-1', account_id: 'X', paid_on: '2025-06-20', amount: '50.00' },
      ],
      settings: { ...dates, inputs: { loans: { max_reject_share: 1 } } },
    })
    expect(run.exit, run.stderr).toBe(0)
    expect(find(run.accounts, 'R')['tier']).toBe('rejected')
    expect(find(run.accounts, 'G')).toMatchObject({ tier: 'short', days_past_due: 10, overdue_amount: '50.00' })
    expect(run.accounts).toHaveLength(2)
    // Orphans are accepted rows: they do not count to the allowed share, and the run names count and money.
    expect(rowsOf(run, 'schedule')).toMatchObject({ read: 12, accepted: 12, rejected: 0 })
    expect(rowsOf(run, 'repayments')).toMatchObject({ read: 11, accepted: 11, rejected: 0 })
    expect(rowsOf(run, 'loans')).toMatchObject({ read: 2, accepted: 1, rejected: 1 })
    const line = moneyOf(run, 'CNY')!
    expect([line.received, line.covered, line.advance, line.unmatched]).toEqual(['970.00', '20.00', '0.00', '950.00'])
    const unmatched = csvRows(join(publishedFolder(run.dir)!, 'unmatched/repayments.csv'))
    expect(unmatched.map((row) => Object.values(row).find((cell) => cell === 'no_loan' || cell === 'parent_rejected'))).toEqual([...Array(9).fill('parent_rejected'), 'no_loan'])
    expect(said(run)).toContain('950.00')
  })

  test('16: one id on two loan rows: neither is believed, and the account is held since the earlier of their dates', async () => {
    const run = await ageBook({
      loans: [
        { account_id: 'T', status: 'open', disbursed_on: '2024-12-01' },
        { account_id: 'T', status: 'open', disbursed_on: '2024-11-01' },
      ],
      schedule: [{ account_id: 'T', instalment_no: 1, due_on: '2025-06-20', amount_due: '70.00' }],
      repayments: [],
      settings: { ...dates, inputs: { loans: { max_reject_share: 1 } } },
    })
    expect(run.exit, run.stderr).toBe(0)
    expect(run.accounts).toHaveLength(1)
    expect(run.accounts[0]).toMatchObject({ account_id: 'T', tier: 'rejected', held_reason: 'row_in_quarantine', held_since: '2024-11-01', days_past_due: null, borrower_id: null })
  })

  test("the export's own outstanding is a photograph of the day that it holds whole", async () => {
    // The newest row of the file is of 28 June, an undo: before that day the figure had another value.
    const ask = async (as_of: string, settings: object = {}) => {
      const run = await ageBook({
        loans: [{ account_id: 'P', status: 'open', outstanding_principal: '900.00' }],
        schedule: [{ account_id: 'P', instalment_no: 1, due_on: '2025-07-20', amount_due: '1000.00' }],
        repayments: [
          { payment_id: '1', account_id: 'P', paid_on: '2025-06-20', amount: '100.00', reverses: '' },
          { payment_id: '2', account_id: 'P', paid_on: '2025-06-28', amount: '50.00', reverses: '1' },
        ],
        settings: { as_of, work_on: as_of, ...settings },
      })
      expect(run.exit, run.stderr).toBe(0)
      return find(run.accounts, 'P')['outstanding_principal']
    }
    expect(await ask('2025-06-27')).toBe(null)
    expect(await ask('2025-06-28')).toBe('900.00')
    expect(await ask('2025-06-30')).toBe('900.00')
    // Stated, only that day itself will do.
    expect(await ask('2025-06-29', { data_through: '2025-06-30' })).toBe(null)
    expect(await ask('2025-06-30', { data_through: '2025-06-30' })).toBe('900.00')
  })

  test('16: two good loans in three do not pass the default share', async () => {
    const run = await ageBook({
      loans: [
        { account_id: 'A', status: 'open', disbursed_on: '2024-13-01' },
        { account_id: 'B', status: 'open', disbursed_on: '2024-12-01' },
      ],
      schedule: [{ account_id: 'B', instalment_no: 1, due_on: '2025-06-20', amount_due: '70.00' }],
      repayments: [],
      settings: dates,
    })
    expect(run.exit).toBe(3)
    expect(publishedFolder(run.dir)).toBeUndefined()
    expect(existsSync(join(run.dir, 'out/refused', asOf))).toBe(true)
  })

  describe('19: a status that nothing maps', () => {
    const book = {
      loans: ['1', '2', '3'].map((no) => ({ account_id: `U${no}`, status: no === '3' ? 'open' : '代偿结清' })),
      schedule: ['1', '2', '3'].map((no) => ({ account_id: `U${no}`, instalment_no: 1, due_on: '2025-06-20', amount_due: '70.00' })),
      repayments: [],
    }

    test('is one question with its count, not a reject for each row', async () => {
      const run = await ageBook({ ...book, settings: dates })
      expect(run.exit).toBe(2)
      expect(run.stderr.match(/代偿结清/g)?.length).toBeGreaterThan(0)
      expect(run.stderr).toMatch(/\b2 rows\b/)
      expect(publishedFolder(run.dir)).toBeUndefined()
    })

    test('is mapped by one line, or taken as open', async () => {
      const mapped = await ageBook({ ...book, settings: { ...dates, inputs: { loans: { values: { status: { 代偿结清: 'closed' } } } } } })
      // Closed without a day and without a payment, and 70 fell due: a person looks.
      expect(mapped.exit, mapped.stderr).toBe(0)
      expect(heldReasons(find(mapped.accounts, 'U1')['held_reason'])).toEqual(['closed_but_owing'])
      const open = await ageBook({ ...book, settings: { ...dates, unknown_status: 'open' } })
      expect(open.exit, open.stderr).toBe(0)
      expect(find(open.accounts, 'U1')).toMatchObject({ tier: 'short', days_past_due: 10, held_reason: null })
    })
  })

  test('4: what is to be done is reckoned from the day of work', async () => {
    const rules = `- table: actions
  hit: first
  rules:
    - id: T
      when: { tier: '"due_now"' }
      then: { action: sms, list: soft, due_in_days: 0, reason: due yesterday }
`
    const run = await ageBook({
      loans: [{ account_id: 'T', status: 'open' }],
      schedule: [{ account_id: 'T', instalment_no: 1, due_on: '2025-06-30', amount_due: '1000.00' }],
      repayments: [],
      settings: { as_of: asOf },
      rules,
    })
    expect(run.exit, run.stderr).toBe(0)
    // Nobody said work_on: for a run it is the day after.
    expect(find(run.accounts, 'T')).toMatchObject({ work_on: '2025-07-01', tier: 'due_now', rule_id: 'T', action: 'sms', action_due_on: '2025-07-01' })
  })

  test('19: money on written-off accounts is in the total, and shown apart', async () => {
    const run = await ageBook({
      loans: [
        { account_id: 'O', status: 'open', written_off_on: '' },
        { account_id: 'W', status: 'written_off', written_off_on: '2025-05-01' },
      ],
      schedule: [
        { account_id: 'O', instalment_no: 1, due_on: '2025-06-20', amount_due: '100.00' },
        { account_id: 'W', instalment_no: 1, due_on: '2024-12-31', amount_due: '1000.00' },
      ],
      repayments: [
        { payment_id: '1', account_id: 'O', paid_on: '2025-06-20', amount: '100.00', kind: '' },
        { payment_id: '2', account_id: 'W', paid_on: '2025-06-10', amount: '200.00', kind: 'payment' },
        { payment_id: '3', account_id: 'W', paid_on: '2025-06-12', amount: '30.00', kind: 'recovery' },
        { payment_id: '4', account_id: 'W', paid_on: '2025-06-12', amount: '5.00', kind: 'waiver' },
        { payment_id: '5', account_id: 'O', paid_on: '2025-07-02', amount: '9.00', kind: 'payment' },
      ],
      settings: dates,
    })
    expect(run.exit, run.stderr).toBe(0)
    const line = moneyOf(run, 'CNY')!
    // 100 + 200 + 30 + 5; the waiver is no cash; 9.00 is dated later.
    expect(line).toMatchObject({ received: '335.00', of_which_cash: '330.00', of_which_other: '5.00', of_which_written_off_or_sold: '235.00', covered: '335.00', later: '9.00' })
    expect(money(find(run.accounts, 'W')['overdue_amount'] as string, 2)).toBe(76500n)
  })
})
