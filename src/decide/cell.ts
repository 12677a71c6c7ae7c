import { nearest } from '../nearest.ts'
import { comparison, partOf, within } from './compare.ts'
import { compared, comparisons, doubledMark, textTest } from './condition.ts'
import { fail, hasColumn, nameIn, parsed, parts, quoted, reading, written, type CellContext, type CellFault, type Node, type OfColumn } from './reading.ts'
import { lookalikeFaults, syntaxFault } from './syntax.ts'
import { columnsIn, familyOf, type Comparison, type LiteralValue, type Test } from './tree.ts'
import { plainWord, valueOf } from './value.ts'

export interface Cell {
  /** None where something is wrong. */
  readonly tree: Test | undefined
  readonly faults: readonly CellFault[]
  readonly doubts: readonly CellFault[]
}

const any: Test = { kind: 'any' }

/** A FEEL unary test of one column: checked, or all that is wrong with it. An empty cell tests nothing. */
export function parseCell(text: string, column: string, context: CellContext): Cell {
  if (text.trim() === '' || text.trim() === '-') return { tree: any, faults: [], doubts: [] }
  const r = reading(text, column, context)
  r.faults.push(...lookalikeFaults(text))
  if (r.faults.length > 0) return { tree: undefined, faults: r.faults, doubts: [] }
  const root = parsed(text)
  const broken = syntaxFault(text, root)
  if (broken !== undefined) return { tree: undefined, faults: [broken], doubts: [] }
  const tree = wholeCell(r, root)
  return r.faults.length > 0 || tree === undefined ? { tree: undefined, faults: r.faults, doubts: [] } : { tree, faults: [], doubts: r.doubts }
}

function wholeCell(r: OfColumn, root: Node): Test | undefined {
  const list = root.getChild('PositiveUnaryTests')
  if (list === null) return root.getChild('Wildcard') === null ? fail(r, root, `${r.text} is not a test.`, 'Write - or nothing for any value.') : any
  const inner = testList(r, list)
  if (inner === undefined) return undefined
  return root.getChild('not') === null ? inner : { kind: 'not', of: inner }
}

/** Tests with commas between them: one of them holds. */
export function testList(r: OfColumn, list: Node): Test | undefined {
  const nodes = list.getChildren('PositiveUnaryTest')
  if (!thousandsMark(r, nodes)) return undefined
  const tests = nodes.map((node) => oneTest(r, node.firstChild!))
  if (tests.some((test) => test === undefined)) return undefined
  const found = tests as Test[]
  if (!meansAList(r, nodes, found)) return undefined
  return found.length === 1 ? found[0] : { kind: 'some', of: found }
}

/** `> 1,000` parses as the two tests `> 1` and `= 0`. */
function thousandsMark(r: OfColumn, nodes: readonly Node[]) {
  for (const [i, node] of nodes.entries()) {
    const before = i === 0 ? '' : r.text.slice(nodes[i - 1]!.from, node.from)
    const [, bare] = /^([^,]*?)\d{1,3},$/.exec(before) ?? []
    if (bare === undefined || !/^\d{3}(\.\d+)?$/.test(written(r, node))) continue
    // 90,120 of whole numbers are two values; after a comparison, in money or with a leading 0 nobody means that.
    if (/^\s*$/.test(bare) && r.subject.type !== 'money' && r.subject.type !== 'number' && !written(r, node).startsWith('0')) continue
    const whole = /^.*?\d(,\d{3})+(\.\d+)?/.exec(r.text.slice(nodes[i - 1]!.from))![0]
    fail(r, nodes[i - 1]!, `${whole} is two tests: ${before.slice(0, -1).trim()}, and = ${Number(written(r, node))}.`, `Write numbers without thousands marks: ${whole.replaceAll(',', '')}.`)
    return false
  }
  return true
}

/** A comma means "or". Lists that then let everything through were meant otherwise. */
function meansAList(r: OfColumn, nodes: readonly Node[], tests: readonly Test[]) {
  const compares = tests.map((test) => (test.kind === 'compare' ? test : undefined))
  const unequal = compares.findIndex((test) => test?.op === '!=')
  if (unequal >= 0 && tests.some((test, i) => i !== unequal && test.kind !== 'blank')) {
    const values = nodes.map((node) => written(r, node).replace(/^!?=\s*/, ''))
    fail(r, nodes[unequal]!, `A comma means "or": ${written(r, nodes[unequal]!)} lets every other value through already.`, `Write not(${values.join(',')}).`)
    return false
  }
  const isLow = (op?: Comparison) => op === '>' || op === '>='
  const isHigh = (op?: Comparison) => op === '<' || op === '<='
  for (const [i, low] of compares.entries()) for (const high of compares) {
    if (!isLow(low?.op) || !isHigh(high?.op) || low!.right.kind !== 'literal' || high!.right.kind !== 'literal') continue
    if (!notAbove(low!.right, high!.right)) continue
    fail(r, nodes[i]!, 'A comma means "or": together these let every value through.', `Write ${asInterval(low!.op, low!.right, high!.op, high!.right)}.`)
    return false
  }
  return true
}

