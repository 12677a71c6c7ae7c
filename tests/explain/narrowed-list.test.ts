import { expect, test } from 'vitest'
import { explain } from '../../src/cli/commands/explain.ts'
import { folderOf, started } from './book.ts'

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
