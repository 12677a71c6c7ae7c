import { existsSync } from 'node:fs'
import { isDeepStrictEqual } from 'node:util'
import { UserError } from '../errors.ts'
import { withEvidence, type RunWithEvidence } from '../explain/of-run.ts'
import { openPublished, type PublishedRun } from '../published-run.ts'
import { shownPath } from '../read/source.ts'

/** What moves an account from one run to the next, in the order in which they are told apart. */
export const causes = ['time', 'corrections', 'payments', 'rules'] as const
export type Cause = (typeof causes)[number]

/** Two runs, the earlier day first. */
export interface Pair {
  readonly first: PublishedRun
  readonly second: PublishedRun
  /** Causes of which there can be any: another day, other inputs, other settings. */
  readonly possible: readonly Cause[]
  /** The rows of both, where both kept them. */
  readonly evidence: { readonly first: RunWithEvidence; readonly second: RunWithEvidence } | undefined
  /** Why causes cannot be told apart, where they cannot. */
  readonly why: string | undefined
}

/** Settings that decide days, tiers and amounts of the same rows. */
const deciding = ['conventions', 'tiers', 'preventive_days', 'cover_from', 'compensation', 'buyback', 'closed_tolerance', 'unknown_status', 'region'] as const

/** Opens both runs. Of two days the earlier comes first, whichever way they were typed; of one day they stay as typed. */
export function openPair(one: string, other: string): Pair {
  const typed = [published(one), published(other)] as const
  const [first, second] = typed[0].manifest.as_of > typed[1].manifest.as_of ? [typed[1], typed[0]] : typed
  const [a, b] = [first.manifest, second.manifest]
  const files = ({ manifest }: PublishedRun) => manifest.inputs.map(({ input, sha256 }) => `${input} ${sha256}`).sort()
  // What the settings make of the same files are other rows.
  const sameRows = isDeepStrictEqual(files(first), files(second)) && isDeepStrictEqual(first.settings.inputs, second.settings.inputs)
  const sameRules = isDeepStrictEqual(a.tables ?? [], b.tables ?? []) && deciding.every((key) => isDeepStrictEqual(first.settings[key], second.settings[key]))
  const possible = causes.filter((cause) => (cause === 'rules' ? !sameRules : cause === 'corrections' ? !sameRows : a.as_of !== b.as_of))
  if (possible.length < 2) return { first, second, possible, evidence: undefined, why: undefined }
  const opened = [rowsOrWhy(first), rowsOrWhy(second)] as const
  if (typeof opened[0] === 'object' && typeof opened[1] === 'object') return { first, second, possible, evidence: { first: opened[0], second: opened[1] }, why: undefined }
  return { first, second, possible, evidence: undefined, why: opened.filter((one) => typeof one === 'string').join(' ') }
}

export function published(folder: string): PublishedRun {
  if (existsSync(`${folder}/why.txt`)) throw new UserError('run-refused', { value: shownPath(folder) })
  const run = openPublished(folder)
  if (!existsSync(run.path('accounts.parquet'))) throw new UserError('run-not-found', { value: shownPath(folder) })
  return run
}

function rowsOrWhy(run: PublishedRun): RunWithEvidence | string {
  try {
    return withEvidence(run)
  } catch (error) {
    if (error instanceof UserError) return error.says
    throw error
  }
}
