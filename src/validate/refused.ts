import type { Outcome } from '../outcome.ts'
import { filesRead } from '../read/files-read.ts'
import { inputNames } from '../read/inputs.ts'
import type { RefusedRows } from './limit.ts'
import { allRejects } from './rejects.ts'

/** What a refused run can show: its files, its counts and all rows in quarantine. */
export function refusedOutcome({ book, kept }: RefusedRows): Pick<Outcome, 'rejects' | 'files' | 'rows'> {
  return {
    rejects: allRejects(inputNames.map((input) => kept[input].rejects)),
    files: filesRead(book),
    rows: inputNames.map((input) => ({ input, records: book[input].records, read: book[input].read, accepted: book[input].read - kept[input].rejected, rejected: kept[input].rejected, unmatched: 0 })),
  }
}
