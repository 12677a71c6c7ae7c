import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { afterEach, describe, expect, test } from 'vitest'
import { openEngine } from '../../src/engine/open.ts'
import { UserError } from '../../src/errors.ts'
import type { Outcome } from '../../src/outcome.ts'
import { publish, publishRefused, publishSteps } from '../../src/publish/publish.ts'
import { openRunFolder } from '../../src/publish/run-folder.ts'
import { filesOf, scratch } from './book.ts'
import { rejects, smallBook } from './small-book.ts'

const cleanups: (() => void)[] = []
afterEach(() => cleanups.splice(0).reverse().forEach((clean) => clean()))

async function run(lines: readonly string[] = ['worklists: { columns: [name, phone] }'], outcome: Outcome = smallBook()) {
  const { out, dir, settings, done } = scratch(lines)
  cleanups.push(done)
  const folder = await openRunFolder(out, settings.as_of)
  cleanups.push(() => folder.close())
  const engine = await openEngine('duckdb', { scale: 2, threads: 2, spill: folder.spill })
  cleanups.push(() => engine.close())
  const steps: string[] = []
  const facts = () => ({ started_at: '2025-07-01T04:00:00.000Z', ended_at: '2025-07-01T04:00:09.000Z', stages: [{ name: 'read', ms: 5 }], versions: { node: '20' } })
  const published = await publish({ outcome, accountsIn: 10, settings, engine, folder, version: '0.1.0', facts, onStep: (step) => steps.push(step) })
  const at = join(out, 'latest')
  const rows = (file: string): Record<string, string>[] => parse(readFileSync(join(at, file)), { columns: true, bom: true })
  return { out, dir, at, settings, engine, published, steps, rows, text: (file: string) => readFileSync(join(at, file), 'utf8') }
}

describe('a published run', () => {
  test('has its files, and its steps were announced in their order', async () => {
    const { at, steps } = await run()
    expect(steps).toEqual([...publishSteps])
    expect(Object.keys(filesOf(at)).sort()).toEqual([
      'accounts.parquet', 'actions.parquet', 'rejects/loans.csv', 'rejects/repayments.csv', 'reports/actions.csv', 'reports/ageing.csv', 'reports/exceptions.csv', 'run.json',
      'unmatched/repayments.csv', 'worklists/letters.csv', 'worklists/letters.summary.json', 'worklists/soft.csv', 'worklists/soft.summary.json', 'worklists/电话.csv', 'worklists/电话.summary.json',
    ])
  })

  test('a run without rules has no actions and no lists', async () => {
    const { at } = await run([], { ...smallBook(), actions: undefined })
    expect(Object.keys(filesOf(at)).filter((file) => /action|worklists/.test(file))).toEqual([])
  })

  test('parquet files are exact and in order', async () => {
    const { at, engine } = await run()
    const { sql, text } = await import('../../src/engine/sql.ts')
    const accounts = await engine.rows(sql`SELECT account_id, name, score, overdue_amount FROM read_parquet(${text(join(at, 'accounts.parquet'))})`)
    expect(accounts.map((row) => row.account_id)).toEqual(['L-01', 'L-02', 'L-03', 'L-04', 'L-05', 'L-06', 'L-07', 'L-08', 'L-09', 'L-10'])
    expect(accounts[0]).toEqual({ account_id: 'L-01', name: '=1+1', score: '0.350000', overdue_amount: '40.00' })
    const actions = await engine.rows(sql`SELECT account_id, seq FROM read_parquet(${text(join(at, 'actions.parquet'))})`)
    expect(actions.slice(2, 4)).toEqual([{ account_id: 'L-03', seq: 1 }, { account_id: 'L-03', seq: 2 }])
  })
})

