import type { Calendar } from '../classify/calendar.ts'
import { accountColumns, type AccountColumn } from '../classify/columns.ts'
import { any, isDefault } from '../classify/convention.ts'
import { planFacts } from '../classify/in-force.ts'
import { paymentFacts } from '../classify/payments.ts'
import { classifiedCopies, copiesColumns, ofThatDay } from '../copies.ts'
import { firstFired } from '../decide/decided.ts'
import type { Rules } from '../decide/rules.ts'
import { startsWith } from '../engine/calls.ts'
import type { Row } from '../engine/engine.ts'
import { forget } from '../engine/forget.ts'
import { relation, type Columns, type Relation } from '../engine/relation.ts'
import { join, name, nothing, sql, text } from '../engine/sql.ts'
import { groupedBy } from '../grouped-by.ts'
import type { Settings } from '../settings/load.ts'
import { takesPayments, type Rows } from '../what-if.ts'
import { asItIs, casesOf, type Case, type Group } from './cases.ts'
import { goesByDays, goesByOthers, goesByRest, signature, testedColumns } from './tested.ts'
import { moves, touches, type Touch } from './touches.ts'
import type { Rejects } from '../validate/rejects.ts'

/** What rows in quarantine could change at most of an account that they touch. */
export type Effect = 'tier' | 'action' | 'amounts' | 'nothing' | 'not examined'

export interface Verdict {
  readonly effect: Effect
  /** As it is; absent where no accepted loan row has the account. */
  readonly currency?: string | undefined
  readonly overdue_amount?: string | undefined
}

export interface Judged {
  readonly touches: readonly Touch[]
  /** By account, of all that rows in quarantine name and those of the same borrower that they could change. */
  readonly verdicts: ReadonlyMap<string, Verdict>
  /** The same in the engine: which accounts are held, and which that rows name are not. */
  readonly holds: Relation
}

/** Whether an account is held for it. */
export const holdsIt = ({ effect }: Verdict) => effect === 'tier' || effect === 'action' || effect === 'not examined'

/** Borrowers with more accounts are no persons: their other accounts are not looked at. */
const mostOfOne = 100

/**
 * The accounts that rows in quarantine could touch, each in every case that those rows allow: by the steps of the run, and by the trees of
 * its rules. What can be bounded by no case (what a schedule row asks, a record that is not whole) could change the tier.
 */
export async function judge(rows: Omit<Rows, 'newestPayment'> & { readonly calendar: Calendar; readonly broken: unknown }, rejects: Rejects, rules: Rules | undefined): Promise<Judged> {
  const { engine, settings, book } = rows
  const all = touches(book, rejects, settings)
  const tested = testedColumns(rules)
  const groups = await groupsOf(rows, all, [...tested].some(goesByOthers))
  const verdicts = new Map<string, Verdict>()
  if (!takesPayments(rows)) for (const { reject } of all) verdicts.set(reject.account_id, { effect: 'not examined', currency: undefined, overdue_amount: undefined })
  else if (groups.length > 0) {
    const facts = paymentFacts(book, settings)
    const split = facts.beside.length > 0 || facts.inside.length > 0
    const sets = groups.map((group, at) => casesOf(group, at, book.scale, split))
    const found = await answers(rows, sets.flatMap(({ cases }) => cases), rules)
    groups.forEach((group, at) => {
      for (const id of group.accounts) {
        const own = group.touches.filter(({ reject }) => reject.account_id === id)
        const verdict = verdictOf({ group, own, row: found.get(id), between: sets[at]!.between, tested, rows })
        if (own.length > 0 || holdsIt(verdict)) verdicts.set(id, verdict)
      }
    })
  }
  verdicts.delete('')
  const holds = relation({ name: 'judged', says: 'Accounts that rows in quarantine touch, and whether these could change their tier or action.', columns: { account_id: 'text', held: 'bool' }, kept: 'table' })
  await engine.put(holds, [...verdicts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([account_id, verdict]) => ({ account_id, held: holdsIt(verdict) })))
  return { touches: all, verdicts, holds }
}

