// Builds dist/ where the compiler is installed. A production install has none, and must not fail for it.
import { spawnSync } from 'node:child_process'
import { existsSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'

const root = new URL('..', import.meta.url).pathname
const tsc = (() => {
  try {
    return createRequire(import.meta.url).resolve('typescript/package.json').replace(/package\.json$/, 'bin/tsc')
  } catch {
    return undefined
  }
})()
if (tsc === undefined || !existsSync(tsc)) {
  console.log(existsSync(`${root}dist`) ? 'arrears: no compiler here, the built dist/ is used.' : 'arrears: no compiler here, nothing was built. Install the development packages and run "npm run build".')
} else {
  rmSync(`${root}dist`, { recursive: true, force: true })
  process.exitCode = spawnSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], { cwd: root, stdio: 'inherit' }).status ?? 1
}