describe('work lists', () => {
  // In the order of a call: who, how much, how it came about, what to do; then what passes through, then what the collector fills.
  const header = [
    'rank', 'account_id', 'borrower_id', 'name', 'phone', 'product', 'currency', 'days_past_due', 'tier', 'cure_amount', 'overdue_amount', 'overdue_principal', 'overdue_interest', 'overdue_fee',
    'charges_outstanding', 'instalments_overdue', 'oldest_unpaid_due_on', 'next_due_on', 'next_due_amount', 'outstanding_schedule', 'last_paid_on', 'last_paid_amount', 'pending_amount', 'borrower_accounts', 'borrower_accounts_late',
    'borrower_overdue_amount', 'other_accounts', 'days_to_roll', 'action', 'channel', 'priority', 'template', 'reason_in_words', 'action_due_on', 'contact_from', 'contact_until', 'gate', 'gate_reason', 'loan_note', 'score',
    'result_code', 'result_at', 'spoke_with', 'promise_amount', 'promise_on', 'note',
  ]

  test('begin with a byte order mark and the header', async () => {
    const { text } = await run()
    expect(text('worklists/soft.csv').split('\n')[0]).toBe(`\uFEFF${header.join(',')}`)
  })

  test('have no byte order mark where the settings say so', async () => {
    const { text } = await run(['bom: false'])
    expect(text('worklists/soft.csv').startsWith('rank,account_id,borrower_id,product,')).toBe(true)
    expect(text('reports/ageing.csv').startsWith('currency,')).toBe(true)
    expect(text('rejects/loans.csv').startsWith('file,')).toBe(true)
  })

  test('hold the leading account of each borrower that is not held, the most urgent first', async () => {
    const { rows } = await run()
    // Equal in priority, days, money and currency: the account id decides. L-04 is held.
    expect(rows('worklists/电话.csv').map((row) => [row.rank, row.account_id])).toEqual([['1', 'L-02'], ['2', 'L-03']])
    // L-05 does not lead; L-06 is not late.
    expect(rows('worklists/soft.csv').map((row) => [row.rank, row.account_id])).toEqual([['1', 'L-01'], ['2', 'L-06']])
    expect(rows('worklists/letters.csv').map((row) => row.account_id)).toEqual(['L-03'])
  })

  test('show cells that a spreadsheet opens rightly', async () => {
    const { rows, text } = await run()
    const [first] = rows('worklists/soft.csv')
    expect(first).toMatchObject({ name: "'=1+1", phone: '+8613800000001', loan_note: 'vip', note: '', score: '0.35', cure_amount: '40.00', template: 'S-01', action_due_on: '2025-07-02', gate: 'unchecked', gate_reason: 'lawfulness of contact was not checked', result_code: '' })
    expect(rows('worklists/电话.csv').map((row) => [row.name, row.phone])).toEqual([['张三', '013800000002'], ['Li, "Lei"', '']])
    expect(text('worklists/电话.csv')).toContain('"Li, ""Lei"""')
  })

  test('a column that no loan has is a question of the settings', async () => {
    await expect(run(['worklists: { columns: [phon] }'])).rejects.toMatchObject({ code: 'settings-wrong', exit: 2, message: expect.stringContaining('"phon"'), todo: 'Did you mean "phone"?' })
  })
})

describe('quarantine', () => {
  test('rejects are in order of file and line, with the raw row, for each input read', async () => {
    const { rows, text } = await run()
    expect(rows('rejects/repayments.csv').map((row) => [row.line, row.value, row.raw])).toEqual([['3', 'abc', 'P3,,abc'], ['9', '1e3', 'P9,L-04,1e3'], ['10', "'=2", '\'=2,"L-04"\nx']])
    expect(text('rejects/loans.csv').split('\n')[0]).toBe('\uFEFFfile,line,column,code,value,message,raw')
  })

  test('unmatched rows are in order of their place', async () => {
    const { rows } = await run()
    expect(rows('unmatched/repayments.csv')).toEqual([
      { file: 'repayments.csv', record: '4', why: 'no_loan', account_id: 'L-99', amount: '3.00', currency: 'CNY' },
      { file: 'repayments.csv', record: '12', why: 'no_loan', account_id: "'@X", amount: '2.00', currency: 'CNY' },
    ])
  })
})

