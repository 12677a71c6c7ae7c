import type { Engine } from './engine/engine.ts'
import type { Classified } from './classify/classify.ts'
import { planFacts } from './classify/in-force.ts'
import { revolving } from './classify/state.ts'
import { int, join, name, some, sql, text, type, type Sql } from './engine/sql.ts'
import type { Warning } from './outcome.ts'
import { counted } from './publish/formats/figures.ts'
import type { Book } from './read/read.ts'
import type { Settings } from './settings/load.ts'
import type { ValidatedBook } from './validate/validate.ts'

/** Names of products that revolve, and of columns that only such have. */
const products = /\bcards?\b|credit.?card|revolv|overdraft|credit.?line|line.?of.?credit|信用卡|贷记卡|循环|透支|额度/i
/** Cards that are paid by instalments have a plan. */
const plans = /instal|\bemi\b|分期/i
const limits = /^(credit|card|approved|total)?[ _-]?limit([ _-]?amount)?$|信用额度|授信额度|^额度$/i
/** More products than this are no names of products. */
const mostProducts = 500
/** Of so many statements none falls due long after the day of the export, and the amounts go up where nothing is paid. */
const leastRows = 3

/**
 * Revolving products that are sent as instalments: a minimum holds what is past due of earlier ones, so that the sum of them asks
 * too much. Looked for only among loans whose product or columns say that they revolve: rows whose amounts rise from one to the next, with none far ahead.
 */
export async function looksRevolving(engine: Engine, book: Book, { loans }: ValidatedBook, { plan, instalments, passed }: Classified, settings: Settings): Promise<Warning[]> {
  if (book.schedule.files.length === 0 || planFacts(book, settings).open) return []
  const suspects: Sql[] = passed.filter((column) => limits.test(column)).map((column) => sql`coalesce(nullif(CAST(l.${name(column)} AS ${type('text')}), ''), '0') <> '0'`)
  if (book.loans.columns.some((column) => column.name === 'product' && column.role === 'used')) {
    const found = await engine.rows(sql`SELECT DISTINCT product FROM ${loans.accepted} WHERE product IS NOT NULL ORDER BY product LIMIT ${int(mostProducts + 1)}`)
    const named = found.map(({ product }) => String(product)).filter((product) => products.test(product.replaceAll('_', ' ')) && !plans.test(product))
    if (found.length <= mostProducts && named.length > 0) suspects.push(sql`l.product IN (${join(named.map(text))})`)
  }
  if (suspects.length === 0) return []
  const revolves = passed.includes('method') ? sql` AND NOT ${revolving(sql`l.method`)}` : sql``
  const [row] = await engine.rows(sql`
    SELECT count(*) AS n, min(account_id) AS first FROM (
      SELECT i.account_id
      FROM (
        SELECT i.account_id, i.amount_due, lag(i.amount_due) OVER (PARTITION BY i.account_id ORDER BY i.place) AS before
        FROM ${instalments} i
        JOIN ${plan} p ON p.account_id = i.account_id
        JOIN ${loans.accepted} l ON l.account_id = i.account_id
        WHERE p.instalments_total >= ${int(leastRows)} AND p.instalments_total - p.instalments_due <= 1 AND ${some(suspects)}${revolves}
      ) AS i
      GROUP BY i.account_id
      HAVING count(CASE WHEN amount_due < before THEN 1 END) = 0 AND count(CASE WHEN amount_due > before THEN 1 END) >= 2 AND max(amount_due) * 2 >= 3 * min(amount_due)
    ) AS rising`)
  const accounts = Number(row!.n)
  return accounts === 0 ? [] : [{ code: 'looks-revolving', says: `${counted(accounts, 'account')} (${String(row!.first)} first) ${accounts === 1 ? 'looks' : 'look'} like cards whose statements were sent as instalments: the amounts rise from one to the next, as minimum payments do that hold the earlier ones. Added up they ask too much: give them as inputs.statements, or set method to revolving.` }]
}
