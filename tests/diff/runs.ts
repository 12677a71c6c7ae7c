import { join } from 'node:path'
import { run } from '../../src/cli/commands/run.ts'
import { difference, type Difference } from '../../src/diff/diff.ts'
import { openPair, type Pair } from '../../src/diff/pair.ts'
import type { Row } from '../../src/engine/engine.ts'
import { openEngine } from '../../src/engine/open.ts'
import { folderOf, freshDir, started, type BookRows } from '../explain/book.ts'

export const rules = `
- table: actions
  hit: first
  rules:
    - { id: L, when: { days_past_due: '> 0' }, then: { action: call } }
    - { id: N, when: { }, then: { action: none, reason: not late } }
`


/** A run of a book in a folder of its own; its path. */
export async function ran(rows: BookRows, settings: Readonly<Record<string, unknown>>, keepEvidence = true): Promise<string> {
  const { config } = folderOf(rows, { zone: 'UTC', implausible_max_share: 1, ...settings }, rules)
  const out = freshDir()
  await started(run, { typed: { config, out, quiet: true, reports: 'none', ...(keepEvidence ? { keepEvidence: true } : {}) } })
  return join(out, 'latest')
}

export async function compared(one: string, other: string, asked: { by?: readonly string[]; top?: number; pair?: (opened: Pair) => Pair } = {}): Promise<Difference> {
  const engine = await openEngine('duckdb', { scale: 2, threads: 1 })
  try {
    return await difference(engine, (asked.pair ?? ((opened: Pair) => opened))(openPair(one, other)), { by: asked.by ?? [], top: asked.top })
  } finally {
    engine.close()
  }
}

/** The accounts of a run, as plain rows. */
export async function accountsOf(folder: string): Promise<Row[]> {
  const engine = await openEngine('duckdb', { scale: 3, threads: 1 })
  try {
    return await engine.rows({ kind: 'sql', texts: [`SELECT * FROM read_parquet('${join(folder, 'accounts.parquet')}')`], holes: [] })
  } finally {
    engine.close()
  }
}
