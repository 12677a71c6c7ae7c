import { accessSync, constants, existsSync, lstatSync, mkdirSync, readdirSync, readlinkSync, renameSync, rmSync, statSync, symlinkSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { UserError } from '../errors.ts'
import { diskFull } from './disk-full.ts'
import { lockFolder, type Lock } from './lock.ts'
import { syncPath, syncTree } from './sync.ts'

/**
 * A run's place under the output folder. Real folders lie in OUT/.runs; OUT/<as-of>, OUT/latest and OUT/refused/<as-of> are
 * links to them, swapped by rename. Until `link` nobody sees the run; a killed one leaves only what the next one sweeps.
 */
export interface RunFolder {
  readonly out: string
  readonly asOf: string
  /** For the engine's spill; gone when the folder is closed. */
  readonly spill: string
  /** For private copies of input files that must be mended; gone when the folder is closed. */
  readonly scratch: string
  /** Where a file of the run is written; its folders are made. */
  path(...parts: string[]): string
  /** Puts all that was written on the disk. */
  sync(): Promise<void>
  /** Gives the staged folder its lasting name in .runs. */
  rename(): Promise<void>
  /** OUT/<as-of> (for a refused run OUT/refused/<as-of>) names this run from now on. */
  link(): Promise<void>
  /** OUT/latest names the greatest as-of date published. */
  latest(): Promise<void>
  /** Removes what no name leads to. */
  clean(): void
  /** What is written is a refused run's: its rejects and why. */
  refused(): void
  /** Removes what was staged and not published, and frees the lock. May be called in a signal handler, and twice. */
  close(): void
}

const day = /^\d{4}-\d{2}-\d{2}$/
const ours = /^(refused-)?\d{4}-\d{2}-\d{2}\.\d+$|^\.staging-/
const privately = { recursive: true, mode: 0o700 }

/** Checks that `out` can take a run, locks it, and sweeps what a killed run left. Nothing of an earlier run is touched. */
export async function openRunFolder(out: string, asOf: string): Promise<RunFolder> {
  usable(out)
  const lock = await lockFolder(out)
  try {
    takesLinks(out)
    checkNames(out, asOf)
    sweep(out)
    await pointLatest(out)
    return runFolder(out, asOf, lock)
  } catch (error) {
    lock.release()
    throw diskFull(error)
  }
}

function runFolder(out: string, asOf: string, lock: Lock): RunFolder {
  const runs = join(out, '.runs')
  const number = 1 + Math.max(0, ...readdirSync(runs).map((name) => Number(new RegExp(`^(?:refused-)?${asOf}\\.(\\d+)$`).exec(name)?.[1] ?? 0)))
  const staging = join(runs, `.staging-${asOf}.${number}`)
  const staged = join(staging, 'run')
  let isRefused = false
  const real = () => `${isRefused ? 'refused-' : ''}${asOf}.${number}`
  const scratch = join(staging, 'scratch')
  mkdirSync(staged, privately)
  mkdirSync(scratch, privately)
  return {
    out,
    asOf,
    spill: join(staging, 'spill'),
    scratch,
    path(...parts) {
      const path = join(staged, ...parts)
      mkdirSync(dirname(path), privately)
      return path
    },
    sync: () => syncTree(staged),
    async rename() {
      renameSync(staged, join(runs, real()))
      await syncPath(runs)
    },
    async link() {
      if (isRefused) mkdirSync(join(out, 'refused'), privately)
      const name = isRefused ? join(out, 'refused', asOf) : join(out, asOf)
      swapLink(name, `${isRefused ? '../' : ''}.runs/${real()}`)
      await syncPath(dirname(name))
      if (isRefused) await syncPath(out)
    },
    latest: () => pointLatest(out),
    clean: () => sweep(out, basename(staging)),
    refused() {
      isRefused = true
    },
    close() {
      // A write that was just interrupted may still put a file there.
      rmSync(staging, { recursive: true, force: true, maxRetries: 3, retryDelay: 20 })
      lock.release()
    },
  }
}

/** Before any work: a folder that can be written to. */
function usable(out: string) {
  try {
    mkdirSync(out, privately)
    if (!statSync(out).isDirectory()) throw notUsable(out, 'it is not a folder')
    accessSync(out, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch (error) {
    if (error instanceof UserError) throw error
    throw notUsable(out, reasons[(error as NodeJS.ErrnoException).code ?? ''] ?? (error as Error).message)
  }
}

const notUsable = (out: string, other: string) => new UserError('out-not-usable', { value: out, other })

const reasons: Record<string, string | undefined> = {
  EACCES: 'you may not write there',
  EPERM: 'you may not write there',
  EROFS: 'it is read-only',
  EEXIST: 'it is not a folder',
  ENOTDIR: 'a part of its path is not a folder',
  ENOSPC: 'the disk is full',
  EDQUOT: 'your disk quota is used up',
}

/** Publication rests on links that are swapped in one step; better said now than after the work. */
function takesLinks(out: string) {
  const probe = join(out, '.link-probe')
  try {
    swapLink(probe, '.')
    swapLink(probe, '.runs')
  } catch (error) {
    if (diskFull(error) !== error) throw error
    throw notUsable(out, `its file system takes no symbolic links (${(error as NodeJS.ErrnoException).code})`)
  } finally {
    rmSync(probe, { force: true })
  }
}

/** A real folder in the place of a name of ours is somebody's work: it is never replaced. */
function checkNames(out: string, asOf: string) {
  for (const name of [asOf, 'latest', join('refused', asOf)]) {
    const found = lstatSync(join(out, name), { throwIfNoEntry: false })
    if (found !== undefined && !found.isSymbolicLink())
      throw new UserError('out-not-usable', { value: out, other: `${name} in it is no link of an earlier run; move it away` })
  }
}

/** Removes, under the lock, what no name leads to: staging folders, runs never linked or superseded, links never swapped in. */
function sweep(out: string, but?: string) {
  const runs = join(out, '.runs')
  mkdirSync(runs, privately)
  const named = new Set(targets(out).concat(targets(join(out, 'refused'))))
  for (const name of readdirSync(runs)) if (ours.test(name) && !named.has(name) && name !== but) rmSync(join(runs, name), { recursive: true, force: true })
  for (const folder of [out, join(out, 'refused')])
    for (const name of namesIn(folder)) if (/^\.link-|^\.lock\.duckdb\.\d+$/.test(name)) rmSync(join(folder, name), { force: true })
}

/** What the links of a folder lead to in .runs, links that a user made there too. */
const targets = (folder: string) => linksIn(folder).map((name) => /(?:^|\/)\.runs\/([^/]+)/.exec(readlinkSync(join(folder, name)))?.[1] ?? '')
const linksIn = (folder: string) => namesIn(folder).filter((name) => !name.startsWith('.') && lstatSync(join(folder, name), { throwIfNoEntry: false })?.isSymbolicLink())

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

/** Also mends a link that a killed run had no time for. */
async function pointLatest(out: string) {
  const greatest = linksIn(out).filter((name) => day.test(name) && existsSync(join(out, name))).sort().at(-1)
  const latest = join(out, 'latest')
  if (greatest === undefined || (lstatSync(latest, { throwIfNoEntry: false })?.isSymbolicLink() && readlinkSync(latest) === greatest)) return
  swapLink(latest, greatest)
  await syncPath(out)
}

/** The new link takes the old one's place in one step; a reader sees the one or the other. */
function swapLink(link: string, target: string) {
  const beside = join(dirname(link), `.link-${basename(link)}`)
  rmSync(beside, { force: true })
  symlinkSync(target, beside)
  renameSync(beside, link)
}
