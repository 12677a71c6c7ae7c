import { expect, test } from 'vitest'
import { parseCell } from '../../src/decide/cell.ts'
import { kinds, type Kind } from './book.ts'

const context = { columns: kinds, seen: { product: ['card', 'bnpl', 'cash loan'] } }
const faultsOf = (text: string, column: Kind) => parseCell(text, column, context).faults

// What must be refused, where it stands in the cell, and what the remedy must name.
const refused: readonly (readonly [column: Kind, text: string, offset: number, code: string, remedy: string])[] = [
  // Parses, but does not mean what it looks like.
  ['overdue_amount', '> 1,000', 0, 'rule-cell-wrong', '> 1000'],
  ['overdue_amount', '> 1,234,567.50', 0, 'rule-cell-wrong', '> 1234567.50'],
  ['overdue_amount', '1,500', 0, 'rule-cell-wrong', '1500'],
  ['days_past_due', '1,000', 0, 'rule-cell-wrong', '1000'],
  ['overdue_amount', '> 500 and < 900', 0, 'rule-cell-wrong', '(500..900)'],
  ['overdue_amount', '<= 900 and >= 500', 0, 'rule-cell-wrong', '[500..900]'],
  ['overdue_amount', '> 900 or < 500', 0, 'rule-cell-wrong', '> 900, < 500'],
  ['days_past_due', '>= 5 and != 7', 0, 'rule-cell-wrong', '? >= 5 and ? != 7'],
  ['overdue_amount', '>500,<900', 0, 'rule-cell-wrong', '(500..900)'],
  ['next_due_on', '>= date("2025-06-01"), <= date("2025-06-30")', 0, 'rule-cell-wrong', '[date("2025-06-01")..date("2025-06-30")]'],
  ['product', 'card or bnpl', 0, 'rule-cell-wrong', '"card","bnpl"'],
  ['product', '"card" or "bnpl"', 0, 'rule-cell-wrong', '"card","bnpl"'],
  ['product', '"card" and "bnpl"', 0, 'rule-cell-wrong', '? != "a" and ? != "b"'],
  ['product', 'card', 0, 'rule-cell-wrong', '"card"'],
  ['tier', 'shrt', 0, 'rule-cell-wrong', '"short"'],
  ['product', '= card', 2, 'rule-cell-wrong', '"card"'],
  ['product', 'product', 0, 'rule-cell-wrong', '= product'],
  ['product', '!= "card","bnpl"', 0, 'rule-cell-wrong', 'not("card","bnpl")'],
  ['product', '> "5"', 0, 'rule-type-clash', 'inputs.loans.columns: {product: number}'],
  ['days_past_due', '1-7', 0, 'rule-cell-wrong', '[1..7]'],
  ['next_due_on', '2025-06-30', 0, 'rule-cell-wrong', 'date("2025-06-30")'],
  ['next_due_on', '> 2025-06-30', 2, 'rule-cell-wrong', 'date("2025-06-30")'],
  ['next_due_on', '< today()', 2, 'rule-cell-wrong', 'work_on'],
  ['next_due_on', '<= now()', 3, 'rule-cell-wrong', 'as_of'],
  ['tier', 'days_past_due > 5', 0, 'rule-cell-wrong', 'cell of days_past_due'],
  ['days_past_due', '= 1.5', 0, 'rule-cell-wrong', 'whole number'],
  ['days_past_due', '> 012', 2, 'rule-cell-wrong', '"012"'],
  ['overdue_amount', '> 1e3', 2, 'rule-cell-wrong', '1500 for 1.5e3'],
  // Kinds that do not agree.
  ['days_past_due', '"5"', 0, 'rule-type-clash', 'Write 5 without the quotes'],
  ['overdue_amount', '> "500"', 0, 'rule-type-clash', 'Write 500 without the quotes'],
  ['next_due_on', '"2025-06-30"', 0, 'rule-type-clash', 'date("2025-06-30")'],
  ['next_due_on', '> 5', 0, 'rule-type-clash', 'date("2025-06-30")'],
  ['product', '> 5', 0, 'rule-type-clash', 'inputs.loans.columns: {product: number}'],
  ['product', 'date("2025-06-30")', 0, 'rule-type-clash', 'inputs.loans.columns: {product: date}'],
  ['product', 'true', 0, 'rule-type-clash', 'inputs.loans.columns: {product: boolean}. If it is text, write "true"'],
  ['tier', '5', 0, 'rule-type-clash', '"short", "medium", "long", "current"'],
  ['autopay', '1', 0, 'rule-type-clash', 'true or false'],
  ['autopay', '> true', 0, 'rule-type-clash', 'true or false'],
  ['autopay', 'yes', 0, 'rule-cell-wrong', 'Write true'],
  ['overdue_amount', '> next_due_on', 0, 'rule-type-clash', 'its own kind'],
  ['next_due_on', '< work_on + 3', 2, 'rule-type-clash', 'duration("P3D")'],
  ['next_due_on', '< work_on - last_paid_on', 2, 'rule-type-clash', 'duration('],
  ['overdue_amount', '> cure_amount * overdue_amount', 2, 'rule-type-clash', 'plain number'],
  ['days_past_due', 'contains(?, "1")', 0, 'rule-type-clash', '< <= > >= ='],
  // Values that cannot be.
  ['tier', '"shrt"', 0, 'rule-value-unknown', '"short"'],
  ['tier', 'not("medum")', 4, 'rule-value-unknown', '"medium"'],
  ['next_due_on', 'date("2025-02-30")', 0, 'rule-cell-wrong', 'exists'],
  ['next_due_on', '@"2025-13-01"', 0, 'rule-cell-wrong', 'exists'],
  ['next_due_on', '> @"0026-06-30"', 2, 'rule-cell-wrong', 'exists'],
  ['next_due_on', '> @"2025-06-30T10:00:00"', 2, 'rule-cell-wrong', 'date("2025-06-30")'],
  ['next_due_on', '< work_on - duration("P1M")', 12, 'rule-cell-wrong', 'duration("P30D")'],
  ['days_past_due', '[30..1]', 0, 'rule-cell-wrong', '[1..30]'],
  ['days_past_due', '(5..6)', 0, 'rule-cell-wrong', '[ ] take the end itself in'],
  ['overdue_amount', '[5..5)', 0, 'rule-cell-wrong', '[ ] take the end itself in'],
  ['next_due_on', '(date("2025-06-30")..date("2025-07-01"))', 0, 'rule-cell-wrong', '[ ] take the end itself in'],
  ['overdue_amount', '> 1234567890123', 2, 'rule-cell-wrong', '12 before the point'],
  // Names.
  ['overdue_amount', '> cure_amont', 2, 'rule-unknown-column', 'cure_amount'],
  ['days_past_due', '? > vists and ? < 9', 4, 'rule-unknown-column', 'visits'],
  ['days_past_due', 'short', 0, 'rule-cell-wrong', '[1..7]'],
  ['days_past_due', 'NULL', 0, 'rule-cell-wrong', 'Write null'],
  // Not supported.
  ['days_past_due', '> null', 2, 'rule-cell-wrong', 'not(null)'],
  ['overdue_amount', '> cure_amount / 2', 14, 'rule-cell-wrong', '0.5 * principal'],
  ['overdue_amount', '> -cure_amount', 2, 'rule-cell-wrong', '0 - cure_amount'],
  ['overdue_amount', '> score * score * score * score', 2, 'rule-cell-wrong', 'fewer'],
  ['product', 'matches(?, "x")', 0, 'rule-cell-wrong', 'contains(?, "x")'],
  ['product', 'contain(?, "x")', 0, 'rule-cell-wrong', 'contains(?, "x")'],
  ['product', 'contains("x", ?)', 0, 'rule-cell-wrong', 'contains(?, "x")'],
  ['product', 'contains(?, "")', 0, 'rule-cell-wrong', 'not(null)'],
  ['product', 'upper case(?) = "A"', 0, 'rule-cell-wrong', 'starts with(?, "x")'],
  ['product', '["card","bnpl"]', 0, 'rule-cell-wrong', 'no brackets'],
  ['product', '"a\\d"', 0, 'rule-cell-wrong', '\\\\'],
  ['days_past_due', '? in [1..7]', 0, 'rule-cell-wrong', '[1..7]'],
  ['days_past_due', '? between 1 and 7', 0, 'rule-cell-wrong', '[1..7]'],
  ['days_past_due', 'if ? > 5 then true else false', 0, 'rule-cell-wrong', 'two rules'],
  ['product', 'not("a"),"b"', 0, 'rule-cell-wrong', 'whole cell'],
  ['days_past_due', '<> 5', 0, 'rule-cell-wrong', 'Write !='],
  ['days_past_due', '=> 5', 0, 'rule-cell-wrong', 'Write >='],
  // Cannot be read.
  ['days_past_due', '1..7', 1, 'rule-cell-wrong', '[1..7]'],
  ['days_past_due', 'between 1 and 7', 0, 'rule-cell-wrong', '[1..7]'],
  ['days_past_due', '[1..', 4, 'rule-cell-wrong', '>= 1'],
  ['overdue_amount', '> 500 CNY', 6, 'rule-cell-wrong', `currency: '"CNY"'`],
  ['overdue_amount', '> ￥500', 2, 'rule-cell-wrong', `currency: '"CNY"'`],
  ['overdue_amount', '> 1_000', 3, 'rule-cell-wrong', '1000'],
  ['product', "'card'", 0, 'rule-cell-wrong', '"card"'],
  ['product', '"card', 0, 'rule-cell-wrong', 'not closed'],
  ['product', '“card”', 0, 'rule-cell-wrong', 'Write "'],
  ['product', '"card"，"bnpl"', 6, 'rule-cell-wrong', 'Write ,'],
  ['days_past_due', '≥ 5', 0, 'rule-cell-wrong', 'Write >='],
  ['days_past_due', '> ５', 2, 'rule-cell-wrong', 'Write 5'],
  ['product', '"a";"b"', 3, 'rule-cell-wrong', 'commas'],
  ['product', '"a",', 4, 'rule-cell-wrong', 'comma too many'],
]

