import { describe, expect, test } from 'vitest'
import { explain } from '../../src/cli/commands/explain.ts'
import { run } from '../../src/cli/commands/run.ts'
import { freshDir, started } from '../explain/book.ts'
import { figures, folder } from './book.ts'

// Counted on a calendar by hand.

const asOf = { as_of: '2025-06-30', data_through: '2025-06-30' }
const noPayments = 'payment_id,account_id,paid_on,amount\n'

describe('the example of practice: 500 due 20 April, 1,020 due 20 May of which 500 past due, 1,560 due 20 June of which 1,020', () => {
  const both = ['account_id,statement_on,due_on,minimum_due,past_due_in_minimum,balance', 'A,2025-03-31,2025-04-20,500.00,0.00,9000.00', 'A,2025-04-30,2025-05-20,1020.00,500.00,9100.00', 'A,2025-05-31,2025-06-20,1560.00,1020.00,9200.00']
  const without = both.map((line) => { const cells = line.split(','); return [...cells.slice(0, 4), ...cells.slice(5)].join(',') })
  const loans = 'account_id,method\nA,revolving\n'

  test.each([['with', both], ['without', without]])('%s the past due part: nothing paid', async (_, lines) => {
    const { of, warnings } = await figures(folder({ loans, statements: `${lines.join('\n')}\n`, repayments: noPayments }, { ...asOf, inputs: { repayments: { allow_empty: true } } }))
    // 20 April to 30 June: 10 + 31 + 30.
    expect(of('A')).toMatchObject({ tier: 'medium', days_past_due: 71, overdue_amount: '1560.00', instalments_overdue: 3, instalments_total: 3, oldest_unpaid_due_on: '2025-04-20', basis: 'statements', last_statement_on: '2025-05-31', statement_balance: '9200.00', outstanding_principal: '9200.00', held_reason: null })
    expect(warnings).not.toContain('lenders-word')
  })

  test.each([['with', both], ['without', without]])('%s it: paid on 25 June, the card is cured', async (_, lines) => {
    const repayments = `${noPayments}P1,A,2025-06-25,1560.00\n`
    const { of, money } = await figures(folder({ loans, statements: `${lines.join('\n')}\n`, repayments }, asOf))
    expect(of('A')).toMatchObject({ tier: 'current', days_past_due: 0, overdue_amount: '0.00', instalments_paid: 3 })
    expect(money).toMatchObject([{ received: '1560.00', covered: '1560.00', advance: '0.00' }])
    // A day before the payment, and before the last statement.
    const before = (day: string) => figures(folder({ loans, statements: `${lines.join('\n')}\n`, repayments }, { ...asOf, as_of: day }))
    expect((await before('2025-06-24')).of('A')).toMatchObject({ days_past_due: 65, overdue_amount: '1560.00' })
    expect((await before('2025-05-30')).of('A')).toMatchObject({ days_past_due: 40, overdue_amount: '1020.00', instalments_total: 2 })
  })

  test('paid in part: the oldest first', async () => {
    const { of } = await figures(folder({ loans, statements: `${both.join('\n')}\n`, repayments: `${noPayments}P1,A,2025-06-25,600.00\n` }, asOf))
    // 500 of April and 100 of May: 420 and 540 are open since 20 May.
    expect(of('A')).toMatchObject({ days_past_due: 41, overdue_amount: '960.00', instalments_overdue: 2 })
  })
})

describe('what was paid beyond a minimum covers no later one', () => {
  const statements = 'account_id,statement_on,due_on,minimum_due,past_due_in_minimum\nF,2025-03-31,2025-04-20,500.00,0.00\nF,2025-04-30,2025-05-20,300.00,0.00\nF,2025-05-31,2025-06-20,650.00,300.00\n'
  const loans = 'account_id\nF\n'
  // All that was owed, 3,000, on 15 April; nothing since.
  const paid = `${noPayments}P1,F,2025-04-15,3000.00\n`

  test('it lowers the balance', async () => {
    const { of, money } = await figures(folder({ loans, statements, repayments: paid }, asOf))
    expect(of('F')).toMatchObject({ tier: 'medium', days_past_due: 41, overdue_amount: '650.00', advance: '0.00', instalments_paid: 1 })
    expect(money).toMatchObject([{ received: '3000.00', covered: '3000.00' }])
  })

  test('nor does it when it bounces later', async () => {
    const bounced = 'payment_id,account_id,paid_on,amount,kind,reverses\nP1,F,2025-04-15,3000.00,payment,\nU1,F,2025-05-05,3000.00,undo,P1\n'
    const { of } = await figures(folder({ loans, statements, repayments: bounced }, asOf))
    // 500, 300 and 350 were asked, and nothing came of it: since 20 April.
    expect(of('F')).toMatchObject({ days_past_due: 71, overdue_amount: '1150.00' })
    // Before it bounced the first was paid.
    expect((await figures(folder({ loans, statements, repayments: bounced }, { ...asOf, as_of: '2025-05-04' }))).of('F')).toMatchObject({ days_past_due: 0 })
  })
})

