import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, test } from 'vitest'
import { amountText, money, reference } from '../reference/reference.ts'
import type { Answer } from '../reference/reference.ts'
import { ageBook, built } from './age-book.ts'
import type { Cell } from './age-book.ts'

// Published answers of other systems, lenders and rule makers: fixtures/vectors/README.md says where they come from.

interface Band {
  name: string
  min: number
  max: number | null
}
interface Check extends Record<string, unknown> {
  as_of: string
}
interface Vector {
  id: string
  source: string
  tiers?: Band[]
  schedule: { instalment_no: number; due_on: string; amount_due: string }[]
  repayments: { payment_id: string; paid_on: string; amount: string; reverses?: string; kind?: string }[]
  checks: Check[]
}

const vectors: Vector[] = JSON.parse(readFileSync(new URL('../../fixtures/vectors/default.json', import.meta.url), 'utf8'))

/** The sources' words for a kind. */
const kinds: Record<string, string> = { dishonour: 'undo', undo: 'undo', chargeback: 'chargeback' }
/** The source ages a loan that it has written off; our tier has a name of its own and the days go on. */
const statusOf = (vector: Vector) => (vector.id === 'alami/written-off' ? 'written_off' : 'open')
const kindOf = (kind: string | undefined) => (kind === undefined ? 'payment' : kinds[kind]!)

const rowsOf = (vector: Vector) => ({
  loans: [{ account_id: vector.id, borrower_id: '', currency: 'CNY', status: statusOf(vector) }],
  schedule: vector.schedule.map((row) => ({ account_id: vector.id, instalment_no: String(row.instalment_no), due_on: row.due_on, amount_due: row.amount_due })),
  repayments: vector.repayments.map((row) => ({
    payment_id: `${vector.id}/${row.payment_id}`,
    account_id: vector.id,
    paid_on: row.paid_on,
    amount: row.amount,
    kind: kindOf(row.kind),
    reverses: row.reverses === undefined ? '' : `${vector.id}/${row.reverses}`,
  })),
})

/** The sources' names for what we print; their days after grace are our days past due, as no grace is in force. */
const columnOf: Record<string, string> = {
  days_past_due: 'days_past_due',
  delinquent_days: 'days_past_due',
  oldest_unpaid_due_on: 'oldest_unpaid_due_on',
  delinquent_since: 'oldest_unpaid_due_on',
  instalments_overdue: 'instalments_overdue',
  next_due_on: 'next_due_on',
  last_paid_on: 'last_paid_on',
}
const moneyColumnOf: Record<string, string> = { overdue_amount: 'overdue_amount', advance_amount: 'advance', last_paid_amount: 'last_paid_amount' }
/** Fields that one account's row does not hold. */
const evidence = ['instalments', 'buckets']
const notFigures = ['as_of', 'derived', 'tier', ...evidence]

const cents = (value: unknown) => (value === null ? null : amountText(money(String(value), 2), 2))

/** Every published figure of one check that stands in the account's row. */
function expectRow(check: Check, row: Record<string, unknown>, shown: (value: unknown) => unknown) {
  for (const [field, want] of Object.entries(check)) {
    if (notFigures.includes(field)) continue
    const column = columnOf[field] ?? moneyColumnOf[field]
    expect(column, `nobody reads ${field}`).toBeDefined()
    if (field in moneyColumnOf) expect(shown(row[column!]), field).toBe(cents(want))
    else expect(row[column!], field).toBe(want)
  }
}

/** The source's class of a number of days, and none where its classes leave a gap. */
const classOf = (bands: readonly Band[], days: number) => bands.find((band) => band.min <= days && days <= (band.max ?? Infinity))?.name ?? null
const publishedClass = (check: Check) => (check['tier'] === 'NO_DELINQUENCY' ? null : check['tier'])

test('all 71 are here', () => {
  expect(vectors.length).toBe(71)
  expect(vectors.reduce((sum, vector) => sum + vector.checks.length, 0)).toBe(89)
})

