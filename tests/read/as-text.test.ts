import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { readWarnings } from '../../src/read-warnings.ts'
import { guessedEncoding } from '../../src/read/encoding.ts'
import { encodings } from '../../src/settings/mapping-fields.ts'
import { faults, judging, reading, rowsRead, type Files, type Stated } from './given.ts'

// What is wrong with the text of an export, as the settings state it. The bytes of other encodings are written out by hand.

const payments = (content: string | Buffer, stated: object, file = 'repayments.csv') => ({ files: { 'repayments.csv': null, [file]: content } as Files, stated: { inputs: { repayments: { files: file, ...stated } } } as Stated })
const idsOf = (content: string | Buffer, stated: object, file?: string) => {
  const { files, stated: all } = payments(content, stated, file)
  return reading(files, all, async ({ engine, book }) => (await rowsRead(engine, book.repayments)).map((row) => [row['payment_id'], String(row['amount'])]))
}
const rejectsOf = (content: string | Buffer, stated: object) => {
  const { files, stated: all } = payments(content, stated)
  return judging(files, all)
}
const warned = (content: string | Buffer, stated: object) => {
  const { files, stated: all } = payments(content, stated)
  return reading(files, all, async ({ book }) => readWarnings(book).map(({ says }) => says))
}
const told = (content: string | Buffer, stated: object) => {
  const { files, stated: all } = payments(content, stated)
  return faults(files, all)
}

const head = 'payment_id,account_id,paid_on,amount\n'
const row = (id: string, amount = '1.00') => `${id},A1,2025-06-10,${amount}\n`
/** The letters of an id in the bytes of an encoding, between ASCII. */
const withBytes = (id: readonly number[], line = row('@')) => Buffer.concat([Buffer.from(head), ...line.split('@').flatMap((part, at) => (at === 0 ? [Buffer.from(part)] : [Buffer.from(id), Buffer.from(part)]))])

describe('encodings', () => {
  // 张三 in GB 2312, 中文 in Big5, アイ in Shift JIS, € and é in Windows 1252, é in ISO 8859-1: from the published code charts.
  test.each([
    ['gb18030', [0xd5, 0xc5, 0xc8, 0xfd], '张三'],
    ['gbk', [0xd5, 0xc5, 0xc8, 0xfd], '张三'],
    ['big5', [0xa4, 0xa4, 0xa4, 0xe5], '中文'],
    ['shift_jis', [0x83, 0x41, 0x83, 0x43], 'アイ'],
    ['windows-1252', [0x80, 0xe9], '€é'],
    ['latin-1', [0xe9], 'é'],
    // Four bytes: U+3400.
    ['gb18030', [0x81, 0x39, 0xee, 0x39], '㐀'],
  ])('%s', async (encoding, bytes, text) => expect(await idsOf(withBytes(bytes), { encoding })).toEqual([[text, '1.00']]))

  const utf16 = (text: string, swap = false) => (swap ? Buffer.from(text, 'utf16le').swap16() : Buffer.from(text, 'utf16le'))
  test.each([
    ['utf-16', utf16(`\ufeff${head}${row('甲')}`)],
    ['utf-16', utf16(`\ufeff${head}${row('甲')}`, true)],
    ['utf-16le', utf16(head + row('甲'))],
    ['utf-16be', utf16(head + row('甲'), true)],
  ])('%s', async (encoding, bytes) => expect(await idsOf(bytes, { encoding })).toEqual([['甲', '1.00']]))

  test('a character that lies over the end of a piece, and a zipped file', async () => {
    const rows = Array.from({ length: 90_000 }, (_, at) => row(`甲${at}`)).join('')
    const zipped = gzipSync(utf16(head + rows))
    const ids = await idsOf(zipped, { encoding: 'utf-16le', files: 'p.csv.gz' }, 'p.csv.gz')
    expect(ids.length).toBe(90_000)
    expect(ids.every(([id], at) => id === `甲${at}`)).toBe(true)
  })

  test('bytes and hash are those of the file that was given', async () => {
    const content = utf16(head + row('甲'))
    const { files, stated } = payments(content, { encoding: 'utf-16le' })
    await reading(files, stated, async ({ book }) => expect(book.repayments.facts).toMatchObject([{ bytes: content.length, sha256: createHash('sha256').update(content).digest('hex'), records: 1 }]))
  })

  test('lines are those of the file, and texts those that it shows', async () => {
    const content = Buffer.concat([Buffer.from(`${head}${row('P1')}P2,A1,2025-06-10,`), Buffer.from([0xd5, 0xc5]), Buffer.from(`\n\n${row('P3', 'x')}`)])
    expect((await rejectsOf(content, { encoding: 'gb18030' })).map(({ line, column, value, raw }) => [line, column, value, raw])).toEqual([
      [3, 'amount', '张', 'P2,A1,2025-06-10,张'],
      [5, 'amount', 'x', 'P3,A1,2025-06-10,x'],
    ])
  })

  test('bytes that are none of the stated encoding are refused with their line', async () => {
    const content = Buffer.concat([Buffer.from(`${head}${row('P1')}`), Buffer.from([0xff, 0xff]), Buffer.from(row(''))])
    expect(await told(content, { encoding: 'gb18030' })).toMatchObject([{ code: 'file-not-encoded', says: expect.stringMatching(/repayments\.csv is not gb18030 \(first on line 3\)\.$/), exit: 2 }])
  })

  test('UTF-8 under another name is noticed, plain ASCII is not', async () => {
    expect(await warned(head + row('张三'), { encoding: 'gb18030' })).toEqual([expect.stringMatching(/^repayments\.csv is valid UTF-8/)])
    expect(await warned(head + row('P1'), { encoding: 'gb18030' })).toEqual([])
    expect(await warned(withBytes([0xd5, 0xc5, 0xc8, 0xfd]), { encoding: 'gb18030' })).toEqual([])
  })

  test.each([
    ['gb18030', Buffer.from([0xd5, 0xc5, 0xc8, 0xfd, 0x2c, 0xb6, 0xab, 0xbe, 0xa9])],
    ['big5', Buffer.from([0xa4, 0x40, 0xa4, 0xe5, 0xa5, 0x78, 0xa5, 0x5f])],
    ['shift_jis', Buffer.from([0x83, 0x41, 0x83, 0x43, 0x82, 0xa0, 0x93, 0x8c, 0x8b, 0x9e])],
    ['windows-1252', Buffer.from('Betrag;F\u00e4llig am;Kunde\n', 'latin1')],
    ['utf-16', Buffer.from('\ufeffa,b\n', 'utf16le')],
    ['utf-16le', Buffer.from('account_id,b\n', 'utf16le')],
    ['utf-16be', Buffer.from('account_id,b\n', 'utf16le').swap16()],
  ])('a guess for the message: %s', (encoding, bytes) => expect(guessedEncoding(bytes)).toBe(encoding))

  test('a file that nobody spoke of names the setting', async () => {
    const bytes = Buffer.concat([Buffer.from([0xc1, 0xf7, 0xcb, 0xae, 0xba, 0xc5]), Buffer.from(',account_id\n')])
    expect(await told(bytes, {})).toMatchObject([{ code: 'file-not-utf8', todo: 'State its encoding: inputs.repayments.encoding: gb18030.' }])
  })

  test('every one can be read by name', async () => {
    for (const encoding of encodings) {
      const text = head + row('P1')
      const bytes = encoding === 'utf-16be' ? utf16(text, true) : encoding.startsWith('utf-16') ? utf16(text) : Buffer.from(text)
      expect(await idsOf(bytes, { encoding }), encoding).toEqual([['P1', '1.00']])
    }
  })
})

