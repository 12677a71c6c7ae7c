import { chunksOf, ROOM } from './chunks.ts'
import { bare } from './ids.ts'

/** One column of a file and the values wanted in it. */
export interface Wanted {
  readonly column: number
  readonly values: ReadonlySet<string>
}

export interface Picked {
  /** The header with its line end. */
  readonly header: Buffer
  /** By physical line, the first of the file being 1: the whole line with its end. */
  readonly lines: Map<number, Buffer>
}

const LF = 10
const QUOTE = 34

/**
 * The lines of a plain file that have a wanted value in a column, and others that cannot be told apart cheaply. One pass over the
 * bytes: a line is a record here, so a file in which a quote is open at the end of a line gives undefined, and so does one that begins with a blank line.
 */
export async function pick(path: string, delimiter: string, { column, values }: Wanted): Promise<Picked | undefined> {
  const mark = delimiter.charCodeAt(0)
  const bares = new Set([...values].map(bare))
  const signs = new Uint8Array(1 << 16)
  for (const one of bares) signs[signOf(Buffer.from(one))] = 1
  const lines = new Map<number, Buffer>()
  const found = (buffer: Buffer, start: number, from: number, to: number, end: number, line: number) => {
    // A quote inside a quoted field is doubled.
    const text = bare(buffer.toString('utf8', from, to).replace(/[ \t\r\u00a0\u3000]+$/, ''))
    if (bares.has(text) || (text.includes('""') && bares.has(text.replaceAll('""', '"')))) lines.set(line, Buffer.from(buffer.subarray(start, end)))
  }
  const header = await eachLine(path, (buffer, from, to, line) => told(buffer, from, to, line, mark, column, signs, found))
  return header === undefined ? undefined : { header, lines }
}

/** Each field of a column. undefined as for `pick`. */
export async function eachField(path: string, delimiter: string, column: number, tell: (buffer: Buffer, from: number, to: number) => void): Promise<true | undefined> {
  const mark = delimiter.charCodeAt(0)
  const header = await eachLine(path, (buffer, from, to, first) => {
    let line = first
    let quote = -1
    for (let at = from; at < to; line++) {
      const begins = at
      let field = 0
      while (field < column && buffer[at] !== LF) if (buffer[at++] === mark) field++
      const start = at
      while (buffer[at] !== LF && buffer[at] !== mark) at++
      const ends = at
      while (buffer[at] !== LF) at++
      if (quote < begins) quote = buffer.indexOf(QUOTE, begins) === -1 ? to : buffer.indexOf(QUOTE, begins)
      if (quote < at) {
        const own = quotedField(buffer, begins, mark, column)
        if (own === undefined) return -1
        if (own.to > own.from) tell(buffer, own.from, own.to)
      } else if (field === column) tell(buffer, start, ends)
      at++
    }
    return line
  })
  return header === undefined ? undefined : true
}

/**
 * Where a field stands in a line that has quotes, without them; nowhere where the line has no such field. undefined where a quote is open
 * at its end: the record goes on in the next line. One that breaks otherwise costs its line, and nothing of the next.
 */
function quotedField(buffer: Buffer, start: number, mark: number, column: number): { from: number; to: number } | undefined {
  let [at, field, from, to] = [start, 0, 0, 0]
  for (;;) {
    let begins = at
    if (buffer[at] === 0x20 && mark !== 0x20 && buffer[at + 1] === QUOTE) at++
    let ends = at
    if (buffer[at] === QUOTE) {
      begins = ++at
      for (;;) {
        if (buffer[at] === LF) return undefined
        if (buffer[at] === QUOTE && buffer[at + 1] !== QUOTE) break
        at += buffer[at] === QUOTE ? 2 : 1
      }
      ends = at++
      while (buffer[at] === 0x20 && mark !== 0x20) at++
      // Another quoted part may follow, or what breaks the record: then what was read of it is all that is known.
      if (buffer[at] === QUOTE) return undefined
      while (buffer[at] !== mark && buffer[at] !== LF) if (buffer[at++] === QUOTE) return undefined
    } else {
      while (buffer[at] !== mark && buffer[at] !== LF) at++
      ends = at
    }
    if (field === column) [from, to] = [begins, ends]
    if (buffer[at] === LF) return { from, to }
    at++
    field++
  }
}

type Found = (buffer: Buffer, start: number, from: number, to: number, end: number, line: number) => void

/** Looks at whole lines of a buffer; gives the number of the line after them. Written for speed: most bytes are looked at once. */
function told(buffer: Buffer, from: number, to: number, first: number, mark: number, column: number, signs: Uint8Array, found: Found): number {
  let line = first
  let at = from
  while (at < to) {
    const start = at
    let field = 0
    let byte = buffer[at]!
    let quoted = false
    while (field < column && byte !== LF) {
      if (byte === mark) field++
      else if (byte === QUOTE) quoted = true
      byte = buffer[++at]!
    }
    const begins = at
    let sign = 0
    while (byte !== mark && byte !== LF) {
      if (byte === QUOTE) quoted = true
      if (byte > 0x20 && byte < 0x7f && (sign !== 0 || byte !== 0x30)) sign = (Math.imul(sign, 31) + (byte | 0x20)) & 0xffff
      byte = buffer[++at]!
    }
    const ends = at
    while (byte !== LF) {
      if (byte === QUOTE) quoted = true
      byte = buffer[++at]!
    }
    at++
    if (quoted) {
      const own = quotedField(buffer, start, mark, column)
      if (own === undefined) return -1
      if (own.to > own.from) found(buffer, start, own.from, own.to, at, line)
    } else if (signs[sign] === 1 && field === column) found(buffer, start, begins, ends, at, line)
    line++
  }
  return line
}

function signOf(bytes: Buffer): number {
  let sign = 0
  for (const byte of bytes) if (byte > 0x20 && byte < 0x7f && (sign !== 0 || byte !== 0x30)) sign = (Math.imul(sign, 31) + (byte | 0x20)) & 0xffff
  return sign
}

/** Tells the data lines of a file piece by piece; gives its header. undefined where lines may not be records. */
async function eachLine(path: string, take: (buffer: Buffer, from: number, to: number, line: number) => number): Promise<Buffer | undefined> {
  let rest: Buffer = Buffer.alloc(0)
  let line = 1
  let header: Buffer | undefined
  for await (const { buffer, from, to } of chunksOf({ path, gzip: false }, { chunkBytes: 1 << 20 })) {
    if (rest.length > ROOM || rest.length > from) return undefined
    let start = from - rest.length
    rest.copy(buffer, start)
    let last = buffer.lastIndexOf(LF, to - 1) + 1
    if (last <= start) last = start
    if (header === undefined && last > start) {
      const end = buffer.indexOf(LF, start) + 1
      header = Buffer.from(buffer.subarray(start, end))
      if (header.includes(QUOTE) || header.toString('utf8').trim() === '') return undefined
      start = end
      line = 2
    }
    if (last > start) line = take(buffer, start, last, line)
    if (line === -1) return undefined
    rest = Buffer.from(buffer.subarray(Math.max(start, last), to))
  }
  if (rest.length > 0) {
    if (header === undefined) return undefined
    if (take(Buffer.concat([rest, Buffer.from('\n')]), 0, rest.length + 1, line) === -1) return undefined
  }
  return header
}
