import { addDays, contains, endsWith, startsWith } from '../engine/calls.ts'
import { bool, date, every, int, join, name, some, sql, text, type, type Hole, type Sql } from '../engine/sql.ts'
import { isReckoned, type ColumnValue, type LiteralValue, type Test, type Value } from './tree.ts'

/** A checked cell as a predicate that is TRUE or FALSE, never NULL. */
export const cellSql = (test: Test): Sql => (test.kind === 'any' ? sql`TRUE` : sql`(${holds(test)}) IS TRUE`)

/**
 * TRUE exactly where the test holds, else FALSE or NULL: all that WHEN and WHERE need, and cheaper than cellSql.
 * FEEL knows no NULL: a comparison with a blank is false, and its negation true. So a negation is carried down to the single
 * tests (`fails`), where SQL's own NOT would turn a blank into NULL.
 */
export function holds(test: Test): Sql {
  switch (test.kind) {
    case 'any':
      return sql`TRUE`
    case 'blank':
      return sql`${valueSql(test.of)} IS NULL`
    case 'compare':
      return compared(test)
    case 'within':
      return within(test)
    case 'text': {
      const call = { contains, 'starts with': startsWith, 'ends with': endsWith }[test.how]
      return sql`${call(valueSql(test.of), valueSql(test.part))}`
    }
    case 'not':
      return fails(test.of)
    case 'all':
      return every(test.of.map(holds))
    case 'some':
      return some(asLists(test.of))
  }
}

/** TRUE exactly where the test does not hold. */
function fails(test: Test): Sql {
  switch (test.kind) {
    case 'any':
      return sql`FALSE`
    case 'blank':
      return sql`${valueSql(test.of)} IS NOT NULL`
    case 'not':
      return holds(test.of)
    case 'all':
      return some(test.of.map(fails))
    case 'some':
      return every(asLists(test.of).map((one) => sql`(${one}) IS NOT TRUE`))
    case 'compare':
      if (test.op === '!=') return sql`(${holds(test)}) IS NOT TRUE`
      if (test.op === '=' && !isReckoned(test.left) && !isReckoned(test.right)) return sql`${valueSql(test.left)} IS DISTINCT FROM ${valueSql(test.right)}`
      return sql`(${holds(test)}) IS NOT TRUE`
    default:
      return sql`(${holds(test)}) IS NOT TRUE`
  }
}

type Compare = Extract<Test, { kind: 'compare' }>
type Within = Extract<Test, { kind: 'within' }>

const orders = { '<': sql`<`, '<=': sql`<=`, '>': sql`>`, '>=': sql`>=` }

function compared({ op, left, right }: Compare): Sql {
  const [a, b] = [valueSql(left), valueSql(right)]
  // A sum with a blank in it is unknown: nothing compares with it, not even !=.
  const known = [left, right].filter(isReckoned).map((value) => sql`${valueSql(value)} IS NOT NULL`)
  if (op === '!=') return every([...known, sql`${a} IS DISTINCT FROM ${b}`])
  if (op !== '=') return sql`${a} ${orders[op]} ${b}`
  // Two columns that are both blank are equal.
  return known.length > 0 || left.kind === 'literal' || right.kind === 'literal' ? sql`${a} = ${b}` : sql`${a} IS NOT DISTINCT FROM ${b}`
}

function within({ of, low, high, lowIn, highIn }: Within): Sql {
  const a = valueSql(of)
  if (lowIn && highIn) return sql`(${a} BETWEEN ${valueSql(low)} AND ${valueSql(high)})`
  return sql`(${a} ${lowIn ? orders['>='] : orders['>']} ${valueSql(low)} AND ${a} ${highIn ? orders['<='] : orders['<']} ${valueSql(high)})`
}

/** `= "a"` and `= "b"` of one column as one IN. */
function asLists(tests: readonly Test[]): Sql[] {
  const listed = new Map<string, { column: ColumnValue; values: LiteralValue[] }>()
  const rest: Sql[] = []
  for (const test of tests) {
    if (test.kind !== 'compare' || test.op !== '=' || test.left.kind !== 'column' || test.right.kind !== 'literal') {
      rest.push(holds(test))
      continue
    }
    const of = listed.get(test.left.name) ?? { column: test.left, values: [] }
    of.values.push(test.right)
    listed.set(test.left.name, of)
  }
  const lists = [...listed.values()].map(({ column, values }) =>
    values.length === 1 ? sql`${valueSql(column)} = ${literalSql(values[0]!)}` : sql`${valueSql(column)} IN (${join(values.map(literalSql))})`,
  )
  return [...lists, ...rest]
}

function valueSql(value: Value): Hole {
  switch (value.kind) {
    case 'column':
      return name(value.name)
    case 'literal':
      return literalSql(value)
    case 'moved':
      return addDays(valueSql(value.from), value.days < 0 ? sql`(0 - ${int(-value.days)})` : int(value.days))
    case 'sum': {
      const operators = { '+': sql`+`, '-': sql`-`, '*': sql`*` }
      const whole = isWholeNumber(value)
      return sql`(${operand(value.left, whole)} ${operators[value.op]} ${operand(value.right, whole)})`
    }
  }
}

/** Whole numbers are added in 64 bits: a sum or product must not overflow in the middle of the night. */
const operand = (value: Value, whole: boolean): Hole => (whole && value.kind === 'column' ? sql`CAST(${name(value.name)} AS ${type('bigint')})` : valueSql(value))

function isWholeNumber(value: Value): boolean {
  if (value.kind === 'column') return value.type === 'int' || value.type === 'bigint'
  if (value.kind === 'literal') return /^-?\d+$/.test(value.value)
  return value.kind === 'sum' && isWholeNumber(value.left) && isWholeNumber(value.right)
}

function literalSql(value: LiteralValue): Hole {
  switch (value.family) {
    case 'text':
      return text(value.value)
    case 'date':
      return date(value.value)
    case 'bool':
      return bool(value.value === 'true')
    case 'number':
      return exact(value.value)
  }
}

/**
 * An SQL literal with a decimal point is an exact decimal of just its own digits. Cast to the type of a number column it would
 * have more decimals than money, and the engine would widen the column for each row (15 times slower).
 */
function exact(digits: string): Sql {
  if (!/^-?\d{1,12}(\.\d{1,6})?$/.test(digits)) throw new Error(`not an exact decimal: ${digits}`)
  return { kind: 'sql', texts: [digits.startsWith('-') ? `(${digits})` : digits], holes: [] }
}
