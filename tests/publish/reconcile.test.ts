import { afterEach, describe, expect, test } from 'vitest'
import type { Engine } from '../../src/engine/engine.ts'
import { openEngine } from '../../src/engine/open.ts'
import type { InputRows, MoneyTotals, Outcome } from '../../src/outcome.ts'
import { reconcile } from '../../src/publish/reconcile.ts'
import { account, accountsOf, actionsOf, late, outcomeOf, scratch, type AccountRow } from './book.ts'

let engine: Engine | undefined
afterEach(() => engine?.close())

const { settings, done } = scratch()
done()

/** Two accounts of 100 each: one paid 60 of 100 due and 40 is open, the other paid 130 of 100. Another 5 met no account. */
const rows: AccountRow[] = [
  account({ account_id: 'A', ...late(10, '40.00'), amount_due_to_date: '100.00', amount_covered: '60.00' }),
  account({ account_id: 'B', amount_due_to_date: '100.00', amount_covered: '100.00', advance: '30.00' }),
]
const money: MoneyTotals = {
  currency: 'CNY', received: '195.00', of_which_cash: '195.00', of_which_other: '0.00', of_which_written_off_or_sold: '0.00',
  covered: '160.00', advance: '30.00', unmatched: '5.00', owed_back: '0.00', later: '0.00', pending: '0.00',
}
const loans: InputRows = { input: 'loans', records: 3, read: 3, accepted: 2, rejected: 1, unmatched: 0 }
const acted = [{ account_id: 'A', action: 'sms' }, { account_id: 'B', action: 'none' }]

async function check(given: { accounts?: AccountRow[]; actions?: typeof acted; accountsIn?: number; over?: Partial<Outcome> } = {}) {
  engine = await openEngine('duckdb', { scale: 2, threads: 1 })
  const outcome = outcomeOf(accountsOf(given.accounts ?? rows), actionsOf(given.actions ?? acted), { money: [money], rows: [loans], ...given.over })
  return reconcile(outcome, given.accountsIn ?? 2, settings, engine)
}

describe('control totals', () => {
  test('say what was added up', async () => {
    expect((await check()).map((one) => `${one.of} ${one.says}`.trim())).toEqual([
      'loans 3 rows read = 2 accepted + 1 rejected; 3 records by an independent count',
      'CNY received 195.00 = covered 160.00 + advance 30.00 + unmatched 5.00 - owed back 0.00',
      'CNY over all accounts: covered 160.00, advance 30.00, owed back 0.00',
      '2 accounts in = 2 over all tiers (2 rows)',
      'due to date = covered + overdue + due today for all accounts but 0',
      '2 actions; 0 accounts without one, 0 actions of no account',
    ])
  })

  test('hold with several actions an account, and for one that is only an id', async () => {
    const onlyAnId = { account_id: 'C', tier: 'rejected', as_of: '2025-06-30' }
    await check({ accounts: [...rows, onlyAnId], accountsIn: 3, actions: [...acted, { account_id: 'A', action: 'call' }, { account_id: 'C', action: 'none' }] })
  })

  // Each breaks one of them by one row, one cent or one account.
  test.each<[string, Parameters<typeof check>[0], RegExp]>([
    ['a row is lost', { over: { rows: [{ ...loans, read: 4, records: 4 }] } }, /loans: 4 rows read = 2 accepted \+ 1 rejected/],
    ['the records by another count differ', { over: { rows: [{ ...loans, records: 4 }] } }, /4 records by an independent count/],
    ['a cent of money is nowhere', { over: { money: [{ ...money, received: '195.01' }] } }, /CNY: received 195.01 =/],
    ['money beyond the digits of a float', { over: { money: [{ ...money, received: '9007199254740993.00', unmatched: '9007199254740802.00' }] } }, /received 9007199254740993.00/],
    ['the accounts do not sum to the totals', { over: { money: [{ ...money, covered: '159.99', unmatched: '5.01' }] } }, /over all accounts: covered 160.00/],
    ['an account is missing', { accountsIn: 3 }, /3 accounts in = 2 over all tiers/],
    ['a tier that nobody knows', { accounts: [rows[0]!, { ...rows[1]!, tier: 'lost' }] }, /2 accounts in = 1 over all tiers/],
    ['an amount due is neither covered nor open', { accounts: [{ ...rows[0]!, overdue_amount: '39.99' }, rows[1]!] }, /for all accounts but 1/],
    ['an account has no action', { actions: [acted[0]!] }, /1 accounts without one/],
    ['an action of no account', { actions: [acted[0]!, { account_id: 'Z', action: 'sms' }] }, /1 accounts without one, 1 actions of no account/],
  ])('%s', async (_, given, says) => {
    await expect(check(given)).rejects.toMatchObject({ code: 'identity-broken', exit: 1, message: expect.stringMatching(says) })
  })
})
