import { closeSync, openSync, writeFileSync, writeSync } from 'node:fs'
import type { Engine } from '../engine/engine.ts'
import type { Relation } from '../engine/relation.ts'
import { join, name, sql, type Sql } from '../engine/sql.ts'
import type { Reject } from '../outcome.ts'
import type { InputName } from '../settings/schema.ts'
import { cellsSql } from './cells.ts'
import { csvRows, csvText } from './formats/csv.ts'
import type { RunFolder } from './run-folder.ts'

const rejectColumns = ['file', 'line', 'column', 'code', 'value', 'message', 'raw'] as const

/** Rows that are put into a file at once. */
const atOnce = 5000

/** rejects/<input>.csv for each input read, also where nothing was rejected: a file that is not there says nothing. By file and line, as they are told. */
export function writeRejects(rejects: Iterable<Reject>, inputs: readonly InputName[], withBom: boolean, folder: RunFolder) {
  const files = new Map(inputs.map((input) => [input, { handle: openSync(folder.path('rejects', `${input}.csv`), 'w'), rows: [] as string[][] }] as const))
  try {
    for (const { handle } of files.values()) writeSync(handle, csvText(rejectColumns, [], withBom))
    for (const reject of rejects) {
      const file = files.get(reject.input)!
      file.rows.push(rejectColumns.map((column) => String(reject[column])))
      if (file.rows.length === atOnce) settle(file)
    }
    for (const file of files.values()) settle(file)
  } finally {
    for (const { handle } of files.values()) closeSync(handle)
  }
}

function settle(file: { readonly handle: number; rows: string[][] }) {
  if (file.rows.length > 0) writeFileSync(file.handle, csvRows(file.rows))
  file.rows = []
}

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
