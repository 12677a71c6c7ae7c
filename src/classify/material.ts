import { addDays } from '../engine/calls.ts'
import { relation, type Relation } from '../engine/relation.ts'
import { bool, date, every, int, join, money, name, nothing, number, some, sql, text, type Sql } from '../engine/sql.ts'
import type { Conventions, ConventionsInForce } from '../settings/convention-fields.ts'
import { any, byProduct, whether } from './convention.ts'
import { daysOfMoney, type PastSteps } from './timeline.ts'
import { butUntold } from './untold.ts'

/** Not above the threshold: strictly more is material (Regulation (EU) 2018/171, art. 1 and 2). A currency without a threshold has 0. */
export function small({ absolute, relative, exceed }: NonNullable<Conventions['materiality']>): Sql {
  const thresholds = Object.entries(absolute)
  const tests: Sql[] = []
  if (thresholds.length > 0) tests.push(sql`overdue_amount <= CASE currency ${join(thresholds.map(([currency, amount]) => sql`WHEN ${text(currency)} THEN ${money(amount)}`), sql` `)} ELSE 0 END`)
  if (relative !== undefined) tests.push(sql`coalesce(overdue_amount <= outstanding_principal * ${number(String(relative))}, FALSE)`)
  // Both must be exceeded: then one that is not is enough to be small.
  return tests.length === 0 ? sql`FALSE` : exceed === 'both' ? some(tests) : every(tests)
}

/** Whether days are counted only while what is overdue is material. */
export const sinceMaterial = ({ materiality }: Conventions): boolean => materiality?.counting === 'since_material'

/** Whether what was outstanding on past days decides. */
const byExposure = (conventions: ConventionsInForce): boolean => any(conventions, (one) => sinceMaterial(one) && one.materiality!.relative !== undefined)

interface Steps extends PastSteps {
  /** Accounts whose past is not told. */
  readonly untold: Relation | undefined
  /** Payments say which part of an instalment they cover: principal is not simply the last. */
  readonly told: boolean
}

/**
 * Since when what is overdue has been material without a break, at the end of each day: what is due less the money so far changes only on
 * days with money and when an instalment becomes overdue. Principal that was outstanding follows from the same money: an
 * instalment's principal is covered last. Where payments say themselves what they cover, it is tried first and last: blank and `unsure`
 * where that makes a difference. The day after `asOf` where it is not material now.
 */
export function materialSince({ payments, instalments, standing, facts, conventions, asOf, untold, told }: Steps): Relation {
  const day = date(asOf)
  const own = (of: (one: Conventions) => Sql) => byProduct(conventions, of)
  const early = own(({ count_from }) => sql`${bool(count_from === 'due_date')}`)
  const judged = relation({
    name: 'judged by amounts',
    says: 'Accounts with something overdue that count days only while it is material.',
    columns: { account_id: 'text', product: 'text', currency: 'text', first_day: 'int', planned_principal: 'money' },
    kept: 'table',
    body: sql`
      SELECT account_id, product, currency, CASE WHEN ${early} THEN 0 ELSE 1 END AS first_day, CASE WHEN principal_given THEN principal_planned END AS planned_principal
      FROM ${standing} s
      WHERE plan_now = 'stands' AND ${whether(conventions, sinceMaterial)} AND (overdue_amount > 0 OR (${early} AND due_today_amount > 0))${butUntold([untold], sql`s.account_id`)}`,
  })
  const changes = relation({
    name: 'changes of what is overdue',
    says: 'Days on which what is overdue may have changed, with the sums due and paid so far.',
    columns: { account_id: 'text', day: 'date', next_day: 'date', paid: 'money', due: 'money' },
    body: sql`
      SELECT account_id, day, lead(day) OVER (PARTITION BY account_id ORDER BY day) AS next_day,
             greatest(sum(net) OVER (PARTITION BY account_id ORDER BY day ROWS UNBOUNDED PRECEDING), 0) AS paid, sum(due) OVER (PARTITION BY account_id ORDER BY day ROWS UNBOUNDED PRECEDING) AS due
      FROM (
        SELECT account_id, day, sum(net) AS net, sum(due) AS due
        FROM (
          SELECT m.account_id, m.day, m.amount AS net, 0 AS due FROM (${daysOfMoney({ payments, standing, facts, conventions }, judged)}) AS m JOIN ${judged} j ON j.account_id = m.account_id
          UNION ALL
          SELECT i.account_id, ${addDays(sql`i.due_on`, sql`j.first_day`)}, 0, i.amount_due FROM ${instalments} i JOIN ${judged} j ON j.account_id = i.account_id
        ) AS moves
        WHERE day <= ${day}
        GROUP BY account_id, day
      ) AS days`,
  })
  const withExposure = byExposure(conventions) ? exposed(changes, instalments, judged) : sql`SELECT *, ${nothing('money')} AS covered_last, ${nothing('money')} AS covered_first FROM ${changes}`
  const bounds = told && byExposure(conventions) ? (['covered_last', 'covered_first'] as const) : (['covered_last'] as const)
  const isSmall = byProduct(conventions, ({ materiality }) => (materiality === undefined ? sql`FALSE` : small(materiality)))
  const each = bounds.map((covered, at) => sql`
        SELECT e.account_id, ${int(at)} AS bound, e.next_day, j.product, j.currency, greatest(e.due - e.paid, 0) AS overdue_amount, j.planned_principal - e.${name(covered)} AS outstanding_principal
        FROM (${withExposure}) AS e
        JOIN ${judged} j ON j.account_id = e.account_id`)
  return relation({
    name: 'material since',
    says: `Since when what is overdue has been material, seen from ${asOf}.`,
    columns: { account_id: 'text', material_since: 'date', unsure: 'bool' },
    kept: 'table',
    body: sql`
      SELECT account_id, CASE WHEN min(since) = max(since) THEN max(since) END AS material_since, min(since) < max(since) AS unsure
      FROM (
        SELECT account_id, bound, max(CASE WHEN overdue_amount = 0 OR ${isSmall} THEN coalesce(next_day, ${addDays(day, int(1))}) END) AS since
        FROM (${join(each, sql` UNION ALL `)}
        ) AS each_day
        GROUP BY account_id, bound
      ) AS bounds
      GROUP BY account_id`,
  })
}

