import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { faults, flowing, judging, type Files, type Stated } from './given.ts'

// Faults of exports, each with a file made by hand: what is said of it, and where.

const payments = (...rows: string[]) => ({ 'repayments.csv': `payment_id,account_id,paid_on,amount,note\n${rows.map((row) => `${row}\n`).join('')}` })
const rejected = async (files: Files, stated: Stated = {}) => (await judging(files, stated)).map(({ file, line, code }) => [file, line, code])
const warned = (files: Files, stated: Stated = {}) => flowing(files, stated, ({ flow }) => flow.outcome.warnings)
const warning = async (code: string, files: Files, stated: Stated = {}) => (await warned(files, stated)).filter((one) => one.code === code)
const loans = (...ids: string[]) => ({ 'loans.csv': `account_id,currency\n${ids.map((id) => `${id},CNY\n`).join('')}` })

describe('ids that a spreadsheet has damaged', () => {
  test('in scientific notation: of loans rejected, of others unmatched or rejected for it, and said', async () => {
    const files = {
      ...loans('6222020000000000001', '6.22202E+18', '6.22202E+18'),
      'schedule.csv': 'account_id,instalment_no,due_on,amount_due\n6222020000000000001,1,2025-06-10,100.00\n6.22202E+18,1,2025-06-10,1.00\n6.22202E+18,1,2025-06-10,2.00\n',
      ...payments('P1,6.22202E+18,2025-06-10,1.00,'),
    }
    expect(await rejected(files)).toEqual([['loans.csv', 3, 'account-id-damaged'], ['loans.csv', 4, 'account-id-damaged'], ['schedule.csv', 3, 'account-id-damaged'], ['schedule.csv', 4, 'account-id-damaged']])
    expect(await warning('ids-damaged', files)).toMatchObject([{ says: expect.stringMatching(/^1 unmatched row of repayments/) }])
  })

  test('of payments: twins and conflicts alike, and the account is held; one that stands alone counts', async () => {
    const files = payments('2.02506E+13,A1,2025-06-10,1.00,', '2.02506E+13,A1,2025-06-10,1.00,', '2.02507E+13,A1,2025-06-11,1.00,', '2.02507E+13,A1,2025-06-12,2.00,', '2.02508E+13,A1,2025-06-13,3.00,')
    expect(await rejected(files)).toEqual([3, 4, 5].map((line) => ['repayments.csv', line, 'payment-id-damaged']))
    // 1.00 of the first copy, 3.00 that stand alone; 100.00 were due.
    await flowing(files, {}, ({ accounts }) => expect(accounts).toMatchObject([{ amount_covered: '4.00', held_reason: 'row_in_quarantine', held_since: '2025-06-10' }]))
  })

  test.each([
    ['rounded to 15 digits', ['6222020000000010000', '6222020000000020000', '6222020000000030000'], 1],
    ['all ending in a zero', ['6222020000000010', '6222020000000020', '6222020000000021'], 1],
    ['sound, one of ten ends in a zero', Array.from({ length: 10 }, (_, at) => `622202000000001${at}`), 0],
    ['short', ['1000000', '2000000'], 0],
    ['no numbers', ['L-000000000000000000'], 0],
  ])('long and ending in zeros: %s', async (_, ids, count) => expect(await warning('ids-rounded', { ...loans(...ids) })).toHaveLength(count))

  test('zeros lost in front, and another letter case: named beside the account that they may be of', async () => {
    const files = { ...loans('000123', 'A1', 'B7'), ...payments('P1,123,2025-06-10,1.00,', 'P2,b7,2025-06-10,1.00,', 'P3,X9,2025-06-10,1.00,', 'P4,A1,2025-06-10,1.00,') }
    expect(await warning('ids-alike', files)).toMatchObject([{ says: expect.stringMatching(/^2 unmatched ids of repayments/), names: ['123 (000123)', 'b7 (B7)'] }])
    expect(await warning('ids-alike', files, { inputs: { repayments: { id_letters: 'upper' } } })).toMatchObject([{ names: ['123 (000123)'] }])
  })

  test.each([['what a spreadsheet writes', '"=""000123"""'], ['an apostrophe', "'000123"], ['a decimal', '000123.0'], ['a sign that does not show', '000123\u200b'], ['a mark from the start of a file', '\ufeff000123'], ['wide digits', '０００１２３']])('an id with %s: named too', async (_, id) => {
    expect(await warning('ids-alike', { ...loans('000123'), ...payments(`P1,${id},2025-06-10,1.00,`) })).toMatchObject([{ says: expect.stringContaining('that a spreadsheet has added'), names: [expect.stringContaining('(000123)')] }])
  })
})

