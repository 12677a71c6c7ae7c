import { balancesOnly } from './classify/bases.ts'
import type { Classified } from './classify/classify.ts'
import { planFacts } from './classify/in-force.ts'
import { isLendersWord, lendersWord, type LendersWord } from './classify/lenders-word.ts'
import { exportedOn } from './classify/paid-rows.ts'
import type { Engine } from './engine/engine.ts'
import { date, sql } from './engine/sql.ts'
import type { Warning } from './outcome.ts'
import { counted } from './publish/formats/figures.ts'
import type { Book } from './read/read.ts'
import type { Settings } from './settings/load.ts'
import type { ValidatedBook } from './validate/validate.ts'

/** Nothing else is said of lateness but the lender's own days: no date by which days would be counted here. */
export function daysAreGiven(book: Book): boolean {
  const word = lendersWord(book)
  return balancesOnly(book) && word !== undefined && word.days && !word.nextDue && !word.paidThrough
}

/** What days rest on where that is no plan with its payments, in words: first in the head of every report. */
export function basisInForce(book: Book, settings: Settings): string[] {
  const word = lendersWord(book)
  const { openOnly, statusOnly, statements } = planFacts(book, settings)
  return [
    ...(openOnly ? [`the schedule holds open instalments alone, of ${exportedOn(settings)}: each is open by its amount, and no repayments are applied`] : []),
    ...(statements ? ['cards are aged by what each statement newly asks (basis statements)'] : []),
    ...(statusOnly ? ['instalments are paid or not as their status says, and no amounts paid were read'] : []),
    ...(word === undefined ? [] : [wordInForce(book, word, settings)]),
  ]
}

const wordInForce = (book: Book, { days }: LendersWord, settings: Settings): string =>
  balancesOnly(book)
    ? `days and overdue amounts are the lender's own, of ${exportedOn(settings)}, taken as given: neither a schedule nor repayments were read`
    : `accounts without a plan are aged by the lender's own ${days ? 'days past due, or date (basis lender_days, next_due_on or paid_through_on)' : 'date (basis next_due_on or paid_through_on)'}`

/** What statuses of instalments leave open: asked of the rows, before they are gone. */
export async function statusesSaid(engine: Engine, book: Book, { schedule }: ValidatedBook, settings: Settings): Promise<Warning[]> {
  if (!planFacts(book, settings).statusOnly) return []
  const [row] = await engine.rows(sql`
    SELECT count(CASE WHEN status = 'part_paid' THEN 1 END) AS part_paid, min(CASE WHEN status = 'part_paid' THEN account_id END) AS first_part_paid,
           count(CASE WHEN status = 'overdue' AND due_on >= ${date(settings.as_of)} THEN 1 END) AS early, min(CASE WHEN status = 'overdue' AND due_on >= ${date(settings.as_of)} THEN account_id END) AS first_early
    FROM ${schedule.accepted}`)
  const [partPaid, early] = [Number(row!.part_paid), Number(row!.early)]
  return [
    ...(partPaid === 0 ? [] : [{ code: 'part-paid-unknown', says: `${counted(partPaid, 'instalment')} (account ${String(row!.first_part_paid)} first) ${partPaid === 1 ? 'is' : 'are'} part_paid, and no column says how much: open as a whole, so what is overdue is at most that. Give the schedule amount_paid.` }]),
    ...(early === 0 ? [] : [{ code: 'overdue-before-due', says: `${counted(early, 'instalment')} (account ${String(row!.first_early)} first) ${early === 1 ? 'is' : 'are'} overdue by ${early === 1 ? 'its' : 'their'} status and not due before ${settings.as_of}: is as_of the day of the export?` }]),
  ]
}

/** Cards whose first statement in the file holds something of earlier ones: since when, nobody says. */
export async function statementsBegin(engine: Engine, { lastStatements }: Classified): Promise<Warning[]> {
  if (lastStatements === undefined) return []
  const [row] = await engine.rows(sql`SELECT count(*) AS n, min(account_id) AS first FROM ${lastStatements} WHERE begins_past_due`)
  const accounts = Number(row!.n)
  return accounts === 0 ? [] : [{ code: 'statements-begin-late', says: `${counted(accounts, 'account')} (${String(row!.first)} first) had something past due before the first statement of the file: it counts from that statement on, and days are at least those shown.` }]
}

/** Plans that begin after their first instalment: perhaps those that are paid were left out of the export. */
export async function beginLate(engine: Engine, { plan }: Classified, book: Book, settings: Settings): Promise<Warning[]> {
  if (!book.schedule.columns.some(({ name, role }) => name === 'instalment_no' && role === 'used') || planFacts(book, settings).open) return []
  const [row] = await engine.rows(sql`SELECT count(*) AS n, min(account_id) AS first FROM ${plan} WHERE first_no > 1`)
  const accounts = Number(row!.n)
  return accounts === 0 ? [] : [{ code: 'plans-begin-late', says: `${counted(accounts, 'plan')} (${String(row!.first)} first) ${accounts === 1 ? 'begins' : 'begin'} after instalment 1. Where the export holds open instalments alone, set inputs.schedule.open_only: true; else give loans paid_before.` }]
}

/** How many accounts go by the lender's own word, and what of them is not known. */
export async function lendersWordSaid(engine: Engine, { classified }: Classified, settings: Settings): Promise<Warning[]> {
  if (!('basis' in classified.columns)) return []
  const rows = await engine.rows(sql`
    SELECT basis, count(*) AS n, count(CASE WHEN overdue_amount IS NULL THEN 1 END) AS unknown
    FROM ${classified}
    WHERE ${isLendersWord()} AND tier NOT IN ('settled', 'cancelled', 'not_yet')
    GROUP BY basis
    ORDER BY basis`)
  const says = { lender_days: 'days past due', next_due_on: 'next due date (next_due_on)', paid_through_on: 'paid-through date (paid_through_on)' } as const
  return rows.map(({ basis, n, unknown }) => ({
    code: 'lenders-word',
    says: `${counted(Number(n), 'account')} ${Number(n) === 1 ? 'is' : 'are'} aged by the lender's own ${says[basis as keyof typeof says]} of ${exportedOn(settings)}: ${basis === 'lender_days' ? 'taken as given, and nothing of it is checked' : 'no plan says the days'}.${Number(unknown) === 0 ? '' : ` What is overdue of ${counted(Number(unknown), 'account')} is not known: give loans overdue_amount${basis === 'lender_days' ? '' : ', or instalment_amount and frequency'}.`}${settings.data_through === undefined ? ' State data_through, the day of the export.' : ''}`,
  }))
}
