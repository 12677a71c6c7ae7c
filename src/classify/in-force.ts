import { addDays } from '../engine/calls.ts'
import { relation, type Columns, type Relation } from '../engine/relation.ts'
import { date, every, join, name, nothing, sql, text, type, type Hole, type Sql } from '../engine/sql.ts'
import { dueParts, isOpenPlan, isStatusPlan, statementOn } from '../read/inputs.ts'
import type { Book } from '../read/read.ts'
import type { Conventions } from '../settings/convention-fields.ts'
import type { Settings } from '../settings/load.ts'
import { balancesOnly } from './bases.ts'
import { termsGive } from './built.ts'
import { byProduct, isDefault } from './convention.ts'
import { hasTerms } from './terms.ts'

/** What can change a plan in these files. Where nothing can, the rows of the schedule are the plan on every day. */
export interface PlanFacts {
  readonly has: (column: string) => boolean
  /** Amounts that no row lacks. */
  readonly filled: ReadonlySet<string>
  /** The plan says what is still open, on the day of its export. */
  readonly open: boolean
  /** It does so by what it holds: open instalments alone, those that are paid were left out. */
  readonly openOnly: boolean
  /** What was paid stands on the rows of the plan, and nowhere else. */
  readonly paidOnRows: boolean
  /** What a row of the schedule is. */
  readonly rows: Settings['inputs']['schedule']['rows']
  /** By words alone: an instalment is paid or it is not. */
  readonly statusOnly: boolean
  /** Plans may have to be built from terms. */
  readonly terms: boolean
  readonly versions: boolean
  /** Some rows are statements of cards. */
  readonly statements: boolean
  readonly added: boolean
  readonly skips: boolean
  readonly accelerated: boolean
  readonly restructured: boolean
  /** Some rows are what chargebacks made due anew. */
  readonly chargedBack?: boolean
}

export function planFacts(book: Book, settings: Pick<Settings, 'conventions' | 'inputs'>): PlanFacts {
  const given = (column: string) => book.schedule.columns.some((one) => one.name === column && one.role === 'used')
  const openOnly = book.schedule.files.length > 0 && settings.inputs.schedule.open_only
  const open = isOpenPlan(given) || openOnly
  const onRows = book.schedule.files.length > 0 && book.repayments.files.length === 0 && !openOnly
  const statusOnly = onRows && isStatusPlan(given)
  // Plans of what is open and of what is due cannot stand in one book: payments are in the one and not in the other.
  const terms = hasTerms(book) && !open && !balancesOnly(book)
  const { rows } = settings.inputs.schedule
  const has = (column: string) => (terms && termsGive.includes(column)) || given(column) || ((column === 'fee_due' || (rows === 'component' && isDuePart(column))) && given('kind'))
  const ofLoans = (column: string) => book.loans.columns.some((one) => one.name === column && one.role !== 'rest')
  return {
    has,
    open,
    openOnly,
    rows,
    paidOnRows: onRows && (statusOnly || has('amount_paid')),
    statusOnly,
    filled: terms || (rows === 'component' && given('kind')) ? new Set() : book.schedule.filled,
    terms,
    statements: has(statementOn),
    versions: has('version') || has('valid_from'),
    added: has('added_on'),
    skips: has('status') && !isDefault(settings.conventions, 'skip_instalments'),
    accelerated: ofLoans('accelerated_on'),
    restructured: has('version') || has('valid_from') || ofLoans('restructured_on'),
  }
}

const isDuePart = (column: string) => (dueParts as readonly string[]).includes(column)
const always = date('1900-01-01')

/** The due date before acceleration: only where rows without numbers need it. */
export const plannedOn = 'planned_on'

/** The versions of each plan in order (first day, then name), and from when until when each stands: a day on which a newer one is valid is no longer its own. */
export function planVersions(accepted: Relation, { has }: PlanFacts): Relation {
  const validFrom = has('valid_from') ? sql`coalesce(valid_from, ${always})` : always
  // Names of one shape order as numbers do: v2 before v10.
  const order = sql`PARTITION BY account_id ORDER BY from_on, length(version), version`
  return relation({
    name: 'plan versions',
    says: 'The versions of the plan of each account, with the days on which each stands.',
    columns: { account_id: 'text', version: 'text', from_on: 'date', until_on: 'date', version_no: 'int', versions: 'int' },
    kept: 'table',
    body: sql`
      SELECT account_id, version, from_on, lead(from_on) OVER (${order}) AS until_on, row_number() OVER (${order}) AS version_no, count(*) OVER (PARTITION BY account_id) AS versions
      FROM (SELECT account_id, ${versionOf(has)} AS version, min(${validFrom}) AS from_on FROM ${accepted} GROUP BY account_id, ${versionOf(has)}) AS named`,
  })
}

