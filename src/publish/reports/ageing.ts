import type { Engine } from '../../engine/engine.ts'
import { relation, type Relation } from '../../engine/relation.ts'
import { bool, int, join, name as nameOf, sql, text, type } from '../../engine/sql.ts'
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
/** The figures of several cells of the cube together; 0 where there is none. */
const summed = join(Object.entries(figures).map(([figure, of]) => sql`CAST(coalesce(sum(b.${nameOf(figure)}), 0) AS ${type(of)}) AS ${nameOf(figure)}`))

/** One pass over the accounts; the sections are sums of its few rows. */
const cube = (accounts: Relation, settings: Settings) =>
  relation({
    name: 'ageing_cube',
    says: 'Accounts counted and summed by currency, tier, bucket and product.',
    kept: 'table',
    columns: { currency: 'text', tier: 'text', aged: 'bool', bucket: 'text', product: 'text', ...figures },
    body: sql`
      SELECT currency, tier, ${isAged(settings)} AS aged, bucket, product,
             count(*) AS accounts, sum(overdue_amount) AS overdue_amount, sum(charges_outstanding) AS charges_outstanding, sum(cure_amount) AS cure_amount,
             sum(outstanding_principal) AS outstanding_principal, count(*) - count(outstanding_principal) AS without_outstanding_principal,
             sum(outstanding_schedule) AS outstanding_schedule,
             count(*) FILTER (WHERE ${isHeld}) AS held, sum(overdue_amount) FILTER (WHERE ${isHeld}) AS held_overdue_amount
      FROM ${accounts} a
      GROUP BY currency, tier, bucket, product`,
  })

/** Distinct people, for the late tiers and what is due soon: there the desk works, and counting the whole book would cost more than all the rest. */
const borrowers = (accounts: Relation, settings: Settings) =>
  relation({
    name: 'ageing_borrowers',
    says: 'Borrowers with an account in each late tier.',
    kept: 'table',
    columns: { currency: 'text', tier: 'text', borrowers: 'int' },
    body: sql`
      SELECT currency, tier, count(DISTINCT coalesce(borrower_id, account_id)) AS borrowers
      FROM ${accounts}
      WHERE tier IN (${join(settings.tiers.map((tier) => text(tier.name)))})
      GROUP BY currency, tier`,
  })

const labels = (rows: readonly { name: string; aged: boolean }[]) => join(rows.map((row, place) => sql`(${int(place)}, ${text(row.name)}, ${bool(row.aged)})`))

const sections = (accounts: Relation, settings: Settings) => {
  const base = cube(accounts, settings)
  const people = borrowers(accounts, settings)
  const currencies = sql`(SELECT DISTINCT currency FROM ${base})`
  const buckets = [...settings.buckets].sort((a, b) => a.from - b.from).map((bucket) => ({ name: bucket.name, aged: true }))
  return relation({
    name: 'ageing_sections',
    says: ageing.says,
    columns: { section_place: 'int', place: 'int', ...ageing.columns },
    // The layout is the same each night: an aged tier or bucket without accounts has its line, of noughts.
    body: sql`
      SELECT s.*, p.borrowers, CASE WHEN s.aged THEN CAST(CAST(s.accounts AS ${type('number')}) / nullif(t.accounts, 0) AS ${type('number')}) END AS share
      FROM (
        SELECT 0 AS section_place, 'total' AS section, 0 AS place, 'aged' AS name, TRUE AS aged, b.currency, ${summed}
        FROM ${base} b WHERE b.aged AND b.currency IS NOT NULL GROUP BY b.currency
        UNION ALL
        SELECT 1, 'tier', v.place, v.name, v.aged, c.currency, ${summed}
        FROM ${currencies} c CROSS JOIN (VALUES ${labels(tierOrder(settings))}) AS v(place, name, aged)
        LEFT JOIN ${base} b ON b.currency IS NOT DISTINCT FROM c.currency AND b.tier = v.name
        GROUP BY v.place, v.name, v.aged, c.currency
        HAVING coalesce(sum(b.accounts), 0) > 0 OR (v.aged AND c.currency IS NOT NULL)
        UNION ALL
        SELECT 2, 'bucket', v.place, v.name, v.aged, c.currency, ${summed}
        FROM ${currencies} c CROSS JOIN (VALUES ${labels(buckets)}) AS v(place, name, aged)
        LEFT JOIN ${base} b ON b.currency IS NOT DISTINCT FROM c.currency AND b.bucket = v.name AND b.aged
        WHERE c.currency IS NOT NULL
        GROUP BY v.place, v.name, v.aged, c.currency
        UNION ALL
        SELECT 3, 'product', 0, coalesce(b.product, ''), TRUE, b.currency, ${summed}
        FROM ${base} b WHERE b.aged AND b.currency IS NOT NULL GROUP BY coalesce(b.product, ''), b.currency
      ) AS s
      LEFT JOIN (SELECT currency, sum(accounts) AS accounts FROM ${base} WHERE aged GROUP BY currency) t ON t.currency = s.currency
      LEFT JOIN ${people} p ON p.currency = s.currency AND p.tier = s.name AND s.section = 'tier'`,
  })
}

export async function makeAgeing(accounts: Relation, settings: Settings, engine: Engine): Promise<MadeReport> {
  const made = sections(accounts, settings)
  await engine.define(made)
  const rows = await engine.rows(sql`SELECT ${join(Object.keys(ageing.columns).map(nameOf))} FROM ${made} ORDER BY currency ASC NULLS LAST, section_place ASC NULLS LAST, place ASC NULLS LAST, name ASC NULLS LAST`)
  return { ...ageing, rows }
}
