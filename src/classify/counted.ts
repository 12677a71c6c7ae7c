import { addDays, addMonths, daysBetween, monthsBetween } from '../engine/calls.ts'
import { relation, type Columns, type Relation } from '../engine/relation.ts'
import { bool, date, int, join, name, nothing, sql, text, type Hole, type Sql } from '../engine/sql.ts'
import type { Conventions, ConventionsInForce } from '../settings/convention-fields.ts'
import type { Settings } from '../settings/load.ts'
import { regionOf, type Calendar } from './calendar.ts'
import { byProduct, isDefault } from './convention.ts'
import { sinceMaterial, small } from './material.ts'
import { pausedDays } from './pauses.ts'
import { overdueParts, todayOf } from './uneven.ts'

const counting = ['count_from', 'grace_days', 'grace_counting', 'materiality', 'months', 'after_payoff', 'frozen_statuses', 'ages', 'full_payment', 'business_days'] as const

/** Whether days past due are anything else than days late. */
export const countsDays = (conventions: ConventionsInForce, pauses: Relation | undefined): boolean => pauses !== undefined || !isDefault(conventions, ...counting)

const isStated = (conventions: ConventionsInForce, field: keyof Conventions) => !isDefault(conventions, field)

/**
 * Days past due under the conventions in force, on the account's own line: the order of due dates is kept by all of them, so the
 * first open instalment decides. Counting goes: the moved due date, the first day counted, less paused days, then grace, then materiality,
 * then months. `days_late` stays plain, and so do amounts. `region`: the column of the account that holds it; `pauses`: those of each account.
 */
