import { describe, expect, test } from 'vitest'
import { accountsBy, answered, folder, proposed, proposedOf } from './proposed.ts'

// Exports of a few rows made by hand: what their values prove is proposed, what they do not is asked.

const loans = 'loan no,customer id,currency,loan amount,disbursement date,status\nA1,C1,CNY,300.00,2025-01-05,active\nA2,C2,CNY,300.00,2025-01-06,active\n'
const schedule = 'loan no,installment no,due date,amount due\nA1,1,2025-02-05,150.00\nA1,2,2025-03-05,150.00\nA2,1,2025-02-06,300.00\n'
const repayments = 'receipt no,loan no,payment date,payment amount\nP1,A1,2025-02-05,150.00\nP2,A2,2025-02-10,100.50\n'
const book = { 'loans.csv': loans, 'schedule.csv': schedule, 'receipts.csv': repayments }

test('headers that everybody uses, and the first answer by it', async () => {
  const found = await proposedOf(book)
  expect(found.open).toEqual([])
  expect(found.says).toMatchObject({ as_of: '2025-02-10', 'loans.files': 'loans.csv', 'schedule.files': 'schedule.csv', 'repayments.files': 'receipts.csv', 'loans.headers.account_id': 'loan no', 'loans.values.status.active': 'open', 'schedule.headers.due_on': 'due date', 'repayments.headers.amount': 'payment amount' })
  // A2 has paid 100.50 of the 300.00 of 6 February: 4 days late, 199.50 open.
  expect(await accountsBy(found.config)).toMatchObject([{ account_id: 'A1', days_past_due: 0, overdue_amount: '0.00' }, { account_id: 'A2', days_past_due: 4, overdue_amount: '199.50' }])
})

describe('dates', () => {
  const due = (...days: string[]) => ({ ...book, 'schedule.csv': `loan no,installment no,due date,amount due\n${days.map((day, at) => `A1,${at + 1},${day},100.00`).join('\n')}\n` })

  test('31/12 proves that the day stands first', async () => {
    const { says, why } = await proposedOf(due('03/04/2025', '31/12/2025'))
    expect(says['schedule.dates.due_on']).toBe('DD/MM/YYYY')
    expect(why['schedule.dates.due_on']).toContain('line 3 31/12/2025')
  })

  test('12/31 proves the month', async () => expect((await proposedOf(due('3/4/2025', '12/31/2025'))).says['schedule.dates.due_on']).toBe('M/D/YYYY'))

  test('03/04 proves nothing', async () => {
    const found = await proposedOf(due('03/04/2025', '05/04/2025'))
    expect(found.says['schedule.dates.due_on']).toBe('? DD/MM/YYYY | MM/DD/YYYY')
    expect(found.text).toContain('line 2 03/04/2025, line 3 05/04/2025')
    await expect(accountsBy(found.config)).rejects.toThrow('inputs.schedule.dates.due_on is an open question')
    // 3 April is 27 days before 30 April; 4 March is 57.
    expect(await accountsBy(answered(found, { 'schedule.dates.due_on': 'DD/MM/YYYY' }), '2025-04-30')).toMatchObject([{ account_id: 'A1', days_late: 25 }, {}])
  })

  test('another column of the file proves the order of one that does not', async () => {
    const { says } = await proposedOf({ ...book, 'schedule.csv': 'loan no,installment no,due date,amount due,paid date,paid amount\nA1,1,05/02/2025,100.00,25/02/2025,100.00\n', 'receipts.csv': 'x,y\n1,2\n' })
    expect(says).toMatchObject({ 'schedule.dates.due_on': 'DD/MM/YYYY', 'schedule.dates.paid_on': 'DD/MM/YYYY' })
  })

  test('half of the rows for each order is a question, however they are proved', async () => {
    const { open } = await proposedOf(due('31/12/2025', '12/31/2025', '13/10/2025', '10/13/2025'))
    expect(open).toEqual(['schedule.dates.due_on'])
  })

  test('month names, compact days, day numbers, years of two digits', async () => {
    expect((await proposedOf(due('05-Feb-2025', '17-Mar-2025'))).says['schedule.dates.due_on']).toBe('DD-Mon-YYYY')
    expect((await proposedOf(due('20250205', '20250317'))).says['schedule.dates.due_on']).toBe('YYYYMMDD')
    // 45693 days from 30 December 1899 on is 5 February 2025.
    const numbers = await proposedOf(due('45693', '45731'))
    expect(numbers.says['schedule.dates.due_on']).toBe('day_number')
    expect(await accountsBy(numbers.config, '2025-02-10')).toMatchObject([{ days_late: 0 }, {}])
    expect((await proposedOf(due('01/02/24', '31/03/24'))).says).toMatchObject({ 'schedule.dates.due_on': 'DD/MM/YY', 'schedule.two_digit_years_from': '1970' })
  })

  test('days that stand for none are blanks', async () => {
    const { says } = await proposedOf({ ...book, 'loans.csv': 'loan no,currency,status,closed date\nA1,CNY,active,9999-12-31\nA2,CNY,closed,2025-03-05\nA3,CNY,active,NULL\n' })
    expect(says['loans.blanks']).toBe("['NULL', '9999-12-31']")
  })

  test('times with zones ask for the zone', async () => {
    const { says } = await proposedOf({ ...book, 'receipts.csv': 'receipt no,loan no,payment date,payment amount\nP1,A1,2025-02-05T23:30:00+08:00,150.00\n' })
    expect(says).toMatchObject({ zone: '? UTC | Asia/Shanghai', 'repayments.dates.paid_on': 'timestamp' })
  })
})

