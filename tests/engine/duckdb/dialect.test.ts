import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join as joinPath } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { addDays, addMonths, charOf, contains, countSmall, csvRows, dayInZone, daysBetween, endsWith, grouped, hashOf, isoWeekday, matches, monthsBetween, ordinal, parquetRows, place, portionOf, previous, rearranged, shareOf, startsWith, translated, trimmed, tryCast, valueAtMin } from '../../../src/engine/calls.ts'
import { duckdbDialect } from '../../../src/engine/duckdb/dialect.ts'
import type { Engine, Value } from '../../../src/engine/engine.ts'
import { openEngine } from '../../../src/engine/open.ts'
import { relation } from '../../../src/engine/relation.ts'
import { bool, date, int, join, money, nothing, number, sql, text, type, type Hole } from '../../../src/engine/sql.ts'

// What each call of the dialect must answer, on any engine. Days were counted on a calendar.

let engine: Engine
const folder = mkdtempSync(joinPath(tmpdir(), 'arrears-dialect-'))
beforeAll(async () => {
  engine = await openEngine('duckdb', { scale: 2 })
})
afterAll(() => {
  engine.close()
  rmSync(folder, { recursive: true })
})

const d = date
const t = text
const none = nothing('text')

const cases: [string, Hole, Value][] = [
  ['daysBetween over a leap day', daysBetween(d('2024-02-28'), d('2024-03-01')), 2],
  ['daysBetween over February of a common year', daysBetween(d('2025-02-28'), d('2025-03-01')), 1],
  ['daysBetween a day and itself', daysBetween(d('2025-06-30'), d('2025-06-30')), 0],
  ['daysBetween backwards', daysBetween(d('2025-07-01'), d('2025-06-30')), -1],
  ['daysBetween over a year', daysBetween(d('2024-01-01'), d('2025-01-01')), 366],
  ['daysBetween where one is missing', daysBetween(d('2025-01-01'), nothing('date')), null],
  ['addDays into a leap day', addDays(d('2024-02-28'), int(1)), '2024-02-29'],
  ['addDays over a month end', addDays(d('2025-06-30'), int(1)), '2025-07-01'],
  ['addDays back over a year', addDays(d('2025-01-01'), int(-1)), '2024-12-31'],
  ['addDays none', addDays(d('2025-01-01'), int(0)), '2025-01-01'],
  ['addMonths to the last of a shorter month', addMonths(d('2025-01-31'), int(1)), '2025-02-28'],
  ['addMonths into a leap February', addMonths(d('2023-08-31'), int(6)), '2024-02-29'],
  ['addMonths none', addMonths(d('2025-01-31'), int(0)), '2025-01-31'],
  ['portionOf up at the half', portionOf(money('100.50'), int(1), int(100)), '1.01'],
  ['shareOf up at the half', shareOf(sql`10050`, int(1), int(100)), '101'],
  ['shareOf down below it', shareOf(sql`10049`, int(1), int(100)), '100'],
  ['shareOf beyond the reach of floats', shareOf(sql`9007199254740993`, int(1), int(1)), '9007199254740993'],
  ['monthsBetween counts calendar months', monthsBetween(d('2024-12-31'), d('2025-02-01')), 2],
  ['isoWeekday: 30 June 2025 was a Monday', isoWeekday(d('2025-06-30')), 1],
  ['isoWeekday: 6 July 2025 was a Sunday', isoWeekday(d('2025-07-06')), 7],
  ['isoWeekday: 29 February 2024 was a Thursday', isoWeekday(d('2024-02-29')), 4],
  ['tryCast of a date', tryCast(t('2025-06-30'), type('date')), '2025-06-30'],
  ['tryCast of no date', tryCast(t('2025-02-30'), type('date')), null],
  ['tryCast of money', tryCast(t('12.50'), type('money')), '12.50'],
  ['tryCast of no money', tryCast(t('12,50'), type('money')), null],
  ['tryCast of nothing', tryCast(none, type('int')), null],
  ['matches the whole text', matches(t('abc'), t('[a-c]+')), true],
  ['matches not a part of it', matches(t('abcd'), t('[a-c]+')), false],
  ['matches not with a line end behind', matches(t('abc\n'), t('[a-c]+')), false],
  ['matches the blank text only where the pattern does', matches(t(''), t('[a-c]+')), false],
  ['trimmed of all four blanks', trimmed(t(' \t\u00a0\u3000x y\u3000\u00a0\t ')), 'x y'],
  ['trimmed not of line ends', trimmed(t('\nx\r\n')), '\nx\r\n'],
  ['trimmed to nothing', trimmed(t(' \u3000')), ''],
  ['contains', contains(t('100% sure'), t('0% s')), true],
  ['contains takes no pattern', contains(t('abc'), t('a%')), false],
  ['contains is exact in letter case', contains(t('ABC'), t('b')), false],
  ['contains the empty text', contains(t('abc'), t('')), true],
  ['contains of nothing', contains(none, t('a')), null],
  ['startsWith', startsWith(t('_abc'), t('_a')), true],
  ['startsWith takes no pattern', startsWith(t('xabc'), t('_a')), false],
  ['endsWith', endsWith(t('逾期三天'), t('三天')), true],
  ['endsWith takes no pattern', endsWith(t('abc'), t('_c')), false],
  ['charOf a letter', charOf(int(65)), 'A'],
  ['charOf beyond ASCII', charOf(int(0x4e2d)), '中'],
  ['grouped below a thousand', grouped(money('999.99')), '999.99'],
  ['grouped by thousands', grouped(money('1234567.05')), '1,234,567.05'],
  ['grouped below zero', grouped(money('-1000.00')), '-1,000.00'],
  ['grouped beyond the reach of floats', grouped(money('9007199254740993.99')), '9,007,199,254,740,993.99'],
]