const notAbove = (low: LiteralValue, high: LiteralValue) => (low.family === 'number' ? Number(low.value) <= Number(high.value) : low.value <= high.value)

function asInterval(lowOp: Comparison, low: LiteralValue, highOp: Comparison, high: LiteralValue) {
  const shown = ({ family, value }: LiteralValue) => (family === 'date' ? `date(${quoted(value)})` : family === 'text' ? quoted(value) : value)
  return `${lowOp === '>=' ? '[' : '('}${shown(low)}..${shown(high)}${highOp === '<=' ? ']' : ')'}`
}

function oneTest(r: OfColumn, node: Node): Test | undefined {
  switch (node.name) {
    case 'SimplePositiveUnaryTest':
      return simpleTest(r, node)
    case 'null':
      return { kind: 'blank', of: r.subject }
    case 'VariableName':
      return r.alone === true ? equals(r, node) : bareWord(r, node)
    case 'Conjunction':
    case 'Disjunction':
    case 'Comparison':
    case 'FunctionInvocation':
      return expression(r, node)
    case 'ParenthesizedExpression': {
      const [, inner, closing] = parts(node)
      return inner === undefined || closing === undefined ? undefined : oneTest(r, inner)
    }
    case 'ArithmeticExpression':
      return bareArithmetic(r, node)
    case 'IfExpression':
      return fail(r, node, 'if is not supported in a cell.', 'Write two rules: the first that fires is taken.')
    case '?':
      return fail(r, node, '? alone is the value of the column itself.', 'Write - for any value, not(null) for any but blank.')
    case 'Wildcard':
      return any
    default:
      return equals(r, node)
  }
}

function equals(r: OfColumn, node: Node): Test | undefined {
  const value = valueOf(r, node)
  return value === undefined ? undefined : comparison(r, node, '=', r.subject, value)
}

/** A word without quotes is a name in FEEL, never the text meant. */
function bareWord(r: OfColumn, node: Node): undefined {
  const name = nameIn(r, node)
  if (hasColumn(r, name)) return fail(r, node, `${name} is a column here, not text.`, `Write = ${name} to compare with it${familyOf(r.subject) === 'text' ? `, or ${quoted(name)} for the text` : ''}.`)
  const plain = plainWord(name)
  if (plain !== undefined && (plain === 'null' || familyOf(r.subject) === 'bool')) return fail(r, node, `${name} is not a value.`, `Write ${plain}.`)
  if (familyOf(r.subject) !== 'text') return fail(r, node, `${name} is not a value that ${r.subject.name} can have.`, { number: 'Write a number, for example > 5 or [1..7].', date: 'Write a date as date("2025-06-30").', bool: 'Write true or false.' }[familyOf(r.subject) as 'number'])
  return fail(r, node, `${name} stands without quotes, so it is read as the name of a column.`, `Text needs double quotes inside those of YAML: ${r.subject.name}: '${nearText(r, name)}'.`)
}

/** The quoted word, or the known value closest to it. */
function nearText(r: OfColumn, word: string) {
  const values = r.columns[r.subject.name]?.values
  return quoted(values === undefined ? word : (nearest(word, values) ?? word))
}

function bareArithmetic(r: OfColumn, node: Node): undefined {
  const value = valueOf(r, node)
  if (value === undefined) return undefined
  return fail(r, node, `${written(r, node)} has no comparison.`, `Write = ${written(r, node)}, or another comparison.`)
}

function simpleTest(r: OfColumn, node: Node): Test | undefined {
  const interval = node.getChild('Interval')
  if (interval !== null) return intervalTest(r, interval)
  const [opNode, valueNode] = parts(node)
  const op = written(r, opNode!)
  const right = valueNode!
  if (doubledMark(r, opNode!, right)) return undefined
  if (right.name === 'Conjunction' || right.name === 'Disjunction') return joinedAfterComparison(r, node, right)
  if (right.name === 'Comparison') return fail(r, node, `${written(r, node)} compares twice.`, 'Compare once, or write ? > 5 and ? < 9.')
  if (!comparisons.includes(op)) return fail(r, opNode!, `${op} is not a comparison.`, 'Comparisons are < <= > >= = !=.')
  if (right.name === 'null' && (op === '=' || op === '!=')) return op === '=' ? { kind: 'blank', of: r.subject } : { kind: 'not', of: { kind: 'blank', of: r.subject } }
  if (r.alone !== true && right.name === 'VariableName' && !hasColumn(r, nameIn(r, right)) && plainWord(nameIn(r, right)) === undefined && (op === '=' || op === '!=') && familyOf(r.subject) === 'text')
    return bareWord(r, right)
  const value = valueOf(r, right)
  return value === undefined ? undefined : comparison(r, node, op as Comparison, r.subject, value)
}

