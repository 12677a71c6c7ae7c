import { balancesOnly } from '../classify/bases.ts'
import { bucketOf } from '../classify/borrowers.ts'
import { classify, type Classified } from '../classify/classify.ts'
import { countsDays } from '../classify/counted.ts'
import { isDefault } from '../classify/convention.ts'
import { planFacts } from '../classify/in-force.ts'
import { paymentFacts, type PaymentFacts } from '../classify/payments.ts'
import { ofEarlier } from '../classify/plan.ts'
import type { Engine } from '../engine/engine.ts'
import { forget } from '../engine/forget.ts'
import { relation, relationsIn, type Columns, type Relation } from '../engine/relation.ts'
import { renamed } from '../engine/renamed.ts'
import { date, join, name, nothing, sql, type Hole, type Sql } from '../engine/sql.ts'
import type { Accepted } from '../flow.ts'
import type { Settings } from '../settings/load.ts'
import type { ValidatedBook } from '../validate/validate.ts'
import { opensOn, periods, type Period } from './days.ts'
import { walkedThen, type WalkedThen } from './walked-then.ts'

/** How each account stood at the end of an earlier day. */
export interface Opening {
  readonly day: string
  readonly rows: Relation
  /** Only accounts are in it to which something happened since; all others stood as they stand, but for their days. */
  readonly changedOnly: boolean
}

export interface Openings extends Readonly<Record<Period, Opening>> {
  /** Where accounts were walked again. */
  readonly walked: Pick<WalkedThen, 'instalments' | 'rows'> | undefined
}

const columns = { account_id: 'text', tier: 'text', bucket: 'text', overdue_amount: 'money', outstanding_principal: 'money', outstanding_schedule: 'money' } as const

/** Why no earlier day can be told of a book, where none can. */
export function whyNoOpening({ book }: Pick<Accepted, 'book'>, settings: Settings): string | undefined {
  if (balancesOnly(book)) return "days and amounts are the lender's own of one day, and no other is known"
  const facts = planFacts(book, settings)
  if (facts.open) return 'the schedule says what is open on its own day, and of no other'
  return facts.paidOnRows && !facts.has('paid_on') ? 'the schedule does not say on which day its instalments were paid' : undefined
}

/** The opening of the month, where the sums of as_of can tell it too. */
export const toldWith = (accepted: Accepted, settings: Settings): string | undefined =>
  whyNoOpening(accepted, settings) === undefined && plainDays(accepted, settings) && isPlain(paymentFacts(accepted.book, settings)) ? opensOn(settings.as_of).month : undefined

/**
 * The state of accounts at the opening of each period, by the steps of classification with that day as as_of: from the dated rows alone,
 * no earlier run is needed. `classified`: as_of itself, whose steps have been taken and stand beside these. `also`: accounts whose instalments are
 * to be at hand after this, where some are walked again.
 */
