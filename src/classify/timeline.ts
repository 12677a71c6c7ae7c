import { addDays, addMonths, daysBetween } from '../engine/calls.ts'
import { relation, type Columns, type Relation } from '../engine/relation.ts'
import { date, int, join, name, nothing, sql, type Hole } from '../engine/sql.ts'
import type { ConventionsInForce } from '../settings/convention-fields.ts'
import { countedUntil, everCounts, type PaymentFacts } from './payments.ts'
import { butUntold } from './untold.ts'
import { dueAnew, isDueAnew } from './ways.ts'

/** What the past of an account says, by days late as they stood at the end of each day. */
const historyColumns: Columns = {
  late_since: 'date', max_days_late: 'int', max_days_late_12m: 'int', times_30_plus: 'int', times_60_plus: 'int', times_90_plus: 'int',
  first_payment_missed: 'bool', longest_run_late: 'int', cures: 'int', last_cured_on: 'date',
}

/** What the past is made of. */
export interface PastSteps {
  readonly payments: Relation
  readonly instalments: Relation
  /** The line of each account: what becomes of its plan, and since when it is closed. */
  readonly standing: Relation
  readonly facts: PaymentFacts
  readonly conventions: ConventionsInForce
  readonly asOf: string
}

/**
 * The past of each account from its dated rows. Money covers the oldest instalment first, so on any day the first open instalment is the
 * first whose running sum of dues is above the running sum of money: it changes only on days with money. Between two such days lateness
 * grows by one a day. Money that was taken back counted until the day before. A stretch may end on the day before it begins: then its
 * instalment falls due on the last day, and is not late.
 */
export function lateStretches(steps: PastSteps): Relation {
  const { instalments, standing, asOf } = steps
  const day = date(asOf)
  const dues = relation({
    name: 'dues summed',
    says: 'Instalments above 0 with the sum of all up to them, oldest first.',
    columns: { account_id: 'text', due_on: 'date', after: 'money' },
    body: sql`SELECT account_id, due_on, sum(amount_due) OVER (PARTITION BY account_id ORDER BY place, ordinal ROWS UNBOUNDED PRECEDING) AS after FROM ${instalments} WHERE amount_due > 0`,
  })
  const stretches = relation({
    name: 'stretches',
    says: 'Days from one day with money to the next, with the sum of money so far.',
    columns: { account_id: 'text', from_day: 'date', money: 'money', next_day: 'date' },
    body: sql`
      SELECT account_id, day AS from_day, sum(net) OVER (PARTITION BY account_id ORDER BY day ROWS UNBOUNDED PRECEDING) AS money, lead(day) OVER (PARTITION BY account_id ORDER BY day) AS next_day
      FROM (SELECT account_id, day, sum(amount) AS net FROM (${daysOfMoney(steps, dues)}) AS moves WHERE day <= ${day} GROUP BY account_id, day) AS days`,
  })
  return relation({
    name: 'late stretches',
    says: 'Days on which an account was late, with the due date from which they count.',
    columns: { account_id: 'text', from_day: 'date', starts: 'date', ends: 'date', first_open_on: 'date', until: 'date' },
    kept: 'table',
    body: sql`
      SELECT * FROM (
        SELECT s.account_id, s.from_day, greatest(s.from_day, ${addDays(sql`s.first_open_on`, int(1))}) AS starts, least(coalesce(${addDays(sql`s.next_day`, int(-1))}, t.until), t.until) AS ends, s.first_open_on, t.until
        FROM (
          SELECT account_id, is_money, from_day, next_day, min(due_on) OVER (PARTITION BY account_id ORDER BY value, is_money, from_day ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS first_open_on
          FROM (
            SELECT account_id, 1 AS is_money, from_day, next_day, money AS value, NULL AS due_on FROM ${stretches}
            UNION ALL
            SELECT account_id, 0, NULL, NULL, after, due_on FROM ${dues}
          ) AS merged
        ) AS s
        JOIN (
          SELECT account_id, CASE WHEN plan_now = 'settled' THEN least(coalesce(closed_since, ${day}), ${day}) ELSE ${day} END AS until
          FROM ${standing} WHERE plan_now <> 'asks nothing' AND instalments_total IS NOT NULL
        ) AS t ON t.account_id = s.account_id
        WHERE s.is_money = 1 AND s.first_open_on IS NOT NULL
      ) AS each_stretch
      WHERE ends >= ${addDays(sql`starts`, int(-1))}`,
  })
}

