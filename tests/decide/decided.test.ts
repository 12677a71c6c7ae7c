import { describe, expect, test } from 'vitest'
import { decide, type Decided } from '../../src/decide/decided.ts'
import { firedFlags } from '../../src/decide/fired.ts'
import { readRuleFile } from '../../src/decide/rule-file.ts'
import { compileRules, type Rules } from '../../src/decide/rules.ts'
import type { Engine, Row } from '../../src/engine/engine.ts'
import { openEngine } from '../../src/engine/open.ts'
import { sql } from '../../src/engine/sql.ts'
import { accountsOf, kinds } from './book.ts'

const rulesOf = (text: string): Rules => compileRules(readRuleFile(text, 'rules.yaml'), kinds, { currencies: ['CNY'], knownValues: {} })

async function withEngine<T>(use: (engine: Engine) => Promise<T>) {
  const engine = await openEngine('duckdb', { scale: 2, threads: 1 })
  try {
    return await use(engine)
  } finally {
    engine.close()
  }
}

async function rowsOf({ accounts, actions }: Decided) {
  return withEngine(async (engine) => {
    await engine.define(actions)
    await engine.define(accounts)
    return {
      accounts: await engine.rows(sql`SELECT * FROM ${accounts} ORDER BY account_id`),
      actions: await engine.rows(sql`SELECT * FROM ${actions} ORDER BY account_id, seq`),
    }
  })
}

const one = rulesOf(`
- table: actions
  rules:
    - id: H1
      when: { product: '"pending"' }
      then: { action: none, reason: payment on its way }
    - id: S1
      when: { tier: '"short"', days_past_due: '[1..7]' }
      then: { action: sms, list: soft, channel: sms, priority: 3, template: S-01, due_in_days: 1, reason: first week late }
    - id: S2
      when: { tier: '"short"' }
      then: { action: call }
    - id: L1
      when: { tier: '"long"' }
      then: { action: letter, list: legal, priority: 1, due_in_days: 30 }
`)

const book: readonly Row[] = [
  { account_id: 'A', tier: 'short', days_past_due: 5 },
  { account_id: 'B', tier: 'short', days_past_due: 5, product: 'pending' },
  { account_id: 'C', tier: 'short', days_past_due: 8 },
  { account_id: 'D', tier: 'current', days_past_due: 0 },
  { account_id: 'E', tier: 'long', days_past_due: 95, held_reason: 'closed_but_owing' },
  { account_id: 'F', tier: 'short', days_past_due: 1, held_reason: 'row in quarantine', product: 'pending' },
]

const blank = { rule_id: null, channel: null, priority: null, template: null, action_due_on: null, reason: null }
// Worked by hand: work_on is 1 July 2025. E and F are held: they keep their action and stand in no list.
const expected = [
  { account_id: 'A', ...blank, rule_id: 'S1', action: 'sms', channel: 'sms', priority: 3, template: 'S-01', action_due_on: '2025-07-02', reason: 'first week late' },
  { account_id: 'B', ...blank, rule_id: 'H1', action: 'none', reason: 'payment on its way' },
  { account_id: 'C', ...blank, rule_id: 'S2', action: 'call' },
  { account_id: 'D', ...blank, action: 'none', reason: 'no rule' },
  { account_id: 'E', ...blank, rule_id: 'L1', action: 'letter', priority: 1, action_due_on: '2025-07-31' },
  { account_id: 'F', ...blank, rule_id: 'H1', action: 'none', reason: 'payment on its way' },
]
const lists: Record<string, string | null> = { A: 'soft', B: null, C: 'call', D: null, E: null, F: null }

test.each(['view', 'table'] as const)('one table, kept as a %s', async (kept) => {
  const decided = decide(accountsOf(book), one, kept)
  const { accounts, actions } = await rowsOf(decided)
  expect(Object.keys(decided.accounts.columns)).toEqual([...Object.keys(kinds), 'rule_id', 'action', 'channel', 'priority', 'template', 'action_due_on', 'reason'])
  expect(accounts).toMatchObject(expected)
  // All that came in goes out as it was.
  expect(accounts).toMatchObject(book)
  expect(actions).toEqual(expected.map((row) => ({ ...row, seq: 1, table_name: row.rule_id === null ? null : 'actions', list: lists[row.account_id] })))
})

const three = rulesOf(`
- table: first
  rules:
    - { id: F1, when: { product: '"pending"' }, then: { action: none, reason: payment on its way } }
    - { id: F2, when: { tier: '"short"' }, then: { action: sms, list: soft } }
- table: letters
  rules:
    - { id: L1, when: { days_past_due: '> 60' }, then: { action: letter, due_in_days: 0, priority: 2 } }
    - { id: L2, when: { tier: '"short"', days_past_due: '< 3' }, then: { action: none, reason: too early } }
- table: visits
  rules:
    - { id: V1, when: { days_past_due: '> 90' }, then: { action: visit } }
`)

