import { relation, type Relation } from '../engine/relation.ts'
import { join, nothing, sql, text, type Sql } from '../engine/sql.ts'
import type { Settings } from '../settings/load.ts'
import { any, byProduct, eachOf, whether } from './convention.ts'
import { isLendersWord } from './lenders-word.ts'
import { sinceMaterial } from './material.ts'
import { whyNoMemory } from './sticky.ts'

interface Given {
  /** The settings of the book, and of rule books side by side. */
  readonly judging: readonly Settings[]
  readonly standing: Relation
  readonly untold: Relation | undefined
  readonly pauses: Relation | undefined
  /** Since when amounts are material, under each of the settings that ask it. */
  readonly sinces: readonly Relation[]
  /** The columns of the past are asked for. */
  readonly columns: boolean
}

/** With a plan, or by the lender's own word. */
const isAged = ({ columns }: Relation): Sql => ('basis' in columns ? sql`(s.instalments_total IS NOT NULL OR ${isLendersWord(sql`s.basis`)})` : sql`s.instalments_total IS NOT NULL`)

/**
 * Accounts that go by their days though a convention of theirs asks for their past, each with what is left out (`class`, `material`,
 * or `columns` that are blank) and why. None where no account can be one.
 */
export function goneByDays({ judging, standing, untold, pauses, sinces, columns }: Given): Relation | undefined {
  const memory = judging.flatMap(({ conventions }) => {
    const sticky = eachOf(conventions).filter((one) => one.sticky !== undefined)
    const unlike = sticky.some((one) => whyNoMemory(one).length > 0)
    if (sticky.length === 0 || (!unlike && untold === undefined && pauses === undefined)) return []
    const own = byProduct(conventions, (one) => (one.sticky === undefined || whyNoMemory(one).length === 0 ? sql`${nothing('text')}` : sql`${text(whyNoMemory(one).join(', '))}`))
    const why = join([...(unlike ? [sql`(${own})`] : []), ...(pauses === undefined ? [] : [sql`CASE WHEN EXISTS (SELECT 1 FROM ${pauses} p WHERE p.account_id = s.account_id) THEN 'pauses of the past are not looked at' END`]), ...(untold === undefined ? [] : [sql`u.why`])])
    return [sql`SELECT s.account_id, 'class' AS left_out, coalesce(${why}, NULL) AS why FROM ${standing} s${untold === undefined ? sql`` : sql` LEFT JOIN ${untold} u ON u.account_id = s.account_id`} WHERE s.plan_now = 'stands' AND ${isAged(standing)} AND ${whether(conventions, (one) => one.sticky !== undefined)}`]
  })
  const material = judging.flatMap(({ conventions }) =>
    untold === undefined || !any(conventions, sinceMaterial) ? [] : [sql`SELECT s.account_id, 'material' AS left_out, u.why FROM ${standing} s JOIN ${untold} u ON u.account_id = s.account_id WHERE s.plan_now = 'stands' AND ${isAged(standing)} AND ${whether(conventions, sinceMaterial)}`],
  )
  const unsure = sinces.map((of) => sql`SELECT account_id, 'material' AS left_out, 'its payments say which principal they cover' AS why FROM ${of} WHERE unsure`)
  const blank = untold === undefined || !columns ? [] : [sql`SELECT s.account_id, 'columns' AS left_out, u.why FROM ${standing} s JOIN ${untold} u ON u.account_id = s.account_id WHERE s.plan_now <> 'asks nothing' AND ${isAged(standing)}`]
  if (memory.length + material.length + unsure.length + blank.length === 0) return undefined
  return relation({
    name: 'gone by days',
    says: 'Accounts that go by their days though a convention asks for their past, and why.',
    columns: { account_id: 'text', left_out: 'text', why: 'text' },
    kept: 'table',
    body: sql`SELECT DISTINCT account_id, left_out, why FROM (${join([...memory, ...material, ...unsure, ...blank], sql` UNION ALL `)}) AS reasons WHERE why IS NOT NULL`,
  })
}
