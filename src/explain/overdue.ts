import type { Row } from '../engine/engine.ts'
import type { Settings } from '../settings/load.ts'
import type { InstalmentSaid } from './plan.ts'

/** Whether an instalment of the account is overdue at the end of as_of: what is due that day and open is, where the due date is the first day that counts. */
export function overdueBy({ as_of, conventions }: Settings, account: Row | undefined): (line: InstalmentSaid) => boolean {
  const { count_from } = conventions.products[String(account?.product)] ?? conventions.book
  return ({ due_on, days, outstanding }) => days > 0 || (count_from === 'due_date' && due_on === as_of && Number(outstanding) > 0)
}
