import { daysBetween, valueAtMin } from '../engine/calls.ts'
import { relation, type Relation } from '../engine/relation.ts'
import { bigint, date, join, name, nothing, sql, type Hole } from '../engine/sql.ts'
import { dueParts } from '../read/inputs.ts'
import { chargedBackFrom } from './chargebacks.ts'
import { plannedOn, type PlanFacts } from './in-force.ts'

type Shape = Pick<PlanFacts, 'has' | 'filled' | 'open' | 'openOnly' | 'chargedBack'>

/** The parts of an instalment added up. What no row lacks needs no care for blanks, over millions of rows. */
function sumOf({ has, filled }: Shape): Hole {
  const parts = dueParts.filter(has)
  return parts.length === 0 ? sql`amount_due` : join(parts.map((part) => (filled.has(part) ? name(part) : sql`coalesce(${name(part)}, 0)`)), sql` + `)
}

/** What an instalment asks: its amount, else its parts; of a plan of what is open, that. */
export function amountOf(shape: Shape): Hole {
  const { has, filled, open, openOnly } = shape
  if (openOnly) {
    const whole = amountOf({ ...shape, open: false, openOnly: false })
    const left = has('amount_paid') ? sql`greatest(${whole} - coalesce(amount_paid, 0), 0)` : whole
    return has('amount_open') ? sql`coalesce(amount_open, ${left})` : left
  }
  if (open) return sql`coalesce(amount_open, amount_due)`
  const sum = sumOf(shape)
  if (!has('amount_due') || !dueParts.some(has)) return sum
  return filled.has('amount_due') ? sql`amount_due` : sql`coalesce(amount_due, ${sum})`
}

/** The number of an instalment; without the column its place by due date. */
export const numberOf = (accepted: Relation, shape: Shape): Hole => {
  if (shape.has('instalment_no')) return sql`instalment_no`
  const day = plannedOn in accepted.columns ? sql`coalesce(${name(plannedOn)}, due_on)` : sql`due_on`
  if (shape.chargedBack !== true) return sql`row_number() OVER (PARTITION BY account_id ORDER BY ${day}, ${amountOf(shape)}, ordinal)`
  // What was charged back follows the last of the plan, by day and place of the chargeback.
  const isAnew = sql`CASE WHEN ordinal <= ${bigint(chargedBackFrom)} THEN 1 ELSE 0 END`
  return sql`row_number() OVER (PARTITION BY account_id ORDER BY ${isAnew}, ${day}, CASE WHEN ${isAnew} = 1 THEN 0 ELSE ${amountOf(shape)} END, abs(ordinal))`
}

/**
 * Instalments in one shape: amount and parts, and a key that orders them: due date, then number. Without numbers the
 * place by due date is the number. `apart`: what was added later stays apart, with the day on which it came (`first_on`).
 */
export function instalments(accepted: Relation, shape: Shape & Pick<PlanFacts, 'added'>, as = 'instalments', apart = false): Relation {
  const { has, filled, added } = shape
  const sum = sumOf(shape)
  const amount = amountOf(shape)
  const number = numberOf(accepted, shape)
  // A row whose other parts make up the whole asks no principal; one without parts does not say.
  const ofParts = (part: string) => (has(part) && !filled.has(part) ? sql`coalesce(${name(part)}, CASE WHEN ${amount} = ${sum} THEN 0 END)` : name(part))
  const told = (part: string) => (has('kind') ? sql`CASE WHEN lower(kind) = 'fee' THEN ${part === 'fee_due' ? amount : sql`0`} ELSE ${ofParts(part)} END` : ofParts(part))
  const carried = partsOf(has)
  const numbered = sql`SELECT ordinal, account_id, due_on, ${number} AS instalment_no, ${amount} AS amount_due, ${join(carried.map((part) => sql`${told(part)} AS ${name(part)}`))}${apart ? sql`, ${has('added_on') ? name('added_on') : nothing('date')} AS first_on` : sql``} FROM ${accepted}`
  // What was added to an instalment later is part of it.
  const whole = added && !apart
    ? sql`SELECT min(ordinal) AS ordinal, account_id, due_on, instalment_no, sum(amount_due) AS amount_due, ${join(carried.map((part) => sql`CASE WHEN count(${name(part)}) = count(*) THEN sum(${name(part)}) END AS ${name(part)}`))} FROM (${numbered}) AS parts GROUP BY account_id, due_on, instalment_no`
    : numbered
  return relation({
    name: as,
    says: 'Instalments in one shape, with a key that orders them by due date and number.',
    columns: { ordinal: 'bigint', account_id: 'text', instalment_no: 'int', due_on: 'date', amount_due: 'money', ...Object.fromEntries(carried.map((part) => [part, 'money'] as const)), ...(apart ? { first_on: 'date' as const } : {}), place: 'bigint' },
    body: sql`SELECT *, ${daysBetween(date('1900-01-01'), sql`due_on`)} * CAST(4294967296 AS BIGINT) + instalment_no AS place FROM (${whole}) AS numbered`,
  })
}

