import { parse } from 'csv-parse/sync'
import { describe, expect, test } from 'vitest'
import { given } from '../../read/given.ts'
import { cli } from '../typed.ts'

/**
 * One instalment each, as of 30 June 2025; days and sums are counted by hand.
 * A 20 days 60.00, B 50 days 200.00, C 20 days 60.00, D not due, E settled, F 100 days 30.00, G written off with 500.00; X's loan row is rejected.
 */
const files = {
  'loans.csv': `account_id,borrower_id,product,currency,status,principal,disbursed_on,closed_on,written_off_on,region,score
A,P1,card,CNY,open,1000.00,2025-01-10,,,east,10
B,P2,card,CNY,open,900.00,2025-02-10,,,west,9
C,P3,loan,CNY,open,800.00,2025-01-11,,,east,2
D,P4,loan,CNY,open,700.00,2025-02-11,,,,30
E,P5,card,CNY,closed,600.00,2025-01-12,2025-06-15,,east,1
F,P6,loan,USD,open,500.00,2025-01-13,,,east,1
G,P7,loan,USD,written_off,500.00,2024-12-13,,2025-06-01,east,1
X,P8,loan,CNY,open,one,2025-01-13,,,east,1
`,
  'schedule.csv': `account_id,instalment_no,due_on,amount_due
A,1,2025-06-10,100.00
B,1,2025-05-11,200.00
C,1,2025-06-10,60.00
D,1,2025-08-10,70.00
E,1,2025-06-10,10.00
F,1,2025-03-22,30.00
G,1,2025-03-22,500.00
`,
  'repayments.csv': 'payment_id,account_id,paid_on,amount\nP1,A,2025-06-10,40.00\nP2,E,2025-06-12,10.00\n',
}
const { config } = given(files, { inputs: { loans: { columns: { score: 'integer' } } } })
const age = (...argv: string[]) => cli('age', '--config', config, ...argv)
const rows = (stdout: string, ...columns: string[]) => (parse(stdout, { columns: true }) as Record<string, string>[]).map((row) => columns.map((column) => row[column]).join(' '))

describe('--by', () => {
  test('passed-through columns, blanks first, per currency', async () => {
    const { stdout } = await age('--by', 'region', '--format', 'csv')
    expect(rows(stdout, 'currency', 'region', 'accounts', 'late', 'overdue_amount')).toEqual(['CNY  1 0 0.00', 'CNY east 2 2 120.00', 'CNY west 1 1 200.00', 'USD east 1 1 30.00'])
  })

  test('tiers and buckets in their own order, numbers by value, the month of disbursement', async () => {
    const by = async (column: string) => rows((await age('--by', column, '--format', 'csv')).stdout, 'currency', column, 'accounts')
    expect(await by('tier')).toEqual(['CNY current 1', 'CNY short 2', 'CNY medium 1', 'USD long 1'])
    expect(await by('score')).toEqual(['CNY 2 1', 'CNY 9 1', 'CNY 10 1', 'CNY 30 1', 'USD 1 1'])
    expect(await by('disbursed_month')).toEqual(['CNY 2025-01 2', 'CNY 2025-02 2', 'USD 2025-01 1'])
  })

  test.each([
    ['prodct', 'Did you mean "product"?'],
    ['action', 'age applies no rules: "arrears run" fills this column, in accounts.parquet.'],
    ['overdue_amount', "It is summed for each group. To see single accounts give --top, to choose them --where, for example --where 'overdue_amount > 0'."],
  ])('%s is no column to group by', async (column, hint) => {
    const { code, stdout, stderr } = await age('--by', column)
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toContain(hint)
  })
})

