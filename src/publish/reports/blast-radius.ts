import { effectOf, type Effect, type Reach, type Touch } from '../../blast-radius.ts'
import type { Engine, Row } from '../../engine/engine.ts'
import { sql } from '../../engine/sql.ts'
import type { Outcome } from '../../outcome.ts'
import { exact, plain } from '../exact.ts'
import type { MadeReport, Report } from './report.ts'

const blastRadius: Report = {
  name: 'blast-radius',
  says: 'What rejected and unmatched rows could change, per input, code and currency of the account. An account that several rows name is counted by the most that they could.',
  columns: {
    input: 'text', code: 'text', currency: 'text', rows: 'int', accounts: 'int', tier_could_differ: 'int', amounts_could_differ: 'int', unaffected: 'int', not_examined: 'int', rows_without_account: 'int', amount: 'money', overdue_amount: 'money', example: 'text',
  },
}

const columnOf: Readonly<Record<Exclude<Effect, 'no account'>, string>> = { tier: 'tier_could_differ', amounts: 'amounts_could_differ', nothing: 'unaffected', 'not examined': 'not_examined' }
const order: readonly Effect[] = ['tier', 'not examined', 'amounts', 'nothing']

/** `scale`: decimals of money. */
export async function makeBlastRadius(all: readonly Touch[], reach: ReadonlyMap<string, Reach>, unmatched: Outcome['unmatched'], engine: Engine, scale: number): Promise<MadeReport> {
  const lines = new Map<string, { rows: Touch[]; head: Row }>()
  for (const touch of all) {
    const { input, code, account_id } = touch.reject
    const head = { input, code, currency: reach.get(account_id)?.now.currency ?? null }
    const key = JSON.stringify(Object.values(head))
    const line = lines.get(key) ?? { rows: [] as Touch[], head }
    line.rows.push(touch)
    lines.set(key, line)
  }
  const rows = [...lines.values()].map(({ rows, head }): Row => {
    const accounts = new Map<string, Effect>()
    for (const touch of rows) {
      const id = touch.reject.account_id
      if (id === '') continue
      const [before, effect] = [accounts.get(id), effectOf(touch, reach)]
      if (before === undefined || order.indexOf(effect) < order.indexOf(before)) accounts.set(id, effect)
    }
    const count = (effect: Effect) => [...accounts.values()].filter((one) => one === effect).length
    const overdue = [...accounts.keys()].reduce((sum, id) => sum + exact(String(reach.get(id)?.now.overdue_amount ?? '0')), 0n)
    return {
      ...head, rows: rows.length, accounts: accounts.size,
      ...Object.fromEntries(Object.entries(columnOf).map(([effect, column]) => [column, count(effect as Effect)] as const)),
      rows_without_account: rows.filter(({ reject }) => reject.account_id === '').length,
      amount: plain(rows.reduce((sum, { amount }) => sum + (amount ?? 0n), 0n), scale),
      overdue_amount: plain(overdue, scale), example: [...accounts.keys()].sort()[0] ?? null,
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
        return { input, code: String(why), currency: own ?? null, rows: Number(n), accounts: Number(accounts), tier_could_differ: ownLoan, amounts_could_differ: 0, unaffected: Number(accounts) - ownLoan, not_examined: 0, rows_without_account: 0, amount: sum ?? null, overdue_amount: null, example: example ?? null }
      })
    }),
  )
  return of.flat()
}
