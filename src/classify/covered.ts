import { relation, type Relation } from '../engine/relation.ts'
import { join, name, number, sql, some, type Hole, type Sql } from '../engine/sql.ts'
import { partNames, type Part } from '../read/inputs.ts'
import type { Conventions, ConventionsInForce } from '../settings/convention-fields.ts'
import { byProduct, isDefault } from './convention.ts'
import { beforeOf, moneyOf, openByParts } from './in-parts.ts'

/** What one instalment gets: what the earlier ones took is gone; this one gets the rest, at least 0, at most itself. */
const coverOf = sql`greatest(0, least(amount_due, received - before))`

/** Whether an instalment may count as paid though not all of it is covered. */
export const countsAsPaid = (conventions: ConventionsInForce): boolean => !isDefault(conventions, 'ages', 'full_payment')

/**
 * Instalments of some accounts, oldest first, with what they got. `of`: accounts with `received` and `closing_on`, `product`
 * where conventions go by it, and the money of parts where payments tell it. Most accounts are exactly up to date and need no such walk; explain walks any. Only where the
 * conventions ask: `aging_open`, what is open in parts that make the instalment late, and `ages`, whether that is more than may be missing.
 */
export function covered(instalments: Relation, of: Relation, as: string, conventions?: ConventionsInForce, laid?: { readonly laid: Relation; readonly home: 'place' | 'ordinal' }): Relation {
  const carried = partNames.filter((part) => `${part}_due` in instalments.columns)
  const ages = conventions !== undefined && countsAsPaid(conventions)
  const own = ['account_id', 'instalment_no', 'due_on', 'place', 'amount_due', 'before', 'closing_on'].map(name)
  const due = carried.map((part) => name(`${part}_due`))
  const product = 'product' in of.columns ? [name('product')] : []
  // Parts that payments tell: their money is laid on those parts.
  const paid = carried.filter((part) => moneyOf(part) in of.columns)
  const money = paid.flatMap((part) => [name(moneyOf(part)), name(beforeOf(part))])
  const walked = sql`
    SELECT ${join([...own, ...due, ...product, ...money])}, ${laid === undefined ? coverOf : sql`amount_laid`} AS amount_covered
    FROM (
      SELECT ${join(['account_id', 'instalment_no', 'due_on', 'place', 'amount_due'].map((column) => sql`i.${name(column)}`))}, ${join([...due.map((part) => sql`i.${part}`), ...product.map((one) => sql`a.${one}`)])}, a.received, a.closing_on${laid === undefined ? sql`` : sql`, coalesce(c.amount_covered, 0) AS amount_laid`}${join(paid.map((part) => sql`, a.${name(moneyOf(part))}, sum(coalesce(i.${name(`${part}_due`)}, 0)) OVER (PARTITION BY i.account_id ORDER BY i.place, i.ordinal ROWS UNBOUNDED PRECEDING) - coalesce(i.${name(`${part}_due`)}, 0) AS ${name(beforeOf(part))}`), sql``)},
             sum(i.amount_due) OVER (PARTITION BY i.account_id ORDER BY i.place, i.ordinal ROWS UNBOUNDED PRECEDING) - i.amount_due AS before
      FROM ${instalments} i
      JOIN ${of} a ON a.account_id = i.account_id${laid === undefined ? sql`` : sql`
      LEFT JOIN ${laid.laid} c ON c.account_id = i.account_id AND c.home = i.${name(laid.home)}`}
    ) AS poured`
  return relation({
    name: as,
    says: 'Instalments, oldest first, and how much of each the money received covers.',
    columns: {
      account_id: 'text', instalment_no: 'int', due_on: 'date', place: 'bigint', amount_due: 'money', before: 'money', amount_covered: 'money', principal_covered: 'money', closing_on: 'date',
      ...Object.fromEntries(carried.map((part) => [`${part}_open`, 'money'] as const)), ...(ages ? { aging_open: 'money' as const, ages: 'bool' as const } : {}),
    },
    body: sql`
      SELECT *, coalesce(principal_due, 0) - coalesce(principal_open, 0) AS principal_covered${ages ? sql`, ${byProduct(conventions, stillOpen)} AS ages` : sql``}
      FROM (
        SELECT *${ages ? sql`, ${byProduct(conventions, (one) => aging(one, carried, sql`amount_due - amount_covered`, 'open'))} AS aging_open, ${byProduct(conventions, (one) => aging(one, carried, name('amount_due'), 'due'))} AS aging_due` : sql``}
        FROM (${paid.length > 0 ? openByParts(walked, carried, paid) : withOpenParts(walked, carried)}) AS in_parts
      ) AS aged`,
  })
}

/** Inside an instalment money covers penalty, fee and interest before principal: what is open lies on principal first. What no part tells is covered before all. */
function withOpenParts(of: Sql, carried: readonly Part[]): Sql {
  return carried.reduce((inner, part, at) => {
    const taken = carried.slice(0, at).map((before) => sql` - coalesce(${name(`${before}_open`)}, 0)`)
    const due = name(`${part}_due`)
    return sql`SELECT *, CASE WHEN ${due} IS NOT NULL THEN least(amount_due - amount_covered${join(taken, sql``)}, ${due}) END AS ${name(`${part}_open`)} FROM (${inner}) AS ${name(`to ${part}`)}`
  }, of)
}

/** An amount less the parts of it that make no instalment late. */
const aging = ({ ages }: Conventions, carried: readonly Part[], whole: Hole, of: 'open' | 'due') =>
  sql`${join([whole, ...carried.filter((part) => !ages.includes(part)).map((part) => sql`coalesce(${name(`${part}_${of}`)}, 0)`)], sql` - `)}`

/** Whether more is open than may be missing. */
function stillOpen({ full_payment: { share, tolerance } }: Conventions): Sql {
  const paid = [...(share < 1 ? [sql`aging_due - aging_open >= aging_due * ${number(String(share))}`] : []), ...(Number(tolerance) > 0 ? [sql`aging_open <= ${number(tolerance)}`] : [])]
  return sql`(aging_open > 0 AND NOT ${some(paid)})`
}
