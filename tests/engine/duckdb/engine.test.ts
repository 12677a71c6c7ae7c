import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join as joinPath } from 'node:path'
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ordinal } from '../../../src/engine/calls.ts'
import type { Engine, EngineSettings } from '../../../src/engine/engine.ts'
import { openEngine } from '../../../src/engine/open.ts'
import { relation } from '../../../src/engine/relation.ts'
import { money, sql, text } from '../../../src/engine/sql.ts'

const folder = mkdtempSync(joinPath(tmpdir(), 'arrears-engine-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const open: Engine[] = []
const engineOf = async (settings: Partial<EngineSettings> = {}) => {
  const engine = await openEngine('duckdb', { scale: 2, ...settings })
  open.push(engine)
  return engine
}
let engine: Engine
beforeEach(async () => {
  engine = await engineOf()
})
afterEach(() => open.splice(0).forEach((one) => one.close()))

const fault = async (work: Promise<unknown>) => work.then(() => expect.unreachable(), (error: unknown) => error as Error & { code?: string; says?: string; todo?: string; exit?: number })

describe('nothing is fetched', () => {
  // Each of these makes a plain DuckDB try a download first, which takes its time and leaves the machine.
  test.each([
    ['a spreadsheet', sql`SELECT * FROM read_xlsx('book.xlsx')`],
    ['an address', sql`SELECT * FROM read_csv('https://example.invalid/loans.csv')`],
    ['a bucket', sql`SELECT * FROM read_parquet('s3://bucket/loans.parquet')`],
    ['an extension by name', sql`LOAD spatial`],
  ])('%s fails at once', async (_, query) => {
    const from = performance.now()
    await fault(engine.run(query))
    expect(performance.now() - from).toBeLessThan(2000)
  })

  test('and the settings say so', async () => {
    const rows = await engine.rows(sql`SELECT name, value FROM duckdb_settings() WHERE name IN ('autoinstall_known_extensions', 'autoload_known_extensions', 'allow_community_extensions', 'preserve_insertion_order') ORDER BY name`)
    expect(rows.map(({ name, value }) => `${name}=${value}`)).toEqual(['allow_community_extensions=false', 'autoinstall_known_extensions=false', 'autoload_known_extensions=false', 'preserve_insertion_order=true'])
  })
})

describe('limits', () => {
  const big = (rows: number) => sql`SELECT count(*) AS n FROM (SELECT i, md5(CAST(i AS VARCHAR)) AS a FROM range(${{ kind: 'literal', type: 'bigint', value: rows }}) AS r(i) ORDER BY a) AS sorted WHERE i >= 0`
  const hungry = sql`SELECT length(string_agg(md5(CAST(i AS VARCHAR)), ',' ORDER BY i)) AS n FROM range(4000000) AS r(i)`

  test('threads and memory are those that were asked for', async () => {
    const small = await engineOf({ threads: 1, memory: '200MB' })
    const rows = await small.rows(sql`SELECT value FROM duckdb_settings() WHERE name IN ('threads', 'memory_limit') ORDER BY name`)
    expect(rows.map(({ value }) => value)).toEqual(['190.7 MiB', '1'])
  })

  test('memory used up: said so, with what to do, and the engine lives on', async () => {
    const small = await engineOf({ threads: 1, memory: '40MB' })
    const error = await fault(small.rows(hungry))
    expect(error).toMatchObject({ code: 'memory-full', exit: 1 })
    expect(error.says).toMatch(/^Memory is used up: /)
    expect(error.todo).toMatch(/--memory/)
    expect(error.says).not.toContain('\n')
    expect(await small.rows(sql`SELECT 1 AS a`)).toEqual([{ a: 1 }])
  })

  test('no room to spill: the disk is full, not the memory', async () => {
    const spill = joinPath(folder, 'full')
    const small = await engineOf({ threads: 1, memory: '40MB', spill })
    await small.run(sql`SET max_temp_directory_size = '1MB'`)
    const kept = relation({ name: 'big', says: '', columns: { i: 'bigint', a: 'text' }, kept: 'table', body: sql`SELECT i, md5(CAST(i AS VARCHAR)) || md5(CAST(i + 1 AS VARCHAR)) AS a FROM range(3000000) AS r(i)` })
    const error = await fault(small.define(kept))
    expect(error).toMatchObject({ code: 'disk-full', exit: 1 })
    expect(error.says).toMatch(/^The disk is full: /)
    expect(error.todo).toMatch(/Free space/)
    expect(await small.rows(sql`SELECT 1 AS a`)).toEqual([{ a: 1 }])
  })

  test('what does not fit is spilled into the folder given, and the folder goes with the engine', async () => {
    const spill = joinPath(folder, 'spill')
    const small = await openEngine('duckdb', { scale: 2, threads: 1, memory: '60MB' })
    await small.spillTo(spill)
    let seen = false
    const watch = setInterval(() => (seen ||= existsSync(spill) && readdirSync(spill).length > 0), 5)
    await small.define(relation({ name: 'big', says: '', columns: { a: 'text' }, kept: 'table', body: sql`SELECT md5(CAST(i AS VARCHAR)) || md5(CAST(i + 1 AS VARCHAR)) AS a FROM range(3000000) AS r(i)` }))
    clearInterval(watch)
    seen ||= existsSync(spill) && readdirSync(spill).length > 0
    expect(seen).toBe(true)
    expect(await small.rows(big(1000))).toEqual([{ n: '1000' }])
    small.close()
    expect(existsSync(spill)).toBe(false)
    expect(existsSync('.tmp')).toBe(false)
  })

  test('an interrupt ends the statement within moments; the engine can be used again', async () => {
    const long = engine.rows(sql`SELECT count(*) AS n FROM range(100000000000) AS r(i) WHERE i % 7 = 3`)
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(engine.progress()).toBeLessThan(100)
    const from = performance.now()
    engine.interrupt()
    expect((await fault(long)).message).toMatch(/^INTERRUPT/)
    expect(performance.now() - from).toBeLessThan(2000)
    expect(await engine.rows(sql`SELECT 1 AS a`)).toEqual([{ a: 1 }])
  })
})

describe('defining', () => {
  const base = relation({ name: 'base', says: '', columns: { a: 'int' }, kept: 'table', body: sql`SELECT 1 AS a UNION ALL SELECT 2` })

  test('makes what a query reads first, and each once', async () => {
    const over = relation({ name: 'over', says: '', columns: { a: 'int' }, body: sql`SELECT a + 1 AS a FROM ${base}` })
    const last = relation({ name: 'last', says: '', columns: { a: 'int', b: 'int' }, body: sql`SELECT o.a, b.a AS b FROM ${over} o JOIN ${base} b ON b.a = o.a` })
    expect(await engine.rows(sql`SELECT * FROM ${last}`)).toEqual([{ a: 2, b: 2 }])
    await engine.define(last)
    expect(await engine.rows(sql`SELECT * FROM ${over} ORDER BY a`)).toEqual([{ a: 2 }, { a: 3 }])
  })

  test('two steps of one name are a mistake, not one of both', async () => {
    await engine.define(base)
    await expect(engine.define(relation({ name: 'base', says: '', columns: { a: 'int' }, body: sql`SELECT 9 AS a` }))).rejects.toThrow('base')
  })

  test('a dropped one is made anew', async () => {
    await engine.define(base)
    await engine.drop(base)
    expect(await engine.rows(sql`SELECT count(*) AS n FROM ${base}`)).toEqual([{ n: '2' }])
  })

  test('money has another scale from setScale on', async () => {
    engine.setScale(3)
    expect(await engine.rows(sql`SELECT ${money('1.234')} AS a`)).toEqual([{ a: '1.234' }])
  })
})

describe('rows in and out', () => {
  test('text, dates and decimals are strings, whole numbers numbers, those of 64 bits strings', async () => {
    expect(await engine.rows(sql`SELECT 'x' AS t, DATE '2025-06-30' AS d, CAST('1.50' AS DECIMAL(18,2)) AS m, 5 AS i, CAST(5 AS BIGINT) AS b, TRUE AS y, NULL AS n`)).toEqual([{ t: 'x', d: '2025-06-30', m: '1.50', i: 5, b: '5', y: true, n: null }])
  })

  test('put takes few or many, blanks and odd texts, in their order', async () => {
    const step = relation({ name: 'put', says: '', columns: { id: 'text', day: 'date', amount: 'money', n: 'int' }, kept: 'table' })
    const rows = Array.from({ length: 2500 }, (_, at) => ({ id: at === 7 ? "'; --\n\"" : `r${at}`, day: at % 2 === 0 ? '2025-06-30' : null, amount: `${at}.50`, n: at }))
    await engine.put(step, rows)
    expect(await engine.rows(sql`SELECT id, day, amount, n FROM ${step} ORDER BY ${ordinal()}`)).toEqual(rows)
  })

  test('put of none gives an empty one', async () => {
    const step = relation({ name: 'empty', says: '', columns: { id: 'text' }, kept: 'table' })
    await engine.put(step, [])
    expect(await engine.rows(sql`SELECT count(*) AS n FROM ${step}`)).toEqual([{ n: '0' }])
  })

  test('write keeps the order of the query', async () => {
    const file = joinPath(folder, "it's.csv")
    await engine.write(sql`SELECT i, ${text('a,"b"')} AS t FROM range(3) AS r(i) ORDER BY i DESC`, file, 'csv')
    expect(readFileSync(file, 'utf8')).toBe('i,t\n2,"a,""b"""\n1,"a,""b"""\n0,"a,""b"""\n')
  })

  test('a failing statement is told in one line, with its text at hand for --debug', async () => {
    const error = await fault(engine.rows(sql`SELECT nothing_of_this_name FROM nowhere`))
    expect(error.message).not.toContain('\n\n')
    expect(error).toMatchObject({ statement: expect.stringContaining('nowhere') })
    expect(await fault(engine.describe(sql`SELECT * FROM nowhere`))).toMatchObject({ statement: expect.stringContaining('nowhere') })
  })

  test('names its version for the manifest', () => expect(engine.version).toMatch(/^duckdb v\d+\.\d+/))
})
