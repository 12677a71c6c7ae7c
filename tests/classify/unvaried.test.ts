import { expect, test } from 'vitest'
import { name, sql } from '../../src/engine/sql.ts'
import { explaining, folderOf } from '../explain/book.ts'

// A column that is said to be the same on each row is not stored: what the step's own text gives must be that value on every row.

const loan = (account_id: string, more: Readonly<Record<string, string>> = {}) => ({ account_id, borrower_id: 'B1', ...more })
const due = (account_id: string, due_on: string, more: Readonly<Record<string, string>> = {}) => ({ account_id, instalment_no: 1, due_on, amount_due: '10.00', ...more })
const paid = (account_id: string, paid_on: string, amount: string, more: Readonly<Record<string, string>> = {}) => ({ payment_id: `P-${account_id}-${paid_on}`, account_id, paid_on, amount, ...more })

const schedule = [due('A1', '2025-05-10'), due('A2', '2025-06-10'), due('A3', '2025-07-10'), due('A4', '2025-06-30')]
const ids = ['A1', 'A2', 'A3', 'A4', 'A5']

test.each([
  { says: 'plain payments', loans: ids.map((id) => loan(id)), repayments: [paid('A1', '2025-05-20', '4.00'), paid('A3', '2025-06-20', '30.00'), paid('A2', '2025-07-02', '10.00')], left: ['charges_outstanding', 'lender_days_past_due', 'money_state', 'owed_back', 'pending_amount', 'released_amount', 'status', 'waived'] },
  { says: 'a loan not paid out yet', loans: ids.map((id) => loan(id, { disbursed_on: id === 'A1' ? '2025-07-05' : '2025-01-05' })), repayments: [paid('A1', '2025-05-20', '4.00')], left: ['money_state'] },
  { says: 'a refund beyond what came in', loans: ids.map((id) => loan(id)), repayments: [paid('A1', '2025-05-20', '4.00', { kind: 'payment' }), paid('A1', '2025-06-02', '9.00', { kind: 'refund' }), paid('A2', '2025-06-12', '3.00', { kind: 'waiver' })], left: ['pending_amount'] },
  { says: 'pending money', loans: ids.map((id) => loan(id)), repayments: [paid('A1', '2025-05-20', '4.00', { status: 'pending' }), paid('A2', '2025-06-12', '3.00', { status: 'settled' })], left: ['money_state'] },
  { says: 'loans that ended', loans: ids.map((id) => loan(id, { status: id === 'A1' ? 'closed' : id === 'A2' ? 'written_off' : '', charges_outstanding: '1.00' })), repayments: [paid('A1', '2025-05-20', '4.00')], left: ['waived'] },
  { says: 'a rejected loan', loans: [...ids.map((id) => loan(id)), loan('A6', { principal: '1e3' })], repayments: [paid('A1', '2025-05-20', '4.00')], left: [] },
])('$says', async ({ loans, repayments, left }) => {
  const { engine, flow, close } = await explaining(folderOf({ loans, schedule, repayments }, { as_of: '2025-06-30', inputs: { loans: { max_reject_share: 1 } } }).config)
  try {
    const { classified } = flow.classified
    const same = Object.entries(classified.same ?? {})
    expect(Object.keys(classified.same ?? {})).toEqual(expect.arrayContaining(left))
    if (left.length === 0) expect(same).toEqual([])
    for (const [column, value] of same) {
      const [row] = await engine.rows(sql`SELECT count(*) AS n, count(CASE WHEN ${name(column)} IS DISTINCT FROM ${value} THEN 1 END) AS other FROM (${classified.body!}) AS body`)
      expect(row, column).toEqual({ n: String(loans.length), other: '0' })
    }
  } finally {
    close()
  }
})
