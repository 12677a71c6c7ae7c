import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { deliveryWarnings } from '../src/delivery.ts'
import { tooOld } from '../src/limits.ts'
import { cli } from './cli/typed.ts'
import { listAllRules } from './proof/age-book.ts'
import { given, sound } from './read/given.ts'

// What is told of a delivery beside what was published before, by run.json files made by hand; then one book through several nights.

const base = mkdtempSync(join(tmpdir(), 'arrears-delivery-'))
afterAll(() => rmSync(base, { recursive: true, force: true }))
let count = 0

const names = ['loans', 'schedule', 'repayments'] as const
const files = (sha: string) => names.map((input) => ({ input, name: `${input}.csv`, path: `${input}.csv`, bytes: 1, records: 1, sha256: `${sha} ${input}` }))
const rows = (n: number) => names.map((input) => ({ input, read: n, records: n, accepted: n, rejected: 0, unmatched: 0 }))
const money = (received: string, currency = 'CNY') => ({ currency, received }) as never
const published = (as_of: string, more: object = {}) => ({ as_of, newest_payment: as_of, inputs: files(as_of), rows: rows(1000), money: [money('1000.00')], ...more })

function warned(runs: readonly { as_of: string }[], now: { sha?: string; rows?: number; received?: string }, most?: number, as_of = '2025-06-30') {
  const out = join(base, String(++count))
  for (const run of runs) {
    mkdirSync(join(out, run.as_of), { recursive: true })
    writeFileSync(join(out, run.as_of, 'run.json'), JSON.stringify(run))
  }
  return deliveryWarnings({ files: files(now.sha ?? 'new'), rows: rows(now.rows ?? 1000), money: [money(now.received ?? '1000.00')] }, { out, as_of, fall_max_share: most })
}
const said = (...of: Parameters<typeof warned>) => warned(...of).map(({ says }) => says)

describe('rows and money beside the last run of an earlier day', () => {
  const night = [published('2025-06-29')]
  test('a share is crossed when it is greater', () => {
    expect(said(night, { rows: 900, received: '900.00' }, 0.1)).toEqual([])
    expect(said(night, { rows: 899 }, 0.1)).toEqual(names.map((input) => `Rows of ${input}: 899, and 1000 in the run of 2025-06-29. It fell by more than the share of 0.1 that fall_max_share allows.`))
    expect(said(night, { received: '899.99' }, 0.1)).toEqual(['Money received in CNY: 899.99, and 1000.00 in the run of 2025-06-29. It fell by more than the share of 0.1 that fall_max_share allows.'])
    expect(said(night, { rows: 999 }, 0)).toHaveLength(3)
  })
  test('more is no alarm, nor is anything where no limit is stated or no run is there', () => {
    expect(said(night, { rows: 5000, received: '5000.00' }, 0)).toEqual([])
    expect(said(night, { rows: 1, received: '0.00' })).toEqual([])
    expect(said([], { rows: 1 }, 0)).toEqual([])
  })
  test('a currency that is gone fell to nothing; one of which nothing was there cannot fall', () => {
    expect(said([published('2025-06-29', { money: [money('1000.00'), money('5.00', 'USD'), money('0.00', 'JPY'), money('-3.00', 'EUR')] })], {}, 0.5)).toEqual(['Money received in USD: 0, and 5.00 in the run of 2025-06-29. It fell by more than the share of 0.5 that fall_max_share allows.'])
  })
  test('the latest earlier day counts: not the run that is replaced, nor one of a later day', () => {
    const small = (as_of: string) => published(as_of, { rows: rows(10), money: [money('10.00')] })
    expect(said([small('2025-06-20'), ...night, small('2025-06-30'), small('2025-07-01')], { rows: 500 }, 0.4)).toHaveLength(3)
    expect(said([...night, small('2025-06-30')], { rows: 500 }, 0.4)).toHaveLength(3)
    expect(said([small('2025-06-20'), ...night], { rows: 500 }, 0.4, '2025-06-25')).toEqual([])
  })
  test('a folder that is no run is passed over', () => {
    const out = join(base, 'strange')
    mkdirSync(join(out, '2025-06-29'), { recursive: true })
    writeFileSync(join(out, '2025-06-29', 'run.json'), '{"as_of": ')
    expect(deliveryWarnings({ files: files('x'), rows: rows(1), money: [] }, { out, as_of: '2025-06-30', fall_max_share: 0 })).toEqual([])
  })
})

