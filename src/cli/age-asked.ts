import { UserError } from '../errors.ts'
import { daysAsked, severalDays } from '../settings/days.ts'
import type { Typed } from './flags.ts'

const formats = ['table', 'md', 'csv', 'json'] as const
type Format = (typeof formats)[number]

/** What `age` was asked, from its flags. */
export interface AgeAsked {
  readonly format: Format
  readonly by: readonly string[]
  readonly where: string | undefined
  readonly top: number | undefined
  /** Names of rule books to be held side by side. */
  readonly books: string | undefined
  /** Several days, ascending. */
  readonly days: readonly string[] | undefined
}

/** Lists longer than this are files: accounts.parquet is one. */
const mostListed = 10_000

/** Flags that have no meaning together are refused. */
export function askedOf(typed: Typed): AgeAsked {
  const format = formats.find((known) => known === (typed.format ?? 'table'))
  if (format === undefined) throw new UserError('flag-wrong', { value: `--format is "${String(typed.format)}"`, hint: `Use one of ${formats.join(', ')}.` })
  const days = severalDays(typed.asOf) ? daysAsked(typed.asOf, typed.every) : undefined
  if (days === undefined && typed.every !== undefined) throw new UserError('flag-wrong', { value: '--every stands without a range', hint: 'It belongs to --as-of FROM..TO, for example --as-of 2025-01-31..2025-12-31 --every month.' })
  const others = (['by', 'where', 'top', 'conventions'] as const).filter((flag) => typed[flag] !== undefined)
  const [other] = days === undefined ? [] : others
  if (other !== undefined) throw new UserError('flag-wrong', { value: `--${other} stands beside several days`, hint: `Ask for one day with --${other}, or for several days without.` })
  const beside = (['by', 'where', 'out'] as const).find((flag) => typed[flag] !== undefined)
  if (typed.conventions !== undefined && beside !== undefined) throw new UserError('flag-wrong', { value: `--conventions stands with --${beside}`, hint: 'It shows a book under several rule books, and neither chooses accounts, nor groups, nor writes.' })
  if (typed.where !== undefined && typed.out !== undefined) throw new UserError('flag-wrong', { value: '--where stands with --out', hint: 'A run folder holds the whole book. Choose accounts in what is printed (--format csv), or write without --where.' })
  return {
    format: typed.json === true ? 'json' : format,
    by: typeof typed.by === 'string' ? typed.by.split(',').map((column) => column.trim()) : [],
    where: typeof typed.where === 'string' ? typed.where : undefined,
    top: topOf(typed),
    books: typeof typed.conventions === 'string' ? typed.conventions : undefined,
    days,
  }
}

function topOf({ top }: Typed): number | undefined {
  if (top === undefined) return undefined
  const count = /^\d{1,9}$/.test(String(top)) ? Number(top) : 0
  if (count < 1 || count > mostListed) throw new UserError('flag-wrong', { value: `--top is "${String(top)}"`, hint: `It should be a whole number from 1 to ${mostListed}. All accounts are in accounts.parquet of "arrears age --out DIR".` })
  return count
}
