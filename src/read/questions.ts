import { states } from '../classify/columns.ts'
import type { Engine } from '../engine/engine.ts'
import { join, name, sql, text } from '../engine/sql.ts'
import { UserError } from '../errors.ts'
import { nearest } from '../nearest.ts'
import type { Settings } from '../settings/load.ts'
import { kinds, kindsLater, paymentStatuses } from './inputs.ts'
import type { Loaded } from './load.ts'

/** One question for each value of a status or kind that no mapping knows, with its count and the line to add. */
export async function questions(engine: Engine, loaded: Loaded, settings: Settings): Promise<UserError[]> {
  const has = (column: string) => loaded.columns.some((one) => one.name === column && one.role === 'used')
  const errors: UserError[] = []
  const ask = async (column: string, known: readonly string[], later: readonly string[] = []) => {
    if (!has(column)) return
    const rows = await engine.rows(
      sql`SELECT ${name(column)} AS value, count(*) AS n FROM ${loaded.rows} WHERE ${name(column)} NOT IN (${join(known.map(text))}) GROUP BY ${name(column)} ORDER BY n DESC, value`,
    )
    for (const row of rows) {
      const value = String(row.value)
      const at = { input: loaded.input, name: column, value, count: Number(row.n) }
      if (later.includes(value)) errors.push(new UserError('kind-not-yet', at))
      else errors.push(new UserError('value-unknown', { ...at, hint: `Add inputs.${loaded.input}.values.${column}: {${value}: ${nearest(value, known) ?? '...'}} to the settings. Known: ${known.join(', ')}.` }))
    }
  }
  if (loaded.input === 'loans' && settings.unknown_status === 'ask') await ask('status', states)
  if (loaded.input === 'repayments') {
    await ask('kind', Object.keys(kinds), kindsLater)
    await ask('status', paymentStatuses)
  }
  return errors
}
