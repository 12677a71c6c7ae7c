import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { explain } from '../../src/cli/commands/explain.ts'
import { run } from '../../src/cli/commands/run.ts'
import { sql } from '../../src/engine/sql.ts'
import { explaining, folderOf, freshDir, started } from '../explain/book.ts'
import { accountsOn } from './book.ts'

// Worked by hand with a pocket calculator: interest of a period is the principal open before it times the rate, rounded to the cent.

const plain = { currency: 'CNY', disbursed_on: '2024-12-31', status: 'open' }

/** The plans that a book of loans gives, as lines of number, due date, amount and principal. */
async function plansOf(loans: readonly object[], settings: Readonly<Record<string, unknown>> = {}): Promise<Record<string, string[]>> {
  const { engine, flow, close } = await explaining(folderOf({ loans, schedule: [], repayments: [] }, { as_of: '2025-01-01', ...settings }).config)
  try {
    const rows = await engine.rows(sql`SELECT * FROM ${flow.classified.instalments} ORDER BY account_id, instalment_no`)
    const found: Record<string, string[]> = {}
    for (const row of rows) (found[String(row['account_id'])] ??= []).push([row['instalment_no'], row['due_on'], row['amount_due'], row['principal_due'] ?? 'unknown'].join(' '))
    return found
  } finally {
    close()
  }
}

test('due dates are counted from the first one: month ends, weeks, quarters, days', async () => {
  const dates = (plan: string[] | undefined) => plan?.map((line) => line.split(' ')[1]!.slice(5)).join(' ')
  const of = (account_id: string, first_due_on: string, instalments: number, frequency: string) => ({ account_id, first_due_on, instalments, frequency, instalment_amount: '10.00' })
  const plans = await plansOf([
    of('31', '2025-01-31', 5, 'monthly'), of('30', '2025-01-30', 4, 'Monthly'), of('leap', '2024-02-29', 13, 'monthly'), of('quarter', '2024-11-30', 3, 'quarterly'), of('half', '2024-08-31', 3, 'semiannual'), of('year', '2024-02-29', 3, 'annual'),
    of('week', '2025-02-24', 3, 'weekly'), of('two', '2025-02-24', 3, 'biweekly'), of('ten', '2025-02-24', 3, '10 days'), of('day', '2025-02-27', 3, 'daily'),
  ])
  expect(Object.fromEntries(Object.entries(plans).map(([account, plan]) => [account, dates(plan)]))).toEqual({
    31: '01-31 02-28 03-31 04-30 05-31', 30: '01-30 02-28 03-30 04-30', leap: '02-29 03-29 04-29 05-29 06-29 07-29 08-29 09-29 10-29 11-29 12-29 01-29 02-28',
    quarter: '11-30 02-28 05-30', half: '08-31 02-28 08-31', year: '02-29 02-28 02-28', week: '02-24 03-03 03-10', two: '02-24 03-10 03-24', ten: '02-24 03-06 03-16', day: '02-27 02-28 03-01',
  })
})

