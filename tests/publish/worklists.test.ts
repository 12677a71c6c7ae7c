import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { describe, expect, test } from 'vitest'
import { sql } from '../../src/engine/sql.ts'
import { openEngine } from '../../src/engine/open.ts'
import { UserError, UserErrors } from '../../src/errors.ts'
import type { Outcome } from '../../src/outcome.ts'
import { checkWorklists } from '../../src/publish/lists/checked.ts'
import { listSaid, publishLists } from '../../src/publish/lists/lists.ts'
import { reconcile } from '../../src/publish/reconcile.ts'
import { makeActions } from '../../src/publish/reports/actions.ts'
import { account, accountsOf, actionsOf, late, outcomeOf, scratch, type AccountRow } from './book.ts'

// Six borrowers of whom one has three accounts, worked by hand.
const rows: AccountRow[] = [
  account({ account_id: '0012', borrower_id: 'B-1', ...late(41, '2340.50'), instalments_overdue: 2, charges_outstanding: '46.81', cure_amount: '2387.31', overdue_principal: '2000.00', overdue_interest: '340.50', borrower_accounts: 3, borrower_accounts_late: 3, borrower_overdue_amount: '3440.50', action: 'call', reason: 'second month late', name: '张伟', region: 'north', score: '0.500000' }),
  account({ account_id: '0013', borrower_id: 'B-1', leads: false, ...late(9, '1100.00'), borrower_accounts: 3, action: 'call', reason: 'late' }),
  account({ account_id: '0014', borrower_id: 'B-1', leads: false, ...late(3, '7.00'), currency: 'USD', held_reason: 'row_in_quarantine', borrower_accounts: 3, action: 'call', reason: 'late' }),
  account({ account_id: '0020', borrower_id: 'B-2', ...late(1, '50.00'), action: 'call', reason: 'late', name: '=HYPERLINK("x")', region: 'south' }),
  account({ account_id: '0030', borrower_id: 'B-3', ...late(12, '1234567.89'), currency: 'USD', action: 'sms', reason: '{days_past_due} days; pay {cure_amount} by {action_due_on}, {region}', action_due_on: '2025-07-02', region: 'north' }),
  account({ account_id: '0040', borrower_id: 'B-4', tier: 'preventive', next_due_on: '2025-07-03', next_due_amount: '512.00', action: 'call', reason: 'due date ahead' }),
  account({ account_id: '0050', borrower_id: 'B-5', days_late: 2, overdue_amount: '80.00', amount_due_to_date: '80.00', instalments_overdue: 1, late_reason_waived: 'grace', action: 'call', reason: 'look' }),
  account({ account_id: '0060', borrower_id: 'B-6', ...late(5, '9.00'), held_reason: 'row_in_quarantine', action: 'call', reason: 'late' }),
  account({ account_id: '0070', action: 'none', reason: 'nothing is due' }),
]
const listed = (list: string) => rows.filter((row) => row.action !== 'none').map(({ account_id, action, reason, action_due_on }) => ({ account_id: account_id!, action: action!, reason: reason!, action_due_on: action_due_on ?? null, channel: 'phone', priority: 1, list: account_id === '0014' || account_id === '0060' ? null : list }))
const none = { account_id: '0070', action: 'none', reason: 'nothing is due' }
const passed = { name: 'text', region: 'text', score: 'number', note: 'text' } as const

async function lists(lines: readonly string[], over: Partial<Outcome> = {}, acts = [...listed('desk'), none]) {
  const { dir, settings, done } = scratch(lines)
  const engine = await openEngine('duckdb', { scale: 2, threads: 1 })
  const outcome = outcomeOf(accountsOf(rows.map((row) => (row.action === 'none' ? row : { ...row, channel: 'phone', priority: 1, rule_id: 'R1' })), passed), actionsOf(acts), { reasonPatterns: [String(rows[4]!.reason)], ...over })
  const published = await publishLists(outcome, settings, engine, { path: (_: string, file?: string) => join(dir, file!) } as never)
  const file = (name: string) => readFileSync(join(dir, name), 'utf8')
  const read = Object.fromEntries(published!.lists.map(({ list }) => [list, { rows: parse(file(`${list}.csv`), { columns: true, bom: true }) as Record<string, string>[], summary: JSON.parse(file(`${list}.summary.json`)) as Record<string, unknown>, text: file(`${list}.csv`) }] as const))
  const checks = await reconcile(outcome, rows.length, settings, engine, published)
  const report = await makeActions(outcome.accounts, outcome.actions!, engine, published)
  engine.close()
  done()
  return { ...published!, read, settings, control: checks.find(({ name }) => name === 'lists')!, report }
}

