import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { publishedFolder } from './age-book.ts'
import type { BookRun } from './age-book.ts'

/** What a run says of itself, read from what it published. The one place of these tests that knows the shape of run.json. */

export interface RejectLine {
  file: string
  line: string
  column: string
  code: string
  value: string
  message: string
}

export interface MoneyLine {
  currency: string
  received: string
  covered: string
  advance: string
  unmatched: string
  owed_back: string
  later: string
  of_which_cash: string
  of_which_other: string
  of_which_written_off_or_sold: string
}

export const csvRows = (file: string): Record<string, string>[] => parse(readFileSync(file), { columns: true, bom: true, relax_column_count: false })

/** Rejected rows of all inputs: of the published folder, or of the refused one. */
export function rejectsOf(run: BookRun, day: string): RejectLine[] {
  const folder = publishedFolder(run.dir) ?? join(run.dir, 'out/refused', day)
  const rejects = join(folder, 'rejects')
  if (!existsSync(rejects)) return []
  return readdirSync(rejects).flatMap((name) => csvRows(join(rejects, name)) as unknown as RejectLine[])
}

export const moneyOf = (run: BookRun, currency: string): MoneyLine | undefined =>
  (run.summary?.money as MoneyLine[] | undefined)?.find((line) => line.currency === currency)

/** read, accepted and rejected of one input. */
export const rowsOf = (run: BookRun, input: string): { read: number; accepted: number; rejected: number } | undefined =>
  (run.summary?.rows as { input: string; read: number; accepted: number; rejected: number }[] | undefined)?.find((line) => line.input === input)

/** All that the run tells a person: what it printed, and the warnings of run.json. */
export const said = (run: BookRun) => `${run.stdout}\n${run.stderr}\n${JSON.stringify(run.summary?.warnings ?? [])}`

/** Files of a folder with their bytes, by path. */
export function filesUnder(folder: string, inside = ''): Map<string, Buffer> {
  const found = new Map<string, Buffer>()
  for (const entry of readdirSync(join(folder, inside), { withFileTypes: true })) {
    const path = join(inside, entry.name)
    if (entry.isDirectory()) for (const [name, bytes] of filesUnder(folder, path)) found.set(name, bytes)
    else found.set(path, readFileSync(join(folder, path)))
  }
  return found
}
