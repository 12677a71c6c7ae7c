import { lineIn } from '../read/load.ts'
import type { ReadInput } from '../read/read.ts'
import { locate } from '../read/records.ts'
import { streamOf } from '../read/source.ts'
import { lineOf } from '../read/stretches.ts'

/** Where a row stands: the file as outputs name it, and its physical line (in Parquet the row's number). */
export interface Place {
  readonly file: string
  readonly line: number
}

/** The places of some rows of an input, by ordinal: one pass over each file, up to the last row asked for. */
export async function placesOf({ files }: ReadInput, ordinals: Iterable<number>): Promise<ReadonlyMap<number, Place>> {
  const wanted = [...new Set(ordinals)].sort((a, b) => a - b)
  const places = new Map<number, Place>()
  for (const file of files) {
    const { source, shape, from, rows, repaired, stretches } = file
    const own = wanted.filter((ordinal) => ordinal >= from && ordinal < from + rows).map((ordinal) => ordinal - from)
    const lines =
      stretches !== undefined
        ? own.map((at) => lineOf(stretches, at))
        : source.format === 'parquet'
          ? own.map((at) => at + 1)
          : (await locate(streamOf(source), shape, own, { allGood: !repaired })).map(({ line }) => lineIn(file, line))
    own.forEach((at, i) => places.set(from + at, { file: source.name, line: lines[i]! }))
  }
  return places
}

export const placeText = ({ file, line }: Place) => `${file}:${line}`