describe('amounts', () => {
  const paid = (...amounts: string[]) => ({ ...book, 'receipts.csv': `receipt no;loan no;payment date;payment amount\n${amounts.map((amount, at) => `P${at};A1;2025-02-05;${amount}`).join('\n')}\n` })
  const numbers = async (...amounts: string[]) => (await proposedOf(paid(...amounts))).says['repayments.numbers']

  test('commas before decimals behind semicolons', async () => {
    const { says } = await proposedOf(paid('1.150,00', '100,50'))
    expect(says).toMatchObject({ 'repayments.delimiter': "';'", 'repayments.numbers': "{ decimal: ',', thousands: '.' }" })
  })

  test('what the marks are is proved by one amount', async () => {
    expect(await numbers('150', '100.5')).toBeUndefined()
    expect(await numbers('1,150.00', '100.50')).toBe("{ thousands: ',' }")
    expect(await numbers('1 150,00')).toBe("{ decimal: ',', thousands: space }")
    expect(await numbers('1,23,456.00')).toBe("{ thousands: ',', groups: lakh }")
    expect(await numbers('(150.00)', '20.00')).toBe('{ negative: [parentheses] }')
    expect(await numbers('¥150.00')).toBe('{ marks: [\'¥\'] }')
  })

  test('1,000 may be one or a thousand; 1,234 can be no amount with two decimals', async () => {
    expect(await numbers('1,000', '2,500')).toMatch(/^\?.*decimal: ','/)
    expect(await numbers('1,234', '2,500')).toBe("{ thousands: ',' }")
  })

  test('both marks in one column are a question', async () => expect(await numbers('1.000,00', '1,000.00')).toMatch(/^\?/))

  test('CR and DR: which is below zero only the lender knows', async () => expect(await numbers('150.00 CR', '20.00 DR')).toBe('? { negative: [CR] } | { negative: [DR] }'))
})

