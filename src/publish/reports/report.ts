import type { Row } from '../../engine/engine.ts'
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
