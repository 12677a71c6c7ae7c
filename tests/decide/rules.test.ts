import { expect, test } from 'vitest'
import { readRuleFile } from '../../src/decide/rule-file.ts'
import { compileRules } from '../../src/decide/rules.ts'
import { UserError, UserErrors } from '../../src/errors.ts'
import { kinds } from './book.ts'

const oneCurrency = { currencies: ['CNY'], knownValues: {} }
const twoCurrencies = { currencies: ['CNY', 'USD'], knownValues: {} }

function errorsOf(text: string, context = twoCurrencies): readonly UserError[] {
  try {
    compileRules(readRuleFile(text, 'rules.yaml'), kinds, context)
  } catch (error) {
    if (error instanceof UserErrors) return error.errors
    if (error instanceof UserError) return [error]
    throw error
  }
  return []
}

const shown = (text: string, context = twoCurrencies) => errorsOf(text, context).map((error) => `${error.place.file}:${error.place.line}:${error.place.column} ${error.code} ${error.says} | ${error.todo}`)

test('all errors of a file at once, in form and in meaning, in the order of the file', () => {
  expect(shown(`- table: actions
  rules:
    - id: R1
      when: { scroe: '> 500', tier: '"shrt"' }
      then: { action: sms }
    - id: R2
      when:
        days_past_due: "\\"5\\""
        overdue_amount: '> 1,000'
        currency: '"CNY"'
      then: { action: call, prioritty: 1 }
    - id: R3
      when: { overdue_amount: '> 500' }
      then: { action: call }
    - id: R4
      when: { tier: "short", next_due_on: '< today()' }
      then: { action: call }
    - id: R5
      when: { tier: "short","medium" }
      then: { action: call }
`)).toEqual([
    'rules.yaml:4:15 rule-unknown-column Rule R1: "scroe" is not a column of accounts. | Did you mean "score"? "arrears check" lists the columns that a rule may test.',
    'rules.yaml:4:38 rule-value-unknown Rule R1, tier: tier is never "shrt". | Did you mean "short"?',
    'rules.yaml:8:25 rule-type-clash Rule R2, days_past_due: days_past_due is a whole number, but "5" is text. | Write 5 without the quotes.',
    'rules.yaml:9:26 rule-cell-wrong Rule R2, overdue_amount: > 1,000 is two tests: > 1, and = 0. | Write numbers without thousands marks: > 1000.',
    'rules.yaml:11:29 rules-wrong then: has no entry "prioritty". | Did you mean priority?',
    `rules.yaml:13:32 rule-money-without-currency Rule R3 tests overdue_amount against an amount and no currency, and the book has CNY, USD. | Add a currency to the rule, for example currency: '"CNY"', and one such rule for each.`,
    `rules.yaml:16:22 rule-cell-wrong Rule R4, tier: short stands without quotes, so it is read as the name of a column. | Text needs double quotes inside those of YAML: tier: '"short"'.`,
    'rules.yaml:16:46 rule-cell-wrong Rule R4, next_due_on: today(...) cannot be used here. | The clock is not read in rules: use the column as_of (facts) or work_on (the day of the lists), for example < work_on.',
    `rules.yaml:19:22 rule-cell-wrong Rule R5, tier: short stands without quotes, so it is read as the name of a column. | Text needs double quotes inside those of YAML: tier: '"short"'.`,
    `rules.yaml:19:29 rule-unknown-column Rule R5: "medium" is not a column of accounts. | "arrears check" lists the columns that a rule may test. In { } a comma begins the next column: several texts stand in single quotes, tier: '"short","medium"'.`,
  ])
})

test('names of every object are not columns', () => {
  expect(errorsOf(`- table: t\n  rules: [{id: A, when: {constructor: '"x"', product: '= toString'}, then: {action: sms}}]`).map((error) => error.code)).toEqual(['rule-unknown-column', 'rule-cell-wrong'])
})

const withCells = (cells: string) => `- table: t\n  rules: [{id: A, when: {${cells}}, then: {action: sms}}]`

test.each([
  [`overdue_amount: '> 500'`, 1],
  [`overdue_amount: '[1..500]'`, 1],
  [`overdue_amount: 'not(< 500)'`, 1],
  [`overdue_amount: '> cure_amount + 50'`, 1],
  [`overdue_amount: '? - cure_amount > 50'`, 1],
  [`credit_limit: '> 500'`, 1],
  [`days_past_due: '? > 5 and cure_amount > 500'`, 1],
  [`overdue_amount: '> 500', currency: '-'`, 1],
  [`overdue_amount: '> 500', cure_amount: '> 100'`, 2],
  [`overdue_amount: '> 500', currency: '"CNY"'`, 0],
  [`overdue_amount: '? > 500 and currency = "CNY"'`, 0],
  [`overdue_amount: '> 0'`, 0],
  [`overdue_amount: '> 0.00, null'`, 0],
  [`overdue_amount: '> cure_amount'`, 0],
  [`overdue_amount: '> 0.5 * cure_amount'`, 0],
  [`overdue_amount: '> 2 * cure_amount - credit_limit'`, 0],
  [`days_past_due: '> 500', score: '> 500'`, 0],
])('money and its currency: %s', (cells, errors) => {
  expect(errorsOf(withCells(cells)).map((error) => error.code)).toEqual(Array.from({ length: errors }, () => 'rule-money-without-currency'))
  expect(errorsOf(withCells(cells), oneCurrency)).toEqual([])
})

test('what is compiled: rules numbered through all tables, cells that test nothing left out', () => {
  const rules = compileRules(readRuleFile(`- table: a
  rules:
    - { id: A1, when: { tier: '"short"', product: '-', visits: '' }, then: { action: sms } }
    - { id: A2, then: { action: none, reason: why } }
- table: b
  rules: [{ id: B1, when: { visits: '> 2' }, then: { action: letter } }]
`, 'rules.yaml'), kinds, twoCurrencies)
  expect(rules.tables.map((table) => [table.name, table.rules.map((rule) => [rule.number, rule.id, rule.cells.map((cell) => [cell.column, cell.text, cell.place.line, cell.place.column])])])).toEqual([
    ['a', [[1, 'A1', [['tier', '"short"', 3, 32]]], [2, 'A2', []]]],
    ['b', [[3, 'B1', [['visits', '> 2', 6, 38]]]]],
  ])
  expect(rules.doubts).toEqual([])
})

test('a reason names columns of accounts, and what the rule itself gives', () => {
  const rule = (reason: string) => `- table: actions\n  rules:\n    - id: R1\n      when: { tier: '"short"' }\n      then:\n        action: call\n        reason: "${reason}"\n`
  expect(shown(rule('{days_past_due} days by {channel}, {sales region}, {action_due_on}'))).toEqual([])
  expect(shown(rule('late {days_pastdue} days, {x}'))).toEqual([
    'rules.yaml:7:23 rule-unknown-column Rule R1: its reason names {days_pastdue}, which is not a column of accounts. | Did you mean "{days_past_due}"? "arrears check" lists the columns that a rule may name.',
    'rules.yaml:7:44 rule-unknown-column Rule R1: its reason names {x}, which is not a column of accounts. | "arrears check" lists the columns that a rule may name.',
  ])
})
