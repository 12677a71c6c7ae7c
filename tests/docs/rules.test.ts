import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { accountColumns } from '../../src/classify/columns.ts'
import { parseCell } from '../../src/decide/cell.ts'
import type { Engine } from '../../src/engine/engine.ts'
import { openEngine } from '../../src/engine/open.ts'
import { accountsOf } from '../decide/book.ts'
import { truths } from '../decide/evaluate.ts'
import { textOf } from './shown.ts'

/** The rows of the table between two marks of docs/rules.md, their code without its ticks. */
function rows(mark: string): string[][] {
  const [, within = ''] = new RegExp(`<!-- ${mark}:.*-->\\n([^]*?)<!-- /${mark} -->`).exec(textOf('docs/rules.md')) ?? []
  return within.trim().split('\n').slice(2).map((line) => line.split('|').slice(1, -1).map((cell) => cell.trim().replace(/^`(.*)`$/, '$1')))
}

const columnsFor: Readonly<Record<string, readonly string[]>> = {
  'text': ['borrower_id', 'tier'],
  'number, amount': ['days_past_due', 'overdue_amount'],
  'date': ['next_due_on'],
  'true or false': ['leads'],
  'any': ['borrower_id', 'days_past_due', 'overdue_amount', 'next_due_on', 'leads'],
}

describe('a cell that docs/rules.md shows can be written in a rule file', () => {
  const cells = rows('cells').flatMap(([of, cell]) => (columnsFor[of!] ?? ['no such column']).map((column) => [column, cell!] as const))
  test('there are some', () => expect(cells.length).toBeGreaterThan(15))
  test.each(cells)('%s: %s', (column, cell) => {
    const { faults } = parseCell(cell, column, { columns: accountColumns, seen: {} })
    // MA is no tier.
    expect(faults.filter((fault) => fault.code !== 'rule-value-unknown')).toEqual([])
  })
})

describe('what docs/rules.md says of blanks holds', () => {
  let engine: Engine
  beforeAll(async () => {
    engine = await openEngine('duckdb', { scale: 2, threads: 1 })
  })
  afterAll(() => engine.close())

  test('cell by cell', async () => {
    const told = rows('blanks')
    expect(told.length).toBeGreaterThan(10)
    const { exact } = await truths(engine, told.map(([text]) => ({ column: 'product', text: text! })), accountsOf([{}]))
    expect(told.map(([cell], i) => [cell, exact[i]![0] === true ? 'yes' : 'no'])).toEqual(told)
  })
})
