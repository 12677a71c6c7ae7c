import { classify, type Classified } from './classify/classify.ts'
import type { Calendar } from './classify/calendar.ts'
import { eachOf } from './classify/convention.ts'
import { noRows } from './engine/no-rows.ts'
import { relation, type Columns, type Relation } from './engine/relation.ts'
import { date, join, name, nothing, sql, text, type Hole } from './engine/sql.ts'
import { inputNames } from './read/inputs.ts'
import type { Book } from './read/read.ts'
import { plusDays } from './settings/as-of.ts'
import type { Settings } from './settings/load.ts'
import type { InputName } from './settings/schema.ts'
import { thatStand } from './validate/reversals.ts'
import type { Validated, ValidatedBook } from './validate/validate.ts'

/**
 * Copies of accounts: `variant` is the id of the copy, `number` its place, `paid` what is paid on as_of beside what the files have. Copies
 * of one `scenario` stand side by side: borrowers have the accounts of theirs alone.
 */
export const copiesColumns = { variant: 'text', account_id: 'text', number: 'bigint', paid: 'money', scenario: 'text' } as const satisfies Columns

/** Rows that are copied: accepted ones, and the reversals that stand. */
export type Copied = Readonly<Record<InputName, Pick<Validated, 'accepted' | 'reversals'>>>

interface Given {
  readonly book: Book
  readonly settings: Settings
  readonly rows: Copied
  readonly copies: Relation
  readonly calendar: Calendar
}

/** Copies of some accounts, each with a payment more, classified by the very steps of the run. */
export function classifiedCopies({ book, settings, rows, copies, calendar }: Given): Classified {
  const most = Math.max(...inputNames.map((input) => book[input].read))
  const ordinal = (own: Hole) => sql`v.number * ${sizeOf(most)} + ${own}`
  const copied = (as: string, base: Relation, more: Hole = sql``): Relation => {
    const own: Readonly<Record<string, Hole>> = { account_id: sql`v.variant AS account_id`, ordinal: sql`${ordinal(sql`b.ordinal`)} AS ordinal`, ...(as === 'copies of loans' ? { borrower_id: sql`b.borrower_id || ' ' || v.scenario AS borrower_id` } : {}) }
    const columns = join(Object.keys(base.columns).map((column) => own[column] ?? sql`b.${name(column)}`))
    return relation({ name: as, says: 'Rows of the copies.', columns: base.columns, kept: 'table', body: sql`SELECT ${columns} FROM ${base} b JOIN ${copies} v ON v.account_id = b.account_id${more}` })
  }
  const made = {} as Record<InputName, Validated>
  const broken = {} as Record<InputName, Relation>
  for (const input of inputNames) {
    const { accepted, reversals } = rows[input]
    const own = copied(`copies of ${input}`, accepted, input === 'repayments' ? sql` UNION ALL ${payment(accepted.columns, copies, ordinal(sql`${sizeOf(most)} - 1`), settings)}` : sql``)
    broken[input] = noRows(`copies of ${input} broken`, { account_id: 'text', earliest: 'date' })
    made[input] = { rows: own, accepted: own, rejected: noRows(`copies of ${input} rejected`, { ordinal: 'bigint', reason: 'int' }) }
    if (reversals === undefined) continue
    made[input] = { ...made[input], reversals: { named: copied('copies of reversals', thatStand(reversals)), targets: copied('copies of payments taken back', reversals.targets), impossible: noRows('copies of impossible reversals', reversals.impossible.columns) } }
  }
  return classify(book, made as ValidatedBook, broken, { ...settings, history_columns: false }, 'table', { ...calendar, pauses: pausesOf(calendar.pauses, copies) })
}

/** Pauses by product and region, and those of each copy. */
const pausesOf = (pauses: Relation | undefined, copies: Relation): Relation | undefined =>
  pauses === undefined
    ? undefined
    : relation({
        name: 'pauses of copies',
        says: pauses.says,
        columns: pauses.columns,
        kept: 'table',
        body: sql`SELECT * FROM ${pauses} WHERE "of" <> 'account' UNION ALL SELECT p."of", v.variant AS value, p.from_day, p.to_day FROM ${pauses} p JOIN ${copies} v ON v.account_id = p.value WHERE p."of" = 'account'`,
      })

/** Ordinals of one copy: above those of the book, and one more. */
const sizeOf = (most: number): Hole => sql`CAST(${text(String(most + 2))} AS BIGINT)`

/** A payment of each copy, as the run would read one of a file. */
function payment(columns: Columns, of: Relation, ordinal: Hole, settings: Settings): Hole {
  // It is told what it does once it has cleared.
  const longest = Math.max(...eachOf(settings.conventions).map(({ clearing_days }) => clearing_days))
  const value: Readonly<Record<string, Hole>> = {
    ordinal, account_id: sql`v.variant`, payment_id: text('what if'), paid_on: date(longest === 0 ? settings.as_of : plusDays(settings.as_of, -longest)), amount: sql`v.paid`, kind: text('payment'), status: text('settled'),
  }
  return sql`SELECT ${join(Object.entries(columns).map(([column, type]) => sql`${value[column] ?? nothing(type)} AS ${name(column)}`))} FROM ${of} v WHERE v.paid <> 0`
}

/** Whether the export's own figures are of as_of is known of the whole book only. */
export const ofThatDay = (settings: Settings, newest: string | undefined): Settings =>
  settings.data_through !== undefined || newest === undefined ? settings : { ...settings, data_through: settings.as_of >= newest ? settings.as_of : plusDays(settings.as_of, 1) }
