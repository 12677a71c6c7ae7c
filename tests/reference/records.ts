/** Records of a CSV text, counted by patterns of whole fields: no part of the program is used. */

export interface Form {
  readonly delimiter: string
  /** Empty: none. */
  readonly quote: string
}

const literally = (text: string) => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')

/** Fields of the header, and the records behind it. A blank line is none, unless there is one column; a quote that breaks costs its own line. */
export function recordsIn(written: string, { delimiter, quote }: Form): { columns: number; records: number } {
  const text = written.replace(/^\ufeff/, '')
  const mark = literally(delimiter)
  const byCr = endsInCr(text, quote)
  const end = byCr ? '\\r\\n|\\r|\\n' : '\\r?\\n'
  const blank = delimiter === ' ' ? '' : ' '
  const part = quote === '' ? '' : `${literally(quote)}[^${literally(quote)}]*(?:${literally(quote)}{2}[^${literally(quote)}]*)*${literally(quote)}`
  const opens = new RegExp(quote === '' ? '(?!)' : `${blank === '' ? '' : ' ?'}${literally(quote)}`, 'y')
  const quoted = new RegExp(quote === '' ? '(?!)' : `${blank === '' ? '' : ' ?'}${part}${blank === '' ? '' : `(?: +${part})* *`}(?=${mark}|${end}|\\r?$)`, 'y')
  const plain = new RegExp(byCr ? `[^${mark}\\r\\n]*` : `(?:[^${mark}\\r\\n]|\\r(?!\\n|$))*`, 'y')
  const ends = new RegExp(end, 'y')
  const line = new RegExp(`[^\\n${byCr ? '\\r' : ''}]*(?:${end}|$)`, 'y')
  const take = (pattern: RegExp, at: number) => {
    pattern.lastIndex = at
    return pattern.test(text) ? pattern.lastIndex : -1
  }
  /** Where the record ends that begins at `from`; the fields that it has, none where it is broken. */
  const record = (from: number): { next: number; fields: number; empty: boolean } => {
    let at = from
    for (let fields = 1; ; fields++) {
      const field = take(take(opens, at) === -1 ? plain : quoted, at)
      if (field === -1) return { next: Math.max(take(line, from), from + 1), fields: 0, empty: false }
      if (text[field] === delimiter) {
        at = field + 1
        continue
      }
      const next = take(ends, field)
      return { next: next === -1 ? text.length : next, fields, empty: field === from && fields === 1 }
    }
  }
  let at = 0
  let header: number | undefined
  let records = 0
  while (at < text.length) {
    const { next, fields, empty } = record(at)
    if (header === undefined) {
      if (!empty) header = fields
    } else if (!empty || header === 1) records++
    at = next
  }
  return { columns: header ?? 0, records }
}

/** Whether lines end in a bare CR: by the first line end outside quotes. */
export function endsInCr(text: string, quote: string): boolean {
  let quoted = false
  for (let at = 0; at < text.length; at++) {
    if (text[at] === quote) quoted = !quoted
    else if (!quoted && text[at] === '\n') return false
    else if (!quoted && text[at] === '\r') return /^\r+(?!\r|\n)/.test(text.slice(at))
  }
  return false
}
