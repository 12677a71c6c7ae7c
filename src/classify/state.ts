import { date, every, int, sql, text, type Hole, type Sql } from '../engine/sql.ts'
import type { Book } from '../read/read.ts'
import type { PaymentFacts } from './payments.ts'

/** The day of closing: without `closed_on` that of the last payment, reversed ones too. */
const closingOn: Sql = sql`CASE WHEN status = 'closed' THEN coalesce(closed_on, last_money_on) ELSE closed_on END`

interface Dated {
  readonly state: string
  readonly on: Hole
}

// On one day the exported status goes first, then what is hardest to undo.
const datedStates: readonly Dated[] = [
  { state: 'sold', on: sql`sold_on` },
  { state: 'written_off', on: sql`written_off_on` },
  { state: 'closed', on: closingOn },
]

const columnsOfStates: readonly string[] = ['status', 'closed_on', 'written_off_on', 'sold_on']

/** A book without states and settlements has no account that ended, and no closing day to look up. */
export const neverEnds = ({ loans }: Pick<Book, 'loans'>, { kinds }: Pick<PaymentFacts, 'kinds'>): boolean =>
  !kinds && !loans.columns.some(({ name, role }) => role === 'used' && columnsOfStates.includes(name))

const ended = sql`status IN ('closed', 'written_off', 'sold')`
const ownDate = sql`CASE status WHEN 'closed' THEN ${closingOn} WHEN 'written_off' THEN written_off_on WHEN 'sold' THEN sold_on END`

/** The status says that the loan has ended, and not since when. */
export const undated: Sql = sql`(${ended} AND ${ownDate} IS NULL)`

/**
 * The state of a loan as of a day, from the columns status, closed_on, written_off_on, sold_on and last_money_on. A state
 * holds from its own date; of several dated ones the newest not after the day decides. Where the status has no date of its
 * own the export's word stands.
 */
export function stateOf(asOf: string): Sql {
  const holds = ({ on }: Dated) => sql`coalesce(${on} <= ${date(asOf)}, FALSE)`
  const newest = (one: Dated, at: number) =>
    every([
      holds(one),
      ...datedStates.flatMap((other, place) => {
        if (other === one) return []
        const ahead = place < at ? sql`status = ${text(one.state)}` : sql`status <> ${text(other.state)}`
        return [sql`(NOT ${holds(other)} OR ${other.on} < ${one.on} OR (${other.on} = ${one.on} AND ${ahead}))`]
      }),
    ])
  return sql`
    CASE WHEN status IN ('cancelled', 'not_disbursed') THEN status
         WHEN ${undated} THEN status
         WHEN ${newest(datedStates[0]!, 0)} THEN 'sold'
         WHEN ${newest(datedStates[1]!, 1)} THEN 'written_off'
         WHEN ${newest(datedStates[2]!, 2)} THEN 'closed'
         WHEN ${ended} THEN 'open'
         ELSE status
    END`
}

/** A revolving product has no instalments to age by. */
export const revolving = (method: Hole): Sql => sql`(lower(coalesce(${method}, '')) = 'revolving')`

/** The day since which a closed loan is closed: its own, else that of the settlement that closed it. */
export const closedSince = (asOf: string, exportedState: Hole): Sql =>
  sql`CASE WHEN ${exportedState} <> 'closed' AND settled_on IS NOT NULL THEN settled_on ELSE coalesce(${closingOn}, ${date(asOf)}) END`

/** Days from 1 on: the name of the edge that holds them. */
export function nameOfDays(days: Hole, edges: readonly { name: string; from: number; to: number | null }[]): Sql {
  const whens = [...edges].sort((a, b) => a.from - b.from).map(({ name, to }) => (to === null ? sql`ELSE ${text(name)}` : sql`WHEN ${days} <= ${int(to)} THEN ${text(name)}`))
  return whens.length === 1 ? sql`CASE WHEN TRUE THEN ${text(edges[0]!.name)} END` : sql`CASE ${whens.reduce((all, each) => sql`${all} ${each}`)} END`
}
