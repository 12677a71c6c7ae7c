import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Engine } from '../../src/engine/engine.ts'
import { openEngine } from '../../src/engine/open.ts'
import { csv } from '../../src/publish/formats/csv.ts'
import { json } from '../../src/publish/formats/json.ts'
import { markdown } from '../../src/publish/formats/markdown.ts'
import { terminal } from '../../src/publish/formats/terminal.ts'
import { widthOf } from '../../src/publish/formats/width.ts'
import { summarize, type Summary } from '../../src/publish/summary.ts'
import { account, accountsOf, actionsOf, outcomeOf, scratch } from './book.ts'
import { smallBook } from './small-book.ts'

/** Figures are added up by hand from small-book.ts. */

let engine: Engine
let summary: Summary
beforeAll(async () => {
  const { settings, done } = scratch()
  done()
  engine = await openEngine('duckdb', { scale: 2, threads: 2 })
  summary = await summarize(smallBook(), 10, settings, engine)
})
afterAll(() => engine.close())

const ageing = (currency: string | null, section: string) => summary.ageing.rows.filter((row) => row.currency === currency && row.section === section)
const short = (row: Readonly<Record<string, unknown>>, ...columns: string[]) => columns.map((column) => row[column])

describe('ageing', () => {
  test('by tier: aged tiers always, the others where there is one, rejected accounts without a currency', () => {
    expect(ageing('CNY', 'tier').map((row) => short(row, 'name', 'accounts', 'borrowers', 'share', 'overdue_amount', 'cure_amount', 'held', 'held_overdue_amount'))).toEqual([
      ['current', 1, null, '0.166667', '0.00', '0.00', 0, '0.00'],
      ['preventive', 1, null, '0.166667', '0.00', '0.00', 0, '0.00'],
      ['due_now', 0, null, '0.000000', '0.00', '0.00', 0, '0.00'],
      ['short', 1, 1, '0.166667', '40.00', '40.00', 0, '0.00'],
      ['medium', 2, 2, '0.333333', '180.00', '185.00', 0, '0.00'],
      ['long', 1, 1, '0.166667', '500.00', '500.00', 1, '500.00'],
      ['settled', 1, null, null, '0.00', '0.00', 0, '0.00'],
      ['written_off', 1, null, null, '300.00', '0.00', 0, '0.00'],
    ])
    expect(ageing(null, 'tier').map((row) => short(row, 'name', 'accounts', 'held', 'share'))).toEqual([['rejected', 1, 1, null]])
    expect(ageing(null, 'bucket').concat(ageing(null, 'total'))).toEqual([])
  })

  test('the total is what is aged: written-off and settled accounts are not in it, and what lacks principal is counted', () => {
    expect(ageing('CNY', 'total').map((row) => short(row, 'accounts', 'overdue_amount', 'outstanding_principal', 'without_outstanding_principal', 'outstanding_schedule'))).toEqual([[6, '720.00', '500.00', 1, '550.00']])
    expect(ageing('USD', 'total').map((row) => short(row, 'accounts', 'overdue_amount'))).toEqual([[1, '20.00']])
  })

  test('by bucket and by product', () => {
    expect(ageing('CNY', 'bucket').map((row) => short(row, 'name', 'accounts', 'overdue_amount'))).toEqual([
      ['0', 2, '0.00'], ['1-30', 1, '40.00'], ['31-60', 2, '180.00'], ['61-90', 0, '0.00'], ['91-120', 1, '500.00'], ['121-150', 0, '0.00'], ['151-180', 0, '0.00'], ['181+', 0, '0.00'],
    ])
    expect(ageing('CNY', 'product').map((row) => short(row, 'name', 'accounts', 'overdue_amount'))).toEqual([['card', 1, '90.00'], ['cash', 5, '630.00']])
  })

  test('falls back to what the plan asks only where no account has principal', async () => {
    expect(summary.outstanding).toBe('outstanding_principal')
    const { settings, done } = scratch()
    done()
    const bare = await openEngine('duckdb', { scale: 2, threads: 1 })
    const made = await summarize(outcomeOf(accountsOf([account({ account_id: 'A', outstanding_principal: null })]), undefined), 1, settings, bare)
    expect(made.outstanding).toBe('outstanding_schedule')
    expect(made.actions).toBeUndefined()
    bare.close()
  })
})

