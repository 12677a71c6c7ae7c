import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { age } from '../../src/cli/commands/age.ts'
import { explain } from '../../src/cli/commands/explain.ts'
import { run } from '../../src/cli/commands/run.ts'
import { folderOf, freshDir, published, started } from '../explain/book.ts'

// What rows in quarantine could change, worked by hand.

const loan = (account_id: string) => ({ account_id, currency: 'CNY' })
const due = (account_id: string, instalment_no: number, due_on: string, amount_due = '100.00') => ({ account_id, instalment_no, due_on, amount_due })
const paid = (payment_id: string, account_id: string, amount: string, more: object = {}) => ({ payment_id, account_id, paid_on: '2025-06-02', amount, kind: '', status: '', ...more })

const rows = {
  loans: ['A', 'B', 'C', 'D', 'E', 'F', 'G'].map(loan),
  schedule: [due('A', 1, '2025-06-01'), due('B', 1, '2025-05-01'), due('B', 2, '2025-06-01'), due('C', 1, '2025-06-01'), due('D', 1, '2025-06-01'), due('D', 2, '2025-12-01', 'x'), due('E', 1, '2025-06-01'), ...['F', 'G'].flatMap((id) => [due(id, 1, '2025-04-11'), due(id, 2, '2025-05-11'), due(id, 3, '2025-06-10')])],
  repayments: [
    // May be all that is due: A is short, or not late.
    paid('1', 'A', '1OO'),
    // 60 days with or without 40 of the oldest 100.
    paid('2', 'B', '40.00', { paid_on: '2025-06-31' }),
    // Failed money counts on no day.
    paid('3', 'C', '100.00', { paid_on: '2025-06-31', status: 'failed' }),
    paid('4', 'D', '100.00'),
    paid('5', 'E', '100.00'),
    // If it takes back what E paid, E is late.
    paid('6', 'E', '100.00', { kind: 'undo' }),
    // 80 days, or 50 with the oldest instalment paid: medium either way, and another rule.
    paid('9', 'F', '100.00', { paid_on: '2025-06-31' }),
    // 80 days with or without 40 of it.
    paid('10', 'G', '40.00', { paid_on: '2025-06-31' }),
    paid('7', 'Z', '70.00'),
    paid('8', '', '5.00'),
  ],
}

const { config } = folderOf(rows, { zone: 'UTC', as_of: '2025-06-30', work_on: '2025-07-01', bom: false }, `- table: actions\n  hit: first\n  rules:\n    - { id: M2, when: { days_past_due: '[61..90]' }, then: { action: letter } }\n    - { id: N, then: { action: none, reason: nothing } }\n`)

test('by input and code', async () => {
  const out = freshDir()
  await started(run, { typed: { config, out, quiet: true, blastRadius: true } })
  const [head, ...lines] = readFileSync(join(out, 'latest/reports/blast-radius.csv'), 'utf8').trim().split('\n').map((line) => line.split(','))
  const of = (input: string, code: string) => Object.fromEntries(head!.map((column, at) => [column, lines.find((line) => line[0] === input && line[1] === code)![at]]))
  expect(lines.length).toBe(6)
  expect(of('repayments', 'not-an-amount')).toMatchObject({ currency: 'CNY', rows: '1', accounts: '1', tier_could_differ: '1', amount: '0.00', overdue_amount: '100.00', example: 'A' })
  expect(of('repayments', 'no-such-date')).toMatchObject({ rows: '4', accounts: '4', tier_could_differ: '0', action_could_differ: '1', amounts_could_differ: '2', unaffected: '1', held: '1', amount: '280.00', overdue_amount: '900.00', held_overdue_amount: '300.00', example: 'B' })
  expect(of('schedule', 'not-an-amount')).toMatchObject({ rows: '1', accounts: '1', tier_could_differ: '0', amounts_could_differ: '1', example: 'D' })
  expect(of('repayments', 'reversal-names-none')).toMatchObject({ rows: '1', tier_could_differ: '1', amount: '100.00', overdue_amount: '0.00', example: 'E' })
  expect(of('repayments', 'no_loan')).toMatchObject({ rows: '1', accounts: '1', tier_could_differ: '0', unaffected: '1', amount: '70.00', example: 'Z' })
  expect(of('repayments', 'missing')).toMatchObject({ rows: '1', accounts: '0', rows_without_account: '1', amount: '5.00' })
})

test('the accounts that are held, and what explain says of them', async () => {
  const { accounts } = await published(config, { blastRadius: true })
  const held = (row: object | undefined) => (row as { held_reason: string | null }).held_reason
  expect(Object.fromEntries([...accounts].map(([id, row]) => [id, held(row)]))).toEqual({ A: 'row_in_quarantine', B: null, C: null, D: null, E: 'row_in_quarantine', F: 'row_in_quarantine', G: null })
  for (const [id, says] of [['F', 'What lies in quarantine could change its action: held.'], ['G', 'What lies in quarantine could change its amounts, and neither its tier nor its action: it is not held for that.'], ['C', 'What lies in quarantine could change neither its tier nor its action: it is not held for that.']] as const)
    expect((await started(explain, { typed: { config, blastRadius: true }, args: [id] })).shown).toContain(says)
  // Without rules only the tier is looked at; age goes by those of the settings.
  expect((await started(age, { typed: { config, blastRadius: true, format: 'csv', by: 'tier' } })).shown).toContain('medium')
})