describe('units', () => {
  // 30 loans of 1200.00 in yuan, and their plans of 12 times 100.00.
  const many = (row: (at: number) => string) => Array.from({ length: 30 }, (_, at) => row(at)).join('\n')
  const yuan = `loan no,currency,loan amount\n${many((at) => `A${at},CNY,1200.00`)}\n`
  const plan = (amount: string) => `loan no,installment no,due date,amount due\n${many((at) => Array.from({ length: 12 }, (_, no) => `A${at},${no + 1},2025-${String(no + 1).padStart(2, '0')}-15,${amount}`).join('\n'))}\n`
  const receipts = (amount: string) => `receipt no,loan no,payment date,payment amount\n${many((at) => `P${at},A${at},2025-01-15,${amount}`)}\n`

  test('plans in fen beside loans in yuan', async () => {
    const { says, why } = await proposedOf({ 'loans.csv': yuan, 'schedule.csv': plan('10000'), 'receipts.csv': receipts('10000') })
    expect(says['schedule.unit']).toBe('0.01')
    expect(says['repayments.unit']).toBe('0.01')
    expect(says['loans.unit']).toBeUndefined()
    expect(why['schedule.unit']).toContain('100 times the principal')
  })

  test('loans in ten thousands', async () => expect((await proposedOf({ 'loans.csv': yuan.replaceAll('1200.00', '0.12'), 'schedule.csv': plan('100.00'), 'receipts.csv': receipts('100.00') })).says['loans.unit']).toBe('10000'))

  test('alike, with decimals: nothing is said', async () => expect((await proposedOf({ 'loans.csv': yuan, 'schedule.csv': plan('100.00'), 'receipts.csv': receipts('100.00') })).open).toEqual([]))

  test('no decimals anywhere, and no round amounts: asked', async () => {
    const { says } = await proposedOf({ 'loans.csv': yuan.replaceAll('1200.00', '120007'), 'schedule.csv': plan('10003'), 'receipts.csv': receipts('10003') })
    expect(says['loans.unit']).toBe('? 1 | 0.01')
  })
})

