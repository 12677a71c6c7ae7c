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
