import { describe, expect, test } from 'vitest'
import { checkOf, checks, type CheckCode } from '../../src/validate/checks.ts'
import { flowing, judging, type Files, type Stated } from '../read/given.ts'

// One book for every code: sound but for one row, which stands behind the header and two sound rows, on line 4.

const book = {
  'loans.csv': 'account_id,currency,principal,score,autopay\nA1,CNY,100.00,1,true\nA2,CNY,100.00,2,no\n',
  'schedule.csv': 'account_id,instalment_no,due_on,amount_due\nA1,1,2025-06-10,100.00\nA2,1,2025-06-10,100.00\n',
  'repayments.csv': 'payment_id,account_id,paid_on,amount,currency,kind,status,reverses,reversed_on\nP1,A1,2025-06-10,40.00,,,,,\nP2,A2,2025-06-10,40.00,,,,,\n',
}
const types: Stated = { inputs: { loans: { columns: { score: 'number', autopay: 'boolean' } } } }

interface Case {
  readonly input: 'loans' | 'schedule' | 'repayments'
  readonly row: string | Buffer
  /** Another book than the one above, where the fault needs other columns. */
  readonly book?: Files
  readonly stated?: Stated
  readonly column: string
  readonly value: string
  /** The raw row where it is not `row` itself. */
  readonly raw?: string
  /** Every account that is held for it, with the reasons; nobody where the row names nobody. */
  readonly held: Readonly<Record<string, string>>
}

const quarantine = 'row_in_quarantine'
const A2 = { A2: quarantine }
const repayments = (row: string | Buffer, column: string, value: string, held: Case['held'] = A2): Case => ({ input: 'repayments', row, column, value, held })
const schedule = (row: string, column: string, value: string): Case => ({ input: 'schedule', row, column, value, held: A2 })
const loans = (row: string, column: string, value: string, held: Case['held']): Case => ({ input: 'loans', row, column, value, held })

