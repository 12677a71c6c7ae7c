// The whole proof: types, lint, unused code, a fresh build, every test. The last line counts; any failure fails the run.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const bin = (name, path) => join(root, 'node_modules', name, path)
const run = (script, ...args) => spawnSync(process.execPath, [script, ...args], { cwd: root, stdio: 'inherit' }).status === 0
const scratch = mkdtempSync(join(tmpdir(), 'arrears-tests-'))
const counts = { passed: 0, failed: 0, skipped: 0 }

const steps = [
  ['types', () => run(bin('typescript', 'bin/tsc'), '--noEmit')],
  ['lint', () => run(bin('oxlint', 'bin/oxlint'), '--deny-warnings')],
  ['unused code', () => run(bin('knip', 'bin/knip.js'))],
  ['build', () => run(join(root, 'bin/prepare.js'), '--force')],
]
for (const [name, step] of steps) {
  const good = step()
  counts[good ? 'passed' : 'failed']++
  console.log(`${good ? 'ok' : 'FAILED'}  ${name}`)
}

const report = join(scratch, 'report.json')
const green = run(bin('vitest', 'vitest.mjs'), 'run', '--config', 'tests/vitest.config.ts', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...process.argv.slice(2))
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
