import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { existsSync, lstatSync, mkdtempSync, readdirSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { filesOf } from '../publish/book.ts'

/** The child as its own process: Node 20 runs no TypeScript, so it and what it imports are compiled into a folder of their own. */
export interface Publishing {
  start(env: Readonly<Record<string, string>>, shell?: string): ChildProcess
  /** Runs it to its end. */
  run(env: Readonly<Record<string, string>>, shell?: string): Promise<Ended>
  done(): void
}

export interface Ended {
  readonly code: number | null
  readonly signal: string | null
  readonly stdout: string
  readonly stderr: string
}

const root = new URL('../../', import.meta.url).pathname

export function buildPublishing(): Publishing {
  const dir = mkdtempSync(join(tmpdir(), 'arrears-faults-'))
  const compilerOptions = { noEmit: false, outDir: join(dir, 'built'), rootDir: root, typeRoots: [join(root, 'node_modules/@types')], skipLibCheck: true }
  writeFileSync(join(dir, 'tsconfig.json'), JSON.stringify({ extends: join(root, 'tsconfig.json'), compilerOptions, include: [], files: [join(root, 'tests/faults/child.ts')] }))
  writeFileSync(join(dir, 'package.json'), '{ "type": "module" }')
  symlinkSync(join(root, 'node_modules'), join(dir, 'node_modules'))
  const built = spawnSync(join(root, 'node_modules/.bin/tsc'), ['-p', join(dir, 'tsconfig.json')], { encoding: 'utf8' })
  const script = join(dir, 'built/tests/faults/child.js')
  if (!existsSync(script)) throw new Error(built.stdout + built.stderr)
  const start: Publishing['start'] = (env, shell) => {
    const options = { cwd: dir, env: { ...process.env, ...env } }
    return shell === undefined ? spawn(process.execPath, [script], options) : spawn('bash', ['-c', `${shell}; exec "$0" "$1"`, process.execPath, script], options)
  }
  return { start, run: (env, shell) => ended(start(env, shell)), done: () => rmSync(dir, { recursive: true, force: true }) }
}

export function ended(child: ChildProcess): Promise<Ended> {
  let stdout = ''
  let stderr = ''
  child.stdout!.on('data', (chunk) => (stdout += String(chunk)))
  child.stderr!.on('data', (chunk) => (stderr += String(chunk)))
  return new Promise((resolve) => child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr })))
}

/** Resolves when the child has printed a line. */
export function said(child: ChildProcess, line: string): Promise<void> {
  let printed = ''
  return new Promise((resolve, reject) => {
    child.stdout!.on('data', (chunk) => {
      printed += String(chunk)
      if (printed.split('\n').includes(line)) resolve()
    })
    child.on('close', () => reject(new Error(`ended without "${line}": ${printed}`)))
  })
}

/** All that a reader of the output folder sees: names, what they lead to, and the bytes behind them. */
export function seen(out: string): Record<string, Buffer | string> {
  const found: Record<string, Buffer | string> = {}
  for (const name of readdirSync(out)) {
    if (name.startsWith('.')) continue
    if (lstatSync(join(out, name)).isSymbolicLink()) found[name] = readlinkSync(join(out, name))
    for (const [file, bytes] of Object.entries(filesOf(join(out, name)))) found[`${name}/${file}`] = bytes
  }
  return found
}

export const runsIn = (out: string) => readdirSync(join(out, '.runs')).sort()
