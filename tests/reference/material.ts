import type { Conventions } from './conventions.ts'
import { isImmaterial } from './counted.ts'
import type { Entry } from './ledger.ts'
import { placedOn } from './placed.ts'
import { oldestFirst, open, principalOpen, type Instalment, type Part } from './plan.ts'
import { addDays, given } from './rows.ts'
import type { LoanRow, ScheduleRow } from './rows.ts'

interface Past {
  plan: readonly Instalment[]
  entries: readonly Entry[]
  paidBefore: bigint
  conventions: Conventions
  currency: string
  scale: number
}

/**
 * Whether what was overdue at the end of a past day was too little, or nothing: the plan as it stands, with the money of that day poured
 * over it from the oldest instalment on. It changes only where money moves or an instalment becomes overdue; each such day is looked at once.
 */
export function pastIsSmall({ plan, entries, paidBefore, conventions, currency, scale }: Past): (day: string) => boolean {
  const early = conventions.count_from === 'due_date' ? 0 : 1
  const changes = [...new Set([...plan.map(({ dueOn }) => addDays(dueOn, early)), ...entries.flatMap(({ countsOn, reversedOn }) => [countsOn, ...(reversedOn === undefined ? [] : [reversedOn])])])].sort()
  const seen = new Map<string, boolean>()
  return (day) => {
    const last = changes.findLast((one) => one <= day)
    if (last === undefined) return true
    const known = seen.get(last)
    if (known !== undefined) return known
    let { pool } = placedOn(entries, last, paidBefore, () => 0n, {})
    let overdue = 0n
    let principal: bigint | null = 0n
    for (const one of [...plan].sort(oldestFirst)) {
      const covered = pool <= 0n ? 0n : pool < one.due ? pool : one.due
      pool -= covered
      const then: Instalment = { no: one.no, dueOn: one.dueOn, due: one.due, principal: one.principal, parts: one.parts, covered }
      if (addDays(one.dueOn, early) <= last) overdue += open(then)
      principal = principal === null || one.principal === undefined ? null : principal + principalOpen(then)
    }
    const small = overdue === 0n || isImmaterial(conventions.materiality, overdue, principal, currency, scale)
    seen.set(last, small)
    return small
  }
}

/** Whether there is a reason for which the days of an account may count from the due date though amounts should decide: docs/days-past-due.md lists them. */
export function pastMayNotBeTold(loan: LoanRow, schedule: readonly ScheduleRow[], entries: readonly Entry[], { allocation, allocation_time, surplus, materiality }: Conventions, capped: readonly Part[], partsPaid: readonly Part[]): boolean {
  const changed = new Set(schedule.map(({ version, valid_from }) => `${version} ${valid_from}`)).size > 1 || schedule.some(({ added_on, valid_from }) => given(added_on) !== undefined || given(valid_from) !== undefined) || given(loan.accelerated_on) !== undefined
  const elsewhere = allocation !== 'oldest_first' || allocation_time !== 'as_of' || surplus !== 'next'
  const beyond = entries.some(({ kind, parts }) => kind === 'prepayment' || capped.some((part) => (parts[part] ?? 0n) > 0n))
  return changed || elsewhere || beyond || (partsPaid.length > 0 && materiality?.relative !== undefined)
}
