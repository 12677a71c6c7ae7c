import { bareId, matches } from './engine/calls.ts'
import type { Engine } from './engine/engine.ts'
import type { Relation } from './engine/relation.ts'
import { sql, text } from './engine/sql.ts'
import type { Warning } from './outcome.ts'
import { inScientificNotation } from './validate/checks.ts'

/** Digits that a spreadsheet keeps of a number. */
const kept = '[1-9][0-9]{14}'

/** What spreadsheets do to ids: digits lost at the end, zeros lost in front. `strangers`: rows that meet no account, where there are any. */
export async function idWarnings(engine: Engine, accounts: Relation, strangers: Readonly<Partial<Record<string, Relation>>>): Promise<Warning[]> {
  const warnings = await rounded(engine, accounts)
  for (const [input, rows] of Object.entries(strangers)) if (rows !== undefined) warnings.push(...(await alike(engine, accounts, input, rows)), ...(await inNotation(engine, input, rows)))
  return warnings
}

/** One id in ten of 16 digits ends in a zero: most of them do where a spreadsheet has written them. */
async function rounded(engine: Engine, accounts: Relation): Promise<Warning[]> {
  const long = sql`SELECT account_id FROM ${accounts} WHERE length(account_id) >= 16 AND ${matches(sql`account_id`, text(`${kept}[0-9]+`))}`
  const ends = (pattern: string) => sql`sum(CASE WHEN ${matches(sql`account_id`, text(kept + pattern))} THEN 1 ELSE 0 END)`
  const [row] = await engine.rows(sql`SELECT count(*) AS n, ${ends('0+')} AS zeros, ${ends('000+')} AS surely, min(CASE WHEN ${matches(sql`account_id`, text(`${kept}0+`))} THEN account_id END) AS first FROM (${long}) AS long`)
  const [n, zeros, surely] = [Number(row!.n), Number(row!.zeros ?? 0), Number(row!.surely ?? 0)]
  if (zeros * 2 <= n && surely * 100 <= n) return []
  return [{ code: 'ids-rounded', says: `${zeros} of ${n} account ids of 16 digits or more have zeros behind the 15th, such as ${row!.first}: a spreadsheet may have rounded them. Export the ids as text.` }]
}

async function alike(engine: Engine, accounts: Relation, input: string, rows: Relation): Promise<Warning[]> {
  const found = await engine.rows(sql`
    SELECT u.account_id, min(l.account_id) AS other
    FROM (SELECT DISTINCT account_id FROM ${rows} WHERE why = 'no_loan') u
    JOIN ${accounts} l ON ${bareId(sql`l.account_id`)} = ${bareId(sql`u.account_id`)}
    GROUP BY u.account_id
    ORDER BY u.account_id`)
  if (found.length === 0) return []
  return [{ code: 'ids-alike', says: `${found.length} unmatched ${found.length === 1 ? 'id' : 'ids'} of ${input} would match but for leading zeros or letter case. Export ids as text; where letter case does not tell them apart, set inputs.${input}.id_letters.`, names: found.map(({ account_id, other }) => `${account_id} (${other})`) }]
}

async function inNotation(engine: Engine, input: string, rows: Relation): Promise<Warning[]> {
  const [row] = await engine.rows(sql`SELECT count(*) AS n FROM ${rows} WHERE ${matches(sql`account_id`, text(inScientificNotation))}`)
  const count = Number(row!.n)
  return count === 0 ? [] : [{ code: 'ids-damaged', says: `${count} unmatched ${count === 1 ? 'row' : 'rows'} of ${input} have account ids in scientific notation: a spreadsheet has lost their digits, and nobody can say whose they are.` }]
}
