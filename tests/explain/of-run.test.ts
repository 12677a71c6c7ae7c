import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { explain as command } from '../../src/cli/commands/explain.ts'
import { run } from '../../src/cli/commands/run.ts'
import { openEngine } from '../../src/engine/open.ts'
import { changesOf } from '../../src/explain/changes.ts'
import { explain } from '../../src/explain/explain.ts'
import { find } from '../../src/explain/find.ts'
import { explainingOf, findingOf, openEvidence } from '../../src/explain/of-run.ts'
import { bookOf } from '../property/book.ts'
import { planChanges, withPlanChanges } from '../property/plan-changes.ts'
import { bookSeeds } from '../property/seeds.ts'
import { explaining, folderOf, freshDir, started } from './book.ts'
import { dirtySample, sample } from './dirty-sample.ts'

// Explained from a run that kept its evidence, an account is what it is from the exports of that run: every figure, line and reject.

async function kept(config: string): Promise<string> {
  const out = freshDir()
  await started(run, { typed: { config, out, quiet: true, reports: 'none', keepEvidence: true } })
  return join(out, 'latest')
}

/** All ids from the run and from the exports; of some what would change them, and where they are found. */
async function mustBeAlike(config: string, more: readonly string[]) {
  const folder = await kept(config)
  const published = openEvidence(folder)
  const whole = await explaining(config)
  const engine = await openEngine('duckdb', { scale: published.book.scale, threads: 1 })
  try {
    const known = await whole.engine.rows({ kind: 'sql', texts: ['SELECT DISTINCT account_id FROM ', ' ORDER BY account_id'], holes: [whole.finding.ids] })
    const ids = [...new Set([...known.map(({ account_id }) => String(account_id)), ...whole.flow.outcome.rejects.filter(() => true).map(({ account_id }) => account_id)])].filter((id) => id !== '')
    const own = await explainingOf(published, engine, ids)
    const [told, expected] = [await explain(own, ids), await explain(whole, ids)]
    for (const [at, said] of expected.entries()) expect(told[at], said.account_id).toEqual(said)
    const some = expected.filter(({ account, rejected }, at) => account !== null && (rejected.length > 0 || (Number(account.days_past_due) > 0 && at % 4 === 0))).slice(0, 8)
    expect(some.length).toBeGreaterThan(3)
    expect(await changesOf(own, some, '5')).toEqual(await changesOf(whole, some, '5'))
    for (const id of [...more, ...ids.slice(0, 3)]) expect(await find(await findingOf(published, engine, id, false), id)).toEqual(await find(whole.finding, id))
    return { folder, ids }
  } finally {
    engine.close()
    whole.close()
  }
}

test('the sample', async () => {
  const { folder, ids } = await mustBeAlike(join(sample, 'arrears.yaml'), ['cn-1004', 'CN-0999', 'CN-1052'])
  expect(ids.length).toBeGreaterThan(600)
  const { evidence } = JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8')) as { evidence: { file: string; rows: number }[] }
  // The sample's README: 598 loans, 5,399 instalments and 2,630 payments are accepted; 18 rows are rejected.
  expect(Object.fromEntries(evidence.map(({ file, rows }) => [file, rows]))).toMatchObject({ 'evidence/loans.parquet': 598, 'evidence/schedule.parquet': 5399, 'evidence/repayments.parquet': 2630, 'evidence/rejects.parquet': 18 })
})

test('the sample made dirty', async () => {
  await mustBeAlike(dirtySample(), ['cn-1010', 'ZZ-1', 'ZZ-2', 'ZZ-9'])
})

const rules = readFileSync(join(sample, 'rules.yaml'), 'utf8').replaceAll(/, autopay: '[a-z]+'|, disputed: 'true'/g, '')
const products = {
  named: { allocation: 'named_first', grace_days: 3 },
  stays: { allocation_time: 'when_paid', chargeback: 'new_due' },
  spread: { surplus: 'spread', materiality: { absolute: { CNY: '100' } } },
  plain: {},
}
const names = Object.keys(products)

