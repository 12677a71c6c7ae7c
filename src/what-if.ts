import { putCalendar } from './classify/calendar.ts'
import { classify } from './classify/classify.ts'
import { eachOf } from './classify/convention.ts'
import { planFacts } from './classify/in-force.ts'
import type { Engine, Row } from './engine/engine.ts'
import { openEngine } from './engine/open.ts'
import { relation, type Columns, type Relation } from './engine/relation.ts'
import { date, join, name, nothing, sql, text, type Hole } from './engine/sql.ts'
import { inputNames } from './read/inputs.ts'
import { plusDays } from './settings/as-of.ts'
import type { Settings } from './settings/load.ts'
import type { InputName } from './settings/schema.ts'
import type { Validated, ValidatedBook } from './validate/validate.ts'
import type { Book } from './read/read.ts'

/** An account as it would stand at the end of as_of had something else come in. */
export interface Variant {
  readonly account_id: string
  /** Paid that day beside what the files have, and cleared; an exact decimal, below 0 where it is taken off. */
  readonly paid: string
}

/** A book whose rows are still at hand. */
export interface Rows {
  readonly engine: Engine
  readonly settings: Settings
  readonly book: Book
  readonly validated: ValidatedBook
  readonly newestPayment: string | undefined
}

/** Whether more may be paid in this book at all: where the schedule says itself what is open or paid, repayments are not read. */
export function takesPayments({ settings, book }: Pick<Rows, 'settings' | 'book'>): boolean {
  const { open, paidOnRows } = planFacts(book, settings)
  return !open && !paidOnRows
}

/**
 * Variants of some accounts, classified by the very steps of the run in a small engine of their own: copies of their rows, each with
 * a payment more. Rows of accounts in the order of the variants. The flow must have kept its rows.
 */
export async function whatIf(of: Rows, variants: readonly Variant[]): Promise<Row[]> {
  const { engine: whole, settings, book, validated } = of
  const ids = [...new Set(variants.map(({ account_id }) => account_id))]
  const engine = await openEngine(settings.engine, { threads: 1, scale: book.scale })
  try {
    const copies = relation({ name: 'variants', says: 'Copies of accounts.', columns: { variant: 'text', account_id: 'text', number: 'bigint', paid: 'money' }, kept: 'table' })
    await engine.put(copies, variants.map(({ account_id, paid }, at) => ({ variant: String(at), account_id, number: at, paid })))
    const most = Math.max(...inputNames.map((input) => book[input].read))
    const ordinal = (own: Hole) => sql`v.number * ${sizeOf(most)} + ${own}`
    // A list of many is joined, not compared one by one.
    const these = sql`account_id IN (SELECT id FROM (VALUES ${join(ids.map((id) => sql`(${text(id)})`))}) AS wanted(id))`
    const bring = async (as: string, from: Relation, where: Hole) => {
      const base = relation({ name: `${as} of the book`, says: 'Rows of the book.', columns: from.columns, kept: 'table' })
      await engine.put(base, await whole.rows(sql`SELECT * FROM ${from} WHERE ${where}`))
      return base
    }
    const copied = (as: string, base: Relation, more: Hole = sql``): Relation => {
      const value = (column: string): Hole => (column === 'account_id' ? sql`v.variant AS account_id` : column === 'ordinal' ? sql`${ordinal(sql`b.ordinal`)} AS ordinal` : sql`b.${name(column)}`)
      return relation({ name: as, says: 'Rows of the copies.', columns: base.columns, kept: 'table', body: sql`SELECT ${join(Object.keys(base.columns).map(value))} FROM ${base} b JOIN ${copies} v ON v.account_id = b.account_id${more}` })
    }
    const made = {} as Record<InputName, Validated>
    const broken = {} as Record<InputName, Relation>
    for (const input of inputNames) {
      const { accepted, reversals } = validated[input]
      const base = await bring(input, accepted, these)
      const rows = copied(input, base, input === 'repayments' ? sql` UNION ALL ${payment(base.columns, copies, ordinal(sql`${sizeOf(most)} - 1`), settings)}` : sql``)
      const rejected = relation({ name: `${input} rejected`, says: 'None.', columns: { ordinal: 'bigint', reason: 'int' }, kept: 'table' })
      broken[input] = relation({ name: `${input} broken`, says: 'None.', columns: { account_id: 'text', earliest: 'date' }, kept: 'table' })
      for (const none of [rejected, broken[input]]) await engine.put(none, [])
      made[input] = { rows, accepted: rows, rejected }
      if (reversals === undefined) continue
      const impossible = relation({ name: 'impossible reversals', says: 'None.', columns: { ordinal: 'bigint', reason: 'int' }, kept: 'table' })
      await engine.put(impossible, [])
      const stands = sql`${these} AND NOT EXISTS (SELECT 1 FROM ${reversals.impossible} i WHERE i.ordinal = ${reversals.named}.ordinal)`
      const named = copied('reversals named', await bring('reversals named', reversals.named, stands))
      made[input] = { ...made[input], reversals: { named, targets: copied('payments taken back', await bring('payments taken back', reversals.targets, these)), impossible } }
    }
    const own = { ...ofThatDay(settings, of.newestPayment), tables: { ...settings.tables, pauses: pausesOf(settings, variants) } }
    const { accounts } = classify(book, made as ValidatedBook, broken, own, 'table', await putCalendar(engine, own))
    const found = new Map((await engine.rows(sql`SELECT * FROM ${accounts}`)).map((row) => [String(row.account_id), row] as const))
    return variants.map(({ account_id }, at) => ({ ...found.get(String(at))!, account_id }))
  } finally {
    engine.close()
  }
}

/** Pauses by product and region, and those of each copy. */
const pausesOf = ({ tables }: Settings, variants: readonly Variant[]) =>
  tables.pauses.flatMap((pause) => (pause.account_id === '' ? [pause] : variants.flatMap(({ account_id }, at) => (account_id === pause.account_id ? [{ ...pause, account_id: String(at) }] : []))))

/** Ordinals of one copy: above those of the book, and one more. */
const sizeOf = (most: number): Hole => sql`CAST(${text(String(most + 2))} AS BIGINT)`

/** A payment of each variant, as the run would read one of a file. */
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
