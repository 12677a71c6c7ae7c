import { expect, test } from 'vitest'
import type { Row } from '../../src/engine/engine.ts'
import { openEngine } from '../../src/engine/open.ts'
import { flow } from '../../src/flow.ts'
import { makeReports } from '../../src/publish/reports/made.ts'
import { planInputs } from '../../src/read/read.ts'
import { loadSettings } from '../../src/settings/load.ts'
import { bookFile } from '../proof/in-process.ts'
import { addDays, money, type Rows } from '../reference/reference.ts'
import { reports, type Line, type Reports } from '../reference/reports.ts'
import { askedOf } from './agree.ts'
import { bookOf } from './book.ts'
import { moneyKinds, withMoneyKinds } from './money-kinds.ts'
import { bookSeeds } from './seeds.ts'

// Invented books with every kind of reversal, state and day: each report as a second, plain computation has it, to the cent.

const deep = process.env['ARREARS_DEEP'] === '1'
const [books, accountsEach] = deep ? [20, 400] : [4, 80]
const seed = Number(process.env['ARREARS_SEED'] ?? 20250630)
const asks = { dueDays: 35, calendarDays: 20 }

/** The reports of a run, and the decimals of its money. */
async function made(rows: Rows, settings: Readonly<Record<string, unknown>>): Promise<{ reports: Record<string, readonly Row[]>; scale: number; changedOnly: boolean }> {
  const { dir, config } = bookFile(rows, { ...settings, implausible_max_share: 1, ties_min_agree: 0, reports: { due_days: asks.dueDays, calendar_days: asks.calendarDays } })
  const inForce = loadSettings({ config }, true)
  const engine = await openEngine('duckdb', { scale: 2, threads: 1 })
  try {
    const { outcome, book } = await flow({ engine, settings: inForce, plans: await planInputs(engine, inForce), scratch: dir, onStep: () => {}, reports: true })
    expect(outcome.gathered!.notMade).toEqual([])
    return { reports: Object.fromEntries((await makeReports(outcome, inForce, engine)).map(({ name, rows }) => [name, rows])), scale: book.scale, changedOnly: outcome.gathered!.openings!.day.changedOnly }
  } finally {
    engine.close()
  }
}

const isMoney = (figure: string) => /amount|paid_by_\d|paid_to_date|open$|released|outstanding|covered|least|opening_overdue|^net$|not_cash|from_others/.test(figure) && !figure.startsWith('instalments_')

/** Lines as the reference has them by their keys, without figures that are naught or blank. */
function byKey(lines: readonly (Line | Row)[], keys: readonly string[], figures: readonly string[], scale: number): Map<string, string> {
  const unit = (line: Line | Row, figure: string): bigint | null => {
    const value = line[figure]
    if (value === null || value === undefined) return null
    if (typeof value === 'bigint') return value
    return (figure in line && isMoney(figure)) || typeof value === 'string' ? money(String(value), scale) : BigInt(Number(value))
  }
  const told = lines.map((line) => [keys.map((key) => String(line[key])).join(' '), figures.flatMap((figure) => { const value = unit(line, figure); return value === null || value === 0n ? [] : [`${figure} ${value}`] }).join(', ')] as const)
  return new Map(told.filter(([, said]) => said !== '').sort(([a], [b]) => (a < b ? -1 : 1)))
}

const flowFigures = ['opening', 'new_in', 'returned_in', 'rolled_in', 'rolled_back_in', 'change', 'cured', 'rolled_back', 'rolled_out', 'settled', 'written_off', 'sold', 'other_out', 'closing']
const compared: Record<keyof Reports, { keys: string[]; figures: string[] }> = {
  flow: { keys: ['period', 'since', 'currency', 'measure', 'bucket'], figures: flowFigures },
  due_performance: { keys: ['due_on', 'currency'], figures: ['instalments', 'amount_due', ...[0, 1, 3, 7, 15, 30].flatMap((days) => [`paid_by_${days}`, `instalments_paid_by_${days}`]), 'paid_to_date', 'instalments_paid_to_date', 'still_open', 'released'] },
  edge: { keys: ['days_to_roll', 'currency', 'from_bucket', 'to_bucket'], figures: ['accounts', 'held', 'outstanding_principal', 'outstanding_schedule', 'overdue_amount', 'least_payment'] },
  cash: { keys: ['section', 'day', 'currency', 'bucket'], figures: ['payments', 'amount', 'reversals', 'reversed_amount', 'net', 'not_cash', 'from_others', 'opening_accounts', 'opening_outstanding_schedule', 'opening_overdue'] },
  due_calendar: { keys: ['due_on', 'currency'], figures: ['instalments', 'amount_due', 'covered', 'open', 'to_remind', 'to_remind_amount', 'of_late_accounts', 'of_late_accounts_amount'] },
}

