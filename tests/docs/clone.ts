import { spawn } from 'node:child_process'
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { root, runBuilt } from '../built.ts'

export { root } from '../built.ts'

interface Shown {
  readonly code: number
  /** What a terminal shows: results and all else, in the order in which they came. */
  readonly output: string
}

/** The repository as somebody has it who cloned it, installed it and built it. */
export interface Clone {
  readonly dir: string
  /** `before`: the exit code that `$?` has. */
  run(command: string, before?: number): Promise<Shown>
  /** The same, but a line that starts the program and nothing else is run in this process. */
  here(command: string, before?: number): Promise<Shown>
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
  for (const name of ['bin', 'dist', 'docs', 'fixtures/sample', 'fixtures/sample-as-sent', 'package.json', 'README.md'])
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
      const run: Clone['run'] = (command, before = 0) => ended(spawn('bash', ['-c', `exec 2>&1; (exit ${before}); ${command}`], { cwd: dir, env }))
      const here: Clone['here'] = async (command, before) => {
        const args = argumentsOf(command)
        if (args === undefined) return run(command, before)
        const { exit, output } = await runBuilt(args, dir)
        return { code: exit, output }
      }
      return { dir, run, here }
    },
    done: () => rmSync(all, { recursive: true, force: true }),
  }
}

/** Of a line that starts the program and asks nothing else of the shell. `init` copies from where the program lies. */
function argumentsOf(command: string): string[] | undefined {
  const plain = /^(?:npx )?arrears (?!init)((?:(?:'[^']*'|"[^"$`\\]*"|[\w./:,=+@%-]+)(?: +|$))+)$/.exec(command)?.[1]
  return plain?.match(/'[^']*'|"[^"]*"|[^ ]+/g)?.map((word) => word.replace(/^(['"])(.*)\1$/, '$2'))
}

function ended(child: ReturnType<typeof spawn>): Promise<Shown> {
  let output = ''
  child.stdout!.on('data', (chunk) => (output += String(chunk)))
  return new Promise((resolve) => child.on('close', (code) => resolve({ code: code ?? -1, output })))
}
