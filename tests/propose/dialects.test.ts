import { describe, expect, test } from 'vitest'
import { accountsBy, answered, folder, proposedOf } from './proposed.ts'

// One invented book in the hands of several lenders: whatever its headers, words, dates and amounts look like, what is proposed reads to the same accounts.

interface Loan { id: string; who: string; amount: number; from: string; status: 'open' | 'closed'; closed: string }
interface Due { id: string; no: number; on: string; principal: number; interest: number }
interface Paid { key: string; id: string; on: string; amount: number; kind: 'payment' | 'undo'; status: 'settled' | 'failed'; of: string }

const day = (year: number, month: number, date: number) => new Date(Date.UTC(year, month - 1, date)).toISOString().slice(0, 10)
const loans: Loan[] = []
const dues: Due[] = []
const payments: Paid[] = []
for (let at = 0; at < 40; at++) {
  const id = `${1000 + at}`
  const amount = 120_000 * (1 + (at % 5))
  // Paid out on all days of a month, so that dates prove their order.
  loans.push({ id, who: `C${at % 30}`, amount, from: day(2024, 12, 1 + (at % 28)), status: at % 13 === 12 ? 'closed' : 'open', closed: at % 13 === 12 ? day(2025, 6, 20) : '' })
  for (let no = 1; no <= 6; no++) {
    dues.push({ id, no, on: day(2025, no, 1 + (at % 28)), principal: amount / 6, interest: 100 * (7 - no) + 50 })
    const pays = at % 13 === 12 || no <= 6 - (at % 4)
    if (pays) payments.push({ key: `P${at}-${no}`, id, on: day(2025, no, 1 + (at % 28)), amount: amount / 6 + 100 * (7 - no) + 50, kind: 'payment', status: 'settled', of: '' })
  }
}
payments.push({ key: 'F1', id: '1003', on: '2025-06-13', amount: 100, kind: 'payment', status: 'failed', of: '' })
payments.push({ key: 'U1', id: '1004', on: '2025-06-29', amount: payments.find(({ id }) => id === '1004')!.amount, kind: 'undo', status: 'settled', of: payments.findLast(({ id }) => id === '1004')!.key })
/** Amounts above are in cents. */
const plain = (cents: number) => (cents / 100).toFixed(2)
const csv = (rows: readonly (readonly string[])[], delimiter = ',') => `${rows.map((row) => row.map((cell) => (cell.includes(delimiter) || cell.includes('"') ? `"${cell.replaceAll('"', '""')}"` : cell)).join(delimiter)).join('\n')}\n`

interface Dialect {
  readonly name: string
  readonly headers: { readonly loans: string; readonly plan: string; readonly paid: string }
  readonly date: (iso: string) => string
  readonly money: (cents: number) => string
  readonly words: Readonly<Record<string, string>>
  readonly currency?: string
  readonly delimiter?: string
  readonly above?: string
  readonly below?: (rows: number) => string
  readonly encode?: (text: string) => Buffer
  readonly answers?: Readonly<Record<string, string>>
}

const parts = (iso: string) => iso.split('-') as [string, string, string]
const grouped = (cents: number, apart: string, mark: string) => plain(cents).replace('.', mark).replace(/\B(?=(\d{3})+(?!\d))/g, apart)
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const utf16 = (text: string) => Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')])

