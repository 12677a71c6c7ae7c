import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { at, buildProgram, ended, runsIn, seen, type Program } from './program.ts'

let program: Program
beforeAll(() => {
  program = buildProgram()
})
afterAll(() => program.done())

/** Starts a run that stands still at a stage; `go()` lets it end. */
async function holderAt(out: string, stage: string) {
  const GO = join(out, '.go')
  const holder = program.start({ out, env: { WAIT_AT: stage, GO } })
  const end = ended(holder)
  await at(holder, stage)
  const go = () => {
    writeFileSync(GO, '')
    return end
  }
  return { holder, end, go }
}

describe('two runs in one output folder', () => {
  // At `clean` the holder has swept what the killed run left, and published.
  test.each(['read', 'publish: accounts', 'publish: clean'])('one works, the other says who holds the folder and ends with 4: at %s', async (stage) => {
    const out = program.out()
    await program.plain({ out })
    await program.run({ out, env: { KILL_AT: 'publish: worklists' } })
    const { holder, go } = await holderAt(out, stage)
    const second = await program.run({ out })
    expect(second.code).toBe(4)
    expect(second.stderr).toMatch(new RegExp(`lock-held[^]*Another run holds .*out-\\d+ \\(process ${holder.pid}\\)`))
    expect(await go()).toMatchObject({ code: 0 })
    expect(runsIn(out)).toHaveLength(1)
    expect((await program.plain({ out })).exit).toBe(0)
  })

  test('the folder is free as soon as its holder is killed', async () => {
    const out = program.out()
    const { holder, end } = await holderAt(out, 'publish: accounts')
    holder.kill('SIGKILL')
    await end
    expect((await program.plain({ out })).exit).toBe(0)
  })

  test('of several that start at once on a new folder, each works alone or ends with 4', async () => {
    const out = program.out()
    const all = await Promise.all([1, 2, 3, 4].map(() => program.run({ out })))
    expect(all.map((one) => one.code).filter((code) => code !== 0 && code !== 4), JSON.stringify(all)).toEqual([])
    expect(all.some((one) => one.code === 0)).toBe(true)
    expect(runsIn(out)).toHaveLength(1)
    expect(Object.keys(seen(out))).toContain('latest/run.json')
  })
})