test.each(refused)('%s: %s is refused', (column, text, offset, code, remedy) => {
  const [fault, ...others] = faultsOf(text, column)
  expect(others).toEqual([])
  expect(fault).toMatchObject({ offset, code })
  expect(fault!.todo).toContain(remedy)
})

test('every fault of a cell is found', () => {
  expect(faultsOf('"shrt","medum"', 'tier').map((fault) => [fault.offset, fault.code])).toEqual([[0, 'rule-value-unknown'], [7, 'rule-value-unknown']])
})

const accepted: readonly (readonly [Kind, string])[] = [
  ['days_past_due', ''], ['days_past_due', ' - '], ['days_past_due', '90,120'], ['days_past_due', '1, 3, 5'], ['overdue_amount', '< 5, > 9'], ['days_past_due', '> 1.5'],
  ['product', '["A".."M"]'], ['product', 'null, != "card"'], ['product', '= sales region'], ['next_due_on', '[work_on..work_on + @"P3D"]'],
  ['days_past_due', '? > 5 and ? < 9 and visits > 2'], ['days_past_due', '> 5 // at least a week'], ['product', 'not(contains(?, "ard"))'],
]
test.each(accepted)('%s: %s is taken', (column, text) => {
  expect(faultsOf(text, column)).toEqual([])
})

test('a value that the book does not hold is a doubt, with the nearest that it holds', () => {
  const { tree, faults, doubts } = parseCell('"card","Bnpl"', 'product', context)
  expect(tree).toBeDefined()
  expect(faults).toEqual([])
  expect(doubts).toMatchObject([{ offset: 7, says: 'No account in the book has product "Bnpl".', todo: 'Did you mean "bnpl"?' }])
})
