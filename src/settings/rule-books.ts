import { isDeepStrictEqual } from 'node:util'
import { UserError } from '../errors.ts'
import { closeOr } from '../nearest.ts'
import type { Conventions, ConventionsInForce } from './convention-fields.ts'
import { defaultConventions } from './default-conventions.ts'
import type { Settings } from './load.ts'
import { presetNames, presetOf, type PresetName } from './presets.ts'

/** One of several rule books under which a book of loans is seen side by side. */
export interface RuleBook {
  /** Of a preset, or `as_set`: tiers and conventions as the settings have them. */
  readonly name: PresetName | 'as_set'
  readonly settings: Settings
}

/** What a rule book says of days. How money is laid on instalments is the contract's, whoever judges it: that stays as set. */
const judging = ['count_from', 'grace_days', 'grace_counting', 'materiality', 'months', 'sticky'] as const satisfies readonly (keyof Conventions)[]

/** `all`, or names separated by commas: presets, and `as_set` (first in `all` where the settings go their own way). */
export function ruleBooks(typed: string, settings: Settings): RuleBook[] {
  const known = ['as_set', ...presetNames] as const
  const own = isDeepStrictEqual(edges(settings), edges(under(settings, settings.preset))) && isDeepStrictEqual(settings.conventions, under(settings, settings.preset).conventions)
  const names = typed.trim() === 'all' ? known.filter((name) => name !== 'as_set' || !own) : [...new Set(typed.split(',').map((name) => name.trim()))]
  return names.map((name) => {
    const found = known.find((one) => one === name)
    if (found !== undefined) return { name: found, settings: found === 'as_set' ? settings : under(settings, found) }
    throw new UserError('flag-wrong', { value: `--conventions names "${name}", which is no preset`, hint: closeOr(name, known, `Use all, or of these: ${known.join(', ')}.`) })
  })
}

const edges = ({ tiers }: Pick<Settings, 'tiers'>) => tiers.map(({ name, from, to }) => ({ name, from, to }))

/** The settings with tiers and days as a preset has them. */
function under(settings: Settings, name: PresetName): Settings {
  const { tiers, conventions } = presetOf(name)
  const own = Object.fromEntries(judging.map((field) => [field, conventions[field] ?? defaultConventions[field]] as const))
  const judged = (one: Conventions): Conventions => ({ ...one, ...own })
  const { book, products } = settings.conventions
  const all: ConventionsInForce = { book: judged(book), products: Object.fromEntries(Object.entries(products).map(([product, one]) => [product, judged(one)] as const)) }
  return { ...settings, preset: name, tiers: tiers.map((tier) => ({ ...tier })), conventions: all }
}

const standard = [1, 10, 30, 60, 90, 120, 180, 270, 360] as const

/**
 * Rule books word the same line as day 30, 31 or 32, as 360 or 366: the line that a tier begins at, so that rule books with other
 * names of tiers can be compared. An edge that is near none of them is a line of its own.
 */
export function lineOf(from: number, { book }: ConventionsInForce): number {
  const days = book.months === 'none' ? from : from * 30
  return standard.find((line) => Math.abs(line - days) <= (line < 360 ? Math.min(2, line - 1) : 6)) ?? days
}

/** The lines that two rule books or more draw, and for each of those the tiers beyond it. */
export function sharedLines(books: readonly RuleBook[]): { readonly line: number; readonly beyond: ReadonlyMap<RuleBook, readonly string[]> }[] {
  const lines = [...new Set(books.flatMap(({ settings }) => settings.tiers.map(({ from }) => lineOf(from, settings.conventions))))].sort((a, b) => a - b)
  return lines
    .map((line) => {
      const drawn = books.flatMap((book) => {
        const first = book.settings.tiers.find(({ from }) => lineOf(from, book.settings.conventions) === line)
        return first === undefined ? [] : [[book, book.settings.tiers.filter(({ from }) => from >= first.from).map(({ name }) => name)] as const]
      })
      return { line, beyond: new Map(drawn) }
    })
    .filter(({ beyond }) => beyond.size > 1)
}
