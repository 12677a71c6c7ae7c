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

/** What a row of a schedule asks: its amounts are read once, however often the book is aged. */
interface Told {
  due: bigint
  principal: bigint | undefined
  parts: Readonly<Partial<Record<Part, bigint>>>
}

const read = new WeakMap<ScheduleRow, { scale: number; told: Told }>()

function toldBy(row: ScheduleRow, scale: number): Told {
  const known = read.get(row)
  if (known?.scale === scale) return known.told
  const amounts = partNames.map((part) => (given(row[`${part}_due`]) === undefined ? undefined : money(row[`${part}_due`]!, scale)))
  const sum = amounts.reduce<bigint>((total, one) => total + (one ?? 0n), 0n)
  const due = given(row.amount_due) === undefined ? sum : money(row.amount_due!, scale)
  // Where the parts that are told make up the whole, the others are 0.
  const whole = amounts.some((one) => one !== undefined) && due === sum
  const parts: Partial<Record<Part, bigint>> = {}
  for (const [at, part] of partNames.entries()) if (whole || amounts[at] !== undefined) parts[part] = amounts[at] ?? 0n
  // Where the other parts make up the whole, no principal is asked; a row without parts does not say.
  const told = { due, principal: amounts[0] ?? (row.principal_due !== undefined && due === sum ? 0n : undefined), parts }
  read.set(row, { scale, told })
  return told
}

/** A row as an instalment that got nothing yet; one without a number has its place as one. */
export function instalmentOf(row: ScheduleRow, place: number, scale: number): Instalment {
  const { due, principal, parts } = toldBy(row, scale)
  const no = given(row.instalment_no)
  return { no: no === undefined ? place + 1 : Number(no), dueOn: row.due_on, due, principal, parts, covered: 0n }
}

export const oldestFirst = (a: Instalment, b: Instalment) => (a.dueOn !== b.dueOn ? (a.dueOn < b.dueOn ? -1 : 1) : a.no - b.no)

/** The account's instalments, oldest first, with the money poured over them one after the other. */
export function pour(rows: readonly ScheduleRow[], pool: bigint, scale: number): Instalment[] {
  const plan = rows.map((row, place) => instalmentOf(row, place, scale)).sort(oldestFirst)
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