test('a card beside loans with plans; rows of a plan ask nothing of a revolving one', async () => {
  const loans = 'account_id,method,product\nA,revolving,card\nR,revolving,card\nL,,loan\n'
  const schedule = 'account_id,instalment_no,due_on,amount_due\nR,1,2025-05-01,100.00\nL,1,2025-06-10,200.00\nL,1,2025-06-10,200.00\n'
  const statements = 'account_id,statement_on,due_on,minimum_due\nA,2025-05-31,2025-06-20,500.00\nA,2025-05-31,2025-06-20,500.00\nA,bad,2025-06-20,500.00\n'
  const config = folder({ loans, schedule, statements, repayments: `${noPayments}P1,L,2025-06-10,50.00\n` }, { ...asOf, rules: 'rules.yaml', reports: { make: 'all' }, holds: { lift: ['A'] }, inputs: { schedule: { max_reject_share: 1 } } })
  const { of } = await figures(config)
  expect(of('A')).toMatchObject({ tier: 'short', days_past_due: 10, overdue_amount: '500.00', basis: 'statements' })
  expect(of('R')).toMatchObject({ tier: 'no_schedule', tier_reason: 'revolving' })
  expect(of('L')).toMatchObject({ tier: 'short', days_past_due: 20, overdue_amount: '150.00', basis: 'schedule' })
  const { exit, said } = await started(run, { typed: { config, out: freshDir() } })
  expect([exit, said]).toEqual([0, said])
  const { shown } = await started(explain, { typed: { config, json: true }, args: ['A'] })
  expect(JSON.parse(shown).instalments).toMatchObject([{ instalment_no: 1, amount_due: '500.00', outstanding: '500.00', line: 2 }])
})

test('over invented cards as a walk without SQL says', async () => {
  let seed = 20250630
  const random = (most: number) => {
    seed = (seed * 1103515245 + 12345) % 2147483648
    return Math.floor((seed / 2147483648) * most)
  }
  const day = (n: number) => new Date(Date.UTC(2025, 0, 1 + n)).toISOString().slice(0, 10)
  const last = 180
  const statements: string[] = []
  const repayments: string[] = []
  const wanted = new Map<string, { days: number; overdue: number }>()
  for (let card = 0; card < 120; card++) {
    const id = `C${card}`
    const from = random(25)
    const made = Array.from({ length: 1 + random(6) }, (_, at) => ({ on: from + at * 30, due: from + at * 30 + 20, minimum: 0, pastDue: 0 })).filter(({ on }) => on <= last)
    const payments = Array.from({ length: random(7) }, () => ({ on: random(last + 1), amount: 10 + random(120) })).sort((a, b) => a.on - b.on)
    const paidBy = (on: number) => payments.filter((one) => one.on <= on).reduce((sum, { amount }) => sum + amount, 0)
    const told = card % 2 === 0
    // Each minimum is what was open of the earlier ones and something new. Money beyond what was asked is gone when the next one is made.
    let open: { due: number; amount: number }[] = []
    let gone = 0
    for (const one of made) {
      const pour = paidBy(one.on) - gone
      let rest = pour
      for (const each of open) {
        const takes = Math.min(each.amount, rest)
        each.amount -= takes
        rest -= takes
      }
      gone += pour
      open = open.filter(({ amount }) => amount > 0)
      one.pastDue = open.reduce((sum, { amount }) => sum + amount, 0)
      const fresh = 20 + random(80)
      one.minimum = one.pastDue + fresh
      open.push({ due: one.due, amount: fresh })
      statements.push([id, day(one.on), day(one.due), `${one.minimum}.00`, told ? `${one.pastDue}.00` : ''].join(','))
    }
    let rest = paidBy(last) - gone
    for (const each of open) {
      const takes = Math.min(each.amount, rest)
      each.amount -= takes
      rest -= takes
    }
    const late = open.filter(({ due, amount }) => due < last && amount > 0)
    wanted.set(id, { days: late.length === 0 ? 0 : last - late[0]!.due, overdue: late.reduce((sum, { amount }) => sum + amount, 0) })
    payments.forEach(({ on, amount }, at) => repayments.push(`${id}-${at},${id},${day(on)},${amount}.00`))
  }
  const config = folder({ loans: `account_id\n${[...wanted.keys()].join('\n')}\n`, statements: `account_id,statement_on,due_on,minimum_due,past_due_in_minimum\n${statements.join('\n')}\n`, repayments: `${noPayments}${repayments.join('\n')}\n` }, { as_of: day(last), data_through: day(last) })
  const { of } = await figures(config)
  for (const [id, { days, overdue }] of wanted) expect([id, of(id)['days_past_due'], of(id)['overdue_amount']]).toEqual([id, days, `${overdue}.00`])
})
