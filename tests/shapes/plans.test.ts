import { describe, expect, test } from 'vitest'
import { explain } from '../../src/cli/commands/explain.ts'
import { started } from '../explain/book.ts'
import { figures, folder } from './book.ts'

// Counted on a calendar by hand.

const asOf = { as_of: '2025-06-30', data_through: '2025-06-30' }
const loans = (...ids: string[]) => `account_id\n${ids.join('\n')}\n`

describe('plans of open instalments alone', () => {
  // practice.md 6b: 1,000 on the 10th from January; January to March paid, April to June not. The plan holds 4 to 6, payments are complete.
  const schedule = 'account_id,instalment_no,due_on,principal_due,interest_due\nA,4,2025-04-10,900.00,100.00\nA,5,2025-05-10,910.00,90.00\nA,6,2025-06-10,920.00,80.00\nA,7,2025-07-02,930.00,70.00\nB,6,2025-07-10,1000.00,0.00\n'
  const repayments = 'payment_id,account_id,paid_on,amount\nP1,A,2025-01-10,1000.00\nP2,A,2025-02-10,1000.00\nP3,A,2025-03-10,1000.00\n'
  const only = { ...asOf, inputs: { schedule: { open_only: true } } }

  test('are open by their amounts, and payments are not poured over them again', async () => {
    const { of, money, warnings, conventions } = await figures(folder({ loans: loans('A', 'B'), schedule, repayments }, only))
    // 10 April to 30 June: 20 + 31 + 30.
    expect(of('A')).toMatchObject({ tier: 'medium', days_late: 81, overdue_amount: '3000.00', overdue_principal: '2730.00', overdue_interest: '270.00', instalments_overdue: 3, outstanding_principal: '3660.00', last_paid_on: '2025-03-10', last_paid_amount: '1000.00', held_reason: null, next_due_on: '2025-07-02' })
    expect(of('B')).toMatchObject({ tier: 'current', days_late: 0, held_reason: null })
    expect(money).toMatchObject([{ received: '0.00', advance: '0.00' }])
    expect(warnings).toContain('open-plan')
    expect(conventions).toMatch(/^the schedule holds open instalments alone, of 2025-06-30/)
  })

  test('what was paid of one stands on its row', async () => {
    const parts = 'account_id,instalment_no,due_on,amount_due,amount_paid\nA,4,2025-04-10,1000.00,400.00\nA,5,2025-05-10,1000.00,\n'
    const { of, warnings } = await figures(folder({ loans: loans('A'), schedule: parts }, only))
    expect(of('A')).toMatchObject({ days_late: 81, overdue_amount: '1600.00' })
    expect(warnings).not.toContain('paid-amounts-not-used')
  })

  test('explain agrees; another day is refused', async () => {
    const config = folder({ loans: loans('A', 'B'), schedule, repayments }, only)
    expect((await started(explain, { typed: { config }, args: ['A'] })).shown).toContain('81 days')
    await expect(figures(folder({ loans: loans('A'), schedule, repayments }, { ...only, as_of: '2025-05-31' }))).rejects.toThrow('the schedule says what was open on 2025-06-30')
  })

  test('unstated, they are held, and the setting is named', async () => {
    const { of, said } = await figures(folder({ loans: loans('A', 'B'), schedule, repayments }, asOf))
    expect(of('A')).toMatchObject({ held_reason: 'history_cut' })
    expect(said).toContain('2 plans (A first) begin after instalment 1. Where the export holds open instalments alone, set inputs.schedule.open_only: true; else give loans paid_before.')
  })
})

describe('plans that say by words what was paid', () => {
  const schedule = [
    'account_id,instalment_no,due_on,principal_due,interest_due,status,paid_on',
    'A,1,2025-04-10,90.00,10.00,已还,2025-04-12',
    'A,2,2025-05-10,90.00,10.00,逾期,',
    'A,3,2025-06-10,90.00,10.00,已还,2025-06-10',
    'A,4,2025-07-02,90.00,10.00,未还,',
    'B,1,2025-05-31,90.00,10.00,部分,',
    'C,1,2025-05-31,90.00,10.00,豁免,2025-06-05',
    'D,1,2025-05-31,90.00,10.00,已还,',
    'E,1,2025-06-30,90.00,10.00,,',
  ].join('\n')
  const values = { status: { 已还: 'paid', 逾期: 'overdue', 未还: 'unpaid', 部分: 'part_paid', 豁免: 'waived' } }
  const book = (settings: object = {}) => folder({ loans: loans('A', 'B', 'C', 'D', 'E'), schedule: `${schedule}\n` }, { ...asOf, ...settings, inputs: { schedule: { values } } })

  test('each instalment is paid or not by itself', async () => {
    const { of, money, warnings, conventions } = await figures(book())
    // 10 May to 30 June: 21 + 30. June was paid: it does not cover May.
    expect(of('A')).toMatchObject({ tier: 'medium', days_late: 51, overdue_amount: '100.00', overdue_principal: '90.00', instalments_paid: 2, instalments_overdue: 1, last_paid_on: '2025-06-10', last_paid_amount: '100.00', next_due_on: '2025-07-02', outstanding_principal: '180.00', held_reason: null })
    expect(of('B')).toMatchObject({ days_late: 30, tier: 'short', overdue_amount: '100.00' })
    expect(of('C')).toMatchObject({ days_late: 0, last_paid_on: null })
    expect(of('D')).toMatchObject({ days_late: 0, last_paid_on: '2025-06-30' })
    expect(of('E')).toMatchObject({ tier: 'due_now', due_today_amount: '100.00' })
    expect(money).toMatchObject([{ received: '400.00', of_which_cash: '300.00', of_which_other: '100.00', covered: '400.00', advance: '0.00' }])
    expect(warnings).toContain('part-paid-unknown')
    expect(conventions).toMatch(/^instalments are paid or not as their status says/)
  })

  test('on an earlier day by the day of payment; where none is given the account is held', async () => {
    const { of } = await figures(book({ as_of: '2025-05-31' }))
    expect(of('A')).toMatchObject({ days_late: 21, overdue_amount: '100.00', held_reason: null })
    expect(of('C')).toMatchObject({ days_late: 0, due_today_amount: '100.00' })
    expect(of('D')).toMatchObject({ due_today_amount: '100.00', held_reason: 'history_cut' })
  })

  test('without numbers too', async () => {
    const unnumbered = 'account_id,due_on,amount_due,status\nA,2025-05-10,100.00,paid\nA,2025-04-10,100.00,unpaid\nA,2025-06-10,100.00,paid\n'
    const { of } = await figures(folder({ loans: loans('A'), schedule: unnumbered }, asOf))
    expect(of('A')).toMatchObject({ days_late: 81, overdue_amount: '100.00', instalments_paid: 2 })
  })

  test('explain lays the money where the words say', async () => {
    const { shown } = await started(explain, { typed: { config: book(), json: true }, args: ['A'] })
    expect(JSON.parse(shown).instalments.map(({ outstanding }: { outstanding: string }) => outstanding)).toEqual(['0.00', '100.00', '0.00', '100.00'])
  })

  test('a word that nothing maps is a question', async () => {
    await expect(figures(folder({ loans: loans('A'), schedule: `${schedule}\n` }, asOf))).rejects.toThrow('schedule.status has the value "已还" in 3 rows, which nothing maps')
  })
})

