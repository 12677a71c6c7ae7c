import { chmod, open, readdir } from 'node:fs/promises'
import { join } from 'node:path'

/** Everything under `folder` on the disk itself, files before the folders that name them; readable by the owner alone. */
export async function syncTree(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) await syncTree(path)
    else {
      await chmod(path, 0o600)
      await syncPath(path)
    }
  }
  await chmod(folder, 0o700)
  await syncPath(folder)
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
