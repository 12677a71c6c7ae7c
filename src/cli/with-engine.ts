import type { Engine } from '../engine/engine.ts'
import type { Settings } from '../settings/load.ts'
import type { CommandContext } from './command.ts'
import { privateFolder } from './private-folder.ts'

interface Opened extends Pick<Settings, 'engine' | 'threads' | 'memory'> {
  /** Decimals of money, where they are known before anything is read. */
  readonly scale?: number
}

/** Work on an engine of its own beside a private folder, for its spill and for private copies. Both are gone when the work ends or is interrupted. */
export async function withEngine<T>({ onInterrupt }: Pick<CommandContext, 'onInterrupt'>, { engine: kind, threads, memory, scale = 2 }: Opened, work: (engine: Engine, scratch: string) => Promise<T>): Promise<T> {
  const { openEngine } = await import('../engine/open.ts')
  const scratch = privateFolder()
  onInterrupt(scratch.remove)
  try {
    const engine = await openEngine(kind, { threads, memory, spill: `${scratch.path}/spill`, scale })
    onInterrupt(() => engine.interrupt())
    try {
      return await work(engine, scratch.path)
    } finally {
      engine.close()
    }
  } finally {
    scratch.remove()
  }
}
