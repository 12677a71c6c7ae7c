import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { openPair } from '../../src/diff/pair.ts'
import type { Row } from '../../src/engine/engine.ts'
import { UserError } from '../../src/errors.ts'
import { openEvidence } from '../../src/explain/of-run.ts'
import { bookOf } from '../property/book.ts'
import { bookSeeds } from '../property/seeds.ts'
import { freshDir } from '../explain/book.ts'
import { money } from '../reference/reference.ts'
import { accountsOf, compared, ran } from './runs.ts'

// Two nights. What moved is worked by hand for seven accounts, one for each thing that can happen; on invented books the moves must add
// up to the difference of what both runs published, added up here without SQL.

const loan = (account_id: string) => ({ account_id, borrower_id: account_id })
const due = (account_id: string, instalment_no: number, due_on: string, amount = '100.00') => ({ account_id, instalment_no, due_on, amount_due: amount })
const plan = (id: string) => [due(id, 1, '2025-05-10'), due(id, 2, '2025-06-10'), due(id, 3, '2025-07-10')]
const paid = (payment_id: string, account_id: string, paid_on: string, more = {}) => ({ payment_id, account_id, paid_on, amount: '100.00', kind: 'payment', reverses: '', ...more })

const before = {
  loans: ['TIME', 'PAYS', 'LATE', 'LESS', 'BACK', 'GONE'].map(loan),
  schedule: ['TIME', 'PAYS', 'LATE', 'LESS', 'BACK', 'GONE'].flatMap(plan),
  repayments: [paid('P1', 'PAYS', '2025-05-09'), paid('P2', 'BACK', '2025-05-09')],
}
const after = {
  loans: ['TIME', 'PAYS', 'LATE', 'LESS', 'BACK', 'NEWS'].map(loan),
  schedule: [...['TIME', 'PAYS', 'LATE', 'BACK'].flatMap(plan), due('LESS', 1, '2025-05-10'), due('LESS', 2, '2025-06-10', '40.00'), due('LESS', 3, '2025-07-10'), due('NEWS', 1, '2025-06-15')],
  repayments: [...before.repayments, paid('P3', 'PAYS', '2025-06-20'), paid('P4', 'LATE', '2025-05-12'), paid('P5', 'BACK', '2025-06-05', { kind: 'undo', reverses: 'P2' })],
}
const [may, june] = [{ as_of: '2025-05-31' }, { as_of: '2025-06-30' }]
const rowsOf = (rows: readonly Row[], ...columns: string[]) => rows.map((row) => columns.map((column) => row[column]).join(' '))

