import { guessedEncoding } from '../read/encoding.ts'
import type { MappedAs } from '../settings/schema.ts'
import type { ColumnsFound } from './columns.ts'
import { asked, proposed, type Entry } from './entries.ts'
import type { Look } from './look.ts'
import { rowsSaid } from './seen.ts'
import type { Whole } from './whole.ts'

/** What must be said of the text of an input before its header is read. */
export function textEntries(input: MappedAs, looks: readonly Look[], columns: ColumnsFound): Entry[] {
  const texts = looks.filter(({ source }) => source.format !== 'parquet')
  const [first] = texts
  if (first === undefined) return []
  const at = (key: string) => ['inputs', input, key]
  const entries: Entry[] = []
  const differ = <T>(of: (look: Look) => T) => new Set(texts.map(of)).size > 1
  const { encoding, delimiter, quote, above, headers } = first
  if (differ((one) => one.encoding.is)) entries.push(asked(at('encoding'), [...new Set(texts.map((one) => one.encoding.is))], `The files have several encodings (${texts.map((one) => `${one.source.name} ${one.encoding.is}`).join(', ')}), and an input has one: save them alike.`))
  else if (encoding.sure === 'open') entries.push(asked(at('encoding'), encoding.others, `Which encoding? ${encoding.why}.`))
  else if (encoding.is !== 'utf-8') entries.push(proposed(at('encoding'), encoding.is, encoding.sure, encoding.why))
  if (differ((one) => one.delimiter)) entries.push(asked(at('delimiter'), [...new Set(texts.map((one) => written(one.delimiter)))], `The files have several delimiters, and an input has one.`))
  else if (delimiter !== ',' && !first.delimiterStated) entries.push(proposed(at('delimiter'), written(delimiter), 'sure', `the header has ${headers.length} fields with it, and so have the rows`))
  if (quote !== '"') entries.push(proposed(at('quote'), JSON.stringify(quote === '' ? 'none' : quote), 'likely', 'it stands around the fields of most rows'))
  const titles = Math.max(...texts.map((one) => one.above.length))
  if (titles > (first.delimiterStated ? 1 : 0)) {
    // A header is found by its needed columns: as long as one of them is a question, its line says where it is.
    const open = columns.entries.some(({ answers }) => answers !== undefined)
    const why = `the header is line ${above.length + 1}: ${headers.slice(0, 4).join(', ')}${headers.length > 4 ? ', ...' : ''}`
    entries.push(open && !differ((one) => one.above.length) ? proposed(at('lines_above'), String(above.length), 'sure', why) : proposed(at('lines_above'), 'found', 'sure', why))
  }
  return entries
}

const written = (delimiter: string) => (delimiter === '\t' ? 'tab' : `'${delimiter}'`)

/** Text that is no UTF-8 far behind what was looked at: which encoding it is in, those rows tell. */
export function lateEncoding(input: MappedAs, { loaded }: Whole, looks: readonly Look[]): Entry[] {
  if (looks.some((one) => one.encoding.is !== 'utf-8')) return []
  const raw = loaded.files.flatMap(({ broken }) => broken.filter(({ kind }) => kind === 'not-utf8')).slice(0, 1000)
  if (raw.length === 0) return []
  const guess = guessedEncoding(Buffer.concat(raw.map((one) => one.raw)))
  return [asked(['inputs', input, 'encoding'], [...new Set([guess ?? 'gb18030', 'gb18030' as const, 'windows-1252' as const, 'utf-8' as const])], `Which encoding? The first rows are plain, and ${rowsSaid(raw.length)} further below are no UTF-8, the first on line ${raw[0]!.line}. As utf-8 they are rejected.`)]
}
