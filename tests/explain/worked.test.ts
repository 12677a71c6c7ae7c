import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { UserError } from '../../src/errors.ts'
import { mustAgree } from '../../src/explain/agree.ts'
import { countedOf } from '../../src/explain/counted.ts'
import { evidenceOf } from '../../src/explain/evidence.ts'
import { explain, type Explanation } from '../../src/explain/explain.ts'
import { planOf } from '../../src/explain/plan.ts'
import { report } from '../../src/explain/report.ts'
import { explaining, folderOf } from './book.ts'

const none = { to_leave_tier: null, to_be_current: null, rolls_on: null, if_paid: null, in_quarantine: null }

/*
 * One account with every way in which money may not count, worked by hand as of 30 June 2025.
 * Counts: 150 (P1) + 80 (P2) - 20 (P3, a refund) + 15 (P9, reversed only on 2 July) + 5 (P11, a waiver) = 230.
 * The refund takes from P2, which came last before it: 60 of P2 stand.
 * No 1: 100 of P1. No 2: 50 of P1, 50 of P2. No 3: 10 of P2, 15 of P9, 5 of P11 = 30; 70 open since 31 May, 30 days.
 * No 4 is due on the day itself: open, not late. Not yet due: no 5.
 */
const payment = (payment_id: string, paid_on: string, amount: string, more: object = {}) => ({ payment_id, account_id: 'W1', paid_on, amount, kind: '', status: '', reverses: '', reversed_on: '', ...more })
const rows = {
  loans: [
    { account_id: 'W1', borrower_id: 'B1', product: 'cash', days_past_due: '31', overdue_amount: 'n/a', outstanding_principal: '' },
    { account_id: 'W2', borrower_id: 'B1', product: 'cash', days_past_due: '0', overdue_amount: '0.00', outstanding_principal: '' },
  ],
  schedule: [
    ...['2025-03-31', '2025-04-30', '2025-05-31', '2025-06-30', '2025-07-31'].map((due_on, at) => ({ account_id: 'W1', instalment_no: at + 1, due_on, amount_due: '100.00' })),
    { account_id: 'W2', instalment_no: 1, due_on: '2025-07-02', amount_due: '100.00' },
  ],
  repayments: [
    payment('P1', '2025-03-31', '150.00'),
    payment('P2', '2025-04-30', '80.00'),
    payment('P3', '2025-05-10', '-20.00'),
    payment('P4', '2025-05-31', '100.00'),
    payment('R4', '2025-06-02', '100.00', { reverses: 'P4' }),
    payment('P5', '2025-06-10', '40.00', { status: 'pending' }),
    payment('P6', '2025-07-01', '100.00'),
    payment('P7', '2025-06-11', '30.00', { status: 'failed' }),
    payment('P8', '2025-06-12', '25.00', { status: 'reversed' }),
    payment('P9', '2025-06-13', '15.00', { status: 'reversed', reversed_on: '2025-07-02' }),
    payment('P10', '2025-06-20', '1O.00'),
    payment('P11', '2025-06-14', '5.00', { kind: 'waiver' }),
  ],
}
const rules = `
- table: actions
  hit: first
  rules:
    - id: H1
      when: { tier: '"short","medium"', pending_amount: '>= overdue_amount' }
      then: { action: none, reason: payment on its way }
    - id: M1
      when: { tier: '"medium"' }
      then: { action: visit }
    - id: S1
      when: { tier: '"short"', days_past_due: '[8..30]', currency: '"CNY"', overdue_amount: '>= 70' }
      then: { action: call, list: soft, channel: phone, priority: 2, template: T1, due_in_days: 2, reason: late }
    - id: S2
      when: { tier: '"short"' }
      then: { action: sms }
- table: letters
  hit: first
  rules:
    - id: L1
      when: { instalments_overdue: '>= 2' }
      then: { action: letter }
`
const days = { zone: 'UTC', as_of: '2025-06-30', work_on: '2025-07-01' }