describe('columns', () => {
  test('two headers for one column are asked about, unless the files decide', async () => {
    const { says } = await proposedOf({ ...book, 'receipts.csv': 'receipt no,loan no,payment date,value date,payment amount\nP1,A1,2025-02-05,2025-02-06,150.00\n' })
    expect(says['repayments.headers.paid_on']).toBe('? payment date | value date')
    const ids = await proposedOf({ ...book, 'loans.csv': 'contract no,loan no,currency,loan amount\nK1,A1,CNY,10.00\nK1,A2,CNY,10.00\n' })
    expect(ids.says['loans.headers.account_id']).toBe('loan no')
  })

  test('names that are put together from the words of banks', async () => {
    const { says } = await proposedOf({
      'loans.csv': '序号,借款合同编号,客户内码,贷款品种名称,发放额度,发放时间,账户状态,结余本金,币种\n1,J1,9,个人消费贷款,100.00,2025.01.05,正常,90.00,人民币\n',
      'plan.csv': '合同编号,期序号,计划还款日,计划本金,计划利息\nJ1,1,2025.02.05,90.00,10.00\n',
      'paid.csv': '入账日,交易序号,合同编号,摘要,收回本金,收回利息,收回合计\n2025.02.05,8001,J1,还款,90.00,10.00,100.00\n',
    })
    expect(says).toMatchObject({
      'loans.headers.account_id': '借款合同编号', 'loans.headers.borrower_id': '客户内码', 'loans.headers.product': '贷款品种名称', 'loans.headers.principal': '发放额度', 'loans.headers.disbursed_on': '发放时间', 'loans.headers.outstanding_principal': '结余本金',
      'schedule.headers.instalment_no': '期序号', 'schedule.headers.due_on': '计划还款日', 'schedule.headers.principal_due': '计划本金',
      'repayments.headers.payment_id': '交易序号', 'repayments.headers.paid_on': '入账日', 'repayments.headers.amount': '收回合计', 'repayments.headers.principal_paid': '收回本金', 'repayments.values.kind.还款': 'payment',
    })
  })

  test('in traditional script and Big5', async () => {
    // 借據號,放款金額 and so on in Big5, by the table of the standard.
    const big5 = (hex: string) => Buffer.from(hex.replaceAll(' ', ''), 'hex')
    const comma = '2c'
    const [id, amount, state, live] = ['adc9bedab8b9', 'a9f1b4daaaf7c342', 'aaacba41', 'a5bfb160']
    const found = await proposedOf({
      'l.csv': Buffer.concat([big5([id, amount, state].join(comma)), Buffer.from(',CCY\nA1,10.00,'), big5(live!), Buffer.from(',TWD\n')]),
      'b.csv': 'loan no,due date,amount due\nA1,2025-02-05,10.00\n', 'c.csv': 'receipt no,loan no,payment date,payment amount\nP1,A1,2025-02-05,10.00\n',
    })
    expect(found.says).toMatchObject({ 'loans.encoding': 'big5', 'loans.headers.account_id': '借據號', 'loans.headers.principal': '放款金額', 'loans.values.status.正常': 'open' })
  })

  test('short forms', async () => {
    const { says } = await proposedOf({ 'l.csv': 'ACCT_NBR,CUST_NO,CCY,LOAN_AMT,DISB_DT,ACCT_STAT\nA1,C1,USD,10.00,2025-01-05,ACTIVE\n', 's.csv': 'ACCT_NBR,INST_NO,DUE_DT,PRIN_DUE,INT_DUE\nA1,1,2025-02-05,9.00,1.00\n', 'p.csv': 'TXN_ID,ACCT_NBR,PMT_DT,PMT_AMT\nT1,A1,2025-02-05,10.00\n' })
    expect(says).toMatchObject({ 'loans.headers.account_id': 'ACCT_NBR', 'loans.headers.disbursed_on': 'DISB_DT', 'schedule.headers.interest_due': 'INT_DUE', 'repayments.headers.paid_on': 'PMT_DT', 'repayments.headers.amount': 'PMT_AMT' })
  })

  test('a needed column that no header is known for is asked about with the nearest ones', async () => {
    const { says } = await proposedOf({ ...book, 'schedule.csv': 'loan no,installment no,due date,what is due\nA1,1,2025-02-05,150.00\n' })
    expect(says['schedule.headers.amount_due']).toMatch(/^\? .*what is due/)
  })

  test('what is not known is listed', async () => {
    const { proposal, text } = await proposedOf({ ...book, 'loans.csv': loans.replaceAll(/,active|,status/g, (found) => (found === ',status' ? ',status,Shoe Size' : ',active,44')) })
    expect(proposal.inputs[0]!.passed).toEqual(['Shoe Size'])
    expect(text).toContain('# these pass through: Shoe Size')
  })

  test('a status that nothing knows is asked about with its line', async () => {
    const { text, open } = await proposedOf({ ...book, 'loans.csv': loans.replace('06,active', '06,W3') })
    expect(open).toEqual(['loans.values.status.W3'])
    expect(text).toMatch(/QUESTION: What does status "W3" mean\? 1 row, line 3 W3\.\n +W3: !ask \[open, closed, /)
  })

  test('without a currency', async () => {
    const bare = loans.replaceAll(/,CNY|,currency/g, '')
    expect((await proposedOf({ ...book, 'loans.csv': bare })).says['currency']).toMatch(/^\? CNY/)
    expect((await proposedOf({ ...book, 'loans.csv': bare, 'receipts.csv': repayments.replace('payment amount', 'payment_amount_eur') })).says['currency']).toBe('EUR')
  })

  test('one payment in several rows', async () => {
    const { says } = await proposedOf({ ...book, 'receipts.csv': `receipt no,loan no,installment no,payment date,payment amount\n${[1, 2, 3, 4].map((no) => `P1,A1,${no},2025-02-05,10.00`).join('\n')}\n` })
    expect(says['repayments.key']).toBe('[payment_id, instalment_no]')
  })
})

describe('files', () => {
  test('UTF-16 with tabs', async () => {
    const utf16 = (text: string) => Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text.replaceAll(',', '\t'), 'utf16le')])
    const found = await proposedOf(Object.fromEntries(Object.entries(book).map(([name, text]) => [name, utf16(text)])))
    expect(found.open).toEqual([])
    expect(found.says).toMatchObject({ 'loans.encoding': 'utf-16', 'loans.delimiter': 'tab' })
    expect(await accountsBy(found.config)).toMatchObject([{ account_id: 'A1' }, { account_id: 'A2', overdue_amount: '199.50' }])
  })

  test('several files with one header, and a file that is none', async () => {
    const { says, proposal } = await proposedOf({ ...book, 'receipts-2025-02.csv': repayments, 'receipts.csv': repayments.replaceAll('P', 'Q'), 'weather.csv': 'day,rain\n2025-02-01,3\n' })
    expect(says['repayments.files']).toBe('[receipts-2025-02.csv, receipts.csv]')
    expect(proposal.unused.map(({ file }) => file)).toEqual(['weather.csv'])
  })

  test('files of several months are a glob, where it takes in nothing else', async () => {
    const { says } = await proposedOf({ 'loans.csv': loans, 'schedule.csv': schedule, 'paid-2025-01.csv': repayments, 'paid-2025-02.csv': repayments.replaceAll('P', 'Q') })
    expect(says['repayments.files']).toBe("'paid-*.csv'")
  })

  test('a file that cannot be one does not hide what the others are', async () => {
    const { proposal, open } = await proposedOf({ ...book, 'empty.csv': '', 'words.csv': 'hello\n' })
    expect(proposal.unused.map(({ file }) => file)).toEqual(['empty.csv', 'words.csv'])
    expect(open).toEqual([])
  })

  test('zipped, by a glob', async () => {
    const { gzipSync } = await import('node:zlib')
    const { join } = await import('node:path')
    const dir = folder({ ...book, 'loans.csv.gz': gzipSync(loans) })
    const found = await proposed([join(dir, 'l*.gz'), join(dir, 's*.csv'), join(dir, 'r*.csv')], dir)
    expect(found.says['loans.files']).toBe('loans.csv.gz')
    expect(found.open).toEqual([])
  })

  test('ids of which none meets are asked about, with those that would', async () => {
    const { says, why } = await proposedOf({ ...book, 'loans.csv': 'loan no,serial,currency,loan amount\nX-900,A1001,CNY,300.00\nX-901,A1002,CNY,300.00\n', 'schedule.csv': schedule.replaceAll('A1,', 'A1001,').replaceAll('A2,', 'A1002,'), 'receipts.csv': repayments.replaceAll('A1,', 'A1001,').replaceAll('A2,', 'A1002,') })
    expect(says).toMatchObject({ 'schedule.headers.account_id': '? loan no', 'loans.headers.account_id': '? serial | loan no' })
    expect(why['loans.headers.account_id']).toContain('serial of loans and loan no have values in common')
  })

  test('payments below zero are said to be refunds', async () => {
    const { proposal } = await proposedOf({ ...book, 'receipts.csv': repayments.replaceAll(/(\d+\.\d+)\n/g, '-$1\n') })
    expect(proposal.inputs[2]!.notes.join()).toContain('2 rows of 2 are below zero, and read as refunds')
  })

  test('a day on which a file was made is no day of the facts for certain', async () => {
    const { says, proposal } = await proposedOf({ ...book, 'receipts.csv': `Printed on 2025-02-28\n${repayments}` })
    expect(says).toMatchObject({ as_of: '2025-02-28' })
    expect(says['data_through']).toBeUndefined()
    expect(proposal.top[0]!.sure).toBe('likely')
  })

  test('ids that do not meet are said, and what would make them', async () => {
    const { proposal } = await proposedOf({ 'loans.csv': loans.replaceAll('A', '00'), 'schedule.csv': schedule.replaceAll('A', ''), 'receipts.csv': repayments.replaceAll(',A', ',') })
    expect(proposal.inputs[1]!.notes.join()).toContain('of 2 accounts 0 (0.0 %) are in loans: one of both has another id; 2 would be without letter case, blanks and leading zeros')
  })

  test('a few payments that are dated ahead are not the day of the export', async () => {
    const days = Array.from({ length: 12 }, (_, at) => `2025-03-${String(at + 1).padStart(2, '0')}`)
    const rows = days.flatMap((day, at) => Array.from({ length: 8 }, (_, no) => `P${at}-${no},A1,${day},1.00`))
    const { says, why } = await proposedOf({ ...book, 'receipts.csv': `receipt no,loan no,payment date,payment amount\n${rows.join('\n')}\nX1,A1,2025-04-01,1.00\n` })
    expect(says['as_of']).toBe('2025-03-12')
    expect(why['as_of']).toContain('1 of later days')
  })

  test('names of people stand nowhere, not even behind a colon in a footer', async () => {
    const { text } = await proposedOf({ ...book, 'loans.csv': `${loans.replace('status\n', 'status,客户姓名\n').replaceAll('active\n', 'active,张三丰\n')}制表人：李四光,,,,,,\n` })
    expect(text).not.toMatch(/张三丰|李四光/)
    expect(text).toContain("leave_out: ['制表人：*']")
  })

  test('two files that both look like loans are a question', async () => {
    const { open } = await proposedOf({ ...book, 'more.csv': loans.replace('loan no', 'contract no') })
    expect(open).toContain('loans.files')
  })

  test('no file of repayments', async () => {
    const { 'receipts.csv': _, ...two } = book
    expect((await proposedOf(two)).says['repayments.files']).toMatch(/^\? loans.csv/)
  })

  test('a title, a total and a footer that counts', async () => {
    const found = await proposedOf({ ...book, 'receipts.csv': `Receipts of February\n\n${repayments}Total,,,250.50\nEnd of file: 2 rows\n` })
    expect(found.says).toMatchObject({ 'repayments.lines_above': 'found', 'repayments.leave_out': "[Total, 'End of file: {rows} rows']" })
    expect((await accountsBy(found.config)).length).toBe(2)
  })
})