test('amounts: the last instalment closes the sum to the cent', async () => {
  const due = { first_due_on: '2025-01-31', frequency: 'monthly' }
  const plans = await plansOf([
    // 1,000 at 12 % a year, 3 months: 1000 * 0.01 / (1 - 1.01^-3) = 340.02. Interest 10.00, 6.70 (669.98 * 1 %), 3.37 (336.66 * 1 %); the last pays 336.66 + 3.37.
    { account_id: 'annuity', ...due, principal: '1000.00', instalments: 3, annual_rate: '12' },
    // The lender rounds to 341: interest 10.00 and 6.69 (669.00), left 334.69, interest 3.35.
    { account_id: 'rounded', ...due, principal: '1000.00', instalments: 3, annual_rate: '12', instalment_amount: '341.00' },
    // Half a cent goes up: 100.50 * 1 % = 1.005.
    { account_id: 'half', ...due, principal: '100.50', instalments: 1, annual_rate: '12' },
    // No interest, 1000 / 3: 333.33 twice and 333.34.
    { account_id: 'free', ...due, principal: '1000.00', instalments: 3, instalment_amount: '333.33' },
    { account_id: 'nought', ...due, principal: '1000.00', instalments: 3, annual_rate: '0' },
    // 270 asked of 200 borrowed, and no rate: every instalment is what is stated.
    { account_id: 'unsaid', ...due, principal: '200.00', instalments: 3, instalment_amount: '90.00' },
    // 1000 / 3 = 333.33; interest on 1000.00, 666.67 and 333.34.
    { account_id: 'principal', ...due, principal: '1000.00', instalments: 3, annual_rate: '12', method: 'equal_principal' },
    { account_id: 'interest', ...due, principal: '1000.00', instalments: 3, annual_rate: '12', method: 'interest_only' },
    // Three months of 1 % at once, on the third due date.
    { account_id: 'bullet', ...due, principal: '1000.00', instalments: 3, annual_rate: '12', method: 'bullet' },
    { account_id: 'whole', ...due, principal: '1000.00', instalments: 1, instalment_amount: '1020.00', method: 'bullet' },
    // Weekly: 52 weeks a year, 1000 * 0.52 / 52 = 10.00.
    { account_id: 'week', first_due_on: '2025-01-06', frequency: 'weekly', principal: '1000.00', instalments: 1, annual_rate: '52' },
    // 100 a month never pays 1,000 at 12 % in 3: stated and rate do not belong together, the stated amount stands.
    { account_id: 'odd', ...due, principal: '1000.00', instalments: 3, annual_rate: '12', instalment_amount: '100.00' },
  ])
  expect(plans).toEqual({
    annuity: ['1 2025-01-31 340.02 330.02', '2 2025-02-28 340.02 333.32', '3 2025-03-31 340.03 336.66'],
    rounded: ['1 2025-01-31 341.00 331.00', '2 2025-02-28 341.00 334.31', '3 2025-03-31 338.04 334.69'],
    half: ['1 2025-01-31 101.51 100.50'],
    free: ['1 2025-01-31 333.33 333.33', '2 2025-02-28 333.33 333.33', '3 2025-03-31 333.34 333.34'],
    nought: ['1 2025-01-31 333.33 333.33', '2 2025-02-28 333.33 333.33', '3 2025-03-31 333.34 333.34'],
    unsaid: ['1 2025-01-31 90.00 unknown', '2 2025-02-28 90.00 unknown', '3 2025-03-31 90.00 unknown'],
    principal: ['1 2025-01-31 343.33 333.33', '2 2025-02-28 340.00 333.33', '3 2025-03-31 336.67 333.34'],
    interest: ['1 2025-01-31 10.00 0.00', '2 2025-02-28 10.00 0.00', '3 2025-03-31 1010.00 1000.00'],
    bullet: ['1 2025-03-31 1030.00 1000.00'],
    whole: ['1 2025-01-31 1020.00 1000.00'],
    week: ['1 2025-01-06 1010.00 1000.00'],
    odd: ['1 2025-01-31 100.00 unknown', '2 2025-02-28 100.00 unknown', '3 2025-03-31 100.00 unknown'],
  })
})

test('in whole amounts of the currency: dinars have thousandths, yen no hundredths', async () => {
  const due = { first_due_on: '2025-01-31', frequency: 'monthly', instalments: 3 }
  const plans = await plansOf([
    { account_id: 'K', currency: 'KWD', ...due, principal: '10.000', instalment_amount: '3.333' },
    { account_id: 'Y', currency: 'JPY', ...due, principal: '1000', annual_rate: '0' },
    // 10050 * 1 % = 100.5, up to 101; the annuity 10050 * 0.01 / (1 - 1.01^-3) = 3417.22.
    { account_id: 'Z', currency: 'JPY', ...due, principal: '10050', annual_rate: '12' },
  ])
  expect(plans).toEqual({
    K: ['1 2025-01-31 3.333 3.333', '2 2025-02-28 3.333 3.333', '3 2025-03-31 3.334 3.334'],
    Y: ['1 2025-01-31 333.000 333.000', '2 2025-02-28 333.000 333.000', '3 2025-03-31 334.000 334.000'],
    // 10050 - 3316 = 6734, interest 67; 6734 - 3350 = 3384, interest 34.
    Z: ['1 2025-01-31 3417.000 3316.000', '2 2025-02-28 3417.000 3350.000', '3 2025-03-31 3418.000 3384.000'],
  })
})

