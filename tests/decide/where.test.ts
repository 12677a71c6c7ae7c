import { describe, expect, test } from 'vitest'
import { cellSql } from '../../src/decide/cell-sql.ts'
import type { ColumnKinds } from '../../src/decide/tree.ts'
import { parseWhere } from '../../src/decide/where.ts'
import { openEngine } from '../../src/engine/open.ts'
import { sql } from '../../src/engine/sql.ts'
import { rowsAs } from '../publish/book.ts'

const columns: ColumnKinds = {
  account_id: { type: 'text' }, product: { type: 'text' }, tier: { type: 'text', values: ['short', 'medium', 'long'] }, days_past_due: { type: 'int' },
  overdue_amount: { type: 'money' }, cure_amount: { type: 'money' }, last_paid_on: { type: 'date' }, leads: { type: 'bool' }, currency: { type: 'text' },
}
const book = rowsAs('book of where', { account_id: 'text', product: 'text', tier: 'text', days_past_due: 'int', overdue_amount: 'money', last_paid_on: 'date', leads: 'bool', currency: 'text' }, [
  { account_id: 'A', product: 'card', tier: 'short', days_past_due: 5, overdue_amount: '10.00', last_paid_on: '2025-06-01', leads: true, currency: 'CNY' },
  { account_id: 'B', product: 'cash loan', tier: 'short', days_past_due: 30, overdue_amount: '20.00', last_paid_on: null, leads: false, currency: 'CNY' },
  { account_id: 'C', product: 'card', tier: 'medium', days_past_due: 31, overdue_amount: '30.00', last_paid_on: '2025-05-31', leads: true, currency: 'USD' },
  { account_id: 'CN-4', product: null, tier: 'long', days_past_due: 91, overdue_amount: '40.00', last_paid_on: '2025-01-31', leads: null, currency: 'CNY' },
])

/** What each condition means was read off the four rows. A blank meets no comparison, and the opposite of each. */
const meant: readonly (readonly [string, string])[] = [
  ['product = "card"', 'A C'],
  ['product=card', 'A C'],
  ['product = cash loan', 'B'],
  ['account_id=CN-4', 'CN-4'],
  ['product != card', 'B CN-4'],
  ['not(product = card)', 'B CN-4'],
  ['product != card and product != null', 'B'],
  ['product = null', 'CN-4'],
  ['product = "card" and days_past_due > 5', 'C'],
  ['product = card or days_past_due >= 91', 'A C CN-4'],
  ['product = card or tier = short and days_past_due > 20', 'A B C'],
  ['(product = card or tier = short) and days_past_due > 20', 'B C'],
  ['tier in (short, "long")', 'A B CN-4'],
  ['not(tier in ("short","long"))', 'C'],
  ['tier in "medium"', 'C'],
  ['days_past_due in [5..30]', 'A B'],
  ['days_past_due in (< 6, > 90)', 'A CN-4'],
  ['days_past_due in (5..31)', 'B'],
  ['days_past_due between 30 and 31', 'B C'],
  ['days_past_due in [5..30] and product = card', 'A'],
  ['product = card and days_past_due in [5..30] or leads = false', 'A B'],
  ['leads and days_past_due between 31 and 40 or tier in (long)', 'C CN-4'],
  ['tier in short and not(leads)', 'B'],
  ['not(leads and days_past_due > 5) and (currency = CNY)', 'A B CN-4'],
  ['(days_past_due + 1) > 31 and ((leads))', 'C'],
  ['5 < days_past_due', 'B C CN-4'],
  ['leads', 'A C'],
  ['not(leads)', 'B CN-4'],
  ['leads = false', 'B'],
  ['last_paid_on >= date("2025-05-31")', 'A C'],
  ['overdue_amount > 25.50 and currency = CNY', 'CN-4'],
  ['starts with(product, "ca") and contains(product, "sh")', 'B'],
]

test('conditions mean what they say', async () => {
  const engine = await openEngine('duckdb', { scale: 2, threads: 1 })
  try {
    for (const [written, accounts] of meant) {
      const { tree, faults } = parseWhere(written, { columns, seen: {} })
      expect(faults, written).toEqual([])
      const rows = await engine.rows(sql`SELECT account_id FROM ${book} WHERE ${cellSql(tree!)} ORDER BY account_id`)
      expect(rows.map((row) => row.account_id).join(' '), written).toBe(accounts)
    }
  } finally {
    engine.close()
  }
})

describe('what cannot be meant is said with what to write', () => {
  test.each([
    ['prodct=card', 'prodct is not a column of accounts.', 'Did you mean product?'],
    ['days_past_du > 5', 'days_past_du is not a column of accounts.', 'Did you mean days_past_due?'],
    ['tier=shrt', 'tier is never "shrt".', 'Did you mean "short"?'],
    ['tier in (short, meduim)', 'tier is never "meduim".', 'Did you mean "medium"?'],
    ['days_past_due > "5"', 'days_past_due is a whole number, but "5" is text.', 'Write 5 without the quotes.'],
    ['account_id = 100', 'account_id is text, but 100 is a number.', /If it is text, write "100"\.$/],
    ['last_paid_on > 2025-01-01', '2025-01-01 is two subtractions, not a date.', 'Write date("2025-01-01").'],
    ["product = 'card'", /cannot be read/, 'Text stands in double quotes: "card".'],
    ['product == card', '== is not a comparison.', /Write =\.$/],
    ['product=card AND days_past_due>5', /compares twice/, 'Write and in small letters.'],
    ['product is null', /cannot be read/, 'Write = null.'],
    ['product=card, tier=short', /cannot be read/, 'Conditions are joined with and, or with or.'],
    ['product=card; drop table accounts', /cannot be read/, 'Conditions are joined with and, or with or.'],
    ['tier=short or medium', 'medium is not a column of accounts.', /tier in \("short","medium"\)/],
    ['overdue_amount > 1,000', /cannot be read/, 'Write numbers without thousands marks: 1000.'],
    ['overdue_amount > 1000 CNY', /cannot be read/, /currency = "CNY"\.$/],
    ['days_past_due between 30 and 1', /is empty/, /Did you mean \[1\.\.30\]\?$/],
    ['days_past_due', 'days_past_due is no condition.', 'Compare it: days_past_due = ....'],
    ['? > 5', /^\? stands for the column of a cell/, 'Write the name of the column.'],
    ['5 > 3', '5 > 3 compares two values and no column.', 'Name a column: days_past_due > 5.'],
    ['days_past_due > null', /^null stands where a value is needed/, 'Write = null for blank, != null for not blank.'],
    ['product = card and', /breaks off/, /^A condition compares columns/],
    ['(product = card', /breaks off|cannot be read/, /./],
    ['product = card) and leads', /cannot be read/, /./],
    ['', /breaks off/, /^A condition compares columns/],
    ['（product = card）', '（ is not the mark that rules use.', 'Write (.'],
  ])('%s', (written, says, todo) => {
    const { tree, faults } = parseWhere(written, { columns, seen: {} })
    expect(tree).toBeUndefined()
    expect(faults[0]!.says).toMatch(says instanceof RegExp ? says : new RegExp(`^${says.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`))
    expect(faults[0]!.todo).toMatch(todo instanceof RegExp ? todo : new RegExp(`^${todo.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`))
  })

  test('a value that the book does not hold is doubtful, not wrong', () => {
    const { tree, doubts } = parseWhere('product=crad', { columns, seen: { product: ['card', 'cash loan'] } })
    expect(tree).toBeDefined()
    expect(doubts.map(({ todo }) => todo)).toEqual(['Did you mean "card"?'])
  })
})