describe('actions', () => {
  test('by list, action and channel, what is held or does not lead beside; none by its reason', () => {
    const columns = ['currency', 'list', 'action', 'channel', 'reason', 'accounts', 'borrowers', 'in_list', 'held', 'beside_the_leading', 'overdue_amount']
    expect(summary.actions!.rows.map((row) => short(row, ...columns))).toEqual([
      ['CNY', 'letters', 'letter', 'post', null, 1, 1, 1, 0, 0, '90.00'],
      ['CNY', 'soft', 'sms', 'sms', null, 2, 2, 2, 0, 0, '40.00'],
      ['CNY', '电话', 'call', 'phone', null, 3, 3, 2, 1, 0, '680.00'],
      ['CNY', null, 'none', null, 'not late', 1, null, 0, 0, 0, '0.00'],
      ['CNY', null, 'none', null, 'settled', 1, null, 0, 0, 0, '0.00'],
      ['CNY', null, 'none', null, 'written off', 1, null, 0, 0, 0, '300.00'],
      ['USD', 'soft', 'sms', 'sms', null, 1, 1, 0, 0, 1, '20.00'],
      [null, null, 'none', null, 'no rule', 1, null, 0, 1, 0, null],
    ])
  })

  test('one account with two equal actions of two tables is one borrower', async () => {
    const { settings, done } = scratch()
    done()
    const own = await openEngine('duckdb', { scale: 2, threads: 1 })
    const twice = [1, 2].map((seq) => ({ account_id: 'A', seq, action: 'sms', list: 'soft', channel: 'sms' }))
    const made = await summarize(outcomeOf(accountsOf([account({ account_id: 'A', action: 'sms' })]), actionsOf(twice)), 1, settings, own)
    expect(made.actions!.rows.map((row) => short(row, 'accounts', 'borrowers', 'in_list'))).toEqual([[2, 1, 2]])
    own.close()
  })
})

describe('exceptions', () => {
  test('name what needs a look, with count, money, oldest date and an example', () => {
    expect(summary.exceptions.rows.map((row) => Object.values(row))).toEqual([
      ['held', 'row_in_quarantine', null, 1, null, '0.00', '2025-06-30', 'L-10'],
      ['held', 'row_in_quarantine', 'CNY', 1, null, '500.00', '2025-06-20', 'L-04'],
      // Held since the 20th: for ten days.
      ['held_over_7_days', 'row_in_quarantine', 'CNY', 1, null, '500.00', '2025-06-20', 'L-04'],
      ['rejected_account', null, null, 1, null, '0.00', null, 'L-10'],
      ['rejected_rows', 'loans: currency-unknown', null, 1, 1, null, null, 'L-10'],
      ['rejected_rows', 'repayments: amount-not-a-number', null, 1, 3, null, null, 'L-04'],
      ['unmatched', 'repayments: no_loan', 'CNY', 2, 2, '5.00', null, '@X'],
      ['paid_up_but_open', null, 'CNY', 1, null, '0.00', null, 'L-07'],
      ['paid_after_as_of', null, 'CNY', null, null, '12.00', null, null],
      ['pending', null, 'CNY', 1, null, '7.00', null, 'L-01'],
    ])
  })
})

describe('a book of nothing', () => {
  test.each([
    ['no account at all', 0],
    ['one rejected account', 1],
  ])('%s: reports are made and everything adds up', async (_, n) => {
    const { settings, done } = scratch()
    done()
    const own = await openEngine('duckdb', { scale: 2, threads: 1 })
    const rows = n === 0 ? [] : [{ account_id: 'A', tier: 'rejected', action: 'none', reason: 'no rule' }]
    const made = await summarize(outcomeOf(accountsOf(rows), actionsOf(rows.map(({ account_id, action }) => ({ account_id, action })))), n, settings, own)
    expect(made.ageing.rows.map((row) => short(row, 'section', 'name', 'accounts'))).toEqual(n === 0 ? [] : [['tier', 'rejected', 1]])
    expect(terminal(made, false)).toContain('Lawfulness of contact was not checked.')
    own.close()
  })
})

