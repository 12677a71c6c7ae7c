import type { Doubt, Rule, RuleCell, Table } from './rules.ts'
import { atomsIn, columnsIn, needsCurrency, type ColumnKinds, type Test } from './tree.ts'

/** What can be seen in the rules alone: rules that never fire, blanks that slip through, one amount for two currencies. */
export function doubtsOf(tables: readonly Table[], columns: ColumnKinds): Doubt[] {
  return tables.flatMap(({ rules }) => [...neverFiring(rules), ...rules.flatMap((rule) => [...blanksPass(rule, columns), ...severalCurrencies(rule)])])
}

/** A rule whose conditions hold all those of an earlier rule comes too late: the earlier one has fired. */
function neverFiring(rules: readonly Rule[]): Doubt[] {
  const keys = rules.map((rule) => new Set(rule.cells.map((cell) => `${cell.column}\n${JSON.stringify(cell.tree)}`)))
  return rules.flatMap((rule, i) => {
    const earlier = rules.slice(0, i).find((_, j) => [...keys[j]!].every((key) => keys[i]!.has(key)))
    if (earlier === undefined) return []
    const why = earlier.cells.length === 0 ? `rule ${earlier.id} before it takes every account` : `rule ${earlier.id} before it has ${earlier.cells.length === rule.cells.length ? 'the same' : 'fewer of the same'} conditions`
    return [{ code: 'rule-never-fires', says: `Rule ${rule.id} never fires: ${why}.`, todo: 'Put it before that rule, or take it out.', place: rule.place }]
  })
}

/** not("MA") holds for a blank too. */
function blanksPass(rule: Rule, columns: ColumnKinds): Doubt[] {
  return rule.cells
    .filter((cell) => columns[cell.column]?.filled !== true && negates(cell.tree) && !atomsIn(cell.tree).some((atom) => atom.kind === 'blank'))
    .map((cell) => ({
      code: 'rule-blank-passes',
      says: `Rule ${rule.id}, ${cell.column}: ${cell.text} also holds where ${cell.column} is blank.`,
      todo: blankRemedy(cell),
      place: cell.place,
    }))
}

function negates(test: Test): boolean {
  if (test.kind === 'not') return true
  if (test.kind === 'all' || test.kind === 'some') return test.of.some(negates)
  return test.kind === 'compare' && test.op === '!='
}

/** The cell with its blanks decided; for one value, either way. */
function blankRemedy({ text, tree }: RuleCell) {
  const found = /^(?:not\s*\(([\s\S]*)\)|!=\s*([\s\S]*))$/.exec(text)
  const values = (found?.[1] ?? found?.[2])?.trim()
  if (values === undefined) return 'If blanks are not meant, add: ? != null and ...'
  const meant = atomsIn(tree).length === 1 && !/^[<>=[(\]]/.test(values) ? ` If they are, write null, != ${values}.` : ''
  return `If blanks are not meant, write not(${values}, null).${meant}`
}

/** A list of currencies is a stated choice, but seldom the right one for an amount. */
function severalCurrencies(rule: Rule): Doubt[] {
  const currency = rule.cells.find((cell) => cell.column === 'currency' && cell.tree.kind === 'some')
  const money = rule.cells.find((cell) => needsCurrency(cell.tree) && !columnsIn(cell.tree).has('currency'))
  if (currency === undefined || money === undefined) return []
  return [{ code: 'rule-several-currencies', says: `Rule ${rule.id}, ${money.column}: ${money.text} holds one amount against several currencies (${currency.text}).`, todo: 'Write one rule for each currency.', place: money.place }]
}
