import { describe, expect, test } from 'vitest'
import { cli } from '../cli/typed.ts'
import { given } from '../read/given.ts'
import { largestOf, morningOf, standingOf } from '../reference/morning.ts'
import { inventedBook } from './invented-book.ts'

const rules = `- table: actions
  hit: first
  rules:
    - id: LATE
      when: { days_past_due: '> 0' }
      then: { action: call, list: calls, reason: late }
    - id: REST
      when: {}
      then: { action: none, reason: nothing is due }
`

/**
 * As of 30 June 2025; the month began on 31 May, at its end. All amounts due are principal.
 * A: 100 due 20 May (paid that day), 20 June, 20 July. 40 of 28 June were taken back on the 29th.
 * B: 300 due 15 May, paid on 30 June. C: 500 due 1 March; a row in quarantine holds it. D: paid out on 10 June, 400 due 10 July.
 * E: 200 due 1 April, paid and closed on 15 June. F, in USD: 50 due on the day itself. 7 met no account.
 */
const files = {
  'rules.yaml': rules,
  'loans.csv': `account_id,borrower_id,currency,status,disbursed_on,closed_on
A,P1,CNY,open,2025-01-01,
B,P2,CNY,open,2025-01-01,
C,P1,CNY,open,2025-01-01,
D,P4,CNY,open,2025-06-10,
E,P5,CNY,closed,2025-01-01,2025-06-15
F,P6,USD,open,2025-01-01,
`,
  'schedule.csv': `account_id,instalment_no,due_on,amount_due,principal_due
A,1,2025-05-20,100.00,100.00
A,2,2025-06-20,100.00,100.00
A,3,2025-07-20,100.00,100.00
B,1,2025-05-15,300.00,300.00
C,1,2025-03-01,500.00,500.00
D,1,2025-07-10,400.00,400.00
E,1,2025-04-01,200.00,200.00
F,1,2025-06-30,50.00,50.00
`,
  'repayments.csv': `payment_id,account_id,paid_on,amount,kind,reverses
P1,A,2025-05-20,100.00,,
P2,E,2025-06-15,200.00,,
P3,Z,2025-06-20,7.00,,
P4,A,2025-06-28,40.00,,
P5,A,2025-06-29,40.00,undo,P4
P6,B,2025-06-30,300.00,,
P7,C,2025-06-30,5OO.00,,
`,
}
const stated = { rules: 'rules.yaml', currency: 'CNY' }

interface Said {
  readonly morning: Readonly<Record<string, string | number | null>>[]
  readonly largest: Readonly<Record<string, string | number | null>>[]
  readonly ageing: Readonly<Record<string, string | number | null>>[]
  readonly actions: Readonly<Record<string, string | number | null>>[]
  readonly warnings: { readonly code: string; readonly says: string }[]
}
const run = async (of: Readonly<Record<string, string>>, settings: object, ...argv: string[]): Promise<Said> => {
  const { stdout, stderr, code } = await cli('run', '--config', given({ 'rules.yaml': rules, ...of }, { ...stated, ...settings }).config, '--json', '--reports', 'morning,largest', ...argv)
  expect([0, 5], stderr).toContain(code)
  return JSON.parse(stdout)
}