// Who is held follows design.md: whom the row names, of a broken record whom it names before the break; nobody for a twin, whose first copy stands.
const cases: Readonly<Record<CheckCode, Case>> = {
  'too-few-columns': repayments('P9,A2,2025-06-12', '', ''),
  'too-many-columns': repayments('P9,A2,2025-06-12,1.00,,,,,,more', '', ''),
  'text-after-quote': repayments('P9,A2,"2025-06-12"x,1.00,,,,,', '', ''),
  'quote-not-closed': repayments('P9,A2,"2025-06-12,1.00,,,,,', '', ''),
  'not-utf8': { ...repayments(Buffer.concat([Buffer.from('P9,A2,2025-06-12,1.00,,,,,'), Buffer.from([0xe4, 0xb8])]), '', ''), raw: 'P9,A2,2025-06-12,1.00,,,,,\ufffd' },
  'bare-cr': repayments('P9,A2,2025-06-12,1\r.00,,,,,', '', ''),
  'too-long': { ...repayments(`P9,A2,2025-06-12,1.00,,,,,${'x'.repeat(2_000_000)}`, '', ''), raw: `P9,A2,2025-06-12,1.00,,,,,${'x'.repeat(10_000 - 26)}` },
  'header-again': repayments('payment_id,account_id,paid_on,amount,currency,kind,status,reverses,reversed_on', '', '', {}),
  missing: repayments('P9,A2,,1.00,,,,,', 'paid_on', ''),
  'nul-byte': repayments('P\x009,A2,2025-06-12,1.00,,,,,', 'payment_id', 'P\x009'),
  'not-a-date': repayments('P9,A2,12/06/2025,1.00,,,,,', 'paid_on', '12/06/2025'),
  'no-such-date': repayments('P9,A2,2025-06-31,1.00,,,,,', 'paid_on', '2025-06-31'),
  'not-an-amount': repayments('P9,A2,2025-06-12,"1,000.00",,,,,', 'amount', '1,000.00'),
  'amount-too-large': repayments('P9,A2,2025-06-12,9999999999999999.99,,,,,', 'amount', '9999999999999999.99'),
  'too-many-decimals': repayments('P9,A2,2025-06-12,12.345,,,,,', 'amount', '12.345'),
  'not-a-whole-number': schedule('A2,1.4,2025-07-10,100.00', 'instalment_no', '1.4'),
  'not-a-number': loans('A3,CNY,100.00,high,no', 'score', 'high', { A3: quarantine }),
  'not-a-yes-or-no': loans('A3,CNY,100.00,3,perhaps', 'autopay', 'perhaps', { A3: quarantine }),
  'account-id-damaged': loans('6.22E+18,CNY,100.00,3,no', 'account_id', '6.22E+18', {}),
  'currency-missing': loans('A3,,100.00,3,no', 'currency', '', { A3: quarantine }),
  'currency-unknown': loans('A3,yuan,100.00,3,no', 'currency', 'yuan', { A3: quarantine }),
  'negative-principal': loans('A3,CNY,-100.00,3,no', 'principal', '-100.00', { A3: quarantine }),
  'negative-paid-before': { ...loans('A3,CNY,-5.00,3,no', 'paid_before', '-5.00', { A3: quarantine }), book: { 'loans.csv': 'account_id,currency,paid_before,score,autopay\nA1,CNY,,1,true\nA2,CNY,0,2,no\n' } },
  'amount-missing': schedule('A2,2,2025-07-10,', 'amount_due', ''),
  'negative-instalment': schedule('A2,2,2025-07-10,-5.00', 'amount_due', '-5.00'),
  'parts-do-not-add-up': {
    ...schedule('A2,2,2025-07-10,100.00,60.00,39.99', 'amount_due', '100.00'),
    book: { 'schedule.csv': 'account_id,instalment_no,due_on,amount_due,principal_due,interest_due\nA1,1,2025-06-10,100.00,60.00,40.00\nA2,1,2025-06-10,100.00,,\n' },
  },
  'paid-parts-do-not-add-up': {
    ...repayments('P9,A2,2025-06-12,1080.00,1000.00,79.5', 'amount', '1080.00, parts 1079.50'),
    book: { 'repayments.csv': 'payment_id,account_id,paid_on,amount,principal_paid,penalty_paid\nP1,A1,2025-06-10,40.00,30.00,10.00\nP2,A2,2025-06-10,40.00,,\n' },
  },
  'negative-amount': repayments('P9,A2,2025-06-12,-5.00,,waiver,,,', 'amount', '-5.00'),
  'reversal-names-none': repayments('P9,A2,2025-06-12,5.00,,undo,,,', 'reverses', ''),
  twin: repayments('P2,A2,2025-06-10,40.00,,,,,', 'payment_id', 'P2', {}),
  // The first copy stands: it may be one payment or two.
  'payment-id-damaged': { ...repayments('6.22E+18,A2,2025-06-10,40.00,,,,,', 'payment_id', '6.22E+18'), book: { 'repayments.csv': book['repayments.csv'].replace('P2', '6.22E+18') } },
  // Both rows of the key are rejected: see below.
  'conflicting-key': repayments('P2,A2,2025-06-11,40.00,,,,,', 'payment_id', 'P2'),
  'instalment-differs': { ...schedule('A2,1,2025-06-10,90.00', 'amount_due', '90.00'), stated: { inputs: { ...types.inputs, schedule: { rows: 'payment' } } } },
  'currency-mismatch': repayments('P9,A2,2025-06-12,5.00,USD,,,,', 'currency', 'USD'),
  'reversal-without-payment': repayments('P9,A2,2025-06-12,5.00,,undo,,P7,', 'reverses', 'P7', { A2: `${quarantine}, reversal_without_payment` }),
  'reversal-of-another-account': repayments('P9,A2,2025-06-12,5.00,,undo,,P1,', 'reverses', 'P1'),
  'reversal-before-payment': repayments('P9,A2,2025-06-09,5.00,,undo,,P2,', 'paid_on', '2025-06-09'),
  'reversal-beyond-payment': repayments('P9,A2,2025-06-12,40.01,,undo,,P2,', 'amount', '40.01'),
}

const rowOf = (row: string | Buffer) => (typeof row === 'string' ? Buffer.from(row) : row)

describe.each(Object.entries(cases) as [CheckCode, Case][])('%s', (code, { input, row, column, value, held, ...more }) => {
  const files: Record<string, string | Buffer> = { ...book, ...(more.book as Record<string, string> | undefined) }
  const name = `${input}.csv`
  files[name] = Buffer.concat([Buffer.from(files[name]!), rowOf(row), Buffer.from('\n')])

  test('the row with its place, value, text and what to do; the others stand, and only whom it names is held', async () => {
    const { says, todo } = checkOf(code)
    await flowing(files, { ...types, ...more.stated }, ({ flow, accounts }) => {
      const own = flow.outcome.rejects.filter((reject) => reject.line === 4)
      expect(own).toEqual([{ input, file: name, line: 4, column, code, value, raw: more.raw ?? row, message: `${says} ${todo.replace('{input}', input)}`, account_id: Object.keys(held)[0] ?? (code === 'twin' ? 'A2' : '') }])
      const others = code === 'conflicting-key' || code === 'instalment-differs' ? 1 : 0
      expect(flow.outcome.rejects).toHaveLength(1 + others)
      for (const rows of flow.outcome.rows) {
        const rejected = rows.input === input ? 1 + others : 0
        expect(rows).toMatchObject({ records: rows.input === input ? 3 : 2, read: rows.input === input ? 3 : 2, accepted: (rows.input === input ? 3 : 2) - rejected, rejected })
      }
      expect(Object.fromEntries(accounts.filter(({ held_reason }) => held_reason !== null).map(({ account_id, held_reason }) => [account_id, held_reason]))).toEqual(held)
    })
  })
})

