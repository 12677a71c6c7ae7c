/** Rows as written, and what each must read as: the value of every column, or the reason for which it is rejected. */
export interface Input {
  readonly columns: readonly string[]
  /** Columns whose values are compared. */
  readonly reads: readonly string[]
  readonly rows: readonly {
    readonly written: Readonly<Record<string, string>>
    readonly reads?: Readonly<Record<string, string | number | null>>
    readonly fails?: { readonly column: string; readonly code: string; readonly value: string }
  }[]
}

const nbsp = '\u00a0'
const wide = '\u3000'

const loan = (account_id: string, more: Record<string, string> = {}) => ({ account_id, currency: 'CNY', principal: '1000.00', disbursed_on: '2024-12-01', status: 'open', note: '', score: '', ...more })
const asRead = (account_id: string, more: Record<string, string | number | null> = {}) => ({ account_id, currency: 'CNY', principal: '1000.00', disbursed_on: '2024-12-01', status: 'open', note: null, score: null, ...more })

export const loans: Input = {
  columns: ['account_id', 'currency', 'principal', 'disbursed_on', 'status', 'note', 'score'],
  reads: ['account_id', 'currency', 'principal', 'disbursed_on', 'status', 'note', 'score'],
  rows: [
    { written: loan('L-01'), reads: asRead('L-01') },
    // A line break inside quotes is a part of the value, also where its line looks like a row.
    { written: loan('L-02', { note: 'two\nlines' }), reads: asRead('L-02', { note: 'two\nlines' }) },
    { written: loan('L-03', { note: 'of\r\nWindows' }), reads: asRead('L-03', { note: 'of\r\nWindows' }) },
    { written: loan('L-04', { note: 'looks like\nL-99,CNY,1.00,2025-01-01,open,,\na row' }), reads: asRead('L-04', { note: 'looks like\nL-99,CNY,1.00,2025-01-01,open,,\na row' }) },
    { written: loan('L-05', { note: 'said "no", twice', score: '7' }), reads: asRead('L-05', { note: 'said "no", twice', score: 7 }) },
    // Blanks around values are no part of them: space, tab, no-break and ideographic space.
    { written: loan('  L-06 ', { principal: ' 12.50 ', disbursed_on: '2025-01-31 ' }), reads: asRead('L-06', { principal: '12.50', disbursed_on: '2025-01-31' }) },
    { written: loan(`\tL-07${nbsp}`, { note: `${wide}张三 李四${wide}`, status: ' closed' }), reads: asRead('L-07', { note: '张三 李四', status: 'closed' }) },
    // Text stays text: zeros in front, many digits.
    { written: loan('007'), reads: asRead('007') },
    { written: loan('6222020000000000017', { score: ' 12' }), reads: asRead('6222020000000000017', { score: 12 }) },
    // Only blanks is nothing; zeros beyond the decimals are nothing either.
    { written: loan('L-10', { status: ' ', disbursed_on: '', principal: '0.000000' }), reads: asRead('L-10', { disbursed_on: null, principal: '0.00' }) },
    { written: loan('L-11', { disbursed_on: '2025-02-30' }), fails: { column: 'disbursed_on', code: 'no-such-date', value: '2025-02-30' } },
    { written: loan('L-12', { note: 'kept\nas it is', principal: '1,000.00' }), fails: { column: 'principal', code: 'not-an-amount', value: '1,000.00' } },
    { written: loan('L-13', { score: '1.4' }), fails: { column: 'score', code: 'not-a-whole-number', value: '1.4' } },
    { written: loan('', { note: 'nobody' }), fails: { column: 'account_id', code: 'missing', value: '' } },
    { written: loan('L-15', { note: "it's the last" }), reads: asRead('L-15', { note: "it's the last" }) },
  ],
}

const payment = (payment_id: string, more: Record<string, string> = {}) => ({ payment_id, account_id: 'L-01', paid_on: '2025-06-01', amount: '10.00', kind: '', memo: '', desk: 'D1', ...more })
const counted = (payment_id: string, more: Record<string, string | null> = {}) => ({ payment_id, account_id: 'L-01', paid_on: '2025-06-01', amount: '10.00', kind: 'payment', status: 'settled', ...more })

export const repayments: Input = {
  columns: ['payment_id', 'account_id', 'paid_on', 'amount', 'kind', 'memo', 'desk'],
  reads: ['payment_id', 'account_id', 'paid_on', 'amount', 'kind', 'status'],
  rows: [
    { written: payment('P-01'), reads: counted('P-01') },
    { written: payment('P-02', { memo: 'over\ntwo lines, and "more"' }), reads: counted('P-02') },
    { written: payment(' P-03', { account_id: `${nbsp}L-02 `, amount: '12.340000' }), reads: counted('P-03', { account_id: 'L-02', amount: '12.34' }) },
    { written: payment('P-04', { amount: '-5' }), reads: counted('P-04', { amount: '-5.00', kind: 'refund' }) },
    // Memo and desk are carried nowhere, but they tell rows of one key apart.
    { written: payment('P-05', { memo: 'same' }), reads: counted('P-05') },
    { written: payment('P-06', { memo: 'one' }), fails: { column: 'payment_id', code: 'conflicting-key', value: 'P-06' } },
    { written: payment('P-07', { amount: '12.345' }), fails: { column: 'amount', code: 'too-many-decimals', value: '12.345' } },
    { written: payment('P-08', { amount: '1e3', memo: 'a\nb' }), fails: { column: 'amount', code: 'not-an-amount', value: '1e3' } },
    { written: payment('P-09', { paid_on: '2026-01-31x' }), fails: { column: 'paid_on', code: 'not-a-date', value: '2026-01-31x' } },
    { written: payment('P-05', { memo: 'same' }), fails: { column: 'payment_id', code: 'twin', value: 'P-05' } },
    { written: payment('P-06', { memo: 'two' }), fails: { column: 'payment_id', code: 'conflicting-key', value: 'P-06' } },
    { written: payment('P-12', { kind: ' waiver ' }), reads: counted('P-12', { kind: 'waiver' }) },
    { written: payment('P-13', { amount: '' }), fails: { column: 'amount', code: 'missing', value: '' } },
    { written: payment('P-14', { memo: '期末' }), reads: counted('P-14') },
  ],
}
