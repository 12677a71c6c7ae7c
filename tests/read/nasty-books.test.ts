import { expect, test } from 'vitest'
import { sql } from '../../src/engine/sql.ts'
import { forget } from '../../src/engine/forget.ts'
import { relationsIn } from '../../src/engine/relation.ts'
import { quarantine } from '../../src/validate/rejected.ts'
import { validate } from '../../src/validate/validate.ts'
import { reading } from './given.ts'
import { knownFile, nastyLoans, nastyMapping, type Known } from './nasty-book.ts'
import { kinds } from './nasty.ts'

// From the bytes to accepted and rejected rows: every one of them is known before a reader has seen the file.

/** Reads files as one input, and gives what became of their rows. */
const judged = <T>(files: readonly Known[], encode: (bytes: Buffer) => Buffer, stated: object, of: (made: Parameters<Parameters<typeof reading<T>>[2]>[0] & { rejects: Awaited<ReturnType<typeof quarantine>>; accepted: ReturnType<typeof validate>['loans']['accepted'] }) => Promise<T>) =>
  reading({ 'loans.csv': null, ...Object.fromEntries(files.map(({ file, bytes }) => [file, encode(bytes)])) }, { currency: 'CNY', inputs: { loans: { ...nastyMapping, ...stated, files: 'n*.csv' } } }, async (made) => {
    const validated = validate(made.book, made.settings)
    const rejects = await quarantine(made.engine, made.book.loans, validated.loans)
    try {
      return await of({ ...made, rejects, accepted: validated.loans.accepted })
    } finally {
      await made.engine.drop(rejects.broken)
      await forget(made.engine, relationsIn([validated]), [])
    }
  })

const asTold = ({ rejects }: Awaited<ReturnType<typeof quarantine>>) => [...rejects].map(({ file, line, code, value, raw }) => ({ file, line, code, value, raw }))

test.each([
  { encoding: 'utf-8', from: 0, files: 72, encode: (bytes: Buffer) => bytes },
  { encoding: 'utf-16le', from: 100, files: 64, encode: (bytes: Buffer) => Buffer.from(bytes.toString('utf8'), 'utf16le') },
  { encoding: 'gb18030', from: 200, files: 64, encode: (bytes: Buffer) => gb(bytes.toString('utf8')) },
])('$files files in $encoding: every row is accepted as it is, or rejected with its line, its value and its text', async ({ encoding, from, files, encode }) => {
  const all = Array.from({ length: files }, (_, at) => nastyLoans(from + at, encoding === 'utf-8' ? 'utf-8' : 'other'))
  expect(all.flatMap(({ rejected }) => rejected).length).toBeGreaterThan(200)
  await judged(all, encode, { encoding }, async ({ engine, book, rejects, accepted }) => {
    expect(asTold(rejects)).toEqual(all.flatMap(({ rejected }) => rejected))
    const rows = await engine.rows(sql`SELECT account_id, branch, principal, note FROM ${accepted} ORDER BY ordinal`)
    expect(rows.map((row) => [row['account_id'], row['branch'], row['principal'], row['note']])).toEqual(all.flatMap((one) => one.accepted))
    if (encoding === 'utf-8') expect(book.loans.files.map(({ broken }) => broken.map(({ byte }) => byte))).toEqual(all.map(({ brokenAt }) => brokenAt))
  })
})

/** More than 20 MB, with rows of `lay` from before to behind each edge at which readers and threads meet. */
function large(name: string, lay: (file: ReturnType<typeof knownFile>, id: string, turn: number) => void): Known {
  const file = knownFile(name, { eol: '\n', bom: false, kinds })
  let id = 0
  const next = () => `L${String(++id).padStart(7, '0')}`
  const note = ['x'.repeat(200), 'x'.repeat(200)] as const
  for (const edge of [1 << 20, 8e6, 8 << 20, 16e6, 16 << 20, 20e6]) {
    while (file.at() + 240 <= edge) file.good(next(), note, `${id % 997}.00`)
    for (let turn = 0; file.at() <= edge + 200; turn++) lay(file, next(), turn)
  }
  while (file.at() < 21e6) file.good(next(), note, `${id % 997}.00`)
  return file.done(false)
}

test.each([
  ['broken records', large('n1.csv', (file, id, turn) => file.broken(id, turn))],
  ['broken values', large('n2.csv', (file, id, turn) => file.wrong(id, turn % 7))],
])('%s on the edges of 8 MB in a file of more than 20: no other row is lost or changed', async (_, file) => {
  expect(file.bytes.length).toBeGreaterThan(20e6)
  expect(file.rejected.length).toBeGreaterThan(60)
  await judged([file], (bytes) => bytes, {}, async ({ engine, book, rejects, accepted }) => {
    expect(asTold(rejects)).toEqual(file.rejected)
    expect(book.loans.files[0]!.broken.map(({ byte }) => byte)).toEqual(file.brokenAt)
    const rows = await engine.rows(sql`SELECT account_id, principal FROM ${accepted} ORDER BY ordinal`)
    expect(rows.map((row) => `${String(row['account_id'])} ${String(row['principal'])}`).join('\n')).toBe(file.accepted.map(([id, , amount]) => `${id} ${amount}`).join('\n'))
  })
})

/** The few signs of the files in GB 18030, the others as they are in ASCII. */
function gb(text: string): Buffer {
  const codes: Readonly<Record<string, number>> = { 张: 0xd5c5, 三: 0xc8fd, 已: 0xd2d1, 还: 0xbbb9, 款: 0xbfee, 分: 0xb7d6, 期: 0xc6da, 逾: 0xd3e2, '，': 0xa3ac, '１': 0xa3b1 }
  return Buffer.from([...text.replace('\ufeff', '')].flatMap((sign) => (sign.charCodeAt(0) < 0x80 ? [sign.charCodeAt(0)] : [codes[sign]! >> 8, codes[sign]! & 0xff])))
}
