import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { UserError } from './errors.ts'
import { shownPath } from './read/source.ts'
import type { Settings } from './settings/load.ts'

/** What run.json says of a run that was published, as far as it is read again. */
interface Manifest {
  readonly arrears: string
  readonly as_of: string
  readonly work_on: string
  readonly newest_payment: string | null
  readonly conventions: string
  readonly settings: Readonly<Record<string, { readonly value: unknown; readonly origin: Settings['origin'][string] }>>
  readonly rules: { readonly name: string; readonly sha256: string } | null
  readonly tables?: readonly { readonly table: string; readonly sha256: string }[]
  readonly inputs: readonly { readonly input: string; readonly sha256: string }[]
  readonly evidence?: readonly { readonly file: string; readonly rows: number }[]
  readonly worklists?: readonly { readonly list: string; readonly file: string }[]
  readonly run: { readonly settings_file: string | null; readonly settings_sha256?: string | null; readonly rules_file: string | null }
}

export interface PublishedRun {
  /** As typed. */
  readonly folder: string
  readonly manifest: Manifest
  /** The settings of the run; paths of its inputs are not in them. */
  readonly settings: Settings
  path(...parts: string[]): string
}

/** Reads what a run folder says of itself. */
export function openPublished(folder: string): PublishedRun {
  const file = join(folder, 'run.json')
  if (!existsSync(file)) throw new UserError('run-not-found', { value: shownPath(folder) })
  const manifest = JSON.parse(readFileSync(file, 'utf8')) as Manifest
  return { folder, manifest, settings: settingsOf(manifest), path: (...parts) => join(folder, ...parts) }
}

function settingsOf({ settings, as_of, work_on, run }: Manifest): Settings {
  // Null stands for what nobody stated.
  const values = Object.fromEntries(Object.entries(settings).map(([key, { value }]) => [key, value ?? undefined] as const))
  const origin = Object.fromEntries(Object.entries(settings).map(([key, { origin: from }]) => [key, from] as const))
  return Object.freeze({ ...values, as_of, work_on, origin, file: run.settings_file ?? undefined, allow_partial_day: false, tables: { pauses: [], holidays: [], control_totals: [], files: [] } }) as unknown as Settings
}
