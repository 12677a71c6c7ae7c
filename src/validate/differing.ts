import { unitOf } from '../classify/whole-rows.ts'
import { relation, type Relation } from '../engine/relation.ts'
import { int, join, name, sql, type } from '../engine/sql.ts'
import { dueParts } from '../read/inputs.ts'
import { numberOf } from './checks.ts'

/** Where a row is a payment: rows of one instalment that repeat it otherwise. All of them, for nobody says which is right. */
export function differing(sound: Relation, has: (column: string) => boolean): Relation {
  const unit = name(unitOf({ has }))
  const own = ['due_on', 'amount_due', ...dueParts, 'version'].filter(has).map((column) => sql`coalesce(CAST(${name(column)} AS ${type('text')}), '')`)
  const said = sql`concat_ws('|', ${join(own)})`
  return relation({
    name: 'instalments that differ',
    says: 'Rows of instalments whose amounts or due dates differ between their payments.',
    columns: { ordinal: 'bigint', reason: 'int' },
    kept: 'table',
    body: sql`
      SELECT ordinal, ${int(numberOf('instalment-differs'))} AS reason
      FROM (SELECT ordinal, min(${said}) OVER (PARTITION BY account_id, ${unit}) AS least, max(${said}) OVER (PARTITION BY account_id, ${unit}) AS most FROM ${sound}) AS said
      WHERE least <> most`,
  })
}
