import { describe, expect, test } from 'vitest'
import { faults, flowing, reading } from './given.ts'

// A value of a status or kind that nothing maps is one question with its count; nothing is guessed.

const loans = (...statuses: string[]) => `account_id,currency,status\n${statuses.map((status, at) => `A${at + 1},CNY,${status}\n`).join('')}`
const payments = (column: string, ...values: string[]) => `payment_id,account_id,paid_on,amount,${column}\n${values.map((value, at) => `P${at + 1},A1,2025-06-10,1.00,${value}\n`).join('')}`

describe('statuses of loans', () => {
  test('those that are known, and blank, need no question', async () => {
    expect(await faults({ 'loans.csv': loans('open', 'closed', 'written_off', 'sold', 'cancelled', 'not_disbursed', 'frozen', 'deceased', 'bankrupt', 'fraud', '', ' ') })).toEqual([])
  })

  test('each unknown one once, the most frequent first, with the line to add', async () => {
    expect(await faults({ 'loans.csv': loans('结清', '正常', 'open', '结清', '结清', 'Closed', '正常') })).toEqual([
      { code: 'value-unknown', exit: 2, says: 'loans.status has the value "结清" in 3 rows, which nothing maps.', todo: expect.stringMatching(/^Add inputs\.loans\.values\.status: \{结清: .+\} to the settings\. Known: open, closed, /) },
      { code: 'value-unknown', exit: 2, says: 'loans.status has the value "正常" in 2 rows, which nothing maps.', todo: expect.stringContaining('{正常: ') },
      { code: 'value-unknown', exit: 2, says: expect.stringContaining('the value "Closed" in 1 row'), todo: expect.stringContaining('{Closed: closed}') },
    ])
  })

  test('the line that was asked for answers it', async () => {
    const stated = { inputs: { loans: { values: { status: { 结清: 'closed', 正常: 'open', 未知: '' } } } } }
    expect(await faults({ 'loans.csv': loans('结清', '正常', '未知') }, stated)).toEqual([])
    await flowing({ 'loans.csv': loans('结清', '正常', '未知') }, stated, ({ accounts }) => expect(accounts.map(({ status }) => status)).toEqual(['closed', 'open', 'open']))
  })

  test('unless unknown ones are open by a setting', async () => {
    expect(await faults({ 'loans.csv': loans('结清', 'x') }, { unknown_status: 'open' })).toEqual([])
    await flowing({ 'loans.csv': loans('结清', 'closed', '') }, { unknown_status: 'open' }, ({ accounts }) => expect(accounts.map(({ status }) => status)).toEqual(['open', 'closed', 'open']))
  })
})

describe('kinds and statuses of payments', () => {
  test('those that are known, and blank, need no question', async () => {
    expect(await faults({ 'repayments.csv': payments('kind', 'payment', 'undo', 'chargeback', 'refund', 'waiver', 'recovery', 'settlement', 'prepayment', 'credit_note', 'charge', '') })).toEqual([])
    expect(await faults({ 'repayments.csv': payments('status', 'settled', 'pending', 'failed', 'reversed', '') })).toEqual([])
  })

  test.each(['compensation', 'buyback'])('what %s does only the lender knows', async (kind) => {
    const given = { 'repayments.csv': payments('kind', 'payment', kind, kind) }
    expect(await faults(given)).toMatchObject([{ code: 'kind-not-set', exit: 2, says: expect.stringContaining(`repayments.kind has the value "${kind}" in 2 rows.`), todo: `Set ${kind}: covers or ${kind}: ignored in the settings.` }])
    for (const value of ['covers', 'ignored']) expect(await faults(given, { [kind]: value })).toEqual([])
    expect(await faults(given, { [kind === 'buyback' ? 'compensation' : 'buyback']: 'covers' })).toHaveLength(1)
  })

  test('unknown ones', async () => {
    expect(await faults({ 'repayments.csv': payments('kind', '还款', 'waivr') })).toMatchObject([{ code: 'value-unknown', says: expect.stringContaining('"waivr"'), todo: expect.stringContaining('{waivr: waiver}') }, { says: expect.stringContaining('"还款"') }])
    expect(await faults({ 'repayments.csv': payments('status', 'OK', 'OK') }, { unknown_status: 'open' })).toMatchObject([{ code: 'value-unknown', says: 'repayments.status has the value "OK" in 2 rows, which nothing maps.', todo: expect.stringContaining('Known: settled, pending, failed, reversed.') }])
  })

  test('mapped ones', async () => {
    expect(await faults({ 'repayments.csv': payments('kind', '还款', '减免') }, { inputs: { repayments: { values: { kind: { 还款: 'payment', 减免: 'waiver' } } } } })).toEqual([])
  })
})

test('all questions of all inputs at once', async () => {
  const told = await faults({ 'loans.csv': loans('x'), 'repayments.csv': 'payment_id,account_id,paid_on,amount,kind,status\nP1,A1,2025-06-10,1.00,y,z\n' })
  expect(told.map(({ says }) => says.slice(0, says.indexOf(' has')))).toEqual(['loans.status', 'repayments.kind', 'repayments.status'])
})

test('a status column of the schedule asks nothing: conventions.skip_instalments says what it means', async () => {
  await reading({ 'schedule.csv': 'account_id,instalment_no,due_on,amount_due,status\nA1,1,2025-06-10,1.00,whatever\n' }, {}, async ({ book }) => expect(book.schedule.files[0]!.mapping.notUsedYet).toEqual([]))
})