const dialects: readonly Dialect[] = [
  { name: 'a bank in the south', headers: { loans: 'LAN;Cust No;Ccy;Disbursed Amt;Disb Dt;Loan Status;Closure Date', plan: 'LAN;EMI No;EMI Due Dt;Prin Due;Int Due', paid: 'Receipt No;LAN;Receipt Dt;Receipt Amt;Receipt Type;Receipt Status;Reversal Of' }, date: (iso) => parts(iso).reverse().join('.'), money: (cents) => grouped(cents, '.', ','), delimiter: ';', words: { open: 'Live', closed: 'Closed', settled: 'Realised', failed: 'Bounced', payment: 'Receipt', undo: 'Reversal' } },
  { name: 'a firm across the sea', headers: { loans: 'Loan ID,Customer ID,Currency,Loan Amount,Origination Date,Status,Paid Off Date', plan: 'Loan ID,Installment Number,Due Date,Principal Due,Interest Due', paid: 'Transaction ID,Loan ID,Transaction Date,Transaction Amount,Transaction Type,Transaction Status,Original Transaction ID' }, date: (iso) => { const [y, m, d] = parts(iso); return `${Number(m)}/${Number(d)}/${y}` }, money: (cents) => `$${grouped(cents, ',', '.')}`, words: { open: 'Active', closed: 'Paid Off', settled: 'Posted', failed: 'Declined', payment: 'Payment', undo: 'NSF' }, above: 'Portfolio export\nReport date: 06/30/2025\n\n' },
  { name: 'names of months, tabs, UTF-16', headers: { loans: 'Account Number\tClient No\tCCY\tPrincipal\tDisbursement Date\tAccount Status\tDate Closed', plan: 'Account Number\tPeriod\tDue Date\tPrincipal\tInterest', paid: 'Payment Ref\tAccount Number\tValue Date\tAmount\tType\tState\tReversal of' }, date: (iso) => { const [y, m, d] = parts(iso); return `${d}-${months[Number(m) - 1]}-${y}` }, money: (cents) => grouped(cents, ' ', '.'), delimiter: '\t', words: { open: 'current', closed: 'settled', settled: 'OK', failed: 'rejected', payment: 'instalment', undo: 'storno' }, encode: utf16 },
  { name: 'fen and 合计', headers: { loans: '借据编号,客户编号,币种,放款金额,放款日期,借据状态,结清日期', plan: '借据编号,期次,应还日期,应还本金,应还利息', paid: '还款流水号,借据编号,还款日期,还款金额,交易类型,交易状态,原流水号' }, date: (iso) => { const [y, m, d] = parts(iso); return `${y}年${Number(m)}月${Number(d)}日` }, money: (cents) => String(cents), words: { open: '正常', closed: '已结清', settled: '成功', failed: '失败', payment: '还款', undo: '冲正', CNY: '人民币' }, above: '样例明细,,\n单位：分,,\n', below: (rows) => `合计,${rows}\n` },
  { name: 'day numbers, whole amounts', headers: { loans: 'contract no,borrower,currency,amount financed,start date,state,closed date', plan: 'contract no,no,due date,capital,interest', paid: 'receipt no,contract no,date,amount,kind,status,reverses' }, date: (iso) => String((Date.parse(iso) - Date.parse('1899-12-30')) / 86_400_000), money: (cents) => String(cents), words: { open: 'running', closed: 'repaid', settled: 'cleared', failed: 'failure', payment: 'normal', undo: 'bounce' }, answers: { 'loans.unit': '0.01', 'schedule.unit': '0.01', 'repayments.unit': '0.01', 'loans.values.status.running': 'open' } },
]

function written({ headers, date, money, words, delimiter = ',', above = '', below, encode = (text) => Buffer.from(text) }: Dialect): Record<string, Buffer> {
  const word = (canonical: string) => (canonical === '' ? '' : (words[canonical] ?? canonical))
  const on = (iso: string) => (iso === '' ? '' : date(iso))
  const of = (header: string, rows: string[][]) => encode(`${above}${csv([header.split(delimiter), ...rows], delimiter)}${below?.(rows.length) ?? ''}`)
  return {
    'a.csv': of(headers.loans, loans.map((one) => [one.id, one.who, word('CNY'), money(one.amount), on(one.from), word(one.status), on(one.closed)])),
    'b.csv': of(headers.plan, dues.map((one) => [one.id, String(one.no), on(one.on), money(one.principal), money(one.interest)])),
    'c.csv': of(headers.paid, payments.map((one) => [one.key, one.id, on(one.on), money(one.amount), word(one.kind), word(one.status), one.of])),
  }
}

const canonical: Dialect = { name: 'canonical', headers: { loans: 'account_id,borrower_id,currency,principal,disbursed_on,status,closed_on', plan: 'account_id,instalment_no,due_on,principal_due,interest_due', paid: 'payment_id,account_id,paid_on,amount,kind,status,reverses' }, date: (iso) => iso, money: plain, words: {} }

describe('one book in several hands', () => {
  const truth = (async () => {
    const { mkdirSync, writeFileSync } = await import('node:fs')
    const dir = folder()
    mkdirSync(`${dir}/in`)
    for (const [name, bytes] of Object.entries(written(canonical))) writeFileSync(`${dir}/in/${name}`, bytes)
    writeFileSync(`${dir}/arrears.yaml`, 'inputs: { loans: { files: in/a.csv }, schedule: { files: in/b.csv }, repayments: { files: in/c.csv } }\n')
    return accountsBy(`${dir}/arrears.yaml`, '2025-06-30')
  })()

  test.each(dialects)('$name', async (dialect) => {
    const found = await proposedOf(written(dialect))
    expect(found.open.filter((setting) => dialect.answers?.[setting] === undefined)).toEqual([])
    expect(await accountsBy(answered(found, dialect.answers ?? {}), '2025-06-30')).toEqual(await truth)
  })
})
