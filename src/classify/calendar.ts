import { addDays } from '../engine/calls.ts'
import type { Engine } from '../engine/engine.ts'
import { relation, type Relation } from '../engine/relation.ts'
import { date, int, name, nothing, sql, text, type Hole, type Sql } from '../engine/sql.ts'
import { throwAll, UserError } from '../errors.ts'
import { plusDays } from '../settings/as-of.ts'
import type { Settings } from '../settings/load.ts'
import { isBusinessDay } from '../settings/business-days.ts'
import type { Holiday } from '../settings/tables.ts'
import { byProduct, isDefault } from './convention.ts'

/** What the tables of pauses and holidays say, where the conventions ask for it. */
export interface Calendar {
  /** Due dates that lie on no business day, by region, and the days to which they move. */
  readonly moved: Relation | undefined
  /** Regions that have days of their own; all others share those without a region. */
  readonly regions: readonly string[]
  readonly pauses: Relation | undefined
}

export const noCalendar: Calendar = { moved: undefined, regions: [], pauses: undefined }

/** Puts the small tables into the engine; what is not asked for is not there. */
export async function putCalendar(engine: Engine, { tables, conventions }: Pick<Settings, 'tables' | 'conventions'>): Promise<Calendar> {
  const regions = [...new Set(tables.holidays.map(({ region }) => region))].filter((region) => region !== '').sort()
  let moved: Relation | undefined
  if (!isDefault(conventions, 'business_days')) {
    moved = relation({ name: 'moved days', says: 'Days that are no business days, by region, with the next and the previous one; blank where a year without holidays begins.', columns: { region: 'text', due_on: 'date', next_on: 'date', previous_on: 'date' }, kept: 'table' })
    await engine.put(moved, ['', ...regions].flatMap((region) => movedDays(region, tables.holidays)))
  }
  let pauses: Relation | undefined
  if (tables.pauses.length > 0) {
    pauses = relation({ name: 'pauses', says: 'Pauses of accounts, products and regions: from the first day that does not count to the first that does.', columns: { of: 'text', value: 'text', from_day: 'date', to_day: 'date' }, kept: 'table' })
    await engine.put(pauses, tables.pauses.map(({ account_id, product, region, from, to }) => ({ of: account_id !== '' ? 'account' : product !== '' ? 'product' : 'region', value: account_id || product || region, from_day: from, to_day: to })))
  }
  return { moved, regions, pauses }
}

/** Years in which the holidays of a region are known. */
const yearsOf = (region: string, holidays: readonly Holiday[]): string[] => [...new Set(holidays.filter((one) => one.region === '' || one.region === region).map(({ date }) => date.slice(0, 4)))].sort()

/** Days after as_of from which on a due date decides nothing yet, even if it moves back. */
const ahead = 31

/**
 * A due date that decides how late an account is must lie in a year whose holidays are known, and so must the day to which it moves:
 * what is not known is refused, never taken for a year without holidays. Accounts whose due dates are kept need none.
 */
export async function checkYears(engine: Engine, { tables, conventions, region, as_of }: Settings, calendar: Calendar, standing: Relation, regionColumn: string | undefined): Promise<void> {
  if (calendar.moved === undefined) return
  const of = regionOf(regionColumn === undefined ? nothing('text') : sql`CAST(${name(regionColumn)} AS VARCHAR)`, calendar)
  const direction = byProduct(conventions, ({ business_days }) => sql`${int(business_days === 'kept' ? 0 : business_days === 'next' ? 1 : -1)}`)
  const rows = await engine.rows(sql`
    SELECT calendar, day, step, count(*) AS n
    FROM (SELECT ${of} AS calendar, coalesce(oldest_unpaid_due_on, next_on) AS day, ${direction} AS step FROM ${standing}) AS deciding
    WHERE day <= ${addDays(date(as_of), int(ahead))} AND step <> 0
    GROUP BY calendar, day, step
    ORDER BY calendar, day, step`)
  const missing = new Map<string, number>()
  for (const row of rows) {
    const own = String(row.calendar)
    const known = yearsOf(own, tables.holidays)
    const holidays = tables.holidays.filter((one) => one.region === '' || one.region === own)
    const years = [String(row.day).slice(0, 4), reach(String(row.day), holidays, row.step === 1 ? 1 : -1).slice(0, 4)].filter((year) => !known.includes(year))
    for (const year of new Set(years)) missing.set(`${year}${own === '' ? '' : ` (${region} ${own})`}`, (missing.get(`${year}${own === '' ? '' : ` (${region} ${own})`}`) ?? 0) + Number(row.n))
  }
  throwAll([...missing].map(([value, count]) => new UserError('holidays-missing', { value, count })))
}

function reach(day: string, holidays: readonly Holiday[], step: 1 | -1): string {
  let to = day
  while (!isBusinessDay(to, holidays)) to = plusDays(to, step)
  return to
}

function movedDays(region: string, holidays: readonly Holiday[]) {
  const own = holidays.filter((one) => one.region === '' || one.region === region)
  const years = yearsOf(region, holidays)
  const moved = (day: string, step: 1 | -1): string | null => {
    const to = reach(day, own, step)
    return years.includes(to.slice(0, 4)) ? to : null
  }
  const rows: { region: string; due_on: string; next_on: string | null; previous_on: string | null }[] = []
  for (const year of years)
    for (let day = `${year}-01-01`; day.startsWith(year); day = plusDays(day, 1)) if (!isBusinessDay(day, own)) rows.push({ region, due_on: day, next_on: moved(day, 1), previous_on: moved(day, -1) })
  return rows
}

/** The region whose days hold for an account: its own where it has days of its own, else that of all. */
export const regionOf = (region: Hole, { regions }: Pick<Calendar, 'regions'>): Sql => (regions.length === 0 ? sql`${text('')}` : sql`CASE ${regions.map((one) => sql`WHEN ${region} = ${text(one)} THEN ${text(one)}`).reduce((all, each) => sql`${all} ${each}`)} ELSE ${text('')} END`)
