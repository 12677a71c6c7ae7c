import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { explain } from '../../src/explain/explain.ts'
import { explaining, folderOf } from './book.ts'
import { bucketsOf, type Band } from './bands.ts'

// What others published of single instalments and of unpaid amounts by age: fixtures/vectors/README.md says where from.


interface Check {
  readonly as_of: string
  readonly instalments?: readonly { readonly instalment_no: number; readonly paid: string; readonly outstanding: string }[]
  readonly buckets?: readonly (Band & { readonly amount: string })[]
}

interface Vector {
  readonly id: string
  readonly tiers?: readonly Band[]
  readonly schedule: readonly { readonly instalment_no: number; readonly due_on: string; readonly amount_due: string }[]
  readonly repayments: readonly { readonly payment_id: string; readonly paid_on: string; readonly amount: string; readonly reverses?: string; readonly kind?: string }[]
  readonly checks: readonly Check[]
}

const vectors = JSON.parse(readFileSync(new URL('../../fixtures/vectors/default.json', import.meta.url), 'utf8')) as Vector[]
const cases = vectors.flatMap((vector) => vector.checks.filter((check) => check.instalments !== undefined || check.buckets !== undefined).map((check) => ({ name: `${vector.id} ${check.as_of}`, vector, check })))

const rowsOf = ({ schedule, repayments }: Vector) => ({
  loans: [{ account_id: 'V', currency: 'CNY', status: 'open' }],
  schedule: schedule.map((row) => ({ account_id: 'V', ...row })),
  // The sources call an undo a dishonour; a chargeback is ours too.
  repayments: repayments.map((row) => ({ payment_id: row.payment_id, account_id: 'V', paid_on: row.paid_on, amount: row.amount, kind: row.kind === undefined ? 'payment' : row.kind === 'dishonour' ? 'undo' : row.kind, reverses: row.reverses ?? '' })),
})

describe('what was published of instalments and buckets', () => {
  test('there are 27 such checks', () => expect(cases.length).toBe(27))

  test.each(cases)('$name', async ({ vector, check }) => {
    const bands = check.buckets !== undefined && check.buckets.length > 0 ? check.buckets : undefined
    const { config } = folderOf(rowsOf(vector), { zone: 'UTC', as_of: check.as_of, work_on: check.as_of, ...(bands === undefined ? {} : { buckets: bucketsOf(bands) }) })
    const on = await explaining(config)
    try {
      const [said] = await explain(on, ['V'])
      for (const want of check.instalments ?? []) {
        const line = said!.instalments.find(({ instalment_no }) => instalment_no === want.instalment_no)
        expect([line?.instalment_no, line?.paid, line?.outstanding]).toEqual([want.instalment_no, want.paid, want.outstanding])
      }
      if (check.buckets === undefined) return
      // What is due on the day itself is not past due; bands that are not listed hold nothing.
      const found = said!.buckets.filter(({ name, amount }) => !name.startsWith('(0') && name !== '0' && amount !== '0.00')
      expect(found).toEqual(check.buckets.map(({ name, amount }) => ({ name, amount })))
    } finally {
      on.close()
    }
  })
})
