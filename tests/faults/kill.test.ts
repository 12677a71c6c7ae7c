import { mkdtempSync, readFileSync, readlinkSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { publishSteps } from '../../src/publish/publish.ts'
import { buildPublishing, runsIn, seen, type Publishing } from './publishing.ts'

let publishing: Publishing
let out = ''
const fresh = () => mkdtempSync(join(tmpdir(), 'arrears-out-'))
beforeAll(() => {
  publishing = buildPublishing()
}, 60_000)
afterAll(() => publishing.done())

const accountsIn = (asOf: string) => JSON.parse(readFileSync(join(out, asOf, 'run.json'), 'utf8')).tiers.reduce((sum: number, tier: { accounts: number }) => sum + tier.accounts, 0)

/** From `latest` on the new run has its name. */
const named: readonly string[] = publishSteps.slice(publishSteps.indexOf('latest'))

describe('kill -9 of a run of the same day again', () => {
  beforeAll(async () => {
    out = fresh()
    expect((await publishing.run({ OUT: out, ACCOUNTS: '10' })).code).toBe(0)
  }, 30_000)
  afterAll(() => rmSync(out, { recursive: true, force: true }))

  // Each begins with what the one before published.
  test.each(['start', ...publishSteps])('at %s: one of the two runs stands whole, and the next run starts clean', { timeout: 30_000 }, async (step) => {
    const before = seen(out)
    const earlier = accountsIn('latest')
    expect(await publishing.run({ OUT: out, ACCOUNTS: String(earlier + 1), KILL_AT: step })).toMatchObject({ code: null, signal: 'SIGKILL' })
    if (named.includes(step)) expect(accountsIn('latest')).toBe(earlier + 1)
    else expect(seen(out)).toEqual(before)
    expect(await publishing.run({ OUT: out, ACCOUNTS: String(earlier + 2) })).toMatchObject({ code: 0 })
    expect(accountsIn('latest')).toBe(earlier + 2)
    // Nothing is left of the killed run or the superseded one.
    expect(runsIn(out)).toHaveLength(1)
    expect(readlinkSync(join(out, '2025-06-30'))).toBe(`.runs/${runsIn(out)[0]!}`)
  })
})

describe('kill -9', () => {
  beforeEach(() => {
    out = fresh()
  })
  afterEach(() => rmSync(out, { recursive: true, force: true }))

  test('inside a write: the earlier run stands byte for byte', { timeout: 30_000 }, async () => {
    await publishing.run({ OUT: out, ACCOUNTS: '100' })
    const before = seen(out)
    expect(await publishing.run({ OUT: out, ACCOUNTS: '400000', KILL_INSIDE: 'yes' })).toMatchObject({ signal: 'SIGKILL' })
    expect(seen(out)).toEqual(before)
    // The half-written file is there, and the next run removes it.
    expect(runsIn(out)).toEqual(['.staging-2025-06-30.2', '2025-06-30.1'])
    expect(await publishing.run({ OUT: out, ACCOUNTS: '300' })).toMatchObject({ code: 0 })
    expect(runsIn(out)).toEqual(['2025-06-30.2'])
  })

  test('between the two names: the next run, even of an earlier day, mends latest', { timeout: 30_000 }, async () => {
    await publishing.run({ OUT: out, ACCOUNTS: '100' })
    await publishing.run({ OUT: out, ACCOUNTS: '200', AS_OF: '2025-07-31', KILL_AT: 'latest' })
    expect(readlinkSync(join(out, 'latest'))).toBe('2025-06-30')
    await publishing.run({ OUT: out, ACCOUNTS: '300', AS_OF: '2025-05-31' })
    expect(readlinkSync(join(out, 'latest'))).toBe('2025-07-31')
    expect([accountsIn('2025-05-31'), accountsIn('2025-06-30'), accountsIn('2025-07-31')]).toEqual([300, 100, 200])
  })
})