export async function openings(engine: Engine, accepted: Accepted, classified: Classified, settings: Settings, also: Sql | undefined): Promise<Openings> {
  const { book, validated, broken, calendar } = accepted
  const days = opensOn(settings.as_of)
  const plain = plainDays(accepted, settings)
  const given = [validated, broken, calendar, classified.plan, classified.received, classified.uneven, classified.instalments, classified.payments]
  const made: Partial<Record<Period, Opening>> = {}
  const sums = [...periods].reverse().filter((period) => period === 'month' || days.day !== days.month).map((period) => {
    const day = days[period]
    const told = period === 'month' && ofEarlier('received') in classified.received.columns ? toldToo(classified) : undefined
    const due = plain && told === undefined ? dueSince(classified, day, settings.as_of) : undefined
    const changed = period === 'day' && due !== undefined ? changedSince(validated, due, day, settings.as_of) : undefined
    const plan = told?.plan ?? (due !== undefined ? planThen(classified, due, day, changed) : undefined)
    const money = told?.money ?? (plain && isPlain(paymentFacts(book, settings)) ? moneyThen(classified, day, settings.as_of, changed) : undefined)
    return { period, day, changed, plan, money }
  })
  const walks = walkedThen(accepted, classified, settings, sums, also)
  const shared = relationsIn([given, sums, walks])
  for (const { period, day, changed, plan, money } of sums) {
    const changedOnly = changed !== undefined
    const of = changed === undefined ? validated : onlyThose(validated, changed, money === undefined)
    const { tiered, uneven } = classify(book, of, broken, { ...settings, as_of: day, work_on: day, history_columns: false }, 'view', calendar, [], { lastPaid: false, plan, money, uneven: walks?.uneven[day] })
    const view = relation({
      name: 'opening',
      says: `How accounts stood at the end of ${day}.`,
      columns,
      // The export's own outstanding is a photograph of another day.
      body: sql`
        SELECT account_id, tier, ${bucketOf(settings, tiered.columns)} AS bucket, overdue_amount,
               CASE WHEN plan_now <> 'stands' OR principal_given THEN outstanding_principal END AS outstanding_principal, outstanding_schedule
        FROM ${tiered}`,
    })
    // What each account that is walked tells is read once here, and little of it.
    const beside = renamed(view, ` at ${day}`, shared, [uneven])
    const rows = relation({ name: `opening ${day}`, says: view.says, columns, kept: 'table' })
    await engine.load(rows, sql`SELECT * FROM ${beside}`, false)
    await forget(engine, [beside], shared)
    made[period] = { day, rows, changedOnly }
  }
  await forget(engine, relationsIn([sums, walks]), relationsIn([given, made, walks?.rows]))
  return { month: made.month!, day: made.day ?? made.month!, walked: walks }
}

/** Plans on one line as of an earlier day: those of as_of less what fell due since. Nothing else changes them. What comes next is not looked at: who is not late is in one bucket. */
function planThen({ plan }: Classified, due: Relation, day: string, those: Relation | undefined): Relation {
  return relation({
    name: `plan at ${day}`,
    says: `The plan of each account on one line, seen from ${day}.`,
    columns: ownColumns(plan),
    kept: 'table',
    body: sql`
      SELECT p.account_id, p.instalments_total, p.first_no, p.due_before + p.due_today - coalesce(w.since, 0) AS due_before, coalesce(w.today, 0) AS due_today, p.planned,
             p.instalments_due - coalesce(w.instalments, 0) AS instalments_due, p.principal_planned, p.principal_due - coalesce(w.principal, 0) AS principal_due, p.principal_given,
             ${nothing('date')} AS next_on, ${nothing('money')} AS next_amount
      FROM ${plan} p${only(those, 'p')}
      LEFT JOIN ${due} w ON w.account_id = p.account_id`,
  })
}

/** What fell due of each account from the end of a day on, and on that day itself: `since` tells both. */
function dueSince({ instalments }: Classified, day: string, asOf: string): Relation {
  const on = date(day)
  return relation({
    name: `due since ${day}`,
    says: `What fell due of each account from ${day} on.`,
    columns: { account_id: 'text', since: 'money', today: 'money', instalments: 'int', principal: 'money' },
    kept: 'table',
    body: sql`
      SELECT account_id, sum(amount_due) AS since, sum(CASE WHEN due_on = ${on} THEN amount_due ELSE 0 END) AS today, count(CASE WHEN due_on > ${on} AND amount_due > 0 THEN 1 END) AS instalments,
             sum(CASE WHEN due_on > ${on} THEN principal_due ELSE 0 END) AS principal
      FROM ${instalments}
      WHERE due_on >= ${on} AND due_on <= ${date(asOf)}
      GROUP BY account_id`,
  })
}

/** Money as of an earlier day, of plain payments: that of as_of less what came since. */
function moneyThen({ received, payments }: Classified, day: string, asOf: string, those: Relation | undefined): Relation {
  const own = Object.keys(ownColumns(received)).map((column) => (column === 'received' ? sql`r.received - coalesce(p.amount, 0) AS received` : sql`r.${name(column)}`))
  return relation({
    name: `money at ${day}`,
    says: `Money of each account at the end of ${day}.`,
    columns: ownColumns(received),
    kept: 'table',
    body: sql`
      SELECT ${join(own)}
      FROM ${received} r${only(those, 'r')}
      LEFT JOIN (SELECT account_id, sum(covers) AS amount FROM ${payments} WHERE counts_on > ${date(day)} AND counts_on <= ${date(asOf)} GROUP BY account_id) AS p ON p.account_id = r.account_id`,
  })
}