/** Each time that an account was late. Rows of a product that revolves are no plan, and have no past; accounts whose past is not told have none here. */
export function timesLate(all: Relation, standing: Relation, untold: Relation | undefined): Relation {
  const cured = sql`CASE WHEN e.ends < e.until THEN ${addDays(sql`e.ends`, int(1))} END`
  return relation({
    name: 'times late',
    says: 'Each unbroken lateness of an account: since when, its last day, the day on which it was late no more (blank where it is late still, or closed late), how many days, and the most days late.',
    columns: { account_id: 'text', late_since: 'date', late_until: 'date', cured_on: 'date', days: 'int', max_days_late: 'int' },
    body: sql`
      SELECT e.account_id, e.starts AS late_since, e.ends AS late_until, ${cured} AS cured_on, ${daysBetween(sql`e.starts`, sql`e.ends`)} + 1 AS days, e.most AS max_days_late
      FROM ${all} e
      JOIN ${standing} s ON s.account_id = e.account_id AND s.instalments_total IS NOT NULL${butUntold([untold], sql`e.account_id`)}`,
  })
}

/** Stretches of lateness that touch are one episode. */
export const episodes = (late: Relation, asOf: string): Relation =>
  relation({
    name: 'episodes',
    says: 'Unbroken lateness, with the most days late that it reached.',
    columns: { account_id: 'text', starts: 'date', ends: 'date', most: 'int', most_12m: 'int', until: 'date' },
    body: sql`
      SELECT account_id, min(starts) AS starts, max(ends) AS ends, max(${daysBetween(sql`first_open_on`, sql`ends`)}) AS most,
             max(CASE WHEN ends > ${addMonths(date(asOf), int(-12))} THEN ${daysBetween(sql`first_open_on`, sql`ends`)} ELSE 0 END) AS most_12m, max(until) AS until
      FROM (
        SELECT *, sum(begins) OVER (PARTITION BY account_id ORDER BY starts ROWS UNBOUNDED PRECEDING) AS episode
        FROM (SELECT *, CASE WHEN starts = ${addDays(sql`lag(ends) OVER (PARTITION BY account_id ORDER BY starts)`, int(1))} THEN 0 ELSE 1 END AS begins FROM ${late} WHERE ends >= starts) AS marked
      ) AS numbered
      GROUP BY account_id, episode`,
  })

/** What the past of each account says: stretches of lateness that touch are one episode. Rows of a product that revolves are no plan, and have no past; accounts whose past is not told have none here. */
export function timeline(all: Relation, instalments: Relation, standing: Relation, asOf: string, untold: Relation | undefined): Relation {
  const day = date(asOf)
  const reached = (days: number): Hole => sql`count(CASE WHEN e.most >= ${int(days)} THEN 1 END)`
  const select = {
    late_since: sql`max(CASE WHEN e.ends = ${day} THEN e.starts END)`,
    max_days_late: sql`coalesce(max(e.most), 0)`,
    max_days_late_12m: sql`coalesce(max(e.most_12m), 0)`,
    times_30_plus: reached(30),
    times_60_plus: reached(60),
    times_90_plus: reached(90),
    first_payment_missed: sql`CASE WHEN min(d.first_due_on) < ${day} THEN coalesce(bool_or(e.starts = ${addDays(sql`d.first_due_on`, int(1))}), FALSE) END`,
    longest_run_late: sql`coalesce(max(${daysBetween(sql`e.starts`, sql`e.ends`)} + 1), 0)`,
    cures: sql`count(CASE WHEN e.ends < e.until THEN 1 END)`,
    last_cured_on: sql`max(CASE WHEN e.ends < e.until THEN ${addDays(sql`e.ends`, int(1))} END)`,
  }
  return relation({
    name: 'timeline',
    says: `What the past of each account says, seen from ${asOf}.`,
    columns: { account_id: 'text', ...historyColumns },
    kept: 'table',
    body: sql`
      SELECT d.account_id, ${join(Object.entries(select).map(([column, value]) => sql`${value} AS ${name(column)}`))}
      FROM (SELECT account_id, min(CASE WHEN amount_due > 0 THEN due_on END) AS first_due_on FROM ${instalments} GROUP BY account_id) AS d
      JOIN ${standing} s ON s.account_id = d.account_id AND s.instalments_total IS NOT NULL${butUntold([untold], sql`d.account_id`)}
      LEFT JOIN ${all} e ON e.account_id = d.account_id
      GROUP BY d.account_id`,
  })
}

/**
 * Every day on which money came or went; each account of `of` has a first day long before all others. Parts beside the plan are no money here,
 * and what is taken back of a payment comes off what covers first. What a chargeback makes due anew went nowhere: the plan asks it.
 */
