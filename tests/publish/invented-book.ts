import { addDays, amountText, type LoanRow, type RepaymentRow, type Rows, type ScheduleRow } from '../reference/reference.ts'

/** A book of 120 accounts in two currencies with payments of many days, some taken back, some loans closed or written off. The same rows for the same seed. */
export function inventedBook(seed: number): { rows: Rows; csv: Record<string, string>; asOf: string } {
  let state = seed * 7919 + 17
  const upTo = (n: number) => {
    state = (state * 48_271) % 2_147_483_647
    return state % n
  }
  const asOf = ['2025-06-30', '2025-07-01', '2025-06-12'][seed % 3]!
  const loans: LoanRow[] = []
  const schedule: ScheduleRow[] = []
  const repayments: RepaymentRow[] = []
  let paid = 0
  for (let n = 0; n < 120; n++) {
    const account_id = `L${String(n).padStart(3, '0')}`
    const first = addDays(asOf, -upTo(160) + 20)
    const instalments = 2 + upTo(5)
    const cents = BigInt(1000 + upTo(90_000))
    const state = upTo(20)
    loans.push({ account_id, borrower_id: upTo(5) === 0 ? '' : `B${upTo(80)}`, currency: n % 4 === 0 ? 'USD' : 'CNY', status: state === 0 ? 'written_off' : 'open', disbursed_on: addDays(first, -30), written_off_on: state === 0 ? addDays(asOf, -upTo(40)) : '' })
    for (let no = 0; no < instalments; no++) {
      const due = amountText(cents, 2)
      schedule.push({ account_id, instalment_no: String(no + 1), due_on: addDays(first, 30 * no), amount_due: due, principal_due: due })
      const paid_on = addDays(first, 30 * no + upTo(50) - 10)
      if (upTo(10) < 3 || paid_on > asOf) continue
      const payment_id = `P${paid++}`
      repayments.push({ payment_id, account_id, paid_on, amount: amountText(upTo(6) === 0 ? cents / 2n : cents, 2), kind: '', reverses: '' })
      const back = addDays(paid_on, upTo(6))
      if (upTo(8) === 0 && back <= asOf) repayments.push({ payment_id: `R${paid}`, account_id, paid_on: back, amount: repayments.at(-1)!.amount, kind: 'undo', reverses: payment_id })
    }
  }
  const text = (rows: readonly object[]) => [Object.keys(rows[0]!), ...rows.map((row) => Object.values(row))].map((cells) => cells.join(',')).join('\n') + '\n'
  return { rows: { loans, schedule, repayments }, csv: { 'loans.csv': text(loans), 'schedule.csv': text(schedule), 'repayments.csv': text(repayments) }, asOf }
}
