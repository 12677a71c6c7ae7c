import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { locate, misleads, parseFields, repair, scanFacts, type CsvShape } from '../../src/read/records.ts'
import { broken, buildFile, kinds, nasty, numbers, shape } from './nasty.ts'
import { openStrict } from './strict.ts'

vi.setConfig({ testTimeout: 60_000 })
const folder = mkdtempSync(join(tmpdir(), 'arrears-records-'))
const clean = join(folder, 'clean.csv')
let engine: Awaited<ReturnType<typeof openStrict>>
beforeAll(async () => {
  engine = await openStrict(folder)
})
afterAll(() => {
  engine.close()
  rmSync(folder, { recursive: true })
})

const plainFile = (path: string) => ({ path, gzip: false })
const of = (columns: number): CsvShape => ({ delimiter: ',', quote: '"', columns })
const nulls = (values: string[]) => values.map((value) => (value === '' ? null : value))

describe('files put together record by record', () => {
  test('good and bad records come out exactly, at any chunk size', async () => {
    let bad = 0
    for (let seed = 0; seed < 120; seed++) {
      const file = nasty(seed, { rows: 50 })
      const source = plainFile(await engine.put('nasty.csv', file.bytes))
      for (const chunkBytes of [[23, 41, 67, 97, 251][seed % 5]!, 1 << 20]) {
        const found = await repair(source, shape, clean, { maxBad: 1000, chunkBytes })
        expect(found.bad, `seed ${seed}, chunk ${chunkBytes}`).toEqual(file.bad)
        expect(found.badCount).toBe(file.bad.length)
        expect(found.good).toBe(file.good.length)
        expect(readFileSync(clean).equals(file.clean)).toBe(true)
        const facts = await scanFacts(source, shape, undefined, { chunkBytes })
        expect(facts).toMatchObject({ bytes: file.bytes.length, records: file.good.length + file.bad.length, bom: seed % 3 === 0, mixedEnds: false, plainHeader: true })
        expect(facts.bareCr).toBe(file.bad.some(({ kind }) => kind === 'bare-cr'))
        expect(facts.utf8).toBe(!file.bad.some(({ kind }) => kind === 'not-utf8'))
      }
      const located = await locate(source, shape, file.good.map((_, at) => at), { chunkBytes: 100 })
      expect(located).toEqual(file.good.map(({ line, raw }, ordinal) => ({ ordinal, line, raw })))
      expect(located.map(({ raw }) => parseFields(raw, shape).slice(0, 4))).toEqual(file.good.map(({ values }) => values))
      bad += file.bad.length
    }
    expect(bad).toBeGreaterThan(400)
  })

  test('the engine reads a sound file and the clean copy of a broken one to the same rows', async () => {
    for (let seed = 0; seed < 60; seed++) {
      const file = nasty(seed, { badIn: seed % 3 === 0 ? 0 : 12 })
      const path = await engine.put('nasty.csv', file.bytes)
      const rows = file.good.map(({ values }) => nulls(values))
      const found = await repair(plainFile(path), shape, clean, { maxBad: 0 })
      const strict = await engine.rows(path, 4)
      if (file.bad.length === 0) expect(strict).toEqual({ rows })
      else expect(strict).toHaveProperty('error')
      expect(found.badCount).toBe(file.bad.length)
      expect(found.bad).toEqual([])
      expect(await engine.rows(clean, 4)).toEqual({ rows })
    }
  })

  test('bad records over the 8 MB boundaries of the engine and of our own chunks cost nobody else', async () => {
    const edges = [1 << 20, 8e6, 8 << 20, 16e6, 16 << 20]
    const file = buildFile('\n')
    let id = 0
    for (const [at, edge] of edges.entries()) {
      const next = () => `P${String(id++).padStart(7, '0')}`
      while (file.at() + 40 <= edge) file.good(`${next()},A0001,10.00,ok and paid`, [])
      // A run of bad records that begins before the edge and ends behind it.
      for (let n = 0; file.at() <= edge || n % kinds.length !== 0; n++) {
        const kind = kinds[(at + n) % kinds.length]!
        const name = next()
        const { raw, fields } = broken(kind, name)
        file.bad(kind, raw, fields)
      }
    }
    while (file.at() < 21e6) file.good(`P${String(id++).padStart(7, '0')},A0002,10.00,ok and paid`, [])
    const { bytes, good, bad, clean: wanted } = file.done(true)
    const source = plainFile(await engine.put('large.csv', bytes))
    const found = await repair(source, shape, clean, { maxBad: 1000 })
    expect(found.bad).toEqual(bad)
    expect(found.good).toBe(good.length)
    expect(readFileSync(clean).equals(wanted)).toBe(true)
    expect(await scanFacts(source, shape)).toMatchObject({ records: id, sha256: createHash('sha256').update(bytes).digest('hex') })
    await engine.load(clean, 4)
    expect(await engine.query('select count(*)::int, count(distinct c0)::int from t')).toEqual([[good.length, good.length]])
    const last = good.length - 1
    expect(await locate(source, shape, [0, last])).toEqual([0, last].map((ordinal) => ({ ordinal, line: good[ordinal]!.line, raw: good[ordinal]!.raw })))
  })
})