test('every check of the table says what is wrong and what to do, in sentences', () => {
  for (const code of Object.keys(checks) as CheckCode[]) {
    const { says, todo } = checkOf(code)
    for (const text of [says, todo]) expect(text).toMatch(/^(true or false |[A-Z]).*[.]$/)
  }
})

describe('the first check that fails is the reason', () => {
  const said = async (row: string) =>
    (await judging({ ...book, 'repayments.csv': `${book['repayments.csv']}${row}\n` }, types)).map(({ line, code, column }) => `${line} ${code} ${column}`)
  test.each([
    ['structure before values', 'P9,,x,y', ['4 too-few-columns ']],
    ['the account before all other values', 'P9,,x,y,,,,,', ['4 missing account_id']],
    ['the columns in their order', 'P9,A2,x,y,,,,,z', ['4 not-a-date paid_on']],
    ['values before what they mean', 'P9,A2,2025-06-12,-5.00,,waiver,,,x', ['4 not-a-date reversed_on']],
    ['what a row says of itself before its key', 'P2,A2,2025-06-12,-5.00,,waiver,,,', ['4 negative-amount amount']],
    ['its key before its currency', 'P2,A2,2025-06-10,40.00,USD,,,,', ['3 conflicting-key payment_id', '4 conflicting-key payment_id']],
    ['its currency before what it takes back', 'P9,A2,2025-06-12,5.00,USD,undo,,P7,', ['4 currency-mismatch currency']],
    ['a missing payment before a day or an amount', 'P9,A2,2020-01-01,5000.00,,undo,,P7,', ['4 reversal-without-payment reverses']],
    ['a day before an amount', 'P9,A2,2025-06-09,5000.00,,undo,,P2,', ['4 reversal-before-payment paid_on']],
  ])('%s', async (_, row, wanted) => expect(await said(row)).toEqual(wanted))
})

describe('rows whose account cannot be read', () => {
  test('hold nobody and are counted in a warning', async () => {
    const rows = 'P9,,2025-06-12,1.00,,,,,\nP10,A\x002,2025-06-12,1.00,,,,,\n"P11"x,A2,2025-06-12,1.00,,,,,\n'
    await flowing({ ...book, 'repayments.csv': book['repayments.csv'] + rows }, types, ({ flow, accounts }) => {
      expect(flow.outcome.rejects.map(({ line, code, account_id }) => [line, code, account_id])).toEqual([[4, 'missing', ''], [5, 'nul-byte', ''], [6, 'text-after-quote', '']])
      expect(accounts.map(({ held_reason }) => held_reason)).toEqual([null, null])
      expect(flow.outcome.warnings).toContainEqual({ code: 'rejects-without-account', says: '3 rejected rows name no account that can be read: nobody could be held for them.' })
    })
  })
})

