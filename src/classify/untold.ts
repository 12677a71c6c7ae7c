import { relation, type Relation } from '../engine/relation.ts'
import { date, join, name, sql, type Sql } from '../engine/sql.ts'
import type { Part } from '../read/inputs.ts'
import { whether } from './convention.ts'
import { isLendersWord } from './lenders-word.ts'
import type { PaymentFacts } from './payments.ts'
import type { Laying } from './ways.ts'

interface Given {
  readonly loans: Relation
  /** Repayments as they came, with their parts. */
  readonly repayments: Relation
  /** The rows of plans with the days on which they stand, where plans change. */
  readonly overTime: Relation | undefined
  readonly laying: Laying | undefined
  readonly facts: PaymentFacts
  /** The plan says only what is open. */
  readonly open: boolean
  /** Accounts whose plan is made of statements. */
  readonly statements: Relation | undefined
  readonly standing: Relation
  readonly asOf: string
}

/** Whether a part of some payment is stated. */
const hasPart = (parts: readonly Part[], columns: Relation['columns']): Sql => {
  const told = parts.filter((part) => `${part}_paid` in columns)
  return told.length === 0 ? sql`FALSE` : join(told.map((part) => sql`coalesce(${name(`${part}_paid`)}, 0) <> 0`), sql` OR `)
}

/**
 * Accounts whose past the dated rows do not tell as one plan over which money is poured from the oldest instalment on, with the reason: a
 * walk through their past would give a wrong one. None where no row and no convention of the book can make one.
 */
export function untold({ loans, repayments, overTime, laying, facts, open, statements, standing, asOf }: Given): Relation | undefined {
  const day = date(asOf)
  const reasons = [
    ...(open ? [sql`SELECT account_id, 'the plan says only what is open' AS why FROM ${loans}`] : []),
    ...('basis' in standing.columns ? [sql`SELECT account_id, 'its days are by the word of the lender' AS why FROM ${standing} WHERE ${isLendersWord()}`] : []),
    ...(statements === undefined ? [] : [sql`SELECT account_id, 'its plan is made of statements' AS why FROM ${statements}`]),
    // What was added before anything was due, and what changes only later, makes no other past.
    ...(overTime === undefined
      ? []
      : [sql`SELECT account_id, 'the plan has changed' AS why FROM ${overTime} WHERE from_on IS NULL OR from_on <= ${day} GROUP BY account_id HAVING max(from_on) > min(due_on) OR min(until_on) <= ${day}`]),
    ...(laying === undefined ? [] : [sql`SELECT account_id, 'money is not laid on the oldest instalment first' AS why FROM ${loans} WHERE ${whether(laying.conventions, (one) => laying.named(one) || laying.fees(one) || laying.inTurn(one))}`]),
    ...(facts.prepayments ? [sql`SELECT account_id, 'it has prepayments' AS why FROM ${repayments} WHERE kind = 'prepayment'`] : []),
    ...(facts.capped.length === 0 ? [] : [sql`SELECT account_id, 'parts of its payments may go beyond the plan' AS why FROM ${repayments} WHERE ${hasPart(facts.capped, repayments.columns)}`]),
  ]
  if (reasons.length === 0) return undefined
  return relation({
    name: 'past not told',
    says: 'Accounts whose past the dated rows do not tell, with the first reason.',
    columns: { account_id: 'text', why: 'text' },
    kept: 'table',
    body: sql`SELECT account_id, min(why) AS why FROM (${join(reasons, sql` UNION ALL `)}) AS reasons GROUP BY account_id`,
  })
}

/** A condition more: none of these relations names the account. */
export const butUntold = (untold: readonly (Relation | undefined)[], account: Sql): Sql =>
  join(untold.flatMap((of) => (of === undefined ? [] : [sql` AND NOT EXISTS (SELECT 1 FROM ${of} u WHERE u.account_id = ${account})`])), sql``)
