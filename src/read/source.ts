import { closeSync, createReadStream, existsSync, openSync, readSync, statSync } from 'node:fs'
import { basename, dirname, relative } from 'node:path'
import { createGunzip } from 'node:zlib'
import { globSync } from 'tinyglobby'
import { UserError } from '../errors.ts'
import type { FileSource } from './records.ts'

export type Format = 'csv' | 'csv.gz' | 'parquet'

export interface SourceFile {
  readonly path: string
  /** As messages show it: relative to the working directory where that is shorter. */
  readonly shown: string
  /** As outputs show it: the same wherever the run is started. */
  readonly name: string
  readonly format: Format
  readonly bytes: number
  /** Time of the last change and inode when reading began; a file that changes while it is read is refused. */
  readonly changedAt: number
  readonly inode: number
  /** Of a private copy: the file that was given. */
  readonly given?: Seen
}

/** By what a change of a file is noticed. */
type Seen = Pick<SourceFile, 'path' | 'bytes' | 'changedAt' | 'inode'>

/** The file as its text is read, piece by piece. */
export const streamOf = ({ path, format }: Pick<SourceFile, 'path' | 'format'>): FileSource => ({ path, gzip: format === 'csv.gz' })

/** Paths and globs -> files, each once, in a fixed order. */
export function sourceFiles(patterns: readonly string[]): SourceFile[] {
  const paths = patterns.flatMap((pattern) => {
    if (existsSync(pattern)) return [pattern]
    const found = /[*?{[]/.test(pattern) ? globSync(pattern, { absolute: true, onlyFiles: true, expandDirectories: false }).sort() : []
    if (found.length === 0) throw new UserError('file-not-found', { value: shownPath(pattern) })
    return found
  })
  const files = [...new Set(paths)].map(sourceFile)
  const twice = (name: string) => files.filter((file) => file.name === name).length > 1
  return files.map((file) => (twice(file.name) ? { ...file, name: `${basename(dirname(file.path))}/${file.name}` } : file))
}

export const shownPath = (path: string) => {
  const near = relative(process.cwd(), path)
  return near === '' || near.startsWith('../../..') || near.length > path.length ? path : near
}

function sourceFile(path: string): SourceFile {
  const format = (['csv.gz', 'parquet', 'csv'] as const).find((one) => path.toLowerCase().endsWith(`.${one}`))
  if (format === undefined) throw new UserError('file-unknown-kind', { value: shownPath(path) })
  const { size, mtimeMs, ino } = statSync(path)
  return { path, shown: shownPath(path), name: basename(path), format, bytes: size, changedAt: mtimeMs, inode: ino }
}

/** What the system or the engine says of a file that it cannot read, in one line; of a file that changes under the reading nothing else is true. */
export const unreadable = (file: SourceFile, error: unknown) =>
  isChanged(file) ? new UserError('input-changed', { file: file.shown }) : new UserError('file-unreadable', { file: file.shown, value: (error as Error).message.split('\n')[0]! })

/** The bytes could not be had: a disk, a cut or damaged .gz or .parquet, a file that went away. */
const isFileFault = (error: unknown) =>
  error instanceof Error && !(error instanceof UserError) && (/^(IO|Invalid|Invalid Input|Serialization|TProtocol\w*) Error|TProtocolException|compressed data/.test(error.message) || /^(Z_|ENOENT|EACCES|EIO|EISDIR)/.test(String((error as NodeJS.ErrnoException).code ?? '')))

/** What a promise of a file's content fails with: a fault of the file is told as one. */
export const ofFile = (file: SourceFile) => (error: unknown): never => {
  throw isFileFault(error) ? unreadable(file, error) : error
}

/** Enough for the header and for a look at the values. */
export const firstLook = 1 << 20

/** The first bytes of the text; fewer than asked for are all. */
export async function firstBytes(file: SourceFile, length = firstLook): Promise<Buffer> {
  try {
    return file.format === 'csv.gz' ? await firstUnzipped(file.path, length) : firstPlain(file, length)
  } catch (error) {
    throw unreadable(file, error)
  }
}

async function firstUnzipped(path: string, length: number): Promise<Buffer> {
  const from = createReadStream(path)
  const text = createGunzip()
  from.on('error', (error) => text.destroy(error))
  const parts: Buffer[] = []
  let size = 0
  for await (const part of from.pipe(text) as AsyncIterable<Buffer>) {
    parts.push(part)
    size += part.length
    if (size >= length) break
  }
  from.destroy()
  return Buffer.concat(parts).subarray(0, length)
}

function firstPlain(file: SourceFile, length: number): Buffer {
  const handle = openSync(file.path, 'r')
  try {
    const bytes = Buffer.alloc(Math.min(length, file.bytes))
    return bytes.subarray(0, readSync(handle, bytes, 0, bytes.length, 0))
  } finally {
    closeSync(handle)
  }
}

export function mustBeUnchanged(file: SourceFile) {
  if (isChanged(file) || isGone(file)) throw new UserError('input-changed', { file: file.shown })
}

const isGone = (file: SourceFile) => !existsSync((file.given ?? file).path)

/** Written to, or another file under the same name. */
function isChanged(file: SourceFile): boolean {
  const { path, bytes, changedAt, inode } = file.given ?? file
  const now = statSync(path, { throwIfNoEntry: false })
  return now !== undefined && (now.size !== bytes || now.mtimeMs !== changedAt || now.ino !== inode)
}
