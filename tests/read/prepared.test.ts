import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, expect, test } from 'vitest'
import type { Planned } from '../../src/read/load.ts'
import { prepared, type TextForm } from '../../src/read/prepared.ts'
import { locate, repair } from '../../src/read/records.ts'
import { broken, buildFile, kinds, numbers, shape } from './nasty.ts'

// Files put together record by record, with titles, totals and headers between, in other encodings: what is kept, left out and broken is known of each.

const folder = mkdtempSync(join(tmpdir(), 'arrears-prepared-'))
afterAll(() => rmSync(folder, { recursive: true }))

const notes = ['late', '"a, b"', '"said ""no"""', '"first\nsecond"', '"first\r\n合计,1,2,3"', '"one\npayment_id,account_id,amount,note"', '张三', 'Total', '5"x 4"y']
const totals = ['合计,,,1.00', '"合计",,,', ',,小计：A1,5', '小计,"over\ntwo lines",,', '"小计 ""x""",,1,']

test('kept, left out and broken records, each with its line, over 45 files', async () => {
  let [left, bad] = [0, 0]
  for (let seed = 0; seed < 45; seed++) {
    const random = numbers(seed)
    const eol = seed % 2 === 0 ? '\n' : '\r\n'
    const encoding = (['utf-8', 'utf-16le', 'gb18030'] as const)[seed % 3]!
    const file = buildFile(eol)
    const out: number[] = []
    const usable = kinds.filter((kind) => kind !== 'not-utf8')
    for (let at = 0; at < 60; at++) {
      const id = `P${String(at).padStart(6, '0')}`
      const kind = usable[random(usable.length)]!
      if (random(9) === 0) file.bad(kind, broken(kind, id).raw, broken(kind, id).fields)
      else if (random(6) === 0) {
        file.good(random(3) === 0 ? 'payment_id,account_id,amount,note' : totals[random(totals.length)]!, [])
        out.push(at)
      } else file.good(`${id},A1,1.00,${notes[random(notes.length)]!}`, [id])
      if (random(9) === 0) file.blank()
    }
    const { bytes, good, bad: wrong } = file.done(random(2) === 0)
    const above = random(4)
    const titles = Array.from({ length: above }, (_, at) => (at === 1 ? '' : `Title "${at}`)).map((title) => title + eol).join('')
    const text = titles + bytes.toString('utf8')
    const path = join(folder, seed % 5 === 0 ? 'p.csv.gz' : 'p.csv')
    const content = encoding === 'utf-16le' ? Buffer.from(text, 'utf16le') : encoding === 'gb18030' ? gb(text) : Buffer.from(text)
    const stored = seed % 5 === 0 ? gzipSync(content) : content
    writeFileSync(path, stored)
    const form: TextForm = { encoding, above, leaveOut: ['合计', '小计*'], header: ['payment_id', 'account_id', 'amount', 'note'] }
    const source = { path, shown: 'p.csv', name: 'p.csv', format: seed % 5 === 0 ? 'csv.gz' : 'csv', bytes: stored.length, changedAt: statSync(path).mtimeMs, inode: statSync(path).ino } as const
    const [done] = await prepared([{ source, form, shape, mapping: { headers: [], columns: [], notUsedYet: [] } } satisfies Planned], folder, 'p')
    const kept = good.filter(({ values }) => values.length > 0)
    expect(done!.found, `seed ${seed}`).toMatchObject({ leftOut: out.length, bytes: stored.length, firstLeftOut: good.find(({ values }) => values.length === 0) === undefined ? undefined : good.find(({ values }) => values.length === 0)!.line + above })
    const copy = { path: done!.source.path, gzip: false }
    const found = await repair(copy, shape, join(folder, 'clean.csv'), { maxBad: 1000 })
    expect(found.bad.map(({ line, kind, raw }) => [line + above, kind, raw.toString()]), `seed ${seed}`).toEqual(wrong.map(({ line, kind, raw }) => [line + above, kind, raw.toString()]))
    expect(found.good).toBe(kept.length)
    const located = await locate(copy, shape, kept.map((_, at) => at))
    expect(located.map(({ line, raw }) => [line, raw]), `seed ${seed}`).toEqual(kept.map(({ line, raw }) => [line, raw]))
    left += out.length
    bad += wrong.length
  }
  expect([left > 250, bad > 200]).toEqual([true, true])
})

/** The few signs above in GB 2312: 合 BACF, 计 BCC6, 小 D0A1, 张 D5C5, 三 C8FD, ： A3BA. */
function gb(text: string): Buffer {
  const codes: Readonly<Record<string, number>> = { 合: 0xbacf, 计: 0xbcc6, 小: 0xd0a1, 张: 0xd5c5, 三: 0xc8fd, '：': 0xa3ba }
  return Buffer.from([...text].flatMap((sign) => (codes[sign] === undefined ? [sign.charCodeAt(0)] : [codes[sign]! >> 8, codes[sign]! & 0xff])))
}
