// The whole proof: types, lint, unused code, a fresh build, every test. The last line counts; any failure fails the run.
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const bin = (name, path) => join(root, 'node_modules', name, path)
const scratch = mkdtempSync(join(tmpdir(), 'arrears-tests-'))
const counts = { passed: 0, failed: 0, skipped: 0 }

/** Side by side, each with what it says in one piece. */
const step = (name, script, ...args) =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, [script, ...args], { cwd: root })
    let said = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += String(chunk)))
    child.on('close', (code) => {
      counts[code === 0 ? 'passed' : 'failed']++
      console.log(`${said}${code === 0 ? 'ok' : 'FAILED'}  ${name}`)
      resolve()
    })
  })
await Promise.all([
  step('types', bin('typescript', 'bin/tsc'), '--noEmit'),
  step('lint', bin('oxlint', 'bin/oxlint'), '--deny-warnings'),
  step('unused code', bin('knip', 'bin/knip.js')),
  step('build', join(root, 'bin/prepare.js'), '--force'),
])

const report = join(scratch, 'report.json')
const vitest = [bin('vitest', 'vitest.mjs'), 'run', '--config', 'tests/vitest.config.ts', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...process.argv.slice(2)]
const green = spawnSync(process.execPath, vitest, { cwd: root, stdio: 'inherit' }).status === 0
try {
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults } = JSON.parse(readFileSync(report, 'utf8'))
  counts.passed += numPassedTests
  counts.skipped += numPendingTests + (numTodoTests ?? 0)
  // A file that could not be loaded has no tests that could fail.
  counts.failed += numFailedTests + testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0).length
  // A hook that failed leaves its tests skipped: only the runner's own word says so.
  if (numPassedTests === 0 || (!green && counts.failed === 0)) counts.failed++
} catch {
  counts.failed++
}
rmSync(scratch, { recursive: true, force: true })
process.exitCode = counts.failed === 0 ? 0 : 1
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`)
