import { createHash } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { basename, relative } from 'node:path'
import type { Outcome } from '../outcome.ts'
import type { Settings } from '../settings/load.ts'
import type { KeptFiles } from './evidence.ts'
import type { PublishedList } from './lists/lists.ts'
import { notChecked, type Summary } from './summary.ts'

/** What the command knows of its own run; all of it may differ between equal runs. */
export interface RunFacts {
  /** ISO 8601. */
  readonly started_at: string
  /** Stages so far, in order. */
  readonly stages: readonly { readonly name: string; readonly ms: number }[]
  /** Of node, the engine and the like. */
  readonly versions: Readonly<Record<string, string>>
}

/** Where the machine or the hand that typed shows: under `run` and nowhere else. */
const ofTheRun = ['threads', 'memory', 'out', 'rules'] as const

/** run.json. Key order is fixed; equal runs give equal bytes, the object `run` apart. */
export function manifest(version: string, outcome: Outcome, summary: Summary, lists: readonly PublishedList[], settings: Settings, facts: RunFacts, endedAt: string, evidence?: KeptFiles): string {
  const content = {
    arrears: version,
    as_of: settings.as_of,
    work_on: settings.work_on,
    data_through: settings.data_through ?? null,
    newest_payment: outcome.newestPayment ?? null,
    conventions: outcome.conventions,
    contact: notChecked,
    settings: inForce(settings),
    rules: ruleFile(settings.rules),
    inputs: outcome.files.map(({ input, name, bytes, records, sha256 }) => ({ input, name, bytes, rows: records, sha256 })),
    ...(settings.tables.files.length === 0 ? {} : { tables: settings.tables.files }),
    rows: outcome.rows,
    checks: summary.checks,
    money: outcome.money,
    tiers: summary.ageing.rows.filter((row) => row.section === 'tier').map(({ currency, name, accounts, overdue_amount, held }) => ({ currency, tier: name, accounts, overdue_amount, held })),
    held: exceptionLines(summary, 'held').map(({ detail, currency, accounts, amount, oldest }) => ({ reason: detail, currency, accounts, overdue_amount: amount, since: oldest })),
    rejected: exceptionLines(summary, 'rejected_rows').map(({ detail, rows, accounts }) => ({ code: detail, rows, accounts })),
    unmatched: exceptionLines(summary, 'unmatched').map(({ detail, currency, rows, amount }) => ({ why: detail, currency, rows, amount })),
    ...(outcome.ties === undefined ? {} : { ties: outcome.ties.rows.filter((row) => row.section === 'total').map(({ measure, currency, accounts, equal, higher, lower, agreement }) => ({ measure, currency, accounts, equal, higher, lower, agreement })) }),
    ...(outcome.blastRadius === undefined ? {} : { blast_radius: outcome.blastRadius.report.rows }),
    worklists: lists,
    ...(evidence === undefined ? {} : { evidence }),
    warnings: outcome.warnings.filter(({ ofTheRun }) => ofTheRun !== true).map(({ code, says, names = [] }) => ({ code, says, count: names.length, names: names.slice(0, 20) })),
    not_used_yet: outcome.notUsedYet,
    run: {
      started_at: facts.started_at,
      ended_at: endedAt,
      stages: facts.stages,
      threads: settings.threads ?? null,
      memory: settings.memory ?? null,
      // Relative to where the command was typed: a manifest that travels should not tell of the machine.
      settings_file: settings.file ?? null,
      settings_sha256: settings.file === undefined || statSync(settings.file, { throwIfNoEntry: false })?.isFile() !== true ? null : sha256(settings.file),
      rules_file: settings.rules === undefined ? null : relative(process.cwd(), settings.rules),
      out: relative(process.cwd(), settings.out) || '.',
      inputs: outcome.files.map(({ input, path }) => ({ input, path })),
      warnings: outcome.warnings.filter(({ ofTheRun }) => ofTheRun === true).map(({ code, says }) => ({ code, says })),
      versions: facts.versions,
    },
  }
  return `${JSON.stringify(content, null, 2)}\n`
}

const exceptionLines = (summary: Summary, kind: string) => summary.exceptions.rows.filter((row) => row.kind === kind)

/** Value and origin of every setting, paths and machine limits apart. */
function inForce(settings: Settings) {
  const values = settings as unknown as Record<string, unknown>
  const keys = Object.keys(settings.origin).filter((key) => !(ofTheRun as readonly string[]).includes(key))
  return Object.fromEntries(keys.map((key) => [key, { value: key === 'inputs' ? withoutPaths(settings.inputs) : (values[key] ?? null), origin: settings.origin[key] }]))
}

const withoutPaths = (inputs: Settings['inputs']) => Object.fromEntries(Object.entries(inputs).map(([input, { files: _files, ...rest }]) => [input, rest]))

function ruleFile(path: string | undefined) {
  return path === undefined ? null : { name: basename(path), sha256: sha256(path) }
}

const sha256 = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex')
