import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A folder that only its owner can read, for commands that publish nothing: spill and private copies. Gone when the command ends. */
export function privateFolder() {
  const path = mkdtempSync(join(tmpdir(), 'arrears-'))
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}
