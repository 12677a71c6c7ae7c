import { chmodSync, existsSync, linkSync, realpathSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { DuckDBInstance } from '@duckdb/node-api'
import { UserError } from '../errors.ts'

const lockFile = '.lock.duckdb'

/** One run per output folder. The kernel holds the lock, so it is free at once when its process ends, however it ends. */
export interface Lock {
  release(): void
}

// The kernel's lock belongs to the process: opening the file a second time here would succeed, and closing that one would free the first.
const held = new Map<string, DuckDBInstance>()

/** Takes the lock of `out`, an existing folder, or throws `lock-held` with the process that has it. */
export async function lockFolder(out: string): Promise<Lock> {
  const folder = realpathSync(out)
  if (held.has(folder)) throw new UserError('lock-held', { value: out, other: ` (this process, ${process.pid})` })
  const file = join(folder, lockFile)
  try {
    if (!existsSync(file)) await layDown(folder, file)
    const instance = await openLock(file)
    held.set(folder, instance)
    return {
      release() {
        if (held.get(folder) !== instance) return
        held.delete(folder)
        instance.closeSync()
      },
    }
  } catch (error) {
    const message = error instanceof Error ? error.message.split('\n')[0]! : String(error)
    if (!message.includes('Could not set lock')) throw new UserError('out-not-usable', { value: out, other: `its lock file ${lockFile} cannot be opened (${message})` })
    const pid = Number(/\(PID (\d+)\)/.exec(message)?.[1] ?? 0)
    // In a container the holder may have no number that means anything here.
    throw new UserError('lock-held', { value: out, other: pid > 0 ? ` (process ${pid})` : '' })
  }
}

async function openLock(file: string): Promise<DuckDBInstance> {
  const { DuckDBInstance } = await import('../engine/duckdb/package.ts')
  return DuckDBInstance.create(file, { threads: '1', autoinstall_known_extensions: 'false', autoload_known_extensions: 'false' })
}

/** Made beside and linked into place: a process killed while the file is half written must not lock everybody out. */
async function layDown(folder: string, file: string) {
  const beside = join(folder, `${lockFile}.${process.pid}`)
  rmSync(beside, { force: true })
  try {
    ;(await openLock(beside)).closeSync()
    chmodSync(beside, 0o600)
    linkSync(beside, file)
  } catch (error) {
    // Another process was first, or swept ours, or the file system has no hard links: then the engine makes the file in place.
    if (!['EEXIST', 'ENOENT', 'EPERM', 'ENOTSUP', 'EOPNOTSUPP'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error
  } finally {
    rmSync(beside, { force: true })
  }
}
