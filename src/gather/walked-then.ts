import { countsAsPaid, covered } from '../classify/covered.ts'
import type { Classified } from '../classify/classify.ts'
import { planFacts } from '../classify/in-force.ts'
import { paymentFacts } from '../classify/payments.ts'
import { instalments } from '../classify/plan.ts'
import { neverEnds } from '../classify/state.ts'
import { fromWalk, uneven } from '../classify/uneven.ts'
import { walkersOf } from '../classify/walkers.ts'
import { relation, type Relation } from '../engine/relation.ts'
import { date, join, name, nothing, sql, type Sql } from '../engine/sql.ts'
import type { Accepted } from '../flow.ts'
import type { Settings } from '../settings/load.ts'

/** Plans on one line and money as of an earlier day. */
export interface SumsThen {
  readonly day: string
  readonly plan: Relation | undefined
  readonly money: Relation | undefined
}

export interface WalkedThen {
  /** By day. */
  readonly uneven: Readonly<Record<string, Relation>>
  /** Instalments of those that were walked again, and of those asked for beside them; `rows`: the table that they are in. */
  readonly instalments: Relation
  readonly rows: Relation
}

/**
 * What the walk tells as of earlier days, by day; none where their sums are not known. What an instalment got follows from the money
 * alone, whatever the day: an account that has the same money now was walked, or needs none, and only the others are walked again.
 * `also`: accounts whose instalments are asked for beside them.
 */
export function walkedThen({ book, validated }: Accepted, classified: Classified, settings: Settings, sums: readonly SumsThen[], also: Sql | undefined): WalkedThen | undefined {
  if (countsAsPaid(settings.conventions)) return undefined
  const allOpen = neverEnds(book, paymentFacts(book, settings))
  const days = sums.flatMap(({ day, plan, money }) => (plan === undefined || money === undefined ? [] : [{ day, plan, walkers: walkersThen(day, plan, money) }]))
  if (days.length < sums.length) return undefined

  /** `again`: they have had other money then, or had ended before that day. */
  function walkersThen(day: string, plan: Relation, money: Relation): Relation {
    const those = walkersOf({ plan, received: money, loans: validated.loans.accepted, settings: { ...settings, as_of: day }, neverClose: allOpen, laying: undefined })
    const unlike = sql`w.received <> coalesce(r.received, 0)`
    return relation({
      name: `walkers at ${day}`,
      says: those.says,
      columns: { ...those.columns, again: 'bool' },
      kept: 'table',
      body: sql`
        SELECT w.*, ${allOpen ? unlike : sql`(${unlike} OR w.closing_on <> ${date(day)})`} AS again
        FROM ${relation({ ...those, name: `walkers of ${day}`, kept: 'view' })} w
        LEFT JOIN ${classified.received} r ON r.account_id = w.account_id`,
    })
  }

  const { inForce } = classified
  const rows = relation({
    name: 'schedule walked again',
    says: 'The rows of the schedule of those accounts that are walked again for one of the days, and of those asked for beside them.',
    columns: inForce.columns,
    same: inForce.same,
    kept: 'table',
    body: sql`SELECT s.* FROM ${inForce} s JOIN (${join([...days.map(({ walkers }) => sql`SELECT account_id FROM ${walkers} WHERE again`), ...(also === undefined ? [] : [also])], sql` UNION `)}) AS w ON w.account_id = s.account_id`,
  })
  const shaped = instalments(rows, planFacts(book, settings), 'instalments walked again')
  const told = Object.keys(fromWalk)
  const each = Object.fromEntries(
    days.map(({ day, plan, walkers }) => {
      const again = relation({ name: `walked again at ${day}`, says: walkers.says, columns: walkers.columns, body: sql`SELECT * FROM ${walkers} WHERE again` })
      const anew = uneven(covered(shaped, again, `covered at ${day}`, settings.conventions), { asOf: day, parts: [], withToday: false, laid: false })
      // Of the others the first instalment that is open now was so then.
      const first = sql`coalesce(u.oldest_unpaid_due_on, u.next_on)`
      const values: Readonly<Record<string, Sql>> = {
        oldest_unpaid_due_on: sql`CASE WHEN ${first} < ${date(day)} THEN ${first} END`,
        principal_covered: sql`CASE WHEN u.account_id IS NULL THEN p.principal_due ELSE u.principal_covered END`,
        ...(allOpen ? {} : { due_before_closing: sql`t.due_before`, due_by_closing: sql`t.due_before + t.due_today` }),
      }
      const uneventful = sql`
        SELECT w.account_id, ${join(told.map((column) => sql`${values[column] ?? nothing(fromWalk[column]!)} AS ${name(column)}`))}
        FROM ${walkers} w
        LEFT JOIN ${classified.uneven} u ON u.account_id = w.account_id
        LEFT JOIN ${classified.plan} p ON p.account_id = w.account_id${allOpen ? sql`` : sql`
        JOIN ${plan} t ON t.account_id = w.account_id`}
        WHERE NOT w.again`
      const all = relation({
        name: `uneven at ${day}`,
        says: anew.says,
        columns: { account_id: 'text', ...fromWalk },
        body: sql`SELECT account_id, ${join(told.map(name))} FROM ${relation({ ...anew, name: `uneven walked again at ${day}`, kept: 'view' })} UNION ALL ${uneventful}`,
      })
      return [day, all] as const
    }),
  )
  return { uneven: each, instalments: shaped, rows }
}
