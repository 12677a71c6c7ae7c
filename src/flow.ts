import type { Verdict } from './blast-radius/judge.ts'
import { basisInForce, beginLate, daysAreGiven, statementsBegin, statusesSaid } from './basis-said.ts'
import { balancesOnly } from './classify/bases.ts'
import { accountColumns } from './classify/columns.ts'
import { any, isDefault } from './classify/convention.ts'
import { besideOf } from './classify/payments.ts'
import { checkYears, putCalendar, type Calendar } from './classify/calendar.ts'
import { idlePauses } from './classify/idle-pauses.ts'
import { classify, unmet, type Classified, type Unmet } from './classify/classify.ts'
import { sinceMaterial } from './classify/material.ts'
import { accountsIn, moneyTotals } from './classify/totals.ts'
import { comply } from './comply/gated.ts'
import { kindIn } from './decide/kinds.ts'
import type { Rules } from './decide/rules.ts'
import type { ColumnKinds } from './decide/tree.ts'
import { decide } from './decide/decided.ts'
import { patternsOf } from './decide/placeholders.ts'
import type { Engine } from './engine/engine.ts'
import type { Relation } from './engine/relation.ts'
import { sql } from './engine/sql.ts'
import { throwAll } from './errors.ts'
import { joinPairs } from './join-pairs.ts'
import { looksRevolving } from './looks-revolving.ts'
import { moneyInForce } from './money-said.ts'
import type { Outcome } from './outcome.ts'
import { filesRead } from './read/files-read.ts'
import type { Book, Plans } from './read/read.ts'
import { passedColumns } from './read/read.ts'
import { inputNames, lendersDates, lendersDays, statementOn } from './read/inputs.ts'
import { conventionsInForce } from './settings/conventions.ts'
import type { Settings } from './settings/load.ts'
import type { RuleBook } from './settings/rule-books.ts'
import type { InputName } from './settings/schema.ts'
import { paidLater, pendingLong, unknownStatus } from './exception-rows.ts'
import { beforeAllPayments, implausible } from './implausible.ts'
import { termsBeside } from './terms-beside.ts'
import { ties } from './ties.ts'
import { overLimit, RefusedRows } from './validate/limit.ts'
import { overlaps, overlapsSaid, type Overlaps } from './validate/overlap.ts'
import { quarantine, type Quarantine } from './validate/rejected.ts'
import { allRejects } from './validate/rejects.ts'
import { knownBook, notKnownYet } from './validate/known-on.ts'
import { validate, withCounts, type ValidatedBook } from './validate/validate.ts'
import { warningsOf } from './warnings.ts'

/** Everything that one run makes on its way; explain walks the same relations. */
export interface Flow {
  readonly book: Book
  readonly validated: ValidatedBook
  readonly classified: Classified
  readonly outcome: Outcome
  readonly accountsIn: number
}

export interface FlowJob {
  readonly engine: Engine
  readonly settings: Settings
  readonly plans: Plans
  /** Folder for private copies of files that must be mended. */
  readonly scratch: string
  /** Compiled when the currencies of the book are known; none for `age`. */
  readonly rules?: (book: Book) => Promise<Rules>
  /** Called when the inputs are read, before anything is judged. */
  readonly onBook?: (book: Book) => Promise<void>
  readonly onStep: (stage: string, step?: string) => void
  /** Rule books under which the accounts are seen side by side. */
  readonly ruleBooks?: readonly RuleBook[]
  /** Rows of the inputs stay at hand after classification (explain reads them). */
  readonly keepRows?: boolean
  /** Called while the rows of all inputs are at hand, before those of schedule and repayments go. */
  readonly onRows?: ((inHand: InHand) => Promise<void>) | undefined
  /** What the reports need of the rows is gathered before they go. */
  readonly reports?: boolean
  /** Where no rules are applied, those by which holds are judged. */
  readonly heldBy?: ((book: Book) => Promise<Rules>) | undefined
  /** Of the whole book, where the plans hold a part of it. */
  readonly currencies?: readonly string[] | undefined
}

/** Rows read and judged, and what was made of them. */
export interface InHand extends Pick<Accepted, 'book' | 'validated' | 'kept'> {
  readonly classified: Classified
  /** Of the accounts that rows in quarantine touch, where holds go by it. */
  readonly verdicts: ReadonlyMap<string, Verdict> | undefined
  readonly rules: Rules | undefined
}

/** What the inputs give before any day is asked about: rows read, judged and put in quarantine. */
export interface Accepted {
  readonly book: Book
  readonly validated: ValidatedBook
  readonly kept: Readonly<Record<InputName, Quarantine>>
  readonly broken: Readonly<Record<InputName, Relation>>
  readonly overlapping: Overlaps
  readonly calendar: Calendar
}

