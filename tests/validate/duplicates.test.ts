import { describe, expect, test } from 'vitest'
import { flowing, judging, type Files, type Stated } from '../read/given.ts'

// Only declared keys make duplicates: an exact twin is rejected and its first copy stands, one key with two contents rejects all.

const told = (files: Files, stated: Stated = {}) =>
  flowing(files, stated, ({ flow, accounts }) => ({
    rejects: flow.outcome.rejects.map(({ file, line, code, column, value }) => `${file.replace('.csv', '')} ${line} ${code} ${column} ${value}`),
    held: accounts.filter(({ held_reason }) => held_reason !== null).map(({ account_id }) => account_id),
    money: flow.outcome.money.map(({ received }) => received),
    warnings: flow.outcome.warnings.map(({ code }) => code),
  }))
const judged = async (files: Files, stated: Stated = {}) => (await judging(files, stated)).map(({ file, line, code, column, value }) => `${file.replace('.csv', '')} ${line} ${code} ${column} ${value}`)
const two = { 'loans.csv': 'account_id,currency\nA1,CNY\nA2,CNY\n' }
const payments = (...rows: string[]): Files => ({ ...two, 'repayments.csv': `payment_id,account_id,paid_on,amount,kind,note\n${rows.join('\n')}\n` })

describe('payments', () => {
  test('a twin: the first copy stands, nobody is held, the money counts once', async () => {
    expect(await told(payments('P1,A1,2025-06-10,40.00,,x', 'P2,A1,2025-06-11,1.00,,', 'P1,A1,2025-06-10,40.00,,x', 'P1,A1,2025-06-10,40.00,,x'))).toEqual({
      rejects: ['repayments 4 twin payment_id P1', 'repayments 5 twin payment_id P1'], held: [], money: ['41.00'], warnings: [],
    })
  })
  test('one key with two contents: none can be believed, the account is held', async () => {
    expect(await told(payments('P1,A1,2025-06-10,40.00,,', 'P2,A1,2025-06-11,1.00,,', 'P1,A1,2025-06-10,50.00,,'))).toMatchObject({
      rejects: ['repayments 2 conflicting-key payment_id P1', 'repayments 4 conflicting-key payment_id P1'], held: ['A1'], money: ['1.00'],
    })
  })
  test('three rows of one key, two of them alike: all three', async () => {
    expect(await judged(payments('P1,A1,2025-06-10,40.00,,', 'P1,A1,2025-06-10,40.00,,', 'P1,A1,2025-06-10,50.00,,'))).toHaveLength(3)
  })
  test('between two accounts: each that is named is held', async () => {
    expect(await told(payments('P1,A1,2025-06-10,40.00,,', 'P1,A2,2025-06-10,40.00,,'))).toMatchObject({ held: ['A1', 'A2'], money: ['0.00'] })
  })
  test('what is written otherwise and means the same is a twin', async () => {
    expect(await judged(payments('P1,A1,2025-06-10,40,,', ' P1,A1 ,2025-06-10,40.000,payment,'))).toEqual(['repayments 3 twin payment_id  P1'])
  })
  test('a difference in a column that nothing reads is a difference', async () => {
    expect(await judged(payments('P1,A1,2025-06-10,40.00,,x', 'P1,A1,2025-06-10,40.00,,y'))).toEqual(['repayments 2 conflicting-key payment_id P1', 'repayments 3 conflicting-key payment_id P1'])
    expect(await judged(payments('P1,A1,2025-06-10,40.00,,x', 'P1,A1,2025-06-10,40.00,,'))).toHaveLength(2)
  })
  test('in two files', async () => {
    const files = { ...two, 'repayments.csv': null, 'r-1.csv': 'payment_id,account_id,paid_on,amount\nP1,A1,2025-06-10,40.00\nP2,A1,2025-06-11,1.00\n', 'r-2.csv': 'payment_id,account_id,paid_on,amount\nP2,A1,2025-06-11,1.00\nP1,A1,2025-06-10,41.00\n' }
    expect(await judged(files, { inputs: { repayments: { files: 'r-*.csv' } } })).toEqual(['r-1 2 conflicting-key payment_id P1', 'r-2 2 twin payment_id P2', 'r-2 3 conflicting-key payment_id P1'])
  })
  test('a row that is rejected for another reason is no copy', async () => {
    expect(await told(payments('P1,A1,2025-06-10,forty,,', 'P1,A1,2025-06-10,40.00,,'))).toMatchObject({ rejects: ['repayments 2 not-an-amount amount forty'], money: ['40.00'] })
    expect(await told(payments('P1,A1,2025-06-10,-5.00,waiver,', 'P1,A1,2025-06-10,40.00,,'))).toMatchObject({ rejects: ['repayments 2 negative-amount amount -5.00'], money: ['40.00'] })
  })
  test('a blank key in a file that has the column is missing, not the same as another', async () => {
    expect(await judged(payments(',A1,2025-06-10,40.00,,', ',A1,2025-06-10,40.00,,'))).toEqual(['repayments 2 missing payment_id ', 'repayments 3 missing payment_id '])
  })
  test('ids are text: 1, 01 and 1.0 are three', async () => {
    expect(await judged(payments('1,A1,2025-06-10,1.00,,', '01,A1,2025-06-10,2.00,,', '1.0,A1,2025-06-10,3.00,,', 'a,A1,2025-06-10,4.00,,', 'A,A1,2025-06-10,5.00,,'))).toEqual([])
  })

  const parts = { ...two, 'repayments.csv': 'payment_id,instalment_no,account_id,paid_on,amount\nP1,1,A1,2025-06-10,40.00\nP1,2,A1,2025-06-10,60.00\nP1,2,A1,2025-06-10,60.00\nP2,1,A1,2025-06-11,1.00\nP2,1,A1,2025-06-11,2.00\n' }
  test('with a wider key the rows of one payment add up', async () => {
    expect(await told(parts, { inputs: { repayments: { key: ['payment_id', 'instalment_no'] } } })).toMatchObject({
      rejects: ['repayments 4 twin payment_id, instalment_no P1, 2', 'repayments 5 conflicting-key payment_id, instalment_no P2, 1', 'repayments 6 conflicting-key payment_id, instalment_no P2, 1'], money: ['100.00'],
    })
  })
  test('with the narrow one they do not', async () => expect(await judged(parts)).toHaveLength(5))

  test('without the column file and line are the key: equal rows are two payments, and the head says so', async () => {
    expect(await told({ ...two, 'repayments.csv': 'account_id,paid_on,amount\nA1,2025-06-10,40.00\nA1,2025-06-10,40.00\n' })).toMatchObject({ rejects: [], money: ['80.00'], warnings: ['no-payment-id'] })
  })
})

