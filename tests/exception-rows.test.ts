import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { expect, test } from 'vitest'
import { run } from '../src/cli/commands/run.ts'
import { folderOf, started } from './explain/book.ts'

// One instalment of 100 each. The figures are told beside the rows.
const loan = (account_id: string, more: object = {}) => ({ account_id, status: 'open', closed_on: '', overdue_amount: '', overdue_principal: '', ...more })
const due = (account_id: string, due_on: string) => ({ account_id, instalment_no: 1, due_on, principal_due: '90.00', interest_due: '10.00' })
const paid = (payment_id: string, account_id: string, paid_on: string, amount: string, status: string) => ({ payment_id, account_id, paid_on, amount, status })
const book = {
  loans: [
    loan('A1', { status: 'paid by guarantor', overdue_amount: '90.00', overdue_principal: '50.00' }), // ours 100.00 and 90.00
    loan('A2'), loan('A3'), loan('A4'),
    loan('A5', { status: 'closed', closed_on: '2025-06-01' }), // its instalment of March was never paid
  ],
  schedule: [due('A1', '2025-06-10'), due('A2', '2025-06-10'), due('A3', '2025-06-10'), due('A4', '2025-06-29'), due('A5', '2025-03-01')],
  repayments: [
    paid('P1', 'A2', '2025-06-26', '40.00', 'pending'), // four days ago
    paid('P2', 'A3', '2025-06-27', '30.00', 'pending'), // three days ago: it may still come
    paid('P3', 'A4', '2025-07-01', '25.00', 'settled'),
    paid('P4', 'nobody', '2025-06-20', '7.00', 'pending'), // no loan has it
    paid('P5', 'A3', '2025-06-20', '9.00', 'failed'),
  ],
}
const rules = '- table: a\n  hit: first\n  rules:\n    - id: N\n      then: { action: none, reason: x }\n'

test('what only the rows show stands in the report of exceptions', async () => {
  const { config, dir } = folderOf(book, { as_of: '2025-06-30', data_through: '2025-06-30', unknown_status: 'open', allow_partial_day: undefined }, rules)
  const { shown } = await started(run, { typed: { config, quiet: true, out: join(dir, 'out') } })
  const rows = parse(readFileSync(join(dir, 'out/latest/reports/exceptions.csv')), { columns: true, bom: true }) as Record<string, string>[]
  const of = (...kinds: string[]) => rows.filter(({ kind }) => kinds.includes(kind!)).map(({ kind, detail, currency, accounts, rows: n, amount, oldest, example }) => [kind, detail, currency, accounts, n, amount, oldest, example].join(' '))
  expect(of('unknown_status')).toEqual(['unknown_status paid by guarantor CNY 1 1 100.00 2025-06-10 A1'])
  expect(of('pending', 'pending_over_3_days')).toEqual(['pending  CNY 2  77.00  A2', 'pending_over_3_days  CNY 2 2 47.00 2025-06-20 A2'])
  expect(of('paid_after_as_of')).toEqual(['paid_after_as_of  CNY 1  25.00  A4'])
  expect(of('closed_but_owing')).toMatchObject([expect.stringMatching(/^closed_but_owing {2}CNY 1 {2}100\.00 \d{4}-\d\d-\d\d A5$/)])
  expect(of('ties_out')).toEqual(['ties_out overdue_amount CNY 1  10.00  A1', 'ties_out overdue_principal CNY 1  40.00  A1'])
  expect(shown).toContain('status that nothing maps, taken as open: paid by guarantor')
  expect(shown).toContain('on their way for more than 3 days')
})
