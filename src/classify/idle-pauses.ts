import type { Engine } from '../engine/engine.ts'
import { name, sql, text, type Hole } from '../engine/sql.ts'
import type { Warning } from '../outcome.ts'
import type { Settings } from '../settings/load.ts'
import type { Calendar } from './calendar.ts'
import type { Classified } from './classify.ts'

/** Pauses that are of no account: an id that a spreadsheet damaged, a product or region that is spelled otherwise. They take nothing off, and nobody would see it. */
export async function idlePauses(engine: Engine, { pauses }: Calendar, { classified, passed }: Classified, { region }: Settings): Promise<Warning[]> {
  if (pauses === undefined) return []
  const columns: readonly (readonly [kind: string, column: string])[] = [['account', 'account_id'], ['product', 'product'], ...(passed.includes(region) ? [['region', region] as const] : [])]
  const meets = columns.map(([kind, column]) => sql`SELECT ${text(kind)} AS kind, CAST(${name(column)} AS VARCHAR) AS value FROM ${classified}`).reduce<Hole>((all, one, at) => (at === 0 ? one : sql`${all} UNION ${one}`), sql``)
  const rows = await engine.rows(sql`
    SELECT DISTINCT p."of" AS kind, p.value
    FROM ${pauses} p
    LEFT JOIN (${meets}) AS m ON m.kind = p."of" AND m.value = p.value
    WHERE m.value IS NULL
    ORDER BY kind, p.value`)
  if (rows.length === 0) return []
  const names = rows.map(({ kind, value }) => `${String(kind)} ${String(value)}`)
  return [{ code: 'pauses-of-no-account', says: `${rows.length === 1 ? 'What 1 pause is for meets' : `What pauses are for, ${rows.length} names, meets`} no account of the loans, so nothing is taken off for it.`, names }]
}
