import { given, money } from './rows.ts'
import type { ScheduleRow } from './rows.ts'

export interface Instalment {
  no: number
  dueOn: string
  due: bigint
  /** Principal of it, where the row says. */
  principal: bigint | undefined
  covered: bigint
}

/** The account's instalments, oldest first, with the money poured over them one after the other. */
export function pour(rows: readonly ScheduleRow[], pool: bigint, scale: number): Instalment[] {
  const plan = rows.map((row, place) => {
    const parts = [row.principal_due, row.interest_due, row.fee_due, row.penalty_due].map(given)
    const sum = parts.reduce((total, part) => total + (part === undefined ? 0n : money(part, scale)), 0n)
    const amount = given(row.amount_due) === undefined ? sum : money(row.amount_due!, scale)
    const no = given(row.instalment_no)
    return {
      no: no === undefined ? place + 1 : Number(no),
      dueOn: row.due_on,
      due: amount,
      // Where the other parts make up the whole, no principal is asked; a row without parts does not say.
      principal: parts[0] !== undefined ? money(parts[0], scale) : row.principal_due !== undefined && amount === sum ? 0n : undefined,
      covered: 0n,
    }
  })
  plan.sort((a, b) => (a.dueOn !== b.dueOn ? (a.dueOn < b.dueOn ? -1 : 1) : a.no - b.no))
  let left = pool > 0n ? pool : 0n
  for (const instalment of plan) {
    instalment.covered = left < instalment.due ? left : instalment.due
    left -= instalment.covered
  }
  return plan
}

export const open = (instalment: Instalment) => instalment.due - instalment.covered

/** Money inside one instalment covers penalty, fee and interest before principal. */
export function principalOpen(instalment: Instalment): bigint {
  const principal = instalment.principal ?? 0n
  const others = instalment.due - principal
  const onPrincipal = instalment.covered > others ? instalment.covered - others : 0n
  return principal - onPrincipal
}