describe('meaning', () => {
  const loans = (...rows: string[]) => ({ 'loans.csv': `account_id,currency\n${rows.join('\n')}\n` })
  const told = async (files: Files, stated: Stated = {}) => (await judging(files, stated)).map(({ line, code }) => `${line} ${code}`)

  test.each(['6.22E+18', '6.22e18', '1E5', '6,22E+18', '123e4'])('an account id such as %s has been through a spreadsheet', async (id) => expect(await told(loans(`"${id}",CNY`))).toEqual(['2 account-id-damaged']))
  test.each(['622E', 'E18', '6.22EUR', '12-34', '1e5x', 'A1e5', '0x1F'])('%s has not', async (id) => expect(await told(loans(`${id},CNY`))).toEqual([]))
  test('a blank currency is that of the settings', async () => {
    expect(await told(loans('A1,'), { currency: 'CNY' })).toEqual([])
    expect(await told(loans('A1,cny', 'A2,RMB ', 'A3,C NY'), { currency: 'CNY' })).toEqual(['2 currency-unknown', '4 currency-unknown'])
  })

  const plan = (header: string, ...rows: string[]) => ({ 'schedule.csv': `account_id,instalment_no,due_on,${header}\n${rows.map((row, at) => `A1,${at + 1},2025-06-10,${row}\n`).join('')}` })
  test('an instalment of nothing is one, below nothing is none', async () => expect(await told(plan('amount_due', '0', '0.00', '-0.01'))).toEqual(['4 negative-instalment']))
  test('a part below zero too', async () => expect(await told(plan('principal_due,interest_due', '100.00,-1.00', '-1.00,', '5.00,'))).toEqual(['2 negative-instalment', '3 negative-instalment']))
  test('an amount or a part of it is needed', async () => expect(await told(plan('amount_due,principal_due,interest_due', ',,', ',60.00,', '100.00,,', ',0,'))).toEqual(['2 amount-missing']))
  test('parts add up to the cent where the interest is among them', async () => {
    expect(await told(plan('amount_due,principal_due,interest_due,fee_due', '100.00,60.00,30.00,10.00', '100.00,60.00,30.00,', '100.00,60.00,30.00,10.01', '100.00,,,', '100.00,100.00,,'))).toEqual(['3 parts-do-not-add-up', '4 parts-do-not-add-up'])
  })
  test('and may be some of the amount where it is not, never more', async () => {
    expect(await told(plan('amount_due,principal_due', '100.00,60.00', '100.00,100.00', '100.00,100.01', '100.00,'))).toEqual(['4 parts-do-not-add-up'])
  })
  test('only a plain payment may be negative', async () => {
    const row = (kind: string) => `payment_id,account_id,paid_on,amount,kind\nP1,A1,2025-06-10,-5.00,${kind}\n`
    for (const kind of ['prepayment', 'settlement', 'recovery', 'waiver', 'credit_note', 'charge']) expect(await told({ 'repayments.csv': row(kind) })).toEqual(['2 negative-amount'])
    for (const kind of ['', 'payment', 'refund']) expect(await told({ 'repayments.csv': row(kind) })).toEqual([])
  })
})

describe('holds that are lifted', () => {
  const files = { ...book, 'repayments.csv': `${book['repayments.csv']}P9,A2,x,1.00,,,,,\nP10,A1,x,1.00,,,,,\n` }
  test('in the settings, account by account', async () => {
    await flowing(files, { ...types, holds: { lift: ['A2'] } }, ({ accounts }) => expect(accounts.map(({ account_id, held_reason }) => [account_id, held_reason])).toEqual([['A1', quarantine], ['A2', null]]))
  })
  test('the row stays rejected', async () => {
    await flowing(files, { ...types, holds: { lift: ['A1', 'A2', 'nobody'] } }, ({ flow, accounts }) => {
      expect(flow.outcome.rejects).toHaveLength(2)
      expect(accounts.filter(({ held_reason }) => held_reason !== null)).toEqual([])
    })
  })
})

test('held since the earliest day that can be read on the rows that hold, else the as-of day', async () => {
  const rows = 'P9,A1,2025-06-20,x,,,,,\nP10,A1,2025-06-15,x,,,,,2025-06-18\nP11,A2,x,1.00,,,,,\n'
  await flowing({ ...book, 'repayments.csv': book['repayments.csv'] + rows }, types, ({ accounts }) => {
    expect(accounts.map(({ account_id, held_since }) => [account_id, held_since])).toEqual([['A1', '2025-06-15'], ['A2', '2025-06-30']])
  })
  await flowing({ ...book, 'repayments.csv': `${book['repayments.csv']}P9,A2,2025-06-12\n` }, types, ({ accounts }) => {
    expect(accounts.map(({ account_id, held_since }) => [account_id, held_since])).toEqual([['A1', null], ['A2', '2025-06-12']])
  })
})

test('held since no day that stands for none, also where the record is broken', async () => {
  const mapped = { ...types, inputs: { ...types.inputs, repayments: { ...types.inputs?.['repayments'], blanks: ['1900-01-01'], values: { paid_on: { '2000-01-01': '', opening: '2025-06-03' } } } } }
  const on = async (...broken: string[]) => flowing({ ...book, 'repayments.csv': `${book['repayments.csv']}${broken.join('\n')}\n` }, mapped, ({ accounts }) => accounts.map(({ held_since }) => held_since))
  expect(await on('P9,A1,1900-01-01', 'P10,A2,2000-01-01,1.00')).toEqual(['2025-06-30', '2025-06-30'])
  expect(await on('P9,A1,1900-01-01,1.00,,,,,2025-06-18,,', 'P10,A2,opening')).toEqual(['2025-06-18', '2025-06-03'])
})
