import { chargedBackFrom } from '../classify/chargebacks.ts'
import { covered } from '../classify/covered.ts'
import { planFacts } from '../classify/in-force.ts'
import { laidOn } from '../classify/laid.ts'
import { counts, paymentFacts } from '../classify/payments.ts'
import { loanFacts, partMoney } from '../classify/walkers.ts'
import { firedFlags } from '../decide/fired.ts'
import { patternsOf } from '../decide/placeholders.ts'
import type { Rules } from '../decide/rules.ts'
import { daysBetween } from '../engine/calls.ts'
import type { Engine, Row } from '../engine/engine.ts'
import { inOrder, relation, type Relation } from '../engine/relation.ts'
import { bool, date, join, name, nothing, sql, text, type Hole } from '../engine/sql.ts'
import type { Flow } from '../flow.ts'
import { groupedBy } from '../grouped-by.ts'
import type { Outcome, Reject } from '../outcome.ts'
import { finderIn } from '../publish/lists/rows.ts'
import { filled } from '../publish/lists/words.ts'
import { dueParts } from '../read/inputs.ts'
import type { Settings } from '../settings/load.ts'
import { isReversal } from './counted.ts'
import { placesOf, type Place } from './places.ts'
import type { Ranks } from './ranks.ts'
import type { Rejects } from '../validate/rejects.ts'

/** What explain reads of a finished flow that kept its rows. */
export interface Explained extends Pick<Flow, 'book' | 'validated' | 'classified'> {
  readonly outcome: Pick<Outcome, 'accounts' | 'actions' | 'unmatched' | 'conventions' | 'newestPayment'> & { readonly rejects: Pick<Rejects, 'filter'>; readonly blastRadius?: Pick<NonNullable<Outcome['blastRadius']>, 'verdicts'> | undefined }
  /** The accounts of all borrowers with more than one, where those of the outcome are a few of the book. */
  readonly everyone?: Relation
}

/** That, and what it was run with. */
export interface Explaining {
  readonly engine: Engine
  readonly settings: Settings
  readonly flow: Explained
  readonly rules: Rules | undefined
  /** Of the account that is asked for, where a run has lists. */
  readonly ranks?: Ranks
}

export type Placed = Row & Place

/** An accepted row that meets no account, with the columns that its file has. */
export interface Unmatched extends Place {
  readonly input: 'schedule' | 'repayments'
  readonly why: 'no_loan' | 'parent_rejected'
  readonly row: Row
}

/** What the relations of the flow say of one account, row by row, in their own order. */
export interface Evidence {
  readonly id: string
  /** Its row of accounts; none where no loan row has the id. */
  readonly account: Row | undefined
  /** State and money before tiers; none where the loan row is in quarantine too. */
  readonly standing: Row | undefined
  readonly received: string
  /** The plan, oldest first, with what the money received covers; `age`: days from the due date to as_of. */
  readonly instalments: readonly Placed[]
  /** What money is laid on, in the order of the plan, where that is not simply the oldest instalment first. */
  readonly pieces: readonly Row[] | undefined
  /** The plan says by words what of it is paid: its payments name their instalments. */
  readonly byStatus: boolean
  /** By day and place in the files; `counts`: whether the row stands at the end of as_of. */
  readonly payments: readonly Placed[]
  readonly unmatched: readonly Unmatched[]
  readonly rejects: readonly Reject[]
  /** All accounts of its borrower, where there are others; the one that leads comes first. */
  readonly borrower: readonly Row[]
  readonly actions: readonly Row[]
  /** Each time that it was late, from the first on; undefined where the past is not asked for. */
  readonly episodes: readonly Row[] | undefined
  /** One flag for each cell of the rules. */
  readonly flags: Row | undefined
}

