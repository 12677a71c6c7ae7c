import { parseFields } from './fields.ts'
import { literally } from './literally.ts'
import type { CsvShape } from './records.ts'

/** Which records are no data, and the number of rows that one of them states. */
export type NoData = (record: string) => { readonly rows?: number } | undefined

/** A footer or total as the settings write it, from its first field that is not blank on: further fields may follow. */
function patternOf(written: string, delimiter: string): RegExp {
  const mark = literally(delimiter)
  const parts = written.split(/(\*|\{rows\})/).map((part) => (part === '*' ? `[^${mark}]*` : part === '{rows}' ? '(?<rows>[0-9]+(?:[,. ][0-9]{3})*)' : literally(part)))
  return new RegExp(`^${parts.join('')} *(?:${mark}.*)?$`, 's')
}

/** Tells records to be left out from data: those that a pattern describes, and the header where it stands again. */
export function noData(patterns: readonly string[], header: readonly string[] | undefined, shape: CsvShape): NoData {
  const wanted = patterns.map((written) => patternOf(written, shape.delimiter))
  const again = header?.join('\0')
  return (record) => {
    const fields = (shape.quote !== '' && record.includes(shape.quote) ? parseFields(record, shape) : record.split(shape.delimiter)).map((field) => field.replace(/^\ufeff/, '').trim())
    if (again !== undefined && fields.join('\0') === again) return {}
    const first = fields.findIndex((field) => field !== '')
    if (first === -1) return undefined
    const text = fields.slice(first).join(shape.delimiter)
    for (const pattern of wanted) {
      const match = pattern.exec(text)
      if (match === null) continue
      const rows = match.groups?.['rows']
      return rows === undefined ? {} : { rows: Number(rows.replace(/[,. ]/g, '')) }
    }
    return undefined
  }
}

/** First bytes, blanks and quotes apart, that a record to be left out may have; undefined: any. What it saves is the reading of every record. */
export function firstBytesOf(patterns: readonly string[], header: readonly string[] | undefined): ReadonlySet<number> | undefined {
  const starts = [...patterns, ...(header === undefined ? [] : [header.find((name) => name !== '') ?? ''])]
  if (starts.some((start) => start === '' || start.startsWith('*') || start.startsWith('{'))) return undefined
  return new Set(starts.map((start) => Buffer.from(start)[0]!))
}
