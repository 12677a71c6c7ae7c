import { cellSql, holds } from '../../src/decide/cell-sql.ts'
import { parseCell } from '../../src/decide/cell.ts'
import type { Engine } from '../../src/engine/engine.ts'
import type { Relation } from '../../src/engine/relation.ts'
import { join, name, sql } from '../../src/engine/sql.ts'
import { kinds, type Kind } from './book.ts'

export interface TestedCell {
  readonly column: Kind
  readonly text: string
}

/** For each cell its truth on each row, in the order of account_id, by both forms of the predicate: plain, and as WHEN takes it. */
export async function truths(engine: Engine, cells: readonly TestedCell[], rows: Relation): Promise<{ exact: unknown[][]; taken: unknown[][] }> {
  const trees = cells.map(({ text, column }) => {
    const { tree, faults } = parseCell(text, column, { columns: kinds, seen: {} })
    if (tree === undefined) throw new Error(`${column}: ${text}: ${faults.map((fault) => fault.says).join(' ')}`)
    return tree
  })
  const selected = trees.flatMap((tree, i) => [sql`${cellSql(tree)} AS ${name(`e${i}`)}`, sql`CASE WHEN ${holds(tree)} THEN TRUE ELSE FALSE END AS ${name(`t${i}`)}`])
  await engine.define(rows)
  const found = await engine.rows(sql`SELECT ${join(selected)} FROM ${rows} ORDER BY account_id`)
  return { exact: trees.map((_, i) => found.map((row) => row[`e${i}`])), taken: trees.map((_, i) => found.map((row) => row[`t${i}`])) }
}
