import type { Exit } from './exit.ts'
import type { FlagName, Typed } from './flags.ts'
import type { Progress } from './progress.ts'

export interface CommandContext {
  readonly typed: Typed
  readonly args: readonly string[]
  /** Prints a result on stdout. */
  readonly show: (text: string) => void
  /** Prints anything else on stderr. */
  readonly say: (text: string) => void
  /** The same, with --quiet too: what somebody must notice. */
  readonly warn: (text: string) => void
  readonly colour: boolean
  /** Of the terminal; none where the result goes into a pipe or file. */
  readonly width?: number | undefined
  readonly progress: Progress
  /** Called when the run is interrupted: stop the engine, remove what was staged. */
  readonly onInterrupt: (clean: () => void) => void
}

/** What a command is, then what it does. What `run` needs is loaded when it runs, so that help is quick. */
export interface Command {
  readonly name: string
  readonly says: string
  readonly arguments?: readonly { readonly name: string; readonly says: string }[]
  readonly flags: readonly FlagName[]
  readonly examples: readonly (readonly [says: string, typed: string])[]
  run(context: CommandContext): Promise<Exit>
}
