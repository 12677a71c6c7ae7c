import { open, rm } from 'node:fs/promises'
import type { Fault } from './cut.ts'
import { parseFields } from './fields.ts'
import type { CsvShape, FileSource } from './records.ts'
import { walk, type Seen, type Tuning } from './walk.ts'

export type BadRecord = {
  /** The physical line on which it begins, 1 being the first of the file, and its first byte, 0 being the first of the text. */
  line: number
  byte: number
  kind: Fault
  /** Its bytes without the line end; of a record that is too long only the first. */
  raw: Buffer
  /** The fields that could be read: of a broken quote those before it. */
  fields: string[]
}

export interface RepairOptions extends Tuning {
  /** How many bad records are kept; all are counted. */
  readonly maxBad: number
  readonly signal?: AbortSignal
}

export interface Repaired {
  readonly good: number
  readonly bad: BadRecord[]
  readonly badCount: number
  /** Line of the last record where that is not whole and no line end stands behind it: the file may be cut there. */
  readonly cutAt: number | undefined
}

const SHOWN = 10_000
/** What a record looks like that breaks off. */
const broken: ReadonlySet<Fault> = new Set(['too-few-columns', 'quote-not-closed', 'not-utf8'])
const nothing = Buffer.alloc(0)

/**
 * Splits a file into good and bad records in one pass. The good ones go to `cleanPath` (mode 0600): the header first, lines ended by LF, no BOM, no blank lines.
 * The engine takes that copy: what passes here is what its strict reader accepts.
 */
export async function repair(source: FileSource, shape: CsvShape, cleanPath: string, options: RepairOptions): Promise<Repaired> {
  const file = await open(cleanPath, 'w', 0o600)
  const bad: BadRecord[] = []
  let good = 0
  let badCount = 0
  /** Line of the last record if it breaks off, else 0. */
  let breaksAt = 0
  let cutAt: number | undefined
  let out: Buffer = nothing
  let filled = 0
  // Good records that lie together are copied together: [from, to) of `text`, `to` being behind an LF.
  let text: Buffer = nothing
  let from = 0
  let to = 0
  const settle = () => {
    if (to > from) {
      reserve(to - from)
      filled += text.copy(out, filled, from, to)
    }
    text = nothing
    from = to = 0
  }
  const reserve = (more: number) => {
    if (filled + more <= out.length) return
    const larger = Buffer.allocUnsafe(Math.max(out.length * 2, filled + more, 1 << 20))
    out.copy(larger, 0, 0, filled)
    out = larger
  }
  const write = (seen: Seen) => {
    const { start, end } = seen
    if (seen.text[end] === 10) {
      if (seen.text !== text || start !== to) {
        settle()
        text = seen.text
        from = start
      }
      to = end + 1
      return
    }
    settle()
    reserve(end - start + 1)
    filled = copied(seen.text, start, end, out, filled)
    out[filled++] = 10
  }
  try {
    await file.chmod(0o600)
    const { endsWithNewline } = await walk(
      source,
      shape,
      true,
      {
        signal: options.signal,
        header(seen) {
          const raw = seen.text.subarray(seen.start, seen.end)
          // Its names are matched elsewhere; a header over two lines or with a broken quote would mislead the engine.
          const plain = seen.fault === undefined && !raw.includes(10) && !raw.includes(13)
          const names = Buffer.from(Array.from({ length: shape.columns }, (_, at) => `c${at}`).join(shape.delimiter) + '\n')
          write(plain ? seen : { ...seen, text: names, start: 0, end: names.length - 1 })
        },
        record(seen) {
          breaksAt = 0
          if (seen.fault === undefined) {
            good++
            write(seen)
            return
          }
          if (broken.has(seen.fault) && holdsText(seen)) breaksAt = seen.line
          if (++badCount <= options.maxBad) bad.push(badRecord(seen, seen.fault, shape))
        },
        async pause() {
          settle()
          if (filled > 0) await file.writeFile(out.subarray(0, filled))
          filled = 0
        },
      },
      options,
    )
    if (breaksAt > 0 && !endsWithNewline) cutAt = breaksAt
  } catch (error) {
    await rm(cleanPath, { force: true })
    throw error
  } finally {
    await file.close()
  }
  return { good, bad, badCount, cutAt }
}

/** More than blanks and the mark with which old systems end a file. */
function holdsText({ text, start, end }: Seen): boolean {
  for (let at = start; at < end; at++) if (text[at]! > 32) return true
  return false
}

/** A native call for each short record costs more than its bytes one by one. */
function copied(text: Buffer, start: number, end: number, out: Buffer, filled: number): number {
  if (end - start > 256) return filled + text.copy(out, filled, start, end)
  let to = filled
  for (let i = start; i < end; i++) out[to++] = text[i]!
  return to
}

/** What is kept of a record that cannot be read as a row. */
export function badRecord({ text, start, end, line, byte, broke }: Seen, kind: Fault, shape: CsvShape): BadRecord {
  const raw = Buffer.from(text.subarray(start, kind === 'too-long' ? Math.min(end, start + SHOWN) : end))
  const whole = kind !== 'text-after-quote' && kind !== 'quote-not-closed' && !(kind === 'bare-cr' && broke > start)
  // A broken field begins behind a delimiter, which must not read as one more empty field.
  const readable = whole ? raw.toString() : raw.subarray(0, Math.max(0, broke - start - 1)).toString()
  return { line, byte, kind, raw, fields: !whole && broke === start ? [] : parseFields(readable, shape).slice(0, shape.columns) }
}
