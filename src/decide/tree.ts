import type { ColumnType } from '../engine/dialect.ts'

/** What a rule may test: a column's type and what is known of its values. */
export interface ColumnKind {
  readonly type: ColumnType
  /** All values it may have, where they are few and known. */
  readonly values?: readonly string[]
  /** An amount in the account's currency that is not of type money, such as a passed-through credit limit. */
  readonly money?: true
  /** Never blank. */
  readonly filled?: true
}

export type ColumnKinds = Readonly<Record<string, ColumnKind>>

type Order = '<' | '<=' | '>' | '>='
export type Comparison = Order | '=' | '!='
export type Family = 'text' | 'number' | 'date' | 'bool'

export interface ColumnValue {
  readonly kind: 'column'
  readonly name: string
  readonly type: ColumnType
  readonly money: boolean
}

export interface LiteralValue {
  readonly kind: 'literal'
  readonly family: Family
  /** Numbers as exact decimals, dates as YYYY-MM-DD, both already checked. */
  readonly value: string
}

export type Value =
  | ColumnValue
  | LiteralValue
  | { readonly kind: 'sum'; readonly op: '+' | '-' | '*'; readonly left: Value; readonly right: Value }
  | { readonly kind: 'moved'; readonly from: Value; readonly days: number }

/** A checked cell: types agree, names exist, and all that it says can be said in SQL. */
export type Test =
  | { readonly kind: 'any' }
  | { readonly kind: 'blank'; readonly of: Value }
  | { readonly kind: 'compare'; readonly op: Comparison; readonly left: Value; readonly right: Value }
  | { readonly kind: 'within'; readonly of: Value; readonly low: Value; readonly high: Value; readonly lowIn: boolean; readonly highIn: boolean }
  | { readonly kind: 'text'; readonly how: 'contains' | 'starts with' | 'ends with'; readonly of: Value; readonly part: Value }
  | { readonly kind: 'not'; readonly of: Test }
  | { readonly kind: 'all'; readonly of: readonly Test[] }
  | { readonly kind: 'some'; readonly of: readonly Test[] }

const families: Record<ColumnType, Family> = { text: 'text', small: 'number', int: 'number', bigint: 'number', money: 'number', number: 'number', date: 'date', bool: 'bool' }

export const columnValue = (name: string, kind: ColumnKind): ColumnValue => ({ kind: 'column', name, type: kind.type, money: kind.type === 'money' || kind.money === true })

export function familyOf(value: Value): Family {
  switch (value.kind) {
    case 'column':
      return families[value.type]
    case 'literal':
      return value.family
    case 'sum':
      return 'number'
    case 'moved':
      return 'date'
  }
}

/** The whole numbers and days: between two neighbours there is nothing. */
export const isWhole = (value: Value) => value.kind === 'column' && (value.type === 'int' || value.type === 'bigint')

/** Reckoned from other values: unknown as soon as one of them is. */
export const isReckoned = (value: Value) => value.kind === 'sum' || value.kind === 'moved'

export function valuesIn(test: Test): Value[] {
  switch (test.kind) {
    case 'any':
      return []
    case 'blank':
      return [test.of]
    case 'compare':
      return [test.left, test.right]
    case 'within':
      return [test.of, test.low, test.high]
    case 'text':
      return [test.of, test.part]
    case 'not':
      return valuesIn(test.of)
    case 'all':
    case 'some':
      return test.of.flatMap(valuesIn)
  }
}

/** The tests that a tree is made of, those inside not(...), lists and conjunctions too. */
export function atomsIn(test: Test): Test[] {
  if (test.kind === 'not') return atomsIn(test.of)
  if (test.kind === 'all' || test.kind === 'some') return test.of.flatMap(atomsIn)
  return [test]
}

function columnsOfValue(value: Value): string[] {
  switch (value.kind) {
    case 'column':
      return [value.name]
    case 'literal':
      return []
    case 'sum':
      return [...columnsOfValue(value.left), ...columnsOfValue(value.right)]
    case 'moved':
      return columnsOfValue(value.from)
  }
}

export const columnsIn = (test: Test) => new Set(valuesIn(test).flatMap(columnsOfValue))
export const columnsInValue = (value: Value) => new Set(columnsOfValue(value))

export function isMoney(value: Value): boolean {
  if (value.kind === 'column') return value.money
  return value.kind === 'sum' && (isMoney(value.left) || isMoney(value.right))
}

/** A stated amount, such as the 500 of `> 500` or of `> cure_amount + 500`. A factor (`2 * cure_amount`) and 0 are none. */
function statesAmount(value: Value): boolean {
  if (value.kind === 'literal') return value.family === 'number' && Number(value.value) !== 0
  if (value.kind !== 'sum') return false
  if (value.op !== '*') return statesAmount(value.left) || statesAmount(value.right)
  if (isMoney(value.left)) return statesAmount(value.left)
  if (isMoney(value.right)) return statesAmount(value.right)
  return statesAmount(value.left) || statesAmount(value.right)
}

/** Money held against a stated amount: it says nothing until the currency is known. */
export const needsCurrency = (test: Test) =>
  atomsIn(test).some((atom) => {
    const values = valuesIn(atom)
    return values.some(isMoney) && values.some(statesAmount)
  })
