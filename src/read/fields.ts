import { parse } from 'csv-parse/sync'
import type { CsvShape } from './records.ts'

/** The values of one record without its line end, as the engine reads them (NULL is ''). */
export function parseFields(raw: string, shape: CsvShape): string[] {
  // Nearly every record: a parser made for whole files costs more than all else that is done with one line.
  if (!raw.includes('\n')) return shape.quote === '' || !raw.includes(shape.quote) ? raw.split(shape.delimiter) : split(raw, shape)
  try {
    const [fields] = parse(raw, {
      delimiter: shape.delimiter,
      quote: shape.quote === '' ? false : shape.quote,
      escape: shape.quote === '' ? null : shape.quote,
      record_delimiter: ['\r\n', '\n'],
      relax_column_count: true,
    }) as string[][]
    return fields ?? ['']
  } catch {
    return split(raw, shape)
  }
}

/** One line, and what csv-parse refuses and the engine takes: a quote inside an unquoted field, blanks beside a quote. Ends at a quote that does not close. */
function split(raw: string, { delimiter, quote }: CsvShape): string[] {
  const blank = delimiter === ' ' ? '' : ' '
  const fields: string[] = []
  let at = 0
  for (;;) {
    let end = at
    const open = raw[at] === blank && raw[at + 1] === quote ? at + 1 : at
    if (quote !== '' && raw[open] === quote) {
      let close = open
      for (;;) {
        close = raw.indexOf(quote, close + 1)
        if (close === -1) return fields
        end = close + 1
        if (raw[end] === quote) {
          close = end
          continue
        }
        while (raw[end] === blank) end++
        if (end === close + 1 || raw[end] !== quote) break
        close = end
      }
      if (end < raw.length && raw[end] !== delimiter) return fields
      // Pairs of quotes are one quote and single ones vanish, as the engine has it where a quoted part follows another.
      fields.push(raw.slice(open + 1, close).split(quote + quote).map((part) => part.replaceAll(quote, '')).join(quote))
    } else {
      end = raw.indexOf(delimiter, at)
      if (end === -1) end = raw.length
      fields.push(raw.slice(at, end))
    }
    if (end >= raw.length) return fields
    at = end + 1
  }
}
