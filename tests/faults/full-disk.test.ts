import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { buildPublishing, runsIn, seen, type Publishing } from './publishing.ts'

let publishing: Publishing
let out = ''
beforeAll(() => {
  publishing = buildPublishing()
}, 60_000)
afterAll(() => publishing.done())
beforeEach(() => {
  out = mkdtempSync(join(tmpdir(), 'arrears-out-'))
})
afterEach(() => rmSync(out, { recursive: true, force: true }))

// No file may grow beyond the limit: the engine and Node are told so as on a full disk, in the middle of a write.
test.each([
  ['of the engine', '60000', 500],
  ['of the program itself', '20', 4],
])('a write %s that finds no room leaves no part of a run, and the earlier one stands', { timeout: 30_000 }, async (_, accounts, limit) => {
  expect((await publishing.run({ OUT: out, ACCOUNTS: '10' })).code).toBe(0)
  const before = seen(out)
  const full = await publishing.run({ OUT: out, ACCOUNTS: accounts }, `ulimit -f ${limit}`)
  expect(full).toMatchObject({ code: 1, stderr: expect.stringMatching(/^disk-full: The disk is full: .*File too large|^disk-full: .*EFBIG/i) })
  expect(seen(out)).toEqual(before)
  expect(runsIn(out)).toEqual(['2025-06-30.1'])
})
