import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { parse } from 'csv-parse/sync'
import { afterEach, describe, expect, test } from 'vitest'
import { given, sound, type Files, type Stated } from '../read/given.ts'
import { cli } from './typed.ts'

const rules = `- table: actions
  hit: first
  rules:
    - id: S
      when: { tier: '"short"' }
      then: { action: sms, list: soft, priority: 1, reason: late }
    - id: N
      when: {}
      then: { action: none, reason: not late }
`
const book = (files: Files = {}, stated: Stated = {}) => given({ 'rules.yaml': rules, ...files }, { rules: 'rules.yaml', ...stated })
/** A command over a book of its own. */
const over = async (name: string, files: Files = {}, stated: Stated = {}, ...argv: string[]) => {
  const { dir, config } = book(files, stated)
  return { dir, ...(await cli(name, ...(name === 'explain' ? ['A1'] : []), '--config', config, ...argv)) }
}
const published = (dir: string) => (existsSync(join(dir, 'out')) ? readdirSync(join(dir, 'out')).filter((name) => !name.startsWith('.')).sort() : [])

const bad = 'payment_id,account_id,paid_on,amount\nP1,A1,2025-06-10,40.00\nP2,A1,soon,1.00\n'
const share = (max_reject_share: number): Stated => ({ inputs: { repayments: { max_reject_share } } })

describe('results on stdout, all else on stderr', () => {
  test.each(['run', 'age', 'check', 'explain'])('%s --json: one document and nothing beside it', async (name) => {
    const { code, stdout, stderr } = await over(name, {}, {}, '--json')
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toBeTypeOf('object')
    expect(stdout).toMatch(/^\{[^]*\}\n*$/)
    if (name !== 'run') expect(stderr).toBe('')
  })

  test.each(['run', 'age', 'check', 'explain'])('%s: text on stdout', async (name) => {
    const { code, stdout } = await over(name)
    expect(code).toBe(0)
    expect(stdout.trim().split('\n').length).toBeGreaterThan(3)
  })

  test.each(['run', 'age', 'check', 'explain'])('%s --quiet: not a word where all is well', async (name) => {
    const { dir, ...shown } = await over(name, {}, {}, '--quiet')
    expect(shown).toEqual({ code: 0, stdout: '', stderr: '' })
    expect(published(dir)).toEqual(name === 'run' ? ['2025-06-30', 'latest'] : [])
  })

  test.each(['run', 'age', 'check', 'explain'])('%s: an error on stderr alone, --quiet and --json or not', async (name) => {
    for (const flags of [[], ['--json'], ['--quiet']]) {
      const { code, stdout, stderr } = await over(name, { 'schedule.csv': null }, {}, ...flags)
      expect([code, stdout]).toEqual([2, ''])
      expect(stderr).toMatch(/^error file-not-found\n {2}There is no file .*schedule\.csv\.\n {2}Check the path; /)
    }
  })
})

