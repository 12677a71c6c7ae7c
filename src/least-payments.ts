import type { Calendar } from './classify/calendar.ts'
import type { Classified } from './classify/classify.ts'
import { rankOf } from './classify/contagion.ts'
import { isDefault } from './classify/convention.ts'
import { grainOf } from './classify/terms.ts'
import { classifiedCopies, copiesColumns, ofThatDay } from './copies.ts'
import { forget } from './engine/forget.ts'
import { relation, relationsIn, type Relation } from './engine/relation.ts'
import { renamed } from './engine/renamed.ts'
import { bool, date, int, join, money, name, sql, type Sql } from './engine/sql.ts'
import { plain } from './publish/exact.ts'
import type { Settings } from './settings/load.ts'
import { takesPayments, type Rows } from './what-if.ts'

/** The least payment on as_of with which an account stands in a better tier, and in no late one; blank where it is not late, or where no payment does it. */
export const leastPayments = relation({
  name: 'least payments',
  says: 'What each late account must pay at least to leave its tier, and to be late no more.',
  columns: { account_id: 'text', least_to_leave_tier: 'money', least_to_be_current: 'money' },
  kept: 'table',
})

interface Given extends Rows {
  readonly calendar: Calendar
  readonly classified: Classified
}

/** Amounts tried at a time between one that is too little and one that is enough. */
const triedAtOnce = 7

/** Amounts that are too little and enough, as far as they are known; `unit`: the smallest amount of its currency; `by_instalments`: nothing but instalments that are fully covered changes the tier. */
const soFar = { account_id: 'text', rank: 'int', unit: 'money', by_instalments: 'bool', leave_below: 'money', leave_enough: 'money', current_below: 'money', current_enough: 'money' } as const

/**
 * Fills `least payments`: copies of the late accounts, each with a payment more, are classified by the steps of the run, all of them at once. Where an
 * instalment is paid is tried first; where a convention lets less be enough, the amounts between are narrowed down, for each account until
 * a unit less is too little.
 */
export async function findLeastPayments(given: Given): Promise<void> {
  const { engine, book, validated, calendar } = given
  if (!takesPayments(given)) {
    await engine.put(leastPayments, [])
    return
  }
  const shared = [...relationsIn(validated), ...relationsIn(calendar)]
  let state = lateAccounts(given)
  let tries: Sql | undefined = firstTries(given, state)
  for (let round = 1; tries !== undefined; round++) {
    const copies = relation({
      name: `copies ${round}`,
      says: 'Copies of late accounts, each with an amount that is tried.',
      columns: copiesColumns,
      kept: 'table',
      body: sql`SELECT CAST(number AS VARCHAR) AS variant, account_id, number, paid, CAST(number AS VARCHAR) AS scenario FROM (SELECT account_id, paid, row_number() OVER (ORDER BY account_id ASC NULLS FIRST, paid ASC NULLS FIRST) AS number FROM (SELECT DISTINCT account_id, paid FROM (${tries}) AS stated WHERE paid > 0) AS each_try) AS numbered`,
    })
    await engine.define(state)
    await engine.define(copies)
    const made = renamed(classifiedCopies({ book, settings: ofThatDay(given.settings, given.newestPayment), rows: validated, copies, calendar }).tiered, ` of copies ${round}`, [...shared, copies])
    const next = narrowed(state, copies, made, given.settings, round)
    await engine.define(next)
    await forget(engine, [made], [...shared, copies])
    for (const done of [copies, state]) await engine.drop(done)
    state = next
    const wide = (which: string) => sql`${name(`${which}_enough`)} - ${name(`${which}_below`)} > unit AND NOT by_instalments`
    const [row] = await engine.rows(sql`SELECT count(*) AS n FROM ${state} WHERE (${wide('leave')}) OR (${wide('current')})`)
    tries = Number(row!.n) === 0 ? undefined : join(['leave', 'current'].map((which) => between(state, which, wide(which))), sql` UNION ALL `)
  }
  await engine.load(leastPayments, sql`SELECT account_id, leave_enough AS least_to_leave_tier, current_enough AS least_to_be_current FROM ${state}`, false)
  await engine.drop(state)
}

/** Whether nothing but instalments that are fully covered changes the tier of a loan that is not closed. */
const byInstalments = ({ settings: { conventions }, classified: { laying } }: Given): boolean => laying === undefined && isDefault(conventions, 'materiality', 'full_payment', 'ages')

