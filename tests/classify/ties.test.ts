import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { run } from '../../src/cli/commands/run.ts'
import { explaining, folderOf, started } from '../explain/book.ts'

// One instalment of 100 due on 10 Jun, unpaid: 20 days on 30 Jun. What the lender says of it differs in some accounts.

const rules = '- table: a\n  hit: first\n  rules:\n    - id: N\n      when: {}\n      then: { action: call, list: soft, channel: phone }\n'

function bookOf(count: number, lenderOf: (at: number) => Readonly<Record<string, string>>) {
  const ids = Array.from({ length: count }, (_, at) => `A${String(at).padStart(3, '0')}`)
  return {
    loans: ids.map((account_id, at) => ({ account_id, ...lenderOf(at) })),
    schedule: ids.map((account_id) => ({ account_id, instalment_no: 1, due_on: '2025-06-10', principal_due: '90.00', interest_due: '10.00' })),
    repayments: [{ payment_id: 'P', account_id: ids[0], paid_on: '2025-06-30', amount: '1.00' }],
  }
}

const days = (off: number) => (at: number) => ({ days_past_due: at < off ? '21' : '20' })

async function tiesOf(rows: ReturnType<typeof bookOf>, settings: Readonly<Record<string, unknown>> = {}) {
  const { flow, close } = await explaining(folderOf(rows, { as_of: '2025-06-30', ...settings }).config)
  close()
  const { ties, warnings } = flow.outcome
  return { rows: ties?.rows, holds: ties?.holdsLists, warned: warnings.some(({ code }) => code === 'ties-below-limit') }
}

describe("our figures beside the lender's", () => {
  test('five of a hundred may differ, six hold the lists back', async () => {
    expect(await tiesOf(bookOf(100, days(5)))).toMatchObject({ holds: false, warned: false })
    const { rows, holds, warned } = await tiesOf(bookOf(100, days(6)))
    expect({ holds, warned }).toEqual({ holds: true, warned: true })
    expect(rows![0]).toMatchObject({ measure: 'days_past_due', section: 'total', accounts: 100, equal: 94, higher: 0, lower: 6, agreement: '0.940000', ours: '2000', lender: '2006', difference: '-6' })
    expect(rows!.filter(({ section }) => section === 'days')).toMatchObject([{ name: '-1', accounts: 6, cause: 'the first day that counts, or data of another day' }])
    expect(rows!.filter(({ section }) => section === 'largest').map(({ name, ours, lender }) => [name, ours, lender])).toEqual(['A000', 'A001', 'A002', 'A003', 'A004', 'A005'].map((id) => [id, '20', '21']))
  })

  test('books of less than a hundred accounts are compared and not held back; another share may be asked', async () => {
    expect(await tiesOf(bookOf(99, days(99)))).toMatchObject({ holds: false, warned: false })
    expect(await tiesOf(bookOf(100, days(6)), { ties_min_agree: 0.94 })).toMatchObject({ holds: false })
  })

  test('every figure that the export has; what is no number is not compared, and days before the due date are none', async () => {
    const { rows } = await tiesOf(bookOf(4, (at) => ({ days_past_due: ['20.0', 'n/a', '-3', ''][at]!, overdue_amount: ['99.00', '100.00', '70.00', '100.00'][at]!, outstanding_principal: '90.00', instalments_paid: '0', total_paid: ['1.00', '0.00', '30.00', '0.00'][at]! })))
    const totals = rows!.filter(({ section }) => section === 'total').map(({ measure, currency, accounts, equal, higher, lower }) => [measure, currency, accounts, equal, higher, lower])
    expect(totals).toEqual([
      ['days_past_due', null, 2, 1, 1, 0],
      ['overdue_amount', 'CNY', 4, 3, 1, 0],
      // 1.00 paid the interest first.
      ['outstanding_principal', 'CNY', 4, 4, 0, 0],
      ['instalments_paid', null, 4, 4, 0, 0],
      ['total_paid', 'CNY', 4, 3, 0, 1],
    ])
  })

  test("the lender's figures are of one day: another is not compared", async () => {
    expect((await tiesOf(bookOf(100, days(6)), { as_of: '2025-06-20', data_through: '2025-06-30' })).rows).toBeUndefined()
    expect((await tiesOf(bookOf(100, days(6)), { as_of: '2025-06-29' })).rows).toBeUndefined()
  })

  test('outstanding principal that is the export\'s own is not compared with itself', async () => {
    const rows = bookOf(2, () => ({ outstanding_principal: '5.00' }))
    const plain = { ...rows, schedule: rows.schedule.map(({ account_id, instalment_no, due_on }) => ({ account_id, instalment_no, due_on, amount_due: '100.00' })) }
    expect((await tiesOf(plain as never)).rows).toBeUndefined()
  })
})

test('below the share a run publishes its reports and no work list, and ends with 5', async () => {
  const { config } = folderOf(bookOf(100, days(6)), { as_of: '2025-06-30', out: 'out' }, rules)
  const { exit, said } = await started(run, { typed: { config, quiet: true } })
  const out = join(dirname(config), 'out/2025-06-30')
  expect(exit).toBe(5)
  expect(said).toContain('ties-below-limit')
  expect(existsSync(join(out, 'worklists/soft.csv'))).toBe(false)
  expect(readFileSync(join(out, 'reports/ties.csv'), 'utf8')).toContain('days_past_due,,total,,100,94,0,6,0.940000,2000,2006,-6,')
  const manifest = JSON.parse(readFileSync(join(out, 'run.json'), 'utf8'))
  expect(manifest.ties).toEqual([{ measure: 'days_past_due', currency: null, accounts: 100, equal: 94, higher: 0, lower: 6, agreement: '0.940000' }])
  expect(manifest.worklists).toEqual([])
})
