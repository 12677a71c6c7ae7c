import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { age } from '../../src/cli/commands/age.ts'
import { run } from '../../src/cli/commands/run.ts'
import type { Row } from '../../src/engine/engine.ts'
import { folderOf, started } from '../explain/book.ts'
import { accountsOn } from './book.ts'

// Counted on a calendar by hand.

const rows = (account_id: string, version: string, valid_from: string, dues: readonly (readonly [string, string])[]) =>
  dues.map(([due_on, amount_due], at) => ({ account_id, version, valid_from, instalment_no: at + 1, due_on, amount_due }))

describe('versions of a plan', () => {
  // January and February are paid. From 15 Apr on the rest is asked from July to October.
  const book = {
    loans: [{ account_id: 'V' }, { account_id: 'W', restructured_on: '2025-06-30' }, { account_id: 'X' }],
    schedule: [
      ...rows('V', 'v1', '', ['01', '02', '03', '04', '05', '06'].map((month) => [`2025-${month}-10`, '100.00'] as const)),
      ...rows('V', 'v2', '2025-04-15', ['01', '02', '07', '08', '09', '10'].map((month) => [`2025-${month}-10`, '100.00'] as const)),
      // Ten versions: the last is the newest, whatever text order says.
      ...rows('W', 'v2', '2025-02-01', [['2025-03-10', '50.00']]),
      ...rows('W', 'v10', '2025-02-01', [['2025-06-10', '50.00']]),
      ...rows('X', '', '', [['2025-06-10', '50.00']]),
    ],
    repayments: [
      { payment_id: 'P1', account_id: 'V', paid_on: '2025-01-10', amount: '100.00' },
      { payment_id: 'P2', account_id: 'V', paid_on: '2025-02-10', amount: '100.00' },
    ],
  }

  test.each([
    // 10 Mar to 14 Apr: 21 + 14.
    { asOf: '2025-04-14', V: { days_late: 35, overdue_amount: '200.00', contractual_days_late: 35, forborne: false, instalments_total: 6 } },
    { asOf: '2025-04-15', V: { days_late: 0, overdue_amount: '0.00', contractual_days_late: 36, forborne: true, next_due_on: '2025-07-10', instalments_total: 6 } },
    // 10 Mar to 30 Jun: 21 + 30 + 31 + 30.
    { asOf: '2025-06-30', V: { days_late: 0, contractual_days_late: 112, forborne: true, outstanding_schedule: '400.00' }, W: { days_late: 20, contractual_days_late: 112, forborne: true }, X: { days_late: 20, contractual_days_late: 20, forborne: false } },
    { asOf: '2025-06-29', W: { forborne: true } },
    { asOf: '2025-01-31', W: { tier: 'no_schedule', forborne: false, contractual_days_late: null } },
  ])('the newest that is valid on $asOf stands, whole', async ({ asOf, ...wanted }) => {
    const { of } = await accountsOn(asOf, book)
    for (const [account, figures] of Object.entries(wanted)) expect(of(account), account).toMatchObject(figures)
  })

  test('a day of restructuring without versions makes an account forborne from that day on', async () => {
    const book = { loans: [{ account_id: 'R', restructured_on: '2025-06-30' }], schedule: [{ account_id: 'R', instalment_no: 1, due_on: '2025-06-10', amount_due: '50.00' }], repayments: [] }
    expect((await accountsOn('2025-06-29', book)).of('R')).toMatchObject({ forborne: false, days_late: 19, contractual_days_late: 19 })
    expect((await accountsOn('2025-06-30', book)).of('R')).toMatchObject({ forborne: true, days_late: 20, contractual_days_late: 20 })
  })

  // Called in on 15 June: 200 of July and 100 of August fell due by the 14th. June's 300 are paid, and 150 more: July's, as the older, has 50 open, and August's all.
  test.each([['numbers', true], ['no numbers', false]])('what was called in on one day is as old as it was, with %s', async (_, numbered) => {
    const dues = [['2025-06-01', '300.00'], ['2025-07-01', '200.00'], ['2025-08-01', '100.00']] as const
    const book = {
      loans: [{ account_id: 'C', accelerated_on: '2025-06-15' }],
      // A file in another order than the plan.
      schedule: dues.map(([due_on, principal_due], at) => ({ account_id: 'C', ...(numbered ? { instalment_no: at + 1 } : {}), due_on, principal_due, fee_due: at === 2 ? '0.00' : '10.00' })).reverse(),
      repayments: [{ payment_id: 'P', account_id: 'C', paid_on: '2025-06-20', amount: '470.00' }],
    }
    // 310 + 160 of July's 210: 50 principal of July and 100 of August are open, and no fee.
    const { of } = await accountsOn('2025-06-30', book)
    expect(of('C')).toMatchObject({ instalments_overdue: 2, instalments_paid: 1, overdue_amount: '150.00', overdue_principal: '150.00', overdue_fee: '0.00', days_late: 16 })
  })

  test('no report drops the flag', async () => {
    const rules = '- table: a\n  hit: first\n  rules:\n    - id: N\n      when: { forborne: "true" }\n      then: { action: call, list: soft, channel: phone }\n'
    const { config } = folderOf(book, { as_of: '2025-06-30', out: 'out' }, rules)
    const { exit, shown } = await started(run, { typed: { config, json: true } })
    expect(exit).toBe(0)
    const { ageing, actions, exceptions } = JSON.parse(shown)
    // V is not late, W and X are late by 20 days; X alone has its first plan.
    const tier = (of: string) => ageing.find((row: Row) => row['section'] === 'tier' && row['name'] === of)
    expect(tier('short')).toMatchObject({ accounts: 2, forborne: 1 })
    expect(tier('current')).toMatchObject({ accounts: 1, forborne: 1 })
    expect(actions.find((row: Row) => row['list'] === 'soft')).toMatchObject({ accounts: 2, forborne: 2 })
    expect(actions.find((row: Row) => row['action'] === 'none')).toMatchObject({ accounts: 1, forborne: 0 })
    expect(exceptions.filter((row: Row) => row['kind'] === 'forborne').map((row: Row) => [row['detail'], row['accounts']])).toEqual([['current', 1], ['short', 1]])
    const list = readFileSync(join(dirname(config), 'out/2025-06-30/worklists/soft.csv'), 'utf8').split(/\r?\n/)
    expect(list[0]).toContain(',forborne,')
    const grouped = JSON.parse((await started(age, { typed: { config, json: true, by: 'tier' } })).shown)
    expect(grouped.by.find((row: Row) => row['tier'] === 'short')).toMatchObject({ accounts: 2, forborne: 1 })
  })

  test('a book whose plans do not change has neither column', async () => {
    const { columns } = await accountsOn('2025-06-30', { loans: [{ account_id: 'R' }], schedule: [{ account_id: 'R', instalment_no: 1, due_on: '2025-06-10', amount_due: '50.00' }], repayments: [] })
    expect(columns).not.toContain('forborne')
    expect(columns).not.toContain('contractual_days_late')
  })

  test('one number of one version with two contents is rejected, and told as one cause', async () => {
    const twice = [...book.schedule, { account_id: 'V', version: 'v1', valid_from: '', instalment_no: 2, due_on: '2025-02-10', amount_due: '90.00' }]
    const { of, warnings } = await accountsOn('2025-06-30', { ...book, schedule: twice })
    expect(of('V').held_reason).toBe('row_in_quarantine')
    expect(warnings.find(({ code }) => code === 'two-plans')?.says).toContain('1 account ')
  })
})

