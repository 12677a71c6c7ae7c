import { expect, test } from 'vitest'
import { flowing, type Files } from '../read/given.ts'

// Minor units of ISO 4217: yen and won have none, dinars of Kuwait three.

const told = (files: Files) => flowing(files, {}, ({ flow, accounts }) => ({
  rejects: flow.outcome.rejects.map(({ input, line, code, column, value }) => `${input} ${line} ${code} ${column} ${value}`),
  money: Object.fromEntries(flow.outcome.money.map(({ currency, received }) => [currency, received])),
  overdue: accounts.map(({ overdue_amount }) => overdue_amount),
}))
const book = (currencies: readonly string[], amounts: readonly string[]): Files => ({
  'loans.csv': `account_id,currency\n${currencies.map((currency, at) => `A${at},${currency}\n`).join('')}`,
  'schedule.csv': `account_id,instalment_no,due_on,amount_due\n${currencies.map((_, at) => `A${at},1,2025-06-10,1000\n`).join('')}`,
  'repayments.csv': `payment_id,account_id,paid_on,amount\n${amounts.map((amount, at) => `P${at},A${at},2025-06-10,${amount}\n`).join('')}`,
})

test('a payment in yen has no decimals, zeros apart', async () => {
  expect(await told(book(['JPY', 'JPY', 'JPY'], ['500', '500.00', '500.50']))).toMatchObject({ rejects: ['repayments 4 too-many-decimals amount 500.50'], money: { JPY: '1000.00' } })
})

test('beside a currency that has two, each by its own', async () => {
  expect(await told(book(['JPY', 'CNY'], ['1.5', '1.5']))).toMatchObject({ rejects: ['repayments 2 too-many-decimals amount 1.5'], money: { CNY: '1.50' } })
})

test('beside one that has three, money is read with three, and two stay the limit for the others', async () => {
  expect(await told(book(['KWD', 'CNY', 'JPY'], ['1.125', '1.125', '7']))).toMatchObject({ rejects: ['repayments 3 too-many-decimals amount 1.125'], money: { KWD: '1.125', JPY: '7.000' }, overdue: ['998.875', '1000.000', '993.000'] })
  expect((await told(book(['KWD'], ['1.1234']))).rejects).toEqual(['repayments 2 too-many-decimals amount 1.1234'])
})

test('in the plan and in the loan too', async () => {
  const files = { ...book(['JPY', 'JPY'], ['1', '1']), 'schedule.csv': 'account_id,instalment_no,due_on,amount_due\nA0,1,2025-06-10,1000.5\nA1,1,2025-06-10,1000\n' }
  expect((await told(files)).rejects).toEqual(['schedule 2 too-many-decimals amount_due 1000.5'])
  expect((await told({ ...files, 'loans.csv': 'account_id,currency,principal\nA0,JPY,1000\nA1,JPY,0.5\n' })).rejects).toEqual(['loans 3 too-many-decimals principal 0.5', 'schedule 2 too-many-decimals amount_due 1000.5'])
})
