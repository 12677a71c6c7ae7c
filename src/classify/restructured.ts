import { relation, type Relation } from '../engine/relation.ts'
import { date, name, nothing, sql, type Sql } from '../engine/sql.ts'
import type { Settings } from '../settings/load.ts'
import { covered } from './covered.ts'
import { planOverTime, type PlanFacts } from './in-force.ts'
import { instalments } from './plan.ts'

interface Given {
  readonly accepted: Relation
  readonly loans: Relation
  readonly versions: Relation
  readonly received: Relation
  readonly facts: PlanFacts
  readonly settings: Settings
}

/** Accounts whose plan was replaced by the as-of day, with the oldest instalment that is open under the first plan: what the contract once said, beside what is in force. */
export function restructured({ accepted, loans, versions, received, facts, settings }: Given): Relation {
  const day = date(settings.as_of)
  const first = relation({
    name: 'first versions',
    says: 'The first version of each plan that has been replaced since.',
    columns: versions.columns,
    body: sql`
      SELECT f.account_id, f.version, f.from_on, ${nothing('date')} AS until_on, f.version_no, f.versions
      FROM ${versions} f
      WHERE f.version_no = 1 AND EXISTS (SELECT 1 FROM ${versions} v WHERE v.account_id = f.account_id AND v.version_no > 1 AND v.from_on <= ${day})`,
  })
  const rows = planOverTime(accepted, loans, first, { ...facts, accelerated: false }, settings, 'first plan over time')
  const plan = relation({ name: 'first plan', says: 'Their rows, as the contract once was.', columns: accepted.columns, body: sql`SELECT * FROM ${rows} WHERE from_on <= ${day}` })
  const money = relation({
    name: 'money of replaced plans',
    says: 'Accounts whose plan was replaced, with the money that they have.',
    columns: { account_id: 'text', received: 'money', closing_on: 'date' },
    body: sql`SELECT f.account_id, coalesce(r.received, 0) AS received, ${nothing('date')} AS closing_on FROM ${first} f LEFT JOIN ${received} r ON r.account_id = f.account_id`,
  })
  const walked = covered(instalments(plan, facts, 'instalments of first plans'), money, 'walked under the first plan')
  return relation({
    name: 'restructured',
    says: 'Accounts whose plan was replaced, with the oldest unpaid instalment under the first plan.',
    columns: { account_id: 'text', contractual_unpaid_due_on: 'date' },
    kept: 'table',
    body: sql`
      SELECT f.account_id, min(CASE WHEN w.due_on < ${day} AND w.amount_covered < w.amount_due THEN w.due_on END) AS contractual_unpaid_due_on
      FROM ${first} f
      LEFT JOIN ${walked} w ON w.account_id = f.account_id
      GROUP BY f.account_id`,
  })
}

/** Whether the terms of the loan were changed by the as-of day; under the alias `l` the loan, under `x` what `restructured` says of it. */
export function forborne(loans: Relation, replaced: Relation | undefined, asOf: string): Sql {
  const byDate = 'restructured_on' in loans.columns ? sql`coalesce(l.${name('restructured_on')} <= ${date(asOf)}, FALSE)` : sql`FALSE`
  return replaced === undefined ? byDate : sql`(x.account_id IS NOT NULL OR ${byDate})`
}
