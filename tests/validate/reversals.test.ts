import { describe, expect, test } from 'vitest'
import { flowing, judging, type Files, type Stated } from '../read/given.ts'

// A1 pays 100.00 as P1 on 10 June. What can be taken back of it, and what is left: `net` is the money received less what was taken back.
const header = 'payment_id,account_id,paid_on,amount,kind,reverses,status,reversed_on'
const first = 'P1,A1,2025-06-10,100.00,,,,'
const book = (...rows: string[]): Files => ({ 'loans.csv': 'account_id,currency\nA1,CNY\nA2,CNY\n', 'repayments.csv': `${header}\n${[first, ...rows].join('\n')}\n` })

const told = (files: Files, stated: Stated = {}) =>
  flowing(files, stated, ({ flow, accounts }) => ({
    rejects: flow.outcome.rejects.map(({ line, code }) => `${line} ${code}`),
    held: accounts.filter(({ held_reason }) => held_reason !== null).map(({ account_id, held_reason }) => `${account_id}: ${held_reason}`),
    net: flow.outcome.money[0]?.received ?? '0.00',
  }))
const judged = async (files: Files, stated: Stated = {}) => (await judging(files, stated)).map(({ line, code }) => `${line} ${code}`)
const rejects = (...rows: string[]) => judged(book(...rows))

describe('what can be taken back', () => {
  test('all of a payment, or parts of it up to its amount', async () => {
    expect(await told(book('R1,A1,2025-06-12,100.00,undo,P1,,'))).toEqual({ rejects: [], held: [], net: '0.00' })
    expect(await told(book('R1,A1,2025-06-12,60.00,chargeback,P1,,', 'R2,A1,2025-06-13,40.00,refund,P1,,'))).toEqual({ rejects: [], held: [], net: '0.00' })
  })
  test('on the day of the payment, not before', async () => {
    expect(await rejects('R1,A1,2025-06-10,100.00,undo,P1,,')).toEqual([])
    expect(await rejects('R1,A1,2025-06-09,100.00,undo,P1,,')).toEqual(['3 reversal-before-payment'])
  })
  test('whatever its sign in the file', async () => {
    expect(await told(book('R1,A1,2025-06-12,-60.00,undo,P1,,'))).toMatchObject({ rejects: [], net: '40.00' })
    expect(await rejects('R1,A1,2025-06-12,-100.01,undo,P1,,')).toEqual(['3 reversal-beyond-payment'])
  })
  test('a row that names a payment and has no kind is an undo', async () => {
    expect(await told(book('R1,A1,2025-06-12,30.00,,P1,,'))).toMatchObject({ rejects: [], net: '70.00' })
    expect(await rejects('R1,A1,2025-06-12,30.00,payment,P7,,')).toEqual(['3 reversal-without-payment'])
  })
  test('a refund need not name a payment, and a bare negative amount is one', async () => {
    expect(await told(book('R1,A1,2025-06-12,30.00,refund,,,', 'R2,A1,2025-06-12,-20.00,,,,'))).toEqual({ rejects: [], held: [], net: '50.00' })
  })
  test('an undo and a chargeback must', async () => {
    expect(await rejects('R1,A1,2025-06-12,30.00,undo,,,', 'R2,A1,2025-06-12,30.00,chargeback,,,')).toEqual(['3 reversal-names-none', '4 reversal-names-none'])
  })
  test('where the file cannot name any, neither can stand', async () => {
    expect(await judged({ 'repayments.csv': 'payment_id,account_id,paid_on,amount,kind\nP1,A1,2025-06-10,100.00,\nR1,A1,2025-06-12,30.00,undo\nR2,A1,2025-06-12,30.00,refund\n' })).toEqual(['3 reversal-names-none'])
  })
})

