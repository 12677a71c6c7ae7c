import { relation, type Relation } from '../engine/relation.ts'
import { date, int, join, name, nothing, some, sql, text, type Hole, type Sql } from '../engine/sql.ts'
import { inputNames } from '../read/inputs.ts'
import type { Book, ReadInput } from '../read/read.ts'
import { numberOf } from '../validate/checks.ts'
import type { ValidatedBook } from '../validate/validate.ts'
import type { InputName } from '../settings/schema.ts'

/** Why an account may be held, in the order in which the reasons are given. Statuses that hold follow. */
export const holdReasons = ['row_in_quarantine', 'history_cut', 'reversal_without_payment', 'closed_but_owing'] as const
export const statusesThatHold = ['frozen', 'deceased', 'bankrupt', 'fraud'] as const

/** Reasons of rejection by which a row names no account that can be read. */
export const namesNoAccount = ({ columns }: Pick<ReadInput, 'columns'>): Hole[] => [
  int(columns.filter(({ role }) => role !== 'rest').findIndex((column) => column.name === 'account_id') + 1),
  int(numberOf('account-id-damaged')),
  int(numberOf('header-again')),
]

/** Accounts that a row in quarantine names: nobody is chased whose payment lies there. An exact twin holds nobody, its first copy stands. `judged`: which of them, and of their borrowers' others, could be changed by it at all. */
export function quarantined(book: Book, validated: ValidatedBook, broken: Readonly<Record<InputName, Relation>>, judged?: Relation): Relation {
  const parts = inputNames.flatMap((input) => {
    const { rows, rejected } = validated[input]
    const dates = book[input].columns.filter((column) => column.role !== 'rest' && column.type === 'date' && column.name !== 'received_on').map((column) => name(column.name))
    const readable: Hole[] = [sql`r.account_id IS NOT NULL`, sql`x.reason NOT IN (${join([...namesNoAccount(book[input]), int(numberOf('twin'))])})`]
    return [
      sql`SELECT r.account_id, ${earliest(dates)} AS earliest, x.reason = ${int(numberOf('reversal-without-payment'))} AS missing_payment FROM ${rejected} x JOIN ${rows} r ON r.ordinal = x.ordinal WHERE ${join(readable, sql` AND `)}`,
      sql`SELECT account_id, earliest, FALSE AS missing_payment FROM ${broken[input]} WHERE account_id IS NOT NULL`,
    ]
  })
  if (judged !== undefined) parts.push(sql`SELECT account_id, ${nothing('date')} AS earliest, FALSE AS missing_payment FROM ${judged} WHERE held`)
  const spared = judged === undefined ? sql`` : sql` WHERE NOT EXISTS (SELECT 1 FROM ${judged} j WHERE j.account_id = named.account_id AND NOT j.held)`
  return relation({
    name: 'quarantined',
    says: 'Accounts named by a row in quarantine, with the earliest readable date of those rows.',
    columns: { account_id: 'text', earliest: 'date', missing_payment: 'bool' },
    kept: 'table',
    body: sql`SELECT account_id, min(earliest) AS earliest, bool_or(missing_payment) AS missing_payment FROM (${join(parts, sql` UNION ALL `)}) AS named${spared} GROUP BY account_id`,
  })
}

const earliest = (dates: readonly Hole[]): Sql => (dates.length === 0 ? sql`${nothing('date')}` : dates.length === 1 ? sql`${dates[0]!}` : sql`least(${join(dates.map((day) => sql`r.${day}`))})`)

/** Accounts whose loan row cannot be used: their id stands in the book, and what holds them; nothing else is known. */
export function rejectedLoans(book: Book, validated: ValidatedBook, broken: Relation, held: Relation, asOf: string): Relation {
  const { rows, rejected, accepted } = validated.loans
  return relation({
    name: 'rejected loans',
    says: 'Readable account ids that stand only in rejected loan rows.',
    columns: { account_id: 'text', held_reason: 'text', held_since: 'date' },
    kept: 'table',
    body: sql`
      SELECT named.account_id,
             CASE WHEN coalesce(q.missing_payment, FALSE) THEN ${text(`${holdReasons[0]}, ${holdReasons[2]}`)} ELSE ${text(holdReasons[0])} END AS held_reason,
             coalesce(q.earliest, ${date(asOf)}) AS held_since
      FROM (
        SELECT r.account_id FROM ${rejected} x JOIN ${rows} r ON r.ordinal = x.ordinal WHERE r.account_id IS NOT NULL AND x.reason NOT IN (${join(namesNoAccount(book.loans))})
        UNION
        SELECT account_id FROM ${broken} WHERE account_id IS NOT NULL
      ) AS named
      LEFT JOIN ${held} q ON q.account_id = named.account_id
      WHERE NOT EXISTS (SELECT 1 FROM ${accepted} l WHERE l.account_id = named.account_id)`,
  })
}

/** The reasons that hold an account, as one text; NULL where none does, or where the settings lift the hold. */
export function heldReason(reasons: readonly { reason: Hole; holds: Hole }[], lifted: readonly string[]): Sql {
  const all = sql`concat_ws(', ', ${join(reasons.map(({ reason, holds }) => sql`CASE WHEN ${holds} THEN ${reason} END`))})`
  const held = some(reasons.map(({ holds }) => sql`coalesce(${holds}, FALSE)`))
  const free = lifted.length === 0 ? sql`` : sql` AND account_id NOT IN (${join(lifted.map(text))})`
  return sql`CASE WHEN ${held}${free} THEN ${all} END`
}

/** Since when: the earliest day of all reasons that hold. */
export function heldSince(reasons: readonly { since: Hole; holds: Hole }[]): Sql {
  return sql`least(${join(reasons.map(({ since, holds }) => sql`CASE WHEN ${holds} THEN ${since} END`))})`
}
