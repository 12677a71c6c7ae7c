import { spawn } from 'node:child_process'
import { appendFileSync, cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { root, runBuilt } from '../built.ts'
import { ageBook, built, listAllRules, parquetRows, publishedFolder, tempDir } from './age-book.ts'
import type { BookRun } from './age-book.ts'
import { cases } from './case-settings.ts'
import { csvRows, filesUnder } from './published.ts'

// What the delivery cases (D) say of several runs: fixtures/cases. What becomes of their files in one run cases.test.ts tries.

const days = { as_of: '2025-06-30', work_on: '2025-06-30' }

/** A case in a folder of its own, with a settings file for each of its runs. */
function standing(id: string) {
  const dir = tempDir()
  cpSync(join(cases, id), dir, { recursive: true })
  writeFileSync(join(dir, 'rules.yaml'), listAllRules)
  const settings = (name: string, stated: Record<string, unknown>, inputs: Record<string, object> = {}) => {
    const files = Object.fromEntries(['loans', 'schedule', 'repayments'].map((input) => [input, { files: `${input}.csv`, ...inputs[input] }]))
    // JSON is YAML too.
    writeFileSync(join(dir, name), JSON.stringify({ ...days, rules: 'rules.yaml', reports: { make: 'none' }, ...stated, inputs: files }))
    return join(dir, name)
  }
  return { dir, settings }
}

describe.runIf(built)('D01: two runs at once', () => {
  const started = (config: string) =>
    new Promise<{ exit: number | null; stderr: string }>((resolve) => {
      const child = spawn(process.execPath, [join(root, 'bin/arrears.js'), 'run', '--config', config])
      let stderr = ''
      child.stderr.on('data', (part) => (stderr += String(part)))
      child.on('close', (exit) => resolve({ exit, stderr }))
    })

  test('one publishes and the other ends with 4 and says who holds the folder, or begins when it is free', async () => {
    const { dir, settings } = standing('D01-two-runs-at-once')
    const config = settings('arrears.yaml', {})
    for (let turn = 0; turn < 2; turn++) {
      const both = await Promise.all([started(config), started(config)])
      const exits = both.map(({ exit }) => exit).sort()
      expect([[0, 4], [0, 0]], JSON.stringify(both)).toContainEqual(exits)
      for (const { exit, stderr } of both) if (exit === 4) expect(stderr).toMatch(/lock-held[^]*Another run holds .*out/)
      const day = publishedFolder(dir)!
      expect(readdirSync(join(dir, 'out')).filter((name) => !name.startsWith('.')).sort()).toEqual(['2025-06-30', 'latest'])
      expect(csvRows(join(day, 'worklists/all.csv')).map((row) => [row['account_id'], row['overdue_amount'], row['days_past_due']])).toEqual([['L-2', '100.00', '41'], ['L-1', '60.00', '10']])
      expect((await parquetRows(join(day, 'accounts.parquet'))).length).toBe(2)
    }
  })
})

describe.runIf(built)('D04: half uploaded', () => {
  test('an amount that is cut and still is one is said, with the file', async () => {
    const { dir, settings } = standing('D04-half-uploaded')
    // The schedule has come whole: only the payments are cut, inside an amount.
    appendFileSync(join(dir, 'schedule.csv'), '20,100.00\r\n')
    const { exit, stderr, stdout } = await runBuilt(['run', '--config', settings('arrears.yaml', {})])
    expect([exit, stdout]).toEqual([0, expect.stringMatching(/last-line-open +repayments\.csv: no line end stands behind the last line/)])
    expect(stderr).not.toContain('error')
  })
})

describe.runIf(built)('D05: an empty export', () => {
  const night = async (settings: ReturnType<typeof standing>['settings'], as_of: string, file: string, stated: object = {}) =>
    runBuilt(['run', '--config', settings(`${as_of}.yaml`, { as_of, work_on: as_of, fall_max_share: 0.5, ...stated }, { repayments: { files: file, allow_empty: true } })])

  test('behind a night of three payments, where the settings let it pass: an alarm, and all are as late as they look', async () => {
    const { dir, settings } = standing('D05-empty-repayments')
    expect((await night(settings, '2025-06-29', 'previous/repayments.csv')).exit).toBe(0)
    const { exit, stdout } = await night(settings, '2025-06-30', 'repayments-header-only.csv')
    expect(exit).toBe(5)
    expect(stdout).toContain('Rows of repayments: 0, and 3 in the run of 2025-06-29.')
    const accounts = await parquetRows(join(dir, 'out/2025-06-30/accounts.parquet'))
    expect(accounts.map((row) => [row['account_id'], row['days_past_due'], row['overdue_amount']]).sort()).toEqual([['L-1', 10, '100.00'], ['L-2', 10, '100.00']])
  })
  test('the first night: said loudly', async () => {
    const { settings } = standing('D05-empty-repayments')
    const { exit, stdout } = await runBuilt(['run', '--config', settings('arrears.yaml', {}, { repayments: { files: 'repayments-header-only.csv', allow_empty: true } })])
    expect(exit).toBe(0)
    expect(stdout).toMatch(/no-rows +repayments-header-only\.csv: 0 repayments\. .*everybody looks unpaid/)
  })
  test('all that is empty is said at once', async () => {
    const { dir, settings } = standing('D05-empty-repayments')
    writeFileSync(join(dir, 'schedule.csv'), readFileSync(join(dir, 'schedule.csv'), 'utf8').split('\n')[0]!)
    const { exit, stderr } = await runBuilt(['run', '--config', settings('arrears.yaml', {}, { loans: { files: 'loans-header-only.csv' } })])
    expect(exit).toBe(3)
    expect([...stderr.matchAll(/^error (\S+) +\S*?([^/\s]+)$/gm)].map(([, code, file]) => [code, file])).toEqual([['file-no-rows', 'loans-header-only.csv'], ['file-no-rows', 'schedule.csv'], ['file-empty', 'repayments.csv']])
    expect(existsSync(join(dir, 'out/latest'))).toBe(false)
  })
})

describe.runIf(built)('D07: the same day again', () => {
  test('the same bytes from any number of threads and from any order of rows', async () => {
    const from = join(cases, 'D07-same-day-again')
    const settings = { as_of: '2025-06-30' }
    const go = (threads: string, folder = from) => ageBook({ from: folder, settings, flags: ['--work-on', '2025-06-30', '--threads', threads], rules: listAllRules, reports: 'all' })
    const [first, again, eight, shuffled, shuffledEight] = [await go('1'), await go('1'), await go('8'), await go('1', join(from, 'shuffled')), await go('8', join(from, 'shuffled'))]
    const files = (run: BookRun) => filesUnder(publishedFolder(run!.dir)!)
    const plain = files(first!)
    expect([...plain.keys()]).toContain(join('worklists', 'all.csv'))
    for (const run of [again, eight, shuffled, shuffledEight]) {
      const other = files(run!)
      expect([...other.keys()]).toEqual([...plain.keys()])
      for (const [name, bytes] of plain) if (name !== 'run.json') expect(other.get(name)!.equals(bytes), name).toBe(true)
    }
    // All that may differ between equal runs stands in the object `run`.
    const { run: _, ...sameAlways } = first!.summary
    for (const other of [again, eight]) expect({ ...other!.summary, run: undefined }).toEqual({ ...sameAlways, run: undefined })
    // L-1 and L-3 are equal in days and money: the account id decides.
    expect(csvRows(join(publishedFolder(first!.dir)!, 'worklists/all.csv')).map((row) => row['account_id'])).toEqual(['L-2', 'L-1', 'L-3'])
    // Two payments on one day, 15 and 25: the day's sum.
    expect(first!.accounts.find((row) => row['account_id'] === 'L-1')!['last_paid_amount']).toBe('40.00')
  })
})