describe('instalments', () => {
  const plan = (...rows: string[]): Files => ({ ...two, 'schedule.csv': `account_id,instalment_no,due_on,amount_due\n${rows.join('\n')}\n` })
  test('a twin and a conflict', async () => {
    expect(await told(plan('A1,1,2025-06-10,100.00', 'A1,2,2025-07-10,100.00', 'A1,1,2025-06-10,100', 'A2,1,2025-06-10,5.00', 'A2,1,2025-06-11,5.00'))).toMatchObject({
      rejects: ['schedule 4 twin account_id, instalment_no A1, 1', 'schedule 5 conflicting-key account_id, instalment_no A2, 1', 'schedule 6 conflicting-key account_id, instalment_no A2, 1'], held: ['A2'],
    })
  })
  test('without the column equal rows are two instalments, and the head says so', async () => {
    const { accounts, warnings } = await flowing({ 'schedule.csv': 'account_id,due_on,amount_due\nA1,2025-06-10,50.00\nA1,2025-06-10,50.00\n' }, {}, ({ accounts: found, flow }) => ({ accounts: found, warnings: flow.outcome.warnings.map(({ code }) => code) }))
    expect(accounts).toMatchObject([{ instalments_total: 2, amount_due_to_date: '100.00' }])
    expect(warnings).toEqual(['no-instalment-no'])
  })
})

