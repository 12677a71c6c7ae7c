import { relation, type Relation } from '../../engine/relation.ts'
import { int, join, sql, text, type Sql } from '../../engine/sql.ts'
import type { Settings } from '../../settings/load.ts'
import { isAged } from '../reports/aged.ts'
import { betweenOthers, moreOthers, otherInWords } from './words.ts'

/** Of these the first few are named. */
const mostOthers = 5

/** Accounts under the alias `a` that do not lead their borrower and are past due. */
export const isBeside = (settings: Settings): Sql => sql`a.leads = FALSE AND a.days_past_due > 0 AND a.borrower_id IS NOT NULL AND ${isAged(settings)}`

/** A person who is called is asked about all that he owes: the accounts beside the leading one that are past due, in words. `from`: these accounts, under the alias `a`. */
export function otherAccounts(from: Sql, settings: Settings): { readonly others: Relation; readonly beside: Relation } {
  const beside = relation({
    name: 'late beside the leading one',
    says: 'Accounts that do not lead their borrower and are past due.',
    columns: { borrower_id: 'text', account_id: 'text', days_past_due: 'int', overdue_amount: 'money', said: 'text' },
    kept: 'table',
    body: sql`
      SELECT a.borrower_id, a.account_id, a.days_past_due, a.overdue_amount, ${otherInWords(settings.language)} AS said
      FROM ${from}`,
  })
  const counted = sql`SELECT borrower_id, count(*) AS n, min(said) AS said FROM ${beside} GROUP BY borrower_id`
  const places = Array.from({ length: mostOthers }, (_, at) => sql`max(CASE WHEN nth = ${int(at + 1)} THEN said END)`)
  // Most have one: only where there are several must they be put in order.
  const others = relation({
    name: 'other late accounts',
    says: 'Of borrowers with several accounts those beside the leading one that are past due, the worst first.',
    columns: { borrower_id: 'text', others: 'text' },
    kept: 'table',
    body: sql`
      SELECT borrower_id, said AS others FROM (${counted}) AS one WHERE n = 1
      UNION ALL
      SELECT borrower_id, concat_ws(${text(betweenOthers(settings.language))}, ${join(places)}) || CASE WHEN count(*) > ${int(mostOthers)} THEN ${moreOthers(settings.language, sql`(count(*) - ${int(mostOthers)})`)} ELSE '' END
      FROM (
        SELECT b.borrower_id, b.said, row_number() OVER (PARTITION BY b.borrower_id ORDER BY b.days_past_due DESC, b.overdue_amount DESC, b.account_id ASC) AS nth
        FROM ${beside} b
        JOIN (${counted}) AS c ON c.borrower_id = b.borrower_id
        WHERE c.n > 1
      ) AS others
      GROUP BY borrower_id`,
  })
  return { others, beside }
}
