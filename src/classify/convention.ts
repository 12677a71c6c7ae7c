import { isDeepStrictEqual } from 'node:util'
import { bool, sql, text, type Hole, type Sql } from '../engine/sql.ts'
import type { Conventions, ConventionsInForce } from '../settings/convention-fields.ts'
import { defaultConventions } from '../settings/default-conventions.ts'

/** The conventions of the book and of each product that has its own. */
export const eachOf = ({ book, products }: ConventionsInForce): readonly Conventions[] => [book, ...Object.values(products)]

/** Whether it holds for the book or for some product. */
export const any = (conventions: ConventionsInForce, holds: (of: Conventions) => boolean): boolean => eachOf(conventions).some(holds)

/** Whether every product keeps the default of these conventions: then a formulation need not ask for them at all. */
export const isDefault = (conventions: ConventionsInForce, ...fields: readonly (keyof Conventions)[]): boolean =>
  eachOf(conventions).every((one) => fields.every((field) => isDeepStrictEqual(one[field], defaultConventions[field])))

/** A value or predicate by the conventions of each account: one piece of SQL where all products agree, else a CASE over `product`. */
export function byProduct({ book, products }: ConventionsInForce, of: (conventions: Conventions) => Sql, product: Hole = sql`product`): Sql {
  const own = Object.entries(products)
  if (own.length === 0) return of(book)
  return sql`CASE ${product} ${own.map(([name, one]) => sql`WHEN ${text(name)} THEN ${of(one)}`).reduce((all, each) => sql`${all} ${each}`)} ELSE ${of(book)} END`
}

/** Whether it holds by the conventions of each account. */
export const whether = (conventions: ConventionsInForce, holds: (of: Conventions) => boolean, product?: Hole): Sql => byProduct(conventions, (of) => sql`${bool(holds(of))}`, product)
