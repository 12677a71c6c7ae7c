import { throwAll, UserError, type Place } from '../errors.ts'
import { nearest } from '../nearest.ts'
import { parseCell } from './cell.ts'
import { doubtsOf } from './doubts.ts'
import { placeholderErrors } from './placeholders.ts'
import type { CellFault } from './reading.ts'
import { columnsIn, isMoney, needsCurrency, valuesIn, type ColumnKinds, type Test } from './tree.ts'
import type { Outputs, RuleFile, WrittenCell, WrittenRule } from './written.ts'

/** Something in a rule file that can be run and may still not be what was meant. */
export interface Doubt {
  readonly code: 'rule-value-unseen' | 'rule-never-fires' | 'rule-blank-passes' | 'rule-several-currencies'
  readonly says: string
  readonly todo: string
  readonly place: Place
}

/** One condition of a rule: as written, and the checked tree that both the decision and its explanation are made from. */
export interface RuleCell {
  readonly column: string
  readonly text: string
  readonly tree: Test
  readonly place: Place
}

export interface Rule {
  /** Its number in the file, from 1, all tables together. */
  readonly number: number
  readonly id: string
  /** Cells that test something, in the order of the file. */
  readonly cells: readonly RuleCell[]
  readonly gives: Outputs
  readonly place: Place
}

export interface Table {
  readonly name: string
  readonly rules: readonly Rule[]
}

export interface Rules {
  readonly file: string
  readonly tables: readonly Table[]
  readonly doubts: readonly Doubt[]
}

export interface RuleContext {
  /** Currencies of the book. */
  readonly currencies: readonly string[]
  /** For some columns the values that the book holds. */
  readonly knownValues: Readonly<Record<string, readonly string[]>>
}

/** Checks a rule file against the columns it may test. All that is wrong, in form and in meaning, is thrown at once. */
export function compileRules(file: RuleFile, columns: ColumnKinds, context: RuleContext): Rules {
  const errors: UserError[] = [...file.errors]
  const doubts: Doubt[] = []
  const seen = context.currencies.length > 0 ? { currency: context.currencies, ...context.knownValues } : context.knownValues
  let number = 0
  const tables = file.tables.map((table) => ({
    name: table.name,
    rules: table.rules.map((rule): Rule => {
      const cells = rule.when.flatMap((cell) => compileCell(file, rule, cell, columns, seen, errors, doubts) ?? [])
      errors.push(...moneyErrors(rule, cells, context.currencies), ...placeholderErrors(file, rule, columns))
      return { number: ++number, id: rule.id, cells: cells.filter((cell) => cell.tree.kind !== 'any'), gives: rule.gives, place: { file: file.file, ...rule.at } }
    }),
  }))
  throwAll(inOrder(errors))
  return Object.freeze({ file: file.file, tables, doubts: inOrder([...doubts, ...doubtsOf(tables, columns)]) })
}

function compileCell(file: RuleFile, rule: WrittenRule, cell: WrittenCell, columns: ColumnKinds, seen: RuleContext['knownValues'], errors: UserError[], doubts: Doubt[]): RuleCell | undefined {
  if (!Object.hasOwn(columns, cell.column)) {
    errors.push(unknownColumn(file, rule, cell, columns))
    return undefined
  }
  const { tree, faults, doubts: found } = parseCell(cell.text, cell.column, { columns, seen })
  const place = (fault: CellFault) => ({ file: file.file, ...cell.at(fault.offset) })
  for (const fault of faults) errors.push(new UserError(fault.code, { name: rule.id, other: cell.column, value: fault.says, hint: fault.todo, ...place(fault) }))
  for (const doubt of found) doubts.push({ code: 'rule-value-unseen', says: `Rule ${rule.id}, ${cell.column}: ${doubt.says}`, todo: doubt.todo, place: place(doubt) })
  return tree === undefined ? undefined : { column: cell.column, text: cell.text.trim(), tree, place: { file: file.file, ...cell.at(0) } }
}

function unknownColumn(file: RuleFile, rule: WrittenRule, cell: WrittenCell, columns: ColumnKinds) {
  const near = nearest(cell.column, Object.keys(columns))
  // {tier: "short","medium"} is YAML for the two keys tier and medium.
  const comma = cell.text === '' ? ` In { } a comma begins the next column: several texts stand in single quotes, tier: '"short","medium"'.` : ''
  const hint = `${near === undefined ? '' : `Did you mean "${near}"? `}"arrears check" lists the columns that a rule may test.${comma}`
  return new UserError('rule-unknown-column', { name: rule.id, other: cell.column, value: `"${cell.column}" is not a column of accounts.`, hint, file: file.file, ...cell.columnAt })
}

/** 500 is a meal in one currency and an instalment in another. */
function moneyErrors(rule: WrittenRule, cells: readonly RuleCell[], currencies: readonly string[]): UserError[] {
  if (currencies.length < 2 || cells.some((cell) => columnsIn(cell.tree).has('currency'))) return []
  // A currency cell that is wrong itself is reported once, as that.
  if (rule.when.some((cell) => cell.column === 'currency' && cell.text.trim() !== '' && cell.text.trim() !== '-')) return []
  return cells
    .filter((cell) => needsCurrency(cell.tree))
    .map((cell) => {
      const amount = valuesIn(cell.tree).find(isMoney)
      const value = amount?.kind === 'column' ? amount.name : cell.column
      const hint = `Add a currency to the rule, for example currency: '"${currencies[0]}"', and one such rule for each.`
      return new UserError('rule-money-without-currency', { name: rule.id, value, other: currencies.join(', '), hint, ...cell.place })
    })
}

const inOrder = <T extends { readonly place: Place }>(found: readonly T[]) =>
  [...found].sort((a, b) => (a.place.line ?? 0) - (b.place.line ?? 0) || (a.place.column ?? 0) - (b.place.column ?? 0))
