import { readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { publishSteps } from '../../src/publish/publish.ts'
import { accountsIn, at, buildProgram, ended, runsIn, seen, type Program } from './program.ts'

let program: Program
beforeAll(() => {
  program = buildProgram()
})
afterAll(() => program.done())

const stages = ['settings', 'read', 'validate', 'classify', 'decide', ...publishSteps.map((step) => `publish: ${step}`)]
/** From here on the new run has its name. */
const named = stages.slice(stages.indexOf('publish: latest'))

describe('kill -9 of a run of the same day again', () => {
  let out = ''
  let accounts = 10
  beforeAll(async () => {
    out = program.out()
    expect((await program.plain({ out, accounts })).exit).toBe(0)
  })

  // Each begins with what the one before published.
  test.each(stages)('at %s: one of the two runs stands whole, and the next run starts clean', async (stage) => {
    const before = seen(out)
    expect(await program.run({ out, accounts: accounts + 1, env: { KILL_AT: stage } })).toMatchObject({ code: null, signal: 'SIGKILL' })
    if (named.includes(stage)) expect(accountsIn(out, 'latest')).toBe(accounts + 1)
    else expect(seen(out)).toEqual(before)
    accounts += 2
    expect(await program.plain({ out, accounts })).toMatchObject({ exit: 0 })
    expect(accountsIn(out, 'latest')).toBe(accounts)
    // Nothing is left of the killed run or the superseded one.
    expect(runsIn(out)).toHaveLength(1)
    expect(readlinkSync(join(out, '2025-06-30'))).toBe(`.runs/${runsIn(out)[0]!}`)
  })
})

describe('kill -9', () => {
  test('inside a write: the earlier run stands byte for byte', async () => {
    const out = program.out()
    await program.plain({ out })
    const before = seen(out)
    expect(await program.run({ out, accounts: 150_000, env: { KILL_INSIDE: out } })).toMatchObject({ signal: 'SIGKILL' })
    expect(seen(out)).toEqual(before)
    // The half-written file is there, and the next run removes it.
    expect(runsIn(out)).toEqual(['.staging-2025-06-30.2', '2025-06-30.1'])
    expect(await program.plain({ out })).toMatchObject({ exit: 0 })
    expect(runsIn(out)).toEqual(['2025-06-30.2'])
  })

  test('between the two names: the next run, even of an earlier day, mends latest', async () => {
    const out = program.out()
    await program.plain({ out, accounts: 10 })
    await program.run({ out, accounts: 20, asOf: '2025-07-31', env: { KILL_AT: 'publish: latest' } })
    expect(readlinkSync(join(out, 'latest'))).toBe('2025-06-30')
    await program.plain({ out, accounts: 30, asOf: '2025-05-31' })
    expect(readlinkSync(join(out, 'latest'))).toBe('2025-07-31')
    expect(['2025-05-31', '2025-06-30', '2025-07-31'].map((day) => accountsIn(out, day))).toEqual([30, 10, 20])
  })
})

test.each([['SIGINT', 130], ['SIGTERM', 143]] as const)('%s in the middle of a run: it cleans up and ends with %d, the earlier run stands', async (signal, code) => {
  const out = program.out()
  await program.plain({ out })
  const before = seen(out)
  const child = program.start({ out, accounts: 150_000 })
  const end = ended(child)
  await at(child, 'publish: accounts')
  child.kill(signal)
  expect(await end).toMatchObject({ code })
  expect(seen(out)).toEqual(before)
  expect(runsIn(out)).toEqual(['2025-06-30.1'])
})
