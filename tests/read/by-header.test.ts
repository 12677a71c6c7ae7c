import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Engine } from '../../src/engine/engine.ts'
import { openEngine } from '../../src/engine/open.ts'
import { sql } from '../../src/engine/sql.ts'
import { byHeader } from '../../src/read/by-header.ts'
import { given } from './given.ts'

let engine: Engine
beforeAll(async () => {
  engine = await openEngine('duckdb', { scale: 2 })
})
afterAll(() => engine.close())

const { dir } = given()
const put = (name: string, content: string | Buffer) => {
  writeFileSync(join(dir, name), content)
  return join(dir, name)
}

test('payment_id or paid_on makes repayments, due_on a schedule, all else loans', async () => {
  const files = {
    a: put('a.csv', 'x,due_on\n'), b: put('b.csv', 'account_id,paid_on\n'), c: put('c.csv', 'account_id\n'), d: put('d.csv', 'payment_id\n'), e: put('e.csv', '\ufeff"due_on"\r\n'),
    f: put('f.csv.gz', gzipSync('account_id,due_on\n')), g: put('g.csv', 'due_on,paid_on\n'), i: put('i.csv', 'due_on,status,paid_on\n'), k: put('k.csv', 'due_on,minimum_due\n'), h: join(dir, 'h.parquet'),
  }
  await engine.write(sql`SELECT 'A1' AS account_id, DATE '2025-06-10' AS due_on`, files.h, 'parquet')
  expect(await byHeader(engine, Object.values(files))).toEqual({ loans: [files.c], schedule: [files.a, files.e, files.f, files.i, files.h], statements: [files.k], repayments: [files.b, files.d, files.g] })
})

test('a glob, and a file named twice', async () => {
  put('glob-1.csv', 'account_id,due_on\n')
  put('glob-2.csv', 'account_id,due_on\n')
  expect((await byHeader(engine, [join(dir, 'glob-*.csv'), join(dir, 'glob-1.csv')])).schedule).toEqual([join(dir, 'glob-1.csv'), join(dir, 'glob-2.csv')])
})

test('a file that cannot be told: not there, empty, unreadable, of another kind', async () => {
  await expect(byHeader(engine, [join(dir, 'nowhere.csv')])).rejects.toMatchObject({ code: 'file-not-found', exit: 2 })
  await expect(byHeader(engine, [put('empty.csv', '')])).rejects.toMatchObject({ code: 'file-empty', exit: 3 })
  await expect(byHeader(engine, [put('none.parquet', 'account_id\n')])).rejects.toMatchObject({ code: 'file-unreadable', exit: 3 })
  await expect(byHeader(engine, [put('none.csv.gz', 'account_id\n')])).rejects.toMatchObject({ code: 'file-unreadable', exit: 3 })
  await expect(byHeader(engine, [put('book.xlsx', 'x')])).rejects.toMatchObject({ code: 'file-unknown-kind', exit: 2 })
})
