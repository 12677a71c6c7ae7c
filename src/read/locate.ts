import type { CsvShape, FileSource } from './records.ts'
import { walk, type Tuning } from './walk.ts'

export type Located = { ordinal: number; line: number; raw: string }

/**
 * Physical line and exact text of good records, by their place among the good ones (0 first, ascending): the engine's row number in a strict load.
 * One pass that ends at the last one asked for. `allGood` where the strict load took the file as it is: nothing is judged again.
 */
export async function locate(source: FileSource, shape: CsvShape, ordinals: readonly number[], options: Tuning & { readonly allGood?: boolean } = {}): Promise<Located[]> {
  const located: Located[] = []
  if (ordinals.length === 0) return located
  let ordinal = -1
  await walk(
    source,
    shape,
    options.allGood !== true,
    {
      record({ text, start, end, line, fault }) {
        if (fault !== undefined && options.allGood !== true) return false
        if (++ordinal !== ordinals[located.length]) return false
        located.push({ ordinal, line, raw: text.toString('utf8', start, end) })
        return located.length === ordinals.length
      },
    },
    options,
  )
  return located
}