describe('an account with all that may not count', () => {
  const state: { on?: Awaited<ReturnType<typeof explaining>>; said?: Explanation } = {}
  beforeAll(async () => {
    state.on = await explaining(folderOf(rows, days, rules).config)
    state.said = (await explain(state.on, ['W1']))[0]!
  })
  afterAll(() => state.on?.close())

  test('its row of accounts', () => {
    expect(state.said!.account).toMatchObject({
      tier: 'short', bucket: '1-30', days_past_due: 30, oldest_unpaid_due_on: '2025-05-31', amount_due_to_date: '400.00', amount_covered: '230.00', overdue_amount: '70.00', due_today_amount: '100.00',
      pending_amount: '40.00', last_paid_on: '2025-06-13', held_reason: 'row_in_quarantine', held_since: '2025-06-20', lender_days_past_due: '31', leads: false, gate: 'unchecked',
    })
    expect(state.said!.found).toEqual(['accounts', 'rejected'])
  })

  test('its plan, and what covers what', () => {
    const by = (...shares: [string, string][]) => shares.map(([name, amount]) => ({ payment: name, amount }))
    const line = (instalment_no: number, due_on: string, paid: string, outstanding: string, late: number, covered_by: object) => ({
      instalment_no, due_on, amount_due: '100.00', parts: {}, paid, outstanding, released: '0.00', days: late, due_so_far: `${instalment_no}00.00`, covered_by, file: 'schedule.csv', line: instalment_no + 1,
    })
    expect(state.said!.instalments).toEqual([
      line(1, '2025-03-31', '100.00', '0.00', 0, by(['P1', '100.00'])),
      line(2, '2025-04-30', '100.00', '0.00', 0, by(['P1', '50.00'], ['P2', '50.00'])),
      line(3, '2025-05-31', '30.00', '70.00', 30, by(['P2', '10.00'], ['P9', '15.00'], ['P11', '5.00'])),
      line(4, '2025-06-30', '0.00', '100.00', 0, []),
      line(5, '2025-07-31', '0.00', '100.00', 0, []),
    ])
    expect(state.said!.buckets.filter(({ amount }) => amount !== '0.00')).toEqual([{ name: '0', amount: '100.00' }, { name: '1-30', amount: '70.00' }])
  })

  test('its payments, by day', () => {
    expect(state.said!.payments.map((one) => [one.payment_id, one.kind, one.counts, one.counted, one.given_back, one.line])).toEqual([
      ['P1', 'payment', true, '150.00', '0.00', 2],
      ['P2', 'payment', true, '80.00', '20.00', 3],
      ['P3', 'refund', true, '-20.00', '0.00', 4],
      ['P4', 'payment', false, '0.00', '0.00', 5],
      ['R4', 'undo', false, '0.00', '0.00', 6],
      ['P5', 'payment', false, '0.00', '0.00', 7],
      ['P7', 'payment', false, '0.00', '0.00', 9],
      ['P8', 'payment', false, '0.00', '0.00', 10],
      ['P9', 'payment', true, '15.00', '0.00', 11],
      ['P11', 'waiver', true, '5.00', '0.00', 13],
      ['P6', 'payment', false, '0.00', '0.00', 8],
    ])
    expect(state.said!.payments[1]!.covers).toEqual([{ instalment_no: 2, amount: '50.00' }, { instalment_no: 3, amount: '10.00' }])
  })

  test('what did not count, and why', () => {
    expect(state.said!.not_counted.map((one) => [one.payment_id, one.not_counted, one.why, one.says])).toEqual([
      ['P3', null, 'refund', 'a refund that names no payment: it takes off what came last'],
      ['P4', '100.00', 'taken_back', 'taken back by R4 (undo, 2025-06-02)'],
      ['R4', null, 'reversal', 'takes back P4'],
      ['P5', '40.00', 'pending', 'pending: on its way, it covers nothing yet'],
      ['P7', '30.00', 'failed', 'failed'],
      ['P8', '25.00', 'reversed', 'flagged as reversed, without a day: it never counted'],
      ['P6', '100.00', 'later', 'dated after 2025-06-30'],
      [null, null, 'not-an-amount', 'rejected: not-an-amount, amount "1O.00"'],
    ])
    expect(state.said!.rejected).toMatchObject([{ file: 'repayments.csv', line: 12, code: 'not-an-amount', value: '1O.00', raw: 'P10,W1,2025-06-20,1O.00,,,,' }])
  })

  test('the rule that fired, and the first failing cell of each other', () => {
    const [actions, letters] = state.said!.rules!.tables
    expect(actions!.fired).toBe('S1')
    expect(actions!.rules.map((rule) => [rule.rule, rule.fired, rule.holds, rule.first_failing])).toEqual([
      ['H1', false, false, { column: 'pending_amount', cell: '>= overdue_amount', values: { pending_amount: '40.00', overdue_amount: '70.00' }, holds: false }],
      ['M1', false, false, { column: 'tier', cell: '"medium"', values: { tier: 'short' }, holds: false }],
      ['S1', true, true, null],
      ['S2', false, true, null],
    ])
    expect(actions!.rules[2]!.cells.map(({ column, values }) => values[column])).toEqual(['short', 30, 'CNY', '70.00'])
    expect(letters).toMatchObject({ fired: null, rules: [{ rule: 'L1', first_failing: { values: { instalments_overdue: 1 } } }] })
  })

  test('its action, and why it stands in no list', () => {
    expect(state.said!.rules!.actions).toEqual([
      {
        table: 'actions', rule: 'S1', action: 'call', list: 'soft', in_list: false, why_not: ['held: row_in_quarantine', 'does not lead its borrower B1: W2 does'],
        channel: 'phone', priority: 2, template: 'T1', action_due_on: '2025-07-03', reason: 'late',
      },
    ])
  })

  test('as a person reads it', () => {
    const lines = report(state.said!, none, false).split('\n').map((line) => line.trim().replaceAll(/ {2,}/g, ' | '))
    for (const line of [
      'W1 | cash, CNY, status open, borrower B1',
      'Tier | short, bucket 1-30',
      '30 days past due: short is 1 to 30.',
      'The oldest unpaid instalment is no 3, due 2025-05-31: 30 days to 2025-06-30.',
      'Held | yes, since 2025-06-20: row_in_quarantine',
      "Days past due | 30 | 31 | ours is 1 lower (the lender's is of the day of the export)",
      "Overdue amount | 70.00 | n/a | the lender's is no number",
      'W2 | preventive | 0 | 0.00 | CNY | leads',
      '3 | 2025-05-31 | 100.00 | 30.00 | 70.00 | 30 | 300.00 | 2025-04-30 P2 10.00, 2025-06-13 P9 15.00, 2025-06-14 P11 5.00',
      'due by now | 400.00 | 230.00 | 170.00',
      'total | 500.00 | 230.00 | 270.00',
      'Open and due by 2025-06-30, by its own days past due: 0: 100.00 | 1-30: 70.00',
      'P2 | 2025-04-30 | payment | settled | 80.00 | 80.00 | no 2 50.00, no 3 10.00, 20.00 given back',
      'P4 | 2025-05-31 | 100.00 | 100.00 | taken back by R4 (undo, 2025-06-02)',
      'repayments.csv:12 | rejected: not-an-amount, amount "1O.00"',
      'H1 | fails at | pending_amount | >= overdue_amount | pending_amount 40.00, overdue_amount 70.00',
      'S1 | FIRED | tier | "short" | short',
      'S2 | holds too, comes later',
      'Action | call, by phone, template T1, priority 2, due 2025-07-03 (late)',
      'List | none: held: row_in_quarantine; does not lead its borrower B1: W2 does (its list would be soft)',
      'Gate | unchecked: lawfulness of contact was not checked',
    ])
      expect(lines).toContain(line)
  })

  test('figures that differ from the run are never shown', async () => {
    const [evidence] = await evidenceOf(state.on!, ['W1'])
    const { settings } = state.on!
    const agree = (account: object, payments = evidence!.payments) => {
      const other = { ...evidence!, payments, account: { ...evidence!.account!, ...account } }
      const counted = countedOf(other, settings.as_of)
      mustAgree(other, counted, planOf(other, counted, settings, 2), settings)
    }
    expect(() => agree({})).not.toThrow()
    for (const wrong of [{ amount_covered: '230.01' }, { overdue_amount: '69.99' }, { advance: '1.00' }, { oldest_unpaid_due_on: '2025-06-30' }, { days_late: 29 }, { released_amount: '1.00' }, { pending_amount: '0.00' }])
      expect(() => agree(wrong), JSON.stringify(wrong)).toThrow(UserError)
    expect(() => agree({}, evidence!.payments.slice(1))).toThrow(/the money received of W1/)
  })
})

