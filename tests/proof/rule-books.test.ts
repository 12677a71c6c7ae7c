import { describe, expect, test } from 'vitest'
import { under } from '../../src/classify/side-by-side.ts'
import type { Row } from '../../src/engine/engine.ts'
import { openEngine } from '../../src/engine/open.ts'
import { sql } from '../../src/engine/sql.ts'
import { flow } from '../../src/flow.ts'
import { makeSideBySide, type SideBySide } from '../../src/publish/reports/rule-books.ts'
import { planInputs } from '../../src/read/read.ts'
import { loadSettings } from '../../src/settings/load.ts'
import { ruleBooks } from '../../src/settings/rule-books.ts'
import { bookFile, type Files } from './in-process.ts'

/** One book under many rule books, against their published edges: typed in from the tables, and worked by a plain function. */

const asOf = '2025-06-30'
const before = (days: number) => new Date(Date.parse(asOf) - days * 86_400_000).toISOString().slice(0, 10)
const id = (d: number) => `D${String(d).padStart(3, '0')}`

interface Seen {
  /** By account, then by rule book: `not_late` for all that is not past due. */
  readonly tiers: ReadonlyMap<string, Readonly<Record<string, string>>>
  readonly shown: SideBySide
}

async function seen(files: Files, settings: Readonly<Record<string, any>>, names: string): Promise<Seen> {
  const { dir, config } = bookFile(files, { as_of: asOf, ...settings })
  const inForce = loadSettings({ config }, false)
  const books = ruleBooks(names, inForce)
  const engine = await openEngine('duckdb', { scale: 2, threads: 1 })
  try {
    const { classified } = await flow({ engine, settings: inForce, plans: await planInputs(engine, inForce), scratch: dir, ruleBooks: books, onStep: () => {} })
    const rows = await engine.rows(sql`SELECT * FROM ${classified.sideBySide!}`)
    const tier = (row: Row, at: number) => (['current', 'preventive', 'due_now'].includes(String(row[under(at).tier])) ? 'not_late' : String(row[under(at).tier]))
    return {
      tiers: new Map(rows.map((row) => [String(row.account_id), Object.fromEntries(books.map(({ name }, at) => [name, tier(row, at)] as const))] as const)),
      shown: await makeSideBySide(classified.sideBySide!, books, undefined, engine),
    }
  } finally {
    engine.close()
  }
}

/** Unpaid since each of the last 400 days; EUR, so that both thresholds of eu-crr can be told. */
const days = Array.from({ length: 401 }, (_, d) => d)
const everyDay: Files = {
  loans: days.map((d) => ({ account_id: id(d), status: 'open', currency: 'EUR' })),
  schedule: days.map((d) => ({ account_id: id(d), instalment_no: 1, due_on: before(d), amount_due: '1000.00' })),
  repayments: [],
}

// domain rules 2.2, each cell. What a column calls current, normal or under 90 days is the first tier of the preset, or not late on day 0.
const days22 = [0, 1, 29, 30, 31, 89, 90, 91, 120, 180, 181]
const table22: Readonly<Record<string, readonly string[]>> = {
  'default': ['not_late', 'short', 'short', 'short', 'medium', 'medium', 'medium', 'long', 'long', 'long', 'long'],
  'in-sma': ['SMA-0', 'SMA-0', 'SMA-0', 'SMA-1', 'SMA-1', 'SMA-2', 'NPA', 'NPA', 'NPA', 'NPA', 'NPA'],
  'cn-2023': ['not_late', 'special_mention', 'special_mention', 'special_mention', 'special_mention', 'special_mention', 'special_mention', 'substandard', 'substandard', 'substandard', 'substandard'],
  'us-rcn': ['not_late', 'under_30', 'under_30', 'past_due_30_89', 'past_due_30_89', 'past_due_30_89', 'past_due_90', 'past_due_90', 'past_due_90', 'past_due_90', 'past_due_90'],
  'us-ffiec-closed': ['not_late', 'past_due', 'past_due', 'past_due', 'past_due', 'past_due', 'substandard', 'substandard', 'loss', 'loss', 'loss'],
  'us-ffiec-open': ['not_late', 'past_due', 'past_due', 'past_due', 'past_due', 'past_due', 'substandard', 'substandard', 'substandard', 'loss', 'loss'],
  'eu-crr': ['not_late', 'past_due', 'past_due', 'past_due', 'past_due', 'past_due', 'past_due', 'default', 'default', 'default', 'default'],
}
// The last line of the same table: 271 / 361.
const last22: Readonly<Record<string, readonly [string, string]>> = { 'default': ['long', 'long'], 'in-sma': ['NPA', 'NPA'], 'cn-2023': ['doubtful', 'loss'] }

