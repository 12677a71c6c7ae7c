import { accountColumns } from '../../classify/columns.ts'
import type { Settings } from '../../settings/load.ts'

/** What a collector reads, in that order. `worklists.columns` follow the ids; the other passed-through columns come before the result columns. */
const ids = ['rank', 'account_id', 'borrower_id'] as const
const facts = [
  'product', 'currency', 'days_past_due', 'tier', 'cure_amount', 'overdue_amount', 'overdue_principal', 'overdue_interest', 'overdue_fee', 'charges_outstanding',
  'instalments_overdue', 'oldest_unpaid_due_on', 'next_due_on', 'next_due_amount', 'outstanding_schedule', 'last_paid_on', 'last_paid_amount', 'pending_amount',
  'borrower_accounts', 'borrower_accounts_late', 'borrower_overdue_amount', 'other_accounts', 'days_to_roll',
] as const
const toDo = ['action', 'channel', 'priority', 'template', 'reason_in_words', 'action_due_on', 'contact_from', 'contact_until'] as const
/** A list travels without its run: that nobody looked into lawfulness stands on each line. */
const always = ['gate', 'gate_reason'] as const
/** Empty: the desk fills them. */
export const resultColumns = ['result_code', 'result_at', 'spoke_with', 'promise_amount', 'promise_on', 'note'] as const

/** In lists alone; no column of accounts. */
const ofLists: readonly string[] = ['rank', 'reason_in_words', 'other_accounts', ...resultColumns]

/** Every column that lists can have beside those of the loans file. */
export const ownColumns: readonly string[] = [...Object.keys(accountColumns), ...ofLists]

/** Rows can be put in order by these, and by further columns of loans. */
export const sortColumns: readonly string[] = Object.keys(accountColumns).filter((column) => !['gate_reason', 'contact_from', 'contact_until'].includes(column))

/** A passed-through column that has the name of one of the list's own stands under another name: `note` is the collector's. */
export const shownAs = (passed: string) => (ofLists.includes(passed) ? `loan_${passed}` : passed)

export interface ListBook {
  /** Passed-through columns of loans. */
  readonly passed: readonly string[]
  /** What every list says where the book has it: that plans were changed (forborne), what days rest on (basis). */
  readonly marks: readonly string[]
}

/** The columns of one list, in their order. */
export function layoutOf(list: string, { worklists }: Pick<Settings, 'worklists'>, { passed, marks }: ListBook): string[] {
  const columns = settingsOf(list, { worklists }).columns
  if (columns === undefined) {
    const shown = worklists.columns
    const rest = passed.filter((column) => !shown.includes(column))
    return [...ids, ...shown.map(shownAs), ...facts, ...marks, ...toDo, ...always, ...rest.map(shownAs), ...resultColumns]
  }
  const unless = (names: readonly string[]) => names.filter((column) => !columns.includes(column))
  return [...unless(['rank', 'account_id']), ...columns, ...unless(always), ...(resultColumns.some((column) => columns.includes(column)) ? [] : resultColumns)]
}

/** What the settings say of one list. */
export const settingsOf = (list: string, { worklists }: Pick<Settings, 'worklists'>) => {
  const said = Object.hasOwn(worklists, list) && list !== 'columns' ? worklists[list] : undefined
  return said === undefined || Array.isArray(said) ? {} : said
}

/** The lists of which the settings say something. */
export const listsSaid = ({ worklists }: Pick<Settings, 'worklists'>) => Object.keys(worklists).filter((key) => key !== 'columns')

/** `days_past_due desc`, `region`, `score asc`. */
export function sortKey(written: string): { readonly column: string; readonly descending: boolean } {
  const [, column, direction = 'asc'] = /^(.*?)(?:\s+(asc|desc))?$/is.exec(written.trim())!
  return { column: column!, descending: direction.toLowerCase() === 'desc' }
}
