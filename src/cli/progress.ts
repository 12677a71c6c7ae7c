import type { Ora } from 'ora'

/** A spinner and stage times on a terminal; nothing in a pipe, in CI or with --quiet. With `debug` each stage is a line of stderr. */
export interface Progress {
  stage(name: string, step?: string): void
  /** Per cent of the statement under way, asked for while it runs. */
  follow(percent: () => number): void
  stop(): void
  readonly stages: readonly { readonly name: string; readonly ms: number }[]
}

export async function startProgress(on: { terminal: boolean; debug: boolean }): Promise<Progress> {
  const stages: { name: string; ms: number }[] = []
  let current: { name: string; since: number } | undefined
  const spinner: Ora | undefined = on.terminal ? (await import('ora')).default({ stream: process.stderr, discardStdin: false }) : undefined
  let timer: NodeJS.Timeout | undefined
  let label = ''
  const end = () => {
    if (current !== undefined) stages.push({ name: current.name, ms: Math.round(performance.now() - current.since) })
    current = undefined
  }
  return {
    stages,
    stage(name, step) {
      label = step === undefined ? name : `${name}: ${step}`
      if (on.debug) process.stderr.write(`stage ${label}\n`)
      end()
      current = { name: label, since: performance.now() }
      spinner?.start(label)
    },
    follow(percent) {
      if (spinner === undefined) return
      timer = setInterval(() => {
        const now = percent()
        spinner.text = now > 0 && now < 100 ? `${label} ${Math.round(now)} %` : label
      }, 200)
      timer.unref()
    },
    stop() {
      end()
      clearInterval(timer)
      spinner?.stop()
    },
  }
}
