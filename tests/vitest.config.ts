import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  root: fileURLToPath(new URL('..', import.meta.url)),
  test: {
    include: ['tests/**/*.test.ts'],
    // Many tests start the program, on machines that are busy; speed is measured in bench/, not here.
    testTimeout: 120_000,
    hookTimeout: 300_000,
    pool: 'forks',
    // The built program is what it is: nothing is transformed in it.
    server: { deps: { external: [/\/dist\//] } },
    // Most of the time is waiting for started programs: one worker a core keeps both busy.
    maxWorkers: Math.max(2, availableParallelism()),
  },
})
