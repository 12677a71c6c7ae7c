import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { readRules } from '../../src/decide/read-rules.ts'
import type { Engine } from '../../src/engine/engine.ts'
import { openEngine } from '../../src/engine/open.ts'
import { inOrder, relationsIn, type Relation } from '../../src/engine/relation.ts'
import { sql } from '../../src/engine/sql.ts'
import { flow, testable, type Flow } from '../../src/flow.ts'
import { columnsOf, inputNames } from '../../src/read/inputs.ts'
import { planInputs } from '../../src/read/read.ts'
import { loadSettings } from '../../src/settings/load.ts'

// Names inside SQL are checked by the engine: every relation of the flow is defined over inputs without a row. Which text a
// relation has depends on the columns of the files, so books of several shapes go through it.

const base = mkdtempSync(join(tmpdir(), 'arrears-contract-'))
afterAll(() => rmSync(base, { recursive: true, force: true }))

type Headers = Record<(typeof inputNames)[number], readonly string[]>

const minimal: Headers = {
  loans: ['account_id'],
  schedule: ['account_id', 'due_on', 'amount_due'],
  repayments: ['account_id', 'paid_on', 'amount'],
}
const usual: Headers = {
  loans: ['account_id', 'borrower_id', 'product', 'currency', 'disbursed_on', 'status', 'closed_on', 'outstanding_principal', 'branch'],
  schedule: ['account_id', 'instalment_no', 'due_on', 'principal_due', 'interest_due'],
  repayments: ['payment_id', 'account_id', 'paid_on', 'amount', 'kind', 'reverses', 'status'],
}
/** Every column that there is, in another order than ours, and further ones of every type with names that need quoting. */
const all: Headers = {
  loans: ['客户 "名"', 'score', 'limit', 'born on', 'vip', ...Object.keys(columnsOf('loans')).reverse()],
  schedule: ['note', ...Object.keys(columnsOf('schedule')).reverse()],
  repayments: ['note', 'channel of payment', ...Object.keys(columnsOf('repayments')).reverse()],
}

const shapes: { name: string; headers: Headers; settings?: Record<string, unknown>; inputs?: Partial<Record<keyof Headers, object>>; tables?: Partial<Record<'pauses' | 'holidays' | 'statements', string>> }[] = [
  { name: 'the least columns', headers: minimal },
  { name: 'the usual columns', headers: usual },
  {
    name: 'all columns',
    headers: all,
    settings: { what_if_columns: true, blast_radius: true, unknown_status: 'open', currency: 'KWD', data_through: '2025-06-30', holds: { lift: ["L'1"] } },
    inputs: { loans: { columns: { score: 'integer', limit: 'number', 'born on': 'date', vip: 'boolean' }, values: { status: { 结清: 'closed', '': 'open' } } }, repayments: { key: ['payment_id', 'instalment_no'] } },
  },
  { name: 'keys that must be compared, and one file of two that lacks columns', headers: usual, inputs: { repayments: { files: ['repayments.csv', 'more.csv'], key: ['payment_id', 'account_id'] } } },
  { name: 'only a status, or only a kind, of payments', headers: { ...usual, repayments: ['account_id', 'paid_on', 'amount', 'status', 'reversed_on'] } },
  {
    name: 'versions of plans, and instalments that are skipped',
    headers: { ...usual, loans: [...usual.loans, 'restructured_on'], schedule: ['account_id', 'instalment_no', 'due_on', 'amount_due', 'version', 'status'] },
    settings: { conventions: { skip_instalments: ['waived'], products: { flex: { skip_instalments: [] } } } },
  },
  { name: 'a plan of what is open', headers: { ...usual, schedule: ['account_id', 'instalment_no', 'due_on', 'amount_open'] } },
  {
    name: 'parts of payments, cash that has to clear, and money before the file',
    headers: { loans: [...usual.loans, 'paid_before'], schedule: usual.schedule, repayments: [...usual.repayments, 'reversed_on', 'principal_paid', 'penalty_paid'] },
    settings: { cover_from: ['principal'], conventions: { products: { debit: { clearing_days: 2 } } } },
    inputs: { repayments: { complete_from: '2025-01-01' } },
  },
  {
    name: 'pauses, due dates that move, and the class of a borrower',
    headers: { ...usual, loans: [...usual.loans, 'region'] },
    settings: { contagion: { share: 0.2 }, conventions: { business_days: 'next', grace_days: 3, products: { card: { business_days: 'previous', business_days_counting: 'original', pause_span: 'whole' } } } },
    tables: { pauses: 'account_id,product,region,from,to\n,card,,2025-01-01,2025-02-01\n', holidays: 'region,date\nnorth,2025-01-01\n' },
  },
  {
    name: 'the past of accounts, as known on a day',
    headers: { ...usual, schedule: ['account_id', 'instalment_no', 'due_on', 'principal_due', 'interest_due', 'added_on'], repayments: [...usual.repayments, 'received_on', 'principal_paid', 'interest_paid'] },
    settings: { known_on: 'as_of', conventions: { materiality: { absolute: { CNY: '100' }, relative: 0.01, counting: 'since_material' }, months: 'mba', products: { card: { materiality: { relative: 0.1 }, count_from: 'due_date' } } } },
    tables: { pauses: 'account_id,from,to\nA,2025-01-01,2025-02-01\n' },
  },
  { name: 'a tier that stays, and the columns of the past', headers: usual, settings: { history_columns: true, conventions: { sticky: { from: 'medium' }, products: { card: { sticky: { from: 'long', until: 'probation' }, materiality: { absolute: { CNY: '10' } } } } } } },
  { name: 'pauses alone', headers: minimal, tables: { pauses: 'account_id,from,to\nA,2025-01-01,2025-02-01\n' } },
  { name: 'versions by their first day alone', headers: { ...usual, schedule: ['account_id', 'instalment_no', 'due_on', 'amount_due', 'valid_from'] } },
  { name: 'statements beside plans, and a tier that stays', headers: { ...usual, loans: [...usual.loans, 'method', 'next_due_on', 'paid_through_on', 'frequency', 'instalment_amount', 'days_past_due', 'overdue_amount'] }, settings: { history_columns: true, conventions: { sticky: { from: 'medium' }, grace_days: 3 } }, tables: { statements: 'account_id,statement_on,due_on,minimum_due,past_due_in_minimum,balance\n' } },
  { name: 'balances alone', headers: { ...usual, loans: [...usual.loans, 'days_past_due', 'overdue_amount', 'next_due_on', 'paid_through_on', 'frequency', 'first_due_on'] }, settings: { conventions: { grace_days: 3 } }, inputs: { schedule: { files: undefined }, repayments: { files: undefined } } },
  { name: 'words for what was paid', headers: { ...usual, schedule: ['account_id', 'due_on', 'amount_due', 'status', 'paid_on'] }, inputs: { repayments: { files: undefined } } },
  { name: 'rows that are payments', headers: { ...usual, schedule: ['account_id', 'instalment_no', 'due_on', 'amount_due', 'amount_paid', 'paid_on'] }, inputs: { schedule: { rows: 'payment' }, repayments: { files: undefined } } },
  { name: 'rows that are components, of open instalments alone', headers: { ...usual, schedule: ['account_id', 'instalment_no', 'due_on', 'amount_due', 'kind', 'amount_paid'] }, inputs: { schedule: { rows: 'component', open_only: true } } },
  { name: 'parts of the amount due, and the whole', headers: { ...usual, schedule: ['account_id', 'due_on', 'amount_due', 'principal_due', 'fee_due'], repayments: ['payment_id', 'account_id', 'paid_on', 'amount', 'kind'] } },
]

