import { relation, type Relation } from '../engine/relation.ts'
import { int, join, money, name, sql, type Hole } from '../engine/sql.ts'
import { tooLarge } from '../read/formulations.ts'
import { isHeaderRow } from '../read/header-again.ts'
import type { Book, ReadInput } from '../read/read.ts'
import { faultColumn } from '../read/typed.ts'
import type { Settings } from '../settings/load.ts'
import type { InputName } from '../settings/schema.ts'
import { checkOf, numberOf, rowChecks } from './checks.ts'
import { tooManyDecimals } from './decimals.ts'
import { differing } from './differing.ts'
import { duplicates } from './duplicates.ts'
import { reversalsOf, type Reversals } from './reversals.ts'
import { ordinalColumn, rowsOf } from './rows.ts'

export interface Validated {
  readonly rows: Relation
  readonly accepted: Relation
  /** Nothing was rejected. */
  readonly all?: true
  /** Ordinal and reason of each rejected row: below 10,000 the place of the column at fault, else a check. */
  readonly rejected: Relation
  /** Of repayments, where the file has the column. */
  readonly reversals?: Reversals | undefined
  /** Accepted repayments that the book leaves out, where it is seen as known on an earlier day. */
  readonly notKnown?: Relation
}

export interface RejectCounts {
  readonly rejected: number
  /** Broken records apart. */
  readonly rejectedRows: number
  /** For something else than a value that cannot be read. */
  readonly byChecks: number
}

export type ValidatedBook = Readonly<Record<InputName, Validated>>

/** Typed rows -> accepted + rejected, nothing lost: row by row, then keys, then what a row says of others. */
export function validate(book: Book, settings: Settings): ValidatedBook {
  const loans = validated(book, book.loans, settings)
  const schedule = validated(book, book.schedule, settings, loans.accepted)
  const repayments = validated(book, book.repayments, settings, loans.accepted)
  return { loans, schedule, repayments }
}

/**
 * Where no row of an input was rejected its accepted rows are its rows, and where the reader found all that is wrong they are those without its mark: known only
 * when the rejects have been counted, and then millions of rows need not be held against the quarantine.
 */
export function withCounts(validated: ValidatedBook, counts: Readonly<Record<InputName, RejectCounts>>): ValidatedBook {
  const each = (input: InputName): Validated => {
    const { rows } = validated[input]
    const { rejected, rejectedRows, byChecks } = counts[input]
    if (byChecks > 0) return validated[input]
    const accepted =
      rejectedRows === 0
        ? relation({ name: `${input} all accepted`, says: `The rows of ${input}: none was rejected.`, ...unmarked(rows), body: sql`SELECT * FROM ${rows}` })
        : relation({ name: `${input} read soundly`, says: `The rows of ${input} of which each value could be read: no other was rejected.`, ...unmarked(rows), body: sql`SELECT * FROM ${rows} r WHERE r.${name(faultColumn)} = 0` })
    return { ...validated[input], ...(rejected === 0 ? { all: true as const } : {}), accepted }
  }
  return { loans: each('loans'), schedule: each('schedule'), repayments: each('repayments') }
}

function validated(book: Book, read: ReadInput, settings: Settings, loans?: Relation): Validated {
  const rows = rowsOf(read, settings)
  const faults = rowFaults(read, rows, book.scale)
  const found: Relation[] = [faults]
  let reversals: Reversals | undefined
  const doubled = duplicates(read, rows, faults)
  if (doubled !== undefined) found.push(doubled)
  if (read.input === 'schedule' && settings.inputs.schedule.rows === 'payment') found.push(differing(without(rows, found, 'schedule sound', 'Rows that pass the checks of single rows and keys.'), (column) => hasColumn(read, column)))
  const coarse = tooManyDecimals(read, book, without(rows, found, `${read.input} read well`, 'Rows that pass the checks of single rows and keys.'), loans)
  if (coarse !== undefined) found.push(coarse)
  if (read.input === 'repayments') {
    const sound = without(rows, found, 'repayments sound', 'Repayments that pass the checks of single rows and keys.')
    if (loans !== undefined && hasColumn(read, 'currency')) found.push(otherCurrency(sound, loans))
    reversals = reversalsOf(read, rows, found)
    if (reversals !== undefined) found.push(reversals.impossible)
  }
  const rejected =
    found.length === 1
      ? faults
      : relation({
          name: `${read.input} rejected`,
          says: `Rows of ${read.input} in quarantine, each with its reason.`,
          columns: { ordinal: 'bigint', reason: 'int' },
          kept: 'table',
          body: join(found.map((each) => sql`SELECT ordinal, reason FROM ${each}`), sql` UNION ALL `),
        })
  return { rows, rejected, reversals, accepted: without(rows, [rejected], read.input, `The accepted rows of ${read.input}.`) }
}

