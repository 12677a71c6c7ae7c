import { nearest } from '../nearest.ts'
import { looksLikeDate, looksLikeNumber } from './literal.ts'
import { fail, quoted, written, type Node, type Reading } from './reading.ts'
import { familyOf, isWhole, type Comparison, type LiteralValue, type Test, type Value } from './tree.ts'
import { fits } from './value.ts'

/** `left op right` with all that must hold between the two: kinds agree, the value can occur, the order means something. */
export function comparison(r: Reading, node: Node, op: Comparison, left: Value, right: Value): Test | undefined {
  if (!sameFamily(r, node, left, right)) return undefined
  const family = familyOf(left)
  const equal = op === '=' || op === '!='
  if (!equal && !hasOrder(r, node, left, right)) return undefined
  if (left.kind === 'literal' && right.kind === 'literal') return fail(r, node, `${written(r, node)} compares two values and no column.`, r.alone === true ? 'Name a column: days_past_due > 5.' : 'Write the test alone, for example > 5.')
  if (!fits(left, right)) return fail(r, node, `${written(r, node)} can grow wider than an exact number can be.`, 'Use fewer or shorter factors.')
  if (equal && family === 'number' && [left, right].some(isWhole) && [left, right].some(hasFraction))
    return fail(r, node, `${written(r, node)} never holds: the column has whole numbers.`, 'Write a whole number, or a range such as [1..2].')
  if (equal && family === 'text') {
    if (!knownValue(r, node, left, right) || !knownValue(r, node, right, left)) return undefined
  }
  return { kind: 'compare', op, left, right }
}

/** low..high, each end in or out. */
export function within(r: Reading, node: Node, of: Value, low: Value, high: Value, lowIn: boolean, highIn: boolean): Test | undefined {
  if (!sameFamily(r, node, of, low) || !sameFamily(r, node, of, high) || !hasOrder(r, node, of, low) || !hasOrder(r, node, of, high)) return undefined
  if (!fits(of, low, high)) return fail(r, node, `${written(r, node)} can grow wider than an exact number can be.`, 'Use fewer or shorter factors.')
  if (low.kind === 'literal' && high.kind === 'literal' && isEmpty(of, low, high, lowIn, highIn)) {
    const turned = below(high, low) ? ` Did you mean [${written(r, partOf(node, 'high'))}..${written(r, partOf(node, 'low'))}]?` : ''
    return fail(r, node, `${written(r, node)} is empty: no value lies in it.`, `The lower end comes first, and [ ] take the end itself in.${turned}`)
  }
  return { kind: 'within', of, low, high, lowIn, highIn }
}

/** The ends of an interval, or of between, as written. */
export function partOf(interval: Node, end: 'low' | 'high'): Node {
  const dots = (interval.getChild('..') ?? interval.getChild('and'))!
  return end === 'low' ? dots.prevSibling! : dots.nextSibling!
}

function below(low: LiteralValue, high: LiteralValue) {
  return low.family === 'number' ? Number(low.value) < Number(high.value) : low.value < high.value
}

function isEmpty(of: Value, low: LiteralValue, high: LiteralValue, lowIn: boolean, highIn: boolean) {
  if (below(high, low)) return true
  if (!below(low, high)) return !lowIn || !highIn
  if (lowIn || highIn) return false
  // Between two neighbours there is nothing: (5..6) of whole numbers, (30 June..1 July) of days.
  if (familyOf(of) === 'date') return Date.parse(high.value) - Date.parse(low.value) <= 86_400_000
  return isWhole(of) && Number.isInteger(Number(low.value)) && Number(high.value) - Number(low.value) <= 1
}

const hasFraction = (value: Value) => value.kind === 'literal' && value.family === 'number' && !Number.isInteger(Number(value.value))

