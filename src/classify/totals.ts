import type { Engine } from '../engine/engine.ts'
import type { Relation } from '../engine/relation.ts'
import { join, name, sql, type Sql } from '../engine/sql.ts'
import type { MoneyTotals } from '../outcome.ts'
import type { Book } from '../read/read.ts'
import type { ValidatedBook } from '../validate/validate.ts'
import type { Classified, Unmet } from './classify.ts'
import { namesNoAccount } from './holds.ts'

const sum = (amount: string): Sql => sql`coalesce(sum(${name(amount)}), 0)`

/** Money per currency at the end of as_of: received = covered + advance + to_principal + to_charges + unmatched - owed_back. */
export async function moneyTotals(engine: Engine, { classified, unmatchedMoney }: Pick<Classified, 'classified'> & Pick<Unmet, 'unmatchedMoney'>): Promise<MoneyTotals[]> {
  const beside = (['to_principal', 'to_charges'] as const).filter((amount) => amount in classified.columns)
  const rows = await engine.rows(sql`
    SELECT currency, CAST(sum(received) AS VARCHAR) AS received, CAST(sum(cash) AS VARCHAR) AS cash, CAST(sum(received - cash) AS VARCHAR) AS other,
           CAST(sum(ended) AS VARCHAR) AS ended, CAST(sum(covered) AS VARCHAR) AS covered, CAST(sum(advance) AS VARCHAR) AS advance,
           CAST(sum(unmatched) AS VARCHAR) AS unmatched, CAST(sum(owed_back) AS VARCHAR) AS owed_back, CAST(sum(later) AS VARCHAR) AS later, CAST(sum(pending) AS VARCHAR) AS pending${join(beside.map((amount) => sql`, CAST(sum(${name(amount)}) AS VARCHAR) AS ${name(amount)}`), sql``)}
    FROM (
      SELECT currency, ${sum('received')} AS received, coalesce(sum(received - waived), 0) AS cash,
             coalesce(sum(CASE WHEN money_state IN ('written_off', 'sold') THEN received END), 0) AS ended,
             ${sum('amount_covered')} AS covered, ${sum('advance')} AS advance, 0 AS unmatched, ${sum('owed_back')} AS owed_back, ${sum('later')} AS later, ${sum('pending_amount')} AS pending${join(beside.map((amount) => sql`, ${sum(amount)} AS ${name(amount)}`), sql``)}
      FROM ${classified}
      WHERE tier <> 'rejected'
      GROUP BY currency
      UNION ALL
      SELECT currency, ${sum('received')}, ${sum('cash')}, 0, 0, 0, ${sum('received')}, 0, ${sum('later')}, ${sum('pending')}${join(beside.map(() => sql`, 0`), sql``)} FROM ${unmatchedMoney} GROUP BY currency
    ) AS parts
    GROUP BY currency
    ORDER BY currency`)
  return rows.map((row) => ({
    currency: String(row.currency),
    received: String(row.received),
    of_which_cash: String(row.cash),
    of_which_other: String(row.other),
    of_which_written_off_or_sold: String(row.ended),
    covered: String(row.covered),
    advance: String(row.advance),
    ...Object.fromEntries(beside.map((amount) => [amount, String(row[amount])] as const)),
    unmatched: String(row.unmatched),
    owed_back: String(row.owed_back),
    later: String(row.later),
    pending: String(row.pending),
  }))
}

/** Distinct readable account ids of the loan rows, accepted or rejected: counted from the rows, not from the accounts. */
export async function accountsIn(engine: Engine, book: Book, { loans }: ValidatedBook, broken: Relation, rejected: number): Promise<number> {
  // Ids that increase from row to row, none in quarantine, are as many as the rows.
  if (book.loans.keyIncreases && rejected === 0) return book.loans.read
  const [row] = await engine.rows(sql`
    SELECT count(DISTINCT account_id) AS n
    FROM (
      SELECT r.account_id FROM ${loans.rows} r WHERE r.account_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM ${loans.rejected} x WHERE x.ordinal = r.ordinal AND x.reason IN (${join(namesNoAccount(book.loans))}))
      UNION ALL
      SELECT account_id FROM ${broken} WHERE account_id IS NOT NULL
    ) AS named`)
  return Number(row!.n)
}
