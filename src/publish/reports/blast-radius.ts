import { holdsIt, type Effect, type Judged } from '../../blast-radius/judge.ts'
import type { Touch } from '../../blast-radius/touches.ts'
import type { Engine, Row } from '../../engine/engine.ts'
import { sql } from '../../engine/sql.ts'
import type { Outcome } from '../../outcome.ts'
import { exact, plain } from '../exact.ts'
import type { MadeReport, Report } from './report.ts'

const blastRadius: Report = {
  name: 'blast-radius',
  says: 'What rejected and unmatched rows could change, per input, code and currency of the account. An account that several rows name is counted by what all of them could do together.',
  columns: {
    input: 'text', code: 'text', currency: 'text', rows: 'int', accounts: 'int', tier_could_differ: 'int', action_could_differ: 'int', amounts_could_differ: 'int', unaffected: 'int', not_examined: 'int', held: 'int',
    rows_without_account: 'int', amount: 'money', overdue_amount: 'money', held_overdue_amount: 'money', example: 'text',
  },
}

const columnOf: Readonly<Record<Effect, string>> = { tier: 'tier_could_differ', action: 'action_could_differ', amounts: 'amounts_could_differ', nothing: 'unaffected', 'not examined': 'not_examined' }

/** `scale`: decimals of money. */
export async function makeBlastRadius({ touches, verdicts }: Judged, unmatched: Outcome['unmatched'], engine: Engine, scale: number): Promise<MadeReport> {
  const lines = new Map<string, { head: Row; rows: Touch[]; accounts: Set<string> }>()
  const line = (input: string, code: string, account: string) => {
    const head = { input, code, currency: verdicts.get(account)?.currency ?? null }
    const key = JSON.stringify(Object.values(head))
    const found = lines.get(key) ?? { head, rows: [] as Touch[], accounts: new Set<string>() }
    lines.set(key, found)
    if (account !== '') found.accounts.add(account)
    return found
  }
  for (const touch of touches) line(touch.reject.input, touch.reject.code, touch.reject.account_id).rows.push(touch)
  const named = new Set(touches.map(({ reject }) => reject.account_id))
  for (const id of verdicts.keys()) if (!named.has(id)) line('loans', 'other_account_of_borrower', id)
  const rows = [...lines.values()].map(({ head, rows, accounts }): Row => {
    const found = [...accounts].map((id) => verdicts.get(id)!)
    const held = found.filter(holdsIt)
    const overdue = (of: typeof found) => plain(of.reduce((sum, { overdue_amount }) => sum + exact(overdue_amount ?? '0'), 0n), scale)
    return {
      ...head, rows: rows.length, accounts: accounts.size,
      ...Object.fromEntries(Object.entries(columnOf).map(([effect, column]) => [column, found.filter((one) => one.effect === effect).length] as const)),
      held: held.length, rows_without_account: rows.filter(({ reject }) => reject.account_id === '').length,
      amount: plain(rows.reduce((sum, { amount }) => sum + (amount ?? 0n), 0n), scale),
      overdue_amount: overdue(found), held_overdue_amount: overdue(held), example: [...accounts].sort()[0] ?? null,
    }
  })
  const strays = await straysIn(unmatched, engine)
  return { ...blastRadius, rows: [...rows, ...strays].sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1)) }
}

const sortKey = ({ input, code, currency }: Row) => JSON.stringify([input, code, currency ?? ''])

/** Accepted rows that meet no account: none of the book could differ, but for those whose own loan row is in quarantine. */
async function straysIn(unmatched: Outcome['unmatched'], engine: Engine): Promise<Row[]> {
  const of = await Promise.all(
    (['schedule', 'repayments'] as const).map(async (input) => {
      const from = unmatched[input]
      if (from === undefined) return []
      const amount = input === 'repayments' ? sql`CAST(sum(amount) AS VARCHAR)` : sql`NULL`
      const currency = 'currency' in from.columns ? sql`currency` : sql`NULL`
      const rows = await engine.rows(sql`SELECT why, ${currency} AS stated, count(*) AS n, count(DISTINCT account_id) AS accounts, ${amount} AS amount, min(account_id) AS example FROM ${from} GROUP BY why, stated`)
      return rows.map(({ why, stated: own, n, accounts, amount: sum, example }): Row => {
        const ownLoan = why === 'parent_rejected' ? Number(accounts) : 0
        return { input, code: String(why), currency: own ?? null, rows: Number(n), accounts: Number(accounts), tier_could_differ: ownLoan, action_could_differ: 0, amounts_could_differ: 0, unaffected: Number(accounts) - ownLoan, not_examined: 0, held: ownLoan, rows_without_account: 0, amount: sum ?? null, overdue_amount: null, held_overdue_amount: null, example: example ?? null }
      })
    }),
  )
  return of.flat()
}
