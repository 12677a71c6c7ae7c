import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { daysBetween, matches } from '../../src/engine/calls.ts'
import type { Engine, Value } from '../../src/engine/engine.ts'
import { openEngine } from '../../src/engine/open.ts'
import { relation } from '../../src/engine/relation.ts'
import { bigint, bool, date, every, int, join, money, name, nothing, number, reads, render, some, sql, text, type, type Hole } from '../../src/engine/sql.ts'

let engine: Engine
beforeAll(async () => {
  engine = await openEngine('duckdb', { scale: 2 })
})
afterAll(() => engine.close())

const one = async (hole: Hole): Promise<Value> => (await engine.rows(sql`SELECT ${hole} AS v`))[0]!.v!

describe('a text comes back as it went in', () => {
  // What quotes, comments, escapes and statement ends do in some dialect of SQL; no one of them may do anything here.
  const texts = [
    '', ' ', "'", "''", "'''", "O'Brien", '"', '""', '`', '\\', '\\\\', "\\'", '\\n', '\n', '\r\n', '\t', 'a\nb\n  c', "'; DROP TABLE x; --", "' OR '1'='1", '/* x */', '-- x', '$$x$$', "E'\\x41'",
    '$1', '?', ':name', '%_', '{x}', '${x}', '张三', '人民币￥', 'é', 'e\u0301', '👍🏽', '\u00a0', '\u3000', 'x\ufeffy', '\u202e', 'NULL', 'null', '0x1F', '012', '12345678901234567890', '1e5', "x'y\"z\\w\n;--",
  ]
  test.each(texts)('%j', async (value) => {
    expect(await one(text(value))).toBe(value)
  })

  test('in a view, which takes no parameters, and in a filter', async () => {
    const columns = { value: 'text' } as const
    const said = relation({ name: 'said', says: '', columns, body: sql`SELECT value FROM (VALUES ${join(texts.map((value) => sql`(${text(value)})`))}) AS v(value)` })
    for (const value of texts) expect((await engine.rows(sql`SELECT value FROM ${said} WHERE value = ${text(value)}`)).map((row) => row.value)).toEqual([value])
  })

  test('with a byte order mark before it, which is lost only on the way back out of the engine', async () => {
    expect(await one(sql`length(${text('\ufeffx')})`)).toBe('2')
  })

  test('with a NUL in it, or not at all: never cut short', async () => {
    const got = await one(text('a\0b')).catch(() => 'refused')
    expect(['a\0b', 'refused']).toContain(got)
  })
})

test('a name comes back as it went in, with quotes and line ends too', async () => {
  for (const odd of ['a', 'A b', 'a"b', '"', "a'b", 'select', '张', 'a\nb', '; DROP TABLE x; --', '\\']) {
    expect(Object.keys((await engine.rows(sql`SELECT 1 AS ${name(odd)}`))[0]!)).toEqual([odd])
  }
})

describe('typed literals', () => {
  test.each([
    ['int', int(-5), -5],
    ['int, the largest', int(2147483647), 2147483647],
    ['date', date('2024-02-29'), '2024-02-29'],
    ['date, the first', date('1900-01-01'), '1900-01-01'],
    ['money', money('-12.50'), '-12.50'],
    ['money, beyond what floats can hold', money('9007199254740993.07'), '9007199254740993.07'],
    ['number', number('0.000001'), '0.000001'],
    ['true', bool(true), true],
    ['false', bool(false), false],
    ['no value', nothing('money'), null],
    ['no date', nothing('date'), null],
  ] as [string, Hole, Value][])('%s', async (_, hole, value) => expect(await one(hole)).toEqual(value))

  test('bear their type: a missing value too', async () => {
    const holes = { t: text('x'), i: int(1), b: bigint(1), d: date('2025-01-01'), m: money('1'), n: number('1'), y: bool(true), none: nothing('date') }
    const described = await engine.describe(sql`SELECT ${join(Object.entries(holes).map(([as, hole]) => sql`${hole} AS ${name(as)}`))}`)
    expect(described.map(({ type: of }) => of)).toEqual(['VARCHAR', 'INTEGER', 'BIGINT', 'DATE', 'DECIMAL(18,2)', 'DECIMAL(18,6)', 'BOOLEAN', 'DATE'])
  })

  test('money with more digits than the type is refused, not cut', async () => {
    await expect(one(money('12345678901234567890'))).rejects.toThrow()
  })
})

