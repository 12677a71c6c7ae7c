import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { create } from '../../src/engine/create.ts'
import type { Engine } from '../../src/engine/engine.ts'
import { openEngine } from '../../src/engine/open.ts'
import { relation, type Columns } from '../../src/engine/relation.ts'
import { money, sql, type Sql } from '../../src/engine/sql.ts'

let engine: Engine
beforeEach(async () => {
  engine = await openEngine('duckdb', { scale: 2 })
})
afterEach(() => engine.close())

const step = (columns: Columns, body: Sql, kept: 'view' | 'table' = 'view') => relation({ name: 'step', says: '', columns, kept, body })
const described = async (of: ReturnType<typeof step>) => (await engine.describe(sql`SELECT * FROM ${of}`)).map(({ name, type }) => `${name} ${type}`)

describe.each(['view', 'table'] as const)('a %s', (kept) => {
  test('has the declared columns, in the declared order, whatever the body gives beside them', async () => {
    expect(await described(step({ b: 'text', a: 'int' }, sql`SELECT 1 AS a, 9 AS more, 'x' AS b`, kept))).toEqual(['b VARCHAR', 'a INTEGER'])
  })

  test('has the declared types: a sum of money is wider, and is brought home', async () => {
    const wide = sql`SELECT sum(amount) AS total, count(*) AS n, 1 AS flag FROM (SELECT ${money('1.10')} AS amount UNION ALL SELECT ${money('2.20')}) AS x`
    expect((await engine.describe(wide)).map(({ type }) => type)).toEqual(['DECIMAL(38,2)', 'BIGINT', 'INTEGER'])
    const home = step({ total: 'money', n: 'int', flag: 'bool' }, wide, kept)
    expect(await described(home)).toEqual(['total DECIMAL(18,2)', 'n INTEGER', 'flag BOOLEAN'])
    expect(await engine.rows(sql`SELECT * FROM ${home}`)).toEqual([{ total: '3.30', n: 2, flag: true }])
  })

  test('fails loudly where a total does not fit', async () => {
    const most = money('9999999999999999.99')
    const total = step({ total: 'money' }, sql`SELECT sum(amount) AS total FROM (SELECT ${most} AS amount UNION ALL SELECT ${most}) AS x`, kept)
    await expect(engine.rows(sql`SELECT * FROM ${total}`)).rejects.toThrow(/Conversion Error/)
  })

  test('fails where the body lacks a column', async () => {
    await expect(engine.define(step({ a: 'int', b: 'int' }, sql`SELECT 1 AS a`, kept))).rejects.toThrow(/"b"/)
  })

  test('takes names that need quotes', async () => {
    expect(await described(step({ 'sales "region"': 'text', 分行: 'text' }, sql`SELECT 'x' AS "sales ""region""", 'y' AS 分行`, kept))).toEqual(['sales "region" VARCHAR', '分行 VARCHAR'])
  })
})

test('an alias of the body does not hide the column that another one reads', async () => {
  const swapped = step({ a: 'int', b: 'int' }, sql`SELECT b AS a, a AS b FROM (SELECT 1 AS a, 2 AS b) AS x`)
  expect(await engine.rows(sql`SELECT * FROM ${swapped}`)).toEqual([{ a: 2, b: 1 }])
})

test('what is the same on each row is not stored, and stands in its place where the table is read', async () => {
  const step = relation({ name: 'step', says: '', columns: { a: 'int', owed: 'money', b: 'text' }, kept: 'table', same: { owed: money('0') }, body: sql`SELECT 1 AS a, 0 AS owed, 'x' AS b` })
  expect(await engine.rows(sql`SELECT * FROM ${step}`)).toEqual([{ a: 1, owed: '0.00', b: 'x' }])
  expect((await engine.rows(sql`SELECT column_name FROM duckdb_columns() WHERE table_name = 'step'`)).map((row) => row['column_name'])).toEqual(['a', 'b'])
  expect((await engine.describe(sql`SELECT * FROM ${step}`)).map(({ name, type }) => `${name} ${type}`)).toEqual(['a INTEGER', 'owed DECIMAL(18,2)', 'b VARCHAR'])
})

test('what the read stage gives cannot be defined', () => {
  expect(() => create(relation({ name: 'loans read', says: '', columns: { a: 'int' } }), engine.dialect)).toThrow('loans read')
})
