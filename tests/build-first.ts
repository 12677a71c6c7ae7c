import { spawnSync } from 'node:child_process'
import { root } from './built.ts'

/** Before all tests, once: what is built is not older than its sources. */
export function setup() {
  const { status, stdout, stderr } = spawnSync(process.execPath, [`${root}bin/prepare.js`], { cwd: root, encoding: 'utf8' })
  if (status !== 0) console.warn(`\n!!! The sources do not compile: WHAT RUNS THE PROGRAM RUNS AN OLDER ONE.\n${stdout}${stderr}`)
}
