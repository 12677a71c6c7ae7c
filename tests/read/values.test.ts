import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Engine } from '../../src/engine/engine.ts'
import { openEngine } from '../../src/engine/open.ts'
import { mapHeaders } from '../../src/read/mapping.ts'
import { canonical } from '../../src/read/reading.ts'
import { timedColumns, withReadings } from '../../src/read/readings.ts'
import type { SourceFile } from '../../src/read/source.ts'
import { typedRows } from '../../src/read/typed.ts'
import { settingsSchema } from '../../src/settings/schema.ts'
import { checkMappings } from '../../src/settings/mappings.ts'

// How values are written, by the settings: what is read from each text, and what is not. All worked out by hand; null is no value.

let engine: Engine
const folder = mkdtempSync(join(tmpdir(), 'arrears-values-'))
beforeAll(async () => {
  engine = await openEngine('duckdb', { scale: 2, threads: 1 })
})
afterAll(() => {
  engine.close()
  rmSync(folder, { recursive: true })
})

const source = (path: string): SourceFile => ({ path, shown: 'p.csv', name: 'p.csv', format: 'csv', bytes: 1, changedAt: 0, inode: 0 })
let count = 0

/** The values of one column of repayments as they are read, in one query; each read alone by the code for single rows must be the same. */
async function read(column: 'paid_on' | 'amount' | 'payment_id', texts: readonly string[], stated: object, zone = 'UTC'): Promise<(string | null)[]> {
  const own = settingsSchema.parse({ inputs: { repayments: stated } }).inputs.repayments
  const path = join(folder, `${++count}.csv`)
  const headers = ['payment_id', 'account_id', 'paid_on', 'amount']
  const content = [headers.join('\t'), ...texts.map((text) => headers.map((header) => (header === column ? text : '1')).join('\t'))].join('\n')
  writeFileSync(path, `${content}\n`)
  const { mapping: found } = mapHeaders('repayments', source(path), headers, own)
  const shape = { delimiter: '\t', quote: '', columns: 4 }
  const mapping = withReadings('repayments', found, own, zone, timedColumns(found, Buffer.from(content), shape))
  const rows = await engine.rows(typedRows({ kind: 'csv', path, ...shape, fields: 4, parallel: true, plain: false }, mapping.columns, { trim: true, nul: false }, 2))
  const values = rows.map((row) => (row[column] === null ? null : String(row[column])))
  const mapped = mapping.columns.find(({ name }) => name === column)!
  values.forEach((value, at) => {
    const alone = canonical(texts[at]!, mapped)
    if (value !== null) expect(column === 'amount' ? Number(alone) : alone, texts[at]).toBe(column === 'amount' ? Number(value) : value)
  })
  return values
}