export async function acceptedRows({ engine, settings, plans, scratch, onStep, currencies }: Omit<FlowJob, 'rules' | 'ruleBooks' | 'onBook'>, onBook: (book: Book) => Promise<void> = async () => {}): Promise<Accepted> {
  onStep('read')
  const { read } = await import('./read/read.ts')
  const book = await read(engine, plans, settings, scratch, (step) => onStep('read', step), currencies)
  await onBook(book)

  onStep('validate')
  const judged = validate(book, settings)
  const kept = {} as Record<InputName, Quarantine>
  for (const input of inputNames) kept[input] = await quarantine(engine, book[input], judged[input])
  const overlapping = await overlaps(engine, book, judged, kept)
  throwAll(overLimit(book, kept, settings, overlapping))
  const validated = withCounts(judged, kept)
  // Of a part of a book no total is stated.
  if (settings.tables.control_totals.length > 0 && currencies === undefined) throwAll(await (await import('./validate/control-totals.ts')).controlTotals(engine, book, validated, kept, settings))
  const broken = { loans: kept.loans.broken, schedule: kept.schedule.broken, repayments: kept.repayments.broken }
  return { book, validated, kept, broken, overlapping, calendar: await putCalendar(engine, settings) }
}

/** The whole job on one screen: read, validate, classify, decide, comply. What follows only shows or publishes it. */
export async function flow({ engine, settings, plans, scratch, rules, ruleBooks, onBook, onStep, keepRows, onRows, heldBy, reports, currencies }: FlowJob): Promise<Flow> {
  let compiled: Rules | undefined
  let holding: Rules | undefined
  const accepted = await acceptedRows({ engine, settings, plans, scratch, onStep, currencies }, async (read) => {
    compiled = await rules?.(read)
    if (settings.blast_radius) holding = compiled ?? (await heldBy?.(read))
    await onBook?.(read)
  })
  const { book, validated: whole, kept, broken, calendar } = accepted

  onStep('classify')
  const validated = knownBook(whole, settings)
  const rejects = allRejects(inputNames.map((input) => kept[input].rejects))
  const judged = settings.blast_radius ? await (await import('./blast-radius/judge.ts')).judge({ engine, settings, book, validated, broken, calendar }, rejects, holding) : undefined
  const gathering = reports === true ? await import('./gather/gather.ts') : undefined
  const classified = classify(book, validated, broken, settings, compiled === undefined ? 'table' : 'view', calendar, ruleBooks, { lastPaid: true, earlier: gathering?.earlierAsked({ ...accepted, validated }, settings), holds: judged?.holds, least: settings.what_if_columns ? (await import('./least-payments.ts')).leastPayments : undefined })
  const lost = unmet(book, validated, classified, settings)
  for (const step of [...classified.fromRows, lost.unmatchedMoney]) await engine.define(step)
  await checkYears(engine, settings, calendar, classified.standing, classified.region)
  const unmatched = await unmatchedRows(engine, lost)
  const pairs = await joinPairs(engine, book, unmatched)
  const unseen = await beforeAllPayments(engine, book, validated, settings)
  const newestPayment = await newest(engine, classified, validated)
  const notKnown = await notKnownYet(engine, validated, settings)
  if (settings.what_if_columns) await (await import('./least-payments.ts')).findLeastPayments({ engine, settings, book, validated, calendar, classified, newestPayment })
  const reached = judged === undefined ? undefined : { report: await (await import('./publish/reports/blast-radius.ts')).makeBlastRadius(judged, lost.unmatched, engine, book.scale), verdicts: judged.verdicts }
  const byStatus = await statusesSaid(engine, book, validated, settings)
  const disagreeing = await termsBeside(engine, book, validated, classified)
  const revolving = await looksRevolving(engine, book, validated, classified, settings)
  const waiting = await pendingLong(engine, book, validated, settings)
  const gathered = await gathering?.gather(engine, { ...accepted, validated }, classified, settings)
  await onRows?.({ book, validated: whole, kept, classified, verdicts: judged?.verdicts, rules: compiled })
  // The rows themselves are no longer needed; their memory is, by the widest join of all.
  if (keepRows !== true) for (const input of ['schedule', 'repayments'] as const) await engine.drop(book[input].rows)
  const money = await moneyTotals(engine, { ...classified, ...lost })
  const into = await accountsIn(engine, book, validated, broken.loans, kept.loans.rejected)

  const compared = await ties({ engine, book, classified, settings, newestPayment })
  const doubted = await implausible(engine, classified, unseen, settings)
  if (doubted.refused !== undefined) throw new RefusedRows('implausible', doubted.refused, kept, book)

  onStep('decide')
  const decided = compiled === undefined ? undefined : decide(classified.accounts, compiled)
  const gated = comply(decided?.accounts ?? classified.accounts, classified.passed)

  const outcome: Outcome = {
    accounts: gated,
    actions: decided?.actions,
    actionsOf: decided?.actionsOf,
    oneEach: decided?.oneEach,
    listOf: decided?.listOf,
    reasonPatterns: compiled === undefined ? undefined : patternsOf(compiled),
    unmatched: lost.unmatched,
    rejects,
    files: filesRead(book),
    rows: inputNames.map((input) => ({
      input,
      records: book[input].records,
      read: book[input].read,
      accepted: book[input].read - kept[input].rejected,
      rejected: kept[input].rejected,
      unmatched: input === 'loans' ? 0 : unmatched[input],
    })),
    money,
    ties: compared?.ties,
    exceptions: [...waiting, ...disagreeing.exceptions, ...(await unknownStatus(engine, book, classified, settings)), ...(await paidLater(engine, classified, money))],
    blastRadius: reached,
    episodes: classified.episodes,
    gathered,
    warnings: [...overlapsSaid(accepted.overlapping), ...notKnown, ...pairs, ...byStatus, ...disagreeing.warnings, ...revolving, ...(await beginLate(engine, classified, book, settings)), ...(await statementsBegin(engine, classified)), ...(await idlePauses(engine, calendar, classified, settings)), ...(compared?.warnings ?? []), ...doubted.warnings, ...(await warningsOf({ engine, settings, book, classified, unmatchedMoney: lost.unmatchedMoney, strangers: { ...(unmatched.schedule > 0 ? { schedule: lost.unmatched.schedule } : {}), ...(unmatched.repayments > 0 ? { repayments: lost.unmatched.repayments } : {}) }, money, newestPayment, rejects, rules: compiled, looksBack: gathered?.openings !== undefined }))],
    notUsedYet: inputNames.map((input) => ({ input, columns: [...new Set(book[input].files.flatMap((file) => file.mapping.notUsedYet))] })).filter(({ columns }) => columns.length > 0),
    passedThrough: classified.passed,
    conventions: [...basisInForce(book, settings), conventionsInForce(settings, !daysAreGiven(book)), ...(balancesOnly(book) ? [] : moneyInForce(book, settings)), ...(settings.blast_radius ? ['accounts are held for rows in quarantine that could change their tier or action'] : [])].join('; '),
    newestPayment,
  }
  return { book, validated, classified, outcome, accountsIn: into }
}

