import { isAscii, isUtf8 } from 'node:buffer'
import { statSync } from 'node:fs'
import { open, rm, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { UserError } from '../errors.ts'
import type { Encoding } from '../settings/mapping-fields.ts'
import { chunksOf } from './chunks.ts'
import { decoderOf } from './encoding.ts'
import { firstBytesOf, noData } from './leave-out.ts'
import type { Planned } from './load.ts'
import type { CsvShape, FileSource } from './records.ts'
import { storedFacts } from './stored.ts'
import { mustBeUnchanged, ofFile, streamOf, type SourceFile } from './source.ts'
import { endOfLine } from './top.ts'
import { walk } from './walk.ts'

/** What must be done to the text of a file before it can be read as plain CSV in UTF-8. */
export interface TextForm {
  readonly encoding: Encoding
  /** Physical lines above the header. */
  readonly above: number
  readonly leaveOut: readonly string[]
  /** The fields of the header, where it may stand again. */
  readonly header: readonly string[] | undefined
}

/** What was found on the way. */
export interface TextFound {
  /** Of the file as stored. */
  readonly bytes: number
  readonly sha256: string
  readonly leftOut: number
  /** Physical line of the first record that was left out. */
  readonly firstLeftOut: number | undefined
  /** A number of rows that a footer states, with its physical line. */
  readonly stated: { readonly rows: number; readonly line: number } | undefined
  /** Said to be of another encoding, and valid UTF-8 with more than ASCII. */
  readonly looksUtf8: boolean
  /** It holds characters that come of reading text in another encoding than its own. */
  readonly garbled: boolean
}

type LeftOut = Pick<TextFound, 'leftOut' | 'firstLeftOut' | 'stated'>

export const needsCopy = ({ encoding, above, leaveOut, header }: TextForm) => encoding !== 'utf-8' || above > 0 || leaveOut.length > 0 || header !== undefined

/** Private copies of the files that need one, in `scratch`: UTF-8, the header first; a record left out leaves its line ends, so that lines are counted as in the file itself. */
export async function prepared(files: readonly Planned[], scratch: string, input: string): Promise<Planned[]> {
  const done: Planned[] = []
  for (const [at, file] of files.entries()) {
    if (file.form === undefined) {
      done.push(file)
      continue
    }
    const path = join(scratch, `${input}-as-text-${at}.csv`)
    const found = await prepare(file.source, file.form, file.shape, path).catch((error) => {
      mustBeUnchanged(file.source)
      return ofFile(file.source)(error)
    })
    mustBeUnchanged(file.source)
    const { size } = statSync(path)
    const { path: own, bytes, changedAt, inode } = file.source
    done.push({ ...file, source: { ...file.source, path, format: 'csv', bytes: size, given: { path: own, bytes, changedAt, inode } }, above: file.form.above, found })
  }
  return done
}

async function prepare(source: SourceFile, form: TextForm, shape: CsvShape, path: string): Promise<TextFound> {
  const given = streamOf(source)
  const copies = form.encoding !== 'utf-8' || form.above > 0
  const leaves = form.leaveOut.length > 0 || form.header !== undefined
  const first = leaves && copies ? `${path}.all` : path
  const { stored, facts } = storedFacts()
  try {
    const text = copies ? await written(first, (file) => decode(source, given, form, file, stored)) : { looksUtf8: false, garbled: false }
    const left = leaves ? await written(path, (file) => leaveOut(copies ? { path: first, gzip: false } : given, form, shape, file, copies ? undefined : stored)) : nothingLeftOut
    return { ...facts(), ...text, ...left }
  } finally {
    if (first !== path) await rm(first, { force: true })
  }
}

const nothingLeftOut: LeftOut = { leftOut: 0, firstLeftOut: undefined, stated: undefined }

async function written<T>(path: string, write: (file: FileHandle) => Promise<T>): Promise<T> {
  const file = await open(path, 'w', 0o600)
  try {
    return await write(file)
  } catch (error) {
    await rm(path, { force: true })
    throw error
  } finally {
    await file.close()
  }
}

const LF = 10
const CR = 13
const lineEnd = Buffer.from([LF])
const carriageReturn = Buffer.from([CR])

/** The text in UTF-8, without the lines above the header. */
async function decode(source: SourceFile, given: FileSource, { encoding, above }: TextForm, file: FileHandle, stored: (part: Buffer) => void) {
  let skip = above
  let decoder: ReturnType<typeof decoderOf> | undefined
  let ascii = true
  let garbled = false
  let utf8 = encoding !== 'utf-8'
  let cut: Buffer = Buffer.alloc(0)
  // A CR at the end of a piece may be the first half of a CRLF.
  let afterCr = false
  const put = async (text: Buffer) => {
    let from = 0
    if (afterCr && text.length > 0) {
      if (text[0] === LF) from = 1
      afterCr = false
    }
    while (skip > 0 && from < text.length) {
      const { end, next } = endOfLine(text, from)
      if (end === text.length) return
      skip--
      from = next
      afterCr = from === text.length && text[from - 1] === CR
    }
    if (from < text.length) await file.writeFile(from === 0 ? text : text.subarray(from))
  }
  for await (const { buffer, from, to } of chunksOf(given, { chunkBytes: 1 << 20, stored })) {
    const part = buffer.subarray(from, to)
    if (utf8) {
      const whole = cut.length === 0 ? part : Buffer.concat([cut, part])
      const end = wholeCharacters(whole)
      utf8 = isUtf8(whole.subarray(0, end))
      ascii &&= isAscii(part)
      cut = Buffer.from(whole.subarray(end))
    }
    if (encoding === 'utf-8') {
      await put(part)
      continue
    }
    decoder ??= decoderOf(encoding, part)
    const text = textOf(() => decoder!.decode(part))
    if (text === undefined) throw await notEncoded(source, encoding)
    garbled ||= strange.test(text)
    await put(Buffer.from(text))
  }
  if (decoder !== undefined && textOf(() => decoder!.end()) === undefined) throw await notEncoded(source, encoding)
  return { looksUtf8: utf8 && cut.length === 0 && !ascii, garbled }
}

/** Controls that no text has, the mark of a lost character, and what UTF-8 looks like in a western encoding. */
const strange = /[\u0080-\u009f\ufffd]|Ã[\u0080-\u00bf]/

function textOf(text: () => string): string | undefined {
  try {
    return text()
  } catch {
    return undefined
  }
}

/** Says on which line the bytes are none of the encoding: it is looked for only now. */
export async function notEncoded(source: SourceFile, encoding: Encoding): Promise<UserError> {
  let line = 1
  let decoder: { decode(bytes: Buffer): string } | undefined
  for await (const { buffer, from, to } of chunksOf(streamOf(source), { chunkBytes: 1 << 20 })) {
    decoder ??= decoderOf(encoding, buffer.subarray(from, to), false)
    const text = decoder.decode(buffer.subarray(from, to))
    const bad = text.indexOf('\ufffd')
    line += (bad === -1 ? text : text.slice(0, bad)).split('\n').length - 1
    if (bad !== -1) break
  }
  return new UserError('file-not-encoded', { file: source.shown, value: encoding, other: line })
}

/** Up to where a piece of UTF-8 holds whole characters. */
function wholeCharacters(bytes: Buffer): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back]!
    if (byte >= 0xc0) return (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) > back ? bytes.length - back : bytes.length
    if (byte < 0x80) return bytes.length
  }
  return bytes.length
}