describe('the same bytes again', () => {
  test('as on an earlier day: each file is named', () => {
    expect(said([published('2025-06-29')], { sha: '2025-06-29' })).toEqual(['loans.csv, schedule.csv, repayments.csv: byte for byte as in the run of 2025-06-29. Were the files of 2025-06-29 delivered again?'])
    expect(said([published('2025-06-29')], {})).toEqual([])
  })
  test('not where that day was looked back on, with a file of later days', () => expect(said([published('2025-05-31', { newest_payment: '2025-06-30', inputs: files('new') })], {})).toEqual([]))
  test('as in the run that is replaced: said once, where all of them are', () => {
    expect(said([published('2025-06-30')], { sha: '2025-06-30' })).toEqual(['All files are, byte for byte, those of the run of 2025-06-30 that this one takes the place of.'])
    expect(said([published('2025-06-30', { inputs: [...files('2025-06-30').slice(1), ...files('other').slice(0, 1)] })], { sha: '2025-06-30' })).toEqual([])
  })
})

test('the newest payment, by calendar days', () => {
  const on = (newest: string | undefined, most?: number) => tooOld(newest, { as_of: '2025-06-30', newest_payment_max_days: most }).map(({ says }) => says)
  expect(on('2025-06-27', 3)).toEqual([])
  expect(on('2025-06-26', 3)).toEqual(['The newest payment is of 2025-06-26, more than the 3 days before 2025-06-30 that newest_payment_max_days allows.'])
  expect(on(undefined, 3)).toEqual(['There is no payment on or before 2025-06-30 at all.'])
  expect([on(undefined), on('2000-01-01')]).toEqual([[], []])
})

describe('nights of one book', () => {
  const head = 'payment_id,account_id,paid_on,amount\n'
  const paid = (day: number, at = day) => `P${at},A1,2025-06-${day},1.00\n`
  const night = async (dir: string, as_of: string, payments: string, more: object = {}) => {
    writeFileSync(join(dir, 'repayments.csv'), head + payments)
    writeFileSync(join(dir, 'rules.yaml'), listAllRules)
    const inputs = Object.fromEntries(names.map((input) => [input, { files: `${input}.csv`, ...(input === 'repayments' ? { allow_empty: true } : {}) }]))
    writeFileSync(join(dir, 'arrears.yaml'), JSON.stringify({ as_of, rules: 'rules.yaml', reports: { make: 'none' }, inputs, ...more }))
    const { code, stderr } = await cli('run', '--config', join(dir, 'arrears.yaml'), '--quiet')
    const told = JSON.parse(readFileSync(join(dir, 'out', as_of, 'run.json'), 'utf8')) as { warnings: { code: string }[]; run: { warnings: { code: string }[] } }
    return { code, limits: [...stderr.matchAll(/^limit (.+)$/gm)].map(([, limit]) => limit), warnings: told.warnings.map(({ code: of }) => of), ofTheRun: told.run.warnings.map(({ code: of }) => of) }
  }

  test('whole, repeated, stale, cut in half, without payments', async () => {
    const { dir } = given({ 'loans.csv': sound['loans.csv'], 'schedule.csv': sound['schedule.csv'] })
    const stated = { fall_max_share: 0.4, newest_payment_max_days: 2 }
    const ten = Array.from({ length: 10 }, (_, at) => paid(16 + at)).join('')
    const same = ['same-files']
    expect(await night(dir, '2025-06-25', ten, stated)).toMatchObject({ code: 0, limits: [], ofTheRun: [] })
    // What rests on earlier runs stands apart: all else is the same in a run that is repeated.
    const [first, second] = [await night(dir, '2025-06-25', ten, stated), await night(dir, '2025-06-25', ten, stated)]
    expect([first, second]).toMatchObject([{ code: 0, ofTheRun: same }, { code: 0, ofTheRun: same }])
    // Loans and plan are the same again, and the payments are: only the calendar went on.
    expect(await night(dir, '2025-06-28', ten, stated)).toMatchObject({ code: 5, limits: ['payments-too-old'], ofTheRun: same })
    expect(await night(dir, '2025-06-29', paid(28) + paid(29, 91) + paid(29, 92), stated)).toMatchObject({ code: 5, limits: ['fell-since-last-run', 'fell-since-last-run'] })
    expect(await night(dir, '2025-06-30', paid(29), { fall_max_share: 0.9, newest_payment_max_days: 2 })).toMatchObject({ code: 0, limits: [] })
    expect(await night(dir, '2025-07-01', '', { newest_payment_max_days: 2 })).toMatchObject({ code: 5, limits: ['payments-too-old'] })
  })

  test('a payment of a day to come hides nothing', async () => {
    const { dir } = given({ 'loans.csv': sound['loans.csv'], 'schedule.csv': sound['schedule.csv'] })
    expect(await night(dir, '2025-06-20', `${paid(10)}P2,A1,2099-01-01,1.00\n`, { newest_payment_max_days: 9 })).toMatchObject({ code: 5, limits: ['payments-too-old'] })
    expect(await night(dir, '2025-06-20', `${paid(11)}P2,A1,2099-01-01,1.00\n`, { newest_payment_max_days: 9 })).toMatchObject({ code: 0, limits: [] })
  })
})