describe('exit codes', () => {
  test('0: done', async () => expect((await over('run')).code).toBe(0))

  test('2: settings, rules or headers are wrong, and nothing was run or written', async () => {
    for (const [files, stated] of [[{}, { as_of: '2025-02-30' }], [{ 'rules.yaml': rules.replace('tier:', 'teir:') }, {}], [{ 'loans.csv': 'loan,currency\nA1,CNY\n' }, {}], [{ 'loans.csv': 'account_id,currency,status\nA1,CNY,结清\n' }, {}]] as [Files, Stated][]) {
      const { dir, code } = await over('run', files, stated)
      expect(code).toBe(2)
      expect(published(dir)).toEqual([])
    }
  })

  test('2: all that is wrong with a file at once', async () => {
    const { stderr } = await over('check', { 'rules.yaml': rules.replace('tier:', 'teir:') }, { worklists: { columns: ['phone'] } })
    expect(stderr.match(/^error /gm)).toHaveLength(2)
    expect(stderr).toMatch(/2 errors\. Nothing was run or written\.\n$/)
    const config = join(book().dir, 'arrears.yaml')
    writeFileSync(config, 'zone: 5\npreventive_days: -1\ncurrncy: CNY\n')
    const { stderr: settings } = await cli('check', '--config', config)
    expect(settings).toMatch(/arrears\.yaml:2:18\n/)
    expect(settings).toMatch(/arrears\.yaml:3:1\n[^]*Did you mean "currency"\?/)
  })

  test('3: an empty, cut or header-only input; nothing is published', async () => {
    for (const [files, stated] of [
      [{ 'repayments.csv': '' }, {}],
      [{ 'repayments.csv': 'payment_id,account_id,paid_on,amount\n' }, {}],
      [{ 'repayments.csv': null, 'r.csv.gz': gzipSync(sound['repayments.csv']).subarray(0, -3) }, { inputs: { repayments: { files: 'r.csv.gz' } } }],
    ] as [Files, Stated][]) {
      const { dir, code, stdout } = await over('run', files, stated)
      expect([code, stdout, published(dir)]).toEqual([3, '', []])
    }
  })

  test('3: rejects beyond the allowed share; out/refused shows them and why, an earlier run stands', async () => {
    const { dir, config } = book({}, share(0.5))
    expect((await cli('run', '--config', config, '--quiet')).code).toBe(0)
    const earlier = readFileSync(join(dir, 'out/2025-06-30/run.json'), 'utf8')
    writeFileSync(join(dir, 'repayments.csv'), `${bad}P3,A1,2025-06-12,ten\n`)
    const { code, stdout, stderr } = await cli('run', '--config', config)
    expect([code, stdout]).toEqual([3, ''])
    expect(stderr).toContain('error rejects-over-limit\n  repayments: 2 of 3 rows were rejected, more than the allowed share of 50 %.')
    expect(stderr).toMatch(/What was rejected and why: .*out\/refused\/2025-06-30/)
    const refused = join(dir, 'out/refused/2025-06-30')
    const rejects = parse(readFileSync(join(refused, 'rejects/repayments.csv')), { bom: true, columns: true }) as Record<string, string>[]
    expect(rejects.map(({ file, line, column, code: why, value, raw }) => [file, line, column, why, value, raw])).toEqual([
      ['repayments.csv', '3', 'paid_on', 'not-a-date', 'soon', 'P2,A1,soon,1.00'],
      ['repayments.csv', '4', 'amount', 'not-an-amount', 'ten', 'P3,A1,2025-06-12,ten'],
    ])
    expect(readFileSync(join(refused, 'why.txt'), 'utf8')).toContain('repayments: 3 rows read, 1 accepted, 2 rejected')
    expect(published(dir)).toEqual(['2025-06-30', 'latest', 'refused'])
    expect(readFileSync(join(dir, 'out/latest/run.json'), 'utf8')).toBe(earlier)
  })

  test('0: rejects up to the allowed share, counted and listed', async () => {
    const { dir, code } = await over('run', { 'repayments.csv': bad }, share(0.5))
    expect(code).toBe(0)
    expect(readFileSync(join(dir, 'out/latest/rejects/repayments.csv'), 'utf8').trim().split('\n')).toHaveLength(2)
  })

  test('3: age and check refuse too, and write nothing', async () => {
    for (const name of ['age', 'check', 'explain']) {
      const { dir, code } = await over(name, { 'repayments.csv': bad }, share(0.1))
      expect([code, published(dir)]).toEqual([3, []])
    }
  })

  test('5: done, and a limit that the settings state was crossed', async () => {
    const { dir, code, stderr } = await over('run', { 'repayments.csv': sound['repayments.csv'].replace('A1', 'A7') }, { unmatched_max_share: 0.5 }, '--quiet')
    expect(code).toBe(5)
    expect(stderr).toMatch(/^limit unmatched-over-limit\n/)
    expect(published(dir)).toEqual(['2025-06-30', 'latest'])
  })
})

describe('flags that cannot be', () => {
  test.each([
    ['--threads', 'abc'], ['--threads', '0'], ['--memory', 'lots'], ['--engine', 'spark'], ['--as-of', '2025-02-30'], ['--as-of', 'tomorrow'], ['--work-on', '2025-06-29'], ['--as-of', '2025-07-01'], ['--config', 'nowhere.yaml'], ['--loans', 'nowhere.csv'],
  ])('%s %s: 2, for every command that has them', async (flag, value) => {
    for (const name of ['run', 'age', 'check', 'explain']) {
      const { code, stderr } = await over(name, {}, {}, flag, value)
      expect([name, code]).toEqual([name, 2])
      expect(stderr).toMatch(/^error [a-z-]+/)
    }
  })
  test('an output folder that is a file', async () => {
    const { dir, config } = book()
    for (const name of ['run', 'age']) {
      const { code, stderr } = await cli(name, '--config', config, '--out', join(dir, 'loans.csv'))
      expect([name, code]).toEqual([name, 2])
      expect(stderr).toMatch(/^error out-not-usable/)
    }
  })
  test('limits of the settings file hold for age too', async () => {
    expect((await over('age', {}, { memory: '5KB' })).code).not.toBe(0)
  })
  test('--allow-partial-day lets an as_of after data_through pass', async () => {
    expect((await over('age', {}, {}, '--as-of', '2025-07-01', '--allow-partial-day')).code).toBe(0)
  })
})

