import { join } from 'node:path'
import { expect, test } from 'vitest'
import { explain } from '../../src/cli/commands/explain.ts'
import { run } from '../../src/cli/commands/run.ts'
import { folderOf, freshDir, started } from './book.ts'

// Twenty days late: short. Its list takes long ones alone; the other list takes it, and at most two rows.
const book = {
  loans: [{ account_id: 'A' }],
  schedule: [{ account_id: 'A', instalment_no: 1, due_on: '2025-06-10', amount_due: '100.00' }],
  repayments: [],
}
const rules = `- table: a
  rules:
    - id: R1
      then: { action: call, list: desk }
- table: b
  rules:
    - id: R2
      then: { action: sms, list: texts, reason: '{days_past_due} days and {overdue_amount} open, by {action}' }
`

test('a list that does not take the account, and one that has a limit', async () => {
  const { config } = folderOf(book, { as_of: '2025-06-30', worklists: { desk: { tiers: ['long'] }, texts: { limit: 2 } } }, rules)
  const { shown } = await started(explain, { typed: { config }, args: ['A'] })
  expect(shown).toContain('List    none: the list takes the tiers long (its list would be desk)')
  expect(shown).toContain('List    texts, which takes 2 rows a night')
  // What the rule leaves to be filled in is, as in the list.
  expect(shown).toContain('(20 days and 100.00 open, by sms)')
})

// C owes the most, A and B the same for as long; the list takes two.
test('of a run: at which rank it stands in a list that has a limit, or that it is beyond', async () => {
  const due = (account_id: string, amount_due: string) => ({ account_id, instalment_no: 1, due_on: '2025-06-10', amount_due })
  const three = { loans: ['A', 'B', 'C'].map((account_id) => ({ account_id })), schedule: [due('A', '100.00'), due('B', '100.00'), due('C', '300.00')], repayments: [] }
  const { config } = folderOf(three, { as_of: '2025-06-30', worklists: { texts: { limit: 2 } } }, rules)
  const out = freshDir()
  await started(run, { typed: { config, out, quiet: true, reports: 'none', keepEvidence: true } })
  const lines = async (id: string) => (await started(explain, { typed: { run: join(out, 'latest') }, args: [id] })).shown.split('\n').filter((line) => line.includes('texts'))
  expect((await lines('A')).join()).toContain('List    texts, at rank 2 of the 2 rows that it takes')
  expect((await lines('C')).join()).toContain('List    texts, at rank 1 of the 2 rows that it takes')
  expect((await lines('B')).join()).toContain('List    none: beyond the 2 rows that the list takes (its list would be texts)')
})
