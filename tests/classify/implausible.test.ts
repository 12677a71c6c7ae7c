import { describe, expect, test } from 'vitest'
import { explaining, folderOf } from '../explain/book.ts'

// Twelve instalments of 100 principal and 10 interest on 1,200 borrowed; `off` of the accounts are made odd.

const accounts = 100

interface Odd {
  principal?: string
  dueFactor?: number
  paid?: string
  paidOn?: string
}

function bookWith(off: number, odd: Odd, of = accounts) {
  const ids = Array.from({ length: of }, (_, at) => ({ id: `A${String(at).padStart(3, '0')}`, odd: at < off ? odd : {} }))
  return {
    loans: ids.map(({ id, odd }) => ({ account_id: id, principal: odd.principal ?? '1200.00' })),
    schedule: ids.flatMap(({ id, odd }) => Array.from({ length: 12 }, (_, at) => ({ account_id: id, instalment_no: at + 1, due_on: `2025-${String(at + 1).padStart(2, '0')}-10`, principal_due: `${100 * (odd.dueFactor ?? 1)}.00`, interest_due: `${10 * (odd.dueFactor ?? 1)}.00` }))),
    repayments: ids.map(({ id, odd }) => ({ payment_id: `P-${id}`, account_id: id, paid_on: odd.paidOn ?? '2025-01-10', amount: odd.paid ?? '110.00' })),
  }
}

async function outcome(rows: ReturnType<typeof bookWith>, settings: Readonly<Record<string, unknown>> = {}): Promise<{ warnings: string[]; refused: string | undefined }> {
  try {
    const { flow, close } = await explaining(folderOf(rows, { as_of: '2025-06-30', ...settings }).config)
    close()
    return { warnings: flow.outcome.warnings.filter(({ code }) => ['other-principal', 'beyond-plan', 'due-before-payments'].includes(code)).map(({ code, says }) => `${code}: ${says}`), refused: undefined }
  } catch (error) {
    return { warnings: [], refused: (error as Error).message }
  }
}

describe('plan and money that do not fit together', () => {
  test('a sound book says nothing', async () => {
    expect(await outcome(bookWith(0, {}))).toEqual({ warnings: [], refused: undefined })
  })

  test('five of a hundred are warned, six are refused', async () => {
    expect((await outcome(bookWith(5, { principal: '1500.00' }))).warnings).toEqual(['other-principal: in 5 accounts (A000 first) the principal of the plan is not that of the loan, is the plan cut (holding open instalments alone: inputs.schedule.open_only), or changed without version?'])
    expect((await outcome(bookWith(6, { principal: '1500.00' }))).refused).toMatch('6 of 100 accounts are not plausible, more than the allowed share of 5 %: in 6 accounts (A000 first)')
  })

  test('fen for yuan is told by the ratio', async () => {
    expect((await outcome(bookWith(accounts, { dueFactor: 100 }))).refused).toContain('most of them 100 times')
    expect((await outcome(bookWith(accounts, { principal: '12000000.00' }))).refused).toContain('most of them 1/10,000 times')
  })

  test('a rounded last instalment is no matter', async () => {
    expect(await outcome(bookWith(accounts, { principal: '1211.00' }))).toEqual({ warnings: [], refused: undefined })
  })

  test('payments beyond the plan', async () => {
    expect((await outcome(bookWith(6, { paid: '1400.00' }))).refused).toContain('6 accounts (A000 first) paid more than the whole plan asks')
  })

  test('instalments due more than a month before the oldest payment: the history is cut, unless its beginning is stated', async () => {
    const cut = bookWith(accounts, { paidOn: '2025-04-10' })
    expect((await outcome(cut)).refused).toContain('100 accounts with instalments due more than a month before the oldest payment')
    expect(await outcome(cut, { inputs: { loans: { files: 'loans.csv' }, schedule: { files: 'schedule.csv' }, repayments: { files: 'repayments.csv', complete_from: '2025-04-01' } } })).toMatchObject({ refused: undefined, warnings: [] })
  })

  test('small books are warned, and a book may be let through', async () => {
    expect((await outcome(bookWith(99, { dueFactor: 100 }, 99))).refused).toBeUndefined()
    expect((await outcome(bookWith(accounts, { dueFactor: 100 }), { implausible_max_share: 1 })).refused).toBeUndefined()
  })
})
