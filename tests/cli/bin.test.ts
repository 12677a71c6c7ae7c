import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'

const root = new URL('../../', import.meta.url).pathname
const base = mkdtempSync(join(tmpdir(), 'arrears-bin-'))
afterAll(() => rmSync(base, { recursive: true }))

/** bin/ alone, where nothing is installed and nothing was built. */
function bare(name: string): string {
  const dir = join(base, name)
  mkdirSync(dir)
  cpSync(join(root, 'bin'), join(dir, 'bin'), { recursive: true })
  writeFileSync(join(dir, 'package.json'), '{ "type": "module" }')
  return dir
}
const node = (dir: string, script: string, ...args: string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(dir, script), ...args], { cwd: dir, encoding: 'utf8' })
  return { status, stdout, stderr }
}

describe('the program where it is not built', () => {
  test('says how to build it, and ends with 1', () => {
    expect(node(bare('unbuilt'), 'bin/arrears.js', 'run')).toEqual({ status: 1, stdout: '', stderr: 'arrears is not built yet. Run "npm ci" (or "npm run build") in its folder first.\n' })
  })
  test('built, it hands over what was typed and ends as it is told', () => {
    const dir = bare('built')
    mkdirSync(join(dir, 'dist/cli'), { recursive: true })
    writeFileSync(join(dir, 'dist/cli/main.js'), 'export const main = async (argv) => { console.log(argv.join("|")); return 5 }')
    expect(node(dir, 'bin/arrears.js', 'run', '--as-of', 'today')).toEqual({ status: 5, stdout: 'run|--as-of|today\n', stderr: '' })
  })
})

describe('prepare, where there is no bundler', () => {
  test('ends with 0 and a word, so that a production install does not fail', () => {
    expect(node(bare('production'), 'bin/prepare.js')).toEqual({ status: 0, stdout: expect.stringMatching(/^arrears: no bundler here, nothing was built\./), stderr: '' })
  })
  test('leaves what a package brought built', () => {
    const dir = bare('package')
    mkdirSync(join(dir, 'dist'))
    writeFileSync(join(dir, 'dist/kept.js'), '')
    expect(node(dir, 'bin/prepare.js')).toMatchObject({ status: 0, stdout: 'arrears: no bundler here, the built dist/ is used.\n' })
    expect(existsSync(join(dir, 'dist/kept.js'))).toBe(true)
  })
})

describe('the package', () => {
  const own = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { type: string; license: string; bin: Record<string, string>; engines: { node: string }; scripts: Record<string, string>; dependencies: Record<string, string>; devDependencies: Record<string, string> }
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as { packages: Record<string, { hasInstallScript?: boolean; dev?: boolean }> }

  test('is what the README says it is', () => {
    expect(own).toMatchObject({ type: 'module', license: 'MIT', bin: { arrears: 'bin/arrears.js' }, engines: { node: '>=20.12' }, scripts: { prepare: 'node bin/prepare.js' } })
    expect(readFileSync(join(root, 'LICENSE'), 'utf8')).toMatch(/^MIT License/)
  })
  test('no dependency runs a script when it is installed', () => {
    expect(Object.entries(lock.packages).filter(([name, { hasInstallScript }]) => name !== '' && hasInstallScript).map(([name]) => name)).toEqual([])
  })
  test('every dependency is used, and by its exact version', () => {
    const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts')).map((name) => readFileSync(join(root, 'src', name), 'utf8')).join('\n')
    for (const [name, version] of Object.entries(own.dependencies)) {
      expect(sources).toMatch(new RegExp(`(from|import\\() ?'${name}[/']`))
      expect(version).toMatch(/^\d/)
    }
  })
})
