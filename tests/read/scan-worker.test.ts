import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { afterAll, expect, test } from 'vitest'
import { startScan } from '../../src/read/records.ts'

// Built code scans on a thread of its own, which the sources cannot do; so a small build is made here, near enough to find the packages.
const root = join(import.meta.dirname, '../..')
mkdirSync(join(root, 'node_modules/.cache'), { recursive: true })
const folder = mkdtempSync(join(root, 'node_modules/.cache/arrears-scan-'))
afterAll(() => rmSync(folder, { recursive: true }))

const job = (name: string, text: string | Buffer, gzip = false) => {
  writeFileSync(join(folder, name), text)
  return { source: { path: join(folder, name), gzip }, shape: { delimiter: ',', quote: '"', columns: 2 } }
}

test('from the sources: facts in the order of the files', async () => {
  const scan = startScan([job('one.csv', 'a,b\n1,2\n'), job('two.csv', 'a,b\n1,2\n3,4\n')])
  expect((await scan.facts).map(({ records }) => records)).toEqual([1, 2])
})

test('rejects with the message of the system, also when nobody waits yet, and when stopped', async () => {
  const any = job('any.csv', 'a,b\n1,2\n')
  const missing = startScan([any, { ...any, source: { path: join(folder, 'missing.csv'), gzip: false } }])
  const notZipped = startScan([job('plain.csv.gz', 'a,b\n1,2\n', true)])
  const cutShort = startScan([job('cut.csv.gz', gzipSync('a,b\n1,2\n').subarray(0, 20), true)])
  await new Promise((resolve) => setTimeout(resolve, 50))
  await expect(missing.facts).rejects.toMatchObject({ code: 'ENOENT', message: expect.stringContaining('missing.csv') })
  await expect(notZipped.facts).rejects.toThrow('incorrect header check')
  await expect(cutShort.facts).rejects.toThrow('unexpected end of file')
  const stopped = startScan([any])
  stopped.stop()
  await expect(stopped.facts).rejects.toThrow('stopped')
})

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