/** Reads each relation of the flow once, for a few accounts. There is no query here that the run does not have too. */
export async function evidenceOf(on: Explaining, ids: readonly string[]): Promise<Evidence[]> {
  const { engine, flow, rules } = on
  const { book, classified, outcome } = flow
  const these = sql`account_id IN (${join(ids.map(text))})`
  const read = (of: Relation) => engine.rows(sql`SELECT * FROM ${of} WHERE ${these}`)
  const accounts = await read(outcome.accounts)
  const standing = await read(stepOf(classified.classified, 'standing'))
  const received = await read(classified.received)
  const { instalments, pieces } = await instalmentsOf(on, these)
  const payments = await paymentsOf(on, these)
  const strays = { schedule: await straysOf(on, 'schedule', these), repayments: await straysOf(on, 'repayments', these) }
  const { episodes: times } = classified
  const episodes = times === undefined ? undefined : byAccount(await engine.rows(sql`SELECT * FROM ${times} WHERE ${these} ORDER BY account_id, late_since`))
  const borrowers = await borrowersOf(on, accounts)
  const actions = outcome.actions === undefined ? [] : await actionsOf(on, outcome.actions, ids)
  const flags = rules === undefined ? [] : await read(firedFlags(rules, classified.accounts).flags)
  const linesOf = {
    schedule: await placesOf(book.schedule, [...instalments, ...strays.schedule].map(ordinalOf)),
    // What was paid may stand on the rows of the plan.
    repayments: await placesOf(book.repayments.files.length === 0 ? book.schedule : book.repayments, [...payments, ...strays.repayments].map(ordinalOf)),
  }
  // A plan that was built from terms, and what was received before the file, stand on the rows of loans.
  const loanLines = await placesOf(book.loans, [...instalments, ...payments].map(loanOf))
  const placeOf = (input: 'schedule' | 'repayments', row: Row) => (isChargedBack(row) ? linesOf.repayments.get(chargebackOf(row))! : ordinalOf(row) < 0 ? loanLines.get(loanOf(row))! : linesOf[input].get(ordinalOf(row))!)
  const placed = (input: 'schedule' | 'repayments') => (row: Row): Placed => ({ ...row, ...placeOf(input, row) })
  const unmatched = (input: 'schedule' | 'repayments') => ({ why, ordinal, ...row }: Row): Unmatched => ({ input, why: why as Unmatched['why'], row, ...linesOf[input].get(Number(ordinal))! })
  const inGroups = { accounts: byAccount(accounts), standing: byAccount(standing), received: byAccount(received), instalments: byAccount(instalments), pieces: byAccount(pieces ?? []), payments: byAccount(payments), schedule: byAccount(strays.schedule), repayments: byAccount(strays.repayments), actions: byAccount(actions), flags: byAccount(flags) }
  return ids.map((id) => {
    const [account] = inGroups.accounts(id)
    return {
      id,
      account,
      standing: inGroups.standing(id)[0],
      received: String(inGroups.received(id)[0]?.received ?? '0'),
      instalments: inGroups.instalments(id).map(placed('schedule')),
      pieces: pieces === undefined ? undefined : inGroups.pieces(id),
      byStatus: planFacts(on.flow.book, on.settings).statusOnly,
      payments: inGroups.payments(id).map(placed('repayments')),
      unmatched: [...inGroups.schedule(id).map(unmatched('schedule')), ...inGroups.repayments(id).map(unmatched('repayments'))],
      rejects: outcome.rejects.filter((reject) => names(reject, id)),
      borrower: account === undefined ? [] : borrowers.filter((row) => row.borrower_id !== null && row.borrower_id === account.borrower_id),
      actions: inGroups.actions(id),
      episodes: episodes?.(id),
      flags: inGroups.flags(id)[0],
    }
  })
}

