import { expect, test } from 'vitest'
import { inOrder } from '../../src/engine/relation.ts'
import { columnsOf } from '../../src/read/inputs.ts'
import { faults, flowing } from './given.ts'

// Every step on the way from rows to accounts has columns of its own. A column that passes through must not stand in for one of them.

const plain = await flowing({}, {}, ({ accounts, flow }) => ({ row: accounts[0]!, names: new Set(inOrder(flow.outcome.accounts).flatMap((step) => Object.keys(step.columns))) }))
const own = Object.keys(plain.row)
const names = [...plain.names].filter((name) => !own.includes(name) && !(name in columnsOf('loans')))

test('the steps have names to try', () => expect(names.length).toBeGreaterThan(30))

test('a column of loans with the name of a column of some step is refused, or carried along and nothing else changed', async () => {
  const all = [...names, 'text of currency', 'l', 'r', 'a', 'rows', 'list', 'file', 'line', 'count']
  const told = await faults({ 'loans.csv': `account_id,currency,${all.join(',')}\nA1,CNY${',zzz'.repeat(all.length)}\n` })
  const refused = told.map(({ code, todo }) => {
    expect(code).toBe('column-name-taken')
    return / \{lender_(.+): \1\}\.$/.exec(todo)![1]
  })
  // Tried one by one: these did stand in for ours, or broke the run.
  expect(refused).toEqual(expect.arrayContaining(['ordinal', 'row fault', 'received', 'later', 'waived', 'money_state', 'state_undated', 'text of currency']))
  const carried = all.filter((name) => !refused.includes(name))
  expect(carried.length).toBeGreaterThan(20)
  await flowing({ 'loans.csv': `account_id,currency,${carried.join(',')}\nA1,CNY${',zzz'.repeat(carried.length)}\n` }, {}, ({ accounts }) => {
    expect(accounts).toEqual([{ ...plain.row, ...Object.fromEntries(carried.map((name) => [name, 'zzz'])) }])
  })
})

test('names in other scripts, with blanks and with quotes are carried along', async () => {
  const headers = ['客户姓名', 'Sales Region', 'it\'s "so"', 'select', 'a.b', '1', ';--']
  const cell = (value: string) => `"${value.replaceAll('"', '""')}"`
  await flowing({ 'loans.csv': `account_id,currency,${headers.map(cell).join(',')}\nA1,CNY${',zzz'.repeat(headers.length)}\n` }, {}, ({ accounts }) => {
    expect(accounts).toEqual([{ ...plain.row, ...Object.fromEntries(headers.map((header) => [header, 'zzz'])) }])
  })
})
