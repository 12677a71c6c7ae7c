import { describe, expect, test } from 'vitest'
import { ageBook, built } from '../proof/age-book.ts'
import { moneyOf } from '../proof/published.ts'
import { money, reference } from '../reference/reference.ts'
import { bookOf } from './book.ts'
import { differences, scale } from './compare.ts'
import { bookSeeds } from './seeds.ts'

// Invented books with all that a ledger can hold: the plain reference and the engine must agree on every column of every account.

const books = 7
const accountsEach = 400
const seed = Number(process.env['ARREARS_SEED'] ?? 20250630)

describe.runIf(built)('the engine agrees with the reference', () => {
  const seeds = bookSeeds(books, accountsEach, seed)

  test.concurrent.each(seeds.map((one, place) => ({ one, place })))(`book $place of seed ${seed}`, async ({ one, place }) => {
    const { asOf, ...rows } = bookOf(one, `A${place}`)
    const plus = (days: number) => new Date(Date.parse(asOf) + days * 86_400_000).toISOString().slice(0, 10)
    const asked = { asOf, workOn: plus(one.workAfter), preventiveDays: one.preventiveDays, dataThrough: one.dataAfter === undefined ? undefined : plus(one.dataAfter), currency: 'CNY', scale }
    const run = await ageBook({
      ...rows,
      settings: {
        as_of: asked.asOf,
        work_on: asked.workOn,
        preventive_days: asked.preventiveDays,
        // Invented payments are beyond many a plan.
        implausible_max_share: 1,
        ...(asked.dataThrough === undefined ? {} : { data_through: asked.dataThrough }),
        inputs: { repayments: { max_reject_share: 1 } },
      },
    })
    expect(run.exit, run.stderr).toBe(0)
    const answer = reference(rows, asked)
    const byId = new Map(run.accounts.map((account) => [account['account_id'], account]))
    const wrong = answer.accounts
      .map((account) => ({ account: account.account_id, differs: differences(account, byId.get(account.account_id)) }))
      .filter(({ differs }) => differs.length > 0)
      .map(({ account, differs }) => ({
        account,
        differs,
        loan: rows.loans.find((row) => row.account_id === account),
        schedule: rows.schedule.filter((row) => row.account_id === account),
        repayments: rows.repayments.filter((row) => row.account_id === account),
      }))
      .sort((a, b) => a.schedule.length + a.repayments.length - b.schedule.length - b.repayments.length)
    // The smallest account that differs is shown with its rows, and how many there are of each kind.
    const columns = wrong.flatMap(({ differs }) => differs.map((line) => line.split(':')[0]!))
    const counts = Object.fromEntries([...new Set(columns)].map((column) => [column, columns.filter((one) => one === column).length]))
    expect(wrong.length, `seed ${seed}, book ${place}, ${JSON.stringify(asked)}\n${JSON.stringify(counts)}\n${JSON.stringify(wrong[0], null, 1)}`).toBe(0)
    for (const [currency, total] of Object.entries(answer.totals)) {
      const line = moneyOf(run, currency)
      for (const [name, ours] of [['received', 'received'], ['received_cash', 'of_which_cash'], ['received_other', 'of_which_other'], ['covered', 'covered'], ['advance', 'advance'], ['unmatched', 'unmatched'], ['owed_back', 'owed_back'], ['later', 'later']] as const)
        expect(money(line?.[ours] ?? 'missing', scale), `${currency} ${name}`).toBe(total[name])
    }
  }, 120_000)
})

describe('the invented books', () => {
  // A generator that never meets a case proves nothing about it.
  test('hold every tier, every reason to hold and every kind of row', () => {
    const answers = bookSeeds(4, 800, seed).map((one, place) => {
      const { asOf, ...rows } = bookOf(one, `A${place}`)
      const workOn = new Date(Date.parse(asOf) + one.workAfter * 86_400_000).toISOString().slice(0, 10)
      return { rows, ...reference(rows, { asOf, workOn, preventiveDays: one.preventiveDays, scale }) }
    })
    const accounts = answers.flatMap((answer) => answer.accounts)
    const payments = answers.flatMap(({ rows }) => rows.repayments)
    const givenBack = new Set(payments.filter((row) => row.kind === 'refund').map((row) => row.account_id))
    for (const tier of ['not_yet', 'cancelled', 'written_off', 'sold', 'settled', 'no_schedule', 'long', 'medium', 'short', 'due_now', 'preventive', 'current'])
      expect(accounts.filter((account) => account.tier === tier).length, tier).toBeGreaterThan(5)
    for (const reason of ['row_in_quarantine', 'history_cut', 'reversal_without_payment', 'closed_but_owing', 'frozen', 'deceased', 'bankrupt', 'fraud'])
      expect(accounts.filter((account) => account.held_reason.includes(reason)).length, reason).toBeGreaterThan(2)
    for (const [name, has] of Object.entries({
      advance: (account) => account.advance > 0n && account.overdue_amount === 0n,
      'owed back': (account) => account.owed_back > 0n,
      pending: (account) => account.pending_amount > 0n,
      released: (account) => account.released_amount > 0n,
      'due today': (account) => account.due_today_amount > 0n,
      'part of the oldest paid': (account) => account.overdue_amount > 0n && account.amount_covered > 0n,
      'zero instalment': (account) => account.instalments.some((one) => one.due === 0n),
      'no days': (account) => account.days_past_due === null,
      'principal not known': (account) => account.instalments.length > 0 && account.outstanding_principal === null,
      'settled after money was given back': (account) => account.tier === 'settled' && givenBack.has(account.account_id),
      'held after money was given back': (account) => account.held_reason.includes('closed_but_owing') && givenBack.has(account.account_id),
    } satisfies Record<string, (account: (typeof accounts)[number]) => boolean>))
      expect(accounts.filter(has).length, name).toBeGreaterThan(5)
    const byId = new Map(payments.map((row) => [row.payment_id, row]))
    expect(payments.length - byId.size, 'rows of one id').toBeGreaterThan(50)
    for (const status of ['pending', 'failed', 'reversed'])
      expect(payments.filter((row) => byId.get(row.reverses ?? '')?.status === status).length, `reversals of money that is ${status}`).toBeGreaterThan(5)
    const kinds = new Set(payments.map((row) => row.kind))
    for (const kind of ['', 'payment', 'waiver', 'recovery', 'settlement', 'undo', 'chargeback', 'refund']) expect(kinds).toContain(kind)
    for (const { rows, totals } of answers) {
      expect(rows.loans.length).toBe(800)
      // The reference itself must keep the identity of money.
      for (const total of Object.values(totals)) expect(total.received).toBe(total.covered + total.advance + total.unmatched - total.owed_back)
    }
    for (const account of accounts) expect(account.amount_due_to_date).toBe(account.amount_covered + account.overdue_amount + account.due_today_amount)
  })
})
