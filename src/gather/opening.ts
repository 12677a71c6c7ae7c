import { bucketOf } from '../classify/borrowers.ts'
import { classify } from '../classify/classify.ts'
import { countsDays } from '../classify/counted.ts'
import { isDefault } from '../classify/convention.ts'
import { planFacts } from '../classify/in-force.ts'
import { paymentFacts } from '../classify/payments.ts'
import type { Engine } from '../engine/engine.ts'
import { forget } from '../engine/forget.ts'
import { inOrder, relation, relationsIn, type Relation } from '../engine/relation.ts'
import { date, join, sql, type Hole } from '../engine/sql.ts'
import type { Accepted } from '../flow.ts'
import type { Settings } from '../settings/load.ts'
import type { ValidatedBook } from '../validate/validate.ts'
import { opensOn, periods, type Period } from './days.ts'

/** How each account stood at the end of an earlier day. */
export interface Opening {
  readonly day: string
  readonly rows: Relation
  /** Only accounts are in it to which something happened since; all others stood as they stand, but for their days. */
  readonly changedOnly: boolean
}

export type Openings = Readonly<Record<Period, Opening>>

const columns = { account_id: 'text', tier: 'text', bucket: 'text', overdue_amount: 'money', outstanding_principal: 'money', outstanding_schedule: 'money' } as const

/** Why no earlier day can be told of a book, where none can. */
export function whyNoOpening({ book }: Pick<Accepted, 'book'>, settings: Settings): string | undefined {
  const facts = planFacts(book, settings)
  if (facts.open) return 'the schedule says what is open on its own day, and of no other'
  return facts.paidOnRows && !facts.has('paid_on') ? 'the schedule does not say on which day its instalments were paid' : undefined
}

/**
 * The state of accounts at the opening of each period, by the steps of classification with that day as as_of: from the dated rows alone,
 * no earlier run is needed. To be made before as_of itself is classified, whose steps have the same names.
 */
export async function openings(engine: Engine, accepted: Accepted, settings: Settings): Promise<Openings> {
  const { book, validated, broken, calendar } = accepted
  const days = opensOn(settings.as_of)
  const made: Partial<Record<Period, Opening>> = {}
  for (const period of [...periods].reverse()) {
    const day = days[period]
    const same = made.month?.day === day ? made.month : undefined
    if (same !== undefined) {
      made[period] = same
      continue
    }
    const changedOnly = period === 'day' && plainDays(accepted, settings)
    const rows = relation({ name: `opening ${day}`, says: `How accounts stood at the end of ${day}.`, columns, kept: 'table' })
    const changed = changedOnly ? changedSince(validated, day, settings.as_of) : undefined
    const of = changed === undefined ? validated : onlyThose(validated, changed)
    const shared = new Set<Relation>()
    for (const step of relationsIn([validated, broken, calendar])) inOrder(step, shared)
    const { tiered } = classify(book, of, broken, { ...settings, as_of: day, work_on: day, history_columns: false }, 'view', calendar, [], { lastPaid: false })
    // The export's own outstanding is a photograph of another day.
    await engine.load(
      rows,
      sql`
        SELECT account_id, tier, ${bucketOf(settings, tiered.columns)} AS bucket, overdue_amount,
               CASE WHEN plan_now <> 'stands' OR principal_given THEN outstanding_principal END AS outstanding_principal, outstanding_schedule
        FROM ${tiered}`,
      false,
    )
    await forget(engine, [tiered, ...(changed === undefined ? [] : [changed])], shared)
    made[period] = { day, rows, changedOnly }
  }
  return made as Openings
}

/** Whether days grow by one a day and nothing but rows changes them: then few accounts must be looked at again. */
function plainDays({ book, calendar }: Accepted, settings: Settings): boolean {
  const { versions, added, skips, accelerated, terms, paidOnRows } = planFacts(book, settings)
  const { clearing } = paymentFacts(book, settings)
  const plan = versions || added || skips || accelerated || terms || paidOnRows
  return !plan && !clearing && !countsDays(settings.conventions, calendar.pauses) && calendar.moved === undefined && isDefault(settings.conventions, 'sticky', 'allocation', 'allocation_time', 'surplus', 'after_payoff', 'chargeback')
}

/** Accounts with a due date, money or a state of its own since the end of a day. An instalment that was due on it was not late then, and is. */
function changedSince({ loans, schedule, repayments }: ValidatedBook, day: string, asOf: string): Relation {
  const since = (column: Hole) => sql`(${column} > ${date(day)} AND ${column} <= ${date(asOf)})`
  const named = (of: Relation, found: readonly string[]) => found.filter((column) => column in of.columns)
  const from = (of: Relation, candidates: readonly string[]) => {
    const found = named(of, candidates)
    return found.length === 0 ? [] : [sql`SELECT account_id FROM ${of} WHERE ${join(found.map((column) => since({ kind: 'name', name: column })), sql` OR `)}`]
  }
  return relation({
    name: 'changed since the day before',
    says: 'Accounts to which something happened since.',
    columns: { account_id: 'text' },
    kept: 'table',
    body: join(
      [
        sql`SELECT account_id FROM ${schedule.accepted} WHERE due_on >= ${date(day)} AND due_on <= ${date(asOf)}`,
        ...from(repayments.accepted, ['paid_on', 'reversed_on']),
        ...from(loans.accepted, ['disbursed_on', 'closed_on', 'written_off_on', 'sold_on']),
      ],
      sql` UNION `,
    ),
  })
}

/** The book as if it had only those accounts. */
function onlyThose(of: ValidatedBook, those: Relation): ValidatedBook {
  // Read several times, found once.
  const each = <T extends ValidatedBook['loans']>(one: T, kept: 'view' | 'table' = 'view'): T => ({
    ...one,
    accepted: relation({ ...one.accepted, name: `${one.accepted.name} of accounts that changed`, kept, body: sql`SELECT r.* FROM ${one.accepted} r WHERE EXISTS (SELECT 1 FROM ${those} c WHERE c.account_id = r.account_id)` }),
  })
  return { loans: each(of.loans), schedule: each(of.schedule, 'table'), repayments: each(of.repayments) }
}
