import { relation, type Columns, type Relation } from '../engine/relation.ts'
import { date, join, name, sql, type Sql } from '../engine/sql.ts'
import { partNames } from '../read/inputs.ts'
import type { Conventions } from '../settings/convention-fields.ts'
import type { Settings } from '../settings/load.ts'
import { any, whether } from './convention.ts'
import { countsAsPaid } from './covered.ts'
import { moneyOf } from './in-parts.ts'
import { closedSince, stateOf } from './state.ts'
import type { Laying } from './ways.ts'

interface Given {
  readonly plan: Relation
  readonly received: Relation
  readonly loans: Relation
  readonly settings: Settings
  /** A book without states and settlements has no closing day to look up. */
  readonly neverClose: boolean
  readonly laying: Laying | undefined
}

/** Columns of money that payments say is for a part of instalments. */
export const partMoney = (received: Relation): Columns => Object.fromEntries(partNames.map(moneyOf).filter((column) => column in received.columns).map((column) => [column, 'money'] as const))

/** What the walk may have to know of the loan of each account. */
export const ofLoans = { product: 'text', grain: 'int' } as const satisfies Columns

/** As far as the conventions ask for it: its value, under the alias `l`, by column. */
export function loanFacts({ conventions }: Pick<Settings, 'conventions'>, laying: Laying | undefined): { readonly columns: Columns; readonly values: Sql } {
  const product = Object.keys(conventions.products).length > 0 && (countsAsPaid(conventions) || laying !== undefined) ? sql`l.product` : undefined
  const found = Object.entries({ product, grain: laying?.grain }).flatMap(([column, value]) => (value === undefined ? [] : [{ column, value }]))
  return { columns: Object.fromEntries(found.map(({ column }) => [column, ofLoans[column as keyof typeof ofLoans]] as const)), values: join([sql``, ...found.map(({ column, value }) => sql`${value} AS ${name(column)}`)]) }
}

/**
 * Accounts that are walked instalment by instalment: money that is exactly what is due to date covers just that, and there is nothing
 * to be seen. Where an instalment may count as paid though it is open, or money may lie elsewhere than on the oldest, all accounts are
 * walked that this holds for.
 */
export function walkersOf({ plan, received, loans, settings, neverClose, laying }: Given): Relation {
  const { conventions, as_of } = settings
  const asked = loanFacts(settings, laying)
  const carried = join([sql``, ...Object.keys(asked.columns).map(name)])
  const walksAll = (one: Conventions) => countsAsPaid({ book: one, products: {} }) || (laying !== undefined && (laying.named(one) || laying.inTurn(one)))
  const all = whether(conventions, walksAll)
  const some: Sql = any(conventions, walksAll) ? sql`(received <> to_date OR ${all})` : sql`received <> to_date`
  const parts = partMoney(received)
  const told = join(Object.keys(parts).map((part) => sql`, ${name(part)}`), sql``)
  const ofMoney = join(Object.keys(parts).map((part) => sql`, coalesce(r.${name(part)}, 0) AS ${name(part)}`), sql``)
  return relation({
    name: 'walkers',
    says: 'Accounts whose money is not exactly what is due to date: they are walked instalment by instalment.',
    columns: { account_id: 'text', received: 'money', closing_on: 'date', ...parts, ...asked.columns },
    kept: 'table',
    body: neverClose && Object.keys(asked.columns).length === 0
      ? sql`
      SELECT account_id, received, ${date(as_of)} AS closing_on${told}
      FROM (SELECT p.account_id, coalesce(r.received, 0) AS received, p.due_before + p.due_today AS to_date${ofMoney} FROM ${plan} p LEFT JOIN ${received} r ON r.account_id = p.account_id) AS met
      WHERE ${some}`
      : sql`
      SELECT account_id, received, ${neverClose ? date(as_of) : closedSince(as_of, stateOf(as_of))} AS closing_on${told}${carried}
      FROM (
        SELECT p.account_id, coalesce(r.received, 0) AS received, p.due_before + p.due_today AS to_date, l.status, l.closed_on, l.written_off_on, l.sold_on, r.last_money_on, r.settled_on${ofMoney}${asked.values}
        FROM ${plan} p
        JOIN ${loans} l ON l.account_id = p.account_id
        LEFT JOIN ${received} r ON r.account_id = p.account_id
      ) AS met
      WHERE ${some}`,
  })
}
