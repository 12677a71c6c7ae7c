import type { Engine } from './engine/engine.ts'
import type { Relation } from './engine/relation.ts'
import { sql } from './engine/sql.ts'
import type { Warning } from './outcome.ts'

/** How many accounts leave a convention out, and for which reasons. */
export interface GoneByDays {
  readonly leftOut: 'class' | 'material' | 'columns'
  readonly why: string
  readonly accounts: number
}

export async function goneByDaysIn(engine: Engine, of: Relation): Promise<GoneByDays[]> {
  const rows = await engine.rows(sql`SELECT left_out, why, count(DISTINCT account_id) AS n FROM ${of} GROUP BY left_out, why ORDER BY left_out, why`)
  return rows.map(({ left_out, why, n }) => ({ leftOut: left_out as GoneByDays['leftOut'], why: String(why), accounts: Number(n) }))
}

const codes = {
  class: { code: 'class-by-days', says: 'Tiers that should stay until arrears are paid go by days only' },
  columns: { code: 'past-not-told', says: 'The columns of the past are blank where it is not told' },
  material: { code: 'material-by-days', says: 'Days that should count since what is overdue is material count from the due date' },
} as const

/** In words, with the accounts of each reason. `onWorst`: what is said where several days were looked at. */
export const goneByDaysSaid = (found: readonly GoneByDays[], onWorst = ''): Warning[] =>
  (['class', 'material', 'columns'] as const).flatMap((leftOut) => {
    const own = found.filter((one) => one.leftOut === leftOut)
    if (own.length === 0) return []
    const { code, says } = codes[leftOut]
    return [{ code, says: `${says}: ${own.map(({ why, accounts }) => `${why} (${accounts} ${accounts === 1 ? 'account' : 'accounts'})`).join(', ')}${onWorst}.` }]
  })
