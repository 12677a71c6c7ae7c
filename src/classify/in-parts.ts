import { join, name, sql, type Hole, type Sql } from '../engine/sql.ts'
import { partNames, type Part } from '../read/inputs.ts'

/** Money of an account that its payments say is for a part of instalments. */
export const moneyOf = (part: Part) => `${part}_money`
/** What the instalments before ask of a part. */
export const beforeOf = (part: Part) => `${part}_before`

/** Of what a payment covers, the money that it says is for a part: what was taken off came off principal first. A refund gives back what it says. */
export function inPart(part: Part, columns: readonly string[]): Sql {
  const ahead = [...partNames].reverse()
  const before = ahead.slice(0, ahead.indexOf(part)).filter((one) => columns.includes(`${one}_paid`))
  const own = (one: Part) => sql`abs(coalesce(${name(`${one}_paid`)}, 0))`
  return sql`CASE WHEN covers < 0 THEN -${own(part)} ELSE greatest(0, least(${own(part)}, covers${join(before.map((one) => sql` - ${own(one)}`), sql``)})) END`
}

const seq = (inner: Sql, values: readonly { readonly as: string; readonly value: Hole }[]): Sql =>
  values.reduce((of, { as, value }) => sql`SELECT *, ${value} AS ${name(as)} FROM (${of}) AS ${name(`with ${as}`)}`, inner)

/**
 * What is open of each part of an instalment whose payments say what they are for. Each part's money covers that part, the oldest
 * first; where this is less than what the instalment got, the rest covers penalty, fee, interest, principal in that order, and
 * where it is more, principal is the first that is open. `of`: instalments with `amount_covered`; `parts`: principal, interest, fee,
 * penalty as far as the schedule has them; `paid`: those of them that payments tell.
 */
export function openByParts(of: Sql, parts: readonly Part[], paid: readonly Part[]): Sql {
  const due = (part: Part) => sql`coalesce(${name(`${part}_due`)}, 0)`
  const own = (part: Part) => name(`own ${part}`)
  const sumOf = (each: readonly Hole[]) => (each.length === 0 ? sql`0` : join(each, sql` + `))
  const asPaid = paid.map((part) => ({ as: `own ${part}`, value: sql`greatest(0, least(${name(moneyOf(part))} - ${name(beforeOf(part))}, ${due(part)}))` }))
  const short = { as: 'too much', value: sql`greatest(0, ${sumOf(paid.map(own))} - amount_covered)` }
  // Principal is covered last, so it is the first to go without.
  const less = paid.map((part, at) => ({ as: `less ${part}`, value: sql`least(${own(part)}, ${name('too much')}${join(paid.slice(0, at).map((one) => sql` - ${name(`less ${one}`)}`), sql``)})` }))
  const open = parts.map((part, at) => {
    const wants = paid.includes(part) ? sql`${due(part)} - (${own(part)} - ${name(`less ${part}`)})` : due(part)
    const left = sql`amount_due - amount_covered${join(parts.slice(0, at).map((one) => sql` - coalesce(${name(`${one}_open`)}, 0)`), sql``)}`
    return { as: `${part}_open`, value: sql`CASE WHEN ${name(`${part}_due`)} IS NOT NULL THEN least(${left}, ${wants}) END` }
  })
  return seq(of, [...asPaid, short, ...less, ...open])
}