describe('a list without settings of its own', () => {
  test('says why in words, with the figures; the other accounts stand beside the leading one', async () => {
    const { read, control } = await lists([])
    expect(read.desk!.rows.map((row) => [row.account_id, row.reason_in_words, row.other_accounts])).toEqual([
      ['0012', 'second month late: 41 days, 2 instalments, 2,340.50 CNY, charges 46.81', '0013 9 days 1,100.00 CNY; 0014 3 days 7.00 USD (held)'],
      ['0030', '12 days; pay 1,234,567.89 by 2025-07-02, north', ''],
      ['0020', 'late: 1 day, 1 instalment, 50.00 CNY', ''],
      ['0050', 'look: 2 days late, not past due, 1 instalment, 80.00 CNY', ''],
      ['0040', 'due date ahead: due 2025-07-03, 512.00 CNY', ''],
    ])
    expect(read.desk!.rows[0]).toMatchObject({ cure_amount: '2387.31', overdue_principal: '2000.00', overdue_interest: '340.50', overdue_fee: '', contact_from: '', result_code: '', score: '0.5' })
    expect(control).toMatchObject({ says: '7 accounts that lead = 5 in lists (5 rows) + 0 blocked + 1 held + 1 with no action', holds: true })
  })

  test('in Chinese where the settings say so', async () => {
    const { read } = await lists(['language: zh'])
    expect(read.desk!.rows.map((row) => row.reason_in_words)).toEqual([
      'second month late：逾期41天，2期未还，2,340.50 CNY，另有费用46.81', '12 days; pay 1,234,567.89 by 2025-07-02, north', 'late：逾期1天，1期未还，50.00 CNY', 'look：迟付2天，按约定不计逾期，1期未还，80.00 CNY', 'due date ahead：2025-07-03到期，512.00 CNY',
    ])
    expect(read.desk!.rows[0]!.other_accounts).toBe('0013 逾期9天 1,100.00 CNY；0014 逾期3天 7.00 USD（暂缓）')
  })

  test('its sums stand beside it, per currency', async () => {
    const { read } = await lists([])
    expect(read.desk!.summary).toMatchObject({
      list: 'desk', file: 'desk.csv', as_of: '2025-06-30', rows: 5, accounts: 5, borrowers: 5, limit: null, cut_by_limit: { rows: 0 },
      by_currency: [{ currency: 'CNY', rows: 4, overdue_amount: '2470.50', cure_amount: '2437.31' }, { currency: 'USD', rows: 1, overdue_amount: '1234567.89' }],
    })
  })

  // No spreadsheet is at hand: what an import goes by is looked at, byte for byte.
  test('as a spreadsheet imports it: byte order mark, quotes where there are commas, text as it is, nothing that computes', async () => {
    const { read } = await lists([])
    const { text, rows: cells } = read.desk!
    expect(text.startsWith('\uFEFFrank,')).toBe(true)
    expect(text).toContain(',"second month late: 41 days, 2 instalments, 2,340.50 CNY, charges 46.81",')
    expect(text).toContain('张伟')
    expect(cells.map((row) => row.name)).toContain(`'=HYPERLINK("x")`)
    expect(cells.map((row) => row.account_id)).toEqual(['0012', '0030', '0020', '0050', '0040'])
    for (const row of cells) for (const cell of Object.values(row)) expect(cell).not.toMatch(/^[=@\t\r\n＝＋－＠]|^[-+](?!\d+(\.\d+)?$)/)
    for (const row of cells) for (const day of [row.action_due_on, row.next_due_on]) expect(day).toMatch(/^(\d{4}-\d{2}-\d{2})?$/)
    expect(text.endsWith('\n') && !text.includes('\r')).toBe(true)
  })
})

