import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../', import.meta.url))

/** Whether there is a built program to try. */
export const built = existsSync(`${root}dist/cli/main.js`)

export interface Shown {
  readonly exit: number
  readonly stdout: string
  readonly stderr: string
  /** What a terminal shows: results and all else, in the order in which they came. */
  readonly output: string
}

type Main = (argv: readonly string[]) => Promise<number>
let main: Promise<Main> | undefined
/** Runs of this process, one after another: each writes to the streams that all share. */
let last: Promise<unknown> = Promise.resolve()

/** What the built program makes of a command line, in this process: a start of its own costs more than a small book. tests/cli, docs and faults start it. */
export function runBuilt(args: readonly string[], cwd = process.cwd()): Promise<Shown> {
  main ??= import(/* @vite-ignore */ `${root}dist/cli/main.js`).then((program) => program.main as Main)
  const next = last.then(async () => {
    const [run, before, { stdout, stderr }] = [await main!, process.cwd(), process]
    const [out, err] = [stdout.write, stderr.write]
    const said = { stdout: '', stderr: '', output: '' }
    const into = (stream: 'stdout' | 'stderr') => (text: string | Uint8Array) => {
      said[stream] += String(text)
      said.output += String(text)
      return true
    }
    stdout.write = into('stdout')
    stderr.write = into('stderr')
    process.chdir(cwd)
    try {
      const exit = await run(args)
      return { exit, ...said }
    } finally {
      process.chdir(before)
      stdout.write = out
      stderr.write = err
    }
  })
  last = next.catch(() => {})
  return next
}
