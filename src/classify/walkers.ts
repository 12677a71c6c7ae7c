import { relation, type Columns, type Relation } from '../engine/relation.ts'
import { date, join, name, sql, type Sql } from '../engine/sql.ts'
import { partNames } from '../read/inputs.ts'
import type { Settings } from '../settings/load.ts'
import { byProduct, isDefault } from './convention.ts'
import { countsAsPaid } from './covered.ts'
import { moneyOf } from './in-parts.ts'
import { closedSince, stateOf } from './state.ts'

interface Given {
  readonly plan: Relation
  readonly received: Relation
  readonly loans: Relation
  readonly settings: Settings
  /** A book without states and settlements has no closing day to look up. */
  readonly neverClose: boolean
}

/** Columns of money that payments say is for a part of instalments. */
export const partMoney = (received: Relation): Columns => Object.fromEntries(partNames.map(moneyOf).filter((column) => column in received.columns).map((column) => [column, 'money'] as const))

/** Whether the conventions of some product need its name where instalments are walked. */
export const walksByProduct = ({ conventions }: Pick<Settings, 'conventions'>): boolean => Object.keys(conventions.products).length > 0 && countsAsPaid(conventions)

/**
 * Accounts that are walked instalment by instalment: money that is exactly what is due to date covers just that, and there is nothing
 * to be seen. Where an instalment may count as paid though it is open, all accounts are walked that this holds for.
 */
export function walkersOf({ plan, received, loans, settings, neverClose }: Given): Relation {
  const { conventions, as_of } = settings
  const byProducts = walksByProduct(settings)
  const all = byProduct(conventions, (one) => (isDefault({ book: one, products: {} }, 'ages', 'full_payment') ? sql`FALSE` : sql`TRUE`))
  const some: Sql = countsAsPaid(conventions) ? sql`(received <> to_date OR ${all})` : sql`received <> to_date`
  const parts = partMoney(received)
  const told = join(Object.keys(parts).map((part) => sql`, ${name(part)}`), sql``)
  const ofMoney = join(Object.keys(parts).map((part) => sql`, coalesce(r.${name(part)}, 0) AS ${name(part)}`), sql``)
  return relation({
    name: 'walkers',
    says: 'Accounts whose money is not exactly what is due to date: they are walked instalment by instalment.',
    columns: { account_id: 'text', received: 'money', closing_on: 'date', ...parts, ...(byProducts ? { product: 'text' as const } : {}) },
    kept: 'table',
    body: neverClose && !byProducts
      ? sql`
      SELECT account_id, received, ${date(as_of)} AS closing_on${told}
      FROM (SELECT p.account_id, coalesce(r.received, 0) AS received, p.due_before + p.due_today AS to_date${ofMoney} FROM ${plan} p LEFT JOIN ${received} r ON r.account_id = p.account_id) AS met
      WHERE ${some}`
      : sql`
      SELECT account_id, received, ${neverClose ? date(as_of) : closedSince(as_of, stateOf(as_of))} AS closing_on${told}${byProducts ? sql`, product` : sql``}
      FROM (
        SELECT p.account_id, coalesce(r.received, 0) AS received, p.due_before + p.due_today AS to_date, l.status, l.closed_on, l.written_off_on, l.sold_on, r.last_money_on, r.settled_on${ofMoney}${byProducts ? sql`, l.product` : sql``}
        FROM ${plan} p
        JOIN ${loans} l ON l.account_id = p.account_id
        LEFT JOIN ${received} r ON r.account_id = p.account_id
      ) AS met
      WHERE ${some}`,
  })
}