// An account of one action says all of it: nothing is joined, and the lists are the same to the byte.
test.each([[[]], [['worklists: { desk: { limit: 3, sort: [region desc], tiers: [short, medium] } }']], [['worklists: { desk: { columns: [name, reason_in_words] } }']]])('one action each: %j', async (lines) => {
  const one = { oneEach: true, listOf: sql`CASE WHEN held_reason IS NOT NULL OR action = 'none' THEN NULL ELSE 'desk' END` }
  const [joined, unjoined] = [await lists(lines), await lists(lines, one)]
  expect(unjoined.read).toEqual(joined.read)
  expect([unjoined.placed, unjoined.leftOut, unjoined.control]).toEqual([joined.placed, joined.leftOut, joined.control])
})

describe('settings of one list', () => {
  test('columns in their order; ids first, the gate and the empty columns last', async () => {
    const { read } = await lists(['worklists:', '  desk: { columns: [name, loan_note, reason, cure_amount, rule_id] }'])
    expect(Object.keys(read.desk!.rows[0]!)).toEqual(['rank', 'account_id', 'name', 'loan_note', 'reason', 'cure_amount', 'rule_id', 'gate', 'gate_reason', 'result_code', 'result_at', 'spoke_with', 'promise_amount', 'promise_on', 'note'])
    expect(read.desk!.rows[0]).toMatchObject({ name: '张伟', reason: 'second month late', rule_id: 'R1', gate: 'unchecked' })
    const { read: own } = await lists(['worklists: { desk: { columns: [gate, account_id, note, rank] } }'])
    expect(own.desk!.text.split('\n')[0]).toBe('\uFEFFgate,account_id,note,rank,gate_reason')
  })

  test('sort: what it leaves open the usual order decides; blanks come last', async () => {
    const order = async (sort: string) => (await lists([`worklists: { desk: { sort: [${sort}] } }`])).read.desk!.rows.map((row) => row.account_id)
    expect(await order('overdue_amount')).toEqual(['0040', '0020', '0050', '0012', '0030'])
    expect(await order('region desc, cure_amount desc')).toEqual(['0020', '0030', '0012', '0050', '0040'])
    expect(await order('currency DESC')).toEqual(['0030', '0012', '0020', '0050', '0040'])
  })

  test('limit: the first so many, and what was cut is said', async () => {
    const { read, lists: published, control, settings, report } = await lists(['worklists: { desk: { limit: 2 } }'])
    expect(read.desk!.rows.map((row) => [row.rank, row.account_id])).toEqual([['1', '0012'], ['2', '0030']])
    expect(read.desk!.summary).toMatchObject({ rows: 2, limit: 2, cut_by_limit: { rows: 3, by_currency: [{ currency: 'CNY', rows: 3, overdue_amount: '130.00' }] } })
    expect(published).toEqual([{ list: 'desk', rows: 2, file: 'worklists/desk.csv', cut: 3 }])
    expect(listSaid(published[0]!, settings)).toBe('desk: 2 rows in worklists/desk.csv; 3 more cut by its limit of 2')
    expect(control).toMatchObject({ says: '7 accounts that lead = 2 in lists (2 rows) + 0 blocked + 1 held + 1 with no action + 3 cut by a limit', holds: true })
    // CNY: 0012 in the list, 0013 beside it, 0020 0040 0050 cut; 0014 and 0060 are held, with no list. USD: 0030.
    expect(report.rows.filter(({ list }) => list !== null).map((row) => [row.currency, row.action, row.accounts, row.in_list, row.held, row.beside_the_leading, row.cut_by_limit])).toEqual([['CNY', 'call', 5, 1, 0, 1, 3], ['USD', 'sms', 1, 1, 0, 0, 0]])
  })

  test('tiers and actions: what the list does not take is said', async () => {
    const { read, lists: published, control, report } = await lists(['worklists: { desk: { tiers: [short, medium], actions: [call] } }'])
    expect(read.desk!.rows.map((row) => row.account_id)).toEqual(['0012', '0020'])
    expect(read.desk!.summary).toMatchObject({ takes: { tiers: ['short', 'medium'], actions: ['call'] }, left_out: { rows: 3, by_currency: [{ currency: 'CNY', rows: 2 }, { currency: 'USD', rows: 1 }] } })
    expect(published[0]).toMatchObject({ rows: 2, left_out: 3 })
    expect(control).toMatchObject({ says: '7 accounts that lead = 2 in lists (2 rows) + 0 blocked + 1 held + 1 with no action + 3 that their lists do not take', holds: true })
    expect(report.rows.find(({ list, currency }) => list === 'desk' && currency === 'USD')).toMatchObject({ accounts: 1, in_list: 0, left_out: 1 })
  })

  test('an account that one list cuts and another has is in a list', async () => {
    const acts = [...listed('desk'), none, { account_id: '0020', seq: 2, action: 'letter', list: 'letters', channel: 'post', priority: 1, reason: 'x', action_due_on: null }]
    const { control, read } = await lists(['worklists: { desk: { limit: 1 } }'], {}, acts)
    expect(read.letters!.rows.map((row) => row.account_id)).toEqual(['0020'])
    expect(control.says).toBe('7 accounts that lead = 2 in lists (2 rows) + 0 blocked + 1 held + 1 with no action + 3 cut by a limit')
  })
})

