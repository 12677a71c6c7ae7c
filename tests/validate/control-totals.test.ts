import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openEngine } from '../../src/engine/open.ts'
import { flow } from '../../src/flow.ts'
import { UserErrors, type UserError } from '../../src/errors.ts'
import { planInputs } from '../../src/read/read.ts'
import { loadSettings } from '../../src/settings/load.ts'
import { given, type Files, type Stated } from '../read/given.ts'

// Control totals that a lender states beside its files; what was lost on the way must be said. Totals added up by hand.

const book = {
  'loans.csv': 'account_id,currency,principal\nA1,CNY,100.00\nA2,USD,50.00\nA3,CNY,30.00\n',
  'schedule.csv': 'account_id,instalment_no,due_on,principal_due,interest_due\nA1,1,2025-06-10,60.00,1.00\nA1,2,2025-07-10,40.00,\nA2,1,2025-06-10,50.00,2.50\n',
  'repayments.csv': 'payment_id,account_id,paid_on,amount\nP1,A1,2025-06-10,40.00\nP2,A2,2025-06-10,10.50\nP3,A1,2025-06-12,-5.00\n',
}
const right = 'loans,CNY,2,130.00\nloans,USD,1,50\nschedule,CNY,2,101.00\nschedule,USD,1,52.50\nrepayments,CNY,2,35.00\nrepayments,USD,1,10.50\n'

async function told(control: string, files: Files = {}, stated: Stated = {}): Promise<UserError[]> {
  const { dir, config } = given({ ...book, ...files }, { ...stated, inputs: { ...stated.inputs, control_totals: { files: 'control.csv' } } })
  writeFileSync(join(dir, 'control.csv'), `input,currency,rows,amount\n${control}`)
  const engine = await openEngine('duckdb', { scale: 2, threads: 1 })
  try {
    const settings = loadSettings({ config }, true)
    await flow({ engine, settings, plans: await planInputs(engine, settings), scratch: dir, onStep: () => {} })
    return []
  } catch (error) {
    if (error instanceof UserErrors) return [...error.errors]
    if (error instanceof Error && 'todo' in error) return [error as UserError]
    throw error
  } finally {
    engine.close()
  }
}
const said = async (...of: Parameters<typeof told>) => (await told(...of)).map(({ says }) => says)

test('totals that hold say nothing', async () => {
  expect(await said(right)).toEqual([])
  expect(await said('loans,,3,\nrepayments,,3,\n')).toEqual([])
  expect(await said('schedule,CNY,,101.00\nschedule,USD,,"52.5"\n')).toEqual([])
  expect(await said('')).toEqual([])
})

test('each that does not is named with both figures, and refuses the run', async () => {
  const errors = await told(right.replace('schedule,CNY,2', 'schedule,CNY,3').replace('repayments,CNY,2,35.00', 'repayments,CNY,2,40.00'))
  expect(errors.map(({ code, exit, says }) => [code, exit, says])).toEqual([
    ['control-totals-differ', 3, 'schedule in CNY: the control totals state 3 rows of 101.00, and 2 rows of 101.00 were read.'],
    ['control-totals-differ', 3, 'repayments in CNY: the control totals state 2 rows of 40.00, and 2 rows of 35.00 were read.'],
  ])
})

test('a row that was lost, one that cannot be read, and one that is rejected for what it says', async () => {
  expect(await said(right, { 'repayments.csv': book['repayments.csv'].replace('P3,A1,2025-06-12,-5.00\n', '') })).toEqual(['repayments in CNY: the control totals state 2 rows of 35.00, and 1 rows of 40.00 were read.'])
  const unread = await told(right, { 'repayments.csv': book['repayments.csv'].replace('-5.00', 'x') })
  expect(unread).toMatchObject([{ says: 'repayments in CNY: the control totals state 2 rows of 35.00, and 2 rows of 40.00 were read.', todo: expect.stringMatching(/^1 of these rows have no amount that can be read/) }])
  // Its day cannot be read, its amount can: it was delivered whole.
  expect(await said(right, { 'repayments.csv': book['repayments.csv'].replace('2025-06-12', 'x') })).toEqual([])
  // The currency of a loan that is rejected still tells that of its payments.
  expect(await said(right.replace('loans,CNY,2,130.00', 'loans,CNY,2,30.00'), { 'loans.csv': book['loans.csv'].replace('A1,CNY,100.00', 'A1,CNY,x') })).toEqual([])
})

test('rows of no known currency are told apart; where there is but one currency they are of it', async () => {
  const strange = `${book['repayments.csv']}P4,X9,2025-06-12,7.00\nP5,A1\n`
  const errors = await told(right, { 'repayments.csv': strange })
  expect(errors).toMatchObject([{ says: 'repayments: the control totals state no row without a currency, and 2 rows of 7.00 were read.' }])
  const yuan = { 'loans.csv': 'account_id,currency,principal\nA1,CNY,100.00\nA2,CNY,50.00\n', 'repayments.csv': strange }
  expect(await said('repayments,CNY,5,52.50\n', yuan)).toEqual([])
  expect(await said('repayments,,5,52.50\n', yuan)).toEqual([])
})

test('a currency that is not stated, and one sum over several', async () => {
  expect(await said('loans,CNY,2,130.00\n')).toEqual(['loans in USD: the control totals state nothing, and 1 rows of 50.00 were read.'])
  expect(await told('loans,,3,180.00\n')).toMatchObject([{ todo: expect.stringMatching(/^Amounts of several currencies make no sum: state a row for each currency\./) }])
})

test('a file of control totals that is wrong is wrong before anything runs', () => {
  const { dir, config } = given(book, { inputs: { control_totals: { files: 'control.csv' } } })
  const wrong = (text: string) => {
    writeFileSync(join(dir, 'control.csv'), text)
    try {
      loadSettings({ config }, true)
      return []
    } catch (error) {
      return (error instanceof UserErrors ? error.errors : [error as UserError]).map(({ says, place, exit }) => [says, place.line, exit])
    }
  }
  expect(wrong('input,rows\nloan,3\nloans,many\nloans,\nschedule,2\nschedule,3\n')).toEqual([
    ['control_totals: input is "loan".', 2, 2], ['control_totals: rows is "many".', 3, 2], ['control_totals: rows is "".', 4, 2], ['control_totals: currency is "".', 6, 2],
  ])
  expect(wrong('input,currency,amount\nloans,yuan,1\nloans,CNY,1e3\n')).toEqual([['control_totals: currency is "yuan".', 2, 2], ['control_totals: amount is "1e3".', 3, 2]])
  expect(wrong('inputs,rows\n')).toHaveLength(2)
})
