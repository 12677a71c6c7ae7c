// @ts-check
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * @typedef {object} Measure
 * @property {number} wallSeconds from start to end of the process
 * @property {number} cpuSeconds user and system, all its threads
 * @property {number} peakBytes largest resident memory
 * @property {number} outsideCores what the rest of the machine was busy with meanwhile
 * @property {number | null} exitCode null when a signal ended it
 * @property {string} stderr its last words
 */

/**
 * Runs a Node.js script to its end and says what it took. The process that calls this should itself be small: on Linux a child's
 * peak memory begins at what its parent held when it was started.
 * @param {string[]} script the script and its arguments
 * @returns {Promise<Measure>}
 */
export async function measure(script) {
  const folder = mkdtempSync(join(tmpdir(), 'arrears-bench-'))
  const hook = `--import=${new URL('usage.js', import.meta.url).href}`
  const busyBefore = busySeconds()
  const started = process.hrtime.bigint()
  const child = spawn(process.execPath, script, {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, NODE_OPTIONS: [process.env.NODE_OPTIONS, hook].filter(Boolean).join(' '), BENCH_USAGE: folder },
  })
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (/** @type {string} */ text) => { stderr = (stderr + text).slice(-4000) })
  const closed = once(child, 'close')
  const [exitCode] = await once(child, 'exit')
  const wallSeconds = Number(process.hrtime.bigint() - started) / 1e9
  const busy = busySeconds() - busyBefore
  await closed
  let cpuSeconds = 0
  let peakBytes = 0
  for (const name of readdirSync(folder)) {
    const usage = JSON.parse(readFileSync(join(folder, name), 'utf8'))
    cpuSeconds += usage.cpuSeconds
    peakBytes += usage.peakBytes // more than one only where the script starts Node.js again; then the sum is the most it can have been
  }
  rmSync(folder, { recursive: true })
  return { wallSeconds, cpuSeconds, peakBytes, outsideCores: Math.max(0, busy - cpuSeconds) / wallSeconds, exitCode, stderr }
}

/** Seconds that all cores together have been busy since the machine started. */
const busySeconds = () => cpus().reduce((sum, { times }) => sum + times.user + times.nice + times.sys + times.irq, 0) / 1000