describe('what was added to a plan later', () => {
  // The charge of 20 is entered on 10 Nov with a due date of 16 Oct; 550 is paid. Before it: 550 - 500 = 50 of the instalment of 31 Oct.
  const book = {
    loans: [{ account_id: 'A' }],
    schedule: [
      { account_id: 'A', instalment_no: 1, due_on: '2023-10-01', amount_due: '250.00', added_on: '' },
      { account_id: 'A', instalment_no: 2, due_on: '2023-10-16', amount_due: '250.00', added_on: '' },
      { account_id: 'A', instalment_no: 2, due_on: '2023-10-16', amount_due: '20.00', added_on: '2023-11-10' },
      { account_id: 'A', instalment_no: 3, due_on: '2023-10-31', amount_due: '250.00', added_on: '' },
      { account_id: 'A', instalment_no: 4, due_on: '2023-11-15', amount_due: '250.00', added_on: '' },
    ],
    repayments: [{ payment_id: 'P1', account_id: 'A', paid_on: '2023-10-01', amount: '250.00' }, { payment_id: 'P2', account_id: 'A', paid_on: '2023-10-16', amount: '300.00' }],
  }
  test.each([
    { asOf: '2023-11-09', expected: { days_late: 9, overdue_amount: '200.00', outstanding_schedule: '450.00' } },
    { asOf: '2023-11-10', expected: { days_late: 10, overdue_amount: '220.00', outstanding_schedule: '470.00' } },
  ])('counts from its day on: $asOf', async ({ asOf, expected }) => {
    expect((await accountsOn(asOf, book)).of('A')).toMatchObject({ ...expected, instalments_total: 4, oldest_unpaid_due_on: '2023-10-31' })
  })
})