/** Each account that rows name, with its borrower's others where rules look at them. */
async function groupsOf({ engine, validated }: Rows | Omit<Rows, 'newestPayment'>, all: readonly Touch[], withOthers: boolean): Promise<Group[]> {
  const of = groupedBy(all.filter(({ reject }) => reject.account_id !== ''), ({ reject }) => reject.account_id)
  const ids = [...of.keys()].sort()
  if (!withOthers || ids.length === 0) return ids.map((id) => ({ accounts: [id], touches: of.get(id)! }))
  const { accepted } = validated.loans
  const named = join(ids.map((id) => sql`(${text(id)})`))
  const others = await engine.rows(sql`
    SELECT l.account_id, l.borrower_id
    FROM ${accepted} l
    JOIN (SELECT DISTINCT t.borrower_id FROM ${accepted} t WHERE t.account_id IN (SELECT id FROM (VALUES ${named}) AS named(id)) AND t.borrower_id IS NOT NULL) AS b ON b.borrower_id = l.borrower_id
    ORDER BY l.borrower_id, l.account_id`)
  const borrowers = [...groupedBy(others, ({ borrower_id }) => borrower_id).values()].map((rows) => rows.map(({ account_id }) => String(account_id))).filter((accounts) => accounts.length <= mostOfOne)
  const placed = new Set(borrowers.flat())
  return [...borrowers, ...ids.filter((id) => !placed.has(id)).map((id) => [id])].map((accounts) => ({ accounts, touches: accounts.flatMap((id) => of.get(id) ?? []) }))
}

/** What differs between the cases of each account, and how it stands as it is. Nothing of it stays in the engine. */
async function answers({ engine, settings, book, validated, calendar, broken }: Parameters<typeof judge>[0], cases: readonly Case[], rules: Rules | undefined): Promise<ReadonlyMap<string, Row>> {
  const { accepted, notKnown } = validated.repayments
  const [last] = await engine.rows(sql`SELECT max(day) AS day FROM (${join([accepted, ...(notKnown === undefined ? [] : [notKnown])].map((of) => sql`SELECT max(paid_on) AS day FROM ${of}`), sql` UNION ALL `)}) AS newest`)
  const own = ofThatDay(settings, last!.day === null ? undefined : String(last!.day))
  const copies = relation({ name: 'copies', says: 'Copies of accounts.', columns: copiesColumns, kept: 'table' })
  await engine.put(copies, cases.map((one, at) => ({ ...one, variant: String(at), number: at })))
  const made = classifiedCopies({ book, settings: own, rows: validated, copies, calendar })
  const lacking = Object.fromEntries([...testedColumns(rules)].filter((column) => !(column in made.accounts.columns)).map((column) => [column, accountColumns[column as AccountColumn].type] as const))
  const columns: Columns = { ...made.accounts.columns, ...lacking }
  const named: Readonly<Record<string, ReturnType<typeof sql>>> = { account_id: sql`v.account_id`, borrower_id: sql`substring(a.borrower_id, 1, length(a.borrower_id) - length(v.scenario) - 1) AS borrower_id` }
  const under = relation({
    name: 'accounts of copies',
    says: 'The copies under their own names.',
    columns: { ...columns, [ofCase]: 'text' },
    body: sql`SELECT ${join(Object.keys(columns).map((column) => named[column] ?? (column in lacking ? sql`${nothing(lacking[column]!)} AS ${name(column)}` : sql`a.${name(column)}`)))}, v.scenario AS ${name(ofCase)} FROM ${made.accounts} a JOIN ${copies} v ON v.variant = a.account_id`,
  })
  const fired = (rules?.tables ?? []).map((table) => sql`CAST(${firstFired(table)} AS VARCHAR)`)
  const now = (column: string) => sql`max(CASE WHEN ${startsWith(name(ofCase), text(asItIs))} THEN ${name(column)} END) AS ${name(column)}`
  const found = await engine.rows(sql`
    SELECT account_id, ${join(['tier', 'status', 'currency', 'overdue_amount'].map(now))}, count(DISTINCT tier) AS tiers, count(DISTINCT fired) AS fired, count(DISTINCT told) AS told,
           count(DISTINCT overdue_amount) + count(DISTINCT advance) + count(DISTINCT owed_back) AS amounts
    FROM (SELECT *, ${fired.length === 0 ? sql`''` : sql`concat_ws('|', ${join(fired)})`} AS fired, ${signature(rules, columns)} AS told FROM ${under}) AS each_case
    GROUP BY account_id`)
  await forget(engine, [...made.fromRows, made.accounts, under], [validated, calendar, broken])
  await engine.drop(copies)
  return new Map(found.map((row) => [String(row.account_id), row] as const))
}