describe('what passes here is what the strict reader takes', () => {
  // Every question that RFC 4180 leaves open, as data lines under the header a,b; the engine gives the answers.
  const lines = [
    '1,2,,', '1,2,""', '1,2,"",,""', '1,2, ""', '1,2,"" ', '1,2,x', '1,2, ', '1,2," "', '1,2,,x', '1,2,"" ""', '1,2,""""', '1,2,\0', '1,2,"\0"', '1,2,\0 ',
    '1', '', '   ', '\t', ' ', '\0', ',', '"",""', '""', '"",', '"""",x', '"1""2",3', '"1\n2",3', '1,"2\n\n3"', '1,"2\r3"', '1,"2\r\n3"',
    '1,2"3', '1"x"y,2', '1,2"', '1,5" x 4"', '"1"x,2', '"1" ,2', '"1"\t,2', '1,"2" ', '"1" "2",3', '"a"  ""  "b" ,2', '"1" x,2', '"x"""  ,2', '"x ",2',
    ' "1",2', ' "1,5",2', '1, "2\n3"', '  "x","y"', '  "x,y"', '\t"x",y', ' ,2', '1, ', '1, "', '"1,2', '1,"2""', '1,"', '"', '"1" "2', '中文,\u00a0\u3000', '1,x\ufeffy', '\u{10ffff},\uffff',
  ].flatMap((line) => [Buffer.from(line), Buffer.concat([Buffer.from('0,0\n'), Buffer.from(line), Buffer.from('\n3,4\n"5",6\n')])])
  const octets = [[0xff], [0xe4, 0xb8], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xe0, 0x80, 0x80], [0xf8, 0x88, 0x80, 0x80, 0x80], [0xef, 0xbf, 0xbf], [0xad]]
  const texts = octets.flatMap((bytes) => [['1,', '\n3,4'], ['1,"x""', '"\n'], ['', ',2\n']].map(([before, behind]) => Buffer.concat([Buffer.from(before!), Buffer.from(bytes), Buffer.from(behind!)])))

  async function agrees(bytes: Buffer, columns: number) {
    const path = await engine.put('asked.csv', bytes)
    const strict = await engine.rows(path, columns)
    const found = await repair(plainFile(path), of(columns), clean, { maxBad: 9, chunkBytes: 7 })
    const facts = await scanFacts(plainFile(path), of(columns), undefined, { chunkBytes: 5 })
    const copy = await engine.rows(clean, columns)
    const shown = JSON.stringify(bytes.toString('latin1'))
    expect(facts.records, shown).toBe(found.good + found.badCount)
    expect(copy, shown).toHaveProperty('rows')
    if (!('rows' in copy)) return
    expect(copy.rows.length, shown).toBe(found.good)
    const located = await locate(plainFile(path), of(columns), copy.rows.map((_, at) => at))
    expect(located.map(({ raw }) => nulls(parseFields(raw, of(columns)).slice(0, columns))), shown).toEqual(copy.rows)
    if (misleads(facts)) return
    if ('rows' in strict) expect({ bad: found.bad, rows: copy.rows }, shown).toEqual({ bad: [], rows: strict.rows })
    else expect(found.badCount, shown).toBeGreaterThan(0)
  }

  test('line by line', async () => {
    for (const line of [...lines, ...texts]) await agrees(Buffer.concat([Buffer.from('a,b\n'), line]), 2)
  })

  test('one column: a blank line is a record', async () => {
    for (const text of ['1\n\n2\n', '1\n""\n2', ',\n1\n', '1,\n', '1\n\n\n', '\n1', '\n\n', '', ' \n', '"1\n\n2"\n\n']) await agrees(Buffer.from(`a\n${text}`), 1)
    expect(await scanFacts(plainFile(await engine.put('one.csv', 'a\n1\n\n2\n')), of(1))).toMatchObject({ records: 3 })
  })

  test('random files of fragments that like to break', async () => {
    const fields = ['a', '', '"x"', '"x""y"', ' "b"', '"c" ', '"p" "q"', '5" pipe', '"l\nm"', '中', '""', ' ', '\t', '"\0"', ' a ', '"a,b"', 'x"', '"\r"']
    const odd = ['"open', '"a"b', ' "', '  "x', '"\n', 'a\rb', '"e"\t']
    let sound = 0
    for (let seed = 1; seed <= 160; seed++) {
      const random = numbers(seed)
      const columns = 1 + random(3)
      const eol = ['\n', '\r\n', '\r'][random(3)]!
      let text = ['a', 'a,b', 'a,b,c'][columns - 1]! + eol
      for (let row = random(9); row >= 0; row--) {
        const width = random(12) === 0 ? 1 + random(4) : columns
        text += Array.from({ length: width }, () => (random(30) === 0 ? odd[random(odd.length)]! : fields[random(fields.length)]!)).join(',')
        while (random(8) === 0) text += [',', ',""', ', ""', ',"" '][random(4)]!
        if (row > 0 || random(2) === 0) text += random(9) === 0 ? eol + eol : eol
      }
      await agrees(Buffer.from(text), columns)
      if ('rows' in (await engine.rows(join(folder, 'asked.csv'), columns))) sound++
    }
    // Both answers must be well represented, else the test proves little.
    expect(sound).toBeGreaterThan(40)
    expect(sound).toBeLessThan(120)
  })

  test('length: what the engine takes with its line end, to the byte', async () => {
    for (const length of [1_999_999, 2_000_000]) {
      for (const [open, close] of [['1,', ''], ['1,"', '"']]) {
        const record = open! + 'x'.repeat(length - open!.length - close!.length) + close!
        const path = await engine.put('long.csv', `a,b\n0,0\n${record}\n3,4\n`)
        const strict = await engine.rows(path, 2)
        const found = await repair(plainFile(path), of(2), clean, { maxBad: 9 })
        expect('rows' in strict).toBe(length === 1_999_999)
        expect(found).toMatchObject(length === 1_999_999 ? { good: 3, badCount: 0 } : { good: 2, badCount: 1, bad: [{ kind: 'too-long', line: 3, byte: 8, raw: Buffer.from(record.slice(0, 10_000)) }] })
      }
    }
  })

  test.each([
    // The engine refuses mixed line ends and bare CRs or splits records at them; a header over two lines makes it lose rows in silence.
    ['LF and CRLF', 'a,b\n1,2\r\n3,4\n', [['1', '2'], ['3', '4']], []],
    ['CRLF and LF', 'a,b\r\n1,2\n"3",4\r\n5,\n', [['1', '2'], ['3', '4'], ['5', '']], []],
    ['a bare CR', 'a,b\n1,x\ry\n3,4\n', [['3', '4']], [['bare-cr', 2]]],
    ['a bare CR at the start of a field', 'a,b\n1,\r2,3\n4,5\n', [['4', '5']], [['bare-cr', 2]]],
    ['a bare CR behind a quote', 'a,b\r\n"1"\rx,2\r\n3,4\r\n', [['3', '4']], [['bare-cr', 2]]],
    ['CR CR LF', 'a,b\r\n1,2\r\r\n3,4\r\n', [['3', '4']], [['bare-cr', 2]]],
    ['a CR at the very end', 'a,b\n1,2\n3,4\r', [['1', '2'], ['3', '4']], []],
    ['CR, then LF', 'a,b\r1,2\n3,"4\r5"\r', [['1', '2'], ['3', '4\r5']], []],
    ['blank lines first', '\n\na,b\n1,2\n', [['1', '2']], []],
    ['a header over two lines', '"a\nx",b\r\n1,2\r\n3,4\r\n', [['1', '2'], ['3', '4']], []],
    ['a header with a broken quote', '"a"x,b\n1,2\n', [['1', '2']], []],
    ['a header with an open quote', '"a,b\n1,2\n', [['1', '2']], []],
  ] as [string, string, string[][], [string, number][]][])('misled by %s', async (_, text, good, bad) => {
    const path = await engine.put('misled.csv', text)
    const facts = await scanFacts(plainFile(path), of(2))
    expect(misleads(facts)).toBe(true)
    expect(facts.records).toBe(good.length + bad.length)
    const found = await repair(plainFile(path), of(2), clean, { maxBad: 9 })
    expect(found.bad.map(({ kind, line }) => [kind, line])).toEqual(bad)
    expect(await engine.rows(clean, 2)).toEqual({ rows: good.map(nulls) })
  })
})

