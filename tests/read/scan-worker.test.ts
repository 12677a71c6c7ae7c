import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, expect, test } from 'vitest'

// Built code scans on a thread of its own, which the sources cannot do; so a small build is made here, near enough to find the packages.
const root = join(import.meta.dirname, '../..')
mkdirSync(join(root, 'node_modules/.cache'), { recursive: true })
const folder = mkdtempSync(join(root, 'node_modules/.cache/arrears-scan-'))
afterAll(() => rmSync(folder, { recursive: true }))

test('the worker of the built code gives the facts, the errors of the system, and stops', { timeout: 60_000 }, async () => {
  const run = promisify(execFile)
  const compiler = join(root, 'node_modules/typescript/bin/tsc')
  const options = '--module nodenext --target es2022 --lib es2023 --types node --strict --skipLibCheck --rewriteRelativeImportExtensions'.split(' ')
  await run(process.execPath, [compiler, ...options, '--ignoreConfig', '--rootDir', join(root, 'src'), '--outDir', folder, join(root, 'src/read/scan-worker.ts')], { cwd: root })
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  writeFileSync(join(folder, 'good.csv'), 'a,b\n1,2\n\n"3\n4",5\n')
  writeFileSync(
    join(folder, 'try.js'),
    `import { startScan } from './read/records.js'
    const job = (path) => ({ source: { path, gzip: false }, shape: { delimiter: ',', quote: '"', columns: 2 } })
    const good = job(${JSON.stringify(join(folder, 'good.csv'))})
    const facts = (await startScan([good, good]).facts).map(({ records, quotes }) => ({ records, quotes }))
    const failed = await startScan([good, job('missing.csv')]).facts.catch(({ code, message }) => ({ code, message }))
    const scan = startScan([good])
    scan.stop()
    const stopped = await scan.facts.catch(({ message }) => message)
    console.log(JSON.stringify({ facts, failed, stopped }))`,
  )
  const { stdout } = await run(process.execPath, [join(folder, 'try.js')])
  expect(JSON.parse(stdout)).toEqual({
    facts: [{ records: 2, quotes: true }, { records: 2, quotes: true }],
    failed: { code: 'ENOENT', message: "ENOENT: no such file or directory, open 'missing.csv'" },
    stopped: 'stopped',
  })
})