describe('more than was paid', () => {
  test('goes by day, whatever the order in the file', async () => {
    expect(await told(book('R1,A1,2025-06-14,60.00,undo,P1,,', 'R2,A1,2025-06-13,60.00,undo,P1,,'))).toMatchObject({ rejects: ['3 reversal-beyond-payment'], net: '40.00' })
  })
  test('and by id on one day', async () => {
    expect(await rejects('R2,A1,2025-06-13,60.00,undo,P1,,', 'R1,A1,2025-06-13,60.00,undo,P1,,')).toEqual(['3 reversal-beyond-payment'])
  })
  test('once the payment is used up, what comes after is too much', async () => {
    expect(await rejects('R1,A1,2025-06-12,100.00,undo,P1,,', 'R2,A1,2025-06-13,0.01,undo,P1,,', 'R3,A1,2025-06-14,5.00,refund,P1,,')).toEqual(['4 reversal-beyond-payment', '5 reversal-beyond-payment'])
  })
  test('one that is too large for itself uses nothing up', async () => {
    expect(await told(book('R1,A1,2025-06-12,150.00,undo,P1,,', 'R2,A1,2025-06-13,100.00,undo,P1,,'))).toMatchObject({ rejects: ['3 reversal-beyond-payment'], net: '0.00' })
  })
  test('nor does one that comes too early', async () => {
    expect(await rejects('R1,A1,2025-06-09,60.00,undo,P1,,', 'R2,A1,2025-06-13,100.00,undo,P1,,')).toEqual(['3 reversal-before-payment'])
  })
  test('nor one that is on its way or failed: it takes nothing', async () => {
    expect(await told(book('R1,A1,2025-06-12,60.00,undo,P1,pending,', 'R2,A1,2025-06-12,60.00,undo,P1,failed,', 'R3,A1,2025-06-13,100.00,undo,P1,,'))).toMatchObject({ rejects: [], net: '0.00' })
  })
})

describe('a payment that is not there', () => {
  test('takes nothing off and holds the account', async () => {
    expect(await told(book('R1,A1,2025-06-12,30.00,undo,P7,,'))).toEqual({ rejects: ['3 reversal-without-payment'], held: ['A1: row_in_quarantine, reversal_without_payment'], net: '100.00' })
  })
  test('or lies in quarantine itself', async () => {
    expect(await told(book('P2,A1,2025-06-11,x,,,,', 'R1,A1,2025-06-12,30.00,undo,P2,,'))).toMatchObject({ rejects: ['3 not-an-amount', '4 reversal-without-payment'], held: ['A1: row_in_quarantine, reversal_without_payment'] })
    expect(await rejects('P2,A1,2025-06-11,5.00,,,,', 'P2,A1,2025-06-11,6.00,,,,', 'R1,A1,2025-06-12,5.00,undo,P2,,')).toEqual(['3 conflicting-key', '4 conflicting-key', '5 reversal-without-payment'])
  })
  test('a twin of it stands in its place', async () => {
    expect(await told(book(first, 'R1,A1,2025-06-12,100.00,undo,P1,,'))).toMatchObject({ rejects: ['3 twin'], held: [], net: '0.00' })
  })
  test('a reversal is no payment', async () => {
    expect(await rejects('R1,A1,2025-06-12,30.00,undo,P1,,', 'R2,A1,2025-06-13,30.00,undo,R1,,')).toEqual(['4 reversal-without-payment'])
  })
  test('of another account it is there, and cannot be taken back', async () => {
    expect(await told(book('R1,A2,2025-06-12,30.00,undo,P1,,'))).toMatchObject({ rejects: ['3 reversal-of-another-account'], held: ['A2: row_in_quarantine'] })
  })
})

describe('a payment of several rows', () => {
  const wide: Stated = { inputs: { repayments: { key: ['payment_id', 'instalment_no'] } } }
  const rows = (...more: string[]): Files => ({ 'loans.csv': 'account_id,currency\nA1,CNY\nA2,CNY\n', 'repayments.csv': `payment_id,instalment_no,account_id,paid_on,amount,kind,reverses\nP1,1,A1,2025-06-10,60.00,,\nP1,2,A1,2025-06-12,40.00,,\nP1,3,A2,2025-06-10,10.00,,\n${more.join('\n')}\n` })
  test('can be taken back to their sum, from the first of their days on', async () => {
    expect(await told(rows('R1,1,A1,2025-06-10,100.00,undo,P1'), wide)).toMatchObject({ rejects: [], net: '10.00' })
    expect(await judged(rows('R1,1,A1,2025-06-12,100.01,undo,P1'), wide)).toEqual(['5 reversal-beyond-payment'])
    expect(await judged(rows('R1,1,A1,2025-06-09,1.00,undo,P1'), wide)).toEqual(['5 reversal-before-payment'])
  })
  test('of two accounts: each its own', async () => {
    expect(await judged(rows('R1,1,A2,2025-06-12,10.00,undo,P1', 'R2,1,A2,2025-06-13,0.01,undo,P1'), wide)).toEqual(['6 reversal-beyond-payment'])
  })
})