describe('formats', () => {
  test('terminal: a table a manager can read, and at its foot what is held, what adds up and by which conventions', () => {
    expect(terminal(summary, false)).toBe(`As of 2025-06-30, lists worked on 2025-07-01, newest payment 2025-06-29

CNY
  Tier          Accounts    Share  Overdue amount  Outstanding principal  Held
  ----------------------------------------------------------------------------
  current              1   16.7 %            0.00                 100.00     0
  preventive           1   16.7 %            0.00                 100.00     0
  due_now              0    0.0 %            0.00                   0.00     0
  short                1   16.7 %           40.00                 100.00     0
  medium               2   33.3 %          180.00                 200.00     0
  long                 1   16.7 %          500.00                   0.00     1
  ----------------------------------------------------------------------------
  all of these         6  100.0 %          720.00                 500.00     1
  settled              1                     0.00                   0.00     0
  written_off          1                   300.00                 100.00     0
  Outstanding principal is not known for 1 account of these.
  Days past due: 0: 2 | 1-30: 1 | 31-60: 2 | 91-120: 1

USD
  Tier          Accounts    Share  Overdue amount  Outstanding principal  Held
  ----------------------------------------------------------------------------
  current              0    0.0 %            0.00                   0.00     0
  preventive           0    0.0 %            0.00                   0.00     0
  due_now              0    0.0 %            0.00                   0.00     0
  short                1  100.0 %           20.00                 100.00     0
  medium               0    0.0 %            0.00                   0.00     0
  long                 0    0.0 %            0.00                   0.00     0
  ----------------------------------------------------------------------------
  all of these         1  100.0 %           20.00                 100.00     0
  Days past due: 1-30: 1

1 account rejected, in no currency: the loan row is in quarantine

Actions
  Currency  List     Action             Channel  Accounts  In list  Overdue amount
  --------------------------------------------------------------------------------
  CNY       letters  letter             post            1        1           90.00
  CNY       soft     sms                sms             2        2           40.00
  CNY       电话     call               phone           3        2          680.00
  CNY                none: not late                     1        0            0.00
  CNY                none: settled                      1        0            0.00
  CNY                none: written off                  1        0          300.00
  USD       soft     sms                sms             1        0           20.00
                     none: no rule                      1        0

Held (no action leaves until the row is mended or the hold is lifted)
  row_in_quarantine  1 account              since 2025-06-30
  row_in_quarantine  1 account  500.00 CNY  since 2025-06-20

Rejected rows
  loans: currency-unknown           1 row  1 account
  repayments: amount-not-a-number  3 rows  1 account

Unmatched (accepted rows that meet no account)
  repayments: no_loan  2 rows  5.00 CNY  for example @X

Look at these too
  paid up but open                              1 account    0.00 CNY  for example L-07
  held for more than 7 days: row_in_quarantine  1 account  500.00 CNY  for example L-04
  paid after the as-of date (not counted)                   12.00 CNY
  payments on their way (not counted)           1 account    7.00 CNY  for example L-01

Control totals
  ok  loans: 10 rows read = 9 accepted + 1 rejected; 10 records by an independent count
  ok  repayments: 20 rows read = 17 accepted + 3 rejected; 20 records by an independent count
  ok  CNY: received 115.00 = covered 80.00 + advance 30.00 + unmatched 5.00 - owed back 0.00
  ok  CNY: over all accounts: covered 80.00, advance 30.00, owed back 0.00
  ok  USD: received 0.00 = covered 0.00 + advance 0.00 + unmatched 0.00 - owed back 0.00
  ok  USD: over all accounts: covered 0.00, advance 0.00, owed back 0.00
  ok  10 accounts in = 10 over all tiers (10 rows)
  ok  due to date = covered + overdue + due today for all accounts but 0
  ok  11 actions; 0 accounts without one, 0 actions of no account

Not used yet
  schedule: version

Warnings
  newest-payment-old  The newest payment is 5 days older than as_of.

Conventions: tiers by days past due.
Lawfulness of contact was not checked.
`)
  })

  test('terminal: large figures in groups, colour only where it is allowed', () => {
    const [first, ...rest] = summary.ageing.rows
    const large = { ...summary, ageing: { ...summary.ageing, rows: [{ ...first!, accounts: 1234567, overdue_amount: '12345678901234567.80' }, ...rest] } }
    expect(terminal(large, false)).toMatch(/all of these {2}1,234,567 {2}100.0 % {2}12,345,678,901,234,567.80/)
    const escape = String.fromCharCode(27)
    expect(terminal(summary, false)).not.toContain(escape)
    expect(terminal(summary, true)).toContain(`${escape}[1mCNY`)
  })

  test('terminal: a name from the data cannot move the cursor', () => {
    const rows = summary.exceptions.rows.map((row) => (row.kind === 'unmatched' ? { ...row, example: `x${String.fromCharCode(27)}[2J` } : row))
    expect(terminal({ ...summary, exceptions: { ...summary.exceptions, rows } }, false)).toContain('for example x\uFFFD[2J')
  })

  test('json: the same content, amounts as strings', () => {
    const content = JSON.parse(json(summary))
    expect(content).toMatchObject({ as_of: '2025-06-30', contact: 'Lawfulness of contact was not checked.', outstanding_basis: 'outstanding_principal' })
    expect(content.ageing.find((row: Record<string, unknown>) => row.currency === 'CNY' && row.section === 'total')).toMatchObject({ accounts: 6, overdue_amount: '720.00' })
    expect(content.checks).toHaveLength(9)
  })

  test('csv and markdown: one report', () => {
    const lines = csv(summary.ageing, false).split('\n')
    expect(lines[0]).toBe('currency,section,name,accounts,borrowers,share,overdue_amount,charges_outstanding,cure_amount,outstanding_principal,without_outstanding_principal,outstanding_schedule,held,held_overdue_amount')
    expect(lines[1]).toBe('CNY,total,aged,6,,1.000000,720.00,5.00,725.00,500.00,1,550.00,1,500.00')
    expect(markdown(summary.actions!).split('\n').slice(0, 3)).toEqual([
      '| currency | list | action | channel | reason | accounts | borrowers | in_list | held | beside_the_leading | cut_by_limit | left_out | held_back | overdue_amount | cure_amount |',
      '| --- | --- | --- | --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |',
      '| CNY | letters | letter | post |  | 1 | 1 | 1 | 0 | 0 | 0 | 0 | 0 | 90.00 | 90.00 |',
    ])
  })

  // Unicode's EastAsianWidth.txt: W and F take two columns, combining marks none.
  test.each([['abc', 3], ['逾期', 4], ['ｅ', 2], ['e\u0301', 1], ['한국', 4], ['😀', 2], ['é', 1], ['—', 1]])('width of %s', (text, width) => {
    expect(widthOf(text)).toBe(width)
  })
})
