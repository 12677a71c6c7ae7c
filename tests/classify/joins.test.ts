import { expect, test } from 'vitest'
import { inOrder } from '../../src/engine/relation.ts'
import { sql } from '../../src/engine/sql.ts'
import { explaining, folderOf } from '../explain/book.ts'

// A join that compares every row with every other is done before anybody sees it in a small book, and never in a large one.

const ids = Array.from({ length: 40 }, (_, at) => `A${at}`)

test.each([
  { name: 'terms and methods', loans: { method: 'bullet', first_due_on: '2025-06-10', instalments: 3, frequency: 'monthly', instalment_amount: '10.00', accelerated_on: '' }, schedule: {} },
  { name: 'versions, and rows added later', loans: { method: '', restructured_on: '2025-06-01' }, schedule: { version: 'v1', valid_from: '', added_on: '', status: '' } },
])('no step compares all with all: $name', async ({ loans, schedule }) => {
  const book = {
    loans: ids.map((account_id) => ({ account_id, ...loans })),
    schedule: ids.slice(0, 30).map((account_id) => ({ account_id, instalment_no: 1, due_on: '2025-06-10', amount_due: '10.00', ...schedule })),
    repayments: ids.map((account_id) => ({ payment_id: `P-${account_id}`, account_id, paid_on: '2025-06-20', amount: '5.00' })),
  }
  const { engine, flow, close } = await explaining(folderOf(book, { as_of: '2025-06-30', conventions: { skip_instalments: ['waived'] } }).config)
  try {
    for (const step of inOrder(flow.outcome.accounts).filter(({ body }) => body !== undefined)) {
      const plan = (await engine.rows(sql`EXPLAIN SELECT * FROM (${step.body!}) AS body`)).map((row) => String(row['explain_value'])).join('\n')
      // How many instalments there are is a comparison with few numbers.
      if (step.name !== 'plans from terms') expect(plan, step.name).not.toMatch(/BLOCKWISE_NL_JOIN|NESTED_LOOP_JOIN/)
    }
  } finally {
    close()
  }
})
