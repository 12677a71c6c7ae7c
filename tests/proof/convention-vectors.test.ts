import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { Row } from '../../src/engine/engine.ts'
import { explain, type Explanation } from '../../src/explain/explain.ts'
import { explaining } from '../explain/book.ts'
import { amountText, money } from '../reference/reference.ts'
import { bookFile } from './in-process.ts'
import { bucketsOf, type Band } from '../explain/bands.ts'

// Published answers that need a convention: fixtures/vectors/README.md says where they come from and what the sources' settings
// mean. Their names for settings and counts are mapped onto ours here.

interface Named {
  grace_days?: number
  grace_effect?: 'subtract'
  pauses?: { from: string; to: string }[]
  pause_span?: string
  count_from?: string
  reversal_effect?: string
  allocation?: string
  future_allocation?: string
  allocation_time?: string
  full_payment_share?: string
  month_method?: string
  after_payoff?: string
  skip_statuses?: string[]
  tier_counter?: string
  bucket_counter?: string
}
interface Check extends Record<string, unknown> {
  as_of: string
  instalments?: { instalment_no: number; paid: string; outstanding: string }[]
  buckets?: (Band & { amount: string })[]
}
interface Vector {
  id: string
  settings: Named
  tiers?: Band[]
  schedule: Record<string, string | number>[]
  repayments: Record<string, string>[]
  checks: Check[]
}

const vectors: Vector[] = JSON.parse(readFileSync(new URL('../../fixtures/vectors/conventions.json', import.meta.url), 'utf8'))

/** Their settings in our words. */
function conventionsOf({ grace_days, count_from, pause_span, reversal_effect, allocation, future_allocation, allocation_time, full_payment_share, month_method, after_payoff, skip_statuses }: Named) {
  const stated = {
    count_from,
    // Their grace is taken off, not only waited for.
    ...(grace_days === undefined ? {} : { grace_days, grace_counting: 'after_grace' }),
    pause_span,
    chargeback: reversal_effect === 'new_due_on_reversal' ? 'new_due' : undefined,
    allocation,
    surplus: future_allocation,
    allocation_time,
    full_payment: full_payment_share === undefined ? undefined : { share: Number(full_payment_share) },
    months: month_method?.toLowerCase(),
    after_payoff,
    skip_instalments: skip_statuses,
  }
  return Object.fromEntries(Object.entries(stated).filter(([, value]) => value !== undefined))
}

const filesOf = ({ schedule, repayments, settings }: Vector) => ({
  loans: [{ account_id: 'V', currency: 'CNY', status: 'open' }],
  schedule: schedule.map((row) => ({ account_id: 'V', ...row })),
  repayments: repayments.map(({ kind, reverses, ...row }) => ({ account_id: 'V', ...row, kind: kind ?? 'payment', reverses: reverses ?? '' })),
  ...(settings.pauses === undefined ? {} : { pauses: settings.pauses.map((pause) => ({ account_id: 'V', ...pause })) }),
})

const plusDays = (day: string, days: number) => new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10)
const cents = (value: unknown) => amountText(money(String(value), 2), 2)

/** Their figures in an account's row. Their plain days past due beside days after grace and pauses are our days late. */
function figureOf(field: string, row: Row, { grace_days = 0, pauses = [] }: Named): unknown {
  const since = row['oldest_unpaid_due_on']
  if (field === 'days_past_due') return row[grace_days > 0 || pauses.length > 0 ? 'days_late' : 'days_past_due']
  if (field === 'delinquent_days') return row['days_past_due']
  if (field === 'delinquent_since') return since === null ? null : plusDays(String(since), grace_days)
  if (field === 'overdue_amount') return cents(row[field])
  expect(row, `nobody reads ${field}`).toHaveProperty(field)
  return row[field]
}

/** The worst lateness so far: an instalment that is paid counts to the day on which explain says it was covered. */
function worstOf({ instalments }: Explanation, { repayments }: Vector, asOf: string): number {
  const paidOn = new Map(repayments.map(({ payment_id, paid_on }) => [payment_id!, paid_on!]))
  const asked = instalments.filter(({ amount_due }) => money(amount_due, 2) > 0n)
  return Math.max(0, ...asked.map(({ due_on, outstanding, covered_by }) => daysBetween(due_on, money(outstanding, 2) > 0n ? asOf : covered_by.map(({ payment }) => paidOn.get(payment)!).sort().at(-1)!)))
}

const daysBetween = (from: string, to: string) => (Date.parse(to) - Date.parse(from)) / 86_400_000

const cases = vectors.flatMap((vector) => vector.checks.map((check) => ({ name: `${vector.id} ${check.as_of}`, vector, check })))

describe('what was published under a convention comes out under ours', () => {
  test('there are 28, with 67 checks', () => expect([vectors.length, cases.length]).toEqual([28, 67]))

  for (const { name, vector, check } of cases) {
    test.concurrent(name, async () => {
      const { config } = bookFile(filesOf(vector), { as_of: check.as_of, work_on: check.as_of, conventions: conventionsOf(vector.settings), ...(vector.tiers === undefined ? {} : { buckets: bucketsOf(vector.tiers) }) })
      const on = await explaining(config)
      try {
        const [said] = await explain(on, ['V'])
        const row = said!.account!
        for (const [field, want] of Object.entries(check)) {
          if (['as_of', 'derived', 'tier', 'instalments', 'buckets', 'max_days_past_due'].includes(field)) continue
          expect(figureOf(field, row, vector.settings), field).toBe(want)
        }
        if ('max_days_past_due' in check) expect(worstOf(said!, vector, check.as_of)).toBe(check['max_days_past_due'])
        if ('tier' in check) {
          const bucket = String(row['bucket'])
          expect(bucket.startsWith('(') ? null : bucket, 'tier').toBe(check['tier'] === 'NO_DELINQUENCY' ? null : check['tier'])
        }
        // Amounts added to an instalment later are rows of their own with its number.
        for (const want of check.instalments ?? []) {
          const lines = said!.instalments.filter(({ instalment_no }) => instalment_no === want.instalment_no)
          const sum = (of: (line: (typeof lines)[number]) => string) => amountText(lines.reduce((total, line) => total + money(of(line), 2), 0n), 2)
          expect([want.instalment_no, sum((line) => line.paid), sum((line) => line.outstanding)]).toEqual([want.instalment_no, want.paid, want.outstanding])
        }
        if (check.buckets === undefined) return
        // What is not past due stands in no band; bands that are not listed hold nothing.
        const found = said!.buckets.filter(({ name: bucket, amount }) => !bucket.startsWith('(0') && bucket !== '0' && amount !== '0.00')
        expect(found).toEqual(check.buckets.map(({ name: bucket, amount }) => ({ name: bucket, amount })))
      } finally {
        on.close()
      }
    })
  }
})