describe('--where', () => {
  test('says in the head how many meet it, and shows those alone', async () => {
    const { code, stdout } = await age('--where', 'product=card')
    expect(code).toBe(0)
    expect(stdout).toContain('\nOf 8 accounts 3 meet product=card; 2 of these stand in ageing totals.\n')
    expect(stdout).toMatch(/ all of these +2 +100\.0 % +260\.00 /)
    expect(stdout).toMatch(/\n {2}settled +1 /)
    expect(stdout).not.toMatch(/\nUSD\n|Rejected rows/)
    expect(stdout).toContain('Control totals of the whole book\n  ok  loans: 8 rows read = 7 accepted + 1 rejected')
  })

  test('columns of loans may be asked for; csv says on stderr what was left out, md in its first line, json under filter', async () => {
    const condition = 'principal >= 800 and currency = "CNY" and disbursed_on < date("2025-02-01")'
    const said = `Of 8 accounts 2 meet ${condition}.`
    const csv = await age('--where', condition, '--by', 'product', '--format', 'csv')
    expect([rows(csv.stdout, 'product', 'accounts', 'overdue_amount'), csv.stderr]).toEqual([['card 1 60.00', 'loan 1 60.00'], `${said}\n`])
    expect((await age('--where', condition, '--format', 'md')).stdout.split('\n')[0]).toBe(said)
    const json = JSON.parse((await age('--where', condition, '--by', 'product', '--top', '1', '--format', 'json')).stdout)
    expect(json.filter).toEqual({ where: condition, accounts: 8, meet: 2, aged: 2 })
    expect(json.by).toHaveLength(2)
    expect(json.top.map((row: { account_id: string }) => row.account_id)).toEqual(['A', 'C'])
    expect(json.ageing.find((row: { section: string }) => row.section === 'total')).toMatchObject({ accounts: 2, overdue_amount: '120.00' })
  })

  test('a condition that names the tier says itself which accounts stand in tables', async () => {
    const { stdout } = await age('--where', 'tier in (written_off, long)', '--top', '5', '--format', 'csv')
    expect(rows(stdout, 'currency', 'rank', 'account_id', 'overdue_amount')).toEqual(['USD 1 G 500.00', 'USD 2 F 30.00'])
    expect(rows((await age('--where', 'region = east and currency = USD', '--top', '5', '--format', 'csv')).stdout, 'account_id')).toEqual(['F'])
  })

  test('an amount needs its currency in a mixed book; a value that nobody has is worth a word', async () => {
    const mixed = await age('--where', 'overdue_amount > 50')
    expect([mixed.code, mixed.stdout]).toEqual([2, ''])
    expect(mixed.stderr).toContain('overdue_amount is held against an amount and no currency, and the book has CNY, USD.\n  Add the currency: overdue_amount > 50 and currency = "CNY".')
    const unseen = await age('--where', 'product=crad')
    expect(unseen.code).toBe(0)
    expect(unseen.stderr).toContain('No account in the book has product "crad". Did you mean "card"?')
    expect(unseen.stdout).toContain('Of 8 accounts 0 meet product=crad.')
  })

  test('a wrong condition is told by its place before anything is read', async () => {
    const { code, stderr } = await age('--where', 'product=card and scroe > 5')
    expect(code).toBe(2)
    expect(stderr).toBe('error where-wrong  --where:1:18\n  scroe is not a column of accounts.\n  Did you mean score?\n')
  })
})

describe('--top', () => {
  test('the largest of each currency: by overdue amount, then days, then id', async () => {
    const { stdout } = await age('--top', '2', '--format', 'csv')
    expect(rows(stdout, 'currency', 'rank', 'account_id', 'borrower_id', 'days_past_due', 'overdue_amount')).toEqual(['CNY 1 B P2 50 200.00', 'CNY 2 A P1 20 60.00', 'USD 1 F P6 100 30.00'])
  })

  test('with --by the largest of each group, the groups first', async () => {
    const { stdout } = await age('--by', 'region', '--top', '1', '--format', 'csv')
    expect(rows(stdout, 'currency', 'region', 'rank', 'account_id')).toEqual(['CNY  1 D', 'CNY east 1 A', 'CNY west 1 B', 'USD east 1 F'])
    expect((await age('--by', 'region', '--top', '1')).stdout).toContain('\nThe account with the largest overdue amount of each currency and region.\n')
  })

  test.each(['0', '-1', 'ten', '10001'])('%s is refused', async (top) => {
    expect((await age('--top', top)).stderr).toContain('It should be a whole number from 1 to 10000.')
  })
})

test.each([
  [['--where', 'product=card', '--out', 'x'], '--where stands with --out'],
  [['--where', 'product=card', '--conventions', 'all'], '--conventions stands with --where'],
  [['--where', 'product=card', '--as-of', '2025-05-31..2025-06-30'], '--where stands beside several days'],
  [['--top', '3', '--as-of', '2025-05-31..2025-06-30'], '--top stands beside several days'],
  [['--format', 'xlsx'], 'Use one of table, md, csv, json.'],
])('%s', async (argv, says) => {
  const { code, stderr } = await age(...argv)
  expect(code).toBe(2)
  expect(stderr).toContain(says)
})
