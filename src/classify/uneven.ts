import { valueAtMin } from '../engine/calls.ts'
import { relation, type Columns, type Relation } from '../engine/relation.ts'
import { date, join, name, sql, type Hole } from '../engine/sql.ts'
import type { Part } from '../read/inputs.ts'

/** What of the overdue amount each column tells: fees and penalties are one. */
export const overdueParts = { overdue_principal: ['principal'], overdue_interest: ['interest'], overdue_fee: ['fee', 'penalty'] } as const satisfies Record<string, readonly Part[]>
/** Of what is due on as_of. */
export const todayOf = (column: string) => column.replace('overdue', 'today')
/** Whether a column tells a part of what is overdue, or of what is due on as_of. */
export const isOverduePart = (column: string) => Object.keys(overdueParts).some((part) => column === part || column === todayOf(part))

/** What each walk tells. */
export const fromWalk: Columns = {
  oldest_unpaid_due_on: 'date', instalments_overdue: 'int', instalments_paid: 'int', principal_covered: 'money', next_on: 'date', next_amount: 'money', due_before_closing: 'money', due_by_closing: 'money',
}

interface Asked {
  readonly asOf: string
  /** Parts that the schedule has columns for. */
  readonly parts: readonly Part[]
  /** What is open and due on as_of is told too: some convention counts it. */
  readonly withToday: boolean
  /** Money may lie elsewhere than on the oldest instalment: amounts are those of the walk. */
  readonly laid: boolean
}

/** What the walk says of amounts, where they do not follow from sums alone. */
export const laidAmounts = ['covered_to_date', 'open_before', 'open_today_amount', 'open_in_all', 'open_before_closing', 'open_by_closing'] as const

/** The accounts whose money is not exactly what is due to date, on one line each. */
export function uneven(walked: Relation, { asOf, parts, withToday, laid }: Asked): Relation {
  const day = date(asOf)
  const isOpen = sql`amount_covered < amount_due`
  // Where an instalment may count as paid before it is covered, days go by what ages, and amounts by what is open.
  const byConvention = 'ages' in walked.columns
  const open = byConvention ? name('ages') : isOpen
  const told = Object.entries(overdueParts).filter(([, of]) => of.some((part) => parts.includes(part)))
  const sumOf = (of: readonly Part[], due: Hole) => {
    const amount = join(of.filter((part) => parts.includes(part)).map((part) => name(`${part}_open`)), sql` + `)
    return sql`CASE WHEN count(CASE WHEN ${due} AND ${isOpen} AND (${amount}) IS NULL THEN 1 END) = 0 THEN coalesce(sum(CASE WHEN ${due} THEN ${amount} END), 0) END`
  }
  const openWhere = (due: Hole) => sql`sum(CASE WHEN ${due} THEN amount_due - amount_covered ELSE 0 END)`
  const amountsOf: Readonly<Record<(typeof laidAmounts)[number], Hole>> = {
    covered_to_date: sql`sum(CASE WHEN due_on <= ${day} THEN amount_covered ELSE 0 END)`,
    open_before: openWhere(sql`due_on < ${day}`),
    open_today_amount: openWhere(sql`due_on = ${day}`),
    open_in_all: sql`sum(amount_due - amount_covered)`,
    open_before_closing: openWhere(sql`due_on < closing_on`),
    open_by_closing: openWhere(sql`due_on <= closing_on`),
  }
  const ofParts = (due: Hole, as: (column: string) => string) => told.map(([column, of]) => ({ column: as(column), type: 'money' as const, value: sumOf(of, due) }))
  const further = [
    ...ofParts(sql`due_on < ${day}`, (column) => column),
    ...(withToday ? [{ column: 'open_today', type: 'int' as const, value: sql`count(CASE WHEN due_on = ${day} AND ${open} THEN 1 END)` }, ...ofParts(sql`due_on = ${day}`, todayOf)] : []),
    ...(laid ? laidAmounts.map((column) => ({ column, type: 'money' as const, value: amountsOf[column] })) : []),
    ...(byConvention
      ? [
          { column: 'oldest_open_on', type: 'date' as const, value: sql`min(CASE WHEN due_on < ${day} AND ${isOpen} THEN due_on END)` },
          { column: 'within_tolerance', type: 'bool' as const, value: sql`bool_or(due_on < ${day} AND aging_open > 0)` },
        ]
      : []),
  ]
  const columns: Columns = {
    account_id: 'text', ...fromWalk, ...Object.fromEntries(further.map(({ column, type }) => [column, type] as const)),
  }
  return relation({
    name: 'uneven',
    says: 'Accounts behind or ahead of their plan: what is open, since when, and what comes next.',
    columns,
    kept: 'table',
    body: sql`
      SELECT account_id,
             min(CASE WHEN due_on < ${day} AND ${open} THEN due_on END) AS oldest_unpaid_due_on,
             count(CASE WHEN due_on < ${day} AND ${open} THEN 1 END) AS instalments_overdue,
             count(CASE WHEN amount_due > 0 AND NOT (${isOpen}) THEN 1 END) AS instalments_paid,
             sum(principal_covered) AS principal_covered,
             min(CASE WHEN due_on >= ${day} AND ${open} THEN due_on END) AS next_on,
             ${valueAtMin(sql`amount_due - amount_covered`, sql`CASE WHEN due_on >= ${day} AND ${open} THEN place END`)} AS next_amount,
             sum(CASE WHEN due_on < closing_on THEN amount_due ELSE 0 END) AS due_before_closing,
             sum(CASE WHEN due_on <= closing_on THEN amount_due ELSE 0 END) AS due_by_closing${join([sql``, ...further.map(({ column, value }) => sql`${value} AS ${name(column)}`)])}
      FROM ${walked}
      GROUP BY account_id`,
  })
}