describe('broken quotes', () => {
  const bad = async (text: string, more = {}) => {
    const path = await engine.put('quotes.csv', text)
    const found = await repair(plainFile(path), of(3), clean, { maxBad: 9, ...more })
    return { good: found.good, bad: found.bad.map(({ line, byte, kind, raw, fields }) => [line, byte, kind, raw.toString(), fields]) }
  }
  test('an open quote costs its own line, whether another follows, none follows, or it closes on the next quote', async () => {
    const rows = 'P2,A2,ok\nP3,A3,"ok"\n'
    expect(await bad(`a,b,c\nP1,A1,"open\n${rows}`)).toEqual({ good: 2, bad: [[2, 6, 'quote-not-closed', 'P1,A1,"open', ['P1', 'A1']]] })
    expect(await bad('a,b,c\nP1,A1,"open\nP2,A2,ok')).toEqual({ good: 1, bad: [[2, 6, 'quote-not-closed', 'P1,A1,"open', ['P1', 'A1']]] })
    expect(await bad('a,b,c\nP1,A1,ok\nP2,A2,"open')).toEqual({ good: 1, bad: [[3, 15, 'quote-not-closed', 'P2,A2,"open', ['P2', 'A2']]] })
    expect(await bad(`a,b,c\n"P1,A1,x\n${rows}`)).toEqual({ good: 2, bad: [[2, 6, 'quote-not-closed', '"P1,A1,x', []]] })
  })
  test('a record over several lines with a quote that breaks later is read anew from its second line', async () => {
    expect(await bad('a,b,c\nP1,"x\ny",A,"b"c\nP2,A2,ok\n')).toEqual({
      good: 1,
      bad: [[2, 6, 'quote-not-closed', 'P1,"x', ['P1']], [3, 12, 'text-after-quote', 'y",A,"b"c', ['y"', 'A']]],
    })
  })
  test('an open quote is not followed further than a record may be long, at any chunk size', async () => {
    const text = `a,b,c\nP1,A1,"open\n${'P2,A2,ok\n'.repeat(50)}P3,A3,x"\nP4,"A4",ok\n`
    // With room for all of it the quote closes by chance on P3: one long and sound record.
    expect(await bad(text)).toEqual({ good: 2, bad: [] })
    for (const chunkBytes of [9, 100, 1 << 20]) {
      expect(await bad(text, { maxRecordBytes: 100, chunkBytes })).toEqual({ good: 52, bad: [[2, 6, 'quote-not-closed', 'P1,A1,"open', ['P1', 'A1']]] })
      const long = `P1,A1,"${'中'.repeat(60)}`
      const found = await bad(`a,b,c\n${long}\nP2,A2,ok\n`, { maxRecordBytes: 100, chunkBytes })
      expect(found).toMatchObject({ good: 1, bad: [[2, 6, 'too-long', long.slice(0, 38), ['P1', 'A1']]] })
      expect(await scanFacts(plainFile(join(folder, 'quotes.csv')), of(3), undefined, { maxRecordBytes: 100, chunkBytes })).toMatchObject({ records: 2, utf8: true })
    }
  })
})

