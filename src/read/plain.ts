import { isAscii, isUtf8 } from 'node:buffer'
import { automaton, recordsIn, type Automaton, type FieldShape } from './automaton.ts'
import { chunksOf, ROOM } from './chunks.ts'
import type { CsvShape, FileFacts, FileSource } from './records.ts'
import { hasEdgeBlank } from './edges.ts'
import { storedFacts } from './stored.ts'

/** What a file must be to be read by the typed reader without guards. */
export interface PlainShape {
  readonly fields: readonly FieldShape[]
  readonly scale: number
}

const CHUNK = 1 << 20
const LF = 10
const CR = 13
const BOM = Buffer.from([0xef, 0xbb, 0xbf])

/** The machine for the records below a header, and where they begin; none where the header itself is not plain. */
function begin(bytes: Buffer, from: number, to: number, { delimiter, quote }: CsvShape, { fields, scale }: PlainShape) {
  const bom = bytes.subarray(from, from + BOM.length).equals(BOM)
  const start = bom ? from + BOM.length : from
  const end = bytes.indexOf(LF, start)
  if (end === -1 || end >= to) return undefined
  const crlf = bytes[end - 1] === CR
  const names = bytes.subarray(start, crlf ? end - 1 : end)
  if (names.length === 0 || names.includes(quote) || names.includes(CR) || names.includes(0) || !isUtf8(names) || hasEdgeBlank(names, delimiter.charCodeAt(0), quote.charCodeAt(0), isAscii(names))) return undefined
  const machine = automaton(fields, delimiter, scale, crlf)
  return machine === undefined ? undefined : { machine, bom, next: end + 1 }
}

/** Whether the first bytes of a file hold plain records: then it is worth a try without guards. */
export function beginsPlain(bytes: Buffer, shape: CsvShape, plain: PlainShape): boolean {
  const text = Buffer.from(new Uint8Array(bytes.length + 1).buffer, 0, bytes.length)
  bytes.copy(text)
  const begun = begin(text, 0, text.length, shape, plain)
  const last = text.lastIndexOf(LF) + 1
  return begun !== undefined && last > begun.next && stretch(begun.machine, text, begun.next, last, shape) > 0
}

/** The facts of a file whose every byte is in shape; undefined as soon as one is not. */
export async function plainFacts(source: FileSource, shape: CsvShape, plain: PlainShape, signal?: AbortSignal): Promise<FileFacts | undefined> {
  const { stored, facts } = storedFacts()
  let records = 0
  let begun: ReturnType<typeof begin>
  let rest: Buffer = Buffer.alloc(0)
  for await (const { buffer, from, to } of chunksOf(source, { chunkBytes: CHUNK, signal, stored })) {
    let start = from - rest.length
    if (start < 0 || (buffer.byteOffset & 1) !== 0) return undefined
    rest.copy(buffer, start)
    if (begun === undefined) {
      begun = begin(buffer, start, to, shape, plain)
      if (begun === undefined) return undefined
      start = begun.next
    }
    const last = buffer.lastIndexOf(LF, to - 1) + 1
    const until = Math.max(start, last)
    // A record too long for the room in front of the next piece is no plain one.
    if (to - until > ROOM) return undefined
    if (last > start) {
      const found = stretch(begun.machine, buffer, start, last, shape)
      if (found === -1) return undefined
      records += found
    }
    rest = Buffer.from(buffer.subarray(until, to))
  }
  if (begun === undefined) return undefined
  if (rest.length > 0) {
    const line = Buffer.from(new Uint8Array(rest.length + 2).buffer, 0, rest.length + 1)
    rest.copy(line)
    line[rest.length] = LF
    const found = stretch(begun.machine, line, 0, line.length, shape)
    if (found === -1) return undefined
    records += found
  }
  return { ...facts(), records, quotes: false, nul: false, edgeBlanks: false, bareCr: false, mixedEnds: false, utf8: true, bom: begun.bom, endsWithNewline: rest.length === 0, plainHeader: true, plain: true }
}

function stretch(machine: Automaton, buffer: Buffer, from: number, to: number, { delimiter, quote }: CsvShape): number {
  const part = buffer.subarray(from, to)
  if (!isAscii(part) && (!isUtf8(part) || hasEdgeBlank(part, delimiter.charCodeAt(0), quote.charCodeAt(0), false))) return -1
  return recordsIn(machine, { bytes: buffer, pairs: new Uint16Array(buffer.buffer, buffer.byteOffset, buffer.length >> 1) }, from, to)
}