/** Each change with the principal that the money so far covers, where it is the last of its instalment and where it is the first: money and plan are merged by their sums, as for the first open instalment. */
function exposed(changes: Relation, instalments: Relation, judged: Relation): Sql {
  const order = sql`PARTITION BY account_id ORDER BY value, is_money, day`
  const behind = (of: Sql) => sql`max(${of}) OVER (${order} ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)`
  const ahead = (of: Sql) => sql`min(${of}) OVER (${order} ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING)`
  return sql`
    SELECT account_id, day, next_day, paid, due, CASE WHEN next_after IS NULL THEN coalesce(principal_before, 0) ELSE greatest(coalesce(principal_before, 0), next_principal - (next_after - paid)) END AS covered_last,
           CASE WHEN next_after IS NULL THEN coalesce(principal_before, 0) ELSE least(next_principal, coalesce(principal_before, 0) + paid - coalesce(due_before, 0)) END AS covered_first
    FROM (
      SELECT account_id, is_money, day, next_day, paid, due, ${behind(sql`due_so_far`)} AS due_before, ${behind(sql`principal_so_far`)} AS principal_before, ${ahead(sql`due_so_far`)} AS next_after, ${ahead(sql`principal_so_far`)} AS next_principal
      FROM (
        SELECT account_id, 1 AS is_money, day, next_day, paid, due, paid AS value, NULL AS due_so_far, NULL AS principal_so_far FROM ${changes}
        UNION ALL
        SELECT account_id, 0, NULL, NULL, NULL, NULL, due_so_far, due_so_far, principal_so_far
        FROM (
          SELECT i.account_id, sum(i.amount_due) OVER (PARTITION BY i.account_id ORDER BY i.place, i.ordinal ROWS UNBOUNDED PRECEDING) AS due_so_far, sum(i.principal_due) OVER (PARTITION BY i.account_id ORDER BY i.place, i.ordinal ROWS UNBOUNDED PRECEDING) AS principal_so_far
          FROM ${instalments} i JOIN ${judged} j ON j.account_id = i.account_id
          WHERE i.amount_due > 0
        ) AS dues
      ) AS merged
    ) AS placed
    WHERE is_money = 1`
}

/** Each account with the day since which what is overdue is material, where that is counted. */
export const withMaterial = (of: Relation, since: Relation | undefined): Relation =>
  since === undefined
    ? of
    : relation({ name: 'standing with amounts', says: 'Accounts, and since when what is overdue is material.', columns: { ...of.columns, material_since: 'date' }, body: sql`SELECT k.*, m.material_since FROM ${of} k LEFT JOIN ${since} m ON m.account_id = k.account_id` })