/** Both for a day that the sums of as_of tell too. */
function toldToo({ plan, received }: Classified): { plan: Relation; money: Relation } {
  const told = (of: Relation, as: string) => {
    const columns = ownColumns(of)
    const values = Object.keys(columns).map((column) => (ofEarlier(column) in of.columns ? sql`${name(ofEarlier(column))} AS ${name(column)}` : name(column)))
    return relation({ name: as, says: of.says, columns, body: sql`SELECT ${join(values)} FROM ${of}` })
  }
  return { plan: told(plan, 'plan told too'), money: told(received, 'money told too') }
}

/** Without those of an earlier day. */
const ownColumns = ({ columns }: Relation): Columns => Object.fromEntries(Object.entries(columns).filter(([column]) => !column.endsWith(ofEarlier(''))))

const only = (those: Relation | undefined, alias: 'p' | 'r') => (those === undefined ? sql`` : sql` JOIN ${those} c ON c.account_id = ${name(alias)}.account_id`)

/** Money that came and stays, all of it on the plan. */
const isPlain = ({ kinds, statuses, beside, capped, prepayments, charges, before, inside }: PaymentFacts) => !kinds && !statuses && !prepayments && !charges && !before && beside.length + capped.length + inside.length === 0

/** Whether days grow by one a day and nothing but rows changes them: then few accounts must be looked at again. */
export function plainDays({ book, calendar }: Accepted, settings: Settings): boolean {
  const { versions, added, skips, accelerated, terms, paidOnRows, statements } = planFacts(book, settings)
  const { clearing } = paymentFacts(book, settings)
  const plan = versions || added || skips || accelerated || terms || paidOnRows || statements
  return !plan && !clearing && !countsDays(settings.conventions, calendar.pauses) && calendar.moved === undefined && isDefault(settings.conventions, 'sticky', 'allocation', 'allocation_time', 'surplus', 'after_payoff', 'chargeback')
}

/** Accounts with a due date, money or a state of its own since the end of a day. An instalment that was due on it was not late then, and is. */
function changedSince({ loans, repayments }: ValidatedBook, due: Relation, day: string, asOf: string): Relation {
  const since = (column: Hole) => sql`(${column} > ${date(day)} AND ${column} <= ${date(asOf)})`
  const from = (of: Relation, candidates: readonly string[]) => {
    const found = candidates.filter((column) => column in of.columns)
    return found.length === 0 ? [] : [sql`SELECT account_id FROM ${of} WHERE ${join(found.map((column) => since(name(column))), sql` OR `)}`]
  }
  return relation({
    name: 'changed since the day before',
    says: 'Accounts to which something happened since.',
    columns: { account_id: 'text' },
    kept: 'table',
    body: join(
      [
        sql`SELECT account_id FROM ${due}`,
        ...from(repayments.accepted, ['paid_on', 'reversed_on']),
        ...from(loans.accepted, ['disbursed_on', 'closed_on', 'written_off_on', 'sold_on']),
      ],
      sql` UNION `,
    ),
  })
}

/** The book as if it had only those accounts. Their plans on one line are known, and their money may be: where rows are still to be summed, no others are. */
function onlyThose(of: ValidatedBook, those: Relation, summed: boolean): ValidatedBook {
  const each = <T extends ValidatedBook['loans']>(one: T): T => ({
    ...one,
    accepted: relation({ ...one.accepted, name: `${one.accepted.name} of accounts that changed`, kept: 'view', body: sql`SELECT r.* FROM ${one.accepted} r WHERE EXISTS (SELECT 1 FROM ${those} c WHERE c.account_id = r.account_id)` }),
  })
  return { loans: each(of.loans), schedule: of.schedule, repayments: summed ? each(of.repayments) : of.repayments }
}
