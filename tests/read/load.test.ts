import { readdirSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { faults, flowing, reading, rowsRead, sound, type Files, type Stated } from './given.ts'

const of = (input: string, more: Record<string, unknown>): Stated => ({ inputs: { [input]: more } })
const payments = (files: Files, more: Record<string, unknown>) =>
  reading({ 'repayments.csv': null, ...files }, of('repayments', more), async ({ engine, book }) => ({
    rows: (await rowsRead(engine, book.repayments)).map(({ payment_id, account_id, paid_on, amount }) => [payment_id, account_id, paid_on, amount].join(' ')),
    files: book.repayments.files.map(({ source, from, rows }) => [source.name, from, rows]),
    read: book.repayments.read,
    records: book.repayments.records,
  }))

describe('several files of one input', () => {
  const one = 'payment_id,account_id,paid_on,amount\nP1,A1,2025-06-10,1.00\nP2,A1,2025-06-11,2.00\n'
  const two = 'payment_id,account_id,paid_on,amount\nP3,A1,2025-06-12,3.00\n'

  test('are read one after the other, by a list or a glob', async () => {
    const wanted = { rows: ['P1 A1 2025-06-10 1.00', 'P2 A1 2025-06-11 2.00', 'P3 A1 2025-06-12 3.00'], files: [['r-1.csv', 0, 2], ['r-2.csv', 2, 1]], read: 3, records: 3 }
    expect(await payments({ 'r-1.csv': one, 'r-2.csv': two }, { files: ['r-1.csv', 'r-2.csv'] })).toEqual(wanted)
    expect(await payments({ 'r-1.csv': one, 'r-2.csv': two }, { files: 'r-*.csv' })).toEqual(wanted)
  })

  test('have their columns in an order of their own', async () => {
    const other = 'amount,note,paid_on,payment_id,account_id\n3.00,x,2025-06-12,P3,A1\n'
    expect((await payments({ 'r-1.csv': one, 'r-2.csv': other }, { files: 'r-*.csv' })).rows).toEqual(['P1 A1 2025-06-10 1.00', 'P2 A1 2025-06-11 2.00', 'P3 A1 2025-06-12 3.00'])
  })

  test('a file that lacks a column, or has one more', async () => {
    const kinds = await reading(
      { 'repayments.csv': null, 'r-1.csv': one, 'r-2.csv': 'kind,payment_id,account_id,paid_on,amount\nwaiver,P3,A1,2025-06-12,3.00\n', 'r-3.csv': 'account_id,paid_on,amount,payment_id\nA1,2025-06-13,4.00,P4\n' },
      of('repayments', { files: 'r-*.csv' }),
      async ({ engine, book }) => (await rowsRead(engine, book.repayments)).map(({ payment_id, kind }) => [payment_id, kind]),
    )
    expect(kinds).toEqual([['P1', null], ['P2', null], ['P3', 'waiver'], ['P4', null]])
  })

  // The place of a fault is counted among the columns of its own file.
  test('a fault is in the column that its own file has it in', async () => {
    const files = {
      'r-1.csv': 'payment_id,account_id,paid_on,amount\nP1,A1,2025-06-10,bad1\n',
      'r-2.csv': 'amount,paid_on,account_id,payment_id\nbad2,2025-06-10,A1,P2\n2.00,bad3,A1,P3\n',
      'r-3.csv': 'kind,amount,account_id,payment_id,paid_on\n,4.00,,P4,2025-06-10\n,5.00,A1,,2025-06-10\n',
      'r-4.csv': 'account_id,reversed_on,paid_on,amount,payment_id\nA1,bad4,2025-06-10,6.00,P6\n',
    }
    await flowing({ 'repayments.csv': null, ...files }, of('repayments', { files: 'r-*.csv' }), ({ flow }) => {
      expect(flow.outcome.rejects.map(({ file, line, column, value, code }) => [file, line, column, value, code])).toEqual([
        ['r-1.csv', 2, 'amount', 'bad1', 'not-an-amount'],
        ['r-2.csv', 2, 'amount', 'bad2', 'not-an-amount'],
        ['r-2.csv', 3, 'paid_on', 'bad3', 'not-a-date'],
        ['r-3.csv', 2, 'account_id', '', 'missing'],
        ['r-3.csv', 3, 'payment_id', '', 'missing'],
        ['r-4.csv', 2, 'reversed_on', 'bad4', 'not-a-date'],
      ])
    })
  })

  test('what only tells rows apart is compared by name too', async () => {
    // The second file repeats the first row in another order of columns; P2 differs in a column that nothing else reads.
    const files = { 'r-1.csv': 'payment_id,account_id,paid_on,amount,channel,note\nP1,A1,2025-06-10,1.00,app,x\nP2,A1,2025-06-10,1.00,app,x\n', 'r-2.csv': 'note,amount,channel,account_id,payment_id,paid_on\nx,1.00,app,A1,P1,2025-06-10\ny,1.00,app,A1,P2,2025-06-10\n' }
    await flowing({ 'repayments.csv': null, ...files }, of('repayments', { files: 'r-*.csv' }), ({ flow }) => {
      expect(flow.outcome.rejects.map(({ file, line, code }) => [file, line, code])).toEqual([['r-1.csv', 3, 'conflicting-key'], ['r-2.csv', 2, 'twin'], ['r-2.csv', 3, 'conflicting-key']])
    })
  })

  test('one name in two folders: the folder says which', async () => {
    const files = { 'may/r.csv': one.replace('1.00', 'x'), 'june/r.csv': two.replace('3.00', 'y') }
    await flowing({ 'repayments.csv': null, ...files }, of('repayments', { files: ['may/r.csv', 'june/r.csv'] }), ({ flow }) => {
      expect(flow.outcome.rejects.map(({ file, line, value }) => [file, line, value])).toEqual([['june/r.csv', 2, 'y'], ['may/r.csv', 2, 'x']])
    })
  })

  test('.csv, .csv.gz and endings in capitals beside each other', async () => {
    expect((await payments({ 'r-1.csv': one, 'r-2.csv.gz': gzipSync(two), 'R-3.CSV.GZ': gzipSync(two.replace('P3', 'P5')), 'R-4.CSV': two.replace('P3', 'P6') }, { files: ['r-1.csv', 'r-2.csv.gz', 'R-3.CSV.GZ', 'R-4.CSV'] })).rows.map((row) => row.slice(0, 2))).toEqual(['P1', 'P2', 'P3', 'P5', 'P6'])
  })
})

describe('delimiters, quotes, line ends', () => {
  const rows = ['P1 A1 2025-06-10 1.00', 'P2 A1 2025-06-11 2.00']
  const text = (d: string, end: string) => ['payment_id,account_id,paid_on,amount,note', 'P1,A1,2025-06-10,1.00,x', 'P2,A1,2025-06-11,2.00,y'].map((line) => line.replaceAll(',', d)).join(end) + end

  test.each([';', '|', '\t', '^', '~', ']', '\\', '-', '.', ' '])('the delimiter %j', async (delimiter) => {
    const lines = text(delimiter, '\n')
    const own = /[-.]/.test(delimiter) ? lines.replaceAll('2025-06-1', '"2025-06-1').replace(/("2025-06-1\d)/g, '$1"').replace('2025"', '2025') : lines
    const safe = delimiter === '-' ? ['payment_id', 'account_id', 'paid_on', 'amount'].join('-') + '\nP1-A1-"2025-06-10"-1.00\nP2-A1-"2025-06-11"-2.00\n' : delimiter === '.' ? 'payment_id.account_id.paid_on.amount\nP1.A1.2025-06-10."1.00"\nP2.A1.2025-06-11."2.00"\n' : own
    expect((await payments({ 'r.csv': safe }, { files: 'r.csv', delimiter })).rows).toEqual(rows)
  })
  test('a quoted header, with the delimiter inside', async () => {
    const quoted = '"payment_id","account_id","paid, on","amount"\nP1,A1,2025-06-10,1.00\nP2,A1,2025-06-11,2.00\n'
    expect((await payments({ 'r.csv': quoted }, { files: 'r.csv', headers: { paid_on: 'paid, on' } })).rows).toEqual(rows)
  })
  test.each([['CRLF', '\r\n'], ['CR alone', '\r']])('%s', async (_, end) => expect((await payments({ 'r.csv': text(',', end) }, { files: 'r.csv' })).rows).toEqual(rows))
  test('CRLF and LF mixed, blank lines, no line end at the end, a byte order mark', async () => {
    expect((await payments({ 'r.csv': '\ufeff\npayment_id,account_id,paid_on,amount\r\n\nP1,A1,2025-06-10,1.00\n\r\nP2,A1,2025-06-11,2.00' }, { files: 'r.csv' })).rows).toEqual(rows)
  })
  test('a comma at the end of the header and of each row', async () => {
    expect((await payments({ 'r.csv': 'payment_id,account_id,paid_on,amount,\nP1,A1,2025-06-10,1.00,\nP2,A1,2025-06-11,2.00,\n' }, { files: 'r.csv' })).rows).toEqual(rows)
  })
  test('a comma at the end of the header alone', async () => {
    expect((await payments({ 'r.csv': 'payment_id,account_id,paid_on,amount,\nP1,A1,2025-06-10,1.00\nP2,A1,2025-06-11,2.00,\n' }, { files: 'r.csv' })).rows).toEqual(rows)
  })
  test('empty fields behind the last column, however many', async () => {
    expect((await payments({ 'r.csv': 'payment_id,account_id,paid_on,amount\nP1,A1,2025-06-10,1.00,,,\nP2,A1,2025-06-11,2.00,""\n' }, { files: 'r.csv' })).rows).toEqual(rows)
  })
})

describe('broken records cost themselves alone', () => {
  const broken = 'payment_id,account_id,paid_on,amount\nP1,A1,2025-06-10,1.00\nP2,A1\nP3,A1,2025-06-11,"3.00"x\nP4,A1,2025-06-12,4.00\nP5,A1,2025-06-13,5.00,more\nP6,"A1,2025-06-14,6.00\nP7,A1,2025-06-15,7.00\n'
  const good = ['P1 A1 2025-06-10 1.00', 'P4 A1 2025-06-12 4.00', 'P7 A1 2025-06-15 7.00']
  test.each([['.csv', 'r.csv', broken], ['.csv.gz', 'r.csv.gz', gzipSync(broken)]] as [string, string, string | Buffer][])('in %s', async (_, name, content) => {
    expect(await payments({ [name]: content }, { files: name })).toEqual({ rows: good, files: [[name, 0, 3]], read: 7, records: 7 })
  })
  test('the private copy that mends them is gone afterwards', async () => {
    await reading({ 'repayments.csv': broken }, {}, async ({ dir }) => expect(readdirSync(dir).sort()).toEqual(['arrears.yaml', 'loans.csv', 'repayments.csv', 'schedule.csv']))
  })
})

describe('inputs that are refused', () => {
  test.each([
    ['an empty file', '', 'file-empty', 3],
    ['a byte order mark alone', '\ufeff', 'file-empty', 3],
    ['blank lines alone', '\n\n', 'file-empty', 3],
    ['a header alone', 'payment_id,account_id,paid_on,amount\n', 'file-no-rows', 3],
    ['a header without a line end', 'payment_id,account_id,paid_on,amount', 'file-no-rows', 3],
    ['a header and blank lines', 'payment_id,account_id,paid_on,amount\n\n\r\n', 'file-no-rows', 3],
  ])('%s', async (_, content, code, exit) => {
    expect(await faults({ 'repayments.csv': content })).toMatchObject([{ code, exit, says: expect.stringContaining('repayments.csv'), todo: expect.stringMatching(/\w\./) }])
    expect(await faults({ 'repayments.csv.gz': gzipSync(content), 'repayments.csv': null }, of('repayments', { files: 'repayments.csv.gz' }))).toMatchObject([{ code, exit }])
  })

  test('a header alone may be allowed, an empty file never', async () => {
    expect(await faults({ 'repayments.csv': 'payment_id,account_id,paid_on,amount\n' }, of('repayments', { allow_empty: true }))).toEqual([])
    expect(await faults({ 'repayments.csv': '' }, of('repayments', { allow_empty: true }))).toMatchObject([{ code: 'file-empty' }])
  })
  test('one empty file among full ones', async () => {
    expect(await faults({ 'r-1.csv': sound['repayments.csv'], 'r-2.csv': '' }, of('repayments', { files: 'r-*.csv' }))).toMatchObject([{ code: 'file-empty', says: expect.stringContaining('r-2.csv') }])
    expect(await faults({ 'r-1.csv': sound['repayments.csv'], 'r-2.csv': 'payment_id,account_id,paid_on,amount\n' }, of('repayments', { files: 'r-*.csv' }))).toMatchObject([{ code: 'file-no-rows', says: expect.stringContaining('r-2.csv') }])
  })

  test('no file, no such file, a kind of file that nobody knows', async () => {
    expect(await faults({}, of('schedule', { files: undefined }))).toMatchObject([{ code: 'input-missing', exit: 2, says: 'No file was given for schedule.', todo: expect.stringContaining('--schedule FILE') }])
    expect(await faults({}, of('schedule', { files: 'plan.csv' }))).toMatchObject([{ code: 'file-not-found', exit: 2, says: expect.stringContaining('plan.csv') }])
    expect(await faults({ 'plan.xlsx': 'x' }, of('schedule', { files: 'plan.xlsx' }))).toMatchObject([{ code: 'file-unknown-kind', exit: 2 }])
  })

  test('all that is wrong with all files at once', async () => {
    const told = await faults({ 'loans.csv': 'acount_id\nA1\n', 'schedule.csv': null, 'repayments.csv': 'payment_id,account_id,paid_on,sum\nP1,A1,2025-06-10,1.00\n' })
    expect(told.map(({ code }) => code).sort()).toEqual(['currency-missing', 'file-not-found', 'header-missing', 'header-missing'])
  })

  test('types and translations for a column that no file has', async () => {
    expect(await faults({ 'loans.csv': 'account_id,currency,score\nA1,CNY,5\n' }, of('loans', { columns: { scroe: 'integer' } }))).toMatchObject([{ code: 'settings-wrong', exit: 2, says: 'inputs.loans.columns names "scroe", which no file of loans has.', todo: 'Did you mean "score"?' }])
    expect(await faults({}, of('loans', { values: { statsu: { 结清: 'closed' } } }))).toMatchObject([{ code: 'settings-wrong', todo: 'Did you mean "status"?' }])
    expect(await faults({}, of('loans', { values: { status: { 结清: 'closed' } } }))).toEqual([])
  })

  const long = Buffer.from(`payment_id,account_id,paid_on,amount\n${Array.from({ length: 60_000 }, (_, at) => `P${at},A1,2025-06-10,${at}.00\n`).join('')}`)
  const zipped = gzipSync(long)
  test.each([
    ['cut', zipped.subarray(0, -100)],
    ['damaged in the middle', Buffer.concat([zipped.subarray(0, 100_000), Buffer.from('damaged'), zipped.subarray(100_007)])],
    ['damaged in its checksum', Buffer.concat([zipped.subarray(0, -8), Buffer.from([1, 2, 3, 4]), zipped.subarray(-4)])],
    ['followed by other bytes', Buffer.concat([zipped, Buffer.alloc(500, 1)])],
    ['no .gz', long],
  ])('a .gz that is %s', async (_, content) => {
    expect(await faults({ 'repayments.csv': null, 'r.csv.gz': content }, of('repayments', { files: 'r.csv.gz' }))).toMatchObject([{ code: 'file-unreadable', exit: 3, says: expect.stringMatching(/r\.csv\.gz cannot be read: ./) }])
  })
})
