import { describe, expect, test } from 'vitest'
import { UserErrors } from '../../src/errors.ts'
import { RefusedRows } from '../../src/validate/limit.ts'
import { refusedOutcome } from '../../src/validate/refused.ts'
import { flowing, type Files, type Stated } from '../read/given.ts'

/** `bad` of `all` payments cannot be read. */
const payments = (all: number, bad: number) => `payment_id,account_id,paid_on,amount\n${Array.from({ length: all }, (_, at) => `P${String(at).padStart(6, '0')},A1,2025-06-10,${at < bad ? 'x' : '1.00'}\n`).join('')}`

async function refused(files: Files, stated: Stated): Promise<RefusedRows[]> {
  try {
    await flowing(files, stated, () => undefined)
  } catch (error) {
    const all = error instanceof UserErrors ? error.errors : [error]
    return all.map((one) => {
      if (!(one instanceof RefusedRows)) throw one
      return one
    })
  }
  return []
}
const share = (max_reject_share: number): Stated => ({ inputs: { repayments: { max_reject_share } } })

describe('the allowed share of rejects', () => {
  test.each([
    [0.01, 100, 1], [0.01, 300, 3], [0.1, 10, 1], [0.07, 100, 7], [0.29, 100, 29], [0.001, 3000, 3], [1, 5, 5], [0, 5, 0],
  ])('%d: exactly that many of %i rows pass (%i)', async (limit, all, bad) => {
    expect(await refused({ 'repayments.csv': payments(all, bad) }, share(limit))).toEqual([])
  })

  test.each([
    [0.01, 100, 2, '1 %'], [0.01, 99, 1, '1 %'], [0.07, 100, 8, '7 %'], [0.29, 100, 30, '29 %'], [0.005, 199, 1, '0.5 %'], [0, 5, 1, '0 %'],
  ])('%d: one more does not (%i rows, %i bad)', async (limit, all, bad, said) => {
    const [error, ...more] = await refused({ 'repayments.csv': payments(all, bad) }, share(limit))
    expect(more).toEqual([])
    expect(error).toMatchObject({ code: 'rejects-over-limit', exit: 3, says: `repayments: ${bad} of ${all} rows were rejected, more than the allowed share of ${said}.` })
    expect(error!.todo).toBe(`Most of them: not-an-amount, ${bad} rows, first in repayments.csv line 2. The value is not an amount as amounts are written here: a plain number such as 1234.50, unless the settings say otherwise. Say how they are written under inputs.repayments.numbers, or export plain numbers. Mend the export, or raise inputs.repayments.max_reject_share.`)
  })

  test('holds for each input by itself, and all that cross theirs are told at once', async () => {
    const files = { 'loans.csv': 'account_id,currency\nA1,CNY\n,CNY\n', 'schedule.csv': 'account_id,instalment_no,due_on,amount_due\nA1,1,2025-06-10,100.00\nA1,2,x,100.00\n', 'repayments.csv': payments(100, 2) }
    const limits = (loans: number, schedule: number, repayments: number): Stated => ({ inputs: { loans: { max_reject_share: loans }, schedule: { max_reject_share: schedule }, repayments: { max_reject_share: repayments } } })
    expect(await refused(files, limits(0.5, 0.5, 0.02))).toEqual([])
    expect((await refused(files, limits(0.49, 0.5, 0.02))).map(({ says }) => says.split(':')[0])).toEqual(['loans'])
    expect((await refused(files, limits(0.49, 0.49, 0.01))).map(({ says }) => says.split(':')[0])).toEqual(['loans', 'schedule', 'repayments'])
  })

  test('counts records that cannot be read as rows, and twins', async () => {
    const files = { 'repayments.csv': 'payment_id,account_id,paid_on,amount\nP1,A1,2025-06-10,1.00\nP1,A1,2025-06-10,1.00\nP2,A1\nP3,A1,2025-06-10,1.00\n' }
    expect(await refused(files, share(0.5))).toEqual([])
    expect(await refused(files, share(0.49))).toMatchObject([{ says: expect.stringContaining('2 of 4 rows') }])
  })

  test('rows whose account nobody knows are no rejects', async () => {
    expect(await refused({ 'repayments.csv': payments(3, 0).replaceAll('A1', 'A7') }, share(0))).toEqual([])
  })
})

describe('a key that is too narrow for the file', () => {
  const hint = async (files: Files, stated: Stated = share(0.01)) => (await refused({ 'repayments.csv': null, ...files }, { inputs: { repayments: { ...stated.inputs!['repayments'], files: 'r-*.csv' } } }))[0]!.todo
  test('the key in force, and the smallest wider one under which nothing conflicts', async () => {
    const rows = 'payment_id,instalment_no,account_id,paid_on,amount\nR77,3,A1,2025-06-10,1.00\nR77,4,A1,2025-06-10,2.00\nR77,5,A1,2025-06-10,3.00\n'
    expect(await hint({ 'r-1.csv': rows })).toMatch(/ The key in force is \[payment_id\]\. Nothing conflicts under inputs\.repayments\.key: \[payment_id, instalment_no\]\. Mend the export/)
  })
  test('over files whose columns stand in another order', async () => {
    const files = { 'r-1.csv': 'payment_id,account_id,paid_on,amount,component\nR77,A1,2025-06-10,1.00,principal\n', 'r-2.csv': 'component,amount,paid_on,account_id,payment_id\ninterest,2.00,2025-06-10,A1,R77\n' }
    expect(await hint(files)).toContain('Nothing conflicts under inputs.repayments.key: [payment_id, component].')
  })
  test('none where none helps', async () => {
    const todo = await hint({ 'r-1.csv': 'payment_id,account_id,paid_on,amount\nR77,A1,2025-06-10,1.00\nR77,A1,2025-06-11,1.00\n' })
    expect(todo).toContain('The key in force is [payment_id].')
    expect(todo).not.toContain('Nothing conflicts')
  })
})

test('a refused run can show its files, its counts and all rows in quarantine', async () => {
  const [error] = await refused({ 'repayments.csv': payments(100, 2), 'schedule.csv': 'account_id,instalment_no,due_on,amount_due\nA1,1,2025-06-10,100.00\nA1,2,x,100.00\n' }, share(0.01))
  const { rejects, rows, files } = refusedOutcome(error!)
  expect([...rejects].map(({ input, line, code }) => `${input} ${line} ${code}`)).toEqual(['schedule 3 not-a-date', 'repayments 2 not-an-amount', 'repayments 3 not-an-amount'])
  expect(rows.map(({ input, read, accepted, rejected }) => [input, read, accepted, rejected])).toEqual([['loans', 1, 1, 0], ['schedule', 2, 1, 1], ['repayments', 100, 98, 2]])
  expect(files.map(({ name, records }) => [name, records])).toEqual([['loans.csv', 1], ['schedule.csv', 2], ['repayments.csv', 100]])
})
