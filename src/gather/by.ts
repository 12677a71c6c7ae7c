import type { Columns } from '../engine/relation.ts'
import { join, name, sql, type Hole, type Sql } from '../engine/sql.ts'
import { throwAll, UserError, type Place } from '../errors.ts'
import { closeOr } from '../nearest.ts'

/** Columns of every loan that reports can be laid out by, beside what passes through. */
const own = ['product', 'status', 'borrower_id'] as const

/**
 * Asked before anything is read: columns that reports are to be laid out by must be columns of loans, and no report may have one of its own by
 * that name (`taken`). `placeOf`: where the settings name each; none where they were typed.
 */
export function checkReportsBy(by: readonly string[], passed: readonly string[], taken: readonly string[], placeOf: ((at: number) => Place) | undefined) {
  const known = [...own, ...passed]
  const says = placeOf === undefined ? '--by' : 'reports.by'
  throwAll(
    by.flatMap((column, at) => {
      const place = placeOf?.(at) ?? {}
      if (passed.includes(column) && taken.includes(column)) return [new UserError('settings-wrong', { value: `${says} names "${column}", and reports have a column of that name`, hint: 'Give the column another name under inputs.loans.headers.', ...place })]
      if (column === 'currency' || known.includes(column)) return []
      return [new UserError('settings-wrong', { value: `${says} names "${column}", which is not a column of loans`, hint: closeOr(column, known, `Columns: ${known.join(', ')}.`), ...place })]
    }),
  )
}

/** How reports are laid out: by currency always, and by these columns of loans. */
export interface Layout {
  readonly columns: Columns
  /** The columns of a loan or account under the alias `of` that has `known`, as texts under their names, after a comma. */
  readonly of: (of: string, known: Columns) => Sql
  /** Their names under an alias, after a comma. */
  readonly names: (of?: string) => Sql
}

export function layoutBy(by: readonly string[]): Layout {
  const keys = [...new Set(by)].filter((column) => column !== 'currency')
  const after = (each: (column: string) => Hole) => join(keys.map((column) => sql`, ${each(column)}`), sql``)
  return {
    columns: Object.fromEntries(keys.map((column) => [column, 'text'] as const)),
    of: (alias, known) => after((column) => (column in known ? sql`coalesce(CAST(${name(alias)}.${name(column)} AS VARCHAR), '') AS ${name(column)}` : sql`'' AS ${name(column)}`)),
    names: (alias) => after((column) => (alias === undefined ? name(column) : sql`${name(alias)}.${name(column)}`)),
  }
}
