// Exports spoilt at random, for ARREARS_FUZZ_MINUTES (10), from another seed each day unless ARREARS_SEED states one. What fails is kept, shrunk, in a folder that it names.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const minutes = process.env.ARREARS_FUZZ_MINUTES ?? '10'
const seed = process.env.ARREARS_SEED ?? new Date().toISOString().slice(0, 10).replaceAll('-', '')
console.log(`${minutes} minutes from seed ${seed}`)
const vitest = join(root, 'node_modules/vitest/vitest.mjs')
const { status } = spawnSync(process.execPath, [vitest, 'run', '--config', 'tests/vitest.config.ts', 'tests/fuzz'], { cwd: root, stdio: 'inherit', env: { ...process.env, ARREARS_FUZZ_MINUTES: minutes, ARREARS_SEED: seed } })
process.exitCode = status ?? 1
