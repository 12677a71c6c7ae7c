import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { age } from '../../src/cli/commands/age.ts'
import { explain } from '../../src/cli/commands/explain.ts'
import { sql } from '../../src/engine/sql.ts'
import { explaining, freshDir, started } from '../explain/book.ts'

// Counted on a calendar by hand.

/** A book in files as typed; the inputs that it lacks are not named in its settings. */
function folder(files: Readonly<Record<string, string>>, settings: Readonly<Record<string, unknown>>): string {
  const dir = freshDir()
  for (const [name, text] of Object.entries(files)) writeFileSync(join(dir, `${name}.csv`), text)
  const config = join(dir, 'arrears.yaml')
  writeFileSync(config, JSON.stringify({ currency: 'CNY', inputs: Object.fromEntries(Object.keys(files).map((name) => [name, { files: `${name}.csv` }])), ...settings }))
  return config
}

async function figures(config: string) {
  const { engine, flow, close } = await explaining(config)
  try {
    const rows = await engine.rows(sql`SELECT * FROM ${flow.outcome.accounts}`)
    return { of: (id: string) => rows.find((row) => row['account_id'] === id)!, warnings: flow.outcome.warnings.map(({ code }) => code), money: flow.outcome.money }
  } finally {
    close()
  }
}

const loans = (...ids: string[]) => `account_id\n${ids.join('\n')}\n`

describe('what was paid stands on the rows of the plan', () => {
  const schedule = [
    'account_id,instalment_no,due_on,amount_due,amount_paid,paid_on',
    // 600 on 10 May and 400 on 20 Jun: the row says 1,000 on 20 Jun.
    'P,1,2025-05-10,1000.00,1000.00,2025-06-20',
    // 600 came in some day.
    'U,1,2025-05-10,1000.00,600.00,',
    'N,1,2025-05-10,1000.00,,',
    'N,2,2025-06-10,1000.00,0.00,',
    // 80 above the amount due paid charges, and nothing of the next instalment.
    'C,1,2025-05-10,1000.00,1080.00,2025-05-25',
    'C,2,2025-06-10,1000.00,,',
    // Rows of what is not settled yet: nothing is missing before them.
    'O,4,2025-06-10,1000.00,,',
  ].join('\n')
  const book = (settings: object) => folder({ loans: loans('P', 'U', 'N', 'C', 'O'), schedule: `${schedule}\n` }, { data_through: '2025-06-30', ...settings })

  test('at the day of the export', async () => {
    const { of, warnings, money } = await figures(book({ as_of: '2025-06-30' }))
    expect(of('P')).toMatchObject({ days_late: 0, amount_covered: '1000.00', last_paid_on: '2025-06-20', held_reason: null })
    // 10 May to 30 Jun: 21 + 30.
    expect(of('U')).toMatchObject({ days_late: 51, overdue_amount: '400.00', last_paid_on: '2025-06-30', held_reason: null })
    expect(of('N')).toMatchObject({ days_late: 51, overdue_amount: '2000.00' })
    expect(of('C')).toMatchObject({ days_late: 20, overdue_amount: '1000.00', amount_covered: '1000.00', advance: '0.00' })
    expect(of('O')).toMatchObject({ days_late: 20, held_reason: null })
    expect(money).toMatchObject([{ received: '2680.00', covered: '2600.00', to_charges: '80.00', advance: '0.00' }])
    expect(warnings).not.toContain('paid-on-rows')
  })

  test('and at an earlier day: what is not known is said, and held', async () => {
    const { of, warnings } = await figures(book({ as_of: '2025-05-31' }))
    expect(of('P')).toMatchObject({ days_late: 21, overdue_amount: '1000.00', held_reason: null })
    expect(of('U')).toMatchObject({ days_late: 21, overdue_amount: '1000.00', held_reason: 'history_cut' })
    expect(warnings).toEqual(expect.arrayContaining(['paid-on-rows', 'incomplete']))
  })

  test('explain shows the payment at its row', async () => {
    const { shown } = await started(explain, { typed: { config: book({ as_of: '2025-06-30' }), json: true }, args: ['U'] })
    const said = JSON.parse(shown)
    expect(said.instalments).toMatchObject([{ paid: '600.00', outstanding: '400.00', line: 3 }])
    expect(said.payments).toMatchObject([{ amount: '600.00', line: 3 }])
  })

  test('repayments that are given stand', async () => {
    const repayments = 'payment_id,account_id,paid_on,amount\nP1,P,2025-05-10,300.00\n'
    const { of, warnings } = await figures(folder({ loans: loans('P', 'U', 'N', 'C', 'O'), schedule: `${schedule}\n`, repayments }, { as_of: '2025-06-30' }))
    expect(of('P')).toMatchObject({ overdue_amount: '700.00' })
    expect(of('O')).toMatchObject({ held_reason: 'history_cut' })
    expect(warnings).toContain('paid-amounts-not-used')
  })
})

describe('the plan says what is open', () => {
  // 1,000 a month from January; March is open by 400, and all from April on. The payments are in it.
  const schedule = 'account_id,instalment_no,due_on,amount_open\nA,3,2025-03-10,400.00\nA,4,2025-04-10,1000.00\nA,5,2025-07-10,1000.00\nB,5,2025-07-10,1000.00\n'
  const repayments = 'payment_id,account_id,paid_on,amount\nP1,A,2025-03-10,2600.00\nP2,B,2025-06-10,4000.00\n'

  test('no repayments are applied, and nothing is missing before it', async () => {
    const { of, warnings, money } = await figures(folder({ loans: loans('A', 'B'), schedule, repayments }, { as_of: '2025-06-30', data_through: '2025-06-30' }))
    // 10 Mar to 30 Jun: 21 + 30 + 31 + 30.
    expect(of('A')).toMatchObject({ days_late: 112, overdue_amount: '1400.00', outstanding_schedule: '2400.00', instalments_overdue: 2, last_paid_on: '2025-03-10', advance: '0.00', held_reason: null })
    expect(of('B')).toMatchObject({ days_late: 0, next_due_on: '2025-07-10', next_due_amount: '1000.00', advance: '0.00' })
    expect(warnings).toContain('open-plan')
    expect(money).toMatchObject([{ received: '0.00', covered: '0.00', advance: '0.00' }])
  })

  test('explain pours nothing over it', async () => {
    const { shown } = await started(explain, { typed: { config: folder({ loans: loans('A', 'B'), schedule, repayments }, { as_of: '2025-06-30' }), json: true }, args: ['A'] })
    const said = JSON.parse(shown)
    expect(said.instalments[0]).toMatchObject({ paid: '0.00', outstanding: '400.00' })
    expect(said.not_counted).toMatchObject([{ why: 'in_plan' }])
  })

  test('without repayments too', async () => {
    expect((await figures(folder({ loans: loans('A', 'B'), schedule }, { as_of: '2025-06-30' }))).of('A')).toMatchObject({ overdue_amount: '1400.00' })
  })

  test('several days are refused', async () => {
    for (const stated of [{}, { data_through: '2025-06-30' }])
      await expect(started(age, { typed: { config: folder({ loans: loans('A', 'B'), schedule }, { as_of: '2025-06-30', ...stated }), asOf: '2025-05-31..2025-06-30' } })).rejects.toThrow('as_of is 2025-05-31, but the schedule says what was open on 2025-06-30')
  })

  test('another day is refused', async () => {
    await expect(figures(folder({ loans: loans('A', 'B'), schedule }, { as_of: '2025-05-31', data_through: '2025-06-30' }))).rejects.toThrow('as_of is 2025-05-31, but the schedule says what was open on 2025-06-30')
  })
})