describe('loans', () => {
  test('a twin leaves the account as it is; two contents leave it rejected, and its money meets nobody', async () => {
    const files = { 'loans.csv': 'account_id,currency,principal\nA1,CNY,100\nA1,CNY,100.00\nA2,CNY,100\nA2,CNY,200\n', 'repayments.csv': 'payment_id,account_id,paid_on,amount\nP1,A2,2025-06-10,7.00\n' }
    await flowing(files, { currency: 'CNY' }, ({ flow, accounts }) => {
      expect(flow.outcome.rejects.map(({ line, code }) => `${line} ${code}`)).toEqual(['3 twin', '4 conflicting-key', '5 conflicting-key'])
      expect(accounts.map(({ account_id, tier, held_reason }) => [account_id, tier, held_reason])).toEqual([['A1', 'short', null], ['A2', 'rejected', 'row_in_quarantine']])
      expect(flow.outcome.money).toMatchObject([{ received: '7.00', unmatched: '7.00' }])
    })
  })
})

// Held against the plainest way to say it: group the rows by key, look at what each group holds.
describe('many rows in any order', () => {
  const numbers = (seed: number) => {
    let state = seed
    return (below: number) => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0
      return Math.floor((state / 4294967296) * below)
    }
  }
  const expected = (rows: readonly { key: string; content: string }[]) => {
    const groups = new Map<string, number[]>()
    rows.forEach(({ key }, at) => groups.set(key, [...(groups.get(key) ?? []), at]))
    return [...groups.values()].flatMap((places) => {
      if (places.length === 1) return []
      return new Set(places.map((at) => rows[at]!.content)).size === 1 ? places.slice(1).map((at) => `${at + 2} twin`) : places.map((at) => `${at + 2} conflicting-key`)
    }).sort((a, b) => parseInt(a) - parseInt(b))
  }

  test.each([1, 2, 3])('instalments with numbers below 0, from 0 to 62 and above, book %i', async (seed) => {
    const next = numbers(seed)
    const rows = Array.from({ length: 600 }, () => {
      const [account, no, amount] = [`A${next(12)}`, next(140) - 20, `${1 + next(2)}.00`]
      return { text: `${account},${no},2025-06-10,${amount}`, key: `${account} ${no}`, content: amount }
    })
    const rejects = await judged({ 'schedule.csv': `account_id,instalment_no,due_on,amount_due\n${rows.map(({ text }) => text).join('\n')}\n` })
    expect(rejects.map((reject) => reject.split(' ').slice(1, 3).join(' '))).toEqual(expected(rows))
  })

  test.each([1, 2, 3])('payments, book %i', async (seed) => {
    const next = numbers(seed + 100)
    const rows = Array.from({ length: 600 }, () => {
      const [id, amount] = [`P${next(400)}`, `${1 + next(2)}.00`]
      return { text: `${id},A1,2025-06-10,${amount}`, key: id, content: amount }
    })
    const rejects = await judged({ 'repayments.csv': `payment_id,account_id,paid_on,amount\n${rows.map(({ text }) => text).join('\n')}\n` })
    expect(rejects.map((reject) => reject.split(' ').slice(1, 3).join(' '))).toEqual(expected(rows))
  })

  test('parts of a key do not run into each other', async () => {
    expect(await judged({ 'repayments.csv': 'payment_id,component,account_id,paid_on,amount\na,bc,A1,2025-06-10,1.00\nab,c,A1,2025-06-10,1.00\n' }, { inputs: { repayments: { key: ['payment_id', 'component'] } } })).toEqual([])
  })
})
