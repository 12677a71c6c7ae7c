import type { ColumnType } from '../engine/dialect.ts'
import { nearest } from '../nearest.ts'
import { dateOrDays, looksLikeDate, numberIn, textIn, type Days } from './literal.ts'
import { fail, hasColumn, nameIn, parts, quoted, tested, written, type Node, type Reading } from './reading.ts'
import { columnsInValue, columnValue, familyOf, isMoney, type Value } from './tree.ts'

/** What stands beside a comparison: a literal, a column, or arithmetic over them. */
export function valueOf(r: Reading, node: Node): Value | undefined {
  const found = valueOrDays(r, node)
  if (found?.kind !== 'days') return found
  return fail(r, node, `${written(r, node)} is a number of days and cannot be compared with a column.`, 'Add it to a date: < work_on - duration("P3D").')
}

function valueOrDays(r: Reading, node: Node): Value | Days | undefined {
  switch (node.name) {
    case 'NumericLiteral':
      return numberIn(r, node)
    case 'StringLiteral':
      return textIn(r, node)
    case 'BooleanLiteral':
      return { kind: 'literal', family: 'bool', value: written(r, node) }
    case 'DateTimeLiteral':
      return dateOrDays(r, node)
    case '?':
      return r.alone === true || r.subject === undefined ? fail(r, node, '? stands for the column of a cell, and there is none here.', 'Write the name of the column.') : r.subject
    case 'VariableName':
      return columnIn(r, node)
    case 'ArithmeticExpression':
      return arithmetic(r, node)
    case 'ParenthesizedExpression': {
      const inner = parts(node).find((part) => part.name !== '(' && part.name !== ')')
      return inner === undefined ? notAValue(r, node) : valueOrDays(r, inner)
    }
    default:
      return notAValue(r, node)
  }
}

function notAValue(r: Reading, node: Node): undefined {
  if (node.name === 'FunctionInvocation') return notAFunction(r, node)
  if (node.name === 'null') return fail(r, node, 'null stands where a value is needed: nothing is more or less than a blank.', r.alone === true ? 'Write = null for blank, != null for not blank.' : 'Write null alone for blank, not(null) for not blank.')
  if (node.name === 'List') return fail(r, node, `${written(r, node)} is a list in brackets.`, 'Write the values with commas and no brackets: "short","medium"; a range has two dots: [1..7].')
  return fail(r, node, `${written(r, node)} is not supported.`, 'Compare with a value, a column, or + - * over them.')
}

/** Functions that give a value are not supported; each has something to write instead. */
export function notAFunction(r: Reading, node: Node): undefined {
  const called = nameIn(r, node.firstChild!)
  const it = tested(r)
  const instead: Record<string, string> = {
    today: 'The clock is not read in rules: use the column as_of (facts) or work_on (the day of the lists), for example < work_on.',
    now: 'The clock is not read in rules: use the column as_of (facts) or work_on (the day of the lists), for example < work_on.',
    matches: `Patterns are not supported: use contains(${it}, "x"), starts with(${it}, "x") or ends with(${it}, "x").`,
    not: 'not(...) must be the whole cell: not("a","b"). Inside an expression write the opposite comparison.',
    'list contains': 'Write the values with commas: "a","b".',
    number: 'Write the number without quotes: > 5.',
  }
  const near = nearest(called, Object.keys(textFunctions))
  const known = `Functions are contains(${it}, "x"), starts with(${it}, "x") and ends with(${it}, "x").`
  const todo = Object.hasOwn(instead, called) ? instead[called]! : near === undefined ? known : `Did you mean ${near}(${it}, "x")?`
  return fail(r, node, `${called}(...) cannot be used here.`, todo)
}

export const textFunctions = { contains: true, 'starts with': true, 'ends with': true } as const

function columnIn(r: Reading, node: Node): Value | undefined {
  const name = nameIn(r, node)
  if (hasColumn(r, name)) return columnValue(name, r.columns[name]!)
  const isText = r.subject !== undefined && familyOf(r.subject) === 'text'
  const word = plainWord(name)
  if (word !== undefined) return fail(r, node, `${name} is not a value.`, `Write ${word}.`)
  if (r.alone === true && isText) return { kind: 'literal', family: 'text', value: name }
  const near = nearest(name, Object.keys(r.columns))
  const asText = isText ? ` Text stands in double quotes: ${quoted(name)}.` : ''
  const todo = near === undefined ? `"arrears check" lists the columns that a rule may use.${asText}` : `Did you mean ${near}?${asText}`
  return fail(r, node, `${name} is not a column of accounts.`, todo, 'rule-unknown-column')
}

