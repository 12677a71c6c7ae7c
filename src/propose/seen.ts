import { counted, grouped } from '../publish/formats/figures.ts'
import type { Look } from './look.ts'
import { isPersonal } from './synonyms.ts'
import type { Counted } from './whole.ts'

/** What is shown of the rows that a proposal rests on: dates, amounts, ids of accounts and payments, words of states. Never what names a person. */

/** The first values of a column with their lines. */
export function firstSeen(looks: readonly Look[], header: string, most = 2): string {
  if (isPersonal(header)) return ''
  const found: string[] = []
  for (const look of looks) {
    const at = look.headers.indexOf(header)
    for (const { line, fields } of look.rows) {
      const value = fields[at] ?? ''
      if (value === '' || found.length === most) continue
      found.push(`line ${line} ${short(value)}`)
    }
    if (found.length > 0) break
  }
  return found.join(', ')
}

/** The line of a value, where the sample has it; the value alone otherwise. */
export function lineOf(looks: readonly Look[], header: string, value: string): string {
  for (const look of looks) {
    const at = look.headers.indexOf(header)
    const row = look.rows.find(({ fields }) => fields[at] === value)
    if (row !== undefined) return `line ${row.line} ${short(value)}${looks.length > 1 ? ` of ${look.source.name}` : ''}`
  }
  return short(value)
}

const short = (value: string) => (value.length > 40 ? `${value.slice(0, 40)}...` : value).replace(/\s+/g, ' ')

export const rowsSaid = (rows: number) => counted(rows, 'row')

export const countedSaid = (values: readonly Counted[], most = 5) => `${values.slice(0, most).map(({ value, rows }) => `${short(value)} (${grouped(rows)})`).join(', ')}${values.length > most ? ', ...' : ''}`