/** `> 500 and < 900` parses as `> (500 and < 900)`, which never holds. */
function joinedAfterComparison(r: OfColumn, node: Node, joined: Node): undefined {
  const found = /^(<=?|>=?)\s*(\S+|date\("[^"]*"\))\s+and\s+(<=?|>=?)\s*(\S+|date\("[^"]*"\))$/.exec(written(r, node))
  if (found !== null && found[1]![0] !== found[3]![0]) {
    const [, firstOp, first, secondOp, second] = found
    const [lowOp, low, highOp, high] = firstOp!.startsWith('>') ? [firstOp, first, secondOp, second] : [secondOp, second, firstOp, first]
    return fail(r, node, `${written(r, node)} does not test both ends.`, `Write ${lowOp === '>=' ? '[' : '('}${low}..${high}${highOp === '<=' ? ']' : ')'}.`)
  }
  const word = joined.name === 'Conjunction' ? 'and' : 'or'
  const sides = written(r, node).split(new RegExp(`\\s+${word}\\s+`)).map((side) => (/^[<>=!]/.test(side) ? side : `= ${side}`))
  if (word === 'or') return fail(r, node, `${written(r, node)} does not test both sides.`, `Put a comma for "or": ${sides.map((side) => side.replace(/^= /, '')).join(', ')}.`)
  return fail(r, node, `${written(r, node)} does not test both sides.`, `Name the value with ?: ${sides.map((side) => `? ${side}`).join(' and ')}.`)
}

function intervalTest(r: OfColumn, interval: Node): Test | undefined {
  const low = valueOf(r, partOf(interval, 'low'))
  const high = valueOf(r, partOf(interval, 'high'))
  if (low === undefined || high === undefined) return undefined
  return within(r, interval, r.subject, low, high, interval.firstChild!.name === '[', interval.lastChild!.name === ']')
}

/** A test that names the value with `?`. It must test its own column: a cell that does not is in the wrong place. */
function expression(r: OfColumn, node: Node): Test | undefined {
  const test = condition(r, node)
  if (test === undefined) return undefined
  const named = columnsIn(test)
  if (named.has(r.subject.name)) return test
  const [other] = named
  return fail(r, node, `${written(r, node)} does not test ${r.subject.name}.`, `Put it into the cell of ${other ?? 'the column that it tests'}, or name the value of this column with ?.`)
}

function condition(r: OfColumn, node: Node): Test | undefined {
  switch (node.name) {
    case 'Conjunction':
    case 'Disjunction':
      return joined(r, node)
    case 'Comparison':
      return compared(r, node)
    case 'FunctionInvocation':
      return textTest(r, node)
    case 'ParenthesizedExpression': {
      const inner = parts(node)[1]
      return inner === undefined ? undefined : condition(r, inner)
    }
    default:
      return fail(r, node, `${written(r, node)} is no comparison.`, node.parent?.name === 'Disjunction' ? `Put a comma for "or": ${orList(r, node.parent)}.` : 'Compare the value: ? > 5 and ? < 9.')
  }
}

function orList(r: OfColumn, node: Node) {
  return written(r, node)
    .split(/\s+or\s+/)
    .map((word) => (/^[\p{L}_][\p{L}\p{N}_ -]*$/u.test(word) ? nearText(r, word) : word))
    .join(',')
}

function joined(r: OfColumn, node: Node): Test | undefined {
  const sides = parts(node).filter((part) => part.name !== 'and' && part.name !== 'or')
  const bare = sides.find((side) => side.name === 'VariableName' || side.name === 'StringLiteral')
  if (bare !== undefined && node.name === 'Conjunction')
    return fail(r, node, `${written(r, node)} is no comparison.`, 'No value is two things at once: put a comma for "or", or compare: ? != "a" and ? != "b".')
  if (bare !== undefined) return fail(r, node, `${written(r, node)} is no comparison: words are read as names of columns, and "or" joins comparisons.`, `Put a comma for "or": ${orList(r, node)}.`)
  const tests = sides.map((side) => condition(r, side))
  if (tests.some((test) => test === undefined)) return undefined
  return { kind: node.name === 'Conjunction' ? 'all' : 'some', of: tests as Test[] }
}