describe('other shapes', () => {
  test('statements of cards', async () => {
    const { says, open } = await proposedOf({
      'cards.csv': 'card account,customer id,currency,account status\nK1,C1,CNY,active\nK2,C2,CNY,active\n',
      'bills.csv': 'card account,statement date,payment due date,minimum payment,statement balance\nK1,2025-04-05,2025-04-25,100.00,1000.00\nK1,2025-05-05,2025-05-25,200.00,1100.00\nK2,2025-05-05,2025-05-25,50.00,500.00\n',
      'pays.csv': 'receipt no,card account,payment date,payment amount\nP1,K2,2025-05-20,50.00\n',
    })
    expect(open).toEqual([])
    expect(says).toMatchObject({ 'statements.files': 'bills.csv', 'statements.headers.statement_on': 'statement date', 'statements.headers.minimum_due': 'minimum payment', 'repayments.files': 'pays.csv' })
  })

  test('a plan that says by words what is paid, and no payments', async () => {
    const { says, proposal } = await proposedOf({ 'loans.csv': loans, 'plan.csv': '合同号,期次,应还日期,应还金额,期次状态\nA1,1,2025-02-05,150.00,已还\nA1,2,2025-03-05,150.00,逾期\nA2,1,2025-02-06,300.00,奇\n' })
    expect(says).toMatchObject({ 'schedule.values.status.已还': 'paid', 'schedule.values.status.逾期': 'overdue', 'schedule.values.status.奇': '? paid | waived | part_paid | unpaid | overdue' })
    expect(says['repayments.files']).toBeUndefined()
    expect(proposal.inputs[1]!.notes.join()).toContain('what is paid goes by the words of the plan')
  })

  test('without a day anywhere it is asked for: yesterday would make an old export late', async () => {
    expect((await proposedOf({ 'loans.csv': loans, 'plan.csv': 'loan no,due date,amount due,instalment status\nA1,2025-02-05,150.00,paid\n' })).says['as_of']).toBe('? yesterday')
    expect((await proposedOf({ 'loans.csv': `Loan register as on 30-06-2025\n${loans}`, 'plan.csv': schedule, 'paid.csv': repayments })).says['as_of']).toBe('2025-06-30')
  })

  test('an order of days that another file proves is the first answer', async () => {
    const { says, why } = await proposedOf({ ...book, 'loans.csv': loans.replaceAll(/2025-01-0(\d)/g, '2$1/01/2025'), 'schedule.csv': schedule.replaceAll(/2025-0(\d)-0(\d)/g, '0$2/0$1/2025') })
    expect(says['loans.dates.disbursed_on']).toBe('DD/MM/YYYY')
    expect(says['schedule.dates.due_on']).toBe('? DD/MM/YYYY | MM/DD/YYYY')
    expect(why['schedule.dates.due_on']).toContain('in loans disbursement date is DD/MM/YYYY')
  })
})