/** Spellings of other languages. */
export function plainWord(name: string): string | undefined {
  return { yes: 'true', no: 'false', null: 'null', none: 'null', nil: 'null', blank: 'null', empty: 'null', true: 'true', false: 'false' }[name.toLowerCase()]
}

function arithmetic(r: Reading, node: Node): Value | Days | undefined {
  const [leftNode, opNode, rightNode] = parts(node)
  if (looksLikeDate(written(r, node))) return fail(r, node, `${written(r, node)} is two subtractions, not a date.`, `Write date("${written(r, node).replace(/\s/g, '')}").`)
  if (rightNode === undefined) return fail(r, node, `${written(r, node)} is not supported.`, `Write 0 - ${written(r, leftNode!) === '-' ? written(r, opNode!) : 'column'}.`)
  const op = written(r, opNode!)
  if (op === '/' || op === '**') return fail(r, opNode!, `${op} is not supported: its result is not exact.`, 'Multiply instead: 0.5 * principal.')
  const left = valueOrDays(r, leftNode!)
  const right = valueOrDays(r, rightNode)
  if (left === undefined || right === undefined) return undefined
  return reckoned(r, node, op as '+' | '-' | '*', left, right)
}

function reckoned(r: Reading, node: Node, op: '+' | '-' | '*', left: Value | Days, right: Value | Days): Value | undefined {
  if (left.kind === 'days' || right.kind === 'days') {
    if (op !== '*' && left.kind !== 'days' && right.kind === 'days' && familyOf(left) === 'date') return { kind: 'moved', from: left, days: op === '-' ? 0 - right.days : right.days }
    if (op === '+' && left.kind === 'days' && right.kind !== 'days' && familyOf(right) === 'date') return { kind: 'moved', from: right, days: left.days }
    return fail(r, node, `${written(r, node)} does not move a date.`, 'Days are added to a date or taken off it: work_on - duration("P3D").')
  }
  const [of, to] = [familyOf(left), familyOf(right)]
  if (of === 'date' && to === 'number') return fail(r, node, `${written(r, node)} mixes a date and a number.`, `Write the days as a duration: duration("P${right.kind === 'literal' ? right.value : '3'}D").`, 'rule-type-clash')
  if (of === 'date' && to === 'date') return fail(r, node, `${written(r, node)} takes a date off a date.`, 'Compare the two dates: < work_on - duration("P3D").', 'rule-type-clash')
  if (of !== 'number' || to !== 'number') return fail(r, node, `${written(r, node)} reckons with something that is not a number.`, '+ - * need numbers on both sides.', 'rule-type-clash')
  if (op === '*' && isMoney(left) && isMoney(right)) return fail(r, node, `${written(r, node)} multiplies two amounts.`, 'Multiply an amount by a plain number: 0.5 * principal.', 'rule-type-clash')
  const sum: Value = { kind: 'sum', op, left, right }
  if (columnsInValue(sum).size === 0) return fail(r, node, `${written(r, node)} names no column.`, /^\d+\s*-\s*\d+$/.test(written(r, node)) ? `Write the result; a range is written [${written(r, node).replace(/\s*-\s*/, '..')}].` : 'Write the result itself.')
  if (!fits(sum)) return fail(r, node, `${written(r, node)} can grow wider than an exact number can be.`, 'Use fewer or shorter factors.')
  return sum
}

/** Exact at any value: both engines hold 38 digits, counted where the widest whole part and the most decimals meet. */
export function fits(...values: readonly Value[]) {
  const needed = values.map(digits)
  return Math.max(...needed.map((each) => each.whole)) + Math.max(...needed.map((each) => each.decimals)) <= 38
}

const columnDigits: Readonly<Record<ColumnType, Digits>> = {
  small: { whole: 5, decimals: 0 },
  int: { whole: 10, decimals: 0 },
  bigint: { whole: 19, decimals: 0 },
  money: { whole: 16, decimals: 2 },
  number: { whole: 12, decimals: 6 },
  text: { whole: 0, decimals: 0 },
  date: { whole: 0, decimals: 0 },
  bool: { whole: 0, decimals: 0 },
}

interface Digits {
  readonly whole: number
  readonly decimals: number
}

function digits(value: Value): Digits {
  if (value.kind === 'column') return columnDigits[value.type]
  if (value.kind === 'moved' || (value.kind === 'literal' && value.family !== 'number')) return columnDigits.date
  if (value.kind === 'literal') {
    const [whole, decimals = ''] = value.value.replace('-', '').split('.')
    return { whole: whole!.length, decimals: decimals.length }
  }
  const [left, right] = [digits(value.left), digits(value.right)]
  if (value.op === '*') return { whole: left.whole + right.whole, decimals: left.decimals + right.decimals }
  return { whole: Math.max(left.whole, right.whole) + 1, decimals: Math.max(left.decimals, right.decimals) }
}
