import type { Engine, Row } from '../../engine/engine.ts'
import type { Relation } from '../../engine/relation.ts'
import type { Layout } from '../../gather/by.ts'
import { behind, fullBy, paidBy } from '../../gather/dues.ts'
import { plusDays } from '../../settings/as-of.ts'
import type { Settings } from '../../settings/load.ts'
import { laidOut, type MadeReport, type SaidReport } from './report.ts'
import { inColumns, rowsInOrder, shareOf } from './sums.ts'

const shareBy = (days: number) => `share_by_${days}`
const when = (days: number) => (days === 0 ? 'the end of the due date' : `the end of the ${days === 1 ? 'day' : `${days}${days === 3 ? 'rd' : 'th'} day`} after it`)

export const duePerformance: SaidReport = {
  name: 'due_performance',
  says: 'Instalments by due date, and what of them was paid by that day and by so many days after it.',
  said: {
    due_on: ['date', 'The due date, of the last `reports.due_days` days up to as_of.'],
    currency: ['text', 'Nothing is added over currencies.'],
    instalments: ['int', 'Instalments above 0 that fell due on it, of accounts that had not ended by then.'],
    amount_due: ['money', 'Their sum.'],
    ...Object.fromEntries(
      behind.flatMap((days) => [
        [paidBy(days), ['money', `What of it was covered at ${when(days)}; blank while that day lies after as_of.`]],
        [shareBy(days), ['number', `The same as a share of amount_due.`]],
        [fullBy(days), ['int', `Instalments that were wholly covered then.`]],
      ] as const),
    ),
    paid_to_date: ['money', 'What of it is covered at the end of as_of.'],
    instalments_paid_to_date: ['int', 'Instalments that are wholly covered.'],
    still_open: ['money', 'What is open of it, of accounts whose plan still asks for it.'],
    released: ['money', 'What is not asked for any more: the account was settled since.'],
  },
}

export async function makeDuePerformance(dues: Relation, layout: Layout, { as_of }: Settings, engine: Engine): Promise<MadeReport> {
  const columns = laidOut(duePerformance, layout.columns)
  const rows = await rowsInOrder(dues, ['currency', ...Object.keys(layout.columns), 'due_on'], engine)
  const told = rows.map((row): Row => {
    const ripe = behind.filter((days) => plusDays(String(row.due_on), days) <= as_of)
    const blank = behind.filter((days) => !ripe.includes(days)).flatMap((days) => [[paidBy(days), null], [fullBy(days), null]] as const)
    return { ...row, ...Object.fromEntries(ripe.map((days) => [shareBy(days), shareOf(row[paidBy(days)]!, row.amount_due!)])), ...Object.fromEntries(blank) }
  })
  return { name: duePerformance.name, says: duePerformance.says, columns, rows: told.map((row) => inColumns(row, columns)) }
}