const ofCase = 'scenario of the copy'

interface Seen {
  readonly group: Group
  /** Rows that name the account itself. */
  readonly own: readonly Touch[]
  readonly row: Row | undefined
  readonly between: boolean
  readonly tested: ReadonlySet<string>
  readonly rows: Omit<Rows, 'newestPayment'>
}

function verdictOf(seen: Seen): Verdict {
  const { row } = seen
  const known = row === undefined ? { currency: undefined, overdue_amount: undefined } : { currency: String(row.currency), overdue_amount: String(row.overdue_amount) }
  return { effect: effectOf(seen), ...known }
}

function effectOf({ group, own, row, between, tested, rows: { settings, book } }: Seen): Effect {
  const unbound = ({ on }: Touch) => on === 'plan' || on === 'loan' || on === 'anything'
  const tests = (of: (column: string) => boolean) => [...tested].some(of)
  if (own.some(({ on }) => on === 'loan')) return 'tier'
  // No loan row has the account.
  if (row === undefined) return 'nothing'
  if (own.some(unbound)) return 'tier'
  const later = own.some(({ on }) => on === 'later')
  if (own.some(moves) && (row.tier === 'settled' || row.status === 'closed' || dayDecides(settings, book))) return 'tier'
  if (later && restDecides(settings)) return 'tier'
  if (Number(row.tiers) > 1) return 'tier'
  if (Number(row.fired) > 1 || (between && Number(row.told) > 1)) return 'action'
  if (own.some(moves) && tests(goesByDays)) return 'action'
  if (own.some(({ pending }) => pending) && tested.has('pending_amount')) return 'action'
  if (later && tests(goesByRest)) return 'action'
  if (group.accounts.length > 1) {
    const others = group.touches.filter(({ reject }) => reject.account_id !== row.account_id)
    if (others.some((one) => unbound(one) || one.on === 'later') || group.touches.some((one) => moves(one)) && (tested.has('leads') || tested.has('driver_account_id') || (between && settings.contagion !== 'none'))) return 'action'
  }
  return later || Number(row.amounts) > 3 ? 'amounts' : 'nothing'
}

/** Whether it matters on which day money came, or what it names: then no sum tells the cases. */
const dayDecides = (settings: Settings, book: Rows['book']): boolean =>
  !isDefault(settings.conventions, 'sticky', 'after_payoff') ||
  any(settings.conventions, ({ materiality, surplus, allocation, allocation_time }) => materiality?.counting === 'since_material' || surplus !== 'next' || (allocation === 'named_first' && paymentFacts(book, settings).named) || (allocation_time === 'when_paid' && (planFacts(book, settings).added || allocation === 'fees_first')))

/** Whether an instalment that is not due yet decides anything about those that are. */
const restDecides = ({ conventions }: Settings): boolean => !isDefault(conventions, 'business_days', 'after_payoff') || any(conventions, ({ materiality, surplus, allocation }) => materiality?.relative !== undefined || surplus !== 'next' || allocation === 'named_first')
