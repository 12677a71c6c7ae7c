import { parseFields } from '../read/fields.ts'
import { simplified } from './simplified.ts'
import type { Look } from './look.ts'
import type { Whole } from './whole.ts'
import { footers } from './words.ts'

/** Records that look like a footer or a total. */
export interface NoDataFound {
  /** As `leave_out` writes them, without a number of rows. */
  readonly patterns: readonly string[]
  /** The records themselves: fields from the first that is not blank on. */
  readonly records: readonly (readonly string[])[]
  /** The header stands again between the rows, on this line. */
  readonly repeated: number | undefined
}

const trimmedStart = (fields: readonly string[]) => fields.slice(Math.max(0, fields.findIndex((field) => field !== '')))

/** In the sample and at the end of the file: a record that begins like a footer. */
export function noDataIn({ headers, rows, last }: Look): NoDataFound {
  const records = [...rows.map(({ fields }) => fields), ...last].map(trimmedStart).filter(([first]) => first !== undefined && footers.test(simplified(first)))
  const differing = [...new Map(records.map((record) => [record.join('\0'), record])).values()]
  const again = rows.find(({ fields }) => fields.length === headers.length && fields.every((field, at) => field.replace(/^\ufeff/, '') === headers[at]))
  return { patterns: [...new Set(differing.map(patternOf))], records: differing, repeated: again?.line }
}

/** A pattern that leaves a record out: its first field up to a number, or to what a colon introduces, which may be a name. */
function patternOf([first]: readonly string[]): string {
  return first!.replace(/[*{}]/g, '*').replace(/[\d,.]*\d.*$/, '*').replace(/([:：]).+$/, '$1*')
}

/** The same with {rows} where the record says how many rows there are. */
export function withRows(found: NoDataFound, rows: number, delimiter: string): string[] {
  return found.patterns.map((pattern) => {
    const record = found.records.find((one) => patternOf(one) === pattern)!
    const is = (text: string) => /^\d[\d,. ]*$/.test(text) && Number(text.replace(/[,. ]/g, '')) === rows
    const [first, ...rest] = record
    const inside = /\d[\d,]*/.exec(first!)?.[0]
    if (inside !== undefined && is(inside)) return first!.replace(inside, '{rows}')
    const at = rest.findIndex((field) => field !== '')
    const number = at === -1 ? undefined : /\d[\d,]*/.exec(rest[at]!)?.[0]
    return number !== undefined && is(number) && !/\d/.test(rest[at]!.replace(number, '')) ? [pattern, ...rest.slice(0, at).map(() => ''), rest[at]!.replace(number, '{rows}')].join(delimiter) : pattern
  })
}

/** Broken records that are footers: they have fewer fields than a row. */
export const brokenFooters = ({ loaded }: Whole): string[] => [
  ...new Set(loaded.files.flatMap(({ broken, shape }) => broken.slice(0, 1000).map(({ raw }) => trimmedStart(parseFields(raw.toString('utf8'), shape).map((field) => field.trim()))).filter(([first]) => first !== undefined && footers.test(simplified(first))).map(patternOf))),
]
