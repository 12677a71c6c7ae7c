import type { Engine, Row, Value } from '../../engine/engine.ts'
import { relation, type Relation } from '../../engine/relation.ts'
import { join, name, sql, text, type } from '../../engine/sql.ts'
import type { Settings } from '../../settings/load.ts'
import { isAged, isHeld, tierOrder } from './aged.ts'
import type { MadeReport, Report } from './report.ts'

/** Who is late, in counts and money. Sections: total (all that is aged), tier, bucket, product; tiers outside ageing follow the tiers. */
export const ageing: Report = {
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

/** One pass over the accounts; the sections are sums of its few rows. */
const cube = (accounts: Relation, settings: Settings) =>
  relation({
    name: 'ageing_cube',
    says: 'Accounts counted and summed by currency, tier, bucket and product.',
    kept: 'table',
    columns: { currency: 'text', aged: 'bool', tier: 'text', bucket: 'text', product: 'text', ...figures },
    body: sql`
      SELECT currency, ${isAged(settings)} AS aged, tier, bucket, coalesce(product, '') AS product,
             count(*) AS accounts, sum(overdue_amount) AS overdue_amount, sum(charges_outstanding) AS charges_outstanding, sum(cure_amount) AS cure_amount,
             sum(outstanding_principal) AS outstanding_principal, count(*) - count(outstanding_principal) AS without_outstanding_principal,
             sum(outstanding_schedule) AS outstanding_schedule,
             count(*) FILTER (WHERE ${isHeld}) AS held, sum(overdue_amount) FILTER (WHERE ${isHeld}) AS held_overdue_amount
      FROM ${accounts} a
      GROUP BY currency, tier, bucket, coalesce(product, '')`,
  })

/** The cube summed for each section; a section's own column is the only one filled. */
const sections = (of: Relation) =>
  relation({
    name: 'ageing_sections',
    says: ageing.says,
    columns: { currency: 'text', aged: 'bool', section: 'text', name: 'text', ...figures },
    body: sql`
      SELECT currency, aged, coalesce(tier, bucket, product, 'aged') AS name,
             CASE WHEN grouping(tier) = 0 THEN 'tier' WHEN grouping(bucket) = 0 THEN 'bucket' WHEN grouping(product) = 0 THEN 'product' ELSE 'total' END AS section,
             ${join(Object.keys(figures).map((figure) => sql`coalesce(sum(${name(figure)}), 0) AS ${name(figure)}`))}
      FROM ${of}
      GROUP BY GROUPING SETS ((currency, aged), (currency, aged, tier), (currency, aged, bucket), (currency, aged, product))`,
  })

/** Distinct people in the late tiers: there the desk works, and counting them over the whole book would cost more than all the rest. */
const borrowers = (accounts: Relation, settings: Settings) => sql`
  SELECT currency, tier, CAST(count(DISTINCT coalesce(borrower_id, account_id)) AS ${type('int')}) AS borrowers
  FROM ${accounts}
  WHERE tier IN (${join(settings.tiers.map((tier) => text(tier.name)))})
  GROUP BY currency, tier`

export async function makeAgeing(accounts: Relation, settings: Settings, engine: Engine): Promise<MadeReport> {
  const summed = sections(cube(accounts, settings))
  await engine.define(summed)
  const lines = await engine.rows(sql`SELECT * FROM ${summed} ORDER BY currency ASC NULLS LAST, name ASC NULLS LAST`)
  const people = await engine.rows(borrowers(accounts, settings))
  const currencies = [...new Set(lines.map((line) => line.currency))]
  return { ...ageing, rows: currencies.flatMap((currency) => layout(lines.filter((line) => line.currency === currency), people, currency, settings)) }
}

/** The same lines each night: an aged tier or bucket without accounts has its line, of noughts. */
function layout(lines: readonly Row[], people: readonly Row[], currency: Value | undefined, settings: Settings): Row[] {
  const of = (section: string, aged: boolean) => lines.filter((line) => line.section === section && line.aged === aged)
  const [total] = of('total', true)
  const share = (accounts: Value) => (total === undefined ? null : (Number(accounts) / Number(total.accounts)).toFixed(6))
  const row = (section: string, named: string, aged: boolean, found: Row | undefined): Row => {
    const counted = found ?? nothing
    const met = section === 'tier' ? people.find((one) => one.currency === currency && one.tier === named) : undefined
    const cells: Row = { ...counted, currency: currency ?? null, section, name: named, borrowers: met?.borrowers ?? null, share: aged ? share(counted.accounts!) : null }
    return Object.fromEntries(Object.keys(ageing.columns).map((column) => [column, cells[column] ?? null]))
  }
  const ofEach = (section: string, names: readonly string[]) => names.map((named) => row(section, named, true, of(section, true).find((line) => line.name === named)))
  const tiers = tierOrder(settings)
  const outside = tiers.filter((tier) => !tier.aged).flatMap(({ name: named }) => of('tier', false).filter((line) => line.name === named))
  const zeros = lines.find((line) => line.section === 'total')!
  const nothing: Row = Object.fromEntries(Object.entries(figures).map(([figure, type]) => [figure, type === 'int' ? 0 : noughts(String(zeros[figure]))]))
  return [
    ...(total === undefined ? [] : [row('total', 'aged', true, total)]),
    ...(currency === null ? [] : ofEach('tier', tiers.filter((tier) => tier.aged).map((tier) => tier.name))),
    ...outside.map((line) => row('tier', String(line.name), false, line)),
    ...(currency === null ? [] : ofEach('bucket', [...settings.buckets].sort((a, b) => a.from - b.from).map((bucket) => bucket.name))),
    ...(currency === null ? [] : of('product', true).map((line) => row('product', String(line.name), true, line))),
  ]
}

/** 0 with the decimals of another amount. */
const noughts = (like: string) => `0${(/\..*$/.exec(like)?.[0] ?? '').replace(/\d/g, '0')}`