describe('beside a schedule', () => {
  // Rows say 100 on 20 May and 20 Jun; terms say 3 x 90 from 10 May. L-2 has terms alone: 90 due 10 Jun.
  const terms = { ...plain, frequency: 'monthly' }
  const book = {
    loans: [
      { account_id: 'L-1', ...terms, principal: '200.00', instalment_amount: '90.00', first_due_on: '2025-05-10', instalments: 3, method: '' },
      { account_id: 'L-2', ...terms, principal: '90.00', instalment_amount: '90.00', first_due_on: '2025-06-10', instalments: 1, method: '' },
      { account_id: 'L-3', ...terms, principal: '90.00', instalment_amount: '90.00', first_due_on: '2025-06-31', instalments: 1, method: '' },
      { account_id: 'L-4', ...terms, principal: '90.00', instalment_amount: '90.00', first_due_on: '2025-06-10', instalments: 2, frequency: 'sometimes', method: '' },
      { account_id: 'L-5', ...terms, principal: '90.00', instalment_amount: '90.00', first_due_on: '2025-06-10', instalments: 1, method: 'revolving' },
      { account_id: 'L-6', ...terms, method: '' },
      { account_id: 'L-7', ...terms, principal: '90.00', instalment_amount: '90.00', first_due_on: '2025-06-10', instalments: 1, accelerated_on: '2025-05-01' },
    ],
    schedule: [{ account_id: 'L-1', instalment_no: 1, due_on: '2025-05-20', amount_due: '100.00' }, { account_id: 'L-1', instalment_no: 2, due_on: '2025-06-20', amount_due: '100.00' }],
    repayments: [{ payment_id: 'P-1', account_id: 'L-1', paid_on: '2025-05-20', amount: '100.00' }],
  }

  test('rows win over terms, terms stand where there are no rows, and what cannot be read is said', async () => {
    const { of, warnings } = await accountsOn('2025-06-30', book)
    expect(of('L-1')).toMatchObject({ days_past_due: 10, overdue_amount: '100.00', instalments_total: 2, instalments: '3' })
    expect(of('L-2')).toMatchObject({ days_past_due: 20, overdue_amount: '90.00', outstanding_principal: '90.00' })
    expect(of('L-3')).toMatchObject({ tier: 'no_schedule', tier_reason: 'terms: first_due_on cannot be read', days_late: null })
    expect(of('L-4')).toMatchObject({ tier: 'no_schedule', tier_reason: 'terms: frequency is not known' })
    expect(of('L-5')).toMatchObject({ tier: 'no_schedule', tier_reason: 'revolving' })
    expect(of('L-6')).toMatchObject({ tier: 'no_schedule', tier_reason: 'no instalments' })
    // A plan from terms is accelerated as any other: 30 Apr to 30 Jun.
    expect(of('L-7')).toMatchObject({ days_past_due: 61, oldest_unpaid_due_on: '2025-04-30' })
    expect(warnings.find(({ code }) => code === 'terms-not-used')).toMatchObject({ names: ['L-1'] })
    expect(warnings.filter(({ code }) => code === 'terms-at-fault')).toHaveLength(2)
  })
})

describe('without any schedule', () => {
  const loans = 'account_id,currency,principal,disbursed_on,status,instalment_amount,first_due_on,instalments,frequency\nL-1,CNY,400.00,2024-12-31,open,100.00,2025-01-31,4,monthly\n'
  const folder = (loanRows: string) => {
    const dir = freshDir()
    mkdirSync(dir, { recursive: true })
    writeFileSync(join(dir, 'loans.csv'), loanRows)
    writeFileSync(join(dir, 'repayments.csv'), 'payment_id,account_id,paid_on,amount\nP-1,L-1,2025-01-31,200.00\n')
    writeFileSync(join(dir, 'rules.yaml'), '- table: a\n  hit: first\n  rules:\n    - id: N\n      when: {}\n      then: { action: none, reason: aged }\n')
    writeFileSync(join(dir, 'arrears.yaml'), 'as_of: 2025-05-01\nrules: rules.yaml\ninputs: { loans: { files: loans.csv }, repayments: { files: repayments.csv } }\n')
    return join(dir, 'arrears.yaml')
  }

  test('a run needs none where the loans have terms', async () => {
    const { exit, said } = await started(run, { typed: { config: folder(loans), quiet: true } })
    expect(said).not.toContain('error')
    expect(exit).toBe(0)
  })

  test('explain shows the plan, and that it comes from the terms', async () => {
    const { exit, shown } = await started(explain, { typed: { config: folder(loans), json: true }, args: ['L-1'] })
    expect(exit).toBe(0)
    const [account] = [JSON.parse(shown)].flat()
    const text = JSON.stringify(account)
    expect(text).toContain('the plan is built from the terms of its loan row')
    expect(account.instalments ?? account.plan?.instalments).toMatchObject([{ due_on: '2025-01-31', paid: '100.00', line: 2 }, { due_on: '2025-02-28', paid: '100.00' }, { due_on: '2025-03-31', outstanding: '100.00', days: 31 }, { due_on: '2025-04-30', days: 1 }])
  })

  test('and asks for one where they have none', async () => {
    await expect(started(run, { typed: { config: folder(loans.replace('first_due_on', 'begins_on')), quiet: true } })).rejects.toThrow('No file was given for schedule')
  })
})
