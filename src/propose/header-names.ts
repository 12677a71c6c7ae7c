import { columnsOf } from '../read/inputs.ts'
import type { MappedAs } from '../settings/schema.ts'
import { simplified } from './simplified.ts'
import { shortForms, synonyms } from './synonyms.ts'

/** How a header means a column: by its canonical name, by a name that is known for it, or by one that may mean it. */
export type Strength = 3 | 2 | 1

export interface Meaning {
  readonly column: string
  readonly strength: Strength
}

/** What files may be, in the order in which settings are written. */
export const mappedNames: readonly MappedAs[] = ['loans', 'schedule', 'statements', 'repayments']

const currencyCode = /^(usd|cny|rmb|eur|gbp|inr|jpy|hkd|sgd|krw|idr|vnd|brl|mxn|php|thb|twd)$/

/** Of a header: its words, what stands in parentheses behind it, and a code of a currency at its end. */
export function takenApart(header: string): { readonly words: string; readonly inside: string; readonly currency: string | undefined } {
  const plain = header.normalize('NFKC').trim()
  const inside = /[([【]([^)\]】]*)[)\]】]\s*$/.exec(plain)?.[1] ?? ''
  const bare = inside === '' ? plain : plain.replace(/[([【][^)\]】]*[)\]】]\s*$/, '')
  const tokens = bare.replace(/([a-z0-9])([A-Z])/g, '$1 $2').toLowerCase().split(/[\s_.\-#:/]+/).filter((token) => token !== '')
  const last = tokens.at(-1)
  const code = last !== undefined && tokens.length > 1 && currencyCode.test(last) ? last : currencyCode.test(inside.toLowerCase()) ? inside.toLowerCase() : undefined
  return { words: (code === last && code !== undefined ? tokens.slice(0, -1) : tokens).join(' '), inside, currency: code?.replace('rmb', 'cny').toUpperCase() }
}

/** A name as names are compared: its words in their long form, without blanks and marks. */
const squeezed = (words: string) => simplified(words.normalize('NFKC')).toLowerCase().split(/[\s_.-]+/).map((word) => (Object.hasOwn(shortForms, word) ? shortForms[word]! : word)).join('')
const isChinese = (text: string) => /\p{Script=Han}/u.test(text)

const tables = new Map<MappedAs, ReadonlyMap<string, Meaning>>(
  mappedNames.map((input) => {
    const found = new Map<string, Meaning>()
    const add = (name: string, column: string, strength: Strength) => {
      const key = squeezed(name)
      if ((found.get(key)?.strength ?? 0) < strength) found.set(key, { column, strength })
    }
    for (const column of Object.keys(columnsOf(input))) {
      const names = synonyms[input][column]
      for (const name of names?.weak ?? []) add(name, column, 1)
      for (const name of names?.known ?? []) add(name, column, 2)
      add(column, column, 3)
    }
    return [input, found]
  }),
)

/** What a header may mean in an input. A longer name that holds a known one may mean it too, the longest first. */
export function meaningOf(input: MappedAs, header: string): Meaning | undefined {
  if (Object.hasOwn(columnsOf(input), header)) return { column: header, strength: 3 }
  const key = squeezed(takenApart(header).words)
  const table = tables.get(input)!
  const known = table.get(key)
  if (known !== undefined) return { column: known.column, strength: known.strength === 3 ? 2 : known.strength }
  for (const [column, { like }] of Object.entries(synonyms[input])) if (like?.test(key) === true) return { column, strength: 2 }
  for (const [column, { maybe }] of Object.entries(synonyms[input])) if (maybe?.test(key) === true) return { column, strength: 1 }
  const held = isChinese(key) ? [...table].filter(([name, { strength }]) => strength > 1 && name.length > 2 && isChinese(name) && key.endsWith(name)).sort(([a], [b]) => b.length - a.length)[0] : undefined
  return held === undefined ? undefined : { column: held[1].column, strength: 1 }
}

/** Whether a text is a header that some input knows. */
export const isKnown = (text: string): boolean => mappedNames.some((input) => (meaningOf(input, text)?.strength ?? 0) > 1)

/** The headers that come nearest to a column that no header means. */
export function nearestHeaders(input: MappedAs, column: string, headers: readonly string[]): string[] {
  const names = [column, ...(synonyms[input][column]?.known ?? []), ...(synonyms[input][column]?.weak ?? [])]
  const pieces = new Set(names.flatMap((name) => (isChinese(name) ? pairs(name) : name.split(/[\s_]+/))).filter((piece) => piece.length > 1))
  const score = (header: string) => {
    const { words } = takenApart(header)
    return (isChinese(words) ? pairs(words) : words.split(' ')).filter((piece) => pieces.has(piece)).length
  }
  return headers.map((header) => ({ header, score: score(header) })).filter((one) => one.score > 0).sort((a, b) => b.score - a.score).slice(0, 4).map(({ header }) => header)
}

const pairs = (text: string) => Array.from({ length: text.length - 1 }, (_, at) => text.slice(at, at + 2))