/** What a version is called; one without a name by its first day. */
const versionOf = (has: PlanFacts['has'], alias: Hole = sql``): Sql => (has('version') ? sql`coalesce(${alias}version, '')` : sql`coalesce(CAST(${alias}valid_from AS ${type('text')}), '')`)

/** The rows of a plan with the days on which they stand: `from_on` to before `until_on`, blank where there is no bound. Acceleration is a row that ends and one that begins. */
export function planOverTime(accepted: Relation, loans: Relation, versions: Relation | undefined, facts: PlanFacts, settings: Settings, as = 'plan over time'): Relation {
  const { has, added, accelerated } = facts
  const own = Object.keys(accepted.columns)
  // Where rows have no numbers, those that were called in on one day are older by the day on which they would have fallen due.
  const planned: Columns = accelerated && !has('instalment_no') ? { [plannedOn]: 'date' } : {}
  const columns: Columns = { ...accepted.columns, ...planned, from_on: 'date', until_on: 'date' }
  const from = [...(versions === undefined ? [] : [sql`v.from_on`]), ...(added ? [sql`coalesce(s.added_on, ${always})`] : [])]
  const standing = sql`
    SELECT ${join(own.map((column) => (facts.skips && isAmount(column) ? sql`${asked(column, settings)} AS ${name(column)}` : sql`s.${name(column)}`)))},
           ${from.length === 0 ? nothing('date') : from.length === 1 ? from[0]! : sql`greatest(${join(from)})`} AS from_on, ${versions === undefined ? nothing('date') : sql`v.until_on`} AS until_on,
           ${accelerated ? sql`l.accelerated_on` : nothing('date')} AS accelerated_on
    FROM ${accepted} s${versions === undefined ? sql`` : sql`
    JOIN ${versions} v ON v.account_id = s.account_id AND v.version = ${versionOf(has, sql`s.`)}`}${accelerated || (facts.skips && byProducts(settings)) ? sql`
    LEFT JOIN ${loans} l ON l.account_id = s.account_id` : sql``}`
  const says = 'The rows of each plan with the days on which they stand.'
  if (!accelerated) return relation({ name: as, says, columns, body: sql`SELECT ${join(Object.keys(columns).map(name))} FROM (${standing}) AS standing` })
  // All that is open is overdue from the day itself on: it has fallen due by the end of the day before.
  const moves = sql`accelerated_on <= due_on`
  const wouldBe = Object.keys(planned).map((column) => sql`due_on AS ${name(column)}`)
  const dayBefore = addDays(sql`accelerated_on`, sql`-1`)
  return relation({
    name: as, says, columns,
    body: sql`
      SELECT ${join([...own.map(name), ...wouldBe])}, from_on, CASE WHEN ${moves} AND (until_on IS NULL OR accelerated_on < until_on) THEN accelerated_on ELSE until_on END AS until_on
      FROM (${standing}) AS standing
      UNION ALL
      SELECT ${join([...own.map((column) => (column === 'due_on' ? sql`${dayBefore} AS due_on` : name(column))), ...wouldBe])}, CASE WHEN from_on > accelerated_on THEN from_on ELSE accelerated_on END AS from_on, until_on
      FROM (${standing}) AS falling
      WHERE ${moves}`,
  })
}

/** The rows of the schedule that are the plan on a day; the schedule as it is where nothing changes it. */
export function inForceOn(accepted: Relation, overTime: Relation | undefined, asOf: string): Relation {
  if (overTime === undefined) return accepted
  const columns: Columns = { ...accepted.columns, ...(plannedOn in overTime.columns ? { [plannedOn]: 'date' } : {}) }
  return relation({
    name: 'schedule in force',
    says: `The rows of the schedule that are the plan on ${asOf}.`,
    columns,
    body: sql`SELECT ${join(Object.keys(columns).map(name))} FROM ${overTime} WHERE ${standsOn(date(asOf))}`,
  })
}

/** Whether a row of the plan over time stands on a day. */
const standsOn = (day: Hole): Sql => every([sql`(from_on IS NULL OR from_on <= ${day})`, sql`(until_on IS NULL OR until_on > ${day})`])

export const isAmount = (column: string) => column === 'amount_due' || column === 'amount_open' || (dueParts as readonly string[]).includes(column)
const byProducts = ({ conventions }: Settings) => Object.keys(conventions.products).length > 0

/** An instalment that is skipped asks nothing, and what asks nothing is never late. */
function asked(column: string, { conventions }: Settings): Sql {
  const skipped = ({ skip_instalments }: Conventions) => (skip_instalments.length === 0 ? sql`FALSE` : sql`coalesce(s.status IN (${join(skip_instalments.map(text))}), FALSE)`)
  return sql`CASE WHEN ${byProduct(conventions, skipped, sql`l.product`)} THEN CASE WHEN s.${name(column)} IS NOT NULL THEN 0 END ELSE s.${name(column)} END`
}