// Of books of plain payments much is found from the sums of as_of: that must come out the same.
const seeds = bookSeeds(books, accountsEach, seed + 11).map((one, place) => (place % 2 === 0 ? { ...one, money: 'plain' as const, asOf: 45_795 + 9 * place } : one))

test.each(seeds.map((one, place) => ({ one, place })))(`book $place of seed ${seed}: every report, to the cent`, { timeout: 600_000 }, async ({ one, place }) => {
  const { asOf, ...plain } = bookOf(one, `R${place}`)
  // Some with parts and every kind of money.
  const how = one.money === 'plain' ? undefined : moneyKinds(place + 2, asOf)
  const rows = how === undefined ? plain : withMoneyKinds(plain, how, 3)
  const { asked: ofBook, settings } = askedOf({ ...one, dataAfter: 0 }, asOf)
  const asked = { ...ofBook, ...how?.asked }
  const run = await made(rows, { ...settings, ...how?.settings })
  if (one.money === 'plain') expect(run.changedOnly).toBe(true)
  const wanted = reports({ rows, asked: { ...asked, scale: run.scale } }, asks)
  for (const [name, { keys, figures }] of Object.entries(compared) as [keyof Reports, (typeof compared)['flow']][]) {
    const ours = run.reports[name]!.filter((row) => name !== 'cash' || !['late', 'total'].includes(String(row['bucket'])))
    const got = byKey(ours, keys, figures, run.scale)
    const want = byKey(wanted[name], keys, figures, run.scale)
    expect(want.size, name).toBeGreaterThan(0)
    // Lines that differ, with what is wanted beside what is there.
    const differ = [...new Set([...got.keys(), ...want.keys()])].filter((key) => want.get(key) !== got.get(key))
    expect(differ.map((key) => [key, got.get(key)]), name).toEqual(differ.map((key) => [key, want.get(key)]))
  }
})

test('every line of the flow adds up, the buckets are the book, and the closing of one day is the opening of the next', { timeout: 120_000 }, async () => {
  const [one] = bookSeeds(1, 150, seed + 12)
  const { asOf, ...rows } = bookOf(one!, 'N')
  const units = (row: Row, figure: string) => money(String(row[figure]), 3)
  const key = (row: Row) => [row['currency'], row['measure'], row['bucket']].join(' ')
  const told: (readonly Row[])[] = []
  for (const day of [addDays(asOf, -1), asOf]) told.push((await made(rows, { ...askedOf(one!, day).settings, data_through: day })).reports['flow']!)
  for (const lines of told) {
    expect(lines.length).toBeGreaterThan(50)
    for (const row of lines) expect([key(row), flowFigures.slice(0, 6).reduce((sum, figure) => sum + units(row, figure), 0n) - flowFigures.slice(6, -1).reduce((sum, figure) => sum + units(row, figure), 0n)]).toEqual([key(row), units(row, 'closing')])
    for (const row of lines.filter(({ bucket }) => bucket === 'total')) {
      const parts = lines.filter((part) => part['bucket'] !== 'total' && ['period', 'currency', 'measure'].every((column) => part[column] === row[column]))
      expect([key(row), ...flowFigures.map((figure) => parts.reduce((sum, part) => sum + units(part, figure), 0n))]).toEqual([key(row), ...flowFigures.map((figure) => units(row, figure))])
      if (row['measure'] === 'accounts') expect(units(row, 'rolled_in') + units(row, 'rolled_back_in')).toBe(units(row, 'cured') + units(row, 'rolled_back') + units(row, 'rolled_out'))
    }
  }
  const figures = (lines: readonly Row[], figure: string) => Object.fromEntries(lines.filter(({ period }) => period === 'day').map((row) => [key(row), String(row[figure])]))
  expect(figures(told[1]!, 'opening')).toEqual(figures(told[0]!, 'closing'))
})