describe('facts of a file', () => {
  const facts = async (text: string | Buffer, columns = 2, tuning = {}) => scanFacts(plainFile(await engine.put('facts.csv', text)), of(columns), undefined, tuning)

  test.each([
    ['', { bytes: 0, records: 0, endsWithNewline: false, utf8: true, quotes: false }],
    ['a,b', { records: 0, endsWithNewline: false }],
    ['a,b\n', { records: 0, endsWithNewline: true }],
    ['\ufeffa,b\n1,2', { records: 1, bom: true, bytes: 10 }],
    ['a,b\n\n1,2\n\n\n3,4\n', { records: 2, mixedEnds: false }],
    ['a,b\r\n\r\n1,2\r\n', { records: 1, mixedEnds: false, bareCr: false }],
    ['a,b\r1,2\r\r3,4\r', { records: 2, mixedEnds: false, bareCr: false, endsWithNewline: true }],
    ['a,b\n1,"x\r\ny\rz"\n', { records: 1, mixedEnds: false, bareCr: false, quotes: true }],
    ['a,b\n1,x\0y\n', { nul: true, utf8: true }],
    [Buffer.from([97, 10, 0xff, 10]), { records: 1, utf8: false }],
  ] as [string | Buffer, object][])('%j', async (text, wanted) => {
    for (const chunkBytes of [1, 4, 1 << 20]) expect(await facts(text, 2, { chunkBytes })).toMatchObject(wanted)
  })

  test('blanks at the edge of a field are never missed', async () => {
    for (const blank of [' ', '\t', '\u00a0', '\u3000']) {
      for (const field of [`${blank}x`, `x${blank}`, `"${blank}x"`, `"x${blank}"`, `"x"${blank}`, blank, `x${blank}${blank}`]) {
        for (const text of [`a,b\n1,${field}\n`, `a,b\n${field},2\n`, `a,b\r\n1,${field}\r\n`, `a,b\n1,${field}`, `a,${field}\n1,2\n`]) {
          for (const chunkBytes of [1, 3, 1 << 20]) expect((await facts(text, 2, { chunkBytes })).edgeBlanks, JSON.stringify(text)).toBe(true)
        }
      }
      expect((await facts(`a,b\n1,x${blank}y\n"x${blank}${blank}y",2`)).edgeBlanks).toBe(false)
    }
    expect((await scanFacts(plainFile(await engine.put('tabs.tsv', 'a\tb\n1\t2\n')), { ...of(2), delimiter: '\t' })).edgeBlanks).toBe(false)
  })

  test('a .gz: bytes and sha256 as stored, the rest of its text', async () => {
    const file = nasty(7)
    const stored = gzipSync(file.bytes)
    const source = { path: await engine.put('nasty.csv.gz', stored), gzip: true }
    expect(await scanFacts(source, shape)).toMatchObject({ bytes: stored.length, sha256: createHash('sha256').update(stored).digest('hex'), records: file.good.length + file.bad.length })
    const found = await repair(source, shape, clean, { maxBad: 1000 })
    expect(found.bad).toEqual(file.bad)
    expect(readFileSync(clean).equals(file.clean)).toBe(true)
    expect(statSync(clean).mode & 0o777).toBe(0o600)
    const { line, raw } = file.good[3]!
    expect(await locate(source, shape, [3])).toEqual([{ ordinal: 3, line, raw }])
  })

  test('a .gz that is cut, wrong, or has bytes behind its end is refused: its facts would be those of another file', async () => {
    const stored = gzipSync('a,b\n1,2\n')
    const wrong = Buffer.from(stored)
    wrong[wrong.length - 6]! ^= 1
    const of2 = async (bytes: Buffer) => scanFacts({ path: await engine.put('odd.csv.gz', bytes), gzip: true }, of(2))
    await expect(of2(stored.subarray(0, -1))).rejects.toThrow('unexpected end of file')
    await expect(of2(wrong)).rejects.toThrow('incorrect data check')
    await expect(of2(Buffer.concat([stored, Buffer.alloc(500_000)]))).rejects.toThrow('bytes behind the end of the compressed data')
    expect(await of2(Buffer.concat([stored, gzipSync('3,4\n')]))).toMatchObject({ records: 2 })
  })

  test('other delimiters, no quote character, and locating without judging again', async () => {
    const path = await engine.put('bars.csv', 'a|b\n1|"2\n|\n3|4\n')
    expect(await repair(plainFile(path), { delimiter: '|', quote: '', columns: 2 }, clean, { maxBad: 9 })).toMatchObject({ good: 3, badCount: 0 })
    expect(await locate(plainFile(path), { delimiter: '|', quote: '', columns: 2 }, [0, 2], { allGood: true })).toEqual([{ ordinal: 0, line: 2, raw: '1|"2' }, { ordinal: 2, line: 4, raw: '3|4' }])
    expect(parseFields('1|"2', { delimiter: '|', quote: '', columns: 2 })).toEqual(['1', '"2'])
  })
})