describe('files as plain arguments', () => {
  const paths = (dir: string, ...names: string[]) => names.map((name) => join(dir, name))
  test('in any order, known by their headers, with no settings file', async () => {
    const { dir } = book()
    const { code, stdout } = await cli('age', ...paths(dir, 'repayments.csv', 'loans.csv', 'schedule.csv'), '--as-of', '2025-06-30', '--json')
    expect(code).toBe(0)
    expect((JSON.parse(stdout) as { rows: { input: string; read: number }[] }).rows.map(({ input, read }) => [input, read])).toEqual([['loans', 1], ['schedule', 1], ['repayments', 1]])
  })
  test('beside flags for the others', async () => {
    const { dir } = book({ 'mine.csv': sound['loans.csv'] })
    expect((await cli('age', ...paths(dir, 'repayments.csv', 'schedule.csv'), '--loans', join(dir, 'mine.csv'), '--as-of', '2025-06-30')).code).toBe(0)
  })
  test('one that is missing is named', async () => {
    const { dir } = book()
    const { code, stderr } = await cli('age', ...paths(dir, 'repayments.csv', 'loans.csv'), '--as-of', '2025-06-30')
    expect(code).toBe(2)
    expect(stderr).toMatch(/^error input-missing\n {2}No file was given for schedule\./)
  })
  test('a repeated flag, and a glob', async () => {
    const { dir, config } = book({ 'r-2.csv': 'payment_id,account_id,paid_on,amount\nP2,A1,2025-06-11,1.00\n', 'r-3.csv': 'payment_id,account_id,paid_on,amount\nP3,A1,2025-06-11,1.00\n' })
    const read = async (...files: string[]) => {
      const { stdout } = await cli('age', '--config', config, '--json', ...files.flatMap((file) => ['--repayments', join(dir, file)]))
      return (JSON.parse(stdout) as { rows: { read: number }[] }).rows[2]!.read
    }
    expect(await read('repayments.csv', 'r-2.csv')).toBe(2)
    expect(await read('r-*.csv')).toBe(2)
    expect(await read('r-2.csv', 'r-*.csv', 'repayments.csv')).toBe(3)
  })
})

describe('colour and progress are for terminals', () => {
  const kept = { stdout: process.stdout.isTTY, CI: process.env['CI'], NO_COLOR: process.env['NO_COLOR'] }
  const terminal = (env: { CI?: string; NO_COLOR?: string } = {}) => {
    process.stdout.isTTY = true
    for (const name of ['CI', 'NO_COLOR'] as const) {
      if (env[name] === undefined) delete process.env[name]
      else process.env[name] = env[name]
    }
  }
  afterEach(() => {
    process.stdout.isTTY = kept.stdout
    for (const name of ['CI', 'NO_COLOR'] as const) {
      if (kept[name] === undefined) delete process.env[name]
      else process.env[name] = kept[name]
    }
  })
  const escapes = new RegExp(`${String.fromCharCode(27)}\\[`)

  test('colour on a terminal', async () => {
    terminal()
    expect((await over('age')).stdout).toMatch(escapes)
  })
  test.each([['NO_COLOR', { NO_COLOR: '1' }], ['CI', { CI: 'true' }]])('none with %s', async (_, env) => {
    terminal(env)
    expect((await over('age')).stdout).not.toMatch(escapes)
  })
  test('none with --no-color', async () => {
    terminal()
    expect((await over('age', {}, {}, '--no-color')).stdout).not.toMatch(escapes)
  })
  test('none in a pipe, of any kind', async () => {
    terminal()
    process.stdout.isTTY = false
    for (const name of ['run', 'age', 'check', 'explain']) {
      const { stdout, stderr } = await over(name)
      expect(stdout + stderr).not.toMatch(escapes)
    }
  })
  test('none in JSON', async () => {
    terminal()
    for (const name of ['run', 'age', 'check', 'explain']) expect((await over(name, {}, {}, '--json')).stdout).not.toMatch(escapes)
  })
})

describe('--debug', () => {
  test('names the stages as they begin', async () => {
    const { stderr } = await over('run', {}, {}, '--debug')
    const stages = [...stderr.matchAll(/^stage (\w+)/gm)].map(([, name]) => name!)
    expect([...new Set(stages)]).toEqual(['settings', 'read', 'validate', 'classify', 'decide', 'publish'])
  })
  test('shows the stack of what the user can mend too', async () => {
    expect((await over('age', { 'repayments.csv': '' }, {}, '--debug')).stderr).toMatch(/ at .*\.ts:\d+/)
    expect((await over('age', { 'repayments.csv': '' })).stderr).not.toMatch(/ at .*\.ts:\d+/)
  })
})

test('a command leaves no listener behind', async () => {
  const before = [process.listenerCount('SIGINT'), process.listenerCount('SIGTERM')]
  await over('age')
  await over('age', { 'repayments.csv': '' })
  expect([process.listenerCount('SIGINT'), process.listenerCount('SIGTERM')]).toEqual(before)
})
