import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Row } from '../../src/engine/engine.ts'
import { explain, type Explanation } from '../../src/explain/explain.ts'
import { bookOf } from '../property/book.ts'
import { bookSeeds } from '../property/seeds.ts'
import { money, reference, type Answer } from '../reference/reference.ts'
import { explaining, folderOf, published } from './book.ts'
import { dirtySample, sample } from './dirty-sample.ts'

// What explain tells of an account and what a run publishes of it are the same, column by column, for every account of the sample
// and of dirty books; and what it tells line by line adds up to those figures. The lines of the invented books are held against
// the plain reference too.

const books = bookSeeds(4, 250, 20250707).map((seed, place) => ({ seed, place }))
const rules = readFileSync(join(sample, 'rules.yaml'), 'utf8').replaceAll(/, autopay: '[a-z]+'|, disputed: 'true'/g, '')

interface Told {
  readonly explanations: readonly Explanation[]
  readonly accounts: ReadonlyMap<string, Row>
  readonly actions: readonly Row[]
}

async function told(config: string): Promise<Told> {
  const { accounts, actions } = await published(config)
  const on = await explaining(config)
  try {
    return { explanations: await explain(on, [...accounts.keys()]), accounts, actions }
  } finally {
    on.close()
  }
}

/** What is due and covered on each day. */
function byDay(lines: readonly (readonly [string, bigint, bigint])[]): Record<string, string> {
  const days: Record<string, [bigint, bigint]> = {}
  for (const [day, due, paid] of lines) days[day] = [(days[day]?.[0] ?? 0n) + due, (days[day]?.[1] ?? 0n) + paid]
  return Object.fromEntries(Object.entries(days).map(([day, [due, paid]]) => [day, `${paid} of ${due}`]))
}

const cents = (amount: unknown, scale = 6) => money(String(amount), scale)
const sum = (amounts: readonly unknown[]) => amounts.reduce<bigint>((total, amount) => total + cents(amount), 0n)

/** All columns alike, and the lines add up to them. */
function mustBeEqual({ explanations, accounts, actions }: Told) {
  expect(explanations.length).toBe(accounts.size)
  for (const said of explanations) {
    const row = accounts.get(said.account_id)!
    expect(said.account, said.account_id).toEqual(row)
    if (row['tier'] === 'rejected') continue
    const due = said.instalments.filter(({ due_on }) => due_on <= said.as_of)
    const figures = {
      amount_covered: sum(due.map(({ paid }) => paid)),
      overdue_amount: sum(said.instalments.filter(({ days }) => days > 0).map(({ outstanding }) => outstanding)),
      outstanding_schedule: sum(said.instalments.map(({ outstanding }) => outstanding)),
      released_amount: sum(said.instalments.map(({ released }) => released)),
    }
    for (const [column, amount] of Object.entries(figures)) expect([said.account_id, column, amount]).toEqual([said.account_id, column, cents(row[column])])
    expect(sum(said.buckets.map(({ amount }) => amount)), said.account_id).toBe(cents(row['overdue_amount']) + cents(row['due_today_amount']))
    for (const line of said.instalments) {
      expect(sum(line.covered_by.map(({ amount }) => amount)), said.account_id).toBe(cents(line.paid))
      expect(cents(line.paid) <= cents(line.amount_due), said.account_id).toBe(true)
    }
    // Money that counts covers, is left, or was given back; nothing is told twice.
    const counted = sum(said.payments.map((payment) => payment.counted))
    const covers = sum(said.payments.flatMap((payment) => payment.covers.map(({ amount }) => amount)))
    const left = sum(said.payments.map((payment) => payment.left))
    expect(covers, said.account_id).toBe(sum(said.instalments.map(({ paid }) => paid)))
    expect(covers + left, said.account_id).toBe(counted > 0n ? counted : 0n)
    expect(cents(row['owed_back']), said.account_id).toBe(counted < 0n ? -counted : 0n)
    const [first] = actions.filter((action) => action['account_id'] === said.account_id)
    expect([said.account_id, said.rules!.actions.length > 0, said.rules!.tables[0]!.fired]).toEqual([said.account_id, true, first!['rule_id']])
    expect(said.rules!.actions[0]!.in_list, said.account_id).toBe(first!['list'] !== null && row['leads'] === true)
  }
}

describe('the sample', () => {
  test('explain and run are equal for every account', async () => {
    const all = await told(join(sample, 'arrears.yaml'))
    expect(all.accounts.size).toBe(600)
    mustBeEqual(all)
  })

  test('and for every account of the sample made dirty', async () => {
    const all = await told(dirtySample())
    // 600, the lower-case id, ZZ-1 to ZZ-5.
    expect(all.accounts.size).toBe(606)
    mustBeEqual(all)
  })
})

describe.each(books)('invented dirty book $place', ({ seed, place }) => {
  const { asOf, ...rows } = bookOf(seed, `E${place}`)
  const plus = (days: number) => new Date(Date.parse(asOf) + days * 86_400_000).toISOString().slice(0, 10)
  const workOn = plus(seed.workAfter)
  const state: { all?: Told } = {}
  beforeAll(async () => {
    const { config } = folderOf(rows, { zone: 'UTC', as_of: asOf, work_on: workOn, preventive_days: seed.preventiveDays, implausible_max_share: 1, ...(seed.dataAfter === undefined ? {} : { data_through: plus(seed.dataAfter) }) }, rules.replaceAll(`'"USD"'`, `'"${seed.currencies[1]}"'`).replaceAll(`'"CNY"'`, `'"${seed.currencies[0]}"'`))
    state.all = await told(config)
  })
  afterAll(() => void delete state.all)

  test('explain and run are equal for every account', () => mustBeEqual(state.all!))

  test('each instalment is covered as the plain reference has it', () => {
    const scale = 3
    const { accounts } = reference(rows, { asOf, workOn, preventiveDays: seed.preventiveDays, scale, currency: 'CNY' })
    const byId = new Map(accounts.map((answer): [string, Answer] => [answer.account_id, answer]))
    let compared = 0
    for (const said of state.all!.explanations) {
      const answer = byId.get(said.account_id)!
      if (['not_yet', 'cancelled', 'no_schedule'].includes(answer.tier) || answer.instalments.length === 0) continue
      const lines = said.instalments.map((line) => [line.due_on, money(line.amount_due, scale), money(line.paid, scale)] as const)
      const plain = answer.instalments.map((line) => [line.dueOn, line.due, line.covered] as const)
      expect(byDay(lines), said.account_id).toEqual(byDay(plain))
      // Without numbers nothing says which of two instalments of one day is the first.
      if (seed.numbered) expect(lines, said.account_id).toEqual(plain)
      compared += said.instalments.length
    }
    expect(compared).toBeGreaterThan(1000)
  })
})