describe('a book worked by hand', () => {
  test('morning', async () => {
    const { morning } = await run(files, {})
    const lines = (currency: string | null) => morning.filter((row) => row.currency === currency).map((row) => ['measure', 'today', 'day_before', 'day_change', 'month_start', 'month_change'].map((column) => row[column]))
    expect(lines('CNY')).toEqual([
      ['active_accounts', 4, 4, 0, 4, 0],
      ['outstanding_principal', '1100.00', '1400.00', '-300.00', '1200.00', '-100.00'],
      ['late_accounts', 2, 3, -1, 3, -1],
      ['overdue_amount', '600.00', '900.00', '-300.00', '1000.00', '-400.00'],
      // 600 / 1100, 900 / 1400, 1000 / 1200.
      ['arrears_rate', '0.545455', '0.642857', '-0.097402', '0.833333', '-0.287878'],
      // A and C owe 700; A, B and C owed 1,000; B, C and E owed 1,000.
      ['par_1', '0.636364', '0.714286', '-0.077922', '0.833333', '-0.196969'],
      // C; on the 29th B stood at 45 days; on 31 May C at 91 and E at 60, which is not over 60.
      ['par_30', '0.454545', '0.571429', '-0.116884', '0.583333', '-0.128788'],
      ['par_60', '0.454545', '0.357143', '0.097402', '0.416667', '0.037878'],
      ['par_90', '0.454545', '0.357143', '0.097402', '0.416667', '0.037878'],
      ['cash_of_day', '300.00', '-40.00', '340.00', null, null],
      // 200 + 7 + 40 - 40 + 300.
      ['cash_month_to_date', '507.00', '207.00', '300.00', null, null],
      ['held_accounts', 1, null, null, null, null],
      ['held_back', 1, null, null, null, null],
      ['unmatched_amount', '7.00', null, null, null, null],
    ])
    expect(lines('USD').slice(0, 4)).toEqual([
      ['active_accounts', 1, 1, 0, 1, 0],
      ['outstanding_principal', '50.00', '50.00', '0.00', '50.00', '0.00'],
      ['late_accounts', 0, 0, 0, 0, 0],
      ['overdue_amount', '0.00', '0.00', '0.00', '0.00', '0.00'],
    ])
    expect(morning.filter(({ means }) => typeof means !== 'string' || means === '')).toEqual([])
    expect(lines(null)).toEqual([['unmatched_rows', 1, null, null, null, null], ['rejected_rows', 1, null, null, null, null]])
  })

  test('largest', async () => {
    const { largest } = await run(files, {})
    expect(largest.map((row) => ['section', 'currency', 'rank', 'account_id', 'borrower_id', 'accounts_late', 'days_past_due', 'overdue_amount', 'share', 'overdue_month_start', 'held_reason'].map((column) => row[column]))).toEqual([
      ['account', 'CNY', 1, 'C', 'P1', 1, 121, '500.00', '0.833333', '500.00', 'row_in_quarantine'],
      ['account', 'CNY', 2, 'A', 'P1', 1, 10, '100.00', '0.166667', '0.00', null],
      ['borrower', 'CNY', 1, 'C', 'P1', 2, 121, '600.00', '1.000000', '500.00', 'row_in_quarantine'],
    ])
  })

  test('laid out by a column, rows of no account are left out; on the first of a month the cash of the day before is not told', async () => {
    const { morning } = await run(files, {}, '--by', 'borrower_id', '--as-of', '2025-06-01', '--allow-partial-day')
    expect(morning.filter(({ borrower_id, measure }) => borrower_id === 'P1' && /^(active|overdue|cash)/.test(String(measure))).map(({ measure, today, day_before }) => [measure, today, day_before])).toEqual([
      ['active_accounts', 2, 2], ['overdue_amount', '500.00', '500.00'], ['cash_of_day', '0.00', null], ['cash_month_to_date', '0.00', null],
    ])
    expect(morning.some(({ currency, measure }) => currency === null || measure === 'unmatched_amount')).toBe(false)
  })

  test('an account that ended on an unknown day makes what is told of earlier days incomplete', async () => {
    const undated = { ...files, 'loans.csv': files['loans.csv'].replace('E,P5,CNY,closed,2025-01-01,2025-06-15', 'E,P5,CNY,written_off,2025-01-01,') }
    const incomplete = async (of: typeof files) => (await run(of, {})).warnings.filter(({ code }) => code === 'incomplete').map(({ says }) => says)
    expect(await incomplete(undated)).toEqual([expect.stringContaining('1 account is closed, written off or sold on an unknown day')])
    expect(await incomplete(files)).toEqual([])
  })

  test('where the schedule says only what is open today, today is told alone', async () => {
    const open = { ...files, 'schedule.csv': 'account_id,instalment_no,due_on,amount_open\nA,2,2025-06-20,100.00\nB,1,2025-05-15,0.00\nC,1,2025-03-01,500.00\nD,1,2025-07-10,400.00\nE,1,2025-04-01,0.00\nF,1,2025-06-30,50.00\n' }
    const { morning } = await run(open, {})
    expect(morning.filter(({ currency }) => currency === 'CNY').slice(0, 4).map(({ measure, today, day_before, month_start }) => [measure, today, day_before, month_start])).toEqual([
      ['active_accounts', 4, null, null], ['outstanding_schedule', '1000.00', null, null], ['late_accounts', 2, null, null], ['overdue_amount', '600.00', null, null],
    ])
  })
})

test.each([1, 2, 3])('an invented book, by a plain second computation: %i', async (seed) => {
  const { rows, csv, asOf } = inventedBook(seed)
  const { morning, largest, ageing, actions } = await run(csv, { as_of: asOf, work_on: asOf, data_through: asOf, ties_min_agree: 0, implausible_max_share: 1 })
  const standing = standingOf(rows, asOf)
  const tiers = ageing.filter(({ section, accounts }) => section === 'tier' && accounts !== 0)
  expect(tiers.map(({ currency, name, accounts, overdue_amount, outstanding_principal }) => [`${currency} ${name}`, accounts, overdue_amount, outstanding_principal]).sort(([a], [b]) => (String(a) < String(b) ? -1 : 1))).toEqual(standing.tiers)
  const acted = new Map<string, [number, number]>()
  for (const { currency, action, accounts, overdue_amount } of actions) {
    const [count, cents] = acted.get(`${currency} ${action}`) ?? [0, 0]
    acted.set(`${currency} ${action}`, [count + Number(accounts), cents + Math.round(Number(overdue_amount) * 100)])
  }
  expect([...acted].map(([key, [count, cents]]) => [key, count, (cents / 100).toFixed(2)]).sort(([a], [b]) => (String(a) < String(b) ? -1 : 1))).toEqual(standing.actions)
  // The bucket rows of each currency are its book.
  for (const total of ageing.filter(({ section }) => section === 'total')) {
    const parts = ageing.filter(({ section, currency }) => section === 'bucket' && currency === total.currency)
    for (const figure of ['accounts', 'overdue_amount', 'outstanding_principal']) expect(parts.reduce((sum, row) => sum + Math.round(Number(row[figure]) * 100), 0), `${total.currency} ${figure}`).toBe(Math.round(Number(total[figure]) * 100))
  }
  const expected = morningOf(rows, asOf)
  for (const [currency, measures] of expected) for (const [measure, values] of Object.entries(measures)) {
    const row = morning.find((one) => one.currency === currency && one.measure === measure)
    expect([row!.today, row!.day_before, row!.month_start].map((value) => (value === null ? null : String(value))), `${currency} ${measure}`).toEqual(values)
  }
  expect(largest.map(({ section, currency, rank, account_id, borrower_id, accounts_late, overdue_amount }) => ({ section, currency, rank, account_id, borrower_id, accounts_late, overdue_amount }))).toEqual(largestOf(rows, asOf))
})
