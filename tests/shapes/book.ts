import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from '../../src/engine/sql.ts'
import { explaining, freshDir } from '../explain/book.ts'

/** A book in files as typed, with rules.yaml where it names one; the inputs that it lacks are not named in its settings. */
export function folder(files: Readonly<Record<string, string | readonly string[]>>, { inputs, ...settings }: Readonly<Record<string, any>>): string {
  const dir = freshDir()
  const named: Record<string, object> = {}
  for (const [name, given] of Object.entries(files)) {
    const parts = typeof given === 'string' ? { [`${name}.csv`]: given } : Object.fromEntries(given.map((text, at) => [`${name}-${at + 1}.csv`, text]))
    for (const [path, text] of Object.entries(parts)) writeFileSync(join(dir, path), text)
    named[name] = { files: Object.keys(parts), ...inputs?.[name] }
  }
  writeFileSync(join(dir, 'rules.yaml'), `- table: actions\n  hit: first\n  rules:\n    - id: R1\n      when: { tier: '"short","medium","long"' }\n      then: { action: call, list: calls, reason: late }\n    - id: R2\n      when: {}\n      then: { action: none, reason: fine }\n`)
  const config = join(dir, 'arrears.yaml')
  // JSON is YAML too.
  writeFileSync(config, JSON.stringify({ currency: 'CNY', ...settings, inputs: named }))
  return config
}

/** What a flow over a book finds. */
export async function figures(config: string) {
  const { engine, flow, close } = await explaining(config)
  try {
    const rows = await engine.rows(sql`SELECT * FROM ${flow.outcome.accounts}`)
    const { warnings, money, conventions } = flow.outcome
    return { of: (id: string) => rows.find((row) => row['account_id'] === id)!, warnings: warnings.map(({ code }) => code), said: warnings.map(({ says }) => says), money, conventions }
  } finally {
    close()
  }
}