describe('delimiter and quote', () => {
  test('tab by its word', async () => expect(await idsOf((head + row('P1')).replaceAll(',', '\t'), { delimiter: 'tab' })).toEqual([['P1', '1.00']]))
  test('another quote', async () => expect(await idsOf(`${head}'P,1',A1,2025-06-10,'1.00'\n"P2",A1,2025-06-10,1.00\n`, { quote: "'" })).toEqual([['P,1', '1.00'], ['"P2"', '1.00']]))
  test('no quote', async () => expect(await idsOf(`${head}"P1,A1,2025-06-10,1.00\n`, { quote: 'none' })).toEqual([['"P1', '1.00']]))
  test('sep= says the delimiter, and its line is counted', async () => {
    const content = `sep=;\r\n${(head + row('P1') + row('P2', 'x')).replaceAll(',', ';').replaceAll('\n', '\r\n')}`
    expect(await idsOf(content, {})).toEqual([['P1', '1.00'], ['P2', 'null']])
    expect((await rejectsOf(content, { delimiter: ';' })).map(({ line, value }) => [line, value])).toEqual([[4, 'x']])
    expect(await told(content, { delimiter: 'tab' })).toMatchObject([{ code: 'settings-wrong', says: expect.stringMatching(/delimiter is ";"/) }])
  })
})

