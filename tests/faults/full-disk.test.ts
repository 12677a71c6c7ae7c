import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildProgram, runsIn, seen, type Program } from './program.ts'

let program: Program
beforeAll(() => {
  program = buildProgram()
})
afterAll(() => program.done())

// No file may grow beyond the limit: the engine and Node are told so as on a full disk, in the middle of a write.
test.each([
  ['a large file', 60_000, 300],
  ['a small one', 20, 4],
])('no room for %s: no part of a run is published, and the earlier one stands', async (_, accounts, limit) => {
  const out = program.out()
  expect((await program.plain({ out, accounts: 10 })).exit).toBe(0)
  const before = seen(out)
  const full = await program.run({ out, accounts, first: `ulimit -f ${limit}` })
  expect(full.code).toBe(1)
  expect(full.stderr).toMatch(/error disk-full\n {2}The disk is full: /)
  expect(seen(out)).toEqual(before)
  expect(runsIn(out)).toEqual(['2025-06-30.1'])
})
