import type { Engine } from '../engine/engine.ts'
import { UserError } from '../errors.ts'
import type { InputSettings, MappedAs } from '../settings/schema.ts'
import { decodedStart } from './encoding.ts'
import { plainScale, type Planned } from './load.ts'
import { parseFields } from './fields.ts'
import { otherKind } from './other-kind.ts'
import { headerOf, mapHeaders } from './mapping.ts'
import { parquetColumns } from './parquet.ts'
import { beginsPlain } from './plain.ts'
import { needsCopy, notEncoded, type TextForm } from './prepared.ts'
import { timedColumns, withReadings } from './readings.ts'
import { firstBytes, firstLook, type SourceFile } from './source.ts'
import { topOf } from './top.ts'
import { fieldShapes, type Care } from './typed.ts'

interface FilePlan {
  readonly file: Planned
  readonly care: Care
  readonly errors: readonly UserError[]
}

/** The headers of one file matched, its shape, and what must be done to its text before it is read. */
export async function planFile(engine: Engine, input: MappedAs, source: SourceFile, own: InputSettings, zone: string, plainFrom: number): Promise<FilePlan> {
  if (source.bytes === 0) throw new UserError('file-empty', { file: source.shown })
  if (source.format === 'parquet') {
    const headers = await parquetColumns(engine, source, input, own)
    const { mapping, errors } = mapHeaders(input, source, headers, own)
    // The shape is that of its rejected rows: they are shown as CSV, whatever the settings say of files that are.
    return { file: { source, mapping: withReadings(input, mapping, own, zone, new Set()), shape: { delimiter: ',', quote: '"', columns: headers.length }, plain: false }, care: { trim: true, nul: true }, errors }
  }
  const stored = await firstBytes(source)
  const other = otherKind(stored)
  if (other !== undefined) throw new UserError('file-not-text', { file: source.shown, value: other.is, hint: other.todo })
  const bytes = decodedStart(stored, own.encoding)
  if (bytes === undefined) throw await notEncoded(source, own.encoding)
  const quote = own.quote === 'none' ? '' : own.quote
  const { above, delimiter, text, looksLike } = topOf(input, source, bytes, { ...own, quote })
  // Digits and delimiters have a NUL in UTF-16: without one it is another encoding.
  if (own.encoding.startsWith('utf-16') && !stored.includes(0)) throw await notEncoded(source, own.encoding)
  if (typeof own.lines_above === 'number' && own.lines_above > 0 && /^[\r\n]*$/.test(text.toString('utf8', 0, 1000))) throw new UserError('settings-wrong', { value: `inputs.${input}.lines_above is ${own.lines_above}, and ${source.shown} has no header below that many lines`, hint: 'State the number of lines above its header, or found.' })
  const headers = withoutIdleEnd(headerOf(source, text, { delimiter, quote, input, stored }), text, { delimiter, quote })
  const { mapping: found, errors } = mapHeaders(input, source, headers, own, looksLike)
  if (!own.allow_empty && stored.length < firstLook && headers.length > 1 && isHeaderAlone(text)) errors.push(new UserError('file-no-rows', { file: source.shown, input }))
  const shape = { delimiter, quote, columns: headers.length }
  const mapping = withReadings(input, found, own, zone, timedColumns(found, text, shape))
  const form: TextForm = { encoding: own.encoding, above, leaveOut: own.leave_out, header: own.repeated_header ? headers : undefined }
  const copied = needsCopy(form)
  const whole = form.leaveOut.length === 0 && form.header === undefined
  const plain = (source.format === 'csv' || copied) && whole && quote === '"' && source.bytes >= plainFrom && beginsPlain(text, shape, { fields: fieldShapes(mapping), scale: plainScale })
  return { file: { source, mapping, shape, plain, ...(copied ? { form } : {}) }, care: { trim: blanksAtEdges(text, delimiter, quote), nul: text.includes(0) }, errors }
}

/** A header that ends in delimiters which its rows lack: what has neither a name nor a value is no column. */
function withoutIdleEnd(headers: readonly string[], text: Buffer, { delimiter, quote }: { delimiter: string; quote: string }): string[] {
  const named = headers.findLastIndex((header) => header !== '') + 1
  if (named === headers.length) return [...headers]
  const [, first] = text.toString('utf8').split(/[\r\n]+/).filter((line) => line !== '')
  const fields = first === undefined ? headers.length : parseFields(first, { delimiter, quote, columns: 0 }).length
  return headers.slice(0, Math.max(named, Math.min(fields, headers.length)))
}

/** Told at once, with what is wrong with other files; of a header over several lines, and of what is left out, the reading tells. */
const isHeaderAlone = (text: Buffer) => /^\ufeff?[\r\n]*[^\r\n]+[\r\n]*$/.test(text.toString('utf8'))

/** A look at the first bytes only; the facts of the whole file correct it where it was wrong. */
function blanksAtEdges(bytes: Buffer, delimiter: string, quote: string) {
  const edge = delimiter === '\t' ? '[ \\u00a0\\u3000]' : '[ \\t\\u00a0\\u3000]'
  const plain = (mark: string) => (/\w/.test(mark) ? mark : `\\${mark}`)
  const mark = `[${plain(delimiter)}${quote === '' ? '' : plain(quote)}\\r\\n]`
  return new RegExp(`${mark}${edge}|${edge}${mark}`).test(bytes.toString('utf8'))
}