describe('the reference gives what was published', () => {
  const cases = vectors.flatMap((vector) => vector.checks.map((check) => ({ name: `${vector.id} ${check.as_of}`, vector, check })))
  test.each(cases)('$name', ({ vector, check }) => {
    const [answer] = reference(rowsOf(vector), { asOf: check.as_of, workOn: check.as_of, preventiveDays: 3 }).accounts
    expectRow(check, answer as unknown as Record<string, unknown>, (value) => (value === null ? null : amountText(value as bigint, 2)))
    if ('tier' in check) expect(classOf(vector.tiers ?? [], answer!.days_past_due!)).toBe(publishedClass(check))
    expectEvidence(check, answer!)
  })

  function expectEvidence(check: Check, answer: Answer) {
    for (const want of (check['instalments'] ?? []) as { instalment_no: number; paid: string; outstanding: string }[]) {
      const got = answer.instalments.find((one) => one.no === want.instalment_no)!
      expect([got.covered, got.due - got.covered], `instalment ${want.instalment_no}`).toEqual([money(want.paid, 2), money(want.outstanding, 2)])
    }
    if (!('buckets' in check)) return
    const bands = check['buckets'] as { name: string; min: number; max: number | null; amount: string }[]
    const late = answer.instalments.filter((one) => one.dueOn < check.as_of && one.due > one.covered)
    const ages = late.map((one) => ({ days: (Date.parse(check.as_of) - Date.parse(one.dueOn)) / 86_400_000, open: one.due - one.covered }))
    for (const band of bands) {
      const sum = ages.filter(({ days }) => classOf([band], days) !== null).reduce((total, { open }) => total + open, 0n)
      expect(sum, band.name).toBe(money(band.amount, 2))
    }
    // Bands that are not listed hold nothing.
    expect(ages.reduce((total, { open }) => total + open, 0n)).toBe(bands.reduce((total, band) => total + money(band.amount, 2), 0n))
  }
})

/** The source's classes as bucket settings: 0 and each gap get an unnamed bucket of their own, the top is left without an end. */
function bucketSettings(bands: readonly Band[]) {
  const buckets: { name: string; from: number; to: number | null }[] = []
  let next: number | null = 0
  for (const band of [...bands].sort((a, b) => a.min - b.min)) {
    if (next !== null && next < band.min) buckets.push({ name: `(${next})`, from: next, to: band.min - 1 })
    buckets.push({ name: band.name, from: band.min, to: band.max })
    next = band.max === null ? null : band.max + 1
  }
  if (next !== null) buckets.push({ name: `(${next})`, from: next, to: null })
  return buckets
}

describe.runIf(built)('the engine gives what was published', () => {
  // One run for each day and set of classes: its book holds every vector that is asked on that day.
  const runs = new Map<string, { asOf: string; tiers: Band[] | undefined; members: { vector: Vector; check: Check }[] }>()
  for (const vector of vectors) {
    for (const check of vector.checks) {
      const key = `${check.as_of} ${JSON.stringify(vector.tiers ?? [])}`
      const run = runs.get(key) ?? { asOf: check.as_of, tiers: vector.tiers, members: [] }
      run.members.push({ vector, check })
      runs.set(key, run)
    }
  }
  const answers = new Map<Check, Record<string, Cell>>()

  beforeAll(async () => {
    const waiting = [...runs.values()]
    const work = async () => {
      for (let run = waiting.pop(); run !== undefined; run = waiting.pop()) {
        const books = run.members.map(({ vector }) => rowsOf(vector))
        const { accounts, exit, stderr } = await ageBook({
          loans: books.flatMap((book) => book.loans),
          schedule: books.flatMap((book) => book.schedule),
          repayments: books.flatMap((book) => book.repayments),
          settings: { as_of: run.asOf, work_on: run.asOf, ...(run.tiers === undefined ? {} : { buckets: bucketSettings(run.tiers) }) },
        })
        expect(exit, stderr).toBe(0)
        for (const { vector, check } of run.members) answers.set(check, accounts.find((account) => account['account_id'] === vector.id)!)
      }
    }
    await Promise.all([work(), work()])
  })

  const cases = vectors.flatMap((vector) => vector.checks.map((check) => ({ name: `${vector.id} ${check.as_of}`, vector, check })))
  test.each(cases)('$name', ({ check }) => {
    const row = answers.get(check)!
    expectRow(check, row, cents)
    if ('tier' in check) {
      const bucket = String(row['bucket'])
      expect(bucket.startsWith('(') ? null : bucket).toBe(publishedClass(check))
    }
  })
})
