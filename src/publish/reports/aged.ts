import { notAged, notLate } from '../../classify/columns.ts'
import { isLendersWord } from '../../classify/lenders-word.ts'
import type { Relation } from '../../engine/relation.ts'
import { join, name, sql, text, type Sql } from '../../engine/sql.ts'
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

const beside = { forborne: { of: 'forborne', value: sql`a.forborne` }, by_lender: { of: 'basis', value: isLendersWord(sql`a.basis`) } }
export const namesBeside = Object.keys(beside)

/**
 * Counts that every report has where the book asks for them: accounts that are forborne, where plans were changed; accounts whose days are the
 * lender's own word. Their columns, of accounts under the alias `a`; those named in `but` are left out.
 */
export function countsBeside(accounts: Relation, but: readonly string[] = []): { readonly columns: Readonly<Record<string, 'int'>>; readonly value: Sql } {
  const counts = Object.entries(beside).filter(([column, { of }]) => of in accounts.columns && !but.includes(column))
  return { columns: Object.fromEntries(counts.map(([column]) => [column, 'int'] as const)), value: join(counts.map(([column, { value }]) => sql`, count(*) FILTER (WHERE ${value}) AS ${name(column)}`), sql``) }
}

/** Of accounts under the alias `a`. */
export const isHeld = sql`coalesce(a.held_reason, '') <> ''`