describe('run.json', () => {
  test('says what was in force, what came in and what adds up', async () => {
    const { text } = await run(['zone: Asia/Shanghai', 'threads: 2', 'memory: 200MB'])
    const content = JSON.parse(text('run.json'))
    expect(content).toMatchObject({
      arrears: '0.1.0', as_of: '2025-06-30', work_on: '2025-07-01', data_through: null, newest_payment: '2025-06-29', conventions: 'tiers by days past due', contact: 'Lawfulness of contact was not checked.',
      settings: { zone: { value: 'Asia/Shanghai', origin: 'file' }, preventive_days: { value: 3, origin: 'default' } },
      rules: null,
      inputs: [{ input: 'loans', name: 'loans.csv', bytes: 1234, rows: 10, sha256: 'ab'.repeat(32) }],
      rejected: [{ code: 'loans: currency-unknown', rows: 1, accounts: 1 }, { code: 'repayments: amount-not-a-number', rows: 3, accounts: 1 }],
      unmatched: [{ why: 'repayments: no_loan', currency: 'CNY', rows: 2, amount: '5.00' }],
      worklists: [{ list: 'letters', rows: 1, file: 'worklists/letters.csv' }, { list: 'soft', rows: 2, file: 'worklists/soft.csv' }, { list: '电话', rows: 2, file: 'worklists/电话.csv' }],
      warnings: [{ code: 'newest-payment-old', count: 2, names: ['L-01', 'L-02'] }],
      not_used_yet: [{ input: 'schedule', columns: ['version'] }],
      run: { started_at: '2025-07-01T04:00:00.000Z', stages: [{ name: 'read', ms: 5 }], threads: 2, memory: '200MB', inputs: [{ input: 'loans', path: 'exports/loans.csv' }], versions: { node: '20' } },
    })
    expect(content.tiers).toContainEqual({ currency: 'CNY', tier: 'medium', accounts: 2, overdue_amount: '180.00', held: 0 })
    expect(content.checks.every((check: { holds: boolean }) => check.holds)).toBe(true)
    // Nothing of the machine outside the object `run`.
    const { run: ofThisRun, ...always } = content
    expect(ofThisRun).toBeDefined()
    expect(JSON.stringify(always)).not.toMatch(/200MB|exports\/|arrears-publish|"threads"|"memory"|"out"/)
  })

  test('names the rule file and its hash', async () => {
    const { dir, settings, done } = scratch(['rules: rules.yaml'])
    cleanups.push(done)
    writeFileSync(join(dir, 'rules.yaml'), 'abc')
    const { manifest } = await import('../../src/publish/manifest.ts')
    const summary = { ageing: { rows: [] }, exceptions: { rows: [] }, checks: [] } as never
    const content = JSON.parse(manifest('0', smallBook(), summary, [], settings, { started_at: '', stages: [], versions: {} }, ''))
    // FIPS 180-2, appendix B.1: SHA-256 of "abc".
    expect(content.rules).toEqual({ name: 'rules.yaml', sha256: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad' })
  })
})

describe('a refused run', () => {
  test('shows its rejects and why, beside what was published before', async () => {
    const { out, settings, at } = await run()
    cleanups.splice(1).reverse().forEach((clean) => clean())
    const before = filesOf(at)
    const folder = await openRunFolder(out, settings.as_of)
    const error = new UserError('rejects-over-limit', { input: 'repayments', value: 3, other: 20, name: '1 %', hint: 'Mend the export.' })
    await publishRefused({ errors: [error], outcome: { rejects, rows: smallBook().rows, files: [] }, settings, folder })
    folder.close()
    const refused = join(out, 'refused', '2025-06-30')
    expect(Object.keys(filesOf(refused)).sort()).toEqual(['rejects/loans.csv', 'rejects/repayments.csv', 'why.txt'])
    expect(readFileSync(join(refused, 'why.txt'), 'utf8')).toContain('repayments: 3 of 20 rows were rejected, more than the allowed share of 1 %.\nMend the export.')
    expect(filesOf(at)).toEqual(before)
  })
})