describe('text of another encoding than stated', () => {
  test('not UTF-8 in single rows', async () => {
    const content = Buffer.concat([Buffer.from(payments('P1,A1,2025-06-10,1.00,x')['repayments.csv']), Buffer.from('P2,A1,2025-06-10,1.00,'), Buffer.from([0xd5, 0xc5]), Buffer.from('\n')])
    const [reject] = await judging({ 'repayments.csv': content })
    expect(reject).toMatchObject({ line: 3, code: 'not-utf8', message: expect.stringContaining('inputs.repayments.encoding') })
  })
  test('UTF-8 read as a western encoding', async () => {
    expect((await warned(payments('P1,A1,2025-06-10,1.00,é'), { inputs: { repayments: { encoding: 'windows-1252' } } })).map(({ code }) => code)).toContain('looks-like-utf8')
  })
  test('controls in the text', async () => {
    const content = Buffer.from(payments('P1,A1,2025-06-10,1.00,x\u0085\u00e9')['repayments.csv'], 'latin1')
    expect(await warning('looks-garbled', { 'repayments.csv': content }, { inputs: { repayments: { encoding: 'latin-1' } } })).toHaveLength(1)
    expect(await warning('looks-garbled', { 'repayments.csv': Buffer.from(payments('P1,A1,2025-06-10,1.00,\u00e9')['repayments.csv'], 'latin1') }, { inputs: { repayments: { encoding: 'latin-1' } } })).toHaveLength(0)
  })
})

