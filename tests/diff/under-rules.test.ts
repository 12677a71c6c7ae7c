import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { diff } from '../../src/cli/commands/diff.ts'
import { freshDir, started } from '../explain/book.ts'
import { ran, rules } from './runs.ts'

// One run under another rule file: the actions worked by hand from the two rules of each.

const loans = ['A', 'B', 'C', 'D'].map((account_id) => ({ account_id, borrower_id: account_id }))
// A is 51 days late with 200, B 20 days with 100, C and D are not late.
const schedule = ([['A', 1, '2025-05-10'], ['A', 2, '2025-06-10'], ['B', 1, '2025-06-10'], ['C', 1, '2025-07-10'], ['D', 1, '2025-07-10']] as const).map(([account_id, instalment_no, due_on]) => ({ account_id, instalment_no, due_on, amount_due: '100.00' }))
const repayments = [{ payment_id: 'P1', account_id: 'C', paid_on: '2025-06-01', amount: '1.00' }]
const settings = { as_of: '2025-06-30' }

const told = async (typed: Readonly<Record<string, string | boolean>>, args: readonly string[]) => (await started(diff, { typed, args })).shown

test('the same rules change nothing, others what they say', async () => {
  const run = await ran({ loans, schedule, repayments }, settings)
  const dir = freshDir()
  const [same, other] = [join(dir, 'same.yaml'), join(dir, 'other.yaml')]
  writeFileSync(same, rules)
  writeFileSync(other, rules.replace("'> 0'", "'> 30'"))
  const of = async (file: string) => JSON.parse(await told({ rules: file, json: true, top: '5' }, [run])) as { actions: Record<string, unknown>[]; largest: Record<string, unknown>[] }
  const lines = (rows: readonly Record<string, unknown>[]) => rows.map((row) => [row['before'], row['rule_before'], row['after'], row['rule_after'], row['accounts'], row['overdue_amount']].join(' '))
  expect(lines((await of(same)).actions)).toEqual(['call L call L 2 300.00', 'none N none N 2 0.00'])
  const moved = await of(other)
  expect(lines(moved.actions)).toEqual(['call L call L 1 200.00', 'call L none N 1 100.00', 'none N none N 2 0.00'])
  expect(moved.largest.map(({ account_id, rank }) => [account_id, rank])).toEqual([['B', 1]])
  expect(await told({ rules: other }, [run])).toMatch(/3 accounts would get the same action\.[^]*call +L +none +N +1 +0 +0 +100\.00/)
  expect(await told({ rules: other, format: 'csv' }, [run])).toBe('currency,before,rule_before,after,rule_after,accounts,held,beside_the_leading,overdue_amount\nCNY,call,L,call,L,1,0,0,200.00\nCNY,call,L,none,N,1,0,0,100.00\nCNY,none,N,none,N,2,0,0,0.00')
})

test('two runs or one run and rules, not both and not neither', async () => {
  const refused = async (typed: Readonly<Record<string, string>>, args: readonly string[]) => started(diff, { typed, args }).catch((error: { code: string }) => error.code)
  expect(await refused({}, ['a'])).toBe('flag-wrong')
  expect(await refused({ rules: 'r.yaml' }, ['a', 'b'])).toBe('flag-wrong')
  expect(await refused({ rules: 'r.yaml', by: 'product' }, ['a'])).toBe('flag-wrong')
  expect(await refused({}, [freshDir(), freshDir()])).toBe('run-not-found')
})

test('a run printed beside itself: nothing moved', async () => {
  const run = await ran({ loans, schedule, repayments }, settings, false)
  const text = await told({}, [run, run])
  expect(text).toMatch(/Moved by .*\n.*\n {2}nothing/)
  expect(text).toMatch(/all of these +4 .* 4/)
})
