import { writeFileSync } from 'node:fs'
import type { Engine } from '../engine/engine.ts'
import type { Relation } from '../engine/relation.ts'
import { join, name, sql, type Sql } from '../engine/sql.ts'
import type { Reject } from '../outcome.ts'
import type { InputName } from '../settings/schema.ts'
import { byCode } from './by-code.ts'
import { cellsSql } from './cells.ts'
import { csvText } from './formats/csv.ts'
import type { RunFolder } from './run-folder.ts'

const rejectColumns = ['file', 'line', 'column', 'code', 'value', 'message', 'raw'] as const

/** rejects/<input>.csv for each input read, also where nothing was rejected: a file that is not there says nothing. */
export function writeRejects(rejects: readonly Reject[], inputs: readonly InputName[], withBom: boolean, folder: RunFolder) {
  for (const input of inputs) {
    const rows = rejects.filter((reject) => reject.input === input).sort(inOrder)
    const cells = rows.map((reject) => rejectColumns.map((column) => reject[column]))
    writeFileSync(folder.path('rejects', `${input}.csv`), csvText(rejectColumns, cells, withBom))
  }
}

const inOrder = (a: Reject, b: Reject) => byCode(a.file, b.file) || a.line - b.line || byCode(a.column, b.column) || byCode(a.code, b.code) || byCode(a.raw, b.raw)

/** unmatched/<input>.csv: accepted rows that meet no account, by file and line. */
export async function writeUnmatched(unmatched: Readonly<Partial<Record<InputName, Relation>>>, withBom: boolean, folder: RunFolder, engine: Engine) {
  for (const [input, rows] of Object.entries(unmatched)) {
    await engine.write(inTotalOrder(rows, withBom), folder.path('unmatched', `${input}.csv`), 'csv')
  }
}

/** By file and place in it; then by all columns, as two files in two folders may share a name. */
function inTotalOrder(rows: Relation, withBom: boolean): Sql {
  const columns = Object.keys(rows.columns)
  const place = ['file', 'line', 'record'].filter((column) => columns.includes(column))
  const order = [...place, ...columns.filter((column) => !place.includes(column))].map((column) => sql`u.${name(column)} ASC NULLS FIRST`)
  return sql`SELECT ${cellsSql(rows.columns, withBom, 'u')} FROM ${rows} u ORDER BY ${join(order)}`
}