describe('headers', () => {
  test('twice the same name', async () => expect(await faults({ 'repayments.csv': 'payment_id,account_id,paid_on,amount,amount\nP1,A1,2025-06-10,1.00,1.00\n' })).toMatchObject([{ code: 'header-twice', says: expect.stringMatching(/"amount" twice: columns 4 and 5/) }]))
  test('missing, with the nearest name', async () => expect(await faults({ 'repayments.csv': 'payment_id,account_id,paidon,amount\nP1,A1,2025-06-10,1.00\n' })).toMatchObject([{ code: 'header-missing', todo: expect.stringContaining('inputs.repayments.headers: {paid_on: paidon}') }]))
  test('on another line', async () => expect(await faults({ 'repayments.csv': 'Title\n\npayment_id,account_id,paid_on,amount\nP1,A1,2025-06-10,1.00\n' })).toMatchObject(['account_id', 'paid_on', 'amount'].map(() => ({ todo: expect.stringMatching(/^Line 3 looks like the header/) }))))
  test('again between the rows, with a mark before it', async () => {
    const [reject, ...more] = await judging(payments('P1,A1,2025-06-10,1.00,', '\ufeffpayment_id,account_id,paid_on,amount,note', 'P2,A1,2025-06-10,1.00,'))
    expect([reject, more.length]).toMatchObject([{ line: 3, code: 'header-again', message: expect.stringContaining('inputs.repayments.repeated_header: true') }, 0])
  })

  test('twice but for letter case: which one is meant the settings say', async () => {
    const files = { 'repayments.csv': 'payment_id,account_id,paid_on,Amount,amount\nP1,A1,2025-06-10,1.00,40.00\n' }
    expect(await faults(files)).toMatchObject([{ code: 'header-twice', says: expect.stringContaining('"amount" or "Amount" twice: columns 5 and 4'), todo: expect.stringContaining('inputs.repayments.headers: {amount: amount}') }])
    await flowing(files, { inputs: { repayments: { headers: { amount: 'Amount' } } } }, ({ accounts }) => expect(accounts).toMatchObject([{ amount_covered: '1.00' }]))
  })
  test('twice, of columns that nobody uses: both are read, neither under the name alone', async () => {
    await flowing({ 'loans.csv': 'account_id,currency,note,note\nA1,CNY,a,b\n', ...payments('P1,A1,2025-06-10,40.00,') }, {}, ({ accounts }) => expect(accounts).toMatchObject([{ 'note (column 3)': 'a', 'note (column 4)': 'b' }]))
    expect(await faults({ 'repayments.csv': 'payment_id,account_id,paid_on,amount,note,note\nP1,A1,2025-06-10,1.00,a,b\n' })).toEqual([])
    expect(await faults({ 'repayments.csv': 'payment_id,account_id,paid_on,sum,sum\nP1,A1,2025-06-10,1.00,2.00\n' }, { inputs: { repayments: { headers: { amount: 'sum' } } } })).toMatchObject([{ code: 'header-twice' }])
  })
  test.each<[string, string, string]>([
    ['ends in a delimiter that its rows lack', 'payment_id,account_id,paid_on,amount,', 'P1,A1,2025-06-10,40.00'],
    ['ends in delimiters as its rows do', 'payment_id,account_id,paid_on,amount,,', 'P1,A1,2025-06-10,40.00,,x'],
    ['begins with a column without a name', ',payment_id,account_id,paid_on,amount', '0,P1,A1,2025-06-10,40.00'],
    ['holds signs without a width', 'payment_id,account_id,paid_on,amo\u200bunt\ufeff', 'P1,A1,2025-06-10,40.00'],
  ])('that %s', async (_, header, row) => {
    await flowing({ 'repayments.csv': `${header}\n${row}\n` }, {}, ({ accounts, flow: { outcome } }) => expect([outcome.rejects, accounts]).toMatchObject([[], [{ amount_covered: '40.00' }]]))
  })
  test('not where the settings look for them: fewer lines, a NUL, no UTF-16', async () => {
    expect(await faults(payments('P1,A1,2025-06-10,1.00,'), { inputs: { repayments: { lines_above: 3 } } })).toMatchObject([{ code: 'settings-wrong', says: expect.stringContaining('inputs.repayments.lines_above is 3, and'), exit: 2 }])
    expect(await faults({ 'repayments.csv': 'payment_id,account_id,paid_on,amo\0unt\nP1,A1,2025-06-10,1.00\n' })).toMatchObject([{ code: 'file-unreadable', says: expect.stringContaining('a NUL byte stands in its header'), exit: 2 }])
    expect(await faults(payments('P1,A1,2025-06-10,1.00,'), { inputs: { repayments: { encoding: 'utf-16' } } })).toMatchObject([{ code: 'file-not-encoded', exit: 2 }])
  })
  test.each([
    ['where nothing else is wrong with it', 'account_id,note\nA1,x\naccount_id,note\nA2,x\n'],
    ['in other letters', 'account_id,note\nA1,x\nACCOUNT_ID,NOTE\nA2,x\n'],
    ['with a column of words that are asked about', 'account_id,status\nA1,open\naccount_id,status\nA2,open\n'],
    ['more than once', 'account_id,principal\naccount_id,principal\nA1,5\naccount_id,principal\nA2,5\n'],
  ])('again between loans, %s: no account of that name', async (_, text) => {
    await flowing({ 'loans.csv': text }, { currency: 'CNY' }, ({ accounts, flow: { outcome } }) => {
      expect(accounts.map((row) => [row['account_id'], row['held_reason']])).toEqual([['A1', null], ['A2', null]])
      expect(new Set(outcome.rejects.map(({ code, account_id }) => `${code} ${account_id}`))).toEqual(new Set(['header-again ']))
      expect(outcome.warnings.map(({ code }) => code)).not.toContain('accounts-held')
    })
  })
})

describe('amounts', () => {
  // The largest that are taken, 9,999,999,999,999.99, fit a hundred times over into the type of money.
  test('that no loan has', async () => {
    expect(await rejected(payments('P1,A1,2025-06-10,9999999999999.99,', 'P2,A1,2025-06-10,10000000000000.00,', 'P3,A1,2025-06-10,-9999999999999999.99,', 'P4,A1,2025-06-10,99999999999999999999,'))).toEqual([3, 4, 5].map((line) => ['repayments.csv', line, 'amount-too-large']))
  })
  test('that cannot be added up: the book is refused', async () => {
    const files = payments(...Array.from({ length: 1001 }, (_, at) => `P${at},A1,2025-06-10,9999999999999.99,`))
    await expect(flowing(files, {}, () => {})).rejects.toMatchObject({ code: 'amounts-too-large', exit: 3 })
  })
})

