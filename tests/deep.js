// The proof of a night: a million pairs of an account and its conventions, where the suite has a hundred thousand, from another seed
// each day unless ARREARS_SEED states one.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const seed = process.env.ARREARS_SEED ?? new Date().toISOString().slice(0, 10).replaceAll('-', '')
console.log(`seed ${seed}`)
const vitest = join(root, 'node_modules/vitest/vitest.mjs')
const { status } = spawnSync(process.execPath, [vitest, 'run', '--config', 'tests/vitest.config.ts', 'tests/property', ...process.argv.slice(2)], { cwd: root, stdio: 'inherit', env: { ...process.env, ARREARS_DEEP: '1', ARREARS_SEED: seed } })
process.exitCode = status ?? 1
