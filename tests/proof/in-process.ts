import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Row } from '../../src/engine/engine.ts'
import { openEngine } from '../../src/engine/open.ts'
import { sql } from '../../src/engine/sql.ts'
import { flow } from '../../src/flow.ts'
import { planInputs } from '../../src/read/read.ts'
import { loadSettings } from '../../src/settings/load.ts'
import { csv, tempDir } from './age-book.ts'

/** Small books aged in this process: the same stages as a run, without a start of the program. */

const headers = { loans: ['account_id', 'status'], schedule: ['account_id', 'instalment_no', 'due_on', 'amount_due'], repayments: ['payment_id', 'account_id', 'paid_on', 'amount'] } as const
type Name = keyof typeof headers

/** Rows of the three inputs, and of further ones where the book has them. */
export type Files = { readonly [Input in Exclude<Name, 'repayments'>]: readonly object[] } & { readonly [Input in 'repayments' | 'pauses' | 'holidays']?: readonly object[] | undefined }

/** The settings file of a book in a folder of its own. `settings`: what it says beside the inputs; keys under `inputs.<name>` are added to the files. */
export function bookFile(files: Files, settings: Readonly<Record<string, any>>): { dir: string; config: string; inputs: Readonly<Record<string, object>> } {
  const dir = tempDir()
  const inputs: Record<string, object> = {}
  for (const [name, rows] of Object.entries(files)) {
    if (rows === undefined) continue
    writeFileSync(join(dir, `${name}.csv`), csv(rows, headers[name as Name] ?? []))
    inputs[name] = { files: `${name}.csv`, ...(name in headers ? { allow_empty: true, max_reject_share: 1 } : {}), ...settings['inputs']?.[name] }
  }
  const config = join(dir, 'arrears.yaml')
  // JSON is YAML too.
  writeFileSync(config, JSON.stringify({ zone: 'UTC', currency: 'CNY', ...settings, inputs }))
  return { dir, config, inputs }
}

/** One row an account, by account id, and what the head of a report says of the conventions; works on `as_of` as `age` does. */
export async function ageInProcess(files: Files, settings: Readonly<Record<string, any>>): Promise<{ accounts: Map<string, Row>; conventions: string }> {
  const { dir, config } = bookFile(files, settings)
  const inForce = loadSettings({ config }, false)
  const engine = await openEngine('duckdb', { scale: 2, threads: 1 })
  try {
    const plans = await planInputs(engine, inForce)
    const { outcome } = await flow({ engine, settings: inForce, plans, scratch: dir, onStep: () => {} })
    const rows = await engine.rows(sql`SELECT * FROM ${outcome.accounts}`)
    return { accounts: new Map(rows.map((row) => [String(row['account_id']), row])), conventions: outcome.conventions }
  } finally {
    engine.close()
  }
}