const hasColumn = (read: ReadInput, column: string) => read.columns.some((one) => one.name === column && one.role === 'used')

/** Each row that fails on its own, with the first check that it fails. */
function rowFaults(read: ReadInput, rows: Relation, scale: number): Relation {
  const asked = { has: (column: string) => hasColumn(read, column) }
  const whens = rowChecks(read.input).flatMap((code) => {
    const fails: Hole | undefined = checkOf(code).fails!(asked)
    return fails === undefined ? [] : [{ fails, number: numberOf(code) }]
  })
  const fault = name(faultColumn)
  const carried = read.columns.filter(({ role }) => role !== 'rest').map((column) => column.name)
  const most = money(tooLarge(scale))
  const large = [...read.large].map((column) => sql`WHEN ${name(column)} >= ${most} OR ${name(column)} <= -${most} THEN ${int(carried.indexOf(column) + 1)}`)
  const header = isHeaderRow(read)
  const again = int(numberOf('header-again'))
  // A header is neither a date nor an amount: where a file has such columns it is among the rows at fault, and elsewhere it is looked for on its own.
  const atFault = read.files.every(({ mapping }) => mapping.columns.some(({ type, role, constant }) => (type === 'date' || type === 'money') && role !== 'rest' && constant === undefined))
  const faulty = header === undefined || !atFault ? fault : sql`CASE WHEN ${header} THEN ${again} ELSE ${fault} END`
  const apart = header === undefined || atFault ? sql`` : sql` AND NOT coalesce(${header}, FALSE) UNION ALL SELECT ordinal, ${again} AS reason FROM ${rows} WHERE ${header}`
  return relation({
    name: `${read.input} faults`,
    says: `Rows of ${read.input} that fail a check on their own, with the first one.`,
    columns: { ordinal: 'bigint', reason: 'int' },
    kept: 'table',
    body: sql`
      SELECT ordinal, reason
      FROM (
        SELECT ordinal, account_id, CASE WHEN ${fault} > 0 THEN ${faulty} ${join(large, sql` `)} ${join(whens.map(({ fails, number }) => sql`WHEN ${fails} THEN ${int(number)}`), sql` `)} END AS reason
        FROM ${rows}
      ) AS judged
      WHERE reason IS NOT NULL${apart}`,
  })
}

/** What rows have once their mark is no longer needed. */
const unmarked = ({ columns, same }: Relation) => ({ columns: Object.fromEntries(Object.entries(columns).filter(([column]) => column !== faultColumn)), same })

function without(rows: Relation, found: readonly Relation[], as: string, says: string): Relation {
  const absent = found.map((each) => sql`NOT EXISTS (SELECT 1 FROM ${each} x WHERE x.ordinal = r.${name(ordinalColumn)})`)
  return relation({ name: as, says, ...unmarked(rows), body: sql`SELECT * FROM ${rows} r WHERE ${join(absent, sql` AND `)}` })
}

/** A payment in another currency than its account: the amounts cannot be compared, let alone added. */
function otherCurrency(sound: Relation, loans: Relation): Relation {
  return relation({
    name: 'repayments in another currency',
    says: 'Repayments whose stated currency is not that of their account.',
    columns: { ordinal: 'bigint', reason: 'int' },
    kept: 'table',
    body: sql`
      SELECT s.ordinal, ${int(numberOf('currency-mismatch'))} AS reason
      FROM ${sound} s
      JOIN ${loans} l ON l.account_id = s.account_id
      WHERE s.currency <> l.currency`,
  })
}

