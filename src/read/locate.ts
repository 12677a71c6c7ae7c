import type { CsvShape, FileSource } from './records.ts'
import { badRecord, type BadRecord } from './repair.ts'
import { walk, type Tuning } from './walk.ts'

export type Located = { ordinal: number; line: number; raw: string }

/**
 * Physical line and exact text of good records, by their place among the good ones (0 first, ascending): the engine's row number in a strict load.
 * One pass that ends at the last one asked for. `allGood` where the strict load took the file as it is: nothing is judged again.
 */
export async function locate(source: FileSource, shape: CsvShape, ordinals: readonly number[], options: Tuning & { readonly allGood?: boolean } = {}): Promise<Located[]> {
  const located: Located[] = []
  await eachLocated(source, shape, ordinals, (line, raw, at) => void located.push({ ordinal: ordinals[at]!, line, raw }), undefined, options)
  return located
}

/** The same told one after the other, and the broken records between them where they are asked for: then the pass goes to the end of the file. */
export async function eachLocated(source: FileSource, shape: CsvShape, ordinals: readonly number[], tell: (line: number, raw: string, at: number) => void, broken: ((record: BadRecord) => void) | undefined, options: Tuning & { readonly allGood?: boolean }): Promise<void> {
  if (ordinals.length === 0 && broken === undefined) return
  let ordinal = -1
  let at = 0
  await walk(
    source,
    shape,
    options.allGood !== true,
    {
      record(seen) {
        if (seen.fault !== undefined && options.allGood !== true) {
          broken?.(badRecord(seen, seen.fault, shape))
          return false
        }
        if (++ordinal !== ordinals[at]) return false
        tell(seen.line, seen.text.toString('utf8', seen.start, seen.end), at++)
        return at === ordinals.length && broken === undefined
      },
    },
    options,
  )
}