function lateAccounts(given: Given): Relation {
  const { book, settings, classified } = given
  const unit = money(plain(10n ** BigInt(6 - book.scale), book.scale))
  return relation({
    name: 'least so far',
    says: 'Late accounts, and nothing that is known of what is enough.',
    columns: soFar,
    kept: 'table',
    body: sql`
      SELECT l.account_id, ${rankOf(settings.tiers)} AS rank, ${unit} * (${grainOf(book)}) AS unit, ${bool(byInstalments(given))} AND l.status <> 'closed' AS by_instalments, 0 AS leave_below, NULL AS leave_enough, 0 AS current_below, NULL AS current_enough
      FROM ${classified.classified} l
      WHERE ${rankOf(settings.tiers)} > 0`,
  })
}

/** The amounts with which an instalment that is due by now is paid, and all that the plan asks with charges. */
function firstTries({ settings, classified: { instalments, received, classified } }: Given, late: Relation): Sql {
  const open = sql`
    SELECT i.account_id, i.due_on, i.unit, i.by_instalments, i.paid_by - coalesce(r.received, 0) AS paid
    FROM (SELECT p.account_id, p.due_on, l.unit, l.by_instalments, sum(p.amount_due) OVER (PARTITION BY p.account_id ORDER BY p.place, p.ordinal ROWS UNBOUNDED PRECEDING) AS paid_by FROM ${instalments} p JOIN ${late} l ON l.account_id = p.account_id) AS i
    LEFT JOIN ${received} r ON r.account_id = i.account_id
    WHERE i.due_on <= ${date(settings.as_of)}`
  // Money may lie elsewhere than on the oldest instalment.
  const whole = sql`SELECT l.account_id, c.outstanding_schedule + c.owed_back + coalesce(c.charges_outstanding, 0) + l.unit AS paid FROM ${late} l JOIN ${classified} c ON c.account_id = l.account_id`
  return join([sql`SELECT account_id, paid FROM (${open}) AS at_once`, whole, sql`SELECT account_id, paid - unit AS paid FROM (${open}) AS less WHERE NOT by_instalments`], sql` UNION ALL `)
}

/** Amounts between one that is too little and one that is enough, in whole units. */
function between(state: Relation, which: string, wide: Sql): Sql {
  const below = name(`${which}_below`)
  // Counted in units, for a part of an amount need not be one.
  const units = sql`CAST((${name(`${which}_enough`)} - ${below}) / unit AS BIGINT)`
  const step = sql`CAST(ceil((${units}) / ${int(triedAtOnce + 1)}.0) AS BIGINT)`
  const all = Array.from({ length: triedAtOnce }, (_, part) => sql`(${int(part + 1)})`)
  return sql`SELECT s.account_id, s.${below} + s.unit * (${step}) * p.part AS paid FROM ${state} s CROSS JOIN (VALUES ${join(all)}) AS p(part) WHERE ${wide} AND s.${below} + s.unit * (${step}) * p.part < s.${name(`${which}_enough`)}`
}

/** The least amount that was enough, and the most below it that was not. */
function narrowed(state: Relation, copies: Relation, tiered: Relation, { tiers }: Settings, round: number): Relation {
  const works = { leave: sql`${rankOf(tiers)} < own_rank`, current: sql`${rankOf(tiers)} = 0` }
  const enough = (which: 'leave' | 'current') => sql`least(min(CASE WHEN ${works[which]} THEN paid END), max(${name(`${which}_enough`)}))`
  const tried = sql`SELECT s.*, s.rank AS own_rank, v.paid, a.tier FROM ${state} s LEFT JOIN ${copies} v ON v.account_id = s.account_id LEFT JOIN ${tiered} a ON a.account_id = v.variant`
  const found = sql`SELECT account_id, ${enough('leave')} AS leave_enough, ${enough('current')} AS current_enough FROM (${tried}) AS tried GROUP BY account_id`
  const below = (which: 'leave' | 'current') => sql`greatest(max(t.${name(`${which}_below`)}), coalesce(max(CASE WHEN NOT (${works[which]}) AND (f.${name(`${which}_enough`)} IS NULL OR paid < f.${name(`${which}_enough`)}) THEN paid END), 0)) AS ${name(`${which}_below`)}`
  return relation({
    name: `least so far ${round}`,
    says: 'Late accounts with amounts that are too little and enough.',
    columns: soFar,
    kept: 'table',
    body: sql`
      SELECT t.account_id, max(t.own_rank) AS rank, max(t.unit) AS unit, bool_and(t.by_instalments) AS by_instalments, ${below('leave')}, max(f.leave_enough) AS leave_enough, ${below('current')}, max(f.current_enough) AS current_enough
      FROM (${tried}) AS t
      JOIN (${found}) AS f ON f.account_id = t.account_id
      GROUP BY t.account_id`,
  })
}
