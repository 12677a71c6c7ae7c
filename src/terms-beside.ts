import { byCode } from './by-code.ts'
import type { Classified } from './classify/classify.ts'
import type { Engine, Row } from './engine/engine.ts'
import { relation } from './engine/relation.ts'
import { int, join, name, some, sql, text, type } from './engine/sql.ts'
import type { Warning } from './outcome.ts'
import { counted } from './publish/formats/figures.ts'
import type { Book } from './read/read.ts'
import { guarded, type GuardedType } from './read/typed.ts'
import type { ValidatedBook } from './validate/validate.ts'

/** Where terms and the rows of the schedule tell different plans: lines of the report of exceptions, and the same as a warning. */
interface Disagreeing {
  readonly exceptions: readonly Row[]
  readonly warnings: readonly Warning[]
}

const says = { number: 'another number of instalments', first_due_on: 'another first due date', amount: 'other amounts' } as const

/** The rows of the schedule stand; that the terms say something else is told, with the money that lies between. Asked while the rows are at hand. */
export async function termsBeside(engine: Engine, book: Book, { loans }: ValidatedBook, { terms, plan, passed }: Classified): Promise<Disagreeing> {
  if (terms === undefined || book.schedule.files.length === 0) return { exceptions: [], warnings: [] }
  const term = (column: string, as: GuardedType) => (passed.includes(column) ? guarded(sql`nullif(CAST(l.${name(column)} AS ${type('text')}), '')`, as, book.scale) : sql`NULL`)
  const differs = {
    number: sql`number_said <> instalments_total`,
    first_due_on: sql`first_said <> first_due`,
    // The last instalment may be rounded, and only equal ones are told by their amount.
    amount: sql`abs(planned - amount_said * number_said) * 100 > planned`,
  }
  const beside = relation({
    name: 'terms beside the schedule',
    says: 'Accounts with rows in the schedule whose terms say something else.',
    columns: { account_id: 'text', currency: 'text', number: 'bool', first_due_on: 'bool', amount: 'bool', planned: 'money', by_terms: 'money' },
    kept: 'table',
    body: sql`
      SELECT *
      FROM (
        SELECT account_id, currency, ${join(Object.entries(differs).map(([detail, differ]) => sql`coalesce(${differ}, FALSE) AS ${name(detail)}`))}, planned, amount_said * number_said AS by_terms
        FROM (
          SELECT l.account_id, l.currency, p.instalments_total, p.planned, p.first_due, CAST(${term('instalments', 'int')} AS ${type('int')}) AS number_said, CAST(${term('first_due_on', 'date')} AS ${type('date')}) AS first_said,
                 CAST(${passed.includes('method') ? sql`CASE WHEN coalesce(lower(nullif(CAST(l.method AS ${type('text')}), '')), 'equal_instalments') = 'equal_instalments' THEN ${term('instalment_amount', 'money')} END` : term('instalment_amount', 'money')} AS ${type('money')}) AS amount_said
          FROM ${loans.accepted} l
          JOIN ${plan} p ON p.account_id = l.account_id
          WHERE NOT EXISTS (SELECT 1 FROM ${terms} t WHERE t.account_id = l.account_id)
        ) AS told
      ) AS compared
      WHERE ${some(Object.keys(differs).map(name))}`,
  })
  await engine.define(beside)
  const lines = await engine.rows(join(Object.keys(differs).map((detail, place) => sql`
    SELECT ${int(place)} AS place, 'terms_not_used' AS kind, ${text(detail)} AS detail, currency, CAST(count(*) AS ${type('int')}) AS accounts, ${detail === 'amount' ? sql`CAST(sum(planned - by_terms) AS ${type('money')})` : sql`CAST(NULL AS ${type('money')})`} AS amount, min(account_id) AS example
    FROM ${beside} WHERE ${name(detail)} GROUP BY currency`), sql` UNION ALL `))
  if (lines.length === 0) return { exceptions: [], warnings: [] }
  const names = (await engine.rows(sql`SELECT account_id FROM ${beside} ORDER BY account_id`)).map((row) => String(row.account_id))
  const ordered = [...lines].sort((a, b) => Number(a.place) - Number(b.place) || byCode(String(a.currency), String(b.currency)))
  const each = ordered.map(({ detail, currency, accounts, amount }) => `${accounts} ${says[detail as keyof typeof says]}${amount === null || amount === undefined ? '' : ` (the schedule asks ${String(amount)} ${String(currency)} more than the terms)`}`)
  return {
    exceptions: ordered.map(({ place: _place, ...line }) => line),
    warnings: [{ code: 'terms-not-used', says: `${counted(names.length, 'account')} ${names.length === 1 ? 'has' : 'have'} another plan in the schedule than in the terms of the loan, and the rows of the schedule stand: ${each.join(', ')}.`, names }],
  }
}