// domain rules 2, C. Group 1 and Normal hold day 0 too: there the account is not late.
const daysC = [0, 1, 8, 9, 10, 30, 31, 32, 60, 61, 90, 91, 120, 121, 180, 181, 360, 361, 365, 366]
const tableC: Readonly<Record<string, readonly (string | number)[]>> = {
  'vn-bank': [1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 5, 5, 5],
  'vn-microfinance': [1, 1, 1, 1, 2, 3, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 5, 5],
  'id-bank': [1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 3, 4, 4, 5, 5, 5, 5, 5],
  'pe-consumer': ['normal', 'normal', 'normal', 'cpp', 'cpp', 'cpp', 'deficiente', 'deficiente', 'deficiente', 'dudoso', 'dudoso', 'dudoso', 'dudoso', 'perdida', 'perdida', 'perdida', 'perdida', 'perdida', 'perdida', 'perdida'],
  'pe-mortgage': ['normal', 'normal', 'normal', 'normal', 'normal', 'normal', 'cpp', 'cpp', 'cpp', 'deficiente', 'deficiente', 'deficiente', 'deficiente', 'dudoso', 'dudoso', 'dudoso', 'dudoso', 'dudoso', 'dudoso', 'perdida'],
  'ar-consumer': [1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5],
}
const classOf: Readonly<Record<string, string>> = { 'vn-bank': 'group_', 'vn-microfinance': 'group_', 'id-bank': 'kol_', 'pe-consumer': '', 'pe-mortgage': '', 'ar-consumer': 'situation_' }

// The first day of each tier after the first, as the rule books state them; `d` is as-of minus due date.
const stated: Readonly<Record<string, readonly (readonly [from: number, tier: string])[]>> = {
  'default': [[1, 'short'], [31, 'medium'], [91, 'long']],
  'us-rcn': [[1, 'under_30'], [30, 'past_due_30_89'], [90, 'past_due_90']],
  'us-ffiec-closed': [[1, 'past_due'], [90, 'substandard'], [120, 'loss']],
  'us-ffiec-open': [[1, 'past_due'], [90, 'substandard'], [180, 'loss']],
  'in-sma': [[0, 'SMA-0'], [30, 'SMA-1'], [60, 'SMA-2'], [90, 'NPA']],
  'cn-2023': [[1, 'special_mention'], [91, 'substandard'], [271, 'doubtful'], [361, 'loss']],
  'id-bank': [[1, 'kol_2'], [91, 'kol_3'], [121, 'kol_4'], [181, 'kol_5']],
  'vn-microfinance': [[1, 'group_1'], [10, 'group_2'], [30, 'group_3'], [90, 'group_4'], [180, 'group_5']],
  'vn-bank': [[1, 'group_1'], [10, 'group_2'], [91, 'group_3'], [181, 'group_4'], [361, 'group_5']],
  'pe-consumer': [[1, 'normal'], [9, 'cpp'], [31, 'deficiente'], [61, 'dudoso'], [121, 'perdida']],
  'pe-mortgage': [[1, 'normal'], [31, 'cpp'], [61, 'deficiente'], [121, 'dudoso'], [366, 'perdida']],
  'ar-consumer': [[1, 'situation_1'], [32, 'situation_2'], [91, 'situation_3'], [181, 'situation_4'], [366, 'situation_5']],
  'eu-crr': [[1, 'past_due'], [91, 'default']],
}
const plainTier = (book: string, d: number) => stated[book]!.findLast(([from]) => d >= from)?.[1] ?? 'not_late'

