// Builds dist/ where the compiler is installed. A production install has none, and must not fail for it.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const dist = join(root, 'dist')
const compiler = (() => {
  try {
    return createRequire(import.meta.url).resolve('typescript/package.json').replace(/package\.json$/, 'bin/tsc')
  } catch {
    return undefined
  }
})()

/** npx prepares the package anew at each call: what is built and not older than its sources is left alone. */
function isCurrent() {
  const built = statSync(join(dist, 'cli/main.js'), { throwIfNoEntry: false })?.mtimeMs
  if (built === undefined) return false
  const sources = ['tsconfig.json', 'tsconfig.build.json', ...readdirSync(join(root, 'src'), { recursive: true }).map((name) => join('src', name))]
  return sources.every((name) => statSync(join(root, name)).mtimeMs <= built)
}

if (compiler === undefined || !existsSync(compiler)) {
  console.log(existsSync(dist) ? 'arrears: no compiler here, the built dist/ is used.' : 'arrears: no compiler here, nothing was built. Install the development packages and run "npm run build".')
} else if (process.argv.includes('--force') || !isCurrent()) {
  // Built beside and put in its place, so that a run that starts meanwhile finds all of the one or all of the other.
  const beside = join(root, `dist.${process.pid}`)
  const { status } = spawnSync(process.execPath, [compiler, '-p', 'tsconfig.build.json', '--outDir', beside], { cwd: root, stdio: 'inherit' })
  if (status === 0) {
    rmSync(dist, { recursive: true, force: true })
    renameSync(beside, dist)
  } else rmSync(beside, { recursive: true, force: true })
  process.exitCode = status ?? 1
}