describe('acceleration', () => {
  // March is paid. 10 Apr to 19 May: 20 + 19.
  const book = {
    loans: [{ account_id: 'L', accelerated_on: '2025-05-20' }, { account_id: 'M', accelerated_on: '' }],
    schedule: ['L', 'M'].flatMap((account_id) => ['03', '04', '05', '06', '07'].map((month, at) => ({ account_id, instalment_no: at + 1, due_on: `2025-${month}-10`, amount_due: '100.00' }))),
    repayments: [{ payment_id: 'P', account_id: 'L', paid_on: '2025-03-10', amount: '100.00' }, { payment_id: 'Q', account_id: 'M', paid_on: '2025-03-10', amount: '100.00' }],
  }
  test.each([
    { asOf: '2025-05-19', expected: { days_late: 39, overdue_amount: '200.00', instalments_overdue: 2, next_due_on: '2025-06-10' } },
    { asOf: '2025-05-20', expected: { days_late: 40, overdue_amount: '400.00', instalments_overdue: 4, next_due_on: null, due_today_amount: '0.00', oldest_unpaid_due_on: '2025-04-10' } },
  ])('from that day on all that is open is overdue: $asOf', async ({ asOf, expected }) => {
    const { of } = await accountsOn(asOf, book)
    expect(of('L')).toMatchObject(expected)
    expect(of('M')).toMatchObject({ overdue_amount: '200.00', next_due_on: '2025-06-10' })
  })
})

describe('instalments that are skipped', () => {
  const book = {
    loans: [{ account_id: 'S', product: 'flex' }, { account_id: 'T', product: 'firm' }],
    schedule: ['S', 'T'].flatMap((account_id) => [
      { account_id, instalment_no: 1, due_on: '2024-05-16', amount_due: '475.00', principal_due: '400.00', interest_due: '75.00', status: 'waived' },
      { account_id, instalment_no: 2, due_on: '2024-05-26', amount_due: '475.00', principal_due: '400.00', interest_due: '75.00', status: 'deferred' },
      { account_id, instalment_no: 3, due_on: '2024-06-26', amount_due: '475.00', principal_due: '400.00', interest_due: '75.00', status: '' },
    ]),
    repayments: [],
  }
  const skip = { skip_instalments: ['waived', 'deferred'] }

  test('are never late', async () => {
    const { of } = await accountsOn('2024-06-15', book, { conventions: skip })
    expect(of('S')).toMatchObject({ days_past_due: 0, overdue_amount: '0.00', next_due_on: '2024-06-26' })
  })

  test('by product', async () => {
    const { of } = await accountsOn('2024-06-15', book, { conventions: { products: { flex: skip } } })
    expect(of('S')).toMatchObject({ days_past_due: 0, overdue_amount: '0.00' })
    // 16 May to 15 Jun: 15 + 15.
    expect(of('T')).toMatchObject({ days_past_due: 30, overdue_amount: '950.00' })
  })
})
