import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { exit } from '../../src/cli/exit.ts'
import { lockFolder } from '../../src/publish/lock.ts'
import { build, root, type Built, type Clone } from './clone.ts'

let built: Built
let clone: Clone
beforeAll(() => {
  built = build()
  clone = built.clone()
})
afterAll(() => built.done())

const sample = 'fixtures/sample/arrears.yaml'
const run = async (command: string) => (await clone.run(`arrears ${command} >/dev/null`)).code
/** Stopped by a signal as soon as it reads; it stands still until then. */
async function stopped(signal: 'SIGINT' | 'SIGTERM'): Promise<number | null> {
  const out = join(clone.dir, `out-${signal}`)
  const go = join(clone.dir, `go-${signal}`)
  const hook = join(root, 'tests/faults/hook.js')
  const child = spawn(process.execPath, ['--import', hook, 'bin/arrears.js', 'run', '--debug', '--config', sample, '--out', out], { cwd: clone.dir, env: { ...process.env, WAIT_AT: 'read', GO: go } })
  child.stdout.resume()
  let said = ''
  child.stderr.on('data', (chunk) => {
    said += String(chunk)
    if (!said.includes('stage read\n') || existsSync(go)) return
    child.kill(signal)
    writeFileSync(go, '')
  })
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve))
  expect(said).toContain('Interrupted. Nothing was published.')
  expect(existsSync(join(out, 'latest'))).toBe(false)
  return code
}

async function busy(): Promise<number> {
  const out = join(clone.dir, 'busy')
  mkdirSync(out)
  const lock = await lockFolder(out)
  try {
    return await run(`run --config ${sample} --out ${out}`)
  } finally {
    lock.release()
  }
}

/** What brings each about, as docs/errors.md says it. */
const causes: Readonly<Record<keyof typeof exit, () => Promise<number | null>>> = {
  done: () => run(`run --config ${sample}`),
  failed: () => run(`run --config ${sample} --memory 1MB`),
  wrong: () => run(`run --config ${sample} --as-of 2025-02-30`),
  refused: async () => {
    expect((await clone.run(`sed 's/max_reject_share: 0.01/max_reject_share: 0.001/' ${sample} > fixtures/sample/narrow.yaml`)).code).toBe(0)
    return run('run --config fixtures/sample/narrow.yaml')
  },
  busy,
  limit: async () => {
    expect((await clone.run(`(cat ${sample}; echo 'unmatched_max_share: 0.001') > fixtures/sample/limit.yaml`)).code).toBe(0)
    return run('run --config fixtures/sample/limit.yaml')
  },
  interrupted: () => stopped('SIGINT'),
  terminated: () => stopped('SIGTERM'),
}

describe('each exit code that docs/errors.md promises', () => {
  test.each(Object.entries(causes))('%s', async (name, cause) => expect(await cause()).toBe(exit[name as keyof typeof exit]))
})