describe('lines above the header', () => {
  const titles = 'Made-up Credit Ltd\n"Period: ""2025"""\n\n'
  test.each([['a count', 3], ['a count that leaves a blank line', 2], ['found', 'found']])('%s', async (_, lines_above) => {
    expect(await idsOf(titles + head + row('P1'), { lines_above })).toEqual([['P1', '1.00']])
    expect((await rejectsOf(titles + head + row('P1') + row('P2', 'x'), { lines_above })).map(({ line }) => line)).toEqual([6])
  })
  test.each([['CRLF', '\r\n'], ['CR', '\r']])('with %s', async (_, end) => expect(await idsOf((titles + head + row('P1')).replaceAll('\n', end), { lines_above: 3 })).toEqual([['P1', '1.00']]))
  test('found by the headers that the settings name', async () => {
    expect(await idsOf(`Payments\n流水号,借据号,还款日期,还款金额\n${row('P1')}`, { lines_above: 'found', headers: { payment_id: '流水号', account_id: '借据号', paid_on: '还款日期', amount: '还款金额' } })).toEqual([['P1', '1.00']])
  })
  test('nobody said so: the line that looks like the header is named', async () => {
    const said = await told(titles + head + row('P1'), {})
    expect(said.map(({ code }) => code)).toEqual(['header-missing', 'header-missing', 'header-missing'])
    expect(said[0]).toMatchObject({ todo: 'Line 4 looks like the header: set inputs.repayments.lines_above: 3 (or found).' })
  })
  test('more lines than the file has', async () => expect(await told(head + row('P1'), { lines_above: 9 })).toMatchObject([{ code: 'settings-wrong' }]))
})

describe('records that are no data', () => {
  const content = `${head}${row('P1')}小计,,,1.00\n${row('P2', 'x')}"小计：A1",,,2.00\n,,合计,3.00\n`
  test('by pattern, anywhere; lines stay', async () => {
    const leave_out = ['小计*', '合计']
    expect(await idsOf(content, { leave_out })).toEqual([['P1', '1.00'], ['P2', 'null']])
    expect((await rejectsOf(content, { leave_out })).map(({ line, value }) => [line, value])).toEqual([[4, 'x']])
    expect(await warned(content, { leave_out })).toEqual(['repayments.csv: 3 records left out as no data, the first on line 3.'])
  })
  test.each([['LF', '\n'], ['CRLF', '\r\n'], ['CR', '\r']])('one that goes over lines leaves them all: %s', async (_, end) => {
    const content = `${head}${row('P1')}"合计\nof\nJune",,,3.00\n${row('P2', 'x')}`.replaceAll('\n', end)
    expect((await rejectsOf(content, { leave_out: ['合计*'] })).map(({ line, value }) => [line, value])).toEqual([[6, 'x']])
  })
  test('a word stands for a whole field', async () => expect(await idsOf(`${head}${row('Total1')}Total,,,1.00\n`, { leave_out: ['Total'] })).toEqual([['Total1', '1.00']]))
  test('further fields, each in its place', async () => expect(await idsOf(`${head}${row('P1')}x,y,小计,1.00\nx,小计,y,2.00\n`, { leave_out: ['*,*,小计'] })).toMatchObject([['P1', '1.00'], ['x', '2.00']]))
  test('of several lines, behind other delimiters, in another encoding', async () => {
    const text = `Title\n${(head + row('P1')).replaceAll(',', '\t')}"合计\n共一笔"\t\t\t1.00\n${row('P2', 'x').replaceAll(',', '\t')}`
    const stated = { encoding: 'utf-16', delimiter: 'tab', lines_above: 1, leave_out: ['合计*'] }
    expect((await rejectsOf(Buffer.from(`\ufeff${text}`, 'utf16le'), stated)).map(({ line, value }) => [line, value])).toEqual([[6, 'x']])
    expect(await warned(Buffer.from(`\ufeff${text}`, 'utf16le'), stated)).toEqual(['repayments.csv: 1 record left out as no data, the first on line 4.'])
  })
  test('the number of rows that a footer states is compared', async () => {
    const footer = (rows: string) => `${head}${row('P1')}${row('P2')}"TRAILER",${rows},20250630\n`
    const leave_out = ['TRAILER,{rows}']
    expect(await told(footer('2'), { leave_out })).toEqual([])
    expect(await told(footer('1,002').replace('1,002', '"1,002"'), { leave_out })).toMatchObject([{ code: 'footer-differs', says: expect.stringMatching(/says on line 4 that it has 1002 rows, and 2 were read\.$/), exit: 3 }])
    expect(await told(`${head}${row('P1')}共 3 条\n`, { leave_out: ['共 {rows} 条'] })).toMatchObject([{ code: 'footer-differs' }])
  })
  test('a header that stands again', async () => {
    const twice = `${head}${row('P1')}\ufeff${head}${row('P2', 'x')}`
    expect((await rejectsOf(twice, { repeated_header: true })).map(({ line, value }) => [line, value])).toEqual([[4, 'x']])
    expect((await rejectsOf(twice, {})).map(({ line }) => line)).toEqual([3, 4])
  })
  test('a quote that never closes costs its line alone', async () => {
    expect((await rejectsOf(`${head}${row('P1')}"P2,A1,2025-06-10,1.00\n${row('P3')}合计,,,3.00\n`, { leave_out: ['合计'] })).map(({ line, code }) => [line, code])).toEqual([[3, 'quote-not-closed']])
  })
})