describe('dates', () => {
  test.each<[shape: string, good: Record<string, string>, bad: string[], more?: object]>([
    ['YYYYMMDD', { 20250331: '2025-03-31', 20240229: '2024-02-29' }, ['20250229', '2025-03-31', '2025331', '202503310', '18991231', '22000101']],
    ['YYYY/M/D', { '2025/3/1': '2025-03-01', '2025/03/31': '2025-03-31' }, ['2025/3/32', '25/3/1', '2025-3-1', '2025/3/1x', '2025/003/1']],
    ['YYYY年M月D日', { '2025年3月9日': '2025-03-09', '2025年12月31日': '2025-12-31' }, ['2025年2月30日', '2025年3月9', '2025-03-09']],
    ['DD/MM/YYYY', { '31/03/2025': '2025-03-31', '03/04/2025': '2025-04-03' }, ['03/31/2025', '3/4/2025', '31/03/25', '31-03-2025', '2025-03-31']],
    ['MM/DD/YYYY', { '03/31/2025': '2025-03-31', '03/04/2025': '2025-03-04' }, ['31/03/2025', '3/4/2025']],
    ['D.M.YYYY', { '1.3.2025': '2025-03-01', '31.03.2025': '2025-03-31' }, ['1,3,2025', '1.3.25', '1x3x2025']],
    ['DD-Mon-YYYY', { '05-Jul-2025': '2025-07-05', '05-JUL-2025': '2025-07-05', '30-sept-2025': '2025-09-30' }, ['05-July-2025', '05-Jux-2025', '31-Jun-2025', '05-07-2025']],
    ['DD-Mon-YY', { '05-Jul-25': '2025-07-05', '05-Jul-70': '1970-07-05', '05-Jul-69': '2069-07-05', '29-Feb-00': '2000-02-29' }, ['05-Jul-2025', '29-Feb-01'], { two_digit_years_from: 1970 }],
    ['D/M/YY', { '5/7/25': '1925-07-05', '5/7/24': '2024-07-05' }, ['5/7/2025'], { two_digit_years_from: 1925 }],
    ['Month D, YYYY', { 'March 9, 2025': '2025-03-09', 'may 31, 2025': '2025-05-31' }, ['Mar 9, 2025', 'March 9 2025']],
    ['YYYY-MM-DD HH:mm:ss', { '2025-06-30 00:00:00': '2025-06-30', '2025-06-30 23:59:59': '2025-06-30' }, ['2025-06-30', '2025-06-30 24:00:00', '2025-06-30 00:60:00']],
    ['M/D/YYYY H:mm', { '9/14/2016 19:31': '2016-09-14', '10/7/2016 9:00': '2016-10-07' }, ['10/7/2016 24:00', '10/7/2016', '14/9/2016 9:00']],
    ['M/D/YYYY H:mm:ss AM', { '10/7/2016 9:00:00 AM': '2016-10-07', '10/7/2016 12:00:00 pm': '2016-10-07' }, ['10/7/2016 9:00:00', '10/7/2016 9:00:00 XM']],
    ['YYYYMMDDHHmmss', { 20250630235959: '2025-06-30' }, ['20250630', '20250631000000']],
    // 46053 is 31 January 2026, 61 is 1 March 1900; a spreadsheet of the other kind counts from 1904: 44591 is 31 January 2026.
    ['day_number', { 46053: '2026-01-31', '46053.75': '2026-01-31', 61: '1900-03-01' }, ['60', '0', '-1', '2026-01-31', '46053,5', '999999']],
    ['day_number_1904', { 44591: '2026-01-31', 0: '1904-01-01' }, ['x', '1e3']],
    ['timestamp', { '2025-03-31T23:59:59': '2025-03-31', '2025-03-31': '2025-03-31', '2025-03-31 23:30': '2025-03-31', '2025-03-31T16:30:00Z': '2025-03-31' }, ['2025-03-31T', '2025-02-30T10:00:00', '2025-03-31T10', '2025-03-31T25:00:00Z', '31/03/2025']],
  ])('%s', async (shape, good, bad, more = {}) => {
    const texts = [...Object.keys(good), ...bad]
    expect(await read('paid_on', texts, { dates: shape, ...more })).toEqual(texts.map((text) => good[text] ?? null))
  })

  test('a time with a zone is a day in the zone of the portfolio', async () => {
    // 16:30 in London in winter is 00:30 the next day in Shanghai (UTC+8), 11:30 in New York on a summer day is 15:30 UTC.
    const texts = ['2025-01-31T16:30:00Z', '2025-01-31 16:30Z', '2025-01-31T16:30:00+00:00', '2025-01-31T16:30:00.123+0000', '2025-01-31T23:30:00+08:00', '2025-02-01T00:30:00 +08', '2025-01-31 16:30:00 UTC', '2025-01-31 16:30 UTC', '2025-01-31T16:30:00-0800', '2025-01-31T16:30:00', '2025-01-31']
    expect(await read('paid_on', texts, { dates: 'timestamp' }, 'Asia/Shanghai')).toEqual(['2025-02-01', '2025-02-01', '2025-02-01', '2025-02-01', '2025-01-31', '2025-02-01', '2025-02-01', '2025-02-01', '2025-02-01', '2025-01-31', '2025-01-31'])
    expect(await read('paid_on', ['2025-07-01T03:59:59Z', '2025-07-01T04:00:00Z'], { dates: 'timestamp' }, 'America/New_York')).toEqual(['2025-06-30', '2025-07-01'])
  })

  test('several shapes that cannot be mistaken for each other, and by column', async () => {
    expect(await read('paid_on', ['20250331', '2025-03-31', '31.03.2025', '31/03/2025'], { dates: ['YYYYMMDD', 'YYYY-MM-DD', 'DD.MM.YYYY'] })).toEqual(['2025-03-31', '2025-03-31', '2025-03-31', null])
    expect(await read('paid_on', ['20250331', '2025-03-31'], { dates: { paid_on: 'YYYYMMDD' } })).toEqual(['2025-03-31', null])
    expect(await read('paid_on', ['20250331', '2025-03-31'], { dates: { reversed_on: 'YYYYMMDD' } })).toEqual([null, '2025-03-31'])
  })

  test('where nobody says a word ISO 8601 stands, with times if the first rows have them', async () => {
    const first = Array.from({ length: 60 }, () => '2025-03-31T10:00:00')
    expect((await read('paid_on', [...first, '2025-03-30', '31/03/2025'], {})).slice(59)).toEqual(['2025-03-31', '2025-03-30', null])
    expect(await read('paid_on', ['2025-03-31T10:00:00', '2025-03-30'], {})).toEqual([null, '2025-03-30'])
    expect(await read('paid_on', ['2025-03-31', '20250331'], {})).toEqual(['2025-03-31', null])
  })

  test('full-width digits', async () => {
    expect(await read('paid_on', ['２０２５－０３－３１', '2025-03-31'], { numbers: { full_width: true } })).toEqual(['2025-03-31', '2025-03-31'])
    expect(await read('paid_on', ['２０２５年３月３１日'], { dates: 'YYYY年M月D日', numbers: { full_width: true } })).toEqual(['2025-03-31'])
    expect(await read('paid_on', ['２０２５－０３－３１'], {})).toEqual([null])
  })

  test('days that stand for none', async () => {
    expect(await read('paid_on', ['9999-12-31', '1900-01-01', 'NULL', '2025-01-01'], { blanks: ['9999-12-31', '1900-01-01', 'NULL'] })).toEqual([null, null, null, '2025-01-01'])
    expect(await read('paid_on', ['99991231', '20250101'], { dates: 'YYYYMMDD', blanks: ['99991231'] })).toEqual([null, '2025-01-01'])
  })
})

