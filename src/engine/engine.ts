import type { Dialect } from './dialect.ts'
import type { Relation } from './relation.ts'
import type { Sql } from './sql.ts'

/** Text, dates and exact decimals come as strings, integers as numbers, those of 64 bits as strings too. */
export type Value = string | number | boolean | null
export type Row = Readonly<Record<string, Value>>

export interface EngineSettings {
  readonly threads?: number | undefined
  /** For example `512MB`. */
  readonly memory?: string | undefined
  /** Folder for what does not fit in memory; made when needed, removed on close. */
  readonly spill?: string | undefined
  /** Decimals of money. */
  readonly scale: number
}

/** All that an engine must do. */
export interface Engine {
  readonly dialect: Dialect
  /** Name and version, for the manifest. */
  readonly version: string
  /** Decimals of money from here on. Nothing with money may have been defined before. */
  setScale(scale: number): void
  /** One thread from here on: over few rows the others cost more than they do. */
  useOneThread(): Promise<void>
  /** Where to put what does not fit in memory, before anything is loaded. */
  spillTo(folder: string): Promise<void>
  /** Defines the relation and, first, all that it reads; each once. */
  define(step: Relation): Promise<void>
  rows(query: Sql): Promise<Row[]>
  /** The same column by column: where rows may be millions there is no object for each. */
  columns(query: Sql): Promise<readonly (readonly Value[])[]>
  /** Names and types, as the engine calls them, of what a query gives. */
  describe(query: Sql): Promise<{ name: string; type: string }[]>
  /** Creates (or adds to) a kept relation without imposing a shape: the read stage does that itself. */
  load(step: Relation, body: Sql, add: boolean): Promise<void>
  /** One statement that gives no rows. */
  run(statement: Sql): Promise<void>
  /** Writes a query's rows to one file, in its own order. `rowsPerGroup`: of Parquet, where single rows will be looked up. */
  write(query: Sql, file: string, format: 'parquet' | 'csv', rowsPerGroup?: number): Promise<void>
  /** Puts rows made outside (few: faulty records, reference tables) into a kept relation. */
  put(step: Relation, rows: readonly Row[]): Promise<void>
  /** Removes a kept relation that nothing reads any more. */
  drop(step: Relation): Promise<void>
  /** Per cent of the statement under way, -1 where unknown. */
  progress(): number
  interrupt(): void
  close(): void
}
