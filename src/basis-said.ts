import { balancesOnly } from './classify/bases.ts'
import type { Classified } from './classify/classify.ts'
import { lendersWord } from './classify/lenders-word.ts'
import type { Engine } from './engine/engine.ts'
import { sql } from './engine/sql.ts'
import type { Warning } from './outcome.ts'
import { counted } from './publish/formats/figures.ts'
import type { Book } from './read/read.ts'
import type { Settings } from './settings/load.ts'

const dayOf = ({ data_through, as_of }: Pick<Settings, 'data_through' | 'as_of'>) => data_through ?? as_of

/** Nothing else is said of lateness but the lender's own days: no date by which days would be counted here. */
export function daysAreGiven(book: Book): boolean {
  const word = lendersWord(book)
  return word !== undefined && word.days && !word.nextDue && !word.paidThrough
}

/** What days rest on where that is no plan with its payments, in words: first in the head of every report. */
export function basisInForce(book: Book, settings: Settings): string[] {
  const word = lendersWord(book)
  if (word === undefined) return []
  return balancesOnly(book)
    ? [`days and overdue amounts are the lender's own, of ${dayOf(settings)}, taken as given: neither a schedule nor repayments were read`]
    : ["accounts without a plan are aged by the lender's own date (basis next_due_on or paid_through_on)"]
}

/** How many accounts go by the lender's own word, and what of them is not known. */
export async function lendersWordSaid(engine: Engine, { classified }: Classified, settings: Settings): Promise<Warning[]> {
  if (!('basis' in classified.columns)) return []
  const rows = await engine.rows(sql`
    SELECT basis, count(*) AS n, count(CASE WHEN overdue_amount IS NULL THEN 1 END) AS unknown
    FROM ${classified}
    WHERE basis NOT IN ('schedule', 'terms') AND tier NOT IN ('settled', 'cancelled', 'not_yet')
    GROUP BY basis
    ORDER BY basis`)
  const says = { lender_days: 'days past due', next_due_on: 'next due date (next_due_on)', paid_through_on: 'paid-through date (paid_through_on)' } as const
  return rows.map(({ basis, n, unknown }) => ({
    code: 'lenders-word',
    says: `${counted(Number(n), 'account')} ${Number(n) === 1 ? 'is' : 'are'} aged by the lender's own ${says[basis as keyof typeof says]} of ${dayOf(settings)}: ${basis === 'lender_days' ? 'taken as given, and nothing of it is checked' : 'no plan says the days'}.${Number(unknown) === 0 ? '' : ` What is overdue of ${counted(Number(unknown), 'account')} is not known: give loans overdue_amount${basis === 'lender_days' ? '' : ', or instalment_amount and frequency'}.`}${settings.data_through === undefined ? ' State data_through, the day of the export.' : ''}`,
  }))
}
