import { ordinal } from '../engine/calls.ts'
import { relation, type Columns, type Relation } from '../engine/relation.ts'
import { join, name, nothing, sql, text, type Hole, type Literal } from '../engine/sql.ts'
import { columnsOf } from '../read/inputs.ts'
import type { ReadInput } from '../read/read.ts'
import { faultColumn, restColumn } from '../read/typed.ts'
import type { Settings } from '../settings/load.ts'

/** The place of a row in the order in which its input was read, from 0. */
export const ordinalColumn = 'ordinal'

/** Every column that the flow may ask for, in one shape whatever the export holds: what it lacks is blank or its default. */
export function rowsOf(read: ReadInput, settings: Settings): Relation {
  const have = new Map(read.columns.filter((column) => column.role !== 'rest').map((column) => [column.name, column] as const))
  const columns: Record<string, Columns[string]> = { [ordinalColumn]: 'bigint' }
  const select: Hole[] = [sql`${ordinal()} AS ${name(ordinalColumn)}`]
  const same: Record<string, Literal> = {}
  const add = (column: string, of: Columns[string], value: Hole) => {
    columns[column] = of
    if (value.kind === 'literal') same[column] = value
    select.push(sql`${value} AS ${name(column)}`)
  }
  for (const [canonical, column] of Object.entries(columnsOf(read.input))) {
    const as = column.as ?? canonical
    if (column.use === 'through' || (column.optional === true && !have.has(as))) continue
    const own = have.has(as) ? name(as) : nothing(column.type)
    have.delete(as)
    add(as, column.type, defaulted(read, settings, as, own))
  }
  for (const column of have.values()) add(column.name, column.type, name(column.name))
  if (read.columns.some((column) => column.role === 'rest')) add(restColumn, 'bigint', name(restColumn))
  add(faultColumn, 'small', name(faultColumn))
  return relation({ name: `${read.input} rows`, says: `The rows of ${read.input} in one shape, with defaults where the export is silent.`, columns, same, body: sql`SELECT ${join(select)} FROM ${read.rows}` })
}

function defaulted(read: ReadInput, settings: Settings, column: string, own: Hole): Hole {
  const has = (other: string) => read.columns.some((one) => one.name === other && one.role === 'used')
  if (read.input === 'loans') {
    if (column === 'currency' && settings.currency !== undefined) return sql`coalesce(${own}, ${text(settings.currency)})`
    if (column === 'status') {
      if (own.kind === 'literal') return text('open')
      if (settings.unknown_status === 'ask') return sql`coalesce(${own}, 'open')`
      return sql`CASE WHEN ${own} IN ('open', 'closed', 'written_off', 'sold', 'cancelled', 'not_disbursed', 'frozen', 'deceased', 'bankrupt', 'fraud') THEN ${own} ELSE 'open' END`
    }
  }
  if (read.input === 'repayments') {
    if (column === 'status') return own.kind === 'literal' ? text('settled') : sql`coalesce(${own}, 'settled')`
    if (column === 'kind') {
      // A row that names what it takes back is a reversal; a plain payment below zero is a refund.
      const whens = [...(has('reverses') ? [sql`WHEN reverses IS NOT NULL THEN 'undo'`] : []), ...(read.negatives ? [sql`WHEN amount < 0 THEN 'refund'`] : [])]
      const plain = whens.length === 0 ? text('payment') : sql`CASE ${join(whens, sql` `)} ELSE 'payment' END`
      return has('kind') ? (whens.length === 0 ? sql`coalesce(kind, 'payment')` : sql`CASE WHEN kind <> 'payment' THEN kind ELSE ${plain} END`) : plain
    }
  }
  return own
}