describe('a row is a payment, or a component', () => {
  test('a payment: the instalment stands once, each row is what came in', async () => {
    // practice.md 5b: 600 on 10 May and 400 on 12 May. U pays 1,050 in two, 50 of it charges; X says two things of one instalment.
    const schedule = 'account_id,instalment_no,due_on,amount_due,amount_paid,paid_on\nP,1,2025-05-10,1000.00,600.00,2025-05-10\nP,1,2025-05-10,1000.00,400.00,2025-05-12\nU,1,2025-05-10,1000.00,700.00,2025-05-10\nU,1,2025-05-10,1000.00,350.00,2025-05-20\nU,2,2025-06-10,1000.00,,\nX,1,2025-05-10,1000.00,600.00,2025-05-10\nX,1,2025-05-10,990.00,400.00,2025-05-12\n'
    const book = (day: string) => folder({ loans: loans('P', 'U', 'X'), schedule }, { as_of: day, data_through: '2025-06-30', inputs: { schedule: { rows: 'payment', max_reject_share: 1 } } })
    const { of, money } = await figures(book('2025-06-30'))
    expect(of('P')).toMatchObject({ days_past_due: 0, amount_due_to_date: '1000.00', amount_covered: '1000.00', instalments_total: 1, last_paid_on: '2025-05-12', held_reason: null })
    expect(of('U')).toMatchObject({ days_past_due: 20, overdue_amount: '1000.00', to_charges: '50.00', instalments_total: 2 })
    expect(of('X')).toMatchObject({ tier: 'no_schedule', held_reason: 'row_in_quarantine' })
    expect(money).toMatchObject([{ received: '2050.00', covered: '2000.00', to_charges: '50.00' }])
    // As of 11 May 400 were open.
    expect((await figures(book('2025-05-11'))).of('P')).toMatchObject({ days_past_due: 1, overdue_amount: '400.00' })
    const { shown } = await started(explain, { typed: { config: book('2025-06-30'), json: true }, args: ['P'] })
    expect(JSON.parse(shown)).toMatchObject({ instalments: [{ amount_due: '1000.00', paid: '1000.00', line: 2 }], payments: [{ amount: '600.00', line: 2 }, { amount: '400.00', line: 3 }] })
  })

  test('a component: rows of one instalment add up, and are its parts', async () => {
    const schedule = 'account_id,instalment_no,due_on,amount_due,kind\nC,1,2025-05-10,900.00,principal\nC,1,2025-05-10,90.00,interest\nC,1,2025-05-10,10.00,fee\nC,2,2025-06-10,910.00,principal\nC,2,2025-06-10,80.00,interest\n'
    const repayments = 'payment_id,account_id,paid_on,amount\nP1,C,2025-05-20,50.00\n'
    const config = folder({ loans: loans('C'), schedule, repayments }, { ...asOf, inputs: { schedule: { rows: 'component' } } })
    const { of } = await figures(config)
    // Money covers fee and interest before principal: 900 and 50 of interest are open of May.
    expect(of('C')).toMatchObject({ days_past_due: 51, overdue_amount: '1940.00', overdue_principal: '1810.00', overdue_interest: '130.00', overdue_fee: '0.00', instalments_total: 2, instalments_overdue: 2, outstanding_principal: '1810.00' })
    const { shown } = await started(explain, { typed: { config, json: true }, args: ['C'] })
    expect(JSON.parse(shown).instalments.map(({ amount_due }: { amount_due: string }) => amount_due)).toEqual(['1000.00', '990.00'])
    await expect(figures(folder({ loans: loans('C'), schedule: schedule.replace('fee', 'bonus'), repayments }, { ...asOf, inputs: { schedule: { rows: 'component' } } }))).rejects.toThrow('schedule.kind has the value "bonus"')
  })
})
