import { chmod, open, readdir } from 'node:fs/promises'
import { join } from 'node:path'

/** Everything under `folder` on the disk itself, files before the folders that name them; readable by the owner alone. */
export async function syncTree(folder: string): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true })
  await Promise.all(entries.map((entry) => (entry.isDirectory() ? syncTree : syncFile)(join(folder, entry.name))))
  await chmod(folder, 0o700)
  await syncPath(folder)
}

async function syncFile(file: string) {
  await chmod(file, 0o600)
  await syncPath(file)
}

/** A file's bytes, or a folder's names. */
export async function syncPath(path: string): Promise<void> {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
