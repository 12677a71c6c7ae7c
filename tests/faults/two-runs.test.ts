import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { buildPublishing, ended, runsIn, said, seen, type Publishing } from './publishing.ts'

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

/** Starts a run that stands still at a step; `go()` lets it end. */
async function holderAt(step: string) {
  const GO = join(out, '.go')
  const holder = publishing.start({ OUT: out, WAIT_AT: step, GO })
  const end = ended(holder)
  await said(holder, step)
  const go = () => {
    writeFileSync(GO, '')
    return end
  }
  return { holder, end, go }
}

describe('two runs in one output folder', () => {
  test.each(['accounts', 'link', 'published'])('one works, the other says who holds the folder and ends with 4: at %s', { timeout: 30_000 }, async (step) => {
    // Something to sweep, and something to supersede.
    await publishing.run({ OUT: out })
    await publishing.run({ OUT: out, KILL_AT: 'worklists' })
    const { holder, go } = await holderAt(step)
    const second = await publishing.run({ OUT: out })
    expect(second).toMatchObject({ code: 4, stderr: expect.stringContaining(`lock-held: Another run holds ${out} (process ${holder.pid})`) })
    expect(await go()).toMatchObject({ code: 0, stdout: expect.stringContaining('done') })
    expect(runsIn(out)).toHaveLength(1)
  })

  test('the folder is free as soon as its holder is killed', { timeout: 30_000 }, async () => {
    const { holder, end } = await holderAt('accounts')
    holder.kill('SIGKILL')
    await end
    expect((await publishing.run({ OUT: out })).code).toBe(0)
  })

  test('of several that start at once on a new folder, each works alone or ends with 4', { timeout: 60_000 }, async () => {
    const fresh = join(out, 'new')
    const all = await Promise.all([1, 2, 3, 4].map(() => publishing.run({ OUT: fresh })))
    expect(all.map((one) => one.code).filter((code) => code !== 0 && code !== 4), JSON.stringify(all)).toEqual([])
    expect(all.some((one) => one.code === 0)).toBe(true)
    expect(runsIn(fresh)).toHaveLength(1)
    expect(Object.keys(seen(fresh))).toContain('latest/run.json')
  })
})