test('lists that ties hold back are counted as that', async () => {
  const { lists: published, control, report } = await lists([], { ties: { rows: [], holdsLists: true } })
  expect(published).toEqual([])
  expect(control).toMatchObject({ says: '7 accounts that lead = 0 in lists + 5 in lists held back + 0 blocked + 1 held + 1 with no action', holds: true })
  expect(report.rows.find(({ list, currency }) => list === 'desk' && currency === 'CNY')).toMatchObject({ in_list: 0, held_back: 4, beside_the_leading: 1 })
})

describe('wrong names are said before anything is run, with place and nearest name', () => {
  const rules = { tables: [{ name: 'actions', rules: [{ gives: { action: 'call', list: 'desk' } }, { gives: { action: 'sms', list: 'desk' } }, { gives: { action: 'letter' } }, { gives: { action: 'none', reason: 'x' } }] }] }
  const errors = (lines: readonly string[]) => {
    const { settings, done } = scratch(lines)
    done()
    try {
      checkWorklists(settings, Object.keys(passed), rules as never)
      return []
    } catch (error) {
      return (error instanceof UserErrors ? error.errors : [error as UserError]).map(({ place, says, todo, exit }) => [`${place.line}:${place.column}`, says, todo, exit])
    }
  }
  // Two lines of dates stand before these.
  test.each([
    ['worklists: { columns: [phon, name] }', '3:24', 'worklists.columns names "phon", which is no further column of loans.', 'Further columns of loans: name, region, score, note.'],
    ['worklists: { columns: [nam] }', '3:24', 'worklists.columns names "nam", which is no further column of loans.', 'Did you mean "name"?'],
    ['worklists: { dask: { limit: 5 } }', '3:14', 'worklists.dask: no rule gives a list of that name.', 'Did you mean "desk"?'],
    ['worklists: { desk: { columns: [name, cure_amuont] } }', '3:38', 'worklists.desk.columns names "cure_amuont", which is no column of lists.', 'Did you mean "cure_amount"?'],
    ['worklists: { desk: { columns: [name, name] } }', '3:38', 'worklists.desk.columns names "name" twice.', 'Take one out.'],
    ['worklists: { desk: { sort: [cure_amount desc, regoin desc] } }', '3:47', 'worklists.desk.sort names "regoin", which is no column to sort by.', 'Did you mean "region"?'],
    ['worklists: { desk: { tiers: [midium] } }', '3:30', 'worklists.desk.tiers names "midium", which is no tier.', 'Did you mean "medium"?'],
    ['worklists: { desk: { actions: [letter] } }', '3:32', 'worklists.desk.actions names "letter", which is no action that a rule gives with this list.', 'Its actions: call, sms.'],
  ])('%s', (line, ...said) => expect(errors([line])).toEqual([[...said, 2]]))

  test('all at once; what is right passes', () => {
    expect(errors(['worklists: { desk: { sort: [x], tiers: [y] }, other: {} }'])).toHaveLength(3)
    expect(errors(['worklists: { columns: [name], desk: { columns: [loan_note, days_past_due, note], sort: [score desc], tiers: [long, due_now], actions: [sms] }, letter: { limit: 9 } }'])).toEqual([])
  })
})
