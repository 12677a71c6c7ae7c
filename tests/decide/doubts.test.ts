import { expect, test } from 'vitest'
import { readRuleFile } from '../../src/decide/rule-file.ts'
import { compileRules } from '../../src/decide/rules.ts'
import { kinds } from './book.ts'

const doubtsOf = (text: string) =>
  compileRules(readRuleFile(`- table: t\n  rules:\n${text}`, 'rules.yaml'), kinds, { currencies: ['CNY', 'USD'], knownValues: { product: ['card', 'bnpl'] } }).doubts.map((doubt) => [
    `${doubt.place.line}:${doubt.place.column}`,
    doubt.code,
    doubt.says,
    doubt.todo,
  ])

const rule = (id: string, cells: string) => `    - { id: ${id}, when: {${cells}}, then: { action: sms } }\n`

test('a rule behind one with the same or fewer conditions never fires', () => {
  const found = doubtsOf(
    rule('A', `tier: '"short"', visits: '> 2'`) +
      rule('B', `visits: '>2', tier: ' "short" '`) + // the same, written otherwise
      rule('C', `tier: '"short"'`) +
      rule('D', `tier: '"short"', days_past_due: '> 9'`) + // C took them all
      rule('E', `tier: '"medium"'`) +
      rule('F', '') +
      rule('G', `tier: '"long"'`),
  )
  expect(found.map(([place, code, says]) => [place, code, says])).toEqual([
    ['4:7', 'rule-never-fires', 'Rule B never fires: rule A before it has the same conditions.'],
    ['6:7', 'rule-never-fires', 'Rule D never fires: rule C before it has fewer of the same conditions.'],
    ['9:7', 'rule-never-fires', 'Rule G never fires: rule F before it takes every account.'],
  ])
})

test('a negation lets blanks through', () => {
  const found = doubtsOf(
    rule('A', `product: 'not("card")'`) +
      rule('B', `product: '!= "card"', visits: '1'`) +
      rule('C', `product: 'not("card","bnpl")', visits: '2'`) +
      rule('D', `product: 'not("card", null)', visits: '3'`) +
      rule('E', `product: 'null, != "card"', visits: '4'`) +
      rule('F', `product: 'not(null)', visits: '5'`) +
      rule('G', `tier: 'not("short")', visits: '6'`) + // tier is never blank
      rule('H', `product: '? != "card" and ? != "bnpl"', visits: '7'`),
  )
  expect(found.map(([place, code, , todo]) => [place, code, todo])).toEqual([
    ['3:33', 'rule-blank-passes', 'If blanks are not meant, write not("card", null). If they are, write null, != "card".'],
    ['4:33', 'rule-blank-passes', 'If blanks are not meant, write not("card", null). If they are, write null, != "card".'],
    ['5:33', 'rule-blank-passes', 'If blanks are not meant, write not("card","bnpl", null).'],
    ['10:33', 'rule-blank-passes', 'If blanks are not meant, add: ? != null and ...'],
  ])
})

test('values that the book does not hold, and one amount for several currencies', () => {
  expect(doubtsOf(rule('A', `product: '"Card"', currency: '"EUR"', visits: '1'`) + rule('B', `currency: '"CNY","USD"', overdue_amount: '> 500'`)).map(([place, code, says, todo]) => [place, code, says, todo])).toEqual([
    ['3:33', 'rule-value-unseen', 'Rule A, product: No account in the book has product "Card".', 'Did you mean "card"?'],
    ['3:53', 'rule-value-unseen', 'Rule A, currency: No account in the book has currency "EUR".', 'Values in the book: "CNY", "USD".'],
    ['4:65', 'rule-several-currencies', 'Rule B, overdue_amount: > 500 holds one amount against several currencies ("CNY","USD").', 'Write one rule for each currency.'],
  ])
})
