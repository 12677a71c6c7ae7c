// @ts-check
// Loaded into a measured process by --import: as it ends, it leaves what it used in the folder that BENCH_USAGE names.
// The process speaks for itself because Node.js tells of no child's usage, and /usr/bin/time is not everywhere nor the same everywhere.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isMainThread } from 'node:worker_threads'

const folder = process.env.BENCH_USAGE
if (folder !== undefined && isMainThread) {
  process.on('exit', () => {
    const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage()
    writeFileSync(join(folder, `${process.pid}.json`), JSON.stringify({ cpuSeconds: (userCPUTime + systemCPUTime) / 1e6, peakBytes: maxRSS * 1024 }))
  })
}
