import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { UserError } from '../../src/errors.ts'
import { explain } from '../../src/explain/explain.ts'
import { find } from '../../src/explain/find.ts'
import { explaining, folderOf } from './book.ts'

/** Ids as they turn up: in other letters, with other zeros, damaged, in quarantine, in one file only. */
const rows = {
  loans: [
    { account_id: 'CN-00417', borrower_id: 'B-7', principal: '1.00' },
    { account_id: '00123', borrower_id: 'B-8', principal: '1.00' },
    { account_id: '123', borrower_id: 'B-8', principal: '1.00' },
    { account_id: '0045', borrower_id: '', principal: '1.00' },
    { account_id: 'BAD-1', borrower_id: '', principal: 'one' },
    { account_id: '6.22202E+18', borrower_id: '', principal: '1.00' },
  ],
  schedule: [{ account_id: 'ONLY-PLAN', instalment_no: 1, due_on: '2025-06-01', amount_due: '5.00' }, { account_id: 'BAD-1', instalment_no: 1, due_on: '2025-06-01', amount_due: '5.00' }],
  repayments: [
    { payment_id: 'P1', account_id: 'ONLY-MONEY', paid_on: '2025-06-01', amount: '5.00' },
    { payment_id: 'P2', account_id: 'cn-00417', paid_on: '2025-06-01', amount: '5.00' },
    { payment_id: 'P3', account_id: 'ONLY-REJECTED', paid_on: '2025-06-41', amount: '5.00' },
    { payment_id: 'P4', account_id: '6222020000000000017', paid_on: '2025-06-01', amount: '5.00' },
  ],
}

describe('an id is found wherever it stands', () => {
  const state: { on?: Awaited<ReturnType<typeof explaining>> } = {}
  beforeAll(async () => void (state.on = await explaining(folderOf(rows, { zone: 'UTC', as_of: '2025-06-30', work_on: '2025-07-01' }).config)))
  afterAll(() => state.on?.close())
  const asked = async (id: string) => {
    const found = await find(state.on!.finding, id)
    const [said] = await explain(state.on!, [found.id])
    return { found, said: said! }
  }

  test.each([
    ['123', 'accounts', 'no_schedule'],
    ['0045', 'accounts', 'no_schedule'],
    ['BAD-1', 'accounts', 'rejected'],
  ])('%s, among the accounts', async (id, place, tier) => {
    const { found, said } = await asked(id)
    expect([found.id, said.found[0], said.account!['tier']]).toEqual([id, place, tier])
  })

  test.each([
    ['ONLY-PLAN', ['unmatched'], 'schedule.csv', 2],
    ['ONLY-MONEY', ['unmatched'], 'repayments.csv', 2],
  ])('%s, among rows that meet no account', async (id, places, file, line) => {
    const { said } = await asked(id)
    expect([said.account, said.found]).toEqual([null, places])
    expect(said.unmatched).toMatchObject([{ file, line, why: 'no_loan' }])
  })

  test('ONLY-REJECTED, in quarantine alone', async () => {
    const { said } = await asked('ONLY-REJECTED')
    expect([said.account, said.found]).toEqual([null, ['rejected']])
    expect(said.rejected).toMatchObject([{ file: 'repayments.csv', line: 4, code: 'no-such-date' }])
    expect(said.not_counted).toMatchObject([{ why: 'no-such-date', line: 4 }])
  })

  test('a loan row in quarantine leaves its plan unmatched', async () => {
    const { said } = await asked('BAD-1')
    expect(said.found).toEqual(['accounts', 'unmatched', 'rejected'])
    expect(said.unmatched).toMatchObject([{ why: 'parent_rejected', file: 'schedule.csv', line: 3 }])
    expect(said.why.tier[0]).toContain('loans.csv:6 not-an-amount')
  })

  test.each([
    ['45', '0045'],
    ['00045', '0045'],
    [' 0045 ', '0045'],
    ['Only-Money', 'ONLY-MONEY'],
    ['only-rejected', 'ONLY-REJECTED'],
  ])('"%s" can only be %s, and that is said', async (typed, id) => {
    const { found } = await asked(typed)
    expect(found.id).toBe(id)
    expect(found.note).toContain(`"${id}"`)
  })

  test('an id that stands is taken, and others like it are named: its payment may lie there', async () => {
    const { found } = await asked('CN-00417')
    expect([found.id, found.alike]).toEqual(['CN-00417', ['cn-00417']])
    expect(found.note).toContain('"cn-00417"')
    expect((await asked('123')).found.alike).toEqual(['00123'])
  })

  test('a damaged id, as it stands and as it was', async () => {
    expect((await asked('6.22202E+18')).said.rejected).toMatchObject([{ code: 'account-id-damaged', line: 7 }])
    const { found, said } = await asked('6222020000000000017')
    expect(found.note).toContain('"6.22202E+18" in loans.csv line 7')
    expect(said.unmatched.length).toBe(1)
  })

  test.each([
    ['B-7', 'CN-00417', [], 'the borrower of "CN-00417".'],
    ['b-8', '00123', ['123'], 'the borrower of "00123", and of "123": the first of them is told.'],
    ['P1', 'ONLY-MONEY', [], 'a payment of "ONLY-MONEY".'],
    [' P2', 'cn-00417', [], 'a payment of "cn-00417".'],
    ['P3', 'ONLY-REJECTED', [], 'in a payment row in quarantine (repayments.csv:4 no-such-date) of "ONLY-REJECTED".'],
  ])('%s is no account: that of the borrower or payment is told', async (typed, id, alike, is) => {
    const { found, said } = await asked(typed)
    expect([found.id, found.alike, said.account_id]).toEqual([id, alike, id])
    expect(found.note).toBe(`No account is called "${typed}": it is ${is}`)
  })

  const refused = async (id: string) => {
    const error = await find(state.on!.finding, id).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(UserError)
    expect([(error as UserError).code, (error as UserError).exit]).toEqual(['account-not-found', 2])
    return (error as UserError).todo
  }

  test('two ids that it could be are both named', async () => expect(await refused('0123')).toContain('"00123", "123"'))
  test('a slip of the finger', async () => expect(await refused('CN-00471')).toContain('CN-00417'))
  test('the end of an id', async () => expect(await refused('417')).toContain('CN-00417'))
  test('nothing near', async () => expect(await refused('zzzzzzzz')).toContain('No id is near it'))
  test('nothing at all', async () => expect(await refused('  ')).toContain('No id is near it'))
  test("a quote in an id is only a letter", async () => expect(await refused("x' OR 1=1 --")).toContain('No id is near it'))
})
