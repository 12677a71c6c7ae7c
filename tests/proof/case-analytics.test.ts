import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { runBuilt } from '../built.ts'
import { amountText, money } from '../reference/reference.ts'
import { ageBook, built, listAllRules, publishedFolder, tempDir } from './age-book.ts'
import { cases } from './case-settings.ts'
import { csvRows } from './published.ts'

// Shares that the analytic cases (A) ask for, taken from what runs and diff publish; O: ids as spreadsheets must find them.

const share = (part: bigint, whole: bigint) => `${amountText((part * 10_000n + whole / 2n) / whole, 2)} %`
const cents = (amount: string | undefined) => money(amount ?? '0', 2)

/** Ageing buckets of a run. */
const buckets = (folder: string) => new Map(csvRows(join(folder, 'reports/ageing.csv')).filter((row) => row['section'] === 'bucket').map((row) => [row['name']!, row]))

interface Moved { before: string; after: string; accounts: number; outstanding_before: string }

/** The two month ends of a case, each from its own folder of exports, and what diff says of them. Tiers as wide as its buckets. */
async function months(id: string) {
  const dir = tempDir()
  cpSync(join(cases, id), dir, { recursive: true })
  writeFileSync(join(dir, 'rules.yaml'), listAllRules)
  const tiers = [['1-30', 1, 30], ['31-60', 31, 60], ['61+', 61, null]].map(([name, from, to]) => ({ name, from, to }))
  for (const day of ['2025-04-30', '2025-05-31']) {
    const inputs = Object.fromEntries(['loans', 'schedule', 'repayments'].map((input) => [input, { files: `${day}/${input}.csv` }]))
    writeFileSync(join(dir, `${day}.yaml`), JSON.stringify({ as_of: day, work_on: day, tiers, rules: 'rules.yaml', inputs }))
    expect((await runBuilt(['run', '--config', join(dir, `${day}.yaml`), '--quiet'])).exit).toBe(0)
  }
  const folder = (day: string) => join(dir, 'out', day)
  const { stdout } = await runBuilt(['diff', folder('2025-04-30'), folder('2025-05-31'), '--json'])
  const { moves, bridge } = JSON.parse(stdout) as { moves: Moved[]; bridge: Record<string, string>[] }
  const from = (tier: string) => bridge.find((line) => line['tier'] === tier && line['measure'] === 'accounts')!
  return { opening: buckets(folder('2025-04-30')), closing: buckets(folder('2025-05-31')), moves, from, moved: (before: string, after: string) => moves.find((one) => one.before === before && one.after === after) }
}

describe.runIf(built)('analytics', () => {
  // Both cases are of the same two month ends.
  let both: ReturnType<typeof months> | undefined
  const aprilToMay = () => (both ??= months('A01-roll-rate-above-100'))

  test('A01: what flows into a bucket may be more than what stood before it, and what is tracked is not', async () => {
    const { opening, closing, from, moved } = await aprilToMay()
    const [open, close] = [cents(opening.get('1-30')!['outstanding_principal']), cents(closing.get('31-60')!['outstanding_principal'])]
    expect(share(close, open)).toBe('120.00 %')
    const accounts = BigInt(from('1-30')['before']!)
    expect([share(BigInt(moved('1-30', '31-60')!.accounts), accounts), share(BigInt(moved('1-30', 'not_late')!.accounts), accounts)]).toEqual(['50.00 %', '50.00 %'])
    expect(share(cents(moved('1-30', '31-60')!.outstanding_before), open)).toBe('66.67 %')
  })

  test('A05: of those that were not late one is late now and one is gone; who is new is in no row', async () => {
    const { from, moved, moves } = await aprilToMay()
    for (const day of ['2025-04-30', '2025-05-31']) for (const input of ['loans', 'schedule', 'repayments']) expect(readFileSync(join(cases, 'A05-transition-rows-sum', day, `${input}.csv`))).toEqual(readFileSync(join(cases, 'A01-roll-rate-above-100', day, `${input}.csv`)))
    const before = BigInt(from('not_late')['before']!)
    expect([moved('not_late', '31-60'), moved('not_late', 'left')].map((one) => share(BigInt(one!.accounts), before))).toEqual(['50.00 %', '50.00 %'])
    const total = from('total')
    expect([total['before'], total['new'], total['left'], total['after']]).toEqual(['4', '1', '-1', '4'])
    expect(moves.filter((one) => one.before === 'new')).toMatchObject([{ after: 'not_late', accounts: 1 }])
    expect(moved('not_late', 'not_late')).toBeUndefined()
  })

  test('A03: all that late loans owe is at risk, and day 30 is not over 30', async () => {
    const run = await ageBook({ from: join(cases, 'A03-portfolio-at-risk'), settings: { as_of: '2025-06-30' }, flags: ['--work-on', '2025-06-30'], rules: listAllRules, reports: 'all' })
    const found = [...buckets(publishedFolder(run.dir)!).values()]
    const over = (days: number, column: string) => found.filter((row) => Number(/\d+/.exec(row['name']!)![0]) > days).reduce((sum, row) => sum + cents(row[column]), 0n)
    const all = over(-1, 'outstanding_principal')
    expect([share(over(30, 'outstanding_principal'), all), share(over(90, 'outstanding_principal'), all), share(over(30, 'accounts'), over(-1, 'accounts'))]).toEqual(['55.00 %', '5.00 %', '50.00 %'])
    // Nothing was paid since the day before: the lender's principal is that day's too. A month ago Q-3 owed more, and nobody says how much.
    const said = new Map(csvRows(join(publishedFolder(run.dir)!, 'reports/morning.csv')).map((row) => [row['measure']!, row]))
    expect(['outstanding_principal', 'par_30', 'par_90'].map((measure) => [said.get(measure)!['today'], said.get(measure)!['day_before'], said.get(measure)!['month_start']])).toEqual([['20000.00', '20000.00', ''], ['0.550000', '0.550000', ''], ['0.050000', '0.050000', '']])
  })

  test('O02: in the list the ids stand to the last digit, with no sign added', async () => {
    const run = await ageBook({ from: join(cases, 'O02-ids-in-spreadsheets'), settings: { as_of: '2025-06-30' }, flags: ['--work-on', '2025-06-30'], rules: listAllRules })
    const lines = readFileSync(join(publishedFolder(run.dir)!, 'worklists/all.csv'), 'utf8').split('\n')
    expect(lines.slice(1).map((line) => line.split(',')[1]).filter((id) => id !== undefined)).toEqual(['6222020000000000019', '000123'])
  })
})
