import { main } from '../../src/cli/main.ts'

export interface Shown {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** What a command line gives, in this process: starting one costs half a second. */
export async function cli(...argv: string[]): Promise<Shown> {
  const [out, err] = [process.stdout.write, process.stderr.write]
  let [stdout, stderr] = ['', '']
  process.stdout.write = (text: string | Uint8Array) => {
    stdout += String(text)
    return true
  }
  process.stderr.write = (text: string | Uint8Array) => {
    stderr += String(text)
    return true
  }
  try {
    const code = await main(argv)
    return { code, stdout, stderr }
  } finally {
    process.stdout.write = out
    process.stderr.write = err
  }
}
