import { isDeepStrictEqual } from 'node:util'
import { renamed } from '../engine/renamed.ts'
import { relation, type Columns, type Relation } from '../engine/relation.ts'
import { join, name, sql, text, type Sql } from '../engine/sql.ts'
import type { RuleBook } from '../settings/rule-books.ts'
import type { Settings } from '../settings/load.ts'
import { notAged } from './columns.ts'
import { tierOf } from './tier.ts'

/** Columns of an account under the rule book at this place: its tier, what is overdue and the days past due. */
export const under = (at: number) => ({ tier: `tier ${at}`, overdue: `overdue ${at}`, days: `days ${at}` }) as const

/**
 * One line an aged account, with its tier under each rule book. `counted`: the accounts with their days under some settings,
 * made from `shared`; rule books that count alike share it.
 */
export function sideBySide(books: readonly RuleBook[], shared: readonly Relation[], counted: (settings: Settings) => Relation): Relation {
  const alike: { of: Relation; books: { at: number; settings: Settings }[] }[] = []
  for (const [at, { settings }] of books.entries()) {
    const same = alike.find((one) => isDeepStrictEqual(one.books[0]!.settings.conventions, settings.conventions))
    if (same !== undefined) same.books.push({ at, settings })
    else alike.push({ of: counted(settings), books: [{ at, settings }] })
  }
  const sources = alike.map(({ of, books }, group) => ({ books, of: renamed(of, ` ${group}`, shared) }))
  const columns: Columns = {
    account_id: 'text', product: 'text', currency: 'text', days_late: 'int',
    ...Object.fromEntries(books.flatMap((_, at) => [[under(at).tier, 'text'], [under(at).overdue, 'money'], [under(at).days, 'int']] as const)),
  }
  const alias = (group: number) => name(`under ${group}`)
  const source = ({ of, books }: (typeof sources)[number]): Sql => sql`
    SELECT account_id, currency, days_late, product, ${join(books.flatMap(({ at, settings }) => [
      sql`${tierOf(of, settings)} AS ${name(under(at).tier)}`,
      sql`overdue_amount AS ${name(under(at).overdue)}`,
      sql`${'days_past_due' in of.columns ? sql`days_past_due` : sql`days_late`} AS ${name(under(at).days)}`,
    ]))}
    FROM ${of}`
  const [first, ...others] = sources
  return relation({
    name: 'side by side',
    says: 'Accounts that are aged, with their tier under each rule book.',
    columns,
    kept: 'table',
    body: sql`
      SELECT ${join(['account_id', 'product', 'currency', 'days_late'].map((column) => sql`${alias(0)}.${name(column)}`))}, ${join(sources.flatMap(({ books }, group) => books.flatMap(({ at }) => Object.values(under(at)).map((column) => sql`${alias(group)}.${name(column)}`))))}
      FROM (${source(first!)}) AS ${alias(0)}
      ${join(others.map((one, at) => sql`JOIN (${source(one)}) AS ${alias(at + 1)} ON ${alias(at + 1)}.account_id = ${alias(0)}.account_id`), sql` `)}
      WHERE ${alias(0)}.${name(under(sources[0]!.books[0]!.at).tier)} NOT IN (${join(notAged.map(text))})`,
  })
}
