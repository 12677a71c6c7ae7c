import { balancesOnly } from './classify/bases.ts'
import { putCalendar } from './classify/calendar.ts'
import { planFacts } from './classify/in-force.ts'
import { classifiedCopies, copiesColumns, ofThatDay, type Copied } from './copies.ts'
import type { Engine, Row } from './engine/engine.ts'
import { openEngine } from './engine/open.ts'
import { relation, type Relation } from './engine/relation.ts'
import { join, sql, text } from './engine/sql.ts'
import { inputNames } from './read/inputs.ts'
import type { Settings } from './settings/load.ts'
import type { InputName } from './settings/schema.ts'
import type { ValidatedBook } from './validate/validate.ts'
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
  return !open && !paidOnRows && !balancesOnly(book)
}

/**
 * Variants of a few accounts, classified in a small engine of their own beside the run's. Rows of accounts in the order of the variants.
 * The flow must have kept its rows.
 */
export async function whatIf(of: Rows, variants: readonly Variant[]): Promise<Row[]> {
  const { engine: whole, settings, book, validated } = of
  const ids = [...new Set(variants.map(({ account_id }) => account_id))]
  const engine = await openEngine(settings.engine, { threads: 1, scale: book.scale })
  try {
    const copies = relation({ name: 'copies', says: 'Copies of accounts.', columns: copiesColumns, kept: 'table' })
    await engine.put(copies, variants.map(({ account_id, paid }, at) => ({ variant: String(at), account_id, number: at, paid, scenario: String(at) })))
    // A list of many is joined, not compared one by one.
    const these = sql`account_id IN (SELECT id FROM (VALUES ${join(ids.map((id) => sql`(${text(id)})`))}) AS wanted(id))`
    const bring = async (as: string, from: Relation): Promise<Relation> => {
      const base = relation({ name: `${as} of the book`, says: 'Rows of the book.', columns: from.columns, kept: 'table' })
      await engine.put(base, await whole.rows('account_id' in from.columns ? sql`SELECT * FROM ${from} WHERE ${these}` : sql`SELECT * FROM ${from}`))
      return base
    }
    const rows = {} as Record<InputName, Copied[InputName]>
    for (const input of inputNames) {
      const { accepted, reversals } = validated[input]
      rows[input] = { accepted: await bring(input, accepted), reversals: reversals === undefined ? undefined : { named: await bring('reversals named', reversals.named), targets: await bring('payments taken back', reversals.targets), impossible: await bring('impossible reversals', reversals.impossible) } }
    }
    const own = ofThatDay(settings, of.newestPayment)
    const { accounts } = classifiedCopies({ book, settings: own, rows, copies, calendar: await putCalendar(engine, own) })
    const found = new Map((await engine.rows(sql`SELECT * FROM ${accounts}`)).map((row) => [String(row.account_id), row] as const))
    return variants.map(({ account_id }, at) => ({ ...found.get(String(at))!, account_id }))
  } finally {
    engine.close()
  }
}
