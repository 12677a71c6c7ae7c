import { describe, expect, test } from 'vitest'
import { headerOf, mapHeaders } from '../../src/read/mapping.ts'
import type { SourceFile } from '../../src/read/source.ts'
import { settingsSchema, type InputName, type InputSettings } from '../../src/settings/schema.ts'

const file: SourceFile = { path: '/book/export.csv', shown: 'export.csv', name: 'export.csv', format: 'csv', bytes: 1, changedAt: 0, inode: 0 }
const of = (input: InputName, over: Partial<InputSettings> = {}): InputSettings => ({ ...settingsSchema.parse({}).inputs[input], ...over })
const map = (input: InputName, headers: string, over: Partial<InputSettings> = {}) => mapHeaders(input, file, headers.split(','), of(input, over))
const said = (input: InputName, headers: string, over: Partial<InputSettings> = {}) => map(input, headers, over).errors.map(({ code, says, todo, exit }) => ({ code, says, todo, exit }))
const columns = (input: InputName, headers: string, over: Partial<InputSettings> = {}) => {
  const { mapping, errors } = map(input, headers, over)
  expect(errors).toEqual([])
  return mapping.columns
}

describe('the header of a file', () => {
  const header = (text: string | Buffer, delimiter = ',') => headerOf(file, Buffer.from(text), { delimiter })
  test.each([
    ['plain', 'a,b\n1,2\n', ',', ['a', 'b']],
    ['a byte order mark is no part of the first name', '\ufeffaccount_id,b\n', ',', ['account_id', 'b']],
    ['a byte order mark before a quoted name', '\ufeff"account_id",b\n', ',', ['account_id', 'b']],
    ['quoted, with the delimiter inside', '"a, or b","c ""d"""\n', ',', ['a, or b', 'c "d"']],
    ['blanks beside the names', ' a ,\tb\u3000\n', ',', ['a', 'b']],
    ['CRLF', 'a,b\r\n1,2\r\n', ',', ['a', 'b']],
    ['blank lines above', '\n\na,b\n', ',', ['a', 'b']],
    ['no line end', 'a,b', ',', ['a', 'b']],
    ['a comma at its end', 'a,b,\n', ',', ['a', 'b', '']],
    ['semicolons', 'a;b,c\n', ';', ['a', 'b,c']],
    ['bars', 'a|b\n', '|', ['a', 'b']],
    ['tabs', 'a\tb\n', '\t', ['a', 'b']],
    ['of another script', '借据号,客户号\n', ',', ['借据号', '客户号']],
    ['over two lines', '"a\nb",c\n', ',', ['a\nb', 'c']],
  ])('%s', (_, text, delimiter, names) => expect(header(text, delimiter)).toEqual(names))

  test.each(['', '\n', '\r\n\n', '\ufeff', '\ufeff\n'])('there is none: %j', (text) => {
    expect(() => header(text)).toThrow('export.csv is empty: it has no header line.')
  })
  test.each([
    ['UTF-16 with its mark', Buffer.from('\ufeffaccount_id\n', 'utf16le'), 0],
    ['UTF-16 without', Buffer.from('account_id\n', 'utf16le'), 1],
    ['GB 18030', Buffer.from([97, 44, 0xd0, 0xd5, 0xc3, 0xfb, 10]), 2],
    ['Latin 1', Buffer.from('Betrag,F\u00e4llig\n', 'latin1'), 8],
  ])('in another encoding: %s', (_, bytes, at) => {
    expect(() => header(bytes)).toThrow(`export.csv is not UTF-8 (first at byte ${at}).`)
  })
  test('one that cannot be read', () => expect(() => header('a,"b\n1,2\n')).toThrow(/export.csv cannot be read: the header/))
})

describe('columns by name', () => {
  test('in any order, each at its own place', () => {
    expect(columns('repayments', 'amount,paid_on,account_id,payment_id').map(({ name, at, type, role }) => [name, at, type, role])).toEqual([
      ['amount', 0, 'money', 'used'], ['paid_on', 1, 'date', 'used'], ['account_id', 2, 'text', 'used'], ['payment_id', 3, 'text', 'used'],
    ])
  })

  test('a further column of loans passes through, of the others it only tells rows apart', () => {
    expect(columns('loans', 'account_id,phone').map(({ name, role, type }) => [name, role, type])).toEqual([['account_id', 'used', 'text'], ['phone', 'passed', 'text']])
    expect(columns('schedule', 'account_id,due_on,amount_due,phone').at(-1)).toMatchObject({ name: 'phone', role: 'rest' })
    expect(columns('repayments', 'account_id,paid_on,amount,phone').at(-1)).toMatchObject({ name: 'phone', role: 'rest' })
  })

  test("the lender's own figures stand beside ours under another name", () => {
    expect(columns('loans', 'account_id,days_past_due,outstanding_principal').map(({ name, role }) => [name, role])).toEqual([['account_id', 'used'], ['lender_days_past_due', 'used'], ['lender_outstanding', 'used']])
  })

  test('a name without letters is none', () => expect(columns('loans', 'account_id,,').map(({ name }) => name)).toEqual(['account_id']))

  test('required ones must be filled, and those that a file may lack where it has them', () => {
    const filled = (input: InputName, headers: string) => columns(input, headers).filter(({ mustBeFilled }) => mustBeFilled).map(({ name }) => name)
    expect(filled('loans', 'account_id,borrower_id,status')).toEqual(['account_id'])
    expect(filled('schedule', 'account_id,instalment_no,due_on,amount_due')).toEqual(['account_id', 'instalment_no', 'due_on'])
    expect(filled('repayments', 'payment_id,account_id,paid_on,amount,kind')).toEqual(['payment_id', 'account_id', 'paid_on', 'amount'])
  })

  test('names of JavaScript itself are names like others', () => {
    expect(columns('loans', 'account_id,constructor,toString,__proto__').map(({ name, role, type }) => [name, role, type]).slice(1)).toEqual([['constructor', 'passed', 'text'], ['toString', 'passed', 'text'], ['__proto__', 'passed', 'text']])
  })
})

