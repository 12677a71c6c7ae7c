import type { Row } from '../../src/engine/engine.ts'
import { sql } from '../../src/engine/sql.ts'
import { explaining, folderOf, type BookRows } from '../explain/book.ts'

/** The accounts of a book on a day, by their id, and what the run says of it. */
export async function accountsOn(asOf: string, rows: BookRows, settings: Readonly<Record<string, unknown>> = {}): Promise<{ of: (account: string) => Row; warnings: readonly { code: string; says: string }[]; columns: readonly string[] }> {
  const { engine, flow, close } = await explaining(folderOf(rows, { as_of: asOf, ...settings }).config)
  try {
    const found = new Map((await engine.rows(sql`SELECT * FROM ${flow.outcome.accounts}`)).map((row) => [String(row['account_id']), row]))
    return { of: (account) => found.get(account)!, warnings: flow.outcome.warnings, columns: Object.keys(flow.outcome.accounts.columns) }
  } finally {
    close()
  }
}
