import type { Engine, Row, Value } from '../../engine/engine.ts'
import { relation, type Relation } from '../../engine/relation.ts'
import { join, sql, text, type } from '../../engine/sql.ts'
import type { Settings } from '../../settings/load.ts'
import { decimalsOf, exact, plain } from '../exact.ts'
import { bucketsInOrder, countsBeside, isAged, isHeld, namesBeside, tierOrder } from './aged.ts'
import type { MadeReport, Report } from './report.ts'

/** Who is late, in counts and money. Sections: total (all that is aged), tier, bucket, product; tiers outside ageing follow the tiers. */
const ageing: Report = {
  name: 'ageing',
  says: 'Accounts and money by tier, by bucket of days past due, and by product, per currency. Shares are of the accounts aged.',
  columns: {
    currency: 'text',
    section: 'text',
    name: 'text',
    accounts: 'int',
    borrowers: 'int',
    share: 'number',
    overdue_amount: 'money',
    charges_outstanding: 'money',
    cure_amount: 'money',
    outstanding_principal: 'money',
    without_outstanding_principal: 'int',
    outstanding_schedule: 'money',
    held: 'int',
    held_overdue_amount: 'money',
  },
}

const figures = { accounts: 'int', overdue_amount: 'money', charges_outstanding: 'money', cure_amount: 'money', outstanding_principal: 'money', without_outstanding_principal: 'int', outstanding_schedule: 'money', held: 'int', held_overdue_amount: 'money' } as const

/** One pass over the accounts. Its few rows are summed up for the sections afterwards: to plan that would cost more than to do it. */
const cube = (accounts: Relation, settings: Settings) =>
  relation({
    name: `ageing of ${accounts.name}`,
    says: 'Accounts counted and summed by currency, tier, bucket and product.',
    columns: { currency: 'text', aged: 'bool', tier: 'text', bucket: 'text', product: 'text', ...figures, ...countsBeside(accounts).columns },
    body: sql`
      SELECT currency, ${isAged(settings)} AS aged, tier, bucket, coalesce(product, '') AS product,
             count(*) AS accounts, coalesce(sum(overdue_amount), 0) AS overdue_amount, coalesce(sum(charges_outstanding), 0) AS charges_outstanding, coalesce(sum(cure_amount), 0) AS cure_amount,
             coalesce(sum(outstanding_principal), 0) AS outstanding_principal, count(*) - count(outstanding_principal) AS without_outstanding_principal,
             coalesce(sum(outstanding_schedule), 0) AS outstanding_schedule,
             count(*) FILTER (WHERE ${isHeld}) AS held, coalesce(sum(overdue_amount) FILTER (WHERE ${isHeld}), 0) AS held_overdue_amount${countsBeside(accounts).value}
      FROM ${accounts} a
      GROUP BY currency, tier, bucket, coalesce(product, '')`,
  })

/** Distinct people in the late tiers: there the desk works, and counting them over the whole book would cost more than all the rest. */
const borrowers = (accounts: Relation, settings: Settings) => sql`
  SELECT currency, tier, CAST(count(DISTINCT coalesce(borrower_id, account_id)) AS ${type('int')}) AS borrowers
  FROM ${accounts}
  WHERE tier IN (${join(settings.tiers.map((tier) => text(tier.name)))})
  GROUP BY currency, tier`

export async function makeAgeing(accounts: Relation, settings: Settings, engine: Engine): Promise<MadeReport> {
  const counted = cube(accounts, settings)
  const cells = await engine.rows(sql`SELECT * FROM ${counted} ORDER BY currency ASC NULLS LAST, tier ASC NULLS LAST, bucket ASC NULLS LAST, product ASC NULLS LAST`)
  const people = await engine.rows(borrowers(accounts, settings))
  const currencies = [...new Set(cells.map((cell) => cell.currency!))]
  const columns = { ...ageing.columns, ...countsBeside(accounts).columns }
  const rows = currencies.flatMap((currency) => sections(cells.filter((cell) => cell.currency === currency), currency, people.filter((one) => one.currency === currency), settings, Object.keys(columns)))
  return { ...ageing, columns, rows }
}

/** The same lines each night: an aged tier or bucket without accounts has its line, of noughts. */
function sections(cells: readonly Row[], currency: Value, people: readonly Row[], settings: Settings, columns: readonly string[]): Row[] {
  const aged = cells.filter((cell) => cell.aged)
  const all = aged.reduce((sum, cell) => sum + Number(cell.accounts), 0)
  const line = (section: string, name: string, of: readonly Row[], isAged = true): Row => {
    const sums = summed(of, cells[0]!)
    const borrowers = section === 'tier' ? people.find((one) => one.tier === name)?.borrowers : undefined
    const share = isAged && all > 0 ? (Number(sums.accounts) / all).toFixed(6) : null
    const row: Row = { ...sums, currency, section, name, borrowers: borrowers ?? null, share }
    return Object.fromEntries(columns.map((column) => [column, row[column]!]))
  }
  const tiers = tierOrder(settings)
  const outside = tiers.filter((tier) => !tier.aged).map(({ name }) => ({ name, of: cells.filter((cell) => cell.tier === name) })).filter(({ of }) => of.length > 0)
  const linesOutside = outside.map(({ name, of }) => line('tier', name, of, false))
  // Rejected accounts have no currency, and nothing else to be laid out by.
  if (currency === null) return linesOutside
  return [
    line('total', 'aged', aged),
    ...tiers.filter((tier) => tier.aged).map(({ name }) => line('tier', name, aged.filter((cell) => cell.tier === name))),
    ...linesOutside,
    ...bucketsInOrder(settings).map(({ name }) => line('bucket', name, aged.filter((cell) => cell.bucket === name))),
    ...[...new Set(aged.map((cell) => String(cell.product)))].sort().map((product) => line('product', product, aged.filter((cell) => cell.product === product))),
  ]
}

/** Counts and exact sums of several cells; 0 with the decimals of `like` where there is none. */
function summed(cells: readonly Row[], like: Row): Row {
  return Object.fromEntries(
    Object.entries({ ...figures, ...Object.fromEntries(namesBeside.filter((count) => count in like).map((count) => [count, 'int'] as const)) }).map(([figure, of]) => [
      figure,
      of === 'int' ? cells.reduce((sum, cell) => sum + Number(cell[figure]), 0) : plain(cells.reduce((sum, cell) => sum + exact(String(cell[figure])), 0n), decimalsOf(String(like[figure]))),
    ]),
  )
}