describe('columns that later versions take up', () => {
  test('are named as not used yet', () => {
    expect(map('repayments', 'account_id,paid_on,amount,principal_paid,received_on').mapping.notUsedYet).toEqual(['received_on'])
  })
  test('of loans they pass through', () => {
    expect(columns('loans', 'account_id,paid_before,total_paid').map(({ name, role }) => [name, role]).slice(1)).toEqual([['paid_before', 'used'], ['lender_total_paid', 'passed']])
  })
  test('unless the key needs one', () => {
    expect(columns('repayments', 'payment_id,instalment_no,account_id,paid_on,amount', { key: ['payment_id', 'instalment_no'] })[1]).toMatchObject({ name: 'instalment_no', role: 'used' })
  })
})

describe('the header mapping of the settings', () => {
  test('gives columns their canonical name', () => {
    expect(columns('loans', '客户号,借据号,状态', { headers: { account_id: '借据号', borrower_id: '客户号', status: '状态' } }).map(({ name, header, at }) => [name, header, at])).toEqual([['borrower_id', '客户号', 0], ['account_id', '借据号', 1], ['status', '状态', 2]])
  })
  test('renames a passed-through one', () => expect(columns('loans', 'account_id,tier', { headers: { lender_tier: 'tier' } }).at(-1)).toMatchObject({ name: 'lender_tier', header: 'tier', role: 'passed' }))
  test('what bears the canonical name itself then only passes through', () => {
    expect(columns('loans', 'account_id,Loan No', { headers: { account_id: 'Loan No' } }).map(({ name, header, role }) => [name, header, role])).toEqual([['export_account_id', 'account_id', 'passed'], ['account_id', 'Loan No', 'used']])
  })
  test('a header that the file does not have: the nearest one', () => {
    expect(said('loans', 'account_id,Lone No,x', { headers: { borrower_id: 'Loan No' } })).toEqual([{ code: 'header-not-mapped', exit: 2, says: 'The settings map inputs.loans.headers.borrower_id to the header "Loan No", which export.csv does not have.', todo: 'Did you mean "Lone No"?' }])
  })
  test('and none is near: all of them', () => {
    expect(said('loans', 'account_id,x', { headers: { borrower_id: 'Customer reference' } })).toMatchObject([{ todo: 'Its headers are: account_id, x.' }])
  })
  test('one header for two columns', () => {
    expect(said('loans', 'account_id,id', { headers: { borrower_id: 'id', product: 'id' } })).toMatchObject([{ code: 'settings-wrong', exit: 2, says: expect.stringContaining('"id" to both borrower_id and product') }])
  })
})

describe('the value mapping and the types of the settings', () => {
  test('go by the canonical name', () => {
    const values = { status: { 结清: 'closed', 正常: 'open' } }
    expect(columns('loans', '借据号,状态', { headers: { account_id: '借据号', status: '状态' }, values })[1]!.values).toEqual(values.status)
  })
  test.each([['text', 'text'], ['integer', 'int'], ['number', 'number'], ['date', 'date'], ['boolean', 'bool']] as const)('a passed-through column declared as %s', (declared, type) => {
    expect(columns('loans', 'account_id,score', { columns: { score: declared } }).at(-1)).toMatchObject({ name: 'score', type, role: 'passed' })
    expect(columns('loans', 'account_id,Scr', { headers: { score: 'Scr' }, columns: { score: declared } }).at(-1)).toMatchObject({ name: 'score', type })
    expect(columns('loans', 'account_id,Scr', { headers: { score: 'Scr' }, columns: { Scr: declared } }).at(-1)).toMatchObject({ name: 'score', type })
  })
})

