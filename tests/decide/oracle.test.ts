import fc from 'fast-check'
import { date as feelDate, unaryTest } from 'feelin'
import { expect, test } from 'vitest'
import { parseCell } from '../../src/decide/cell.ts'
import type { Row, Value } from '../../src/engine/engine.ts'
import { openEngine } from '../../src/engine/open.ts'
import { accountsOf, kinds, type Kind } from './book.ts'
import { truths, type TestedCell } from './evaluate.ts'

/**
 * feelin is another FEEL engine: cells made at random must mean the same to it and to the SQL that we make of them.
 * Values are multiples of 0.25, which its floating numbers hold exactly. Known differences are at the end, one test each.
 */
const seed = 20250630

const numbers = { days_past_due: 'int', visits: 'int', overdue_amount: 'money', cure_amount: 'money', score: 'number' } as const
const dates = ['next_due_on', 'last_paid_on', 'work_on'] as const
const texts = ['product', 'currency'] as const
const words = ['card', 'Card', 'bnpl', 'CNY', 'a "b"', '中文']

const quarter = fc.integer({ min: -8, max: 40 }).map((n) => String(n / 4))
const whole = fc.integer({ min: -2, max: 10 }).map(String)
const day = fc.integer({ min: 1, max: 12 }).map((n) => `2025-07-${String(n).padStart(2, '0')}`)

const row: fc.Arbitrary<Row> = fc.record({
  days_past_due: fc.option(whole.map(Number), { freq: 4 }), visits: fc.option(whole.map(Number), { freq: 2 }),
  overdue_amount: fc.option(quarter, { freq: 4 }), cure_amount: fc.option(quarter, { freq: 2 }), score: fc.option(quarter, { freq: 2 }),
  next_due_on: fc.option(day, { freq: 3 }), last_paid_on: fc.option(day, { freq: 2 }), work_on: day,
  product: fc.option(fc.constantFrom(...words), { freq: 3 }), currency: fc.option(fc.constantFrom(...words), { freq: 3 }), autopay: fc.option(fc.boolean(), { freq: 2 }),
})

interface Generated extends TestedCell {
  /** Names the value with ?: on a blank value the two differ, see the end. */
  readonly names: boolean
  /** Columns whose blank makes a sum or the end of a range unknown. */
  readonly unknownIf: readonly string[]
}

type Piece = Omit<Generated, 'column'>

const piece = (text: string, unknownIf: readonly string[] = []): Piece => ({ text, unknownIf, names: false })
const order = fc.constantFrom('<', '<=', '>', '>=')
const anyOp = fc.constantFrom('<', '<=', '>', '>=', '=', '!=')
const feel = (word: string) => `"${word.replaceAll('"', '\\"')}"`
const range = (low: string, high: string, ends: string) => `${ends[0]}${low}..${high}${ends[1]}`
const ends = fc.constantFrom('[]', '[)', '(]', '()', '][')

const numberColumn = fc.constantFrom(...(Object.keys(numbers) as (keyof typeof numbers)[]))
const term: fc.Arbitrary<Piece> = fc.oneof(
  numberColumn.map((column) => piece(column)),
  fc.tuple(numberColumn, fc.constantFrom('+', '-', '*'), quarter).map(([column, op, value]) => piece(`${column} ${op} ${value}`, [column])),
  fc.tuple(numberColumn, fc.constantFrom('+', '-'), numberColumn).map(([a, op, b]) => piece(`${a} ${op} ${b}`, [a, b])),
)
const dateTerm: fc.Arbitrary<Piece> = fc.oneof(
  fc.constantFrom(...dates).map((column) => piece(column)),
  fc.tuple(fc.constantFrom(...dates), fc.constantFrom('+', '-'), fc.nat(5)).map(([column, op, days]) => piece(`${column} ${op} duration("P${days}D")`, [column])),
)

function single(column: Kind): fc.Arbitrary<Piece> {
  const { type } = kinds[column]
  if (type === 'bool') return fc.constantFrom('true', 'false', '= true', '!= false', 'null', '!= null').map((text) => piece(text))
  if (type === 'text')
    return fc.oneof(
      fc.constantFrom(...words).map((word) => piece(feel(word))),
      fc.tuple(anyOp, fc.constantFrom(...words)).map(([op, word]) => piece(`${op} ${feel(word)}`)),
      fc.tuple(fc.constantFrom('=', '!='), fc.constantFrom(...texts)).map(([op, other]) => piece(`${op} ${other}`)),
      fc.constant(piece('null')),
    )
  if (type === 'date')
    return fc.oneof(
      day.map((of) => piece(`date("${of}")`)),
      fc.tuple(anyOp, day).map(([op, of]) => piece(`${op} @"${of}"`)),
      fc.tuple(day, fc.integer({ min: 2, max: 6 }), ends).map(([low, more, how]) => piece(range(`@"${low}"`, `@"2025-07-${String(Number(low.slice(8)) + more).padStart(2, '0')}"`, how))),
      fc.tuple(anyOp, dateTerm).map(([op, of]) => ({ ...of, text: `${op} ${of.text}` })),
      fc.constant(piece('!= null')),
    )
  // Whole numbers of int columns only: `= 1.25` of an int column is refused.
  const value = type === 'int' ? whole : quarter
  return fc.oneof(
    value.map((of) => piece(of)),
    fc.tuple(anyOp, value).map(([op, of]) => piece(`${op} ${of}`)),
    fc.tuple(order, quarter).map(([op, of]) => piece(`${op} ${of}`)),
    fc.tuple(value, fc.integer({ min: 2, max: 6 }), ends).map(([low, more, how]) => piece(range(low, String(Number(low) + more), how))),
    fc.tuple(anyOp, term).map(([op, of]) => ({ ...of, text: `${op} ${of.text}` })),
    fc.tuple(numberColumn, quarter).map(([low, high]) => piece(range(low, `${low} + ${Math.abs(Number(high))}`, '[]'), [low])),
    fc.constantFrom('null', '!= null').map((text) => piece(text)),
  )
}

