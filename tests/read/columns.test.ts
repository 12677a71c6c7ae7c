import { describe, expect, test } from 'vitest'
import { faults, flowing, judging, reading, rowsRead, sound, type Files, type Stated } from './given.ts'

// Columns that the export does not have as such: put together from several, or the same in all rows.

const rows = (files: Files, stated: Stated, input: 'loans' | 'schedule' | 'repayments') => reading(files, stated, async ({ engine, book }) => rowsRead(engine, book[input]))

describe('columns put together', () => {
  const loans = 'Branch,No,currency\n01,7,CNY\n 02 ,8,CNY\n,9,CNY\n'
  const joined = { account_id: { of: ['Branch', 'No'], with: '-' } }
  const stated = { inputs: { loans: { joined } } }
  test('a blank part leaves the whole blank', async () => expect((await rows({ 'loans.csv': loans }, stated, 'loans')).map(({ account_id, 'row fault': fault }) => [account_id, fault !== 0])).toEqual([['01-7', false], ['02-8', false], [null, true]]))
  test('its parts pass through too, and rejects show it whole', async () => {
    expect((await rows({ 'loans.csv': loans }, stated, 'loans'))[0]).toMatchObject({ Branch: '01', No: '7' })
    const rejects = await judging({ 'loans.csv': loans.replace('7,CNY', '7,cny') }, stated)
    expect(rejects.map(({ code, account_id, value }) => [code, account_id, value])).toEqual([['currency-unknown', '01-7', 'cny'], ['missing', '', '']])
  })
  test('a column of that name is put aside', async () => expect((await rows({ 'loans.csv': 'account_id,No,currency\nx,7,CNY\n' }, { inputs: { loans: { joined: { account_id: { of: ['account_id', 'No'] } } } } }, 'loans'))[0]).toMatchObject({ account_id: 'x7', export_account_id: 'x' }))
  test('a part that the file does not have', async () => expect(await faults({ 'loans.csv': loans }, { inputs: { loans: { joined: { account_id: { of: ['Branch', 'Nr'] } } } } })).toMatchObject([{ code: 'header-not-mapped', says: expect.stringMatching(/inputs\.loans\.joined\.account_id to the header "Nr"/), todo: 'Did you mean "No"?' }, { code: 'header-missing' }]))
  test('the header is found by its parts', async () => expect((await rows({ 'loans.csv': `Loans\n${loans}` }, { inputs: { loans: { joined, lines_above: 'found' } } }, 'loans')).length).toBe(3))
  test('ids that are put together match those of other files', async () => {
    await flowing({ ...sound, 'loans.csv': 'B,N,currency\nA,1,CNY\n' }, { inputs: { loans: { joined: { account_id: { of: ['B', 'N'] } } } } }, ({ accounts }) => expect(accounts).toMatchObject([{ account_id: 'A1', overdue_amount: '60.00' }]))
  })
})

describe('columns that are the same in all rows', () => {
  test('of the canonical ones and others', async () => {
    const [row] = await rows({ 'loans.csv': 'account_id\nA1\n' }, { inputs: { loans: { constants: { currency: 'CNY', product: 'card', source: 'north' } } } }, 'loans')
    expect(row).toMatchObject({ account_id: 'A1', currency: 'CNY', product: 'card', source: 'north' })
  })
  test('a value that cannot stand there is rejected as any other', async () => {
    expect(await judging({ 'repayments.csv': 'payment_id,account_id,amount\nP1,A1,1.00\n' }, { inputs: { repayments: { constants: { paid_on: '31/03/2025' } } } })).toMatchObject([{ code: 'not-a-date', column: 'paid_on', value: '31/03/2025' }])
  })
})

describe('a book whose files are each written in a way of their own', () => {
  // 1,000.00 due on 10 June, 400.00 paid: 600.00 open for 20 days on 30 June.
  test('is aged as if they were canonical', async () => {
    const files = {
      'loans.csv': '借据号;状态;放款金额;结清日\na1;正常;1,000.00 元;9999-12-31\n',
      'schedule.csv': '借据号,期次,应还日,应还金额\nA1,1,2025年6月10日,100000\n',
      'repayments.csv': '流水号,借据号,日期,金额\nP1,A1,45818,(400.00)\n',
    }
    const stated: Stated = {
      inputs: {
        loans: { delimiter: ';', headers: { account_id: '借据号', status: '状态', principal: '放款金额', closed_on: '结清日' }, values: { status: { 正常: 'open' } }, numbers: { thousands: ',', marks: ['元'] }, blanks: ['9999-12-31'], constants: { currency: 'CNY' }, id_letters: 'upper' },
        schedule: { headers: { account_id: '借据号', instalment_no: '期次', due_on: '应还日', amount_due: '应还金额' }, dates: 'YYYY年M月D日', unit: 0.01 },
        repayments: { headers: { payment_id: '流水号', account_id: '借据号', paid_on: '日期', amount: '金额' }, dates: { paid_on: 'day_number' }, numbers: { negative: ['parentheses'] } },
      },
    }
    // In parentheses it is a refund of 400.00.
    await flowing(files, stated, ({ accounts }) => expect(accounts).toMatchObject([{ account_id: 'A1', status: 'open', days_past_due: 20, overdue_amount: '1000.00', owed_back: '400.00' }]))
    await flowing({ ...files, 'repayments.csv': files['repayments.csv'].replace(/[()]/g, '') }, stated, ({ accounts }) => expect(accounts).toMatchObject([{ account_id: 'A1', days_past_due: 20, overdue_amount: '600.00', last_paid_on: '2025-06-10' }]))
  })
})
