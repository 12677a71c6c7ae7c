import { relation, type Relation } from '../engine/relation.ts'
import { bool, date, sql } from '../engine/sql.ts'
import { columnsOf, partNames } from '../read/inputs.ts'
import type { Book } from '../read/read.ts'
import type { Settings } from '../settings/load.ts'
import type { RuleBook } from '../settings/rule-books.ts'
import type { InputName } from '../settings/schema.ts'
import type { ValidatedBook } from '../validate/validate.ts'
import { accounts, borrowers } from './borrowers.ts'
import { built, withTerms } from './built.ts'
import { noCalendar, type Calendar } from './calendar.ts'
import { withChargebackRows, withChargebacks } from './chargebacks.ts'
import { isDefault } from './convention.ts'
import { counted, countsDays, paidOff } from './counted.ts'
import { covered } from './covered.ts'
import { known, passedName, standing } from './days-past-due.ts'
import { quarantined, rejectedLoans } from './holds.ts'
import { heldToPlan } from './held-to-plan.ts'
import { inForceOn, planFacts, planOverTime, planVersions } from './in-force.ts'
import { pastOf } from './past.ts'
import { pausesOf } from './pauses.ts'
import { rolled } from './rolls.ts'
import { paidRows, undatedPayments } from './paid-rows.ts'
import { counts, paymentFacts, payments } from './payments.ts'
import { prepaid } from './prepaid.ts'
import { instalments, plan } from './plan.ts'
import { laidOn } from './laid.ts'
import { asGiven, lendersWord, noWord, withLendersWord } from './lenders-word.ts'
import { lastPaid, noLastPaid, notApplied, received } from './received.ts'
import { forborne, restructured } from './restructured.ts'
import { sideBySide } from './side-by-side.ts'
import { withStatements } from './statements.ts'
import { terms } from './terms.ts'
import { neverEnds } from './state.ts'
import { classified, tiered } from './tier.ts'
import { uneven } from './uneven.ts'
import { strangers, unmatched, unmatchedMoney } from './unmatched.ts'
import { walkersOf } from './walkers.ts'
import { wholeRows } from './whole-rows.ts'
import { dueAnew, layingOf, type Laying } from './ways.ts'

export interface Classified {
  readonly payments: Relation
  readonly received: Relation
  readonly instalments: Relation
  readonly plan: Relation
  /** The accounts that the schedule names: whether or not the plan of one is in force yet. */
  readonly planNames: Relation
  /** Versions of plans, where the schedule has them. */
  readonly versions: Relation | undefined
  /** Accounts with money of an unknown day, as of an earlier one. */
  readonly undated: Relation | undefined
  /** The last statement of each account whose plan is made of them. */
  readonly lastStatements: Relation | undefined
  /** Terms of loans without a row in the schedule, where loans have terms. */
  readonly terms: Relation | undefined
  /** Accounts under several rule books, where that was asked. */
  readonly sideBySide: Relation | undefined
  /** Accounts that are walked instalment by instalment, with the money that they have. */
  readonly walkers: Relation
  /** What each instalment of theirs got, and what is open on one line an account. */
  readonly walked: Relation
  readonly uneven: Relation
  /** How money is laid on plans, where that is not simply the oldest instalment first; explain lays it on the same rows. */
  readonly laying: Laying | undefined
  readonly inForce: Relation
  readonly known: Relation
  readonly standing: Relation
  readonly tiered: Relation
  /** The column of standing that holds the region of an account, where loans have one. */
  readonly region: string | undefined
  readonly classified: Relation
  readonly accounts: Relation
  readonly rejectedLoans: Relation
  /** All that is taken from the rows of schedule and repayments; the rest of the stage rests on it alone. */
  readonly fromRows: readonly Relation[]
  readonly passed: readonly string[]
  /** Accounts that go by their days though a convention asks for their past, and why. */
  readonly goneByDays: Relation | undefined
  /** Each time that an account was late, where the past is asked for. */
  readonly episodes: Relation | undefined
}

export interface Unmet {
  readonly unmatched: Readonly<Record<'schedule' | 'repayments', Relation>>
  readonly unmatchedMoney: Relation
}

/** What an account's line must hold; a walk over many dates needs no more than days, tier and overdue amount. */
interface Asked {
  readonly lastPaid: boolean
  /** Which accounts are held for rows in quarantine, where that was looked into. */
  readonly holds?: Relation | undefined
  /** What the least payments are, where that was found. */
  readonly least?: Relation | undefined
  /** Plans on one line and money as of this day, where they were found from those of another. */
  readonly plan?: Relation | undefined
  readonly money?: Relation | undefined
  /** What the walk would tell, where that was found without it. */
  readonly uneven?: Relation | undefined
  /** A day of which plans on one line and plain money are told too. */
  readonly earlier?: string | undefined
}