/** With what the reasons of the rules have to fill in, as the lists say it. */
async function actionsOf({ engine, flow: { outcome, classified }, settings, rules }: Explaining, actions: Relation, ids: readonly string[]): Promise<Row[]> {
  const find = finderIn({ accounts: outcome.accounts, actions, passed: classified.passed }, name('x'))
  const patterns = rules === undefined ? [] : patternsOf(rules)
  const own = Object.keys(actions.columns).map((column) => (column === 'reason' ? sql`${filled(find, sql`x.reason`, patterns, settings.language, sql`x.reason`)} AS reason` : sql`x.${name(column)}`))
  return await engine.rows(sql`SELECT ${join(own)} FROM ${actions} x JOIN ${outcome.accounts} a ON a.account_id = x.account_id WHERE x.account_id IN (${join(ids.map(text))}) ORDER BY x.account_id, x.seq`)
}

/** Whether a row in quarantine names the account: by an id that a spreadsheet has damaged, too. */
export const names = (reject: Reject, id: string) => reject.account_id === id || (reject.code === 'account-id-damaged' && reject.value.trim() === id)

const ordinalOf = (row: Row) => Number(row.ordinal)
const loanOf = (row: Row) => -1 - ordinalOf(row)
/** An instalment that a chargeback made stands where the chargeback does. */
export const isChargedBack = (row: Row) => ordinalOf(row) <= chargedBackFrom
const chargebackOf = (row: Row) => chargedBackFrom - ordinalOf(row)

function byAccount(rows: readonly Row[]): (id: string) => readonly Row[] {
  const groups = groupedBy(rows, ({ account_id }) => String(account_id))
  return (id) => groups.get(id) ?? []
}

/** A step of the flow by its name. */
function stepOf(last: Relation, of: string): Relation {
  const found = inOrder(last).find((step) => step.name === of)
  if (found === undefined) throw new Error(`the flow has no step ${of}`)
  return found
}

/** The plan and the walk over it are read in one order, so that each line of the one belongs to the same line of the other. */
async function instalmentsOf({ engine, settings, flow }: Explaining, these: Hole): Promise<{ instalments: Row[]; pieces: Row[] | undefined }> {
  const { instalments, plan, received, laying, inForce } = flow.classified
  const asked = loanFacts(settings, laying)
  const ofParts = partMoney(received)
  const money = relation({
    name: 'money to explain',
    says: 'All accounts with a plan, with the money that they have: those that are exactly up to date too.',
    columns: { account_id: 'text', received: 'money', closing_on: 'date', ...ofParts, ...asked.columns },
    body: sql`
      SELECT p.account_id, coalesce(r.received, 0) AS received, ${nothing('date')} AS closing_on${join(Object.keys(ofParts).map((part) => sql`, coalesce(r.${name(part)}, 0) AS ${name(part)}`), sql``)}${asked.values}
      FROM ${plan} p
      LEFT JOIN ${received} r ON r.account_id = p.account_id${Object.keys(asked.columns).length > 0 ? sql`
      LEFT JOIN ${flow.validated.loans.accepted} l ON l.account_id = p.account_id` : sql``}`,
  })
  const laid = laying === undefined ? undefined : laidOn(inForce, money, laying, 'explained')
  const walked = covered(instalments, money, 'walked to explain', settings.conventions, laid)
  const planned = await engine.rows(sql`SELECT ordinal, account_id, instalment_no, due_on, amount_due, place FROM ${instalments} WHERE ${these} ORDER BY account_id, place, ordinal`)
  const got = await engine.rows(sql`SELECT *, ${daysBetween(sql`due_on`, date(settings.as_of))} AS age FROM ${walked} WHERE ${these} ORDER BY account_id, place, before, amount_due`)
  const parts = await partsOf(engine, flow, these)
  const pieces = laid === undefined ? undefined : await engine.rows(sql`SELECT * FROM ${laid.pieces} WHERE ${these} ORDER BY account_id, position`)
  const rows = planned.map((row, at) => {
    const walk = got[at]
    if (walk === undefined || walk.account_id !== row.account_id || walk.place !== row.place || walk.amount_due !== row.amount_due) throw new Error(`instalment ${row.instalment_no} of ${row.account_id} is not in the walk`)
    return { ...row, ...walk, ...(laid === undefined ? {} : { home: row[laid.home]! }), ...parts.get(ordinalOf(row)) }
  })
  return { instalments: rows, pieces }
}

