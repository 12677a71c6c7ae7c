import { spawn, spawnSync } from 'node:child_process'
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../../', import.meta.url))

interface Shown {
  readonly code: number
  /** What a terminal shows: results and all else, in the order in which they came. */
  readonly output: string
}

/** The repository as somebody has it who cloned it and installed it, built from the sources as they are. */
export interface Clone {
  readonly dir: string
  /** `before`: the exit code that `$?` has. */
  run(command: string, before?: number): Promise<Shown>
}

export interface Built {
  /** Gone when done. */
  readonly dir: string
  /** Another one, untouched by what was run in the first. */
  clone(): Clone
  done(): void
}

export function build(): Built {
  const all = mkdtempSync(join(tmpdir(), 'arrears-docs-'))
  const first = join(all, 'first')
  const built = spawnSync(process.execPath, [join(root, 'bin/prepare.js'), '--force', '--to', join(first, 'dist')], { encoding: 'utf8' })
  if (!existsSync(join(first, 'dist/cli/main.js'))) throw new Error(built.stdout + built.stderr)
  for (const name of ['bin', 'docs', 'fixtures/sample', 'package.json', 'README.md'])
    cpSync(join(root, name), join(first, name), { recursive: true, filter: (path) => basename(path) !== 'out' })
  // As where it is installed for all: `arrears` alone starts the clone one stands in. npx would first look into what npm installed,
  // and here nothing was: it is tried where that is so.
  mkdirSync(join(all, 'path'))
  for (const [name, does] of [['arrears', `"${process.execPath}" "$CLONE/bin/arrears.js" "$@"`], ['npx', '"$@"']] as const) {
    writeFileSync(join(all, 'path', name), `#!/bin/sh\nexec ${does}\n`)
    chmodSync(join(all, 'path', name), 0o755)
  }
  let clones = 0
  return {
    dir: all,
    clone() {
      const dir = join(all, `clone-${++clones}`)
      cpSync(first, dir, { recursive: true })
      symlinkSync(join(root, 'node_modules'), join(dir, 'node_modules'))
      const env = { ...process.env, LC_ALL: 'C', CLONE: dir, PATH: `${join(all, 'path')}:${process.env['PATH'] ?? ''}` }
      return { dir, run: (command, before = 0) => ended(spawn('bash', ['-c', `exec 2>&1; (exit ${before}); ${command}`], { cwd: dir, env })) }
    },
    done: () => rmSync(all, { recursive: true, force: true }),
  }
}

function ended(child: ReturnType<typeof spawn>): Promise<Shown> {
  let output = ''
  child.stdout!.on('data', (chunk) => (output += String(chunk)))
  return new Promise((resolve) => child.on('close', (code) => resolve({ code: code ?? -1, output })))
}
