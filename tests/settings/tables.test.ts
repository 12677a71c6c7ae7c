import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { UserError, UserErrors } from '../../src/errors.ts'
import { nextWorkDay } from '../../src/settings/as-of.ts'
import { isBusinessDay } from '../../src/settings/business-days.ts'
import { loadSettings } from '../../src/settings/load.ts'
import { readTables } from '../../src/settings/tables.ts'

const dir = mkdtempSync(join(tmpdir(), 'arrears-tables-'))
afterAll(() => rmSync(dir, { recursive: true, force: true }))
const file = (name: string, text: string) => {
  writeFileSync(join(dir, name), text)
  return [join(dir, name)]
}

function faults(paths: Parameters<typeof readTables>[0]) {
  try {
    readTables(paths)
    return []
  } catch (error) {
    const all = error instanceof UserErrors ? error.errors : [error as UserError]
    return all.map(({ says, place, exit }) => [says, place.line, place.column, exit])
  }
}

test('both tables are read, in any order of columns', () => {
  const { pauses, holidays, files } = readTables({ pauses: file('p.csv', '\ufefffrom,to,account_id\n2025-01-10,2025-01-20,A1\n'), holidays: file('h.csv', 'kind,date,region\n,2025-01-01,\nworkday,2025-09-28,cn\n') })
  expect(pauses).toEqual([{ account_id: 'A1', product: '', region: '', from: '2025-01-10', to: '2025-01-20' }])
  expect(holidays).toEqual([{ region: '', date: '2025-01-01', kind: 'holiday' }, { region: 'cn', date: '2025-09-28', kind: 'workday' }])
  expect(files.map(({ table, name, rows }) => [table, name, rows])).toEqual([['pauses', 'p.csv', 1], ['holidays', 'h.csv', 2]])
})

test('all that is wrong is said at once, with its place', () => {
  const text = 'account_id,product,from,to\nA1,,2025-02-30,2025-03-01\nA1,card,2025-01-01,2025-01-02\n,,2025-01-01,2025-01-02\nA1,,2025-01-05,2025-01-05\n'
  expect(faults({ pauses: file('bad.csv', text) })).toEqual([
    ['pauses: from is "2025-02-30".', 2, 3, 2],
    ['pauses: account_id is "account_id A1, product card".', 3, 1, 2],
    ['pauses: account_id is "".', 4, 1, 2],
    ['pauses: to is "2025-01-05".', 5, 4, 2],
  ])
  expect(faults({ holidays: file('kind.csv', 'date,kind\n2025-01-01,feast\n') })).toEqual([['holidays: kind is "feast".', 2, 2, 2]])
  expect(faults({ holidays: file('names.csv', 'day\n2025-01-01\n') })).toEqual([['holidays has a column "day", which nothing reads.', 1, 1, 2], ['holidays has no column date.', 1, undefined, 2]])
  expect(faults({ holidays: [join(dir, 'none.csv')] })[0]![3]).toBe(2)
})

test('a day of a weekend may be worked, a holiday closes', () => {
  const own = [{ region: '', date: '2025-09-28', kind: 'workday' as const }, { region: '', date: '2025-10-01', kind: 'holiday' as const }]
  // Sunday 28 September is worked, Saturday the 27th is not, Wednesday 1 October is a holiday.
  expect(['2025-09-26', '2025-09-27', '2025-09-28', '2025-09-30', '2025-10-01'].map((day) => isBusinessDay(day, own))).toEqual([true, false, true, true, false])
})

test('no day is both a holiday and worked', () => {
  const text = 'region,date,kind\ncn,2025-09-28,workday\nin,2025-09-28,holiday\ncn,2025-09-28,holiday\ncn,2025-09-28,workday\n'
  expect(faults({ holidays: file('both.csv', text) }).map(([, ...place]) => place)).toEqual([[4, 3, 2], [5, 3, 2]])
})

test('the team keeps the days of its own region, and works in the place of others', () => {
  const table = file('regions.csv', 'region,date,kind\n,2025-10-01,holiday\ncn,2025-10-02,holiday\nin,2025-10-03,holiday\ncn,2025-10-11,workday\n')[0]!
  const settings = (own: object) => {
    const [config] = file('team.yaml', JSON.stringify({ as_of: '2025-09-30', work_days: ['mon', 'tue', 'wed', 'thu', 'fri'], inputs: { holidays: { files: table } }, ...own }))
    return loadSettings({ config }, true).work_on
  }
  expect(settings({})).toBe('2025-10-02')
  expect(settings({ work_region: 'cn' })).toBe('2025-10-03')
  // Friday the 10th, then Saturday the 11th, which is worked in the place of another day.
  expect(settings({ work_region: 'cn', as_of: '2025-10-10' })).toBe('2025-10-11')
  expect(settings({ work_region: 'in', as_of: '2025-10-10' })).toBe('2025-10-13')
  expect(loadSettings({ config: join(dir, 'team.yaml'), holidays: file('typed.csv', 'date\n2025-10-13\n') }, true).work_on).toBe('2025-10-14')
})

test('lists are not worked on a holiday', () => {
  const everyDay = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']
  expect(nextWorkDay('2025-09-30', everyDay, [{ region: '', date: '2025-10-01', kind: 'holiday' }, { region: '', date: '2025-10-02', kind: 'holiday' }])).toBe('2025-10-03')
  expect(nextWorkDay('2025-09-30', everyDay, [])).toBe('2025-10-01')
})