describe('one book, 401 accounts due on each of the last days, under every rule book', async () => {
  const { tiers, shown } = await seen(everyDay, {}, 'all')
  const on = (d: number, book: string) => tiers.get(id(d))![book]

  test('every preset is there, with its grade and its source', () => {
    expect(shown.books.map(({ rule_book }) => rule_book).sort()).toEqual(Object.keys(stated).sort())
    for (const { grade, source } of shown.books) expect([['task', 'P', 'P*', 'S'].includes(grade), source.length > 3]).toEqual([true, true])
  })

  test.each(Object.keys(table22))('%s is the published table, cell by cell', (book) => {
    expect(days22.map((d) => on(d, book))).toEqual(table22[book])
    if (last22[book] !== undefined) expect([271, 361].map((d) => on(d, book))).toEqual(last22[book])
  })

  test.each(Object.keys(tableC))('%s is the published table, cell by cell', (book) => {
    expect(daysC.map((d) => on(d, book))).toEqual(tableC[book]!.map((cell, at) => (daysC[at] === 0 ? 'not_late' : `${classOf[book]}${cell}`)))
  })

  test.each(Object.keys(stated))('%s on every day from 0 to 400', (book) => {
    expect(days.map((d) => on(d, book))).toEqual(days.map((d) => plainTier(book, d)))
  })

  test('the table has each account once under each rule book, and all the money that is due', () => {
    for (const book of Object.keys(stated)) {
      const rows = shown.tiers.rows.filter(({ rule_book }) => rule_book === book)
      expect(rows.map(({ tier, accounts, overdue_amount }) => [tier, accounts, overdue_amount])).toEqual(
        [...new Set(['not_late', ...stated[book]!.map(([, tier]) => tier)])].map((tier) => {
          const own = days.filter((d) => plainTier(book, d) === tier).length
          return [tier, own, tier === 'not_late' ? '0.00' : `${own * 1000}.00`]
        }),
      )
    }
  })

  test('the disputed accounts are those between two wordings of a line', () => {
    // Day 1 or the due date itself; 9 or 10; 30, 31 or 32; 60 or 61; 90 or 91; 120 or 121; 180 or 181; 361 or 366.
    const disputed = [0, 9, 30, 31, 60, 90, 120, 180, 361, 362, 363, 364, 365]
    expect(shown.accounts.rows.map(({ account_id }) => account_id).sort()).toEqual(disputed.map(id))
    expect(shown.accounts.rows.find(({ account_id }) => account_id === id(30))).toMatchObject({ lines: '30', 'default': 'short', 'us-rcn': 'past_due_30_89', 'in-sma': 'SMA-1', 'ar-consumer': 'situation_1' })
    expect(shown.disputes.rows.find(({ line }) => line === null)).toMatchObject({ accounts: disputed.length, overdue_amount: `${disputed.length * 1000}.00` })
    expect(shown.disputes.rows.filter(({ line }) => line === 90)).toEqual([
      { currency: 'EUR', line: 90, accounts: 1, overdue_amount: '1000.00', beyond: 'us-rcn, us-ffiec-closed, us-ffiec-open, in-sma, vn-microfinance', not_beyond: 'default, cn-2023, id-bank, vn-bank, ar-consumer, eu-crr' },
    ])
  })
})

describe('rule books that are no preset stand beside them as set', () => {
  const tiers = (...named: readonly (readonly [string, number])[]) => named.map(([name, from], at) => ({ name, from, to: named[at + 1] === undefined ? null : named[at + 1]![1] - 1 }))
  // The other columns of domain rules 2.2.
  test.each([
    ['China, cards', tiers(['关注', 1], ['次级', 91], ['可疑', 121], ['损失', 181]), ['not_late', '关注', '关注', '关注', '关注', '关注', '关注', '次级', '次级', '可疑', '损失']],
    ['China, style A', tiers(['M1', 1], ['M2', 30], ['M3', 60], ['M4', 90], ['M5', 120], ['M6', 150], ['M7', 180]), ['not_late', 'M1', 'M1', 'M2', 'M2', 'M3', 'M4', 'M4', 'M5', 'M7', 'M7']],
    ['China, style B', tiers(['M1', 1], ['M2', 31], ['M3', 61], ['M4', 91], ['M5', 121], ['M6', 151], ['M7', 181]), ['not_late', 'M1', 'M1', 'M1', 'M2', 'M3', 'M3', 'M4', 'M4', 'M6', 'M7']],
  ])('%s', async (_, own, cells) => {
    const some: Files = { loans: days22.map((d) => everyDay.loans[d]!), schedule: days22.map((d) => everyDay.schedule[d]!), repayments: [] }
    const { tiers } = await seen(some, { tiers: own }, 'as_set,default')
    expect(days22.map((d) => tiers.get(id(d))!['as_set'])).toEqual(cells)
    expect(days22.map((d) => tiers.get(id(d))!['default'])).toEqual(table22['default'])
  })
})

