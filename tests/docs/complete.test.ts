import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { exit } from '../../src/cli/exit.ts'
import { commands } from '../../src/cli/main.ts'
import { openEngine } from '../../src/engine/open.ts'
import { errorTexts } from '../../src/errors.ts'
import { checks } from '../../src/validate/checks.ts'
import { build, root, type Built, type Clone } from './clone.ts'
import { pages, textOf } from './shown.ts'

/** What a page has in code marks. */
const marksIn = (page: string) => new Set([...textOf(page).matchAll(/`([^`\n]+)`/g)].map(([, text]) => text!))
const missing = (page: string, names: readonly string[]) => names.filter((name) => !marksIn(page).has(name))

describe('nothing is left out', () => {
  test('every command has its page, and the index leads there', () => {
    for (const { name } of commands) {
      expect(textOf(`docs/commands/${name}.md`)).toContain(`# arrears ${name}\n`)
      expect(textOf('docs/index.md')).toContain(`commands/${name}.md`)
    }
    expect(readdirSync(join(root, 'docs/commands')).sort()).toEqual(commands.map(({ name }) => `${name}.md`).sort())
  })

  test('no page holds what a merge left behind', () => {
    expect(pages.filter((page) => /^(<<<<<<<|>>>>>>>|=======$)/m.test(textOf(page)))).toEqual([])
  })

  test('every page is reached from the index', () => {
    const reached = pages.filter((page) => page.startsWith('docs/') && page !== 'docs/index.md').filter((page) => !textOf('docs/index.md').includes(`(${page.slice('docs/'.length)})`))
    expect(reached).toEqual([])
  })

  test('every error, check and exit code', () => {
    expect(missing('docs/errors.md', Object.keys(errorTexts))).toEqual([])
    expect(missing('docs/checks.md', Object.keys(checks))).toEqual([])
    expect(Object.values(exit).filter((code) => !textOf('docs/errors.md').includes(`\n| ${code} | `))).toEqual([])
  })

  test('every warning', () => {
    const sources = ['src/warnings.ts', 'src/limits.ts', 'src/decide/doubts.ts', 'src/decide/rules.ts'].map((path) => readFileSync(join(root, path), 'utf8'))
    const codes = new Set(sources.flatMap((text) => [...text.matchAll(/\bcode(?:: | = )'([a-z]+(?:-[a-z]+)+)'/g)].map(([, code]) => code!)))
    expect(codes.size).toBeGreaterThan(10)
    expect(missing('docs/errors.md', [...codes])).toEqual([])
  })

  test('every link leads somewhere', () => {
    const broken = pages.flatMap((page) =>
      [...textOf(page).replace(/```[^]*?```/g, '').matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, link]) => {
        const [path, anchor] = link!.split('#')
        const to = path === '' ? page : join(dirname(page), path!)
        if (!existsSync(join(root, to))) return [`${page}: ${link}`]
        const heads = anchor === undefined ? [] : textOf(to).split('\n').filter((line) => line.startsWith('#')).map((line) => line.replace(/^#+ /, '').toLowerCase().replace(/[^\p{L}\p{N} -]/gu, '').replaceAll(' ', '-'))
        return anchor === undefined || heads.includes(anchor) ? [] : [`${page}: ${link}`]
      }),
    )
    expect(broken).toEqual([])
  })
})

describe('docs/run-folder.md names all that a run publishes', () => {
  let built: Built
  let clone: Clone
  beforeAll(async () => {
    built = build()
    clone = built.clone()
    expect((await clone.here('arrears run --config fixtures/sample/arrears.yaml --quiet --out out')).code).toBe(0)
  })
  afterAll(() => built.done())
  const published = (...path: string[]) => join(clone.dir, 'out/latest', ...path)

  test('every key of run.json', () => {
    const manifest = JSON.parse(readFileSync(published('run.json'), 'utf8')) as { run: object }
    expect(missing('docs/run-folder.md', [...Object.keys(manifest), ...Object.keys(manifest.run)])).toEqual([])
  })

  test('every column of every file for people; those of the exports are told elsewhere', () => {
    const columns = ['worklists', 'reports', 'rejects', 'unmatched'].flatMap((folder) =>
      readdirSync(published(folder)).filter((file) => file.endsWith('.csv')).flatMap((file) => (parse(readFileSync(published(folder, file)), { bom: true, to: 1 }) as string[][])[0]!),
    )
    const exported = ['loans', 'schedule', 'repayments'].flatMap((input) => readFileSync(join(root, `fixtures/sample/${input}.csv`), 'utf8').split('\n')[0]!.split(','))
    const reports = marksIn('docs/reports.md')
    expect(missing('docs/run-folder.md', columns.filter((column) => !exported.includes(column) && !reports.has(column)))).toEqual([])
  })

  test('every column of actions.parquet, and accounts.md those of accounts.parquet', async () => {
    const engine = await openEngine('duckdb', { scale: 2, threads: 1 })
    const { sql, text } = await import('../../src/engine/sql.ts')
    const { parquetRows } = await import('../../src/engine/calls.ts')
    const columnsOf = async (file: string) => (await engine.describe(sql`SELECT * FROM ${parquetRows(text(published(file)))}`)).map(({ name }) => name)
    const passed = readFileSync(join(root, 'fixtures/sample/loans.csv'), 'utf8').split('\n')[0]!.split(',')
    expect(missing('docs/run-folder.md', await columnsOf('actions.parquet'))).toEqual([])
    expect(missing('docs/accounts.md', (await columnsOf('accounts.parquet')).filter((column) => !passed.includes(column)))).toEqual([])
    engine.close()
  })
})