export function daysOfMoney({ payments, standing, facts, conventions }: Pick<PastSteps, 'payments' | 'standing' | 'facts' | 'conventions'>, of: Relation): Hole {
  const { kinds, statuses, beside } = facts
  const stands = everCounts(facts)
  const covers = beside.length === 0 ? sql`p.amount` : sql`(p.amount - p.beside)`
  const given = beside.length === 0 ? sql`abs(p.amount)` : sql`(abs(p.amount) - abs(p.beside))`
  const refund = sql`NOT p.brings AND NOT p.aside AND p.reverses IS NULL`
  const parts = [
    sql`SELECT DISTINCT account_id, ${date('1900-01-01')} AS day, 0 AS amount FROM ${of}`,
    sql`SELECT p.account_id, p.counts_on, ${covers} FROM ${payments} p WHERE ${kinds ? sql`p.brings` : sql`TRUE`}${stands}`,
    ...(statuses ? [sql`SELECT p.account_id, p.reversed_on, -${covers} FROM ${payments} p WHERE ${countedUntil}${kinds ? sql` AND p.brings` : sql``}`] : []),
    ...(kinds ? [sql`SELECT p.account_id, p.counts_on, -${given} FROM ${payments} p WHERE ${refund}${stands}`, takenBack({ payments, standing, facts, conventions }, covers)] : []),
    ...(kinds && statuses ? [sql`SELECT p.account_id, p.reversed_on, ${given} FROM ${payments} p WHERE ${refund} AND ${countedUntil}`] : []),
  ]
  return join(parts, sql` UNION ALL `)
}

/**
 * What is taken back of payments, by the days on which that changes: a reversal takes while both it and its payment count. The rows of one
 * payment bear it one after the other, each no more than it brought.
 */
function takenBack({ payments, standing, facts: { statuses }, conventions }: Pick<PastSteps, 'payments' | 'standing' | 'facts' | 'conventions'>, covers: Hole): Hole {
  const stays = dueAnew(conventions) ? sql` AND NOT EXISTS (SELECT 1 FROM ${standing} s WHERE s.account_id = p.account_id AND ${isDueAnew(conventions, sql`p.kind`, sql`s.product`)})` : sql``
  const until = statuses ? sql`CASE WHEN p.status = 'reversed' THEN p.reversed_on END` : nothing('date')
  const named = sql`
    SELECT p.account_id, p.reverses AS payment_id, p.paid_on AS from_day, ${until} AS until, abs(p.amount) AS amount
    FROM ${payments} p
    WHERE NOT p.brings AND NOT p.aside AND p.reverses IS NOT NULL${everCounts({ statuses })}${stays}`
  const targets = sql`
    SELECT p.account_id, p.payment_id, p.ordinal, p.counts_on AS from_day, ${until} AS until, p.amount, ${covers} AS covers, ${statuses ? sql`(p.status = 'settled' OR (${countedUntil}))` : sql`TRUE`} AS ever,
           sum(p.amount) OVER (PARTITION BY p.account_id, p.payment_id ORDER BY p.ordinal ROWS UNBOUNDED PRECEDING) - p.amount AS before
    FROM ${payments} p
    WHERE p.brings AND p.payment_id IN (SELECT x.reverses FROM ${payments} x WHERE x.reverses IS NOT NULL)`
  const days = join([named, targets].flatMap((rows) => [name('from_day'), name('until')].map((day) => sql`SELECT account_id, payment_id, ${day} AS day FROM (${rows}) AS rows`)), sql` UNION `)
  const holds = (row: 'n' | 't') => sql`${name(row)}.from_day <= d.day AND (${name(row)}.until IS NULL OR ${name(row)}.until > d.day)`
  return sql`
    SELECT account_id, day, coalesce(lag(lost) OVER (PARTITION BY account_id, ordinal ORDER BY day), 0) - lost
    FROM (
      SELECT t.account_id, t.ordinal, d.day, CASE WHEN t.ever AND ${holds('t')} THEN t.covers - greatest(t.covers - greatest(0, least(t.amount, d.off - t.before)), 0) ELSE 0 END AS lost
      FROM (
        SELECT d.account_id, d.payment_id, d.day, coalesce(sum(CASE WHEN ${holds('n')} THEN n.amount END), 0) AS off
        FROM (${days}) AS d
        JOIN (${named}) AS n ON n.account_id = d.account_id AND n.payment_id = d.payment_id
        WHERE d.day IS NOT NULL
        GROUP BY d.account_id, d.payment_id, d.day
      ) AS d
      JOIN (${targets}) AS t ON t.account_id = d.account_id AND t.payment_id = d.payment_id
    ) AS each_day`
}
