import { states } from './classify/columns.ts'
import type { Classified } from './classify/classify.ts'
import { addDays } from './engine/calls.ts'
import type { Engine, Row } from './engine/engine.ts'
import { date, int, join, nothing, sql, text, type } from './engine/sql.ts'
import type { MoneyTotals } from './outcome.ts'
import type { Book } from './read/read.ts'
import type { Settings } from './settings/load.ts'
import type { ValidatedBook } from './validate/validate.ts'

/** A payment that is on its way for longer than this does not arrive by itself. */
const mostPending = 3

/** What accounts do not show by themselves: lines of the report of exceptions from the rows, asked before they are gone. */
export async function pendingLong(engine: Engine, book: Book, { loans, repayments }: ValidatedBook, { as_of, currency }: Settings): Promise<Row[]> {
  if (!used(book, 'repayments', 'status')) return []
  // Money of no loan has the currency of its row, or that of the settings.
  const of = sql`coalesce(l.currency, p.currency, ${currency === undefined ? nothing('text') : text(currency)})`
  const since = addDays(date(as_of), int(-mostPending))
  return await engine.rows(sql`
    SELECT 'pending_over_3_days' AS kind, ${of} AS currency, ${counts(sql`p.account_id`)}, CAST(sum(p.amount) AS ${type('money')}) AS amount, min(p.paid_on) AS oldest
    FROM ${repayments.accepted} p
    LEFT JOIN ${loans.accepted} l ON l.account_id = p.account_id
    WHERE p.status = 'pending' AND p.paid_on < ${since}
    GROUP BY ${of}`)
}

/** Loans whose status nothing maps, where the settings take them as open. */
export async function unknownStatus(engine: Engine, book: Book, { classified }: Classified, settings: Settings): Promise<Row[]> {
  if (settings.unknown_status === 'ask' || !used(book, 'loans', 'status')) return []
  return await engine.rows(sql`
    SELECT 'unknown_status' AS kind, r.status AS detail, c.currency, ${counts(sql`c.account_id`)}, CAST(coalesce(sum(c.overdue_amount), 0) AS ${type('money')}) AS amount, min(c.oldest_unpaid_due_on) AS oldest
    FROM ${book.loans.rows} r
    JOIN ${classified} c ON c.account_id = r.account_id
    WHERE r.status NOT IN ('', ${join(states.map(text))})
    GROUP BY r.status, c.currency`)
}

/** Accounts with money dated after the day, and one of them: the sums are known. */
export async function paidLater(engine: Engine, { classified }: Classified, money: readonly MoneyTotals[]): Promise<Row[]> {
  if (money.every(({ later }) => Number(later) === 0)) return []
  return await engine.rows(sql`SELECT 'paid_after_as_of' AS kind, currency, CAST(count(*) AS ${type('int')}) AS accounts, min(account_id) AS example FROM ${classified} WHERE later <> 0 GROUP BY currency`)
}

const used = (book: Book, input: 'loans' | 'repayments', column: string) => book[input].columns.some((one) => one.name === column && one.role === 'used')
const counts = (account: ReturnType<typeof sql>) => sql`CAST(count(DISTINCT ${account}) AS ${type('int')}) AS accounts, CAST(count(*) AS ${type('int')}) AS rows, min(${account}) AS example`
