import { states } from '../classify/columns.ts'
import { instalmentStatuses, kinds, paymentStatuses } from '../read/inputs.ts'
import type { MappedAs } from '../settings/schema.ts'
import { asked, proposed, scalar, type Entry } from './entries.ts'
import type { Look } from './look.ts'
import { rowsSaid, lineOf } from './seen.ts'
import { simplified } from './simplified.ts'
import { valuesIn, type Whole, type Wanted } from './whole.ts'
import { words } from './words.ts'

/** The words that a column may hold, and those that exports have for them. */
const vocabularies: Readonly<Record<string, { readonly known: readonly string[]; readonly words: string }>> = {
  'loans.status': { known: states, words: 'loans.status' },
  'schedule.status': { known: Object.keys(instalmentStatuses), words: 'schedule.status' },
  'repayments.kind': { known: Object.keys(kinds), words: 'repayments.kind' },
  'repayments.status': { known: paymentStatuses, words: 'repayments.status' },
  'loans.currency': { known: [], words: 'currency' },
  'repayments.currency': { known: [], words: 'currency' },
  'loans.method': { known: Object.keys(words['loans.method']!), words: 'loans.method' },
  'loans.frequency': { known: Object.keys(words['loans.frequency']!), words: 'loans.frequency' },
}

const squeezed = (value: string) => simplified(value.normalize('NFKC')).toLowerCase().replace(/[\s_\-.]+/g, '')

/** The canonical word that a value means; undefined where it is not known. */
function wordFor(of: string, value: string): string | undefined {
  const key = squeezed(value)
  const vocabulary = vocabularies[of]!
  const own = vocabulary.known.find((word) => squeezed(word) === key)
  if (own !== undefined) return own
  const found = Object.entries(words[vocabulary.words] ?? {}).find(([, names]) => names.some((name) => squeezed(name) === key))?.[0]
  return found ?? (vocabulary.words === 'currency' && /^[a-z]{3}$/.test(key) ? key.toUpperCase() : undefined)
}

/** States and kinds are few. */
const most = 20

/** Translations of the values of one column, over the whole of it; a value that is not known is a question. */
export async function valueEntries(whole: Whole, input: MappedAs, column: Wanted, looks: readonly Look[]): Promise<{ entries: Entry[]; found: string[] }> {
  const of = `${input}.${column.name}`
  if (vocabularies[of] === undefined) return { entries: [], found: [] }
  const found: string[] = []
  const values = await valuesIn(whole, column.name)
  const unknown = values.filter(({ value }) => wordFor(of, value) === undefined)
  // So many words are no states: they may be anything, and are not shown.
  if (unknown.length > most) return { entries: [asked(['inputs', input, 'headers', column.name], [scalar(column.header)], `Is ${column.header} ${column.name}? It has ${unknown.length === values.length ? '' : 'more than '}${unknown.length} values that are not known. Where it is not, take this line out; where it is, add inputs.${input}.values.${column.name} for each.`)], found }
  const entries = values.flatMap(({ value, rows }): Entry[] => {
    const word = wordFor(of, value)
    if (word !== undefined) found.push(word)
    if (word === value) return []
    const path = ['inputs', input, 'values', column.name, value]
    const where = `${rowsSaid(rows)}, ${lineOf(looks, column.header, value)}`
    if (word !== undefined) return [proposed(path, scalar(word), 'sure', where)]
    const answers = vocabularies[of]!.words === 'currency' ? ['CNY', 'USD', 'EUR'] : vocabularies[of]!.known.map(scalar)
    return [asked(path, answers, `What does ${column.header} "${value}" mean? ${where}.`)]
  })
  return { entries, found: [...new Set(found)] }
}