describe('what counts, and what stays as set', () => {
  // Loans of 20,000 with one instalment of principal behind, 100 days late: EUR 100 is not above EUR 100, 150 is not above 1 %, 250 is above both.
  const loan = (account_id: string, product: string, overdue: number, late: number): { loans: object; schedule: object[] } => ({
    loans: { account_id, product, status: 'open', currency: 'EUR' },
    schedule: [
      { account_id, instalment_no: 1, due_on: before(late), amount_due: overdue, principal_due: overdue },
      { account_id, instalment_no: 2, due_on: '2026-01-01', amount_due: 20_000 - overdue, principal_due: 20_000 - overdue },
    ],
  })
  const given = [loan('A100', 'flat', 100, 100), loan('B150', 'flat', 150, 100), loan('C250', 'flat', 250, 100), loan('T0', 'flat', 250, 0), loan('G20', 'soft', 250, 20), loan('P100', 'flat', 250, 100)]
  const files: Files = { loans: given.map(({ loans }) => loans), schedule: given.flatMap(({ schedule }) => schedule), repayments: [{ payment_id: 'P', account_id: 'C250', paid_on: '2025-06-30', amount: 40 }], pauses: [{ account_id: 'P100', from: '2025-04-01', to: '2025-04-21' }] }

  test('materiality, the first day, and a grace of the lender that no rule book knows', async () => {
    const { tiers, shown } = await seen(files, { conventions: { clearing_days: 1, products: { soft: { grace_days: 25 } } } }, 'default,in-sma,eu-crr,as_set')
    expect(Object.fromEntries(tiers)).toEqual({
      A100: { 'default': 'long', 'in-sma': 'NPA', 'eu-crr': 'not_late', 'as_set': 'long' },
      B150: { 'default': 'long', 'in-sma': 'NPA', 'eu-crr': 'not_late', 'as_set': 'long' },
      // With 40 paid, and not cleared until tomorrow, 250 are open: 210 would be material too.
      C250: { 'default': 'long', 'in-sma': 'NPA', 'eu-crr': 'default', 'as_set': 'long' },
      T0: { 'default': 'not_late', 'in-sma': 'SMA-0', 'eu-crr': 'not_late', 'as_set': 'not_late' },
      G20: { 'default': 'short', 'in-sma': 'SMA-0', 'eu-crr': 'past_due', 'as_set': 'not_late' },
      // 20 days of its 100 stood still.
      P100: { 'default': 'medium', 'in-sma': 'SMA-2', 'eu-crr': 'past_due', 'as_set': 'medium' },
    })
    const money = (book: string) => Object.fromEntries(shown.tiers.rows.filter(({ rule_book, accounts }) => rule_book === book && accounts !== 0).map(({ tier, overdue_amount }) => [tier, overdue_amount]))
    // What is due on the day is overdue where the due date counts; what is not material is not past due, and yet is overdue.
    expect([money('default'), money('in-sma'), money('eu-crr')]).toEqual([
      { not_late: '0.00', long: '500.00', medium: '250.00', short: '250.00' },
      { 'SMA-0': '500.00', 'SMA-2': '250.00', 'NPA': '500.00' },
      { not_late: '250.00', past_due: '500.00', default: '250.00' },
    ])
    expect(shown.disputes.rows.map(({ line, accounts, beyond }) => [line, accounts, beyond])).toEqual([
      [1, 2, 'default, in-sma, as_set'], [1, 1, 'default, in-sma, eu-crr'], [1, 1, 'in-sma'], [90, 2, 'default, in-sma, as_set'], [null, 4, null],
    ])
  })
})

// Practice 11: 1,000 due on the 5th of January to April 2025, unpaid: NPA on 4 April. 3,000 come on 10 April; on 15 April the oldest open is 10 days
// late, and the account is NPA until the last 1,000 is paid.
test('a class that remembers does so side by side too, and where the settings have it themselves', async () => {
  const files: Files = {
    loans: [{ account_id: 'N', status: 'open', currency: 'CNY' }],
    schedule: [1, 2, 3, 4].map((month) => ({ account_id: 'N', instalment_no: month, due_on: `2025-0${month}-05`, amount_due: 1000 })),
    repayments: [{ payment_id: 'P', account_id: 'N', paid_on: '2025-04-10', amount: 3000 }],
  }
  for (const preset of ['default', 'in-sma']) {
    const { tiers } = await seen(files, { as_of: '2025-04-15', preset }, 'default,in-sma,as_set')
    expect(tiers.get('N')).toEqual({ 'default': 'short', 'in-sma': 'NPA', 'as_set': preset === 'default' ? 'short' : 'NPA' })
  }
})

test('a name that is no preset is said with the nearest', () => {
  const inForce = loadSettings({ config: bookFile(everyDay, {}).config }, false)
  expect(() => ruleBooks('default,in-sam', inForce)).toThrow(/--conventions names "in-sam", which is no preset/)
  expect(ruleBooks('all', inForce).some(({ name }) => name === 'as_set')).toBe(false)
  expect(ruleBooks('all', { ...inForce, tiers: [{ name: 'late', from: 1, to: null }] })[0]!.name).toBe('as_set')
})
