import { existsSync, readdirSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { UserError } from '../errors.ts'
import { shownPath, sourceFiles, type SourceFile } from '../read/source.ts'

const read = /\.(csv|csv\.gz|parquet)$/i

/** Files, globs and folders -> the exports among them: of a folder, and of many files, those that can be read. */
export function exportsIn(given: readonly string[]): SourceFile[] {
  const paths = given.flatMap((path) => {
    if (!existsSync(path) || !statSync(path).isDirectory()) return [resolve(path)]
    const found = readdirSync(path).filter((name) => read.test(name) && !name.startsWith('.')).sort()
    if (found.length === 0) throw new UserError('file-not-found', { value: `.csv, .csv.gz or .parquet in ${shownPath(path)}` })
    return found.map((name) => resolve(join(path, name)))
  })
  const readable = paths.filter((path) => read.test(path) || !existsSync(path))
  return sourceFiles(readable.length > 0 ? readable : paths)
}
