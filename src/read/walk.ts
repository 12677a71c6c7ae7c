import { isUtf8 } from 'node:buffer'
import { chunksOf } from './chunks.ts'
import { cutRecord, plainFault, type Cut, type Fault, type Rules } from './cut.ts'
import type { CsvShape, FileSource } from './records.ts'

/** For tests and for other limits than the engine's own. */
export interface Tuning {
  readonly chunkBytes?: number
  /** Bytes of a record with its line end; the engine's max_line_size. */
  readonly maxRecordBytes?: number
}

/** A record as the walk shows it; offsets are into `text`, which is good only during the call. */
export interface Seen {
  text: Buffer
  start: number
  /** Where its content ends: its line end is not part of it. */
  end: number
  /** Bytes from the start of the file to `start`, and the physical line there. */
  byte: number
  line: number
  fault: Fault | undefined
  /** Of a broken quote: where the field begins that could not be read. */
  broke: number
}

export interface Watcher {
  readonly signal?: AbortSignal | undefined
  readonly stored?: ((bytes: Buffer) => void) | undefined
  /** Whole records (or a part of one that is too long) with their line ends, after they were told one by one. */
  stretch?(text: Buffer, from: number, to: number): void
  header?(seen: Seen): void
  /** true ends the walk. */
  record?(seen: Seen): boolean | void
  /** When all records of a piece were told, before their bytes are given up. */
  pause?(): Promise<void>
}

export interface Totals {
  records: number
  /** Bare CR outside quotes. */
  bareCr: boolean
  mixedEnds: boolean
  bom: boolean
  endsWithNewline: boolean
  plainHeader: boolean
  /** Sound records that go over several lines, and the line of the first one in which a line looks like a row of its own. */
  overLines: number
  holdsRow: number | undefined
}

const CHUNK = 1 << 20
/** The engine's default max_line_size. */
const RECORD = 2_000_000
/** Bytes of lines whose text is looked at together. */
const STRETCH = 2048
const LF = 10
const CR = 13
const BOM = Buffer.from([0xef, 0xbb, 0xbf])

/**
 * Walks over the records of a file in one pass and bounded memory. `judge` also tests number of columns and UTF-8 of each record;
 * without it only broken quotes, bare CRs and length are faults.
 */
export async function walk(source: FileSource, shape: CsvShape, judge: boolean, watcher: Watcher, tuning: Tuning = {}): Promise<Totals> {
  const rules = rulesOf(shape, tuning)
  const totals: Totals = { records: 0, bareCr: false, mixedEnds: false, bom: false, endsWithNewline: false, plainHeader: true, overLines: 0, holdsRow: undefined }
  const ends = { lf: 0, crlf: 0, cr: 0 }
  const seen: Seen = { text: BOM, start: 0, end: 0, byte: 0, line: 1, fault: undefined, broke: 0 }
  const cut: Cut = { end: 0, next: 0, lines: 0, ending: '', fault: undefined, broke: 0, open: false, bareCr: false }
  let base = 0
  let line = 1
  let begun = false
  let endsKnown = false
  let header = false
  /** Inside a record that is too long: all up to the line end is dropped. */
  let dropping = false

  const tell = (text: Buffer, start: number, end: number, fault: Fault | undefined, broke: number, single: boolean): boolean => {
    if (header && watcher.record === undefined) {
      totals.records++
      return false
    }
    seen.text = text
    seen.start = start
    seen.end = end
    seen.byte = base + start
    seen.line = line
    seen.fault = fault
    seen.broke = broke
    if (header) {
      totals.records++
      return watcher.record!(seen) === true
    }
    header = true
    totals.plainHeader = line === 1 && fault === undefined && single
    watcher.header?.(seen)
    return false
  }

  /** Tells the whole records of `text`; gives the offset of the first byte that it could not tell yet, or -1 when the watcher has had enough. */
  const pass = (text: Buffer, last: boolean): number => {
    let at = 0
    if (!begun) {
      if (text.length < 3 && !last) return 0
      begun = true
      totals.bom = text.subarray(0, 3).equals(BOM)
      if (totals.bom) at = 3
    }
    if (!endsKnown) {
      const byCr = endsInCr(text, at, last, rules)
      if (byCr === undefined) return at
      rules.byCr = byCr
      endsKnown = true
    }
    const valid = !judge || isUtf8(text)
    // Of a piece with bad bytes a stretch of lines is looked at together: most of them are good.
    let stretchTo = 0
    let stretchValid = true
    const badText = (start: number, end: number): Fault | undefined => {
      if (valid) return undefined
      if (start >= stretchTo) {
        const lf = text.indexOf(LF, Math.min(start + STRETCH, text.length))
        stretchTo = lf === -1 ? text.length : lf
        stretchValid = isUtf8(text.subarray(start, stretchTo))
      }
      return (stretchValid && end <= stretchTo) || isUtf8(text.subarray(start, end)) ? undefined : 'not-utf8'
    }
    let quoteAt = -2
    let crAt = -2
    while (at < text.length) {
      if (dropping) {
        const end = lineEnd(text, at, rules.byCr)
        const next = end === -1 ? (last ? text.length : wholeChars(text, at)) : nextLine(text, end)
        if (end !== -1 && rules.byCr && next === text.length && text[end] === CR && !last) return at
        if (end !== -1) {
          ends[text[end] === CR ? (next - end === 2 ? 'crlf' : 'cr') : end > at && text[end - 1] === CR ? 'crlf' : 'lf']++
          line++
          dropping = false
        }
        at = next
        if (end === -1) break
        continue
      }
      if (!rules.byCr) {
        // The plain case: a whole line without a quote and without a CR but at its end.
        const lf = text.indexOf(LF, at)
        if (lf !== -1 && lf - at < rules.limit) {
          if (quoteAt < at) quoteAt = rules.quote === -1 ? text.length : found(text, rules.quote, at)
          if (crAt < at) crAt = found(text, CR, at)
          if (quoteAt > lf && crAt >= lf - 1) {
            const crlf = crAt === lf - 1
            const end = crlf ? lf - 1 : lf
            if (crlf) ends.crlf++
            else ends.lf++
            if (end > at || (rules.single && header)) {
              const fault = judge && header ? (plainFault(text, at, end, rules) ?? badText(at, end)) : undefined
              if (tell(text, at, end, fault, at, true)) return -1
            }
            line++
            at = lf + 1
            continue
          }
        }
      }
      if (!cutRecord(text, at, last, rules, cut)) break
      if (cut.bareCr) totals.bareCr = true
      if (cut.ending !== '') ends[cut.ending]++
      let fault = cut.fault
      if (!header && (fault === 'too-few-columns' || fault === 'too-many-columns')) fault = undefined
      if (cut.end > at || (rules.single && header && cut.ending !== '')) {
        if (header) fault ??= badText(at, cut.end)
        if (header && cut.lines > 1 && fault === undefined) {
          totals.overLines++
          if (totals.holdsRow === undefined && holdsRow(text, at, cut.end, rules)) totals.holdsRow = line
        }
        if (tell(text, at, cut.end, fault, cut.broke, cut.lines <= 1)) return -1
      }
      line += cut.lines
      at = cut.next
      dropping = cut.open
    }
    return at
  }

  let left: Buffer = Buffer.alloc(0)
  const take = async (text: Buffer, last: boolean): Promise<boolean> => {
    const to = pass(text, last)
    if (to !== -1) watcher.stretch?.(text, 0, to)
    await watcher.pause?.()
    if (to === -1) return true
    // A copy: the chunk is overwritten by the reading ahead.
    left = Buffer.from(text.subarray(to))
    base += to
    return false
  }
  let lastByte = -1
  let enough = false
  for await (const { buffer, from, to } of chunksOf(source, { chunkBytes: tuning.chunkBytes ?? CHUNK, signal: watcher.signal, stored: watcher.stored })) {
    lastByte = buffer[to - 1]!
    enough = await take(joined(left, buffer, from, to), false)
    if (enough) break
  }
  if (!enough && (left.length > 0 || !begun)) await take(left, true)
  totals.endsWithNewline = lastByte === LF || (lastByte === CR && rules.byCr)
  totals.mixedEnds = [ends.lf, ends.crlf, ends.cr].filter((count) => count > 0).length > 1
  return totals
}