const naming: fc.Arbitrary<Piece> = fc
  .tuple(anyOp, whole, fc.constantFrom('and', 'or'), anyOp, fc.oneof(whole.map((of) => piece(of)), term))
  .map(([op, of, word, other, right]) => ({ text: `? ${op} ${of} ${word} ? ${other} ${right.text}`, unknownIf: right.unknownIf, names: true }))
const looking: fc.Arbitrary<Piece> = fc
  .tuple(fc.constantFrom('contains', 'starts with', 'ends with'), fc.constantFrom('a', 'ar', 'card', 'd', '中', '"'))
  .map(([how, part]) => ({ text: `${how}(?, ${feel(part)})`, unknownIf: [], names: true }))

const together = (pieces: readonly Piece[], text: (texts: string) => string): Piece => ({ text: text(pieces.map((of) => of.text).join(', ')), unknownIf: pieces.flatMap((of) => of.unknownIf), names: pieces.some((of) => of.names) })

const cell: fc.Arbitrary<Generated> = fc
  .constantFrom<Kind>('days_past_due', 'visits', 'overdue_amount', 'score', 'next_due_on', 'last_paid_on', 'product', 'autopay')
  .chain((column) => {
    const of = single(column)
    const list = fc.array(of, { minLength: 1, maxLength: 3 })
    const shapes = [of, list.map((pieces) => together(pieces, (text) => text)), list.map((pieces) => together(pieces, (text) => `not(${text})`))]
    const more = kinds[column].type === 'text' ? [looking, fc.tuple(looking, of).map((pieces) => together(pieces, (text) => text))] : ['int', 'money', 'number'].includes(kinds[column].type) ? [naming] : []
    return fc.oneof(...shapes, ...more).map((found) => ({ ...found, column }))
  })

const feelValue = (column: string, value: Value) => (value === null ? null : kinds[column as Kind].type === 'date' ? feelDate(String(value)) : ['money', 'number'].includes(kinds[column as Kind].type) ? Number(value) : value)
const feelRow = (of: Row) => Object.fromEntries(Object.entries(of).map(([column, value]) => [column, feelValue(column, value)]))

test('cells made at random mean what they mean to another FEEL engine', { timeout: 60_000 }, async () => {
  const rows = fc.sample(row, { numRuns: 20, seed })
  const generated = fc.sample(cell, { numRuns: 700, seed })
  // Some are refused: lists that let everything through, != beside other values, 1.25 of whole numbers.
  const cells = generated.filter(({ text, column }) => parseCell(text, column, { columns: kinds, seen: {} }).tree !== undefined)
  expect(cells.length).toBeGreaterThan(500)
  const engine = await openEngine('duckdb', { scale: 2, threads: 1 })
  const { exact, taken } = await truths(engine, cells, accountsOf(rows.map((of, i) => ({ ...of, account_id: String(i).padStart(3, '0') }))))
  engine.close()
  let compared = 0
  const different: string[] = []
  cells.forEach(({ text, column, names, unknownIf }, c) =>
    rows.forEach((of, i) => {
      if (exact[c]![i] !== taken[c]![i]) different.push(`${column}: ${text} has two truths on ${JSON.stringify(of)}`)
      if ((names && of[column] === null) || unknownIf.some((other) => of[other] === null)) return
      compared++
      const context = feelRow(of)
      const { value } = unaryTest(text, { ...context, '?': context[column] })
      if (value !== exact[c]![i]) different.push(`${column}: ${text} on ${JSON.stringify(of)}: feelin ${String(value)}, ours ${String(exact[c]![i])}`)
    }),
  )
  expect(different.slice(0, 20)).toEqual([])
  expect(compared).toBeGreaterThan(8_000)
})

// Where we differ on purpose: to feelin an expression that gives null equals a blank value, so it lets blanks through; a range without
// one of its ends is open there; numbers are floating; kinds that do not agree are quietly false. Each of these can put a person on a list.
const apart: readonly (readonly [column: Kind, text: string, of: Row, feelin: boolean, ours: boolean])[] = [
  ['product', 'contains(?, "A")', { product: null }, true, false],
  ['product', 'not(contains(?, "A"))', { product: null }, false, true],
  ['visits', '? > 5 and ? < 9', { visits: null }, true, false],
  ['visits', '[1..days_past_due]', { visits: 5, days_past_due: null }, true, false],
  ['visits', '= days_past_due + 1', { visits: null, days_past_due: null }, true, false],
  ['visits', '!= days_past_due + 1', { visits: 5, days_past_due: null }, true, false],
  ['score', '< credit_limit + 0.2', { score: '0.3', credit_limit: '0.1' }, true, false],
  ['score', '= credit_limit + 0.2', { score: '0.3', credit_limit: '0.1' }, false, true],
]

test.each(apart)('%s: %s differs on purpose', async (column, text, of, feelin, ours) => {
  const context = feelRow(of)
  expect(unaryTest(text, { ...context, '?': context[column] }).value).toBe(feelin)
  const engine = await openEngine('duckdb', { scale: 2, threads: 1 })
  const { exact } = await truths(engine, [{ column, text }], accountsOf([of]))
  engine.close()
  expect(exact).toEqual([[ours]])
})

test('a clash of kinds is quietly false to feelin and an error to us', () => {
  expect(unaryTest('"5"', { '?': 5 }).value).toBe(false)
  expect(parseCell('"5"', 'visits', { columns: kinds, seen: {} }).faults).toMatchObject([{ code: 'rule-type-clash' }])
})
