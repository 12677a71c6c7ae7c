import type { Value } from '../engine/engine.ts'
import { grouped } from '../publish/formats/figures.ts'
import { table } from '../publish/formats/table.ts'
import { shown } from '../publish/formats/width.ts'
import type { Changes, Paid } from './changes.ts'
import type { Explanation } from './explain.ts'

/** What would change an account, in lines: amounts paid on as_of, and the day on which it gets worse by itself. */
export function changed({ account, as_of }: Explanation, { to_leave_tier, to_be_current, rolls_on, if_paid, in_quarantine }: Changes): string[] {
  if (account === null) return []
  const late = Number(account.days_past_due) > 0
  const same = to_leave_tier !== null && to_leave_tier.amount === to_be_current?.amount
  const rows = [
    ...(to_leave_tier === null || same ? [] : [[`least payment to leave ${account.tier}`, grouped(to_leave_tier.amount), becomes(to_leave_tier)]]),
    ...(to_be_current === null ? [] : [['least payment to be late no more', grouped(to_be_current.amount), becomes(to_be_current)]]),
    ...(rolls_on === null ? [] : [['worse, if nothing comes', '', `on ${rolls_on}`]]),
    ...(if_paid === null ? [] : [['if paid', grouped(if_paid.amount), becomes(if_paid)]]),
    ...(in_quarantine === null ? [] : [['rows in quarantine, at best', '', becomes(in_quarantine.best)], ['at worst', '', becomes(in_quarantine.worst)]]),
  ]
  const none = late && to_be_current === null ? [`  No payment on ${as_of} makes it ${to_leave_tier === null ? 'better' : 'current'}.`] : []
  return [...(rows.length === 0 ? [] : table([{ head: '' }, { head: '', right: true }, { head: '' }], rows.map((row) => row.map(shown))).slice(2)), ...none]
}

const text = (value: Value) => (value === null ? '' : String(value))

const becomes = ({ tier, days_past_due, oldest_unpaid_due_on, overdue_amount }: Paid) =>
  `${text(tier)}, ${text(days_past_due)} days past due${oldest_unpaid_due_on === null ? '' : `, oldest open ${text(oldest_unpaid_due_on)}, overdue ${grouped(overdue_amount)}`}`