/** Passed-through columns of loans, in the order of the export. */
const passedThrough = (book: Book) => book.loans.columns.filter((column) => column.role === 'passed').map((column) => column.name)

/** Accepted rows -> one row an account with its evidence. Money and plan are aggregated first; only accounts that are behind or ahead are walked. */
export function classify(book: Book, validated: ValidatedBook, broken: Readonly<Record<InputName, Relation>>, settings: Settings, keptAccounts: 'view' | 'table', calendar: Calendar = noCalendar, books: readonly RuleBook[] = [], asked: Asked = { lastPaid: true }): Classified {
  const { loans, schedule, repayments } = validated
  const passed = passedThrough(book)
  const facts = paymentFacts(book, settings)
  const asFiled = planFacts(book, settings)
  const word = lendersWord(book) ?? (asFiled.statements ? noWord : undefined)
  const offered = asFiled.terms ? terms(book, loans.accepted, schedule) : undefined
  const scheduled = offered === undefined ? schedule.accepted : withTerms(schedule.accepted, built(offered, schedule.accepted.columns, book.scale))
  const versions = asFiled.versions ? planVersions(scheduled, asFiled) : undefined
  const overTime = asFiled.versions || asFiled.added || asFiled.skips || asFiled.accelerated ? planOverTime(scheduled, loans.accepted, versions, asFiled, settings) : undefined
  const scheduleInForce = inForceOn(scheduled, overTime, settings.as_of)
  const repaid = asFiled.paidOnRows ? { ...repayments, accepted: paidRows(scheduleInForce, { ...repayments.accepted.columns, ...(facts.named ? { instalment_no: 'int' as const } : {}) }, asFiled, settings) } : repayments
  const undated = undatedPayments(scheduleInForce, asFiled, settings)
  const came = payments({ repayments: repaid, loans: loans.accepted, facts, settings })
  const { reversals } = repaid
  const whole = wholeRows(scheduleInForce, asFiled)
  const byStatement = asFiled.statements ? withStatements({ rows: whole, loans: loans.accepted, came, plans: asFiled, facts, asOf: settings.as_of, hasMethod: passed.includes('method') }) : undefined
  const plansInForce = byStatement?.rows ?? whole
  const chargedBack = reversals !== undefined && !asFiled.open && dueAnew(settings.conventions)
  const inForce = chargedBack ? withChargebacks({ inForce: plansInForce, loans: loans.accepted, came, reversals, facts, settings }) : plansInForce
  const changes = chargedBack ? withChargebackRows(asFiled) : asFiled
  const planned = instalments(inForce, changes)
  const onePlan = asked.plan ?? plan(planned, settings.as_of, changes, asked.earlier)
  const revolve = passed.includes('method') && byStatement === undefined ? loans.accepted : undefined
  const toPlan = facts.capped.length > 0 ? heldToPlan(came, planned, facts, settings.as_of, revolve) : came
  const paid = facts.prepayments ? prepaid(toPlan, planned, facts, settings.as_of, revolve) : toPlan
  const sums = asked.money ?? received(paid, facts, settings.as_of, settings.inputs.repayments.complete_from, asked.earlier)
  const money = changes.open ? notApplied(sums) : sums
  const planNames =
    overTime === undefined
      ? onePlan
      : relation({ name: 'accounts of the schedule', says: 'The accounts that the schedule names.', columns: { account_id: 'text' }, kept: 'table', body: sql`SELECT DISTINCT account_id FROM ${scheduled}` })
  const laying = layingOf({ book, settings, payments: paid, facts, plans: changes })
  const allOpen = neverEnds(book, facts)
  const walkers = walkersOf({ plan: onePlan, received: money, loans: loans.accepted, settings, neverClose: allOpen, laying })
  // Their rows first, then the shape: of millions of rows few are walked.
  const theirs = relation({
    name: 'schedule of walkers',
    says: 'The rows of the schedule of those accounts.',
    columns: inForce.columns,
    body: sql`SELECT s.* FROM ${inForce} s JOIN ${walkers} w ON w.account_id = s.account_id`,
  })
  const walked = covered(instalments(theirs, changes, 'instalments of walkers'), walkers, 'walked', settings.conventions, laying === undefined ? undefined : laidOn(theirs, walkers, laying, 'walkers'))
  const open = asked.uneven ?? uneven(walked, { asOf: settings.as_of, parts: partNames.filter((part) => changes.has(`${part}_due`)), withToday: [settings, ...books.map((one) => one.settings)].some(({ conventions }) => !isDefault(conventions, 'count_from')), laid: laying !== undefined })
  const paidLast = asked.lastPaid ? lastPaid(paid, money, facts, settings.as_of) : noLastPaid
  const held = quarantined(book, validated, broken, asked.holds)
  const rejected = rejectedLoans(book, validated, broken.loans, held, settings.as_of)
  const own = Object.entries(columnsOf('loans')).filter(([, column]) => column.use !== 'through').map(([column, { as }]) => as ?? column).filter((column) => column in loans.accepted.columns)
  const replaced = versions === undefined ? undefined : restructured({ accepted: scheduled, loans: loans.accepted, versions, received: money, facts: asFiled, settings })
  const all = known(
    {
      loans: loans.accepted, received: money, lastPaid: paidLast, plan: onePlan, uneven: open, quarantined: held,
      terms: offered, basis: word !== undefined, statements: byStatement?.last, undated,
      restructured: changes.restructured ? { replaced, forborne: forborne(loans.accepted, replaced, settings.as_of) } : undefined,
    },
    facts,
    own,
    passed,
  )
  // The export's own outstanding is a photograph: it holds on its own day, not on earlier ones.
  const unseen = repayments.notKnown === undefined ? undefined : newestUnseen(repayments.notKnown)
  const photographed = settings.data_through !== undefined ? bool(settings.as_of === settings.data_through) : sql`${date(settings.as_of)} >= coalesce((SELECT max(newest_on) FROM ${money}), ${date(settings.as_of)})${unseen === undefined ? sql`` : sql` AND ${date(settings.as_of)} >= coalesce((SELECT day FROM ${unseen}), ${date(settings.as_of)})`}`
  const byPlan = standing(all, settings, photographed, allOpen)
  const stands = word === undefined ? byPlan : withLendersWord(byPlan, { word, settings, photographed, passed, scale: book.scale })
  const atPayoff = isDefault(settings.conventions, 'after_payoff') ? undefined : paidOff(paid, planned, counts(settings.as_of, facts))
  const region = passed.includes(settings.region) ? passedName(passed.indexOf(settings.region)) : undefined
  const pauses = calendar.pauses === undefined ? undefined : pausesOf(calendar.pauses, loans.accepted, passed.includes(settings.region) ? settings.region : undefined)
  const judging = [settings, ...books.map((one) => one.settings)]
  const past = pastOf({ settings, judging, loans: loans.accepted, repayments: repaid.accepted, payments: paid, instalments: planned, standing: stands, overTime, open: changes.open, statements: byStatement?.last, laying, pauses, facts })
  const countedUnder = (own: Settings) => past.recalled(own, countsDays(own.conventions, pauses) ? asGiven(counted(past.judged(own, stands), own, atPayoff, calendar, region, pauses)) : stands)
  const compared = books.length === 0 ? undefined : sideBySide(books, [stands, ...past.shared], countedUnder)
  const inTiers = tiered(countedUnder(settings), settings, passed.includes('method'))
  const placed = calendar.moved === undefined && pauses === undefined ? inTiers : rolled(inTiers, settings, pauses)
  const one = classified(placed, { loans: loans.accepted, rejected, noneRejected: loans.all === true }, { facts, allOpen, openPlan: changes.open }, passed, settings.as_of)
  return {
    payments: paid, received: money, instalments: planned, plan: onePlan, walkers, walked, uneven: open, laying, inForce, known: all, standing: stands, region, tiered: placed, classified: one,
    accounts: accounts(one, borrowers(one, settings), passed, settings, keptAccounts, [past.columns, asked.least].filter((one) => one !== undefined)),
    rejectedLoans: rejected,
    fromRows: [sums, onePlan, open, paidLast, held, ...past.fromRows, ...[unseen, atPayoff, replaced, offered, compared, undated, byStatement?.last, overTime === undefined ? undefined : planNames].filter((step) => step !== undefined)],
    goneByDays: past.goneByDays, episodes: past.episodes,
    planNames, versions, terms: offered, undated, lastStatements: byStatement?.last, sideBySide: compared,
    passed,
  }
}

/** The file knows more than the day by whose knowledge the book is seen. */
const newestUnseen = (notKnown: Relation) =>
  relation({ name: 'newest not known', says: 'The newest day of the repayments that were not known yet.', columns: { day: 'date' }, kept: 'table', body: sql`SELECT max(paid_on) AS day FROM ${notKnown} HAVING count(*) > 0` })

/** Rows and money that meet no account. */
export function unmet(book: Book, { loans, schedule, repayments }: ValidatedBook, made: Classified, settings: Settings): Unmet {
  const lost = {
    schedule: strangers(made.planNames, loans.accepted, made.rejectedLoans, 'plans without a loan'),
    repayments: strangers(made.received, loans.accepted, made.rejectedLoans, 'money without a loan'),
  }
  const onlyCurrency = book.currencies.length === 1 ? book.currencies[0] : undefined
  return {
    unmatched: { schedule: unmatched(book.schedule, schedule.accepted, lost.schedule), repayments: unmatched(book.repayments, repayments.accepted, lost.repayments) },
    unmatchedMoney: unmatchedMoney(made.payments, lost.repayments, paymentFacts(book, settings), settings, onlyCurrency),
  }
}
