import { testList, type Cell } from './cell.ts'
import { comparison, within } from './compare.ts'
import { compared, doubledMark, textTest } from './condition.ts'
import { fail, hasColumn, nameIn, parsedCondition, parts, written, type CellContext, type CellFault, type Node, type Reading } from './reading.ts'
import { conditionHint, lookalikeFaults, syntaxFault } from './syntax.ts'
import { columnsIn, columnValue, familyOf, type ColumnValue, type Test, type Value } from './tree.ts'
import { plainWord, valueOf } from './value.ts'

/**
 * A condition over columns of accounts, as typed after --where: checked like a cell of a rule, or all that is wrong with it. On a
 * command line quotes are a nuisance: `product = card` is the text "card", since no column has that name.
 */
export function parseWhere(text: string, context: CellContext): Cell {
  const faults = lookalikeFaults(text)
  const doubts: CellFault[] = []
  const tree = faults.length > 0 ? undefined : condition({ ...context, text, from: 0, joined: false, faults, doubts })
  return faults.length > 0 || tree === undefined ? { tree: undefined, faults, doubts: [] } : { tree, faults: [], doubts }
}

/** A part of the condition and where it begins. `joined`: it stands beside others. */
interface Part extends CellContext {
  readonly text: string
  readonly from: number
  readonly joined: boolean
  readonly faults: CellFault[]
  readonly doubts: CellFault[]
}

/**
 * Or, and, brackets and not(...) are taken apart here, or binding less than and. In the grammar a test after `in` takes all that
 * follows it: `days in [1..5] and tier = short` would ask for days in ([1..5] and tier = short).
 */
function condition(part: Part): Test | undefined {
  for (const word of ['or', 'and'] as const) {
    const sides = partedBy(part.text, word)
    if (sides.length === 1) continue
    const tests = sides.map(([from, to]) => condition({ ...part, text: part.text.slice(from, to), from: part.from + from, joined: true }))
    return tests.some((test) => test === undefined) ? undefined : { kind: word === 'and' ? 'all' : 'some', of: tests as Test[] }
  }
  const [, before, opening, inner] = /^(\s*)(\(|not\s*\()([\s\S]*)\)\s*$/.exec(part.text) ?? []
  if (inner === undefined || !isWhole(inner)) return atom(part)
  const of = condition({ ...part, text: inner, from: part.from + before!.length + opening!.length, joined: false })
  return of === undefined || opening === '(' ? of : { kind: 'not', of }
}

/** The stretches between a word that stands outside of texts and brackets; the `and` of `between` joins nothing. */
function partedBy(text: string, word: 'and' | 'or'): [from: number, to: number][] {
  const found: [number, number][] = []
  let [from, depth, ends] = [0, 0, 0]
  for (const { 0: token, index } of text.matchAll(/"(?:[^"\\]|\\[\s\S])*"|[([{]|[)\]}]|[\p{L}\p{N}_]+/gu)) {
    if (/^[([{]$/.test(token)) depth++
    else if (/^[)\]}]$/.test(token)) depth--
    else if (depth !== 0) continue
    else if (token === 'between') ends++
    else if (token === 'and' && ends > 0) ends--
    else if (token === word) {
      found.push([from, index])
      from = index + token.length
    }
  }
  return [...found, [from, text.length]]
}

/** Whether a bracket before it and one after it belong together. */
function isWhole(inner: string) {
  let depth = 0
  for (const [token] of inner.matchAll(/"(?:[^"\\]|\\[\s\S])*"|[()]/g)) {
    depth += token === '(' ? 1 : token === ')' ? -1 : 0
    if (depth < 0) return false
  }
  return depth === 0
}

/** One comparison, read by the grammar. */
function atom({ text, from, joined, faults, doubts, ...context }: Part): Test | undefined {
  const r: Reading = { ...context, text, subject: undefined, alone: true, faults: [], doubts: [] }
  const root = parsedCondition(text)
  const broken = syntaxFault(text, root, conditionHint)
  if (broken !== undefined) r.faults.push(broken)
  const test = broken === undefined ? oneTest(r, root.firstChild!, joined) : undefined
  const moved = (fault: CellFault) => ({ ...fault, offset: fault.offset + from })
  faults.push(...r.faults.map(moved))
  doubts.push(...r.doubts.map(moved))
  return test
}

function oneTest(r: Reading, node: Node, joined: boolean): Test | undefined {
  switch (node.name) {
    case 'FunctionInvocation':
      return textTest(r, node)
    case 'Comparison':
      return oneComparison(r, node)
    case 'VariableName':
      return flag(r, node, joined)
    default:
      return fail(r, node, `${written(r, node)} is no condition.`, conditionHint(r.text))
  }
}

/** A column that is true or false is a condition by itself. */
function flag(r: Reading, node: Node, joined: boolean): Test | undefined {
  const name = nameIn(r, node)
  const value = hasColumn(r, name) ? columnValue(name, r.columns[name]!) : undefined
  if (value !== undefined && familyOf(value) === 'bool') return { kind: 'compare', op: '=', left: value, right: { kind: 'literal', family: 'bool', value: 'true' } }
  if (value === undefined && joined) return fail(r, node, `${name} is not a column of accounts.`, 'And and or join whole conditions: tier = "short" or tier = "medium"; of one column shorter: tier in ("short","medium").')
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