/** Parts that instalments carry: principal in any case, blank where nobody tells it; the others where the schedule has them. */
const partsOf = (has: PlanFacts['has']) => [...dueParts].reverse().filter((part) => part === 'principal_due' || has(part))

/** Columns that say the same as of an earlier day, where that was asked for: rows are summed once for both. */
export const ofEarlier = (column: string) => `${column} then`

/** The plan of each account on one line: what is due by when, how much there is of it, and what comes next if all due is paid. `earlier`: a day of which dues are told too. */
export function plan(of: Relation, asOf: string, { open, paidOnRows, terms }: Pick<PlanFacts, 'open' | 'paidOnRows' | 'terms'>, earlier?: string): Relation {
  const day = date(asOf)
  const before = earlier === undefined ? [] : [
    { column: ofEarlier('due_before'), value: sql`sum(CASE WHEN due_on < ${date(earlier)} THEN amount_due ELSE 0 END)` },
    { column: ofEarlier('due_today'), value: sql`sum(CASE WHEN due_on = ${date(earlier)} THEN amount_due ELSE 0 END)` },
    { column: ofEarlier('principal_due'), value: sql`sum(CASE WHEN due_on <= ${date(earlier)} THEN principal_due ELSE 0 END)` },
  ]
  const ahead = sql`due_on > ${day} AND amount_due > 0`
  // Where each row says what is left of it, a plan that begins later lacks nothing.
  return relation({
    name: 'plan',
    says: `The plan of each account on one line, seen from ${asOf}.`,
    columns: {
      account_id: 'text', instalments_total: 'int', first_no: 'int', due_before: 'money', due_today: 'money', planned: 'money',
      instalments_due: 'int', principal_planned: 'money', principal_due: 'money', principal_given: 'bool', next_on: 'date', next_amount: 'money', ...(terms ? { first_due: 'date' as const } : {}),
      ...Object.fromEntries(before.map(({ column }) => [column, 'money'] as const)),
    },
    kept: 'table',
    body: sql`
      SELECT account_id,
             count(*) AS instalments_total,
             ${open || paidOnRows ? sql`1` : sql`min(instalment_no)`} AS first_no,
             sum(CASE WHEN due_on < ${day} THEN amount_due ELSE 0 END) AS due_before,
             sum(CASE WHEN due_on = ${day} THEN amount_due ELSE 0 END) AS due_today,
             sum(amount_due) AS planned,
             count(CASE WHEN due_on <= ${day} AND amount_due > 0 THEN 1 END) AS instalments_due,
             sum(principal_due) AS principal_planned,
             sum(CASE WHEN due_on <= ${day} THEN principal_due ELSE 0 END) AS principal_due,
             count(principal_due) = count(*) AS principal_given,
             min(CASE WHEN ${ahead} THEN due_on END) AS next_on,
             ${valueAtMin(sql`amount_due`, sql`CASE WHEN ${ahead} THEN place END`)} AS next_amount${terms ? sql`,
             min(due_on) AS first_due` : sql``}${join(before.map(({ column, value }) => sql`, ${value} AS ${name(column)}`), sql``)}
      FROM ${of}
      GROUP BY account_id`,
  })
}