describe('files that are something else', () => {
  test.each<[string, Buffer | string, RegExp, RegExp]>([
    ['a workbook', Buffer.from('504b030414000600', 'hex'), /workbook/, /CSV UTF-8/],
    ['an old workbook', Buffer.from('d0cf11e0a1b11ae1', 'hex'), /old spreadsheet/, /CSV UTF-8/],
    ['zipped', gzipSync('payment_id\n'), /zipped/, /\.csv\.gz/],
    ['Parquet', 'PAR1\0\0', /Parquet/, /\.parquet/],
    ['a page of an error', '<!DOCTYPE html>\n<html>500</html>\n', /HTML/, /failed/],
    ['XML', '\ufeff<?xml version="1.0"?>\n<rows/>\n', /XML/, /failed/],
    ['JSON', '[{"payment_id": "P1"}]\n', /JSON/, /failed/],
  ])('%s', async (_, content, is, todo) => {
    expect(await faults({ 'repayments.csv': content })).toMatchObject([{ code: 'file-not-text', says: expect.stringMatching(is), todo: expect.stringMatching(todo), exit: 2 }])
  })
  test('a text that only begins like one is read', async () => {
    expect(await faults({ 'loans.csv': '{note},account_id,currency\nx,A1,CNY\n' })).toEqual([])
    expect(await faults({ 'loans.csv': 'PK,account_id,currency\nx,A1,CNY\n' })).toEqual([])
  })
})

test('a currency that is none', async () => {
  expect(await warning('currency-not-iso', { 'loans.csv': 'account_id,currency\nA1,RMB\n' })).toMatchObject([{ says: expect.stringMatching(/^RMB: no currency/) }])
  expect(await warning('currency-not-iso', {})).toEqual([])
})

test('a whole number with noughts behind the point', async () => {
  const files = { 'schedule.csv': 'account_id,instalment_no,due_on,amount_due\nA1,1.0,2025-06-10,100.00\nA1,2.00,2025-06-20,100.00\n', 'repayments.csv': 'payment_id,account_id,paid_on,amount,instalment_no\nP1,A1,2025-06-25,100.00,2.0\n' }
  // The second instalment is the one that was paid; the first is 20 days late.
  await flowing(files, { conventions: { allocation: 'named_first' } }, ({ accounts }) => expect(accounts).toMatchObject([{ days_past_due: 20, overdue_amount: '100.00', oldest_unpaid_due_on: '2025-06-10' }]))
  expect(await rejected({ 'schedule.csv': 'account_id,instalment_no,due_on,amount_due\nA1,1.5,2025-06-10,100.00\nA1,1.,2025-06-10,100.00\n' })).toEqual([['schedule.csv', 2, 'not-a-whole-number'], ['schedule.csv', 3, 'not-a-whole-number']])
})

describe('records', () => {
  test.each<[string, string[], [number, string][]]>([
    ['a NUL inside an id', ['P1,A\0,2025-06-10,1.00,'], [[2, 'nul-byte']]],
    ['a quote that never closes', ['P1,A1,2025-06-10,1.00,"x', 'P2,A1,2025-06-10,1.00,'], [[2, 'quote-not-closed']]],
    ['fewer and more fields', ['P1,A1,2025-06-10', 'P2,A1,2025-06-10,1.00,,', 'P3,A1,2025-06-10,1.00,,x'], [[2, 'too-few-columns'], [4, 'too-many-columns']]],
    ['a record longer than any', [`P1,A1,2025-06-10,1.00,${'x'.repeat(2_000_001)}`, 'P2,A1,2025-06-10,1.00,'], [[2, 'too-long']]],
    ['a long field', [`P1,A1,2025-06-10,1.00,${'x'.repeat(100_000)}`], []],
    ['line ends of two kinds', ['P1,A1,2025-06-10,1.00,\r', 'P2,A1,2025-06-10,1.00,', 'P3,A1,2025-06-10,x,\r'], [[4, 'not-an-amount']]],
  ])('%s', async (_, rows, found) => expect(await rejected(payments(...rows))).toEqual(found.map(([line, code]) => ['repayments.csv', line, code])))

  test('a row taken in by a quote that was closed by chance', async () => {
    // The note of P1 holds the whole of P2: legal, and lost without a word.
    const files = payments('P1,A1,2025-06-10,1.00,"x', 'P2,A1,2025-06-11,5.00,y"', 'P3,A1,2025-06-12,1.00,"one', 'two"')
    expect(await warning('row-inside-a-field', files)).toMatchObject([{ says: expect.stringMatching(/^repayments\.csv: the record on line 2 goes over several lines/) }])
    expect(await warning('row-inside-a-field', payments('P3,A1,2025-06-12,1.00,"one', 'two, three"'))).toEqual([])
  })

  test('a line end in a field that should be short', async () => {
    expect(await warning('line-end-in-field', payments('P1,A1,2025-06-10,1.00,', '"P2', '",A1,2025-06-10,1.00,'))).toMatchObject([{ says: '1 row of repayments has a line end inside payment_id: was a quote left open?' }])
    expect(await warning('line-end-in-field', payments('P1,A1,2025-06-10,1.00,"one', 'two"'))).toEqual([])
  })
})
