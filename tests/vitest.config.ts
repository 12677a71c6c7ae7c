import { readdirSync, readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { HeaviestFirst } from './heaviest-first.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const files = readdirSync(join(root, 'tests'), { recursive: true }).map((name) => `tests/${String(name)}`).filter((name) => name.endsWith('.test.ts'))
// What is replaced in a module, or has been loaded by another file, would be seen by all that run in that process.
const alone = files.filter((name) => /vi\.mock\(|Needs a process of its own/.test(readFileSync(join(root, name), 'utf8')))

export default defineConfig({
  root,
  test: {
    globalSetup: join(root, 'tests/build-first.ts'),
    // Many tests start the program, on machines that are busy; speed is measured in bench/, not here.
    testTimeout: 120_000,
    hookTimeout: 300_000,
    pool: 'forks',
    // The built program is what it is: nothing is transformed in it.
    server: { deps: { external: [/\/dist\//] } },
    // Composing and planning takes most of the time: one worker a core keeps both busy.
    maxWorkers: Math.max(2, availableParallelism()),
    sequence: { sequencer: HeaviestFirst },
    projects: [
      { extends: true, test: { name: 'alone', include: alone } },
      // Modules are loaded once a worker, not once a file.
      { extends: true, test: { name: 'together', include: files.filter((name) => !alone.includes(name)), isolate: false } },
    ],
  },
})
