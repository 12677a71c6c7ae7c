import { testList, type Cell } from './cell.ts'
import { comparison, within } from './compare.ts'
import { compared, doubledMark, textTest } from './condition.ts'
import { fail, hasColumn, nameIn, parsedCondition, parts, written, type CellContext, type Node, type Reading } from './reading.ts'
import { conditionHint, lookalikeFaults, syntaxFault } from './syntax.ts'
import { columnsIn, columnValue, familyOf, type ColumnValue, type Test, type Value } from './tree.ts'
import { plainWord, valueOf } from './value.ts'

/**
 * A condition over columns of accounts, as typed after --where: checked like a cell of a rule, or all that is wrong with it. On a
 * command line quotes are a nuisance: `product = card` is the text "card", since no column has that name.
 */
export function parseWhere(text: string, context: CellContext): Cell {
  const r: Reading = { ...context, text, subject: undefined, alone: true, faults: [], doubts: [] }
  const none = (): Cell => ({ tree: undefined, faults: r.faults, doubts: [] })
  r.faults.push(...lookalikeFaults(text))
  if (r.faults.length > 0) return none()
  const root = parsedCondition(text)
  const broken = syntaxFault(text, root, conditionHint)
  if (broken !== undefined) r.faults.push(broken)
  const tree = broken === undefined ? condition(r, root.firstChild!) : undefined
  return r.faults.length > 0 || tree === undefined ? none() : { tree, faults: [], doubts: r.doubts }
}

function condition(r: Reading, node: Node): Test | undefined {
  switch (node.name) {
    case 'Conjunction':
    case 'Disjunction': {
      const tests = parts(node).filter((part) => part.name !== 'and' && part.name !== 'or').map((side) => condition(r, side))
      return tests.some((test) => test === undefined) ? undefined : { kind: node.name === 'Conjunction' ? 'all' : 'some', of: tests as Test[] }
    }
    case 'ParenthesizedExpression': {
      const inner = parts(node)[1]
      return inner === undefined ? undefined : condition(r, inner)
    }
    case 'FunctionInvocation':
      return nameIn(r, node.firstChild!) === 'not' ? negated(r, node) : textTest(r, node)
    case 'Comparison':
      return oneComparison(r, node)
    case 'VariableName':
      return flag(r, node)
    default:
      return fail(r, node, `${written(r, node)} is no condition.`, conditionHint(r.text))
  }
}

function negated(r: Reading, node: Node): Test | undefined {
  const [inner, ...more] = parts(node.getChild('PositionalParameters') ?? node)
  if (inner === undefined || more.length > 0) return fail(r, node, 'not(...) turns one condition around.', 'Write not(product = "card").')
  const of = condition(r, inner)
  return of === undefined ? undefined : { kind: 'not', of }
}

/** A column that is true or false is a condition by itself. */
function flag(r: Reading, node: Node): Test | undefined {
  const name = nameIn(r, node)
  const value = hasColumn(r, name) ? columnValue(name, r.columns[name]!) : undefined
  if (value !== undefined && familyOf(value) === 'bool') return { kind: 'compare', op: '=', left: value, right: { kind: 'literal', family: 'bool', value: 'true' } }
  const beside = node.parent?.name === 'Conjunction' || node.parent?.name === 'Disjunction'
  if (value === undefined && beside) return fail(r, node, `${name} is not a column of accounts.`, 'And and or join whole conditions: tier = "short" or tier = "medium"; of one column shorter: tier in ("short","medium").')
  if (value === undefined && !/\s/.test(name)) return void valueOf(r, node)
  return fail(r, node, `${name} is no condition.`, value === undefined ? conditionHint(r.text) : `Compare it: ${name} = ${familyOf(value) === 'text' ? '"..."' : '...'}.`)
}

const columnOf = (r: Reading, node: Node): ColumnValue | undefined => {
  const name = node.name === 'VariableName' ? nameIn(r, node) : undefined
  return name !== undefined && hasColumn(r, name) ? columnValue(name, r.columns[name]!) : undefined
}

function oneComparison(r: Reading, node: Node): Test | undefined {
  const [left, op, right] = parts(node)
  if (left === undefined || op === undefined || right === undefined) return fail(r, node, `${written(r, node)} is no condition.`, conditionHint(r.text))
  if (left.name === 'Comparison' || right.name === 'Comparison') return fail(r, node, `${written(r, node)} compares twice.`, /\b(AND|OR)\b/.test(r.text) ? conditionHint(r.text) : 'Compare once, and join comparisons with and.')
  const column = columnOf(r, left)
  if (op.name === 'in') return column === undefined ? unknown(r, left) : testList({ ...r, subject: column }, node.getChild('PositiveUnaryTests') ?? node)
  if (op.name === 'between') return between(r, node, left, right)
  if (doubledMark(r, op, right)) return undefined
  if (column === undefined && left.name === 'VariableName') return unknown(r, left)
  const sign = written(r, op)
  if (column === undefined || familyOf(column) !== 'text' || (sign !== '=' && sign !== '!=')) return mustNameColumn(r, node, compared(r, node))
  const word = bareWord(r, right)
  return word === undefined ? mustNameColumn(r, node, compared({ ...r, subject: column }, node)) : comparison(r, right, sign, column, word)
}

/** `CN-1004` without quotes reads as a subtraction; beside a column of text nothing is subtracted. */
function bareWord(r: Reading, node: Node): Value | undefined {
  const word = written(r, node)
  if (node.name === 'VariableName' && plainWord(nameIn(r, node)) === undefined) return columnOf(r, node) === undefined ? { kind: 'literal', family: 'text', value: nameIn(r, node) } : undefined
  return node.name === 'ArithmeticExpression' && /^[\p{L}_][\p{L}\p{N}_.-]*$/u.test(word) ? { kind: 'literal', family: 'text', value: word } : undefined
}

const unknown = (r: Reading, node: Node): undefined => {
  if (node.name === 'VariableName') return void valueOf(r, node)
  return fail(r, node, `${written(r, node)} is not a column of accounts.`, 'A list or a range is held against a column: tier in ("short","medium").')
}

function between(r: Reading, node: Node, of: Node, low: Node): Test | undefined {
  const high = parts(node).at(-1)!
  const [value, from, to] = [valueOf(r, of), valueOf(r, low), valueOf(r, high)]
  return value === undefined || from === undefined || to === undefined ? undefined : mustNameColumn(r, node, within(r, node, value, from, to, true, true))
}

function mustNameColumn(r: Reading, node: Node, test: Test | undefined): Test | undefined {
  return test === undefined || columnsIn(test).size > 0 ? test : fail(r, node, `${written(r, node)} names no column.`, conditionHint(r.text))
}