/** All records but those that are no data; of those only the line ends. */
async function leaveOut(from: FileSource, form: TextForm, shape: CsvShape, file: FileHandle, stored: ((part: Buffer) => void) | undefined): Promise<LeftOut> {
  let leftOut = 0
  let firstLeftOut: number | undefined
  let stated: TextFound['stated']
  const isNoData = noData(form.leaveOut, form.header, shape)
  const firsts = firstBytesOf(form.leaveOut, form.header)
  const passed = new Set([...Buffer.from(` \t${shape.quote}${shape.delimiter}`), 0xc2, 0xa0, 0xe3, 0x80, 0xef, 0xbb, 0xbf])
  const mayBe = (text: Buffer, start: number, end: number) => {
    if (firsts === undefined) return true
    let at = start
    while (at < end && passed.has(text[at]!) && !firsts.has(text[at]!)) at++
    return at < end && firsts.has(text[at]!)
  }
  let out: Buffer[] = []
  let gaps: { from: number; to: number; byCr: boolean }[] = []
  await walk(from, shape, false, {
    stored,
    record({ text, start, end, line }) {
      if (!mayBe(text, start, end)) return
      const found = isNoData(text.toString('utf8', start, end))
      if (found === undefined) return
      leftOut++
      firstLeftOut ??= line + form.above
      if (found.rows !== undefined) stated = { rows: found.rows, line: line + form.above }
      gaps.push({ from: start, to: end, byCr: text[end] === CR && text[end + 1] !== LF })
    },
    stretch(text, start, to) {
      let at = start
      for (const gap of gaps) {
        out.push(text.subarray(at, gap.from))
        for (let i = gap.from; i < gap.to; i++) if (text[i] === LF) out.push(lineEnd)
        else if (gap.byCr && text[i] === CR && text[i + 1] !== LF) out.push(carriageReturn)
        at = gap.to
      }
      out.push(text.subarray(at, to))
      gaps = []
    },
    async pause() {
      if (out.length > 0) await file.writeFile(out.length === 1 ? out[0]! : Buffer.concat(out))
      out = []
    },
  })
  return { leftOut, firstLeftOut, stated }
}