function hasOrder(r: Reading, node: Node, left: Value, right: Value) {
  if (familyOf(left) === 'bool') {
    fail(r, node, `${written(r, node)}: true and false have no order.`, 'Write true or false.', 'rule-type-clash')
    return false
  }
  const literal = [left, right].find((value) => value.kind === 'literal' && value.family === 'text') as LiteralValue | undefined
  if (literal !== undefined && (looksLikeNumber(literal.value) || looksLikeDate(literal.value))) {
    const type = looksLikeDate(literal.value) ? 'date' : 'number'
    const column = [left, right].find((value) => value.kind === 'column')
    fail(r, node, `${written(r, node)} compares text letter by letter, not as a ${type}.`, declare(column?.kind === 'column' ? column.name : 'column', type), 'rule-type-clash')
    return false
  }
  return true
}

function sameFamily(r: Reading, node: Node, left: Value, right: Value) {
  const [of, to] = [familyOf(left), familyOf(right)]
  if (of === to) return true
  const [value, other] = left.kind === 'literal' ? [right, left] : [left, right]
  const says = `${spoken(value)}, but ${spoken(other)}.`
  fail(r, node, says, clashRemedy(r, value, other), 'rule-type-clash')
  return false
}

const kinds = { text: 'text', small: 'a whole number', int: 'a whole number', bigint: 'a whole number', money: 'an amount', number: 'a number', date: 'a date', bool: 'true or false' }

function spoken(value: Value): string {
  if (value.kind === 'column') return `${value.name} is ${kinds[value.type]}`
  if (value.kind === 'literal') return `${value.family === 'text' ? quoted(value.value) : value.value} is ${value.family === 'bool' ? 'true or false' : value.family === 'text' ? 'text' : `a ${value.family}`}`
  return value.kind === 'moved' ? 'what it is compared with is a date' : 'what it is compared with is a number'
}

const held = { date: 'dates', number: 'numbers', boolean: 'true and false' }

const declare = (column: string, type: keyof typeof held) => `If ${column} comes from the export and holds ${held[type]}, declare it in the settings: inputs.loans.columns: {${column}: ${type}}.`

function clashRemedy(r: Reading, value: Value, other: Value): string {
  const family = familyOf(value)
  if (other.kind !== 'literal') return 'Compare it with a value or column of its own kind.'
  if (family === 'bool') return 'Write true or false.'
  if (family === 'number') {
    if (other.family === 'text' && looksLikeNumber(other.value)) return `Write ${other.value.replaceAll(',', '')} without the quotes.`
    return 'Write a number, for example > 5 or [1..7].'
  }
  if (family === 'date') return looksLikeDate(other.value) ? `Write date(${quoted(other.value)}).` : 'Write a date as date("2025-06-30"), or reckon it from a column: work_on - duration("P3D").'
  if (value.kind !== 'column') return 'Write text in double quotes.'
  const values = r.columns[value.name]?.values
  if (values !== undefined) return `Write one of ${values.map(quoted).join(', ')}.`
  return `${declare(value.name, other.family === 'bool' ? 'boolean' : other.family === 'date' ? 'date' : 'number')} If it is text, write ${quoted(other.value)}.`
}

/** A value that the column never has is wrong where its values are fixed, and doubtful where they come from the book. */
function knownValue(r: Reading, node: Node, column: Value, literal: Value): boolean {
  if (column.kind !== 'column' || literal.kind !== 'literal') return true
  const fixed = r.columns[column.name]?.values
  const values = fixed ?? (Object.hasOwn(r.seen, column.name) ? r.seen[column.name] : undefined)
  if (values === undefined || values.length === 0 || values.includes(literal.value)) return true
  const near = nearest(literal.value, values)
  const list = values.slice(0, 12).map(quoted).join(', ')
  const todo = near === undefined ? `Values ${fixed === undefined ? 'in the book' : 'it can have'}: ${list}${values.length > 12 ? ' ...' : ''}.` : `Did you mean ${quoted(near)}?`
  if (fixed !== undefined) {
    fail(r, node, `${column.name} is never ${quoted(literal.value)}.`, todo, 'rule-value-unknown')
    return false
  }
  r.doubts.push({ code: 'rule-value-unknown', offset: node.from, says: `No account in the book has ${column.name} ${quoted(literal.value)}.`, todo })
  return true
}