describe('a book without ids, in several files', () => {
  test('payments are called by their place', async () => {
    const folder = folderOf({ loans: [{ account_id: 'N' }], schedule: [{ account_id: 'N', due_on: '2025-06-01', amount_due: '10.00' }, { account_id: 'N', due_on: '2025-05-01', amount_due: '10.00' }], repayments: [] }, {
      ...days,
      inputs: { loans: { files: 'loans.csv' }, schedule: { files: 'schedule.csv' }, repayments: { files: ['a.csv', 'b.csv.gz'] } },
    })
    writeFileSync(join(folder.dir, 'a.csv'), 'account_id,paid_on,amount\nX,2025-05-01,1.00\n\nN,2025-05-02,4.00\n')
    writeFileSync(join(folder.dir, 'b.csv.gz'), gzipSync('amount,account_id,paid_on\n1.00,X,2025-05-01\n"7.00","N",2025-05-03\n'))
    const on = await explaining(folder.config)
    try {
      const [said] = await explain(on, ['N'])
      // The earlier due date is the first instalment, wherever its row stands.
      expect(said!.instalments.map(({ instalment_no, due_on, line, covered_by }) => [instalment_no, due_on, line, covered_by])).toEqual([
        [1, '2025-05-01', 3, [{ payment: 'a.csv:4', amount: '4.00' }, { payment: 'b.csv.gz:3', amount: '6.00' }]],
        [2, '2025-06-01', 2, [{ payment: 'b.csv.gz:3', amount: '1.00' }]],
      ])
      expect(said!.rules).toBeNull()
      expect(report(said!, none, false)).toContain('No rules were given')
    } finally {
      on.close()
    }
  })
})