describe('what stands far below', () => {
  const rows = (n: number, row: (at: number) => string) => Array.from({ length: n }, (_, at) => row(at)).join('\n')

  test('a name in GB18030 behind thousands of plain rows is asked about, not lost', async () => {
    const plain = Buffer.from(`loan no,currency,loan amount,customer name\n${rows(12_000, (at) => `A${at},CNY,300.00,Example Person Number ${at}`)}\n`)
    // 示例 in GB18030.
    const late = Buffer.concat([plain, Buffer.from('B1,CNY,1.00,'), Buffer.from([0xca, 0xbe, 0xc0, 0xfd]), Buffer.from('\n'), Buffer.from(`${rows(2000, (at) => `C${at},CNY,300.00,Example`)}\n`)])
    const { says, why } = await proposedOf({ ...book, 'loans.csv': late })
    expect(says['loans.encoding']).toMatch(/^\? .*gb18030/)
    expect(why['loans.encoding']).toContain('line 12002')
  })

  test('a status, an order of days and a total that the sample has not are seen all the same', async () => {
    const many = `loan no,currency,loan amount,status,disbursement date\n${rows(9000, (at) => `A${at},CNY,300.00,active,0${1 + (at % 9)}/01/2025`)}\nB1,CNY,300.00,W9,31/01/2025\n${rows(3000, (at) => `C${at},CNY,300.00,closed,0${1 + (at % 9)}/01/2025`)}\nTotal,,3600300.00,,\n`
    const found = await proposedOf({ ...book, 'loans.csv': many })
    expect(found.says).toMatchObject({ 'loans.dates.disbursed_on': 'DD/MM/YYYY', 'loans.leave_out': '[Total]' })
    expect(found.why['loans.dates.disbursed_on']).toContain('31/01/2025 is a day in no other order')
    expect(found.open).toEqual(['loans.values.status.W9'])
  })
})

