import { parseFields } from '../read/fields.ts'
import { isKnown } from './header-names.ts'

/** Where the header of a text stands, and what separates its fields. */
export interface HeaderFound {
  /** Place among the lines, from 0. */
  readonly at: number
  readonly delimiter: string
}

const delimiters = [',', ';', '\t', '|']
/** Titles above a header are few. */
const searched = 40
/** Rows below it that must look alike. */
const below = 12

/** A value of data, not of a header: a number or a date. */
const isData = (field: string) => /\d/.test(field) && /^[-+(]?[\d.,'/ :年月日\-()%]+$/.test(field)

/** The line with the most names that are known, and the most fields that the rows below have too. `stated`: the delimiter that the file itself names. */
export function headerIn(lines: readonly string[], stated: string | undefined): HeaderFound | undefined {
  let best: (HeaderFound & { readonly score: number }) | undefined
  for (const delimiter of stated === undefined ? delimiters : [stated]) {
    const parsed = lines.slice(0, searched + below).map((line) => (line.trim() === '' ? [] : fieldsOf(line, delimiter)))
    for (let at = 0; at < Math.min(searched, parsed.length); at++) {
      const headers = parsed[at]!
      const filled = headers.filter((field) => field !== '')
      if (filled.length < 2 || filled.some(isData) || filled.length < headers.length / 2) continue
      const rows = parsed.slice(at + 1).filter((row) => row.length > 0).slice(0, below)
      const alike = rows.length === 0 ? 0.5 : rows.filter((row) => row.length >= headers.length && row.length <= headers.length + 1).length / rows.length
      const score = filled.filter(isKnown).length * 3 + filled.length * alike + (rows[0]?.some(isData) === true ? 2 : 0)
      if (best === undefined || score > best.score) best = { at, delimiter, score }
    }
  }
  return best
}

const fieldsOf = (line: string, delimiter: string) => parseFields(line, { delimiter, quote: '"', columns: 0 }).map((field) => field.trim())