/*
 * Accounts whose plan is not asked as it stands. SET: closed, 60 paid of 100; 40 released. CAN: cancelled, its 5.00 is an advance.
 * OWE: closed on 1 May, its instalment of 1 April open. REV: revolving. NOT: paid out tomorrow.
 */
describe('plans that are not asked', () => {
  const loans = [
    { account_id: 'SET', status: 'closed', closed_on: '2025-04-10', disbursed_on: '', method: '' },
    { account_id: 'CAN', status: 'cancelled', closed_on: '', disbursed_on: '', method: '' },
    { account_id: 'OWE', status: 'closed', closed_on: '2025-05-01', disbursed_on: '', method: '' },
    { account_id: 'REV', status: '', closed_on: '', disbursed_on: '', method: 'revolving' },
    { account_id: 'NOT', status: '', closed_on: '', disbursed_on: '2025-07-01', method: '' },
    { account_id: 'WOF', status: 'written_off', closed_on: '', disbursed_on: '', method: '' },
    { account_id: 'NOP', status: '', closed_on: '', disbursed_on: '', method: '' },
  ]
  const plan = (account_id: string) => [{ account_id, instalment_no: 1, due_on: '2025-04-01', amount_due: '50.00' }, { account_id, instalment_no: 2, due_on: '2025-08-01', amount_due: '50.00' }]
  const paid = (account_id: string, amount: string, kind = '') => ({ payment_id: `P-${account_id}`, account_id, paid_on: '2025-04-02', amount, kind })
  const asked: Explanation[] = []
  beforeAll(async () => {
    const on = await explaining(folderOf({ loans, schedule: ['SET', 'CAN', 'OWE', 'REV', 'NOT', 'WOF'].flatMap(plan), repayments: [paid('SET', '60.00'), paid('CAN', '5.00'), paid('OWE', '10.00'), paid('REV', '7.00'), paid('WOF', '20.00')] }, days).config)
    asked.push(...(await explain(on, loans.map(({ account_id }) => account_id))))
    on.close()
  })
  const lines = (id: string) => asked.find((said) => said.account_id === id)!.instalments.map(({ paid, outstanding, released, days }) => [paid, outstanding, released, days])
  const why = (id: string) => asked.find((said) => said.account_id === id)!.why

  test('settled: what is open was released', () => {
    expect(lines('SET')).toEqual([['50.00', '0.00', '0.00', 0], ['10.00', '0.00', '40.00', 0]])
    expect(why('SET').tier).toEqual(['Closed on 2025-04-10, and nothing was taken back since: what its plan still shows was released and is not due.'])
  })

  test.each(['CAN', 'REV', 'NOT'])('%s: the plan asks nothing and takes no money', (id) => {
    expect(lines(id)).toEqual([['0.00', '0.00', '0.00', 0], ['0.00', '0.00', '0.00', 0]])
    expect(why(id).plan).not.toBeNull()
  })

  test('not paid out yet, cancelled, revolving, without a plan: each says so', () => {
    expect(why('NOT').tier).toEqual(['Paid out on 2025-07-01, after 2025-06-30.'])
    expect(why('CAN').tier).toEqual(['Its status is cancelled: the plan asks nothing.'])
    expect(why('REV').tier).toEqual(['A revolving product has no instalments to age by.'])
    expect(why('NOP').tier).toEqual(['No accepted row of the schedule has the account: it cannot be aged.'])
  })

  test('money of a plan that asks nothing is left', () => {
    expect(asked.find((said) => said.account_id === 'CAN')!.payments).toMatchObject([{ counts: true, counted: '5.00', covers: [], left: '5.00' }])
  })

  test('closed but owing: aged and held', () => {
    // 1 April to 30 June = 29 + 31 + 30 = 90.
    expect(lines('OWE')).toEqual([['10.00', '40.00', '0.00', 90], ['0.00', '50.00', '0.00', 0]])
    expect(why('OWE').held).toEqual([{ reason: 'closed_but_owing', says: 'Closed on 2025-05-01 with instalments due before that day open, and no settlement or waiver explains it.' }])
  })

  test('written off: its days and amounts are told all the same', () => {
    expect(lines('WOF')).toEqual([['20.00', '30.00', '0.00', 90], ['0.00', '50.00', '0.00', 0]])
    expect(why('WOF').tier).toEqual(['Written off, on a day that the export does not give: its days and amounts are shown, and stand in no ageing total.'])
  })
})