export function counted(of: Relation, settings: Settings, paidOff: Relation | undefined, calendar: Calendar, region: string | undefined, pauses: Relation | undefined): Relation {
  const { conventions } = settings
  const { moved } = calendar
  const elsewhere = moved !== undefined || pauses !== undefined
  const own = (field: (one: Conventions) => Sql) => byProduct(conventions, field)
  const asOf = date(settings.as_of)
  const fromDueDate = own(({ count_from }) => sql`${bool(count_from === 'due_date')}`)
  // Under the due date as first day an instalment that is due on as_of and open at its end is overdue.
  const todayCounts = sql`(${fromDueDate} AND due_today_amount > 0)`
  const byTolerance = 'within_tolerance' in of.columns
  const agesToday = byTolerance ? sql`(${todayCounts} AND coalesce(open_today, 0) > 0)` : todayCounts
  const shifted = isStated(conventions, 'count_from')
    ? {
        overdue_amount: sql`CASE WHEN ${todayCounts} THEN overdue_amount + due_today_amount ELSE overdue_amount END`,
        due_today_amount: sql`CASE WHEN ${todayCounts} THEN 0 ELSE due_today_amount END`,
        oldest_unpaid_due_on: sql`CASE WHEN ${agesToday} THEN coalesce(oldest_unpaid_due_on, ${asOf}) ELSE oldest_unpaid_due_on END`,
        instalments_overdue: sql`CASE WHEN ${todayCounts} THEN instalments_overdue + coalesce(open_today, 0) ELSE instalments_overdue END`,
        ...Object.fromEntries(Object.keys(overdueParts).filter((column) => column in of.columns).map((column) => [column, sql`CASE WHEN ${todayCounts} THEN ${name(column)} + ${name(todayOf(column))} ELSE ${name(column)} END`] as const)),
      }
    : {}
  const select = (given: Readonly<Record<string, Hole>>) => join(Object.keys(of.columns).map((column) => (given[column] === undefined ? name(column) : sql`${given[column]} AS ${name(column)}`)))
  const until = own(({ frozen_statuses }) => standsStill(frozen_statuses, asOf))
  const firstDay = sql`CASE WHEN ${fromDueDate} THEN 1 ELSE 0 END`
  // Moved, a due date ahead may be behind, and one behind ahead.
  const countsFrom = moved === undefined ? sql`oldest_unpaid_due_on` : sql`counts_from`
  const late =
    moved === undefined
      ? sql`CASE WHEN oldest_unpaid_due_on IS NULL THEN 0 ELSE greatest(${daysBetween(sql`oldest_unpaid_due_on`, until)} + ${firstDay}, 0) END`
      : sql`CASE WHEN moved_on IS NULL OR ${daysBetween(sql`moved_on`, asOf)} + ${firstDay} <= 0 THEN 0 ELSE greatest(${daysBetween(countsFrom, until)} + ${firstDay}, 0) END`
  const unpaused: Sql = pauses === undefined ? sql`days_counted` : sql`days_unpaused`
  const afterGrace = own(({ grace_days, grace_counting }) => (grace_days === 0 ? unpaused : sql`CASE WHEN ${unpaused} <= ${int(grace_days)} THEN 0 ELSE ${grace_counting === 'after_grace' ? sql`${unpaused} - ${int(grace_days)}` : unpaused} END`))
  const immaterial = own(({ materiality }) => (materiality === undefined ? sql`FALSE` : small(materiality)))
  const frozen = paidOff === undefined ? sql`0` : own(({ after_payoff }) => (after_payoff === 'frozen' ? sql`coalesce(days_at_payoff, 0)` : sql`0`))
  // Where days count only while what is overdue is material: from the day before on, or from the first of those days where that is day 1.
  const bySince = 'material_since' in of.columns
  const begun = bySince ? sql`CASE WHEN ${fromDueDate} THEN material_since ELSE ${addDays(sql`material_since`, int(-1))} END` : countsFrom
  const run = pauses === undefined ? sql`${daysBetween(sql`material_since`, until)} + 1` : sql`${daysBetween(sql`material_since`, until)} + 1 - run_paused`
  const material = bySince ? own((one) => (sinceMaterial(one) ? sql`CASE WHEN material_since IS NULL THEN days_graced ELSE least(days_graced, greatest(${run}, 0)) END` : sql`days_graced`)) : sql`days_graced`
  const monthsFrom = bySince ? sql`greatest(${countsFrom}, coalesce(${begun}, ${countsFrom}))` : countsFrom
  const months = own((one) => (one.months === 'none' ? sql`${nothing('int')}` : sql`CASE WHEN days_graced = 0 OR ${immaterial} THEN 0 ELSE ${wholeMonths(sinceMaterial(one) ? monthsFrom : countsFrom, until, one.months === 'mba')} END`))
  const from = paidOff === undefined ? sql`${of}` : sql`(SELECT k.*, p.days_at_payoff FROM ${of} k LEFT JOIN ${paidOff} p ON p.account_id = k.account_id) AS known_payoff`
  const byMonths = isStated(conventions, 'months')
  const shiftedRows = sql`SELECT ${select(shifted)}${paidOff === undefined ? sql`` : sql`, days_at_payoff`}${moved === undefined || region === undefined ? sql`` : sql`, CAST(${name(region)} AS VARCHAR) AS ${name(ownRegion)}`} FROM ${from}`
  const atRegion = regionOf(region === undefined ? nothing('text') : name(ownRegion), calendar)
  const firstOpen = sql`(SELECT *, coalesce(oldest_unpaid_due_on, next_on) AS first_open_on${moved === undefined ? sql`` : sql`, ${atRegion} AS calendar_of`} FROM (${shiftedRows}) AS shifted)`
  const movedFrom = own(({ business_days_counting }) => (business_days_counting === 'original' ? sql`first_open_on` : sql`moved_on`))
  const movedRows =
    moved === undefined
      ? sql`SELECT *, first_open_on AS moved_on, first_open_on AS counts_from FROM ${firstOpen} AS first`
      : sql`
              SELECT *, ${movedFrom} AS counts_from
              FROM (
                SELECT s.*, ${own(({ business_days }) => (business_days === 'kept' ? sql`s.first_open_on` : sql`CASE WHEN m.due_on IS NULL THEN s.first_open_on ELSE m.${name(business_days === 'next' ? 'next_on' : 'previous_on')} END`))} AS moved_on
                FROM ${firstOpen} AS s
                LEFT JOIN ${moved} m ON m.region = s.calendar_of AND m.due_on = s.first_open_on
              ) AS moved`
  const daysRows = sql`SELECT *, ${late} AS days_counted FROM (${elsewhere ? movedRows : shiftedRows}) AS shifted`
  let rows = daysRows
  if (pauses !== undefined) {
    const before = relation({
      name: 'counted before pauses',
      says: 'Days of each account before pauses are taken off.',
      columns: { ...of.columns, ...(paidOff === undefined ? {} : { days_at_payoff: 'int' as const }), ...beginning, days_counted: 'int', pauses_from: 'date', counts_until: 'date' },
      kept: 'table',
      body: sql`SELECT *, ${own(({ pause_span }) => (pause_span === 'whole' ? sql`${nothing('date')}` : sql`counts_from`))} AS pauses_from, ${until} AS counts_until FROM (${daysRows}) AS days`,
    })
    const ofRun = bySince ? relation({ name: 'counted since material', says: 'Accounts with the day from which what is overdue is material.', columns: { account_id: 'text', days_counted: 'int', pauses_from: 'date', counts_until: 'date' }, body: sql`SELECT account_id, days_counted, ${begun} AS pauses_from, counts_until FROM ${before} WHERE material_since IS NOT NULL` }) : undefined
    rows = sql`SELECT d.*, greatest(d.days_counted - coalesce(p.paused, 0), 0) AS days_unpaused${ofRun === undefined ? sql`` : sql`, coalesce(r.paused, 0) AS run_paused`} FROM ${before} d LEFT JOIN ${pausedDays(before, pauses)} p ON p.account_id = d.account_id${ofRun === undefined ? sql`` : sql` LEFT JOIN ${pausedDays(ofRun, pauses, 'paused days since material')} r ON r.account_id = d.account_id`}`
  }
  const columns: Columns = { ...of.columns, ...(elsewhere ? beginning : {}), days_past_due: 'int', ...(byMonths ? { months_past_due: 'int' as const } : {}), counted_for_tier: 'int', late_reason_waived: 'text' }
  return relation({
    name: 'counted',
    says: `Days past due of each account at the end of ${settings.as_of}, under the conventions in force.`,
    columns,
    body: sql`
      SELECT ${join([...Object.keys(of.columns), ...(elsewhere ? Object.keys(beginning) : [])].map(name))}, days_past_due, ${byMonths ? sql`months_past_due, coalesce(months_past_due, days_past_due)` : sql`days_past_due`} AS counted_for_tier,
             CASE ${moved === undefined ? sql`` : sql`WHEN oldest_unpaid_due_on IS NOT NULL AND days_counted = 0 THEN ${text('business_day')}
                  `}WHEN days_late = 0 AND days_counted = 0 THEN NULL${byTolerance ? sql`
                  WHEN oldest_unpaid_due_on IS NULL AND days_counted = 0 THEN CASE WHEN within_tolerance THEN ${text('tolerance')} ELSE ${text('ages')} END` : sql``}
                  ${pauses === undefined ? sql`` : sql`WHEN days_unpaused = 0 AND days_counted > 0 THEN ${text('pause')}`}
                  WHEN days_graced = 0 AND ${unpaused} > 0 THEN ${text('grace')}
                  ${bySince && pauses !== undefined ? sql`WHEN days_past_due = 0 AND days_graced > 0 AND material_since <= ${until} AND NOT ${immaterial} THEN ${text('pause')}` : sql``}
                  WHEN days_past_due = 0 AND days_graced > 0 THEN ${text('materiality')}
                  ${byMonths ? sql`WHEN months_past_due = 0 AND days_past_due > 0 THEN ${text('months')}` : sql``}
             END AS late_reason_waived
      FROM (
        SELECT *, CASE WHEN days_graced > 0 AND ${immaterial} THEN 0 WHEN plan_now = 'stands' AND instalments_total IS NOT NULL AND outstanding_schedule = 0 THEN ${frozen} ELSE ${material} END AS days_past_due${byMonths ? sql`, ${months} AS months_past_due` : sql``}
        FROM (
          SELECT *, ${afterGrace} AS days_graced
          FROM (${rows}) AS counted_days
        ) AS graced
      ) AS judged`,
  })
}