function rulesOf(shape: CsvShape, tuning: Tuning): Rules {
  if (Buffer.byteLength(shape.delimiter) !== 1 || Buffer.byteLength(shape.quote) > 1) throw new Error('delimiter and quote must be one byte each')
  return {
    quote: shape.quote === '' ? -1 : shape.quote.charCodeAt(0),
    delimiter: shape.delimiter.charCodeAt(0),
    columns: shape.columns,
    limit: tuning.maxRecordBytes ?? RECORD,
    byCr: false,
    single: shape.columns === 1,
  }
}

function joined(left: Buffer, buffer: Buffer, from: number, to: number): Buffer {
  if (left.length === 0) return buffer.subarray(from, to)
  if (left.length > from) return Buffer.concat([left, buffer.subarray(from, to)])
  left.copy(buffer, from - left.length)
  return buffer.subarray(from - left.length, to)
}

const found = (text: Buffer, byte: number, at: number) => {
  const index = text.indexOf(byte, at)
  return index === -1 ? text.length : index
}

/** Whether lines end in a bare CR, by the first line end outside quotes, as the engine decides; undefined: more bytes must be seen. */
function endsInCr(text: Buffer, from: number, last: boolean, { quote, limit }: Rules): boolean | undefined {
  let quoted = false
  const stop = Math.min(text.length, from + limit)
  for (let i = from; i < stop; i++) {
    const byte = text[i]
    if (byte === quote) quoted = !quoted
    else if (quoted) continue
    else if (byte === LF) return false
    else if (byte === CR) {
      while (i < text.length && text[i] === CR) i++
      return i < text.length ? text[i] !== LF : last ? true : undefined
    }
  }
  return last || text.length >= from + limit ? false : undefined
}

function lineEnd(text: Buffer, at: number, byCr: boolean): number {
  const lf = text.indexOf(LF, at)
  if (!byCr) return lf
  const cr = text.indexOf(CR, at)
  return cr === -1 || (lf !== -1 && lf < cr) ? lf : cr
}

const nextLine = (text: Buffer, end: number) => (text[end] === CR && text[end + 1] === LF ? end + 2 : end + 1)

/** The end of `text` without a character that is not whole there. */
function wholeChars(text: Buffer, from: number): number {
  let at = text.length
  while (at > from && at > text.length - 3 && (text[at - 1]! & 0xc0) === 0x80) at--
  return at > from && text[at - 1]! >= 0xc0 ? at - 1 : text.length
}

/** Whether a line of a record, other than its first, has as many delimiters as a row: a quote that was left open and closed by chance. */
function holdsRow(text: Buffer, start: number, end: number, { delimiter, columns, single }: Rules): boolean {
  if (single) return false
  let marks = -1
  for (let i = start; i <= end; i++) {
    if (i === end || text[i] === LF) {
      if (marks >= columns - 1) return true
      marks = 0
    } else if (marks !== -1 && text[i] === delimiter) marks++
  }
  return false
}
