import { existsSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { openRunFolder, type RunFolder } from '../../src/publish/run-folder.ts'

const links = vi.hoisted(() => ({ refuse: false }))
vi.mock('node:fs', async (original) => {
  const fs = await original<typeof import('node:fs')>()
  return {
    ...fs,
    symlinkSync(...args: Parameters<typeof fs.symlinkSync>) {
      if (links.refuse) throw Object.assign(new Error('EPERM: operation not permitted, symlink'), { code: 'EPERM' })
      fs.symlinkSync(...args)
    },
  }
})

let out = ''
beforeEach(() => {
  out = mkdtempSync(join(tmpdir(), 'arrears-out-'))
})
afterEach(() => {
  links.refuse = false
  rmSync(out, { recursive: true, force: true })
})

const finish = async (folder: RunFolder) => {
  await folder.sync()
  await folder.rename()
  await folder.link()
  await folder.latest()
  folder.clean()
  folder.close()
}

async function published(asOf: string, words: string) {
  const folder = await openRunFolder(out, asOf)
  writeFileSync(folder.path('run.json'), words)
  writeFileSync(folder.path('reports', 'a.csv'), words)
  await finish(folder)
}

const words = (name: string) => readFileSync(join(out, name, 'run.json'), 'utf8')
const runs = () => readdirSync(join(out, '.runs')).sort()

describe('publication', () => {
  test('names are links to whole folders, private to the owner', async () => {
    await published('2025-06-30', 'one')
    expect(readlinkSync(join(out, '2025-06-30'))).toBe('.runs/2025-06-30.1')
    expect(readlinkSync(join(out, 'latest'))).toBe('2025-06-30')
    expect(words('latest')).toBe('one')
    expect(statSync(join(out, '2025-06-30')).mode & 0o777).toBe(0o700)
    expect(statSync(join(out, '2025-06-30/reports')).mode & 0o777).toBe(0o700)
    expect(statSync(join(out, '2025-06-30/reports/a.csv')).mode & 0o777).toBe(0o600)
    expect(statSync(join(out, '.lock.duckdb')).mode & 0o777).toBe(0o600)
    expect(runs()).toEqual(['2025-06-30.1'])
    expect(readdirSync(out).sort()).toEqual(['.lock.duckdb', '.runs', '2025-06-30', 'latest'])
  })

  test('the same day again replaces the run and removes what it superseded', async () => {
    await published('2025-06-30', 'one')
    await published('2025-06-30', 'two')
    expect(words('2025-06-30')).toBe('two')
    expect(runs()).toEqual(['2025-06-30.2'])
    await published('2025-06-30', 'three')
    expect(words('latest')).toBe('three')
    expect(runs()).toEqual(['2025-06-30.3'])
  })

  test('latest names the greatest as-of date, not the newest run', async () => {
    await published('2025-06-30', 'june')
    await published('2025-05-31', 'may')
    expect(words('latest')).toBe('june')
    expect(words('2025-05-31')).toBe('may')
    await published('2025-07-31', 'july')
    expect(words('latest')).toBe('july')
    expect(runs()).toEqual(['2025-05-31.1', '2025-06-30.1', '2025-07-31.1'])
  })

  test('a run that closes before it is published leaves the earlier one and nothing of its own', async () => {
    await published('2025-06-30', 'one')
    const folder = await openRunFolder(out, '2025-06-30')
    writeFileSync(folder.path('run.json'), 'two')
    mkdirSync(folder.spill)
    folder.close()
    folder.close()
    expect(words('2025-06-30')).toBe('one')
    expect(runs()).toEqual(['2025-06-30.1'])
  })

  test('a run that a link of the user names is not removed', async () => {
    await published('2025-06-30', 'one')
    symlinkSync('.runs/2025-06-30.1', join(out, 'month-end'))
    await published('2025-06-30', 'two')
    expect(words('month-end')).toBe('one')
    expect(words('latest')).toBe('two')
  })
})

describe('a refused run', () => {
  const refuse = async (why: string) => {
    const folder = await openRunFolder(out, '2025-06-30')
    folder.refused()
    writeFileSync(folder.path('why.txt'), why)
    await folder.sync()
    await folder.rename()
    await folder.link()
    folder.clean()
    folder.close()
  }

  test('stands under refused/ until the next refusal, and touches no published run', async () => {
    await published('2025-06-30', 'good')
    await refuse('first')
    expect(readFileSync(join(out, 'refused/2025-06-30/why.txt'), 'utf8')).toBe('first')
    await refuse('second')
    expect(readFileSync(join(out, 'refused/2025-06-30/why.txt'), 'utf8')).toBe('second')
    expect(runs()).toEqual(['2025-06-30.1', 'refused-2025-06-30.3'])
    await published('2025-06-30', 'better')
    expect(words('latest')).toBe('better')
    expect(readFileSync(join(out, 'refused/2025-06-30/why.txt'), 'utf8')).toBe('second')
  })
})

describe('sweep at the start', () => {
  test('removes what a killed run left, and mends latest', async () => {
    await published('2025-05-31', 'may')
    await published('2025-06-30', 'june')
    mkdirSync(join(out, '.runs/.staging-2025-06-30.7/run/worklists'), { recursive: true })
    mkdirSync(join(out, '.runs/2025-06-30.8')) // renamed, never linked
    symlinkSync('.runs/2025-06-30.8', join(out, '.link-2025-06-30'))
    writeFileSync(join(out, '.lock.duckdb.4711'), '')
    rmSync(join(out, 'latest'))
    symlinkSync('2025-05-31', join(out, 'latest')) // killed between the two links
    const folder = await openRunFolder(out, '2025-06-30')
    expect(runs()).toEqual(['.staging-2025-06-30.2', '2025-05-31.1', '2025-06-30.1'])
    folder.close()
    expect(readdirSync(out).sort()).toEqual(['.lock.duckdb', '.runs', '2025-05-31', '2025-06-30', 'latest'])
    expect(words('latest')).toBe('june')
  })

  test('leaves what is not ours', async () => {
    mkdirSync(join(out, '.runs/notes'), { recursive: true })
    writeFileSync(join(out, 'readme.txt'), 'keep')
    ;(await openRunFolder(out, '2025-06-30')).close()
    expect(runs()).toEqual(['notes'])
    expect(existsSync(join(out, 'readme.txt'))).toBe(true)
  })
})

describe('an output folder that cannot be used is said so before any work', () => {
  const refusal = (path: string) => openRunFolder(path, '2025-06-30').then(() => 'opened', (error: { code: string; message: string }) => `${error.code}: ${error.message}`)

  test('it is a file, or lies under one', async () => {
    writeFileSync(join(out, 'file'), '')
    expect(await refusal(join(out, 'file'))).toMatch(/^out-not-usable: .*it is not a folder/)
    expect(await refusal(join(out, 'file/deeper'))).toMatch(/^out-not-usable: .*not a folder/)
  })

  test('a real folder stands where a name of ours belongs', async () => {
    mkdirSync(join(out, '2025-06-30'))
    writeFileSync(join(out, '2025-06-30/work.csv'), 'mine')
    expect(await refusal(out)).toMatch(/^out-not-usable: .*2025-06-30 in it is no link of an earlier run; move it away/)
    expect(readFileSync(join(out, '2025-06-30/work.csv'), 'utf8')).toBe('mine')
  })

  test('the file system takes no links', async () => {
    links.refuse = true
    expect(await refusal(out)).toMatch(/^out-not-usable: .*takes no symbolic links \(EPERM\)/)
    links.refuse = false
    expect(await refusal(out)).toBe('opened')
    expect(lstatSync(join(out, '.lock.duckdb')).isFile()).toBe(true)
  })

  test('the lock file is damaged', async () => {
    writeFileSync(join(out, '.lock.duckdb'), 'x')
    expect(await refusal(out)).toMatch(/^out-not-usable: .*lock file .lock.duckdb cannot be opened/)
  })

  test('this process holds it already', async () => {
    const folder = await openRunFolder(out, '2025-06-30')
    expect(await refusal(out)).toMatch(/^lock-held/)
    folder.close()
    expect(await refusal(out)).toBe('opened')
  })
})