describe('calls', () => {
  test.each(cases)('%s', async (_, hole, value) => expect((await engine.rows(sql`SELECT ${hole} AS v`))[0]!.v).toEqual(value))

  test('daysBetween and isoWeekday are whole numbers of 32 bits, as columns declare them', async () => {
    expect((await engine.describe(sql`SELECT ${daysBetween(d('2025-01-01'), d('2025-01-02'))} AS a, ${isoWeekday(d('2025-01-01'))} AS b`)).map(({ type: of }) => of)).toEqual(['INTEGER', 'INTEGER'])
  })

  test('hashOf: equal values give equal ones, others do not, and order and blanks count', async () => {
    const hashes = [hashOf(t('a'), t('b')), hashOf(t('b'), t('a')), hashOf(t('ab'), t('')), hashOf(none, t('a')), hashOf(t('a'), none), hashOf(t('a')), hashOf(none), hashOf(t(''))]
    const [first] = await engine.rows(sql`SELECT ${join(hashes.map((hash, at) => sql`${hash} AS ${{ kind: 'name', name: `h${at}` }}`))}`)
    const [again] = await engine.rows(sql`SELECT ${join(hashes.map((hash, at) => sql`${hash} AS ${{ kind: 'name', name: `h${at}` }}`))}`)
    expect(again).toEqual(first)
    expect(new Set(Object.values(first!)).size).toBe(hashes.length)
    expect((await engine.describe(sql`SELECT ${hashes[0]!} AS h`))[0]!.type).toBe('BIGINT')
  })

  test('countSmall: how many different numbers from 0 to 62, others not counted', async () => {
    const of = async (...values: (number | null)[]) => (await engine.rows(sql`SELECT ${countSmall(sql`n`)} AS c FROM (VALUES ${join(values.map((value) => sql`(${value === null ? nothing('int') : int(value)})`))}) AS v(n)`))[0]!.c
    expect(await of(1, 1, 2, 62)).toBe(3)
    expect(await of(0, 63, -1, 1000)).toBe(1)
    expect(await of(...Array.from({ length: 63 }, (_, at) => at))).toBe(63)
    expect(await of(5, null)).toBe(1)
  })

  test('valueAtMin: the value that stands beside the smallest key', async () => {
    const rows = sql`(VALUES ('b', 2), ('a', 1), ('c', 3)) AS x(value, key)`
    expect(await engine.rows(sql`SELECT ${valueAtMin(sql`value`, sql`key`)} AS v FROM ${rows}`)).toEqual([{ v: 'a' }])
  })

  test('rearranged, translated, dayInZone', async () => {
    const one = async (of: ReturnType<typeof rearranged>) => (await engine.rows(sql`SELECT CAST(${of} AS VARCHAR) AS v`))[0]!.v
    expect(await one(rearranged(text('31/03/2025'), text('^([0-9]+)/([0-9]+)/([0-9]+)$'), text('\\3-\\2-\\1')))).toBe('2025-03-31')
    expect(await one(rearranged(text('x'), text('^(a)|(x)$'), text('\\1\\2!')))).toBe('x!')
    expect(await one(rearranged(text('y'), text('^(x)$'), text('\\1!')))).toBe('y')
    expect(await one(translated(text('１,2３'), text('１３,'), text('13')))).toBe('123')
    expect(await one(dayInZone(text('2025-01-31 16:30:00Z'), text('Asia/Shanghai')))).toBe('2025-02-01')
    expect(await one(dayInZone(text('2025-01-31 16:30:00-05:00'), text('UTC')))).toBe('2025-01-31')
    expect(await one(dayInZone(text('2025-02-30 16:30:00Z'), text('UTC')))).toBe(null)
  })

  test('ordinal and previous: the order in which a kept table was read, added rows too', async () => {
    const kept = relation({ name: 'kept', says: '', columns: { a: 'text' }, kept: 'table' })
    const values = Array.from({ length: 5000 }, (_, at) => `v${(at * 7919) % 5000}`)
    const body = (from: number, to: number) => sql`SELECT a FROM (VALUES ${join(values.slice(from, to).map((value) => sql`(${text(value)})`))}) AS v(a)`
    await engine.load(kept, body(0, 3000), false)
    await engine.load(kept, body(3000, 5000), true)
    const rows = await engine.rows(sql`SELECT ${ordinal()} AS n, a, ${previous(sql`a`)} AS before FROM ${kept} ORDER BY n`)
    expect(rows.map(({ n }) => Number(n))).toEqual(values.map((_, at) => at))
    expect(rows.map(({ a }) => a)).toEqual(values)
    expect(rows.map(({ before }) => before)).toEqual([null, ...values.slice(0, -1)])
  })
})