test.each(bookSeeds(2, 60, 20250923).map((seed, at) => ({ seed, at })))('invented book $at, with changed plans and conventions by product', async ({ seed, at }) => {
  const { asOf, ...made } = bookOf(seed, `V${at}`)
  const changed = withPlanChanges({ ...made, loans: made.loans.map((loan, place) => ({ ...loan, product: names[place % names.length]! })) }, asOf, planChanges(at === 0 ? 2 : 9), true)
  // The second is seen as of that evening: some of its money came in later.
  const late = (day: string, by: number) => new Date(Date.parse(day) + by * 86_400_000).toISOString().slice(0, 10)
  const dated = at === 0 ? changed : { ...changed, repayments: changed.repayments.map((row, place) => ({ ...row, received_on: /^\d{4}-\d{2}-\d{2}$/.test(String(row.paid_on)) && !Number.isNaN(Date.parse(String(row.paid_on))) ? late(String(row.paid_on), (place % 7) * 3) : '' })) }
  const { config } = folderOf(dated, { zone: 'UTC', as_of: asOf, ...(at === 0 ? {} : { known_on: asOf }), conventions: { products }, implausible_max_share: 1, ...(seed.dataAfter === undefined ? {} : { data_through: asOf }) }, rules.replaceAll(`'"USD"'`, `'"${seed.currencies[1]}"'`).replaceAll(`'"CNY"'`, `'"${seed.currencies[0]}"'`))
  await mustBeAlike(config, [])
})

test('the same bytes on any number of threads', async () => {
  const folders: string[] = []
  for (const threads of ['1', '2']) {
    const out = freshDir()
    await started(run, { typed: { config: join(sample, 'arrears.yaml'), out, quiet: true, keepEvidence: true, threads } })
    folders.push(join(out, 'latest'))
  }
  const { evidence } = JSON.parse(readFileSync(join(folders[0]!, 'run.json'), 'utf8')) as { evidence: { file: string }[] }
  for (const file of [...evidence.map((one) => one.file), 'evidence/book.json', 'evidence/rules.yaml']) expect(readFileSync(join(folders[0]!, file)).equals(readFileSync(join(folders[1]!, file))), file).toBe(true)
})

test('printed as from the exports; a rule file that has changed is told, and flags of a run are refused', async () => {
  const dir = freshDir()
  cpSync(sample, dir, { recursive: true })
  const config = join(dir, 'arrears.yaml')
  const folder = await kept(config)
  const [own, whole] = [await started(command, { typed: { run: folder, ifPaid: '500' }, args: ['CN-1004'] }), await started(command, { typed: { config, ifPaid: '500' }, args: ['CN-1004'] })]
  expect(own.shown).toBe(whole.shown)
  expect(own.said).toBe('')
  writeFileSync(join(dir, 'rules.yaml'), `${readFileSync(join(dir, 'rules.yaml'), 'utf8')}# another\n`)
  const changed = await started(command, { typed: { run: folder, ifPaid: '500' }, args: ['CN-1004'] })
  expect([changed.shown, changed.said]).toEqual([whole.shown, expect.stringMatching(/^The rule file .*rules\.yaml has changed since the run of 2025-06-30/)])
  for (const typed of [{ config }, { asOf: '2025-05-31' }, { rules: 'rules.yaml' }]) expect(await started(command, { typed: { run: folder, ...typed }, args: ['CN-1004'] }).catch((error: { code: string }) => error.code)).toBe('flag-wrong')
})

test('a run without evidence, no run, another format', async () => {
  const out = freshDir()
  await started(run, { typed: { config: join(sample, 'arrears.yaml'), out, quiet: true } })
  const refused = (folder: string) => {
    try {
      openEvidence(folder)
    } catch (error) {
      return (error as { code: string }).code
    }
    return undefined
  }
  expect([refused(join(out, 'latest')), refused(out)]).toEqual(['run-without-evidence', 'run-not-found'])
  const folder = await kept(join(sample, 'arrears.yaml'))
  const file = join(folder, 'evidence', 'book.json')
  const book = readFileSync(file, 'utf8')
  rmSync(file)
  writeFileSync(file, book.replace('"format":2', '"format":0'))
  expect(refused(folder)).toBe('run-of-another-version')
})
