import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { parse } from 'csv-parse/sync'
import type { Row } from '../../src/engine/engine.ts'
import { openEngine } from '../../src/engine/open.ts'
import { sql } from '../../src/engine/sql.ts'
import { flow } from '../../src/flow.ts'
import type { Outcome } from '../../src/outcome.ts'
import { planInputs } from '../../src/read/read.ts'
import { loadSettings } from '../../src/settings/load.ts'
import type { Settings } from '../../src/settings/load.ts'
import { root } from '../built.ts'

/** Public files that are not ours to pass on: in `shared/data` beside the repository or above it, or where ARREARS_PUBLIC_DATA says. */
export const publicData = ((): string | undefined => {
  const stated = process.env['ARREARS_PUBLIC_DATA']
  if (stated !== undefined) return existsSync(stated) ? stated : undefined
  for (let at = root; ; at = dirname(at)) {
    if (existsSync(join(at, 'shared/data'))) return join(at, 'shared/data')
    if (at === dirname(at)) return undefined
  }
})()

/** Rows of a public file as a spreadsheet shows them, blank lines apart. */
export const publicRows = (file: string): Record<string, string>[] => parse(readFileSync(join(publicData!, file)), { columns: true, skip_empty_lines: true })

/** A book of public files aged under one of the settings files in public/, changed where it is asked. */
export async function agePublic(name: string, change: (settings: Settings) => Settings = (settings) => settings): Promise<{ accounts: Map<string, Row>; outcome: Outcome }> {
  const dir = mkdtempSync(join(tmpdir(), 'arrears-public-'))
  const config = join(dir, `${name}.yaml`)
  cpSync(new URL(`public/${name}.yaml`, import.meta.url).pathname, config)
  for (const folder of ['loan_payments', 'claritypay_bnpl', 'fintrust_small']) symlinkSync(join(publicData!, folder), join(dir, folder))
  mkdirSync(join(dir, 'scratch'))
  const engine = await openEngine('duckdb', { scale: 2, threads: 2 })
  try {
    const settings = change(loadSettings({ config }, false))
    const { outcome } = await flow({ engine, settings, plans: await planInputs(engine, settings), scratch: join(dir, 'scratch'), onStep: () => {} })
    const rows = await engine.rows(sql`SELECT * FROM ${outcome.accounts}`)
    return { accounts: new Map(rows.map((row) => [String(row['account_id']), row])), outcome }
  } finally {
    engine.close()
    rmSync(dir, { recursive: true })
  }
}
