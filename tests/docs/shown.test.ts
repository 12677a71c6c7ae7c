import { spawnSync } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { version } from '../../src/cli/version.ts'
import { build, root, type Built } from './clone.ts'
import { differs, linesOf, pages, shownAnew, shownIn, type ShownCommand } from './shown.ts'

/** Run by .ci/run as they stand: install and the whole suite, of which this is a part. */
const notHere = [/^npm test$/, /^npm install --global \.$/, /^git clone /]
const afterInstall = (command: string) => command.replace(/^npm ci && /, '')

/** Written anew only when asked for; what changed is then to be read. */
const update = process.env['UPDATE_SHOWN'] === '1'

let built: Built
beforeAll(() => {
  built = build()
})
afterAll(() => built.done())

describe('the comparison', () => {
  test.each([
    [['a', 'b'], ['a', 'b'], true],
    [['a'], ['a', 'b'], false],
    [['a', '...', 'd'], ['a', 'b', 'c', 'd'], true],
    [['a', '...', 'd'], ['a', 'd', 'e'], false],
    [['...', 'c', '...'], ['a', 'b', 'c', 'd'], true],
    [['...', 'x', '...'], ['a', 'b', 'c', 'd'], false],
    [['a', '...'], ['a', 'b'], true],
    [['...', 'b'], ['a', 'b'], true],
    [['...', 'b', '...', 'a', '...'], ['a', 'b'], false],
    [['a', '', '...', '', 'd'], ['a', '', 'b', '', 'd'], true],
    [[], [], true],
    [[], ['a'], false],
  ])('%j against %j: %s', (shown, printed, same) => expect(differs(shown, printed) === undefined).toBe(same))
})

// Each page is read from top to bottom in a clone of its own, as a reader would follow it.
describe.concurrent('every command that a page shows prints what the page says', () => {
  test.each(pages.map((page) => [page, shownIn(page)] as const).filter(([, commands]) => commands.length > 0))('%s', async (page, commands) => {
    const clone = built.clone()
    const anew = new Map<number, readonly string[]>()
    let code = 0
    for (const [at, { line, command, output }] of commands.entries()) {
      if (notHere.some((pattern) => pattern.test(command))) continue
      // What the README shows is started as it stands there.
      const printed = await (page === 'README.md' ? clone.run : clone.here)(afterInstall(command), code)
      if (update && !output.includes('...')) anew.set(line, linesOf(printed.output))
      else expect(differs(output, linesOf(printed.output)), `${page}:${line}: ${command}\nprinted\n${printed.output}`).toBeUndefined()
      code = printed.code
      if (!asksForCode(commands[at + 1])) expect(code, `${page}:${line}: ${command} ends with\n${printed.output}`).toBe(0)
    }
    if (update) writeFileSync(join(root, page), shownAnew(page, anew))
  })
})

test('the README shortens what the sample prints by whole blocks', () => {
  const { output } = shownIn('README.md')[0]!
  const ends = (line: string | undefined) => line === undefined || line === ''
  expect(output.flatMap((line, at) => (line === '...' && !(ends(output[at - 1]) && ends(output[at + 1])) ? [at] : []))).toEqual([])
})

// Where npm has installed and built; what it says to this run is of this run.
test.skipIf(!existsSync(join(root, 'dist/cli/main.js')))('npx starts the program of the clone that one stands in', () => {
  const env = { ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('npm_'))), npm_config_cache: join(built.dir, 'npm'), npm_config_offline: 'true' }
  const { status, stdout } = spawnSync('npx', ['arrears', '--version'], { cwd: root, env, encoding: 'utf8' })
  expect({ status, stdout }).toEqual({ status: 0, stdout: `${version}\n` })
})

/** A command that fails is shown with its exit code. */
const asksForCode = (next: ShownCommand | undefined) => next?.command === 'echo $?'
