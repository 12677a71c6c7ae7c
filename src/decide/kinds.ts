import { notAged, notLate, states } from '../classify/columns.ts'
import type { Settings } from '../settings/load.ts'
import type { ColumnKind } from './tree.ts'

/** Columns that are never blank: a test that lets blanks pass is no trap there. */
const filled = new Set(['account_id', 'tier', 'borrower_tier', 'as_of', 'work_on', 'weekday', 'leads', 'borrower_accounts', 'borrower_accounts_late'])

/** What is known of the values of a column of accounts. */
export function kindIn({ tiers, buckets }: Pick<Settings, 'tiers' | 'buckets'>): (column: string, type: ColumnKind['type']) => ColumnKind {
  const ofTiers: readonly string[] = [...notAged, ...tiers.map(({ name }) => name), ...notLate]
  const valuesOf: Readonly<Record<string, readonly string[]>> = { tier: ofTiers, borrower_tier: ofTiers, bucket: buckets.map(({ name }) => name), status: states }
  return (column, type) => ({ type, ...(valuesOf[column] === undefined ? {} : { values: valuesOf[column] }), ...(filled.has(column) ? { filled: true as const } : {}) })
}
