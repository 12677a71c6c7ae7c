import type { Value } from '../engine/engine.ts'
import { exact, plain } from '../publish/exact.ts'
import { grouped } from '../publish/formats/figures.ts'
import { right, table, type Column } from '../publish/formats/table.ts'
import { shown } from '../publish/formats/width.ts'
import type { Explanation } from './explain.ts'
import { placeText } from './places.ts'
import type { InstalmentSaid } from './plan.ts'

type Line = InstalmentSaid

/** A column of the ledger: what it shows of an instalment, and of several together where they can be added. */
interface Shows {
  readonly head: Column
  readonly of: (line: Line) => string
  readonly sum?: (line: Line) => string
}

/** The plan as a ledger: what was due, of which parts, what covers it and when that came, what is open and since how many days; then what is due by now, and all of it. */
export function instalments({ instalments: rows, payments, buckets, why, as_of }: Explanation): string[] {
  const says = why.plan === null ? [] : [`  ${shown(why.plan)}`]
  const [first] = rows
  if (first === undefined) return says
  const columns = columnsOf(rows, new Map(payments.map((row) => [called(row), row.paid_on] as const)))
  const decimals = first.amount_due.split('.')[1]?.length ?? 0
  const total = (of: readonly Line[], named: string) => columns.map(({ sum }, at) => (at === 1 ? named : sum === undefined ? '' : grouped(plain(of.reduce((all, line) => all + exact(sum(line)), 0n), decimals))))
  const lines = (of: readonly Line[]) => of.map((line) => columns.map((column) => column.of(line)))
  const due = rows.filter((row) => row.due_on <= as_of)
  const later = rows.filter((row) => row.due_on > as_of)
  const body = due.length > 0 && later.length > 0 ? [...lines(due), null, total(due, 'due by now'), null, ...lines(later)] : lines(rows)
  const late = buckets.filter(({ amount }) => exact(amount) > 0n)
  return [
    ...says,
    ...table(columns.map(({ head }) => head), [...body, null, total(rows, 'total')]),
    ...(late.length === 0 ? [] : [`  Open and due by ${as_of}, by its own days past due: ${late.map(({ name, amount }) => `${shown(name)}: ${grouped(amount)}`).join(' | ')}`]),
  ]
}

function columnsOf(rows: readonly Line[], paidOn: ReadonlyMap<string, Value>): Shows[] {
  const some = (hold: (line: Line) => boolean) => rows.some(hold)
  const parts = [...new Set(rows.flatMap((row) => Object.entries(row.parts).flatMap(([part, value]) => (value === null || exact(String(value)) === 0n ? [] : [part]))))]
  const money = (head: string, of: (line: Line) => string): Shows => ({ head: right(head), of: (line) => grouped(of(line)), sum: of })
  const counts = some(({ by_calendar }) => by_calendar !== undefined)
  const covers = ({ payment, amount }: Line['covered_by'][number]) => [text(paidOn.get(payment)), payment, grouped(amount)].filter((part) => part !== '').join(' ')
  return [
    { head: right('No'), of: (line) => String(line.instalment_no) },
    { head: { head: 'Due on' }, of: (line) => line.due_on },
    ...(some(({ due_on, by_calendar }) => by_calendar !== undefined && by_calendar.due_moved_on !== due_on) ? [{ head: { head: 'Moved to' }, of: (line: Line) => line.by_calendar!.due_moved_on }] : []),
    ...parts.map((part): Shows => ({ head: right(part.replace('_due', '')), of: (line) => grouped(line.parts[part]), sum: (line) => String(line.parts[part] ?? '0') })),
    money('Amount due', (line) => line.amount_due),
    money('Covered', (line) => line.paid),
    money('Open', (line) => line.outstanding),
    ...(some((line) => exact(line.released) > 0n) ? [money('Released', (line) => line.released)] : []),
    { head: right('Days late'), of: (line) => days(line.days) },
    ...(counts ? [{ head: right('Paused'), of: (line: Line) => days(line.by_calendar!.days_paused) }, { head: right('Past due'), of: (line: Line) => days(line.by_calendar!.days_past_due) }] : []),
    { head: right('Due so far'), of: (line) => grouped(line.due_so_far) },
    { head: { head: 'Covered by' }, of: (line) => line.covered_by.map(covers).join(', ') },
  ]
}

/** A value as it may stand on a terminal; nothing where there is none. */
export const text = (value: Value | undefined) => (value === null || value === undefined ? '' : shown(String(value)))
const days = (count: number) => (count === 0 ? '' : String(count))

/** A payment by its id, else by the place of its row. */
export const called = (row: { readonly payment_id: Value; readonly file: string; readonly line: number }) => (row.payment_id === null ? placeText(row) : text(row.payment_id))
