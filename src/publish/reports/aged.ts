import { notAged, notLate } from '../../classify/columns.ts'
import type { Relation } from '../../engine/relation.ts'
import { join, sql, text } from '../../engine/sql.ts'
import type { Settings } from '../../settings/load.ts'

/** The tiers as reports list them: not late, late from the least to the most, then what is in no ageing total. */
export function tierOrder(settings: Pick<Settings, 'tiers'>): { name: string; aged: boolean }[] {
  const late = [...settings.tiers].sort((a, b) => a.from - b.from).map((tier) => tier.name)
  const aged = [...[...notLate].reverse(), ...late]
  const rest = ['settled', 'written_off', 'sold', 'no_schedule', 'not_yet', 'cancelled', 'rejected']
  return [...aged.map((name) => ({ name, aged: true })), ...rest.concat(notAged.filter((name) => !rest.includes(name))).map((name) => ({ name, aged: false }))]
}

/** The ageing buckets, from the best to the worst. */
export const bucketsInOrder = ({ buckets }: Pick<Settings, 'buckets'>) => [...buckets].sort((a, b) => a.from - b.from)

/** Of accounts under the alias `a`: in ageing totals. Written-off and sold ones have their days too, but stand apart. */
export const isAged = (settings: Pick<Settings, 'tiers'>) => sql`a.tier IN (${join(tierOrder(settings).filter((tier) => tier.aged).map((tier) => text(tier.name)))})`

/** Where plans were changed every report counts the accounts that are forborne: the column, of accounts under the alias `a`. */
export const forborneCount = (accounts: Relation) =>
  'forborne' in accounts.columns ? { columns: { forborne: 'int' } as const, value: sql`, count(*) FILTER (WHERE a.forborne) AS forborne` } : { columns: {}, value: sql`` }

/** Of accounts under the alias `a`. */
export const isHeld = sql`coalesce(a.held_reason, '') <> ''`