test('place is that in the order of the subquery', async () => {
  const rows = await engine.rows(sql`SELECT a, ${place()} AS n FROM (SELECT a FROM (VALUES ('b'), ('a'), ('c')) AS v(a) ORDER BY a) AS s`)
  expect(rows.map(({ a, n }) => [a, Number(n)]).sort()).toEqual([['a', 1], ['b', 2], ['c', 3]])
})

test('no call of the dialect is without a case here', () => {
  const tried = ['addDays', 'addMonths', 'charOf', 'contains', 'countSmall', 'csvRows', 'dayInZone', 'daysBetween', 'endsWith', 'grouped', 'hashOf', 'isoWeekday', 'matches', 'monthsBetween', 'ordinal', 'parquetRows', 'place', 'portionOf', 'previous', 'rearranged', 'shareOf', 'startsWith', 'translated', 'trimmed', 'tryCast', 'valueAtMin']
  expect(Object.keys(duckdbDialect(2).calls).sort()).toEqual(tried)
})

describe('files', () => {
  const rowsOf = (path: string, delimiter: string, columns: number) => engine.rows(sql`SELECT * FROM ${csvRows(text(path), text(delimiter), text('"'), bool(true), ...Array.from({ length: columns }, () => type('text')))}`)
  const put = (name: string, content: string) => {
    const path = joinPath(folder, name)
    writeFileSync(path, content)
    return path
  }

  test('csvRows: all as text, by place, the header skipped, blanks none', async () => {
    const path = put("it's a \"file\".csv", 'x,y\n012,"a, ""b"""\n,\n')
    expect(await rowsOf(path, ',', 2)).toEqual([{ c0: '012', c1: 'a, "b"' }, { c0: null, c1: null }])
  })

  test.each([';', '\t', '|', '^', '~', ' '])('csvRows with the delimiter %j', async (delimiter) => {
    expect(await rowsOf(put('delimited.csv', `a${delimiter}b\n1${delimiter}x,y\n`), delimiter, 2)).toEqual([{ c0: '1', c1: 'x,y' }])
  })

  test.each([
    ['a field too few', 'a,b\n1\n'],
    ['a field too many', 'a,b\n1,2,3\n'],
    ['text behind a quote', 'a,b\n1,"2"x\n'],
    ['an open quote', 'a,b\n1,"2\n'],
  ])('csvRows fails at %s', async (_, content) => {
    await expect(rowsOf(put('bad.csv', content), ',', 2)).rejects.toThrow(/CSV/i)
  })

  test('parquetRows: names and types as stored', async () => {
    const path = joinPath(folder, "o'clock.parquet")
    await engine.write(sql`SELECT ${text('x')} AS "a b", ${date('2025-06-30')} AS day, ${number('1.5')} AS n`, path, 'parquet')
    expect(await engine.rows(sql`SELECT * FROM ${parquetRows(text(path))}`)).toEqual([{ 'a b': 'x', day: '2025-06-30', n: '1.500000' }])
  })
})

test('money has the scale in force', () => {
  expect(duckdbDialect(2).type('money')).toBe('DECIMAL(18,2)')
  expect(duckdbDialect(3).type('money')).toBe('DECIMAL(18,3)')
  expect(duckdbDialect(3).literal('money', '1.234')).toBe("CAST('1.234' AS DECIMAL(18,3))")
})
