import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { cli } from '../typed.ts'

const base = mkdtempSync(join(tmpdir(), 'arrears-init-'))
afterAll(() => rmSync(base, { recursive: true }))
const sample = new URL('../../../fixtures/sample/', import.meta.url).pathname

test('the sample as it is, into a folder that is made, and what to do next', async () => {
  const to = join(base, 'a/new/book')
  const { code, stdout, stderr } = await cli('init', to)
  expect([code, stdout]).toEqual([0, ''])
  expect(stderr).toContain(`Next: arrears run --config ${join(to, 'arrears.yaml')}`)
  const files = readdirSync(to)
  expect(files).toEqual(expect.arrayContaining(['arrears.yaml', 'rules.yaml', 'loans.csv', 'schedule.csv', 'repayments.csv']))
  for (const file of files) expect(readFileSync(join(to, file))).toEqual(readFileSync(join(sample, file)))
})

test('it can be checked at once', async () => {
  const to = join(base, 'checked')
  expect(await cli('init', to, '--quiet')).toEqual({ code: 0, stdout: '', stderr: '' })
  expect((await cli('check', '--config', join(to, 'arrears.yaml'))).code).toBe(0)
})

test('not into a folder that has something, whatever it is; hidden files apart', async () => {
  const to = join(base, 'full')
  mkdirSync(to)
  writeFileSync(join(to, '.gitignore'), 'out\n')
  writeFileSync(join(to, 'arrears.yaml'), 'mine: true\n')
  const { code, stderr } = await cli('init', to)
  expect(code).toBe(2)
  expect(stderr).toMatch(/^error folder-not-empty\n.*already has arrears\.yaml\./)
  expect(readdirSync(to)).toEqual(['.gitignore', 'arrears.yaml'])
  expect(readFileSync(join(to, 'arrears.yaml'), 'utf8')).toBe('mine: true\n')
  rmSync(join(to, 'arrears.yaml'))
  expect((await cli('init', to)).code).toBe(0)
})

test('not in the place of a file', async () => {
  const to = join(base, 'file')
  writeFileSync(to, 'x')
  for (const path of [to, join(to, 'below')]) {
    const { code, stderr } = await cli('init', path)
    expect(code).toBe(2)
    expect(stderr).toMatch(/^error out-not-usable/)
  }
})

const sent = new URL('../../../fixtures/sample-as-sent/', import.meta.url).pathname

test('--from: a file that runs at once, and rules to start from; nothing is overwritten', async () => {
  const to = join(base, 'proposed')
  const { code, stdout, stderr } = await cli('init', to, '--from', join(sent, 'loans.csv'), join(sent, 'schedule.csv'), join(sent, 'repayments.csv'))
  expect(code).toBe(0)
  expect(stdout).toMatch(/^ {2}repayments +\S+repayments\.csv +2,787 +10 of \d+ +1 +0$/m)
  expect(stderr).toContain(`Next: arrears check --config ${join(to, 'arrears.yaml')}`)
  expect(readdirSync(to)).toEqual(['arrears.yaml', 'rules.yaml'])
  expect((await cli('check', '--config', join(to, 'arrears.yaml'))).code).toBe(0)
  const before = readFileSync(join(to, 'arrears.yaml'), 'utf8')
  const again = await cli('init', '--out', to, '--from', sent)
  expect([again.code, again.stderr]).toEqual([2, expect.stringMatching(/^error settings-there\n {2}\S+arrears\.yaml is there already\./)])
  expect(readFileSync(join(to, 'arrears.yaml'), 'utf8')).toBe(before)
})

test('--from: what is open stops every command, each question with its line and its answers', async () => {
  const to = join(base, 'asked')
  mkdirSync(to)
  writeFileSync(join(to, 'loans.csv'), 'loan no,loan amount,status\nA1,10.00,odd\n')
  writeFileSync(join(to, 'plan.csv'), 'loan no,due date,amount due\nA1,03/04/2025,10.00\n')
  writeFileSync(join(to, 'paid.csv'), 'loan no,payment date,payment amount\nA1,2025-04-03,10.00\n')
  const { code, stdout } = await cli('init', to, '--json', '--from', to)
  const document = JSON.parse(stdout)
  expect([code, document.questions, document.settings]).toEqual([0, 3, join(to, 'arrears.yaml')])
  expect(document.lines.filter(({ sure }: { sure: string }) => sure === 'open').map(({ setting, answers }: { setting: string; answers: string[] }) => [setting, answers.slice(0, 2)])).toEqual([
    ['currency', ['CNY', 'USD']], ['inputs.loans.values.status.odd', ['open', 'closed']], ['inputs.schedule.dates.due_on', ['DD/MM/YYYY', 'MM/DD/YYYY']],
  ])
  for (const command of ['check', 'age', 'run']) {
    const { code: ended, stderr } = await cli(command, '--config', join(to, 'arrears.yaml'))
    expect(ended).toBe(2)
    expect(stderr.match(/^error settings-question {2}\S+arrears\.yaml:\d+:\d+$/gm)).toHaveLength(3)
    expect(stderr).toContain('Write the answer in its place: DD/MM/YYYY, or MM/DD/YYYY.')
  }
})

test('--from: files that are not there, and the folder given twice', async () => {
  expect((await cli('init', join(base, 'x'), '--from', join(base, 'nothing*.csv'))).stderr).toMatch(/^error file-not-found/)
  expect((await cli('init', join(base, 'x'), '--out', join(base, 'y'), '--from', sent)).stderr).toMatch(/^error flag-wrong/)
})

test('--from holds --threads to what settings may say', async () => {
  const to = join(base, 'threads')
  const { code, stderr } = await cli('init', to, '--from', sample, '--threads', 'abc')
  expect([code, stderr.split('\n')[0]]).toEqual([2, 'error flag-wrong'])
  expect(stderr).toContain('--threads is "abc".')
})