const rules = `- table: actions
  hit: first
  rules:
    - id: S
      when: { tier: '"short","medium"', days_past_due: '> 3', held_reason: 'null' }
      then: { action: call, list: soft, priority: 1, due_in_days: 1, reason: late }
- table: letters
  hit: first
  rules:
    - id: L
      when: { tier: '"long"' }
      then: { action: letter, list: letters, reason: very late }
`

const header = (columns: readonly string[]) => `${columns.map((column) => (/[",]/.test(column) ? `"${column.replaceAll('"', '""')}"` : column)).join(',')}\n`

async function flowOver({ name, headers, settings, inputs, tables = {} }: (typeof shapes)[number], engine: Engine): Promise<Flow> {
  const dir = join(base, name.replaceAll(/\W/g, '-'))
  mkdirSync(join(dir, 'scratch'), { recursive: true })
  for (const input of inputNames) writeFileSync(join(dir, `${input}.csv`), header(headers[input]))
  writeFileSync(join(dir, 'more.csv'), header(['amount', 'paid_on', 'account_id', 'payment_id']))
  writeFileSync(join(dir, 'rules.yaml'), rules)
  const files = Object.fromEntries(inputNames.map((input) => [input, { files: `${input}.csv`, allow_empty: true, ...inputs?.[input] }]))
  for (const [table, text] of Object.entries(tables)) writeFileSync(join(dir, `${table}.csv`), text)
  writeFileSync(join(dir, 'arrears.yaml'), JSON.stringify({ zone: 'UTC', as_of: '2025-06-30', currency: 'CNY', rules: 'rules.yaml', ...settings, inputs: { ...files, ...Object.fromEntries(Object.keys(tables).map((table) => [table, { files: `${table}.csv`, ...(table === 'statements' ? { allow_empty: true } : {}) }] as const)) } }))
  const inForce = loadSettings({ config: join(dir, 'arrears.yaml') }, true)
  const plans = await planInputs(engine, inForce)
  const columns = testable(plans, inForce)
  const read = readRules(inForce)
  return await flow({ engine, settings: inForce, plans, scratch: join(dir, 'scratch'), rules: (book) => read.withBook(columns, book, engine), onStep: () => {}, keepRows: true })
}

describe.each(shapes)('$name', (shape) => {
  test('every relation of the flow is defined, with the columns that it declares, and is empty', async () => {
    const engine = await openEngine('duckdb', { scale: 2 })
    try {
      const { validated, classified, outcome } = await flowOver(shape, engine)
      const seen = new Set<Relation>()
      const steps = relationsIn([validated, classified, outcome]).flatMap((last) => inOrder(last, seen))
      // The flow is all there: from the rows as read to the accounts with their actions.
      for (const name of ['loans read', 'schedule faults', 'repayments faults', 'instalments', 'plan', 'received', 'walked', 'standing', 'classified', 'accounts', 'decided', 'actions']) expect(steps.map((step) => step.name)).toContain(name)
      // A relation is known to the engine by its name.
      const names = steps.map((step) => step.name)
      expect(names.filter((name, place) => names.indexOf(name) !== place)).toEqual([])
      for (const step of steps) {
        await engine.define(step)
        const columns = await engine.describe(sql`SELECT * FROM ${step}`)
        expect(columns.map(({ name }) => name), step.name).toEqual(Object.keys(step.columns))
        expect(columns.map(({ type }) => type), step.name).toEqual(Object.values(step.columns).map((type) => engine.dialect.type(type)))
        // The small tables are put in place with their rows.
        if (['moved days', 'pauses'].includes(step.name)) continue
        const [counted] = await engine.rows(sql`SELECT count(*) AS n FROM ${step}`)
        expect(Number(counted!['n']), step.name).toBe(0)
      }
    } finally {
      engine.close()
    }
  })
})