/** Parts of the instalments as the export states them. */
async function partsOf(engine: Engine, { book, validated }: Explained, these: Hole): Promise<ReadonlyMap<number, Row>> {
  const given = dueParts.filter((part) => book.schedule.columns.some((column) => column.name === part && column.role === 'used'))
  if (given.length === 0) return new Map()
  const rows = await engine.rows(sql`SELECT ordinal, ${join(given.map(name))} FROM ${validated.schedule.accepted} WHERE ${these}`)
  return new Map(rows.map(({ ordinal, ...parts }) => [Number(ordinal), parts] as const))
}

async function paymentsOf({ engine, settings, flow }: Explaining, these: Hole): Promise<Row[]> {
  const count = counts(settings.as_of, paymentFacts(flow.book, settings))
  const inPlan = planFacts(flow.book, settings).open
  const { notKnown } = flow.validated.repayments
  const rows = await engine.rows(sql`SELECT *, ${inPlan ? sql`FALSE` : sql`coalesce(${count}, FALSE)`} AS counts, ${bool(inPlan)} AS in_plan FROM ${flow.classified.payments} WHERE ${these} ORDER BY account_id, paid_on, ordinal`)
  if (notKnown === undefined) return rows
  // They stand among the others, and add nothing yet.
  const others = await engine.rows(sql`SELECT * FROM ${notKnown} WHERE ${these} ORDER BY account_id, paid_on, ordinal`)
  const nothing = { aside: false, taken: '0', adds: '0', covers: '0', to_charges: '0', to_principal: '0', charged: '0', counts: false, in_plan: false }
  const all: Row[] = [...rows, ...others.map((row) => ({ ...row, ...nothing, counts_on: row.paid_on!, brings: !isReversal(row) }))]
  return all.sort((a, b) => (String(a.paid_on) === String(b.paid_on) ? Number(a.ordinal) - Number(b.ordinal) : String(a.paid_on) < String(b.paid_on) ? -1 : 1))
}

/** Accepted rows that meet no account, with the columns that their file has. */
async function straysOf({ engine, flow }: Explaining, input: 'schedule' | 'repayments', these: Hole): Promise<Row[]> {
  const of = flow.outcome.unmatched[input]
  if (of === undefined) return []
  const whys = new Map((await engine.rows(sql`SELECT DISTINCT account_id, why FROM ${of} WHERE ${these}`)).map((row) => [row.account_id, row.why!] as const))
  if (whys.size === 0) return []
  const own = Object.keys(of.columns).filter((column) => !['file', 'record', 'why'].includes(column))
  const rows = await engine.rows(sql`SELECT ordinal, ${join(own.map(name))} FROM ${flow.validated[input].accepted} WHERE ${these} ORDER BY ordinal`)
  return rows.flatMap((row) => (whys.has(row.account_id!) ? [{ ...row, why: whys.get(row.account_id!)! }] : []))
}

async function borrowersOf({ engine, flow }: Explaining, accounts: readonly Row[]): Promise<Row[]> {
  const shared = new Set(accounts.filter((row) => Number(row.borrower_accounts ?? 1) > 1).map((row) => String(row.borrower_id)))
  if (shared.size === 0) return []
  return engine.rows(sql`
    SELECT account_id, borrower_id, currency, tier, days_past_due, overdue_amount, held_reason, leads
    FROM ${flow.everyone ?? flow.outcome.accounts}
    WHERE borrower_id IN (${join([...shared].map(text))})
    ORDER BY leads DESC NULLS LAST, days_past_due DESC NULLS LAST, account_id`)
}
