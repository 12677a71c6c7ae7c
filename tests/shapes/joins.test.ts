import { describe, expect, test } from 'vitest'
import { figures, folder } from './book.ts'

const asOf = { as_of: '2025-06-30', data_through: '2025-06-30' }
const ids = Array.from({ length: 40 }, (_, at) => 1000 + at * 7)

// Loans are known by their own number and by that of their contract; the other files have the contract alone, or both.
const loans = `account_id,contract_no,currency,status,branch\n${ids.map((id) => `L-${id},HT${id},CNY,open,1`).join('\n')}\n`
const schedule = `account_id,instalment_no,due_on,amount_due\n${ids.map((id) => `HT${id},1,2025-06-20,100.00`).join('\n')}\n`
const repayments = (contract: (id: number) => string) => `payment_id,account_id,paid_on,amount,contract,currency\n${ids.map((id) => `P${id},X${id},2025-06-20,100.00,${contract(id)},CNY`).join('\n')}\n`

test('which pair of columns joins two files best is measured and said', async () => {
  const { said, warnings } = await figures(folder({ loans, schedule, repayments: repayments((id) => (id === ids[0] ? '' : `HT${id}`)) }, asOf))
  expect(said.filter((_, at) => warnings[at] === 'other-columns-join')).toEqual([
    'schedule.account_id matches loans.contract_no for 100 % of rows; account_id for 0 %. Is that the loan? Then set inputs.loans.headers: {account_id: contract_no}.',
    'repayments.contract matches loans.contract_no for 97 % of rows; account_id for 0 %. Is that the loan? Then set inputs.repayments.headers: {account_id: contract} and inputs.loans.headers: {account_id: contract_no}.',
  ])
})

test('with what it says the book comes out', async () => {
  const inputs = { loans: { headers: { account_id: 'contract_no' } }, repayments: { headers: { account_id: 'contract' } } }
  const { of, warnings } = await figures(folder({ loans, schedule, repayments: repayments((id) => `HT${id}`) }, { ...asOf, inputs }))
  expect(of(`HT${ids[3]}`)).toMatchObject({ tier: 'current', amount_covered: '100.00' })
  expect(warnings).not.toContain('other-columns-join')
})

test('where no pair meets nothing is said, nor where rows are merely of loans that are gone', async () => {
  const none = await figures(folder({ loans, schedule: schedule.replaceAll('HT', 'Q'), repayments: repayments((id) => `Z${id}`) }, asOf))
  expect(none.warnings).not.toContain('other-columns-join')
})

const row = (id: string, no: number, due: string, amount: string) => `${id},${no},${due},${amount}`

describe('several files of one input', () => {
  const may = ['A,1,2025-05-10,100.00', 'B,1,2025-05-10,100.00', 'C,1,2025-05-10,100.00']
  const june = ['A,1,2025-05-10,100.00', 'B,1,2025-05-10,90.00', 'A,2,2025-06-10,100.00', 'A,2,2025-06-10,100.00']
  const head = 'account_id,instalment_no,due_on,amount_due'
  const files = { loans: 'account_id\nA\nB\nC\n', schedule: [may, june].map((rows) => `${head}\n${rows.join('\n')}\n`), repayments: 'payment_id,account_id,paid_on,amount\nP1,C,2025-05-10,100.00\n' }

  test('an overlap is counted and named: the same rows are read once, others contradict', async () => {
    const { of, said, warnings } = await figures(folder(files, { ...asOf, inputs: { schedule: { max_reject_share: 0.5 } } }))
    expect(said.filter((_, at) => warnings[at] === 'files-overlap')).toEqual(['schedule: 1 row of schedule-2.csv stands in schedule-1.csv too, the same, and is read once; 1 row of schedule-2.csv has a key of schedule-1.csv with other contents: both are rejected.'])
    expect(of('A')).toMatchObject({ overdue_amount: '200.00', held_reason: null })
    expect(of('B')).toMatchObject({ held_reason: 'row_in_quarantine' })
  })

  test('rows that two files have alike are no rejects that refuse a run', async () => {
    const twice = { ...files, schedule: [may, may].map((rows) => `${head}\n${rows.join('\n')}\n`) }
    expect((await figures(folder(twice, asOf))).said).toContain('schedule: 3 rows of schedule-2.csv stand in schedule-1.csv too, the same, and are read once.')
    // Within one file they are.
    await expect(figures(folder({ ...files, schedule: `${head}\n${[...may, ...may].join('\n')}\n` }, asOf))).rejects.toThrow('schedule: 3 of 6 rows were rejected')
  })
})

describe('cards that are sent as instalments are recognised', () => {
  const rising = (id: string) => [row(id, 1, '2025-04-20', '500.00'), row(id, 2, '2025-05-20', '1020.00'), row(id, 3, '2025-06-20', '1560.00')]
  const level = (id: string) => [row(id, 1, '2025-04-20', '500.00'), row(id, 2, '2025-05-20', '500.00'), row(id, 3, '2025-06-20', '500.01')]
  const schedule = `account_id,instalment_no,due_on,amount_due\n${[...rising('A'), ...level('B'), ...rising('C'), ...rising('D')].join('\n')}\n`
  const repayments = 'payment_id,account_id,paid_on,amount\nP1,B,2025-04-20,500.00\n'

  test('by their product or a limit, and amounts that rise', async () => {
    const loans = 'account_id,product,credit_limit,method\nA,Credit Card,,\nB,credit_card,,\nC,loan,20000,\nD,credit card,,revolving\n'
    const { said, warnings } = await figures(folder({ loans, schedule, repayments }, asOf))
    expect(said.filter((_, at) => warnings[at] === 'looks-revolving')).toEqual(['2 accounts (A first) look like cards whose statements were sent as instalments: the amounts rise from one to the next, as minimum payments do that hold the earlier ones. Added up they ask too much: give them as inputs.statements, or set method to revolving.'])
  })

  test('a plan that rises is none by itself', async () => {
    const { warnings } = await figures(folder({ loans: 'account_id,product\nA,loan\nB,loan\nC,loan\nD,card_instalment\n', schedule: schedule.replace(/^D.*\n/gm, ''), repayments }, asOf))
    expect(warnings).not.toContain('looks-revolving')
  })
})