describe('putting texts together', () => {
  const shown = (hole: Hole) => render(hole, engine.dialect)
  test('join', () => {
    expect(shown(join([int(1), int(2), int(3)]))).toBe('1, 2, 3')
    expect(shown(join([int(1)], sql` AND `))).toBe('1')
    expect(shown(join([]))).toBe('')
  })
  test('every of none is true, some of none is false', async () => {
    expect(shown(every([]))).toBe('TRUE')
    expect(shown(some([]))).toBe('FALSE')
    expect(await one(every([bool(true), bool(false)]))).toBe(false)
    expect(await one(some([bool(true), bool(false)]))).toBe(true)
  })
  test('bind as one: an OR beside them does not tear them apart', async () => {
    expect(await one(sql`${every([bool(true), bool(false)])} OR TRUE`)).toBe(true)
    expect(await one(sql`FALSE AND ${some([bool(false), bool(true)])}`)).toBe(false)
  })
  test('the text is never indented anew: a literal keeps its line ends', () => {
    expect(shown(sql`SELECT ${text('a\n   b')}\n  FROM x`)).toBe("SELECT 'a\n   b'\n  FROM x")
  })
  test('a type is spelled by the dialect', () => expect(shown(sql`CAST(1 AS ${type('text')})`)).toBe('CAST(1 AS VARCHAR)'))
})

describe('what a text reads', () => {
  const step = (of: string) => relation({ name: of, says: '', columns: { a: 'int' }, body: sql`SELECT 1 AS a` })
  const [a, b, c] = [step('a'), step('b'), step('c')]

  test('its relations, each once, in order of mention', () => {
    expect([...reads(sql`FROM ${b} JOIN ${a} JOIN ${b}`)]).toEqual([b, a])
  })
  test('also inside other texts and calls', () => {
    expect([...reads(sql`SELECT ${daysBetween(sql`(SELECT a FROM ${c})`, int(1))} FROM (${sql`SELECT * FROM ${a}`}) AS x`)]).toEqual([c, a])
  })
  test('not what these read in their turn', () => {
    const over = relation({ name: 'over', says: '', columns: { a: 'int' }, body: sql`SELECT a FROM ${a}` })
    expect([...reads(sql`FROM ${over}`)]).toEqual([over])
  })
  test('never from the words: a name in a literal is no relation', () => {
    expect([...reads(sql`SELECT ${text('FROM a')}, ${matches(text('a'), text('b'))}`)]).toEqual([])
  })
})

// Never called: these lines are proved by the type check, which fails where an error that is expected does not come.
export function doesNotCompile() {
  const stray = 'loans; DROP TABLE loans'
  // @ts-expect-error a string is no hole
  void sql`SELECT * FROM ${stray}`
  // @ts-expect-error a number is no hole
  void sql`SELECT ${5}`
  // @ts-expect-error nor is a list of holes
  void sql`SELECT ${[int(1)]}`
  // @ts-expect-error nor is what may be missing
  void sql`SELECT ${undefined as Hole | undefined}`
  // @ts-expect-error a call takes holes too
  void daysBetween(stray, int(1))
  // @ts-expect-error and so does a join
  void join([stray])
  // @ts-expect-error a type that no dialect spells
  void type('varchar')
  // @ts-expect-error a call that no dialect answers
  void sql`SELECT ${{ kind: 'call', call: 'median', args: [] }}`
  // @ts-expect-error money is an exact decimal, written as text
  void money(12.5)
}
