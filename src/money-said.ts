import type { Classified } from './classify/classify.ts'
import { paymentFacts } from './classify/payments.ts'
import type { Engine } from './engine/engine.ts'
import { sql } from './engine/sql.ts'
import type { Warning } from './outcome.ts'
import { partNames } from './read/inputs.ts'
import type { Book, ReadInput } from './read/read.ts'
import type { Settings } from './settings/load.ts'

const has = ({ columns }: ReadInput, column: string) => columns.some(({ name, role }) => name === column && role === 'used')
const paidParts = ({ repayments }: Book) => partNames.filter((part) => has(repayments, `${part}_paid`))
const listed = (words: readonly string[]) => (words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`)

/** How money is read where the book has more than plain payments, in words: beside the conventions in every head. */
export function moneyInForce(book: Book, settings: Settings): string[] {
  const given = paidParts(book)
  const { beside, capped } = paymentFacts(book, settings)
  const covering = given.filter((part) => !beside.includes(part) && !capped.includes(part))
  return [
    ...(given.length === 0 ? [] : [`of payments with parts ${covering.length === 0 ? 'none' : listed(covering)} ${covering.length > 1 ? 'cover' : 'covers'} the plan${capped.length === 0 ? '' : `, ${listed(capped)} as far as the plan asks for it`}${beside.length === 0 ? '' : `, ${listed(beside)} ${beside.length > 1 ? 'are' : 'is'} beside it`}`]),
    ...(['compensation', 'buyback'] as const).flatMap((kind) => (book.repayments.kindsFound.has(kind) ? [`${kind} ${settings[kind] === 'ignored' ? 'is left aside' : 'covers'}`] : [])),
    ...(settings.inputs.repayments.complete_from === undefined ? [] : [`payments are whole from ${settings.inputs.repayments.complete_from} on`]),
  ]
}

interface Known {
  readonly engine: Engine
  readonly settings: Settings
  readonly book: Book
  readonly classified: Classified
}

/** What a reader must be told of the money of the book. */
export async function moneyWarnings(known: Known): Promise<Warning[]> {
  return [...(await noParts(known)), ...(await beforeWhole(known)), ...(await prepaidAndLate(known))]
}

/** Whoever pays late and is charged for it looks better than he is, where his payments hold the charge and nobody says so. */
async function noParts({ engine, book, classified }: Known): Promise<Warning[]> {
  const { loans, schedule, repayments } = book
  if (repayments.files.length === 0 || paidParts(book).length > 0 || has(schedule, 'penalty_due') || !(has(loans, 'charges_outstanding') || repayments.kindsFound.has('charge'))) return []
  const [row] = await engine.rows(sql`SELECT count(*) AS n FROM ${classified.classified} WHERE charges_outstanding > 0`)
  const accounts = Number(row!.n)
  if (accounts === 0) return []
  return [{ code: 'payments-without-parts', says: `Payments carry no parts, and ${accounts} ${accounts === 1 ? 'account has' : 'accounts have'} charges beside the plan: where payments hold penalties or charges too, days past due are understated. Give repayments principal_paid, interest_paid, fee_paid and penalty_paid.` }]
}

/** Prepayments shorten or lower a plan, and only the lender's new plan says how: under the old one people would be chased who owe no principal any more. */
async function prepaidAndLate({ engine, classified }: Known): Promise<Warning[]> {
  if (!('to_principal' in classified.classified.columns)) return []
  const rows = await engine.rows(sql`SELECT account_id FROM ${classified.classified} WHERE to_principal > 0 AND outstanding_principal = 0 AND overdue_amount > 0 ORDER BY account_id`)
  if (rows.length === 0) return []
  return [{ code: 'prepaid-and-late', says: `${rows.length} ${rows.length === 1 ? 'account has' : 'accounts have'} prepaid all principal and ${rows.length === 1 ? 'is' : 'are'} overdue under a plan from before: export the plan that stands now as a version.`, names: rows.map((row) => String(row.account_id)) }]
}

async function beforeWhole({ engine, settings, book, classified }: Known): Promise<Warning[]> {
  const from = settings.inputs.repayments.complete_from
  if (from === undefined) return []
  const [row] = await engine.rows(sql`SELECT CAST(coalesce(sum(before_whole), 0) AS BIGINT) AS n FROM ${classified.received}`)
  const rows = Number(row!.n)
  return [
    ...(settings.as_of < from ? [{ code: 'incomplete', says: `incomplete: payments are whole from ${from} on, and as_of ${settings.as_of} lies before it.` }] : []),
    ...(has(book.loans, 'disbursed_on') ? [] : [{ code: 'complete-from-unused', says: `Payments are whole from ${from} on, and loans have no disbursed_on: nobody can be held whose history is cut.` }]),
    ...(rows === 0 ? [] : [{ code: 'payments-before-whole', says: `${rows} ${rows === 1 ? 'payment is' : 'payments are'} dated before complete_from ${from}, and ${rows === 1 ? 'counts' : 'count'}: where paid_before holds them too they count twice.` }]),
  ]
}
