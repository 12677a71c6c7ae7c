import { bareId, matches, rearranged, translated } from './engine/calls.ts'
import type { Engine } from './engine/engine.ts'
import type { Relation } from './engine/relation.ts'
import { sql, text, type Hole } from './engine/sql.ts'
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
  const [strange] = await engine.rows(sql`SELECT count(*) AS n FROM ${rows} WHERE why = 'no_loan'`)
  if (Number(strange!.n) === 0) return []
  const found = await engine.rows(sql`
    SELECT u.account_id, min(l.account_id) AS other, max(u.added) AS added
    FROM (
      SELECT account_id, ${bareId(sql`account_id`)} AS bare, 0 AS added FROM ${rows} WHERE why = 'no_loan'
      UNION
      SELECT account_id, ${bareId(plainId(sql`account_id`))}, 1 FROM ${rows} WHERE why = 'no_loan' AND ${plainId(sql`account_id`)} <> account_id
    ) u
    JOIN ${accounts} l ON ${bareId(sql`l.account_id`)} = u.bare
    GROUP BY u.account_id
    ORDER BY u.account_id`)
  const said = (of: typeof found, says: string) => (of.length === 0 ? [] : [{ code: 'ids-alike', says: `${of.length} unmatched ${of.length === 1 ? 'id' : 'ids'} of ${input} would match ${says}`, names: of.map(({ account_id, other }) => `${account_id} (${other})`) }])
  return [
    ...said(found.filter(({ added }) => Number(added) === 0), `but for leading zeros or letter case. Export ids as text; where letter case does not tell them apart, set inputs.${input}.id_letters.`),
    ...said(found.filter(({ added }) => Number(added) === 1), `without signs that do not show, that a spreadsheet has added ('1, ="1", 1.0) or that are wide ones. Export ids as text, straight from the loan system.`),
  ]
}

const wide = Array.from({ length: 94 }, (_, at) => String.fromCharCode(0xff01 + at)).join('')
const plain = Array.from({ length: 94 }, (_, at) => String.fromCharCode(0x21 + at)).join('')
/** Blanks of all kinds, signs without a width, and what spreadsheets put around ids. */
const added = '\'"`=\u2018\u2019 \t\u00a0\u00ad\u2002\u2003\u2007\u2009\u200b\u200c\u200d\u200e\u200f\u202f\u2060\u3000\ufeff'

/** An id without what may stand around it; wide letters and digits as plain ones. */
const plainId = (id: Hole) => rearranged(translated(id, text(wide + added), text(plain)), text('[.]0+$'), text(''))

async function inNotation(engine: Engine, input: string, rows: Relation): Promise<Warning[]> {
  const [row] = await engine.rows(sql`SELECT count(*) AS n FROM ${rows} WHERE ${matches(sql`account_id`, text(inScientificNotation))}`)
  const count = Number(row!.n)
  return count === 0 ? [] : [{ code: 'ids-damaged', says: `${count} unmatched ${count === 1 ? 'row' : 'rows'} of ${input} have account ids in scientific notation: a spreadsheet has lost their digits, and nobody can say whose they are.` }]
}
