import type { Row } from '../engine/engine.ts'
import type { Settings } from '../settings/load.ts'

/** Days that pauses take off an instalment of this account that fell due on a day, each day once. */
export function pausedFrom(account: Row | undefined, { tables, conventions, region, as_of }: Settings): (due: string) => number {
  if (account === undefined || tables.pauses.length === 0) return () => 0
  const span = (conventions.products[String(account.product)] ?? conventions.book).pause_span
  const own = tables.pauses.filter((pause) => pause.account_id === account.account_id || (pause.product !== '' && pause.product === account.product) || (pause.region !== '' && pause.region === account[region]))
  return (due) => {
    let days = 0
    let counted = span === 'whole' ? '' : due
    for (const { from, to } of [...own].sort((a, b) => (a.from < b.from ? -1 : 1))) {
      const starts = from > counted ? from : counted
      const ends = to < as_of ? to : as_of
      if (ends <= starts) continue
      days += (Date.parse(ends) - Date.parse(starts)) / 86_400_000
      counted = ends
    }
    return days
  }
}
