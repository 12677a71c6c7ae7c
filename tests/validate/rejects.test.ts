import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { expect, test } from 'vitest'
import { forget } from '../../src/engine/forget.ts'
import { relationsIn } from '../../src/engine/relation.ts'
import { writeRejects } from '../../src/publish/quarantine.ts'
import type { RunFolder } from '../../src/publish/run-folder.ts'
import { quarantine } from '../../src/validate/rejected.ts'
import { validate } from '../../src/validate/validate.ts'
import { reading } from '../read/given.ts'

// More rows in quarantine than are kept as they are, of more broken records than are kept at all: each is there, with its place and text.
// What is wrong with a row follows from its number.
const kinds = ['not-an-amount', 'too-few-columns', 'text-after-quote', undefined] as const
const rows = 60_000
const rowOf = (at: number) => ['A1,2025-06-10,x', 'A1,2025-06-10', 'A1,2025-06-10,"1.00"x', 'A1,2025-06-10,1.00'][at % 4]!
const text = (from: number, to: number) => `payment_id,account_id,paid_on,amount\n${Array.from({ length: to - from }, (_, at) => `P${from + at},${rowOf(from + at)}\n`).join('')}`

test('any number of rejects is told whole, by file and line, and written so', async () => {
  const wanted = Array.from({ length: rows }, (_, at) => at).flatMap((at) => (kinds[at % 4] === undefined ? [] : [`${at < rows / 2 ? 'a' : 'b'}.csv ${2 + (at % (rows / 2))} ${kinds[at % 4]} P${at},${rowOf(at)} A1`]))
  await reading({ 'repayments.csv': null, 'b.csv': text(rows / 2, rows), 'a.csv': text(0, rows / 2) }, { inputs: { repayments: { files: ['b.csv', 'a.csv'] } } }, async ({ dir, engine, book, settings }) => {
    const judged = validate(book, settings)
    const { rejects, rejected, broken } = await quarantine(engine, book.repayments, judged.repayments)
    expect([rejects.length, rejected]).toEqual([45_000, 45_000])
    expect([...rejects].map(({ file, line, code, raw, account_id }) => `${file} ${line} ${code} ${raw} ${account_id}`)).toEqual(wanted)
    expect(rejects.byCode.map(({ code, count, few, accounts, nameless }) => [code, count, few.map(({ line }) => line), [...accounts], nameless])).toEqual([
      ['not-an-amount', 15_000, [2, 6, 10, 14, 18], ['A1'], 0],
      ['too-few-columns', 15_000, [3, 7, 11, 15, 19], ['A1'], 0],
      ['text-after-quote', 15_000, [4, 8, 12, 16, 20], ['A1'], 0],
    ])
    writeRejects(rejects, ['loans', 'repayments'], true, { path: (...parts: string[]) => join(dir, parts.at(-1)!) } as RunFolder)
    const written = parse(readFileSync(join(dir, 'repayments.csv')), { bom: true, columns: true }) as { file: string; line: string; code: string; raw: string; message: string }[]
    expect(written.map(({ file, line, code, raw }) => `${file} ${line} ${code} ${raw} A1`)).toEqual(wanted)
    expect(new Set(written.map(({ message }) => message)).size).toBe(3)
    expect(readFileSync(join(dir, 'loans.csv'), 'utf8')).toBe('\uFEFFfile,line,column,code,value,message,raw\n')
    await engine.drop(broken)
    await forget(engine, relationsIn([judged]), [])
  })
})
