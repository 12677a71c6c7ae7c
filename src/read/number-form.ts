import { literally } from './literally.ts'

/** How amounts are written, as the settings say it. */
export interface NumberForm {
  readonly decimal: '.' | ','
  readonly thousands: 'none' | ',' | '.' | 'space' | "'"
  readonly groups: 'three' | 'lakh'
  /** Beside a minus in front. */
  readonly negative: readonly ('behind' | 'parentheses' | 'CR' | 'DR')[]
  /** Marks of currencies before or behind the number. */
  readonly marks: readonly string[]
  readonly full_width: boolean
}

/** What 1 in an amount may be, with the places by which it moves the point. */
export const units = { '0.01': -2, '0.1': -1, '1': 0, '10': 1, '100': 2, '1000': 3, '10000': 4, '100000': 5, '1000000': 6, '10000000': 7 } as const
export type Unit = keyof typeof units

/** Full-width signs and what they stand for. */
export const fullWidth = { from: '０１２３４５６７８９．，－−（）　／：', to: '0123456789.,--() /:' } as const
const separators = { none: '', ',': ',', '.': '.', space: ' \u00a0\u2007\u2009\u202f', "'": "'\u2019" } as const

export interface NumberPattern {
  /** The whole text, with a group for the number of each way to write it: one of them is there. */
  readonly whole: string
  /** The same with any number of decimals. */
  readonly coarse: string
  readonly groups: number
  /** A text of the whole shape that is below zero without a minus in front; none where there is no such style. */
  readonly below: string | undefined
  /** Signs to take out of the number, the decimal mark and a minus of another kind put right. */
  readonly from: string
  readonly to: string
}

export function numberPattern(form: NumberForm, decimals: number): NumberPattern {
  const { decimal, thousands, groups, negative, marks } = form
  const apart = separators[thousands]
  const group = apart === '' ? '' : `[${literally(apart)}]`
  const digits = group === '' ? '[0-9]+' : groups === 'lakh' ? `(?:[0-9]{1,2}(?:${group}[0-9]{2})*${group}[0-9]{3}|[0-9]+)` : `(?:[0-9]{1,3}(?:${group}[0-9]{3})+|[0-9]+)`
  const mark = marks.length === 0 ? '' : `(?:${[...marks].sort((a, b) => b.length - a.length).map(literally).join('|')})`
  const blank = '[ \u00a0]?'
  const [before, behind] = mark === '' ? ['', ''] : [`(?:${mark}${blank})?`, `(?:${blank}${mark})?`]
  const patterns = (part: string) => {
    const number = `${digits}(?:[${decimal}]${part})?`
    const minus = '[-\u2212]'
    return [
      `${before}(${minus}?${number})${behind}`,
      ...(mark === '' ? [] : [`(${minus})${mark}${blank}(${number})`]),
      ...(negative.includes('behind') ? [`${before}(${number})${behind}${blank}${minus}`] : []),
      ...(negative.includes('parentheses') ? [`${before}\\(${before}(${number})${behind}\\)${behind}`] : []),
      ...(negative.includes('CR') || negative.includes('DR') ? [`${before}(${number})${behind}${blank}(?:[Cc][Rr]|[Dd][Rr])`] : []),
    ]
  }
  const ways = patterns(decimals === 0 ? '0+' : `[0-9]{1,${decimals}}0*`)
  const styles = { behind: '.*[-\u2212]', parentheses: '.*\\(.*', CR: '.*[Cc][Rr]', DR: '.*[Dd][Rr]' }
  return {
    whole: `(?:${ways.join('|')})`,
    coarse: `(?:${patterns('[0-9]+').join('|')})`,
    groups: ways.length + (mark === '' ? 0 : 1),
    below: negative.length === 0 ? undefined : `(?:${negative.map((style) => styles[style]).join('|')})`,
    from: `\u2212${decimal}${apart}`,
    to: '-.',
  }
}

export const halfWidth = (text: string) => [...text].map((sign) => fullWidth.to[[...fullWidth.from].indexOf(sign)] ?? sign).join('')

/** A number of this form as a plain decimal; undefined where it is none. `shift`: by how many places the unit moves the point. */
export function plainNumber(text: string, form: NumberForm, decimals: number, shift: number): string | undefined {
  const pattern = numberPattern(form, decimals)
  const match = new RegExp(`^${pattern.whole}$`).exec(text)
  if (match === null) return undefined
  const deleted = new Set([...pattern.from].slice(2))
  const number = match.slice(1).map((group) => group ?? '').join('')
  const bare = [...number].filter((sign) => !deleted.has(sign)).map((sign) => (sign === '\u2212' ? '-' : sign === form.decimal ? '.' : sign)).join('')
  const below = pattern.below !== undefined && new RegExp(`^${pattern.below}$`).test(text) && !bare.startsWith('-')
  return shifted(below ? `-${bare}` : bare, shift)
}

/** The point moved to the right, or to the left below zero. */
function shifted(number: string, places: number): string {
  if (places === 0) return number
  const sign = number.startsWith('-') ? '-' : ''
  const [whole = '', part = ''] = number.replace('-', '').split('.')
  const digits = `${whole.padStart(1 + Math.max(0, -places), '0')}${part.padEnd(Math.max(0, places), '0')}`
  const point = digits.length - Math.max(part.length, Math.max(0, places)) + places
  const decimals = digits.slice(point)
  return `${sign}${digits.slice(0, point).replace(/^0+(?=\d)/, '')}${decimals === '' ? '' : `.${decimals}`}`
}