test('rates below one without a plan, tables beside the exports', async () => {
  const { says } = await proposedOf({ 'l.csv': 'loan no,currency,loan amount,disbursement date,first due date,installments,interest rate\nA1,CNY,1200.00,2025-01-05,2025-02-05,12,0.24\n', 'p.csv': repayments, 'holidays.csv': 'date,region\n2025-01-01,\n' })
  expect(says).toMatchObject({ 'loans.unit.annual_rate': '? 100 | 1', 'holidays.files': 'holidays.csv', 'loans.headers.first_due_on': 'first due date', 'loans.headers.instalments': 'installments' })
  expect(says['schedule.files']).toBeUndefined()
})

test('a column of many words is no status: they are not shown', async () => {
  const { says, text } = await proposedOf({ ...book, 'loans.csv': `loan no,currency,loan amount,state\n${Array.from({ length: 40 }, (_, at) => `A${at},CNY,1.00,Person ${'abcdefghijklmnopqrstuvwxyz'[at % 26]}${at}`).join('\n')}\n` })
  expect(says['loans.headers.status']).toBe('? state')
  expect(text).not.toMatch(/Person b1\b.*mean/)
})

test('a book of balances alone asks for neither schedule nor repayments', async () => {
  const found = await proposedOf({ 'portfolio.csv': 'Contract No,Status,Currency,DPD,Overdue,Outstanding principal\n0001,Active,EUR,0,0.00,900.00\n0002,Active,EUR,12,120.50,1000.00\n0003,Active,EUR,100,5020.10,7000.00\n' })
  expect(found.open).toEqual([])
  expect(found.says).toMatchObject({ 'loans.headers.days_past_due': 'DPD', 'loans.headers.overdue_amount': 'Overdue', 'loans.headers.outstanding_principal': 'Outstanding principal' })
  expect(await accountsBy(found.config, '2025-06-30')).toMatchObject([{ account_id: '0001', days_past_due: 0 }, { account_id: '0002', days_past_due: 12, tier: 'short', overdue_amount: '120.50' }, { account_id: '0003', days_past_due: 100, tier: 'long' }])
})
