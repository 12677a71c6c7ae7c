import { UserError } from '../errors.ts'
import type { InputSettings, MappedAs } from '../settings/schema.ts'
import { parseFields } from './fields.ts'
import { isHeader } from './mapping.ts'
import type { SourceFile } from './source.ts'

/** Where the header of a file stands, and what the lines above it say. */
export interface Top {
  /** Physical lines above the header. */
  readonly above: number
  readonly delimiter: string
  /** The text from the header on. */
  readonly text: Buffer
  /** The first other line that has all needed columns, by its number. */
  readonly looksLike: () => number | undefined
}

/** Titles above a header are few. */
const searched = 200

/** The delimiter that the first line of a file names for spreadsheets. */
export const statedDelimiter = (line: string) => /^\ufeff?"?sep=(.)"?$/.exec(line)?.[1]

export function topOf(input: MappedAs, file: SourceFile, bytes: Buffer, own: InputSettings): Top {
  const stated = statedDelimiter(lineAt(bytes, 0).text)
  if (stated !== undefined && own.delimiter !== undefined && own.delimiter !== stated) throw new UserError('settings-wrong', { value: `${file.shown} says on its first line that its delimiter is "${stated}", and inputs.${input}.delimiter is "${own.delimiter}"`, hint: 'Take the setting out, or mend it.' })
  const delimiter = own.delimiter ?? stated ?? ','
  const shape = { delimiter, quote: own.quote, columns: 0 }
  const headerFrom = (from: number): number | undefined => {
    for (let at = 0, line = 1; at < bytes.length && line <= searched; line++) {
      const { text, next } = lineAt(bytes, at)
      if (line > from && isHeader(input, parseFields(text.replace(/^\ufeff/, ''), shape).map((field) => field.trim()), own)) return line
      at = next
    }
    return undefined
  }
  const least = stated === undefined ? 0 : 1
  const above = own.lines_above === 'found' ? (headerFrom(0) ?? least + 1) - 1 : Math.max(own.lines_above, least)
  let from = 0
  for (let line = 0; line < above && from < bytes.length; line++) from = endOfLine(bytes, from).next
  return { above, delimiter, text: bytes.subarray(from), looksLike: () => headerFrom(above + 1) }
}

/** Where a physical line ends, and where the next one begins. */
export function endOfLine(bytes: Buffer, at: number): { end: number; next: number } {
  let end = at
  while (end < bytes.length && bytes[end] !== 10 && bytes[end] !== 13) end++
  return { end, next: bytes[end] === 13 && bytes[end + 1] === 10 ? end + 2 : end + 1 }
}

/** A physical line without its end, and where the next one begins. */
function lineAt(bytes: Buffer, at: number): { text: string; next: number } {
  const { end, next } = endOfLine(bytes, at)
  return { text: bytes.toString('utf8', at, end), next }
}
