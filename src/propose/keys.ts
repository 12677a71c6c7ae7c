import { percent } from '../publish/formats/figures.ts'
import type { MappedAs } from '../settings/schema.ts'
import { asked, list, proposed, type Entry } from './entries.ts'
import { rowsSaid } from './seen.ts'
import { damagedIds, differing, type Whole } from './whole.ts'

/** More rows than this share that have the key of another one are no slips: the key is another. */
const slips = 0.02

/** The columns that make a row unique, where they are not those by default; and what stands in the way of ids. */
export async function keyEntries(whole: Whole, input: MappedAs): Promise<{ entries: Entry[]; notes: string[] }> {
  const notes: string[] = []
  let rounded = 0
  for (const column of ['account_id', 'payment_id']) {
    if (!whole.has(column)) continue
    const damaged = await damagedIds(whole, column)
    rounded = Math.max(rounded, damaged)
    if (damaged > 0) notes.push(`a spreadsheet has rounded the ${column} of ${rowsSaid(damaged)} (as 6.22E+18): they are rejected; export that column as text`)
  }
  const path = ['inputs', input, 'key']
  const standsAgain = async (columns: readonly string[]) => {
    const { filled, differ } = await differing(whole, columns)
    // Ids that a spreadsheet has rounded are alike, and rejected for that.
    return filled === 0 ? 0 : Math.max(0, filled - differ - rounded) / filled
  }
  if (input === 'statements') return { entries: [], notes }
  if (input === 'loans') {
    const again = await standsAgain(['account_id'])
    if (again > slips) notes.push(`${(again * 100).toFixed(0)} % of the rows have an account_id that stood before: a file of loans has one row an account`)
    return { entries: [], notes }
  }
  const own = input === 'schedule' ? ['account_id', 'instalment_no'] : ['payment_id']
  const others = input === 'schedule' ? [['account_id', 'instalment_no', 'version'], ['account_id', 'due_on']] : [['payment_id', 'instalment_no'], ['payment_id', 'account_id'], ['payment_id', 'account_id', 'paid_on'], ['payment_id', 'kind']]
  if (!own.every(whole.has)) return { entries: [], notes: input === 'repayments' ? [...notes, 'no header is known for payment_id: file and line are the key, and a payment that stands twice cannot be noticed'] : notes }
  const again = await standsAgain(own)
  if (again <= slips) return { entries: [], notes }
  const possible = others.filter((columns) => columns.every(whole.has))
  for (const columns of possible) {
    const left = await standsAgain(columns)
    if (left <= again / 10) return { entries: [proposed(path, list(columns), 'likely', `${own.join(', ')} stands again in ${percent(again)} of the rows, ${columns.join(', ')} in ${percent(left)}`)], notes }
  }
  return { entries: [asked(path, [list(own), ...possible.map(list)], `What makes a row unique? ${own.join(', ')} stands again in ${percent(again)} of the rows: with it they contradict each other and are rejected.`)], notes }
}