/** The columns that a rule may test, known before anything is loaded. */
export function testable(plans: Plans, settings: Settings): ColumnKinds {
  const own = Object.entries(accountColumns).filter(([, column]) => column.by === 'classify' && (!('where' in column) || mayHave[column.where](plans, settings)))
  const kind = kindIn(settings)
  return {
    ...Object.fromEntries(own.map(([column, { type }]) => [column, kind(column, type)] as const)),
    ...Object.fromEntries(passedColumns(plans).map(({ name, type }) => [name, { type }] as const)),
  }
}

/** Whether accounts have the columns that not every book gives, as far as the columns of the files say it. */
const mayHave = {
  restructured: (plans: Plans) => plansChange(plans),
  statements: ({ schedule }: Plans) => has(schedule, statementOn),
  basis: ({ loans, schedule }: Plans) => has(schedule, statementOn) || lendersDates.some((column) => has(loans, column)) || (schedule.files.length === 0 && has(loans, lendersDays)),
  months: (_: Plans, { conventions }: Settings) => !isDefault(conventions, 'months'),
  // Beside the plan lies what no part of the schedule takes, and what goes beyond such a part.
  parts: ({ repayments }: Plans, settings: Settings) => besideOf((column) => has(repayments, column), () => false, settings).length > 0,
  // Whether a prepayment occurs is known only when the rows are.
  prepaid: () => false,
  contagion: (_: Plans, { contagion }: Settings) => contagion !== 'none',
  sticky: (_: Plans, { conventions }: Settings) => !isDefault(conventions, 'sticky'),
  material: (_: Plans, { conventions }: Settings) => any(conventions, sinceMaterial),
  history: (_: Plans, settings: Settings) => settings.history_columns,
  'what-if': (_: Plans, settings: Settings) => settings.what_if_columns,
} as const

/** Whether the plans of the book may have been changed, by the columns of its files. */
const plansChange = ({ loans, schedule }: Plans) => has(schedule, 'version', 'valid_from') || has(loans, 'restructured_on')
const has = ({ files }: Plans[InputName], ...columns: readonly string[]) => files.some(({ mapping }) => mapping.columns.some(({ name, role }) => role !== 'rest' && columns.includes(name)))

/** Of the file, whatever of it was known. */
async function newest(engine: Engine, { received }: Classified, { repayments: { notKnown } }: ValidatedBook): Promise<string | undefined> {
  const [row] = await engine.rows(sql`SELECT max(day) AS day FROM (SELECT max(newest_on) AS day FROM ${received}${notKnown === undefined ? sql`` : sql` UNION ALL SELECT max(paid_on) FROM ${notKnown}`}) AS newest`)
  return row!.day === null ? undefined : String(row!.day)
}

async function unmatchedRows(engine: Engine, { unmatched }: Unmet) {
  const count = async (input: 'schedule' | 'repayments') => {
    await engine.define(unmatched[input])
    const [row] = await engine.rows(sql`SELECT count(*) AS n FROM ${unmatched[input]}`)
    return Number(row!.n)
  }
  return { schedule: await count('schedule'), repayments: await count('repayments') }
}