describe('a header that is wrong', () => {
  test('twice the same: which columns', () => {
    expect(said('loans', 'account_id,status,x,status')).toEqual([{ code: 'header-twice', exit: 2, says: 'export.csv has the column "status" twice: columns 2 and 4.', todo: 'Nothing in the file says which one is meant. Rename one of them.' }])
    expect(said('loans', 'account_id,phone,x,phone', { headers: { mobile: 'phone' } })).toMatchObject([{ code: 'header-twice', says: expect.stringContaining('columns 2 and 4') }])
    expect(said('repayments', 'account_id,paid_on,amount,amount')).toMatchObject([{ says: expect.stringContaining('columns 3 and 4') }])
  })

  // The engine takes them for one: a column would vanish, or stand in for another.
  test('twice but for letter case', () => {
    expect(columns('loans', 'account_id,score,Score').map(({ name }) => name)).toEqual(['account_id', 'score (column 2)', 'Score (column 3)'])
    expect(said('loans', 'account_id,score,Score', { headers: { score: 'score' } })).toMatchObject([{ code: 'header-twice', says: expect.stringContaining('columns 2 and 3') }])
    expect(said('loans', 'account_id,Account_ID')).toMatchObject([{ code: 'header-twice', says: expect.stringContaining('columns 1 and 2') }])
    expect(said('loans', 'account_id,instalments_paid,lender_instalments_paid')).toMatchObject([{ code: 'header-twice', says: expect.stringContaining('columns 2 and 3') }])
    expect(said('repayments', 'account_id,paid_on,amount,note,Note')).toEqual([])
  })

  test('a required column is missing: the nearest header, and the line to add', () => {
    expect(said('loans', 'acount_id,x')).toEqual([{ code: 'header-missing', exit: 2, says: 'export.csv has no column account_id.', todo: 'If another header means it, add inputs.loans.headers: {account_id: acount_id} to the settings. Its headers are: acount_id, x.' }])
    expect(said('loans', 'Loan No')).toMatchObject([{ todo: expect.stringContaining('{account_id: ...}') }])
    expect(said('repayments', 'account_id,Amount,paid on').map(({ todo }) => todo.slice(0, todo.indexOf('}') + 1))).toEqual(['If another header means it, add inputs.repayments.headers: {paid_on: paid on}', 'If another header means it, add inputs.repayments.headers: {amount: Amount}'])
  })
  test('a schedule needs an amount, or parts of it', () => {
    expect(said('schedule', 'account_id,due_on')).toMatchObject([{ code: 'header-missing', says: 'export.csv has no column amount_due.' }])
    for (const part of ['amount_due', 'principal_due', 'interest_due', 'fee_due', 'penalty_due']) expect(said('schedule', `account_id,due_on,${part}`)).toEqual([])
  })
  test('another delimiter', () => {
    for (const header of ['account_id;x', 'account_id\tx', 'account_id|x']) expect(said('loans', header)).toMatchObject([{ todo: 'Its header is one field; state inputs.loans.delimiter.' }])
  })
  test('all that is wrong at once', () => {
    expect(said('repayments', 'kind,kind,Amount', { headers: { paid_on: 'Date' } }).map(({ code }) => code).sort()).toEqual(['header-missing', 'header-missing', 'header-missing', 'header-not-mapped', 'header-twice'].sort())
  })
})

describe('columns of the key', () => {
  test('may lack where their place stands in for them', () => {
    expect(said('repayments', 'account_id,paid_on,amount')).toEqual([])
    expect(said('schedule', 'account_id,due_on,amount_due')).toEqual([])
  })
  // Else no duplicate would ever be noticed.
  test('and must be there else', () => {
    expect(said('repayments', 'payment_id,account_id,paid_on,amount', { key: ['payment_id', 'instalment_no'] })).toMatchObject([{ code: 'header-missing', says: 'export.csv has no column instalment_no.', todo: expect.stringContaining('inputs.repayments.key names it') }])
    expect(said('schedule', 'account_id,due_on,amount_due', { key: ['account_id', 'branch'] })).toMatchObject([{ says: 'export.csv has no column branch.' }])
  })
  test('go by the canonical name', () => {
    expect(said('repayments', 'Receipt,account_id,paid_on,amount', { headers: { payment_id: 'Receipt' }, key: ['Receipt'] })).toMatchObject([{ todo: 'inputs.repayments.key takes the canonical name of it: payment_id.' }])
  })
  test('may be any further column', () => expect(columns('repayments', 'payment_id,component,account_id,paid_on,amount', { key: ['payment_id', 'component'] })[1]).toMatchObject({ name: 'component', role: 'used', type: 'text' }))
})

describe('a passed-through column with a name of ours', () => {
  test.each(['tier', 'days_late', 'overdue_amount_x'])('%s', (name) => {
    const errors = said('loans', `account_id,${name}`)
    if (name === 'overdue_amount_x') expect(errors).toEqual([])
    else expect(errors).toEqual([{ code: 'column-name-taken', exit: 2, says: `The column "${name}" of export.csv has the name of a column that arrears computes.`, todo: `Rename it on the way in: inputs.loans.headers: {lender_${name}: ${name}}.` }])
  })
  test('in any letter case, for the engine does not tell them apart', () => {
    expect(said('loans', 'account_id,Tier')).toMatchObject([{ code: 'column-name-taken', todo: expect.stringContaining('{lender_Tier: Tier}') }])
    expect(said('loans', 'account_id,LEADS')).toMatchObject([{ code: 'column-name-taken' }])
  })
  test('the line that renames it helps', () => expect(said('loans', 'account_id,tier', { headers: { lender_tier: 'tier' } })).toEqual([]))
})
