import { states } from '../classify/columns.ts'
import { eachOf } from '../classify/convention.ts'
import type { Engine } from '../engine/engine.ts'
import { join, name, sql, text } from '../engine/sql.ts'
import { UserError } from '../errors.ts'
import { nearest } from '../nearest.ts'
import type { Settings } from '../settings/load.ts'
import { isHeaderRow } from './header-again.ts'
import { instalmentStatuses, isStatusPlan, kinds, partNames, paymentStatuses } from './inputs.ts'
import type { Loaded } from './load.ts'
import { faultColumn } from './typed.ts'

/** One question for each value of a status or kind that no mapping knows, with its count and the line to add. */
export async function questions(engine: Engine, loaded: Loaded, settings: Settings): Promise<UserError[]> {
  const has = (column: string) => loaded.columns.some((one) => one.name === column && one.role === 'used')
  const errors: UserError[] = []
  const ask = async (column: string, known: readonly string[]) => {
    if (!has(column)) return
    // The header that stands again between the rows is no question: it is rejected for what it is.
    const { header } = loaded.columns.find((one) => one.name === column && one.role === 'used')!
    const row = isHeaderRow(loaded)
    const again = sql`((${name(column)} = ${text(header)} AND ${name(faultColumn)} > 0)${row === undefined ? sql`` : sql` OR coalesce(${row}, FALSE)`})`
    const rows = await engine.rows(
      sql`SELECT ${name(column)} AS value, count(*) AS n FROM ${loaded.rows} WHERE ${name(column)} NOT IN (${join(known.map(text))}) AND NOT ${again} GROUP BY ${name(column)} ORDER BY n DESC, value`,
    )
    for (const row of rows) {
      const value = String(row.value)
      const at = { input: loaded.input, name: column, value, count: Number(row.n) }
      errors.push(new UserError('value-unknown', { ...at, hint: `Add inputs.${loaded.input}.values.${column}: {${value}: ${nearest(value, known) ?? '...'}} to the settings. Known: ${known.join(', ')}.` }))
    }
  }
  if (loaded.input === 'loans' && settings.unknown_status === 'ask') await ask('status', states)
  const { repayments, schedule } = settings.inputs
  if (loaded.input === 'schedule' && repayments.files === undefined && !schedule.open_only && isStatusPlan(has)) await ask('status', [...Object.keys(instalmentStatuses), ...eachOf(settings.conventions).flatMap(({ skip_instalments }) => skip_instalments)])
  if (loaded.input === 'schedule' && schedule.rows === 'component') await ask('kind', partNames)
  if (loaded.input === 'repayments') {
    await ask('kind', Object.keys(kinds))
    if (has('kind')) errors.push(...(await notSet(engine, loaded, settings)))
    await ask('status', paymentStatuses)
  }
  return errors
}

/** Kinds whose reading only the lender knows: the guarantor has paid the bank, and the platform still collects. */
async function notSet(engine: Engine, { input, rows }: Loaded, settings: Settings): Promise<UserError[]> {
  const open = (['compensation', 'buyback'] as const).filter((kind) => settings[kind] === undefined)
  if (open.length === 0) return []
  const found = await engine.rows(sql`SELECT kind, count(*) AS n FROM ${rows} WHERE kind IN (${join(open.map(text))}) GROUP BY kind ORDER BY kind`)
  return found.map((row) => new UserError('kind-not-set', { input, value: String(row.kind), count: Number(row.n) }))
}