test('several tables: an action of each, accounts carry the first that is not none', async () => {
  const { accounts, actions } = await rowsOf(
    decide(
      accountsOf([
        { account_id: 'A', tier: 'short', days_past_due: 2 },
        { account_id: 'B', tier: 'long', days_past_due: 95, product: 'pending' },
        { account_id: 'C', tier: 'long', days_past_due: 95, held_reason: 'x' },
        { account_id: 'D', tier: 'current', days_past_due: 0 },
        { account_id: 'E', tier: 'current', days_past_due: 0, product: 'pending' },
      ]),
      three,
    ),
  )
  expect(actions.map((row) => [row.account_id, row.seq, row.table_name, row.rule_id, row.action, row.list, row.action_due_on, row.reason])).toEqual([
    ['A', 1, 'first', 'F2', 'sms', 'soft', null, null],
    ['A', 2, 'letters', 'L2', 'none', null, null, 'too early'],
    ['B', 1, 'first', 'F1', 'none', null, null, 'payment on its way'],
    ['B', 2, 'letters', 'L1', 'letter', 'letter', '2025-07-01', null],
    ['B', 3, 'visits', 'V1', 'visit', 'visit', null, null],
    ['C', 1, 'letters', 'L1', 'letter', null, '2025-07-01', null],
    ['C', 2, 'visits', 'V1', 'visit', null, null, null],
    ['D', 1, null, null, 'none', null, null, 'no rule'],
    ['E', 1, 'first', 'F1', 'none', null, null, 'payment on its way'],
  ])
  expect(accounts.map((row) => [row.account_id, row.rule_id, row.action, row.priority, row.action_due_on, row.reason])).toEqual([
    ['A', 'F2', 'sms', null, null, null],
    ['B', 'L1', 'letter', 2, '2025-07-01', null],
    ['C', 'L1', 'letter', 2, '2025-07-01', null],
    ['D', null, 'none', null, null, 'no rule'],
    ['E', 'F1', 'none', null, null, 'payment on its way'],
  ])
})

test('rules without conditions, rules behind them, and nothing but none', async () => {
  const rules = rulesOf(`
- table: t
  rules:
    - { id: A, when: { tier: '"short"' }, then: { action: none, reason: short } }
    - { id: B, then: { action: none, reason: the rest } }
    - { id: C, when: { tier: '"long"' }, then: { action: call } }
`)
  const { accounts } = await rowsOf(decide(accountsOf([{ tier: 'short' }, { tier: 'long' }]), rules))
  expect(accounts.map((row) => [row.rule_id, row.action, row.reason])).toEqual([['A', 'none', 'short'], ['B', 'none', 'the rest']])
})

test.each([['one table', one], ['several tables', three]])('no accounts, %s', async (_, rules) => {
  expect(await rowsOf(decide(accountsOf([]), rules))).toEqual({ accounts: [], actions: [] })
})

test('names, ids and reasons reach the engine as they are', async () => {
  const rules = rulesOf(`
- table: it's a "table"
  rules:
    - id: "a'; DROP TABLE x; --"
      then: { action: call, list: it, reason: "50% \\\\ 'quoted' \\n 中文" }
`)
  const { actions } = await rowsOf(decide(accountsOf([{ tier: 'short' }]), rules))
  expect(actions).toMatchObject([{ table_name: `it's a "table"`, rule_id: "a'; DROP TABLE x; --", list: 'it', reason: "50% \\ 'quoted' \n 中文" }])
})

describe('explain', () => {
  test('each cell is one flag, made from the tree that decides', async () => {
    const accounts = accountsOf(book)
    const { flags, cells } = firedFlags(one, accounts)
    expect(cells).toEqual([
      { table: 'actions', rule: 'H1', column: 'product', text: '"pending"', flag: 't1_r1_c1' },
      { table: 'actions', rule: 'S1', column: 'tier', text: '"short"', flag: 't1_r2_c1' },
      { table: 'actions', rule: 'S1', column: 'days_past_due', text: '[1..7]', flag: 't1_r2_c2' },
      { table: 'actions', rule: 'S2', column: 'tier', text: '"short"', flag: 't1_r3_c1' },
      { table: 'actions', rule: 'L1', column: 'tier', text: '"long"', flag: 't1_r4_c1' },
    ])
    const found = await withEngine(async (engine) => {
      await engine.define(flags)
      return engine.rows(sql`SELECT * FROM ${flags} ORDER BY account_id`)
    })
    // Product of C is blank: the flag is false, not blank.
    expect(found[2]).toEqual({ account_id: 'C', t1_r1_c1: false, t1_r2_c1: true, t1_r2_c2: false, t1_r3_c1: true, t1_r4_c1: false })
    expect(found.map((row) => Object.values(row).slice(1).map((flag) => (flag === true ? 'T' : flag === false ? '.' : '?')).join(''))).toEqual(['.TTT.', 'TTTT.', '.T.T.', '.....', '....T', 'TTTT.'])
  })

  test('no accounts', async () => {
    const { flags } = firedFlags(three, accountsOf([]))
    expect(await withEngine(async (engine) => { await engine.define(flags); return engine.rows(sql`SELECT * FROM ${flags}`) })).toEqual([])
  })
})