describe('amounts', () => {
  const eu = { decimal: ',', thousands: '.' }
  test.each<[name: string, numbers: object, good: Record<string, string>, bad: string[], more?: object]>([
    ['as they are', {}, { '1234.50': '1234.50', '-0.01': '-0.01', '12.3400': '12.34' }, ['1,234.50', '12.345', '1e3', '.5', '5.', '+5', '１２３', 'NaN', '']],
    ['commas between thousands', { thousands: ',' }, { '1,234.50': '1234.50', '1234.50': '1234.50', '-1,234,567.8': '-1234567.80', '12': '12.00' }, ['1,2,3', '12,34.5', '1,23', '1234,567', ',123', '1,234,', '1.234,50', '1,234.505', '12.5%', '1,,234']],
    ['points between thousands', eu, { '1.234,50': '1234.50', '1.000': '1000.00', '1234,5': '1234.50', '-1.000,00': '-1000.00' }, ['1,000.00', '1.00', '1.0', '1234.50', '1.2345', '1.234,505']],
    ['a comma before decimals alone', { decimal: ',' }, { '1234,50': '1234.50' }, ['1.234,50', '1234.50']],
    // A plain, a no-break, a figure, a thin and a narrow no-break space.
    ['spaces', { decimal: ',', thousands: 'space' }, { '1 234,50': '1234.50', '1\u00a0234,50': '1234.50', '1\u2007234': '1234.00', '1\u2009234,50': '1234.50', '1\u202f234\u202f567,89': '1234567.89' }, ['1 23', '1  234', '1.234']],
    ['apostrophes', { thousands: "'" }, { "1'234.50": '1234.50', '1’234.50': '1234.50' }, ["1''234", "1'23"]],
    ['lakh', { thousands: ',', groups: 'lakh' }, { '1,23,456.78': '123456.78', '12,34,56,789': '123456789.00', '1,234': '1234.00', '123': '123.00' }, ['123,456.78', '1,23,45', '1,234,567']],
    ['a minus behind', { negative: ['behind'] }, { '1234.50-': '-1234.50', '1234.50 -': '-1234.50', '-1.00': '-1.00', '1.00': '1.00' }, ['-1.00-', '1.00--', '--1.00']],
    ['parentheses', { thousands: ',', negative: ['parentheses'] }, { '(1,234.50)': '-1234.50', '1.00': '1.00' }, ['(1.00', '1.00)', '(-1.00)', '((1.00))']],
    ['DR below zero', { negative: ['DR'] }, { '1.00 DR': '-1.00', '1.00Dr': '-1.00', '1.00 CR': '1.00', '1.00': '1.00' }, ['DR 1.00', '1.00 XR', '-1.00 DR']],
    ['CR below zero', { negative: ['CR'] }, { '1.00 CR': '-1.00', '1.00 DR': '1.00' }, []],
    ['marks of currencies', { thousands: ',', marks: ['¥', '￥', 'CNY', '$', 'Rs.', '元'] }, { '¥1,234.50': '1234.50', '￥ 1': '1.00', 'CNY 12.00': '12.00', '12.00 CNY': '12.00', '-$5.00': '-5.00', '$-5.00': '-5.00', 'Rs.100': '100.00', '100元': '100.00', '7': '7.00' }, ['€5', '¥', 'CN 5', '5 $ 5', '--$5']],
    ['marks with parentheses', { marks: ['$'], negative: ['parentheses'] }, { '($5.00)': '-5.00', '$(5.00)': '-5.00', '(5.00)$': '-5.00' }, ['$5.00)']],
    ['full-width digits', { thousands: ',', full_width: true }, { '１，２３４．５０': '1234.50', '1,234.50': '1234.50', '－５': '-5.00' }, ['１，２']],
    ['a minus sign that is no hyphen', { thousands: ',' }, { '\u22125.00': '-5.00' }, ['\u20135.00']],
    ['fen', {}, { 12345: '123.45', 5: '0.05', '-100': '-1.00', '100.00': '1.00' }, ['12345.5', '12345.50', '1,000'], { unit: 0.01 }],
    ['ten thousands', {}, { '1.2345': '12345.00', '0.000001': '0.01', '1.234500000': '12345.00', 12: '120000.00' }, ['0.0000001', '1.2345678'], { unit: 10000 }],
    ['lakhs, with commas', { thousands: ',' }, { '1.5': '150000.00', '0.1234567': '12345.67', '99,999,999,999': '9999999999900000.00', '1,234': '123400000.00' }, ['1,2'], { unit: 100000 }],
    ['a unit of one column', {}, { 100: '1.00' }, [], { unit: { amount: 0.01 } }],
    ['a unit of another column', {}, { 100: '100.00' }, [], { unit: { principal_paid: 0.01 } }],
  ])('%s', async (_, numbers, good, bad, more = {}) => {
    const texts = [...Object.keys(good), ...bad]
    expect(await read('amount', texts, { numbers, ...more })).toEqual(texts.map((text) => good[text] ?? null))
  })

  test('too large is no amount, in any unit', async () => {
    expect(await read('amount', ['12345678901234567890', '1234567890123456'], { numbers: { thousands: ',' } })).toEqual([null, '1234567890123456.00'])
    expect(await read('amount', ['9999999999999'], { unit: 10000 })).toEqual([null])
  })
})

