import type { Row } from '../../engine/engine.ts'
import type { ColumnType } from '../../engine/dialect.ts'
import type { Columns } from '../../engine/relation.ts'

/** A summary: a few rows of counts and money, never across currencies. Made once; files, terminal and JSON show the same rows. */
export interface Report {
  readonly name: string
  readonly says: string
  readonly columns: Columns
}

export interface MadeReport extends Report {
  /** In a total order. */
  readonly rows: readonly Row[]
}

/** Type of each column and what it says: docs/reports.md is written from these. */
type SaidColumns = Readonly<Record<string, readonly [type: ColumnType, says: string]>>

export interface SaidReport {
  readonly name: string
  readonly says: string
  readonly said: SaidColumns
}

/** The columns of a report as laid out: its columns after the currency come behind those that it is laid out by. */
export function laidOut({ said }: Pick<SaidReport, 'said'>, by: Columns): Columns {
  const types = Object.entries(said).map(([column, [type]]) => [column, type] as const)
  const at = types.findIndex(([column]) => column === 'currency') + 1
  return Object.fromEntries([...types.slice(0, at), ...Object.entries(by), ...types.slice(at)])
}
