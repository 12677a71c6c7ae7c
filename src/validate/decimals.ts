import { relation, type Relation } from '../engine/relation.ts'
import { int, join, name, sql, text } from '../engine/sql.ts'
import { decimalsOf } from '../read/currencies.ts'
import type { Book, ReadInput } from '../read/read.ts'
import { ordinalColumn } from './rows.ts'

/**
 * Amounts with digits beyond the decimals of their own currency, where the book holds currencies with fewer decimals than
 * money is read with: 12.50 is no amount of yen. The reason is the place of the column, as for any value that cannot be read.
 */
export function tooManyDecimals(read: ReadInput, book: Pick<Book, 'currencies' | 'scale'>, sound: Relation, loans: Relation | undefined): Relation | undefined {
  const coarse = book.currencies.filter((currency) => decimalsOf(currency) < book.scale)
  const carried = read.columns.filter((column) => column.role !== 'rest')
  const amounts = carried.flatMap((column, at) => (column.type === 'money' && column.role === 'used' ? [{ column: column.name, place: at + 1 }] : []))
  if (coarse.length === 0 || amounts.length === 0) return undefined
  const digits = [...new Set(coarse.map(decimalsOf))].sort()
  const whens = digits.flatMap((decimals) => {
    const own = join(coarse.filter((currency) => decimalsOf(currency) === decimals).map(text))
    return amounts.map(({ column, place }) => sql`WHEN currency IN (${own}) AND ${name(column)} * ${int(10 ** decimals)} <> CAST(${name(column)} * ${int(10 ** decimals)} AS BIGINT) THEN ${int(place)}`)
  })
  const columns = join(amounts.map(({ column }) => sql`s.${name(column)}`))
  const from =
    loans === undefined
      ? sql`SELECT s.${name(ordinalColumn)}, s.currency, ${columns} FROM ${sound} s`
      : sql`SELECT s.${name(ordinalColumn)}, l.currency, ${columns} FROM ${sound} s JOIN ${loans} l ON l.account_id = s.account_id`
  return relation({
    name: `${read.input} with too many decimals`,
    says: `Rows of ${read.input} whose amounts have digits beyond the decimals of their currency.`,
    columns: { ordinal: 'bigint', reason: 'int' },
    kept: 'table',
    body: sql`SELECT ordinal, reason FROM (SELECT ordinal, CASE ${join(whens, sql` `)} END AS reason FROM (${from}) AS priced) AS judged WHERE reason IS NOT NULL`,
  })
}
