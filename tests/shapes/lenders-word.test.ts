import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { age } from '../../src/cli/commands/age.ts'
import { check } from '../../src/cli/commands/check.ts'
import { explain } from '../../src/cli/commands/explain.ts'
import { run } from '../../src/cli/commands/run.ts'
import { freshDir, started } from '../explain/book.ts'
import { figures, folder } from './book.ts'

// Counted on a calendar by hand.

const asOf = { as_of: '2025-06-30', data_through: '2025-06-30' }

describe('only balances: the days of the lender are taken as given', () => {
  const loans = [
    'account_id,borrower_id,status,outstanding_principal,days_past_due,overdue_amount,next_due_on',
    'L30,B1,open,9000.00,30,812.50,2025-07-05',
    'L31,B2,open,9000.00,31,900.00,',
    'L90,B3,open,9000.00,90,900.00,',
    'L91,B4,open,9000.00,91,,',
    // Due in three days of the work day.
    'NEXT,B5,open,4000.00,0,0.00,2025-07-03',
    'FINE,B6,open,4000.00,-3,,2025-07-20',
    'WORD,B7,open,4000.00,X2,500.00,',
    'NONE,B8,open,4000.00,,,',
    'GONE,B9,written_off,0.00,400,2000.00,',
    'PAID,B10,closed,0.00,0,0.00,',
  ].join('\n')
  const book = (settings: object = {}) => folder({ loans: `${loans}\n` }, { ...asOf, ...settings })

  test('tiers by them, and said so', async () => {
    const { of, warnings, said, conventions } = await figures(book())
    expect(of('L30')).toMatchObject({ tier: 'short', bucket: '1-30', days_late: 30, days_past_due: 30, overdue_amount: '812.50', amount_due_to_date: '812.50', cure_amount: '812.50', basis: 'lender_days', outstanding_principal: '9000.00', next_due_on: '2025-07-05', oldest_unpaid_due_on: null, rolls_on: '2025-07-01' })
    expect(of('L31')).toMatchObject({ tier: 'medium' })
    expect(of('L90')).toMatchObject({ tier: 'medium', rolls_on: '2025-07-01' })
    expect(of('L91')).toMatchObject({ tier: 'long', overdue_amount: null, basis: 'lender_days' })
    expect(of('NEXT')).toMatchObject({ tier: 'preventive', days_past_due: 0, overdue_amount: '0.00' })
    expect(of('FINE')).toMatchObject({ tier: 'current', days_past_due: 0 })
    expect(of('WORD')).toMatchObject({ tier: 'no_schedule', tier_reason: 'days_past_due cannot be read', days_past_due: null, basis: null })
    expect(of('NONE')).toMatchObject({ tier: 'no_schedule', tier_reason: 'no instalments' })
    expect(of('GONE')).toMatchObject({ tier: 'written_off', days_past_due: 400, overdue_amount: '2000.00' })
    expect(of('PAID')).toMatchObject({ tier: 'settled' })
    expect(warnings).toContain('lenders-word')
    expect(said.find((one) => one.startsWith('7 accounts'))).toBe("7 accounts are aged by the lender's own days past due of 2025-06-30: taken as given, and nothing of it is checked. What is overdue of 1 account is not known: give loans overdue_amount.")
    expect(conventions).toMatch(/^days and overdue amounts are the lender's own, of 2025-06-30, taken as given/)
  })

  test('whatever the conventions would make of days', async () => {
    const { of } = await figures(book({ conventions: { grace_days: 45, count_from: 'due_date' } }))
    expect(of('L30')).toMatchObject({ tier: 'short', days_past_due: 30, late_reason_waived: null, overdue_amount: '812.50' })
    const months = await figures(book({ conventions: { months: 'mba' } }))
    expect(months.of('L30')).toMatchObject({ tier: 'no_schedule', tier_reason: 'days_past_due is in days, and tiers go by months' })
  })

  test('another day is refused, several days too', async () => {
    await expect(figures(folder({ loans: `${loans}\n` }, { as_of: '2025-06-29', data_through: '2025-06-30' }))).rejects.toThrow("as_of is 2025-06-29, but the days and dates of the loans are the lender's own, of 2025-06-30")
    await expect(started(age, { typed: { config: book(), asOf: '2025-05-31..2025-06-30' } })).rejects.toThrow("the lender's own")
  })

  test('terms do not make everybody late', async () => {
    const { of } = await figures(folder({ loans: 'account_id,first_due_on,instalments,frequency,instalment_amount,days_past_due\nT,2025-01-10,12,monthly,100.00,0\n' }, asOf))
    expect(of('T')).toMatchObject({ tier: 'current', basis: 'lender_days', days_past_due: 0 })
  })

  test('without any word of lateness the other inputs are asked for', async () => {
    await expect(figures(folder({ loans: 'account_id\nA\n' }, asOf))).rejects.toThrow('No file was given for schedule')
  })

  test('reports and lists carry the mark, and every number adds up', async () => {
    const out = freshDir()
    const config = book({ rules: 'rules.yaml', reports: { make: 'all' } })
    const { exit, shown, said } = await started(run, { typed: { config, out } })
    expect([exit, said]).toEqual([0, said])
    expect(shown).toContain("By the lender's word")
    const csv = (path: string) => readFileSync(join(out, 'latest', path), 'utf8').replace('\ufeff', '').split('\n').map((line) => line.split(','))
    const [head, ...rows] = csv('reports/largest.csv')
    expect(head!.at(-1)).toBe('basis')
    // 900 of L90 and L31, by days, and 812.50 of L30; whose overdue amount is not known stands in no list of the largest.
    expect(rows.filter((row) => row[0] === 'account').map((row) => `${row[head!.indexOf('account_id')]} ${row.at(-1)}`)).toEqual(['L90 lender_days', 'L31 lender_days', 'L30 lender_days'])
    expect(csv('reports/ageing.csv')[0]!.at(-1)).toBe('by_lender')
    expect(csv('worklists/calls.csv')[0]).toContain('basis')
    expect(shown).toMatch(/Conventions: days and overdue amounts are the lender's own/)
  })

  test('explain says whose figure it is; check counts them', async () => {
    const { shown } = await started(explain, { typed: { config: book() }, args: ['L31'] })
    expect(shown).toContain("31 days past due is the lender's own figure, taken as given and not checked.")
    expect((await started(check, { typed: { config: book() } })).exit).toBe(0)
  })
})

describe("a lender's dates, where an account has no plan", () => {
  const loans = [
    'account_id,paid_through_on,next_due_on,frequency,instalment_amount,overdue_amount,days_past_due',
    // Paid through 10 April: 10 May is open, and 10 June.
    'P,2025-04-10,,monthly,500.00,,',
    // 31 January and a month: 28 February. Open on the 28th of February to June, all but 30 June are 5.
    'E,2025-01-31,,monthly,100.00,,',
    'W,2025-06-15,,biweekly,80.00,,',
    'O,2025-06-14,,weekly,80.00,95.00,',
    'N,,2025-05-01,,,320.00,',
    'U,,2025-05-01,,,,',
    'D,,2025-06-30,monthly,75.00,,',
    'A,,2025-07-02,monthly,75.00,,0',
    // The next one that falls due, not the first that is open.
    'X,,2025-07-02,monthly,75.00,,40',
    'Q,2025-06-01,,,75.00,,',
    'S,2025-01-01,,monthly,75.00,,',
  ].join('\n')
  const schedule = 'account_id,instalment_no,due_on,amount_due\nS,1,2025-06-20,300.00\n'
  const repayments = 'payment_id,account_id,paid_on,amount\nR1,P,2025-04-10,2000.00\nR2,S,2025-06-20,300.00\n'

  test('are the source of days', async () => {
    const { of, money, warnings, conventions } = await figures(folder({ loans: `${loans}\n`, schedule, repayments }, asOf))
    // 10 May to 30 June: 21 + 30.
    expect(of('P')).toMatchObject({ tier: 'medium', days_late: 51, days_past_due: 51, oldest_unpaid_due_on: '2025-05-10', overdue_amount: '1000.00', instalments_overdue: 2, basis: 'paid_through_on', amount_due_to_date: '3000.00', amount_covered: '2000.00', advance: '0.00' })
    // 28 February to 30 June: 31 + 30 + 31 + 30.
    expect(of('E')).toMatchObject({ tier: 'long', days_late: 122, overdue_amount: '500.00', instalments_overdue: 5 })
    // 15 June and two weeks: 29 June.
    expect(of('W')).toMatchObject({ days_late: 1, overdue_amount: '80.00', instalments_overdue: 1 })
    // 21 and 28 June; the lender says what is overdue.
    expect(of('O')).toMatchObject({ days_late: 9, overdue_amount: '95.00', instalments_overdue: 2 })
    expect(of('N')).toMatchObject({ tier: 'medium', days_late: 60, overdue_amount: '320.00', basis: 'next_due_on', instalments_overdue: null })
    expect(of('U')).toMatchObject({ days_late: 60, overdue_amount: null })
    expect(of('D')).toMatchObject({ tier: 'due_now', days_late: 0, due_today_amount: '75.00', amount_due_to_date: '75.00', next_due_on: '2025-06-30' })
    expect(of('A')).toMatchObject({ tier: 'preventive', days_late: 0, next_due_on: '2025-07-02', next_due_amount: '75.00', overdue_amount: '0.00' })
    expect(of('X')).toMatchObject({ tier: 'no_schedule', tier_reason: 'next_due_on is ahead, and days_past_due is above 0' })
    expect(of('Q')).toMatchObject({ tier: 'no_schedule', tier_reason: 'paid_through_on: frequency is missing or not known' })
    // A plan goes before the lender's word.
    expect(of('S')).toMatchObject({ tier: 'current', days_late: 0, basis: 'schedule' })
    expect(money).toMatchObject([{ received: '2300.00', covered: '2300.00', advance: '0.00' }])
    expect(warnings.filter((code) => code === 'lenders-word')).toHaveLength(2)
    expect(conventions).toMatch(/^accounts without a plan are aged by the lender's own date/)
  })

  test('under the conventions in force, and with neither plans nor payments', async () => {
    const graced = await figures(folder({ loans: `${loans}\n` }, { ...asOf, conventions: { grace_days: 10 } }))
    expect(graced.of('O')).toMatchObject({ tier: 'current', days_late: 9, days_past_due: 0, late_reason_waived: 'grace' })
    expect(graced.of('P')).toMatchObject({ days_past_due: 51, amount_due_to_date: '1000.00' })
    // Neither plans nor payments: his days go first.
    expect(graced.of('X')).toMatchObject({ tier: 'medium', days_past_due: 40, basis: 'lender_days', next_due_on: '2025-07-02' })
    expect(graced.of('S')).toMatchObject({ basis: 'paid_through_on', days_past_due: 149 })
    const due = await figures(folder({ loans: `${loans}\n` }, { ...asOf, conventions: { count_from: 'due_date' } }))
    expect(due.of('D')).toMatchObject({ tier: 'short', days_past_due: 1, overdue_amount: '75.00' })
  })

  test('hold for the day of the export alone', async () => {
    const { of } = await figures(folder({ loans: `${loans}\n`, schedule, repayments }, { ...asOf, as_of: '2025-06-25' }))
    expect(of('P')).toMatchObject({ tier: 'no_schedule', tier_reason: "the lender's own dates are of another day" })
    expect(of('S')).toMatchObject({ basis: 'schedule' })
  })

  test('explain tells the date', async () => {
    const config = folder({ loans: `${loans}\n`, schedule, repayments }, asOf)
    expect((await started(explain, { typed: { config }, args: ['P'] })).shown).toContain("by the lender's paid_through_on 2025-05-10, one period later, is the first due date that is not paid, 51 days to 2025-06-30.")
    expect((await started(explain, { typed: { config }, args: ['A'] })).shown).toContain("by the lender's next_due_on 2025-07-02 is the first due date that is not paid, nothing is open before 2025-06-30.")
  })
})

test('a tier that stays goes by his days alone, and a warning says so', async () => {
  const loans = 'account_id,days_past_due,overdue_amount\nA,120,900.00\nB,40,300.00\n'
  const { of, said } = await figures(folder({ loans }, { ...asOf, preset: 'in-sma', history_columns: true }))
  expect(of('A')).toMatchObject({ tier: 'NPA', days_past_due: 120, class_since: null })
  expect(of('B')).toMatchObject({ tier: 'SMA-1', days_past_due: 40, max_days_late: null })
  expect(said).toContain('Tiers that should stay until arrears are paid go by days only: its days are by the word of the lender (2 accounts).')
})

test('repayments without a schedule: terms make plans, the others go by his days', async () => {
  const loans = 'account_id,days_past_due,overdue_amount,first_due_on,instalments,frequency,instalment_amount\nT,5,70.00,2025-06-10,3,monthly,100.00\nL,35,250.00,,,,\n'
  const { of, conventions, money } = await figures(folder({ loans, repayments: 'payment_id,account_id,paid_on,amount\nP1,L,2025-05-01,80.00\nP2,T,2025-06-10,40.00\n' }, asOf))
  expect(of('T')).toMatchObject({ basis: 'terms', days_past_due: 20, overdue_amount: '60.00' })
  expect(of('L')).toMatchObject({ basis: 'lender_days', tier: 'medium', days_past_due: 35, overdue_amount: '250.00', amount_covered: '80.00', amount_due_to_date: '330.00', advance: '0.00', last_paid_on: '2025-05-01' })
  expect(conventions).toMatch(/^accounts without a plan are aged by the lender's own days past due, or date/)
  expect(money).toMatchObject([{ received: '120.00', covered: '120.00' }])
})

test('a paid-through date goes by the first due date where the loans have it', async () => {
  const loans = [
    'account_id,paid_through_on,frequency,first_due_on',
    // 31 January, 28 February, 31 March: on 30 March nothing is late.
    'M,2025-02-28,monthly,2025-01-31',
    'Q,2025-02-28,monthly,',
    // Nothing was paid: the first is open.
    'F,2025-01-15,monthly,2025-01-31',
    // Between two due dates: 28 February is paid, 31 March is next.
    'B,2025-03-05,monthly,2025-01-31',
    // 3, 17 and 31 March.
    'W,2025-03-20,biweekly,2025-03-03',
    'X,2025-03-03,biweekly,2025-03-03',
  ].join('\n')
  const { of } = await figures(folder({ loans: `${loans}\n` }, { as_of: '2025-03-30', data_through: '2025-03-30' }))
  expect(['M', 'Q', 'F', 'B', 'W', 'X'].map((id) => `${id} ${of(id)['days_late']} ${of(id)['oldest_unpaid_due_on'] ?? of(id)['next_due_on']}`)).toEqual(['M 0 2025-03-31', 'Q 2 2025-03-28', 'F 58 2025-01-31', 'B 0 2025-03-31', 'W 0 2025-03-31', 'X 13 2025-03-17'])
})