const ownRegion = 'region of the account'
/** The first open due date as moved, and the day from which on it counts. */
const beginning: Columns = { moved_on: 'date', counts_from: 'date' }

/** A state that has a day of its own stops the count on it. */
function standsStill(statuses: readonly string[], asOf: Sql | Hole): Sql {
  const days = { written_off: name('written_off_on'), sold: name('sold_on') } as const
  const whens = Object.entries(days).filter(([state]) => statuses.includes(state)).map(([state, on]) => sql`WHEN state = ${text(state)} THEN least(coalesce(${on}, ${asOf}), ${asOf})`)
  return whens.length === 0 ? sql`${asOf}` : sql`CASE ${join(whens, sql` `)} ELSE ${asOf} END`
}

/**
 * Whole months since a due date. MBA: a month is missed that is unpaid at the end of the day before the same day of the next month;
 * OTS: at the end of that day itself.
 */
function wholeMonths(due: Sql, until: Sql, mba: boolean): Sql {
  const back = int(mba ? -1 : 0)
  const about = monthsBetween(due, until)
  const reached = (months: Sql) => sql`${addDays(addMonths(due, months), back)} <= ${until}`
  return sql`CASE WHEN ${due} IS NULL OR ${due} > ${until} THEN 0 WHEN ${reached(sql`(${about} + 1)`)} THEN ${about} + 1 WHEN ${reached(sql`${about}`)} THEN ${about} ELSE ${about} - 1 END`
}

/** Plans that are paid to their end, and how late that was: the day on which the money reached their sum, less the last due date. */
export function paidOff(payments: Relation, instalments: Relation, counts: Sql): Relation {
  return relation({
    name: 'paid off',
    says: 'Accounts whose plan is paid to its end, and how many days late its last payment was.',
    columns: { account_id: 'text', days_at_payoff: 'int' },
    kept: 'table',
    body: sql`
      SELECT m.account_id, greatest(${daysBetween(sql`max(p.last_due_on)`, sql`min(m.paid_on)`)}, 0) AS days_at_payoff
      FROM (SELECT account_id, paid_on, sum(covers) OVER (PARTITION BY account_id ORDER BY paid_on, ordinal ROWS UNBOUNDED PRECEDING) AS so_far FROM ${payments} WHERE ${counts}) AS m
      JOIN (SELECT account_id, sum(amount_due) AS planned, max(CASE WHEN amount_due > 0 THEN due_on END) AS last_due_on FROM ${instalments} GROUP BY account_id) AS p ON p.account_id = m.account_id
      WHERE m.so_far >= p.planned AND p.planned > 0
      GROUP BY m.account_id`,
  })
}
