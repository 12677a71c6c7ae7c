import { countSmall, hashOf, matches } from '../engine/calls.ts'
import { relation, type Relation } from '../engine/relation.ts'
import { int, join, name, sql, text } from '../engine/sql.ts'
import { keyValue, mustHave } from '../read/keys.ts'
import type { ReadInput } from '../read/read.ts'
import { faultColumn } from '../read/typed.ts'
import { inScientificNotation, numberOf } from './checks.ts'
import { ordinalColumn } from './rows.ts'

/**
 * Rows whose declared key stands more than once: an exact twin is rejected and its first copy stands, one key with two
 * contents rejects all. Where the key is known to increase from row to row there is nothing to look for. Else few rows are
 * suspected by a cheap sign that no repeated key escapes, and only those are compared.
 */
export function duplicates(read: ReadInput, rows: Relation, faults: Relation): Relation | undefined {
  if (read.keyIncreases || read.key.length === 0) return undefined
  const { sign, of } = suspicion(read, rows)
  const contents = Object.keys(rows.columns).filter((column) => column !== ordinalColumn && column !== faultColumn)
  const suspects = relation({
    name: `${read.input} suspects`,
    says: `Rows of ${read.input} whose key may stand more than once.`,
    columns: { ordinal: 'bigint', ...Object.fromEntries(read.key.map((column) => [column, rows.columns[column]!] as const)), content: 'bigint' },
    kept: 'table',
    body: sql`
      SELECT r.ordinal, ${join(read.key.map((column) => sql`r.${name(column)}`))}, ${hashOf(...contents.map((column) => sql`r.${name(column)}`))} AS content
      FROM ${rows} r
      JOIN ${sign} s ON s.sign = ${hashOf(...of.map((column) => keyValue(column, sql`r.${name(column)}`)))}
      WHERE r.${name(faultColumn)} = 0 AND ${join(mustHave(read.key).map((column) => sql`r.${name(column)} IS NOT NULL`), sql` AND `)}`,
  })
  const byKey = sql`PARTITION BY ${join(read.key.map(name))}`
  // Of ids that a spreadsheet has made one, neither a twin nor a conflict can be told from two payments.
  const damaged = read.key.includes('payment_id') ? sql`WHEN ${matches(sql`payment_id`, text(inScientificNotation))} THEN ${int(numberOf('payment-id-damaged'))} ` : sql``
  return relation({
    name: `${read.input} duplicates`,
    says: `Rows of ${read.input} that repeat an earlier one, or that share a key with another content.`,
    columns: { ordinal: 'bigint', reason: 'int' },
    kept: 'table',
    body: sql`
      SELECT ordinal, CASE ${damaged}WHEN least_content = most_content THEN ${int(numberOf('twin'))} ELSE ${int(numberOf('conflicting-key'))} END AS reason
      FROM (
        SELECT ordinal, ${join(read.key.map(name))}, min(content) OVER (${byKey}) AS least_content, max(content) OVER (${byKey}) AS most_content, min(ordinal) OVER (${byKey}) AS first_ordinal
        FROM ${suspects} s
        WHERE NOT EXISTS (SELECT 1 FROM ${faults} f WHERE f.ordinal = s.ordinal)
      ) AS compared
      WHERE least_content <> most_content OR ordinal <> first_ordinal`,
  })
}

/** What repeated keys share. Numbered instalments need no look at single keys: an account with fewer numbers than rows is enough. */
function suspicion({ input, key }: ReadInput, rows: Relation): { sign: Relation; of: readonly string[] } {
  const sound = sql`${name(faultColumn)} = 0 AND ${join(mustHave(key).map((column) => sql`${name(column)} IS NOT NULL`), sql` AND `)}`
  const numbered = key.join() === 'account_id,instalment_no' && rows.columns.instalment_no === 'int'
  const found = numbered
    ? sql`SELECT ${hashOf(name('account_id'))} AS sign FROM (SELECT account_id FROM ${rows} WHERE ${sound} GROUP BY account_id HAVING ${countSmall(name('instalment_no'))} IS DISTINCT FROM count(*)) AS accounts`
    : sql`SELECT sign FROM (SELECT ${hashOf(...key.map((column) => keyValue(column)))} AS sign FROM ${rows} WHERE ${sound}) AS signed GROUP BY sign HAVING count(*) > 1`
  const sign = relation({
    name: `${input} signs`,
    says: `Hashes shared by keys of ${input} that may stand more than once.`,
    columns: { sign: 'bigint' },
    kept: 'table',
    body: sql`SELECT DISTINCT sign FROM (${found}) AS found`,
  })
  return { sign, of: numbered ? ['account_id'] : key }
}
