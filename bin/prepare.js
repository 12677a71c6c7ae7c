// Builds dist/ where the bundler is installed. A production install has none, and must not fail for it.
// Few files, since to find and read some hundred of them takes longer than a small run; the engine stays a package, for its library.
import { existsSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const root = fileURLToPath(new URL('..', import.meta.url))
const { force, to } = parseArgs({ options: { force: { type: 'boolean', default: false }, to: { type: 'string', default: join(root, 'dist') } } }).values
const dist = resolve(to)
const entries = { 'cli/main': 'src/cli/main.ts', 'read/scan-worker': 'src/read/scan-worker.ts' }
const bundler = await import('rolldown').catch((error) => {
  if (error.code === 'ERR_MODULE_NOT_FOUND') return undefined
  throw error
})

/** npx prepares the package anew at each call: what is built and not older than its sources is left alone. */
function isCurrent() {
  const built = statSync(join(dist, 'cli/main.js'), { throwIfNoEntry: false })?.mtimeMs
  if (built === undefined) return false
  const sources = ['bin/prepare.js', 'package-lock.json', ...readdirSync(join(root, 'src'), { recursive: true }).map((name) => join('src', name))]
  return sources.every((name) => (statSync(join(root, name), { throwIfNoEntry: false })?.mtimeMs ?? 0) <= built)
}

/**
 * What several commands use is one file, to be found and read once; but for what the program and the scan's thread start with, which need no
 * more, and for what the smallest of them needs, which reads nothing of exports: it is read without the rest.
 */
function sharedChunks() {
  const imports = new Map()
  const loadedBy = (id, found = new Set()) => {
    if (!found.has(id)) {
      found.add(id)
      for (const next of imports.get(id) ?? []) loadedBy(next, found)
    }
    return found
  }
  const of = (entry) => loadedBy(join(root, entry))
  let sets
  const nameOf = (id) => {
    sets ??= { start: new Set([...of(entries['read/scan-worker']), ...of(entries['cli/main'])]), small: new Set(['src/cli/explain-run.ts', 'src/explain/report.ts', 'src/engine/duckdb/engine.ts'].flatMap((entry) => [...of(entry)])) }
    if (id.startsWith('\0') || sets.start.has(id)) return null
    return sets.small.has(id) ? 'shared-by-all' : 'shared'
  }
  return {
    plugin: { name: 'imports', moduleParsed: ({ id, importedIds }) => void imports.set(id, importedIds) },
    group: { name: nameOf, debugName: 'shared', minShareCount: 2 },
  }
}

async function build(dir) {
  const { plugin, group } = sharedChunks()
  await bundler.build({
    cwd: root,
    input: entries,
    platform: 'node',
    external: ['@duckdb/node-api'],
    plugins: [plugin],
    logLevel: 'warn',
    // A module that waits in one command and not in another is in the shared file all the same.
    checks: { ineffectiveDynamicImport: false },
    preserveEntrySignatures: 'allow-extension',
    // Names are shown in stack traces (--debug), and nothing is sent anywhere: what is smaller starts no sooner.
    output: { dir, format: 'esm', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name].js', minify: false, codeSplitting: { includeDependenciesRecursively: false, groups: [group] } },
  })
}

if (bundler === undefined) {
  console.log(existsSync(dist) ? 'arrears: no bundler here, the built dist/ is used.' : 'arrears: no bundler here, nothing was built. Install the development packages and run "npm run build".')
} else if (force || !isCurrent()) {
  // Built beside and put in its place, so that a run that starts meanwhile finds all of the one or all of the other.
  const beside = `${dist}.${process.pid}`
  try {
    await build(beside)
    rmSync(dist, { recursive: true, force: true })
    renameSync(beside, dist)
  } finally {
    rmSync(beside, { recursive: true, force: true })
  }
}
