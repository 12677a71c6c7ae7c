import type { Conventions } from './conventions.ts'
import { given, money } from './rows.ts'
import type { ScheduleRow } from './rows.ts'

export interface Instalment {
  no: number
  dueOn: string
  due: bigint
  /** Principal of it, where the row says. */
  principal: bigint | undefined
  /** Its parts as the row states them. */
  parts: Readonly<Partial<Record<Part, bigint>>>
  covered: bigint
  /** What is open of each part, where payments say what they are for. */
  openIn?: Readonly<Partial<Record<Part, bigint>>>
}

/** In the order in which what is open lies on them: money covers penalty first and principal last. */
export const partNames = ['principal', 'interest', 'fee', 'penalty'] as const
export type Part = (typeof partNames)[number]

/** The account's instalments, oldest first, with nothing laid on them yet. */
export function instalmentsOf(rows: readonly ScheduleRow[], scale: number): Instalment[] {
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
      // Where the parts that are told make up the whole, the others are 0.
      parts: Object.fromEntries(
        partNames.flatMap((part) => {
          const told = given(row[`${part}_due`])
          if (told === undefined && !(parts.some((one) => one !== undefined) && amount === sum)) return []
          return [[part, told === undefined ? 0n : money(told, scale)]]
        }),
      ),
      covered: 0n,
    }
  })
  plan.sort((a, b) => (a.dueOn !== b.dueOn ? (a.dueOn < b.dueOn ? -1 : 1) : a.no - b.no))
  return plan
}

/** The account's instalments, oldest first, with the money poured over them one after the other. */
export function pour(rows: readonly ScheduleRow[], pool: bigint, scale: number): Instalment[] {
  const plan = instalmentsOf(rows, scale)
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
  if (instalment.openIn !== undefined) return instalment.openIn.principal ?? 0n
  const principal = instalment.principal ?? 0n
  const others = instalment.due - principal
  const onPrincipal = instalment.covered > others ? instalment.covered - others : 0n
  return principal - onPrincipal
}

/** What is open of each part that the row states: of an open amount principal is the last that was covered. */
export function openParts(instalment: Instalment): Partial<Record<Part, bigint>> {
  if (instalment.openIn !== undefined) return instalment.openIn
  let left = open(instalment)
  const found: Partial<Record<Part, bigint>> = {}
  for (const part of partNames) {
    const due = instalment.parts[part]
    if (due === undefined) continue
    found[part] = left < due ? left : due
    left -= found[part]!
  }
  return found
}

/** Why an instalment that is open makes nobody late, or nothing where it does. */
export function excused(instalment: Instalment, { ages, full_payment }: Pick<Conventions, 'ages' | 'full_payment'>, scale: number): 'ages' | 'tolerance' | undefined {
  const others = (of: Partial<Record<Part, bigint>>) => partNames.filter((part) => !ages.includes(part)).reduce((sum, part) => sum + (of[part] ?? 0n), 0n)
  const agingOpen = open(instalment) - others(openParts(instalment))
  if (agingOpen <= 0n) return 'ages'
  const agingDue = instalment.due - others(instalment.parts)
  const share = BigInt(Math.round((full_payment.share ?? 1) * 1_000_000))
  const tolerance = money(full_payment.tolerance ?? '0', scale)
  const paid = (share < 1_000_000n && (agingDue - agingOpen) * 1_000_000n >= agingDue * share) || (tolerance > 0n && agingOpen <= tolerance)
  return paid ? 'tolerance' : undefined
}