describe('ids', () => {
  test.each([['upper', ['L-1', 'L-1', 'ÄÖ']], ['lower', ['l-1', 'l-1', 'äö']], ['kept', ['l-1', 'L-1', 'äÖ']]])('%s', async (id_letters, ids) => expect(await read('payment_id', ['l-1', 'L-1', 'äÖ'], { id_letters })).toEqual(ids))
})

describe('settings that cannot be', () => {
  const wrong = (stated: object) => {
    const parsed = settingsSchema.safeParse({ inputs: { repayments: stated } })
    return parsed.success ? checkMappings(parsed.data, () => ({})).map(({ says }) => says) : parsed.error.issues.map(({ message }) => message)
  }
  test.each([
    [{ dates: 'DD/MM/YY' }, /years of two digits/],
    [{ dates: ['DD/MM/YYYY', 'MM/DD/YYYY'] }, /one text may be two days, read as DD\/MM\/YYYY and as MM\/DD\/YYYY/],
    [{ dates: { paid_on: ['DDMMYY', 'YYMMDD'] }, two_digit_years_from: 1970 }, /inputs\.repayments\.dates\.paid_on: one text may be two days/],
    [{ dates: ['YYMMDD', 'day_number'], two_digit_years_from: 1970 }, /one text may be two days/],
    [{ dates: 'DD/MM' }, /one year/],
    [{ dates: 'YYYYMD' }, /M may be one digit or two/],
    [{ dates: 'YYYY-MM-DD at HH' }, /letters other than/],
    [{ numbers: { decimal: ',', thousands: ',' } }, /one mark cannot stand both/],
    [{ numbers: { negative: ['CR', 'DR'] } }, /cannot both mean below zero/],
    [{ unit: 3 }, /a power of ten/],
    [{ quote: ';', delimiter: ';' }, /both delimiter and quote/],
  ])('%j', (stated, says) => expect(wrong(stated).join('\n')).toMatch(says))
  test.each([{ dates: ['DD/MM/YYYY', 'YYYY-MM-DD', 'YYYYMMDD'] }, { dates: ['timestamp', 'D-Mon-YYYY'] }, { dates: ['DD/MM/YYYY', 'D/M/YYYY'] }])('%j can', (stated) => expect(wrong(stated)).toEqual([]))
})
