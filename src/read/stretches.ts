import { lineIn, type LoadedFile } from './load.ts'
import { streamOf } from './source.ts'
import { walk } from './walk.ts'

/** Rows that stand on lines one after another: the place of the first among the rows of its file (from 0), and its line. */
export type Stretch = readonly [row: number, line: number]

/** The lines of all rows of a file, in one pass over it; of a file whose every record is one line nothing is read again. */
export async function stretchesOf(file: LoadedFile): Promise<readonly Stretch[]> {
  const { source, shape, repaired, unguarded } = file
  if (source.format === 'parquet') return [[0, 1]]
  if (unguarded) return [[0, lineIn(file, 2)]]
  const found: Stretch[] = []
  let row = -1
  let next = 0
  await walk(streamOf(source), shape, repaired, {
    record({ line: own, fault }) {
      if (fault !== undefined && repaired) return
      row++
      const line = lineIn(file, own)
      if (line !== next) found.push([row, line])
      next = line + 1
    },
  })
  return found
}

/** The line of a row, from the last stretch that begins no later. */
export function lineOf(stretches: readonly Stretch[], row: number): number {
  let [low, high] = [0, stretches.length - 1]
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (stretches[middle]![0] <= row) low = middle
    else high = middle - 1
  }
  const [from, line] = stretches[low]!
  return line + row - from
}