describe('seven accounts', () => {
  const runs: Record<'before' | 'after' | 'grace' | 'bare', string> = { before: '', after: '', grace: '', bare: '' }
  beforeAll(async () => {
    runs.before = await ran(before, may)
    runs.after = await ran(after, june)
    runs.grace = await ran(after, { ...june, conventions: { grace_days: 30 } })
    runs.bare = await ran(after, june, false)
  })

  test('what each cause did', async () => {
    const said = await compared(runs.before, runs.after, { top: 2 })
    expect([said.possible, said.undivided, said.outstanding]).toEqual([['time', 'corrections', 'payments'], null, 'outstanding_schedule'])
    // In May TIME, LATE, LESS and GONE owe 100 each: 400. Thirty days alone make PAYS and BACK late too and five accounts owe 100 more. The payment of
    // 12 May came in late, 60 of LESS are gone from the plan; PAYS pays, BACK is taken back; NEWS owes 100. Together 740.
    expect(rowsOf(said.causes.rows, 'cause', 'moved', 'worse', 'better', 'overdue_change')).toEqual(['new 1 0 0 100.00', 'left 1 0 0 -100.00', 'time 5 5 0 500.00', 'corrections 1 0 1 -160.00', 'payments 2 1 1 0.00'])
    const bridge = (measure: string) => rowsOf(said.bridge.rows.filter((row) => row.measure === measure), 'tier', 'before', 'new', 'left', 'time', 'corrections', 'payments', 'after')
    expect(bridge('accounts')).toEqual(['not_late 2 0 0 -2 0 1 1', 'short 4 1 -1 -1 1 -2 2', 'medium 0 0 0 3 -1 1 3', 'total 6 1 -1 0 0 0 6'])
    // Short after time: PAYS and BACK with 100 each. Medium: TIME, LATE, LESS with 200 each; then LATE leaves, and LESS owes 140.
    expect(bridge('overdue_amount')).toEqual(['not_late 0.00 0.00 0.00 0.00 0.00 0.00 0.00', 'short 400.00 100.00 -100.00 -100.00 100.00 -200.00 200.00', 'medium 0.00 0.00 0.00 600.00 -260.00 200.00 540.00', 'total 400.00 100.00 -100.00 500.00 -160.00 0.00 740.00'])
    expect(rowsOf(said.moves.rows, 'before', 'after', 'accounts', 'overdue_before', 'overdue_after', 'overdue_change')).toEqual([
      'not_late not_late 1 0.00 0.00 0.00', 'not_late medium 1 0.00 200.00 200.00', 'short short 1 100.00 100.00 0.00', 'short medium 2 200.00 340.00 140.00', 'short left 1 100.00 0.00 -100.00', 'new short 1 0.00 100.00 100.00',
    ])
    expect(rowsOf(said.actions!.rows, 'before', 'after', 'accounts')).toEqual(['call call 3', 'call left 1', 'new call 1', 'none call 1', 'none none 1'])
    expect(rowsOf(said.largest!.rows, 'rank', 'account_id', 'before', 'after', 'days_before', 'days_after', 'overdue_change', 'time', 'corrections', 'payments')).toEqual(['1 BACK not_late medium 0 51 200.00 100.00 0.00 100.00', '2 GONE short left 21  -100.00   '])
  })

  test('another rule book is the last cause: the days of LATE and NEWS are grace', async () => {
    const said = await compared(runs.before, runs.grace)
    expect(rowsOf(said.causes.rows, 'cause', 'moved', 'worse', 'better', 'overdue_change')).toEqual(['new 1 0 0 100.00', 'left 1 0 0 -100.00', 'time 5 5 0 500.00', 'corrections 1 0 1 -160.00', 'payments 2 1 1 0.00', 'rules 1 0 1 0.00'])
    const alone = await compared(runs.after, runs.grace)
    expect(alone.possible).toEqual(['rules'])
    expect(rowsOf(alone.causes.rows, 'cause', 'moved', 'worse', 'better', 'overdue_change')).toEqual(['rules 2 0 2 0.00'])
  })

  test('without evidence: undivided, and what more was due and covered', async () => {
    const said = await compared(runs.before, runs.bare)
    expect(said.undivided).toMatch(/published without its evidence/)
    expect(rowsOf(said.causes.rows, 'cause', 'moved', 'overdue_change')).toEqual(['new 1 100.00', 'left 1 -100.00', 'undivided 3 340.00'])
    // Due before the day: 100 more of four accounts and 40 of LESS. Covered: PAYS and LATE 100 each, BACK 100 less.
    expect(rowsOf(said.due_and_covered!.rows, 'fell_due', 'covered')).toEqual(['440.00 -100.00'])
  })

  test('either way round, the earlier day is the first', async () => {
    expect(await compared(runs.after, runs.before, { top: 5 })).toEqual(await compared(runs.before, runs.after, { top: 5 }))
  })

  test('a run and itself', async () => {
    const said = await compared(runs.after, runs.after)
    expect([said.possible, said.causes.rows.every(({ moved }) => moved === 0)]).toEqual([[], true])
  })

  test('what cannot be compared', async () => {
    const refused = freshDir()
    mkdirSync(join(refused, 'x'))
    writeFileSync(join(refused, 'x', 'why.txt'), 'Refused')
    const code = (one: string, other: string) => {
      try {
        openPair(one, other)
      } catch (error) {
        return (error as UserError).code
      }
      return undefined
    }
    expect([code(runs.before, join(refused, 'x')), code(join(refused, 'none'), runs.before)]).toEqual(['run-refused', 'run-not-found'])
    const dollars = await ran({ ...after, loans: after.loans.map((one) => ({ ...one, currency: 'USD' })) }, june)
    const error = await compared(runs.before, dollars).catch((thrown: unknown) => thrown)
    expect([(error as UserError).code, (error as UserError).exit, (error as UserError).says]).toEqual(['runs-differ', 2, '5 accounts have another currency in the second run, such as BACK.'])
    const column = await compared(runs.before, runs.after, { by: ['prodct'] }).catch((thrown: unknown) => thrown)
    expect([(column as UserError).code, (column as UserError).todo]).toEqual(['flag-wrong', 'Did you mean "product"?'])
  })
})

const notLate = ['due_now', 'preventive', 'current']
const later = (day: string, days: number) => new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10)

/** Sums of a run by currency and tier, without SQL. */
function sums(accounts: readonly Row[], of: string) {
  const found: Record<string, bigint> = {}
  for (const row of accounts) {
    const key = `${row.currency} ${notLate.includes(String(row.tier)) ? 'not_late' : row.tier}`
    found[key] = (found[key] ?? 0n) + (of === 'accounts' ? 1n : money(String(row[of] ?? '0'), 6))
  }
  return found
}

