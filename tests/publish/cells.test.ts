import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Engine } from '../../src/engine/engine.ts'
import { openEngine } from '../../src/engine/open.ts'
import { sql, text } from '../../src/engine/sql.ts'
import { cell, cellSql } from '../../src/publish/cells.ts'

// The first column is what the export says, the second what a person gets. OWASP's list of characters that begin a formula
// (= + - @ tab CR LF and their full-width forms); a plain number or phone number computes nothing.
const cases: [string, string][] = [
  ['=1+1', "'=1+1"],
  ['=HYPERLINK("http://example.test","pay")', '\'=HYPERLINK("http://example.test","pay")'],
  ['+1+cmd|calc', "'+1+cmd|calc"],
  ['-2+3', "'-2+3"],
  ['-1-1', "'-1-1"],
  ['+86-138-0000-0000', "'+86-138-0000-0000"],
  ['@SUM(A1)', "'@SUM(A1)"],
  ['\t=1', "'\t=1"],
  ['\r=1', "'\r=1"],
  ['\n=1', "'\n=1"],
  ['＝1+1', "'＝1+1"],
  ['＠x', "'＠x"],
  ['+8613800000000', '+8613800000000'],
  ['-12.50', '-12.50'],
  ['-12.', "'-12."],
  ['+', '+'],
  ['-', '-'],
  ['--', "'--"],
  ['0012', '0012'],
  ['12345678901234567890', '12345678901234567890'],
  ['L-1', 'L-1'],
  ['张三', '张三'],
  ['😀', '😀'],
  ["'quoted", "'quoted"],
  [' =1', ' =1'],
  ['', ''],
]

describe('cells of files for people', () => {
  let engine: Engine
  beforeAll(async () => {
    engine = await openEngine('duckdb', { scale: 2, threads: 1 })
  })
  afterAll(() => engine.close())

  test.each(cases)('%j', async (given, wanted) => {
    expect(cell(given)).toBe(wanted)
    const [row] = await engine.rows(sql`SELECT ${cellSql(sql`v`, 'text')} AS out FROM (SELECT ${text(given)} AS v) AS given`)
    expect(row!.out).toBe(wanted)
  })

  test('numbers are shown without the noughts of their scale', async () => {
    const [row] = await engine.rows(sql`
      SELECT ${cellSql(sql`CAST(0.35 AS DECIMAL(18, 6))`, 'number')} AS a, ${cellSql(sql`CAST(100 AS DECIMAL(18, 6))`, 'number')} AS b, ${cellSql(sql`CAST(0 AS DECIMAL(18, 6))`, 'number')} AS c,
             ${cellSql(sql`CAST(-1.5 AS DECIMAL(18, 6))`, 'number')} AS d, ${cellSql(sql`CAST(NULL AS DECIMAL(18, 6))`, 'number')} AS e`)
    expect(row).toEqual({ a: '0.35', b: '100', c: '0', d: '-1.5', e: null })
  })
})