describe.each(bookSeeds(2, 150, 20251111).map((seed, at) => ({ seed, at })))('invented book $at', ({ seed, at }) => {
  test('the moves add up to the difference of what was published', async () => {
    const { asOf, ...rows } = bookOf(seed, `D${at}`)
    const without = <T>(of: readonly T[], nth: number) => of.filter((_, place) => place % nth !== 0)
    const [one, other] = [
      await ran({ ...rows, loans: without(rows.loans, 13), repayments: without(rows.repayments, 9) }, { as_of: asOf }),
      await ran({ ...rows, loans: without(rows.loans, 11), schedule: without(rows.schedule, 23) }, { as_of: later(asOf, 35), ...(at === 0 ? {} : { conventions: { grace_days: 10 } }) }),
    ]
    const said = await compared(one, other)
    const causes = ['new', 'left', 'time', 'corrections', 'payments', ...(at === 0 ? [] : ['rules'])]
    expect(said.undivided).toBeNull()
    const [first, second] = [await accountsOf(one), await accountsOf(other)]
    // A rejected account has no currency; it stands in that of the other run.
    const currencyOf = new Map([...first, ...second].filter(({ currency }) => currency !== null).map((row) => [row.account_id, row.currency] as const))
    const inOne = (accounts: readonly Row[]) => accounts.map((row) => ({ ...row, currency: currencyOf.get(row.account_id!) ?? null }))
    for (const [measure, of] of [['accounts', 'accounts'], ['overdue_amount', 'overdue_amount'], [said.outstanding, said.outstanding]] as const) {
      const lines = said.bridge.rows.filter((row) => row.measure === measure && row.tier !== 'total')
      const amount = (value: unknown) => (measure === 'accounts' ? BigInt(String(value)) : money(String(value), 6))
      const told = (column: string) => Object.fromEntries(lines.map((row) => [`${row.currency} ${row.tier}`, amount(row[column])] as const).filter(([, value]) => value !== 0n))
      const expected = (accounts: readonly Row[]) => Object.fromEntries(Object.entries(sums(inOne(accounts), of)).filter(([, value]) => value !== 0n))
      expect(told('before'), measure).toEqual(expected(first))
      expect(told('after'), measure).toEqual(expected(second))
      for (const row of lines) expect([row.currency, row.tier, amount(row.before) + causes.reduce((sum, cause) => sum + amount(row[cause]), 0n)]).toEqual([row.currency, row.tier, amount(row.after)])
    }
    const all = (accounts: readonly Row[]) => Object.values(sums(accounts, 'overdue_amount')).reduce((sum, value) => sum + value, 0n)
    const change = (of: readonly Row[], column: string) => of.reduce((sum, row) => sum + money(String(row[column]), 6), 0n)
    expect(change(said.causes.rows, 'overdue_change')).toBe(all(second) - all(first))
    expect(change(said.moves.rows, 'overdue_change')).toBe(all(second) - all(first))
    expect([said.moves.rows.reduce((sum, row) => sum + Number(row.accounts), 0)]).toEqual([new Set([...first, ...second].map((row) => row.account_id)).size])
    // What no cause can do any more: the state before the rules is the second run, where these are the same.
    if (at === 0) {
      const forced = await compared(one, other, { pair: (pair) => ({ ...pair, possible: ['time', 'corrections', 'payments', 'rules'], evidence: { first: openEvidence(pair.first.folder), second: openEvidence(pair.second.folder) } }) })
      const idle = forced.causes.rows.filter(({ cause }) => cause === 'rules')
      expect(idle.length).toBeGreaterThan(0)
      expect(idle.map(({ moved, overdue_change }) => [moved, Number(overdue_change)])).toEqual(idle.map(() => [0, 0]))
    }
  })

  test('by columns, and in any order of the rows', async () => {
    const { asOf, ...rows } = bookOf(seed, `D${at}`)
    const turned = { loans: [...rows.loans].reverse(), schedule: [...rows.schedule].reverse(), repayments: [...rows.repayments].reverse() }
    const day = later(asOf, 20)
    const named = 'instalment_no' in rows.schedule[0]! && 'payment_id' in rows.repayments[0]!
    const [first, second, third] = [await ran(rows, { as_of: asOf }), await ran(rows, { as_of: day }), named ? await ran(turned, { as_of: day }) : undefined]
    const [plain, grouped] = [await compared(first, second), await compared(first, second, { by: ['status'] })]
    for (const cause of ['time', 'payments']) {
      const total = (of: readonly Row[]) => of.filter((row) => row.cause === cause).reduce((sum, row) => sum + money(String(row.overdue_change), 6), 0n)
      expect(total(grouped.causes.rows)).toBe(total(plain.causes.rows))
    }
    if (third !== undefined) expect((await compared(first, third)).moves).toEqual(plain.moves)
  })
})
