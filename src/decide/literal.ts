import { fail, parts, written, type Node, type Reading } from './reading.ts'
import type { LiteralValue } from './tree.ts'

const dateShape = /^(\d{4})-(\d{2})-(\d{2})$/

/** Exists in the calendar. Date.parse would take 30 February. */
function isDay(text: string) {
  const [, year, month, day] = dateShape.exec(text)?.map(Number) ?? []
  if (year === undefined || year < 1900 || year > 2199) return false
  const at = new Date(Date.UTC(year, month! - 1, day))
  return at.getUTCMonth() === month! - 1 && at.getUTCDate() === day
}

export const looksLikeDate = (text: string) => /^\d{4}\s*-\s*\d{1,2}\s*-\s*\d{1,2}$/.test(text.trim())
export const looksLikeNumber = (text: string) => /^[-+]?\d[\d,]*(\.\d+)?$/.test(text.trim())

const literal = (family: LiteralValue['family'], value: string): LiteralValue => ({ kind: 'literal', family, value })

/** As an exact decimal. The limits are those of a number column, so that no comparison can overflow. */
export function numberIn(r: Reading, node: Node): LiteralValue | undefined {
  const as = written(r, node)
  const [, sign, whole, decimals] = /^(-?)\s*(\d*)(?:\.(\d+))?$/.exec(as) ?? []
  if (whole === undefined) return fail(r, node, `${as} is not a plain number.`, 'Write all the digits: 1500 for 1.5e3.')
  if (/^0\d/.test(whole)) return fail(r, node, `${as} begins with a 0.`, 'Write the number without it; where the column is text, in double quotes: "012".')
  if (whole.length > 12 || (decimals?.length ?? 0) > 6) return fail(r, node, `${as} has more digits than arrears reckons with.`, 'At most 12 before the point and 6 after it.')
  return literal('number', `${sign}${whole === '' ? '0' : whole}${decimals === undefined ? '' : `.${decimals}`}`)
}

const escapes: Record<string, string> = { n: '\n', r: '\r', t: '\t', "'": "'", '"': '"', '\\': '\\' }

/** A text literal with its escapes resolved. */
function textOf(r: Reading, node: Node): string | undefined {
  let wrong: string | undefined
  const inner = written(r, node).slice(1, -1)
  const text = inner.replace(/\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{6})|([\s\S]))/g, (all, four?: string, six?: string, one?: string) => {
    const code = four ?? six
    if (code !== undefined && parseInt(code, 16) <= 0x10ffff) return String.fromCodePoint(parseInt(code, 16))
    const plain = one === undefined ? undefined : escapes[one]
    if (plain === undefined) wrong ??= all
    return plain ?? all
  })
  if (wrong !== undefined) return fail(r, node, `${wrong} in ${written(r, node)} stands for no character.`, 'Write a backslash as \\\\.')
  if (text.includes('\0') || /\p{Surrogate}/u.test(text)) return fail(r, node, `${written(r, node)} holds a character that no text can have.`, 'Write the characters themselves.')
  return text
}

export function textIn(r: Reading, node: Node): LiteralValue | undefined {
  const text = textOf(r, node)
  return text === undefined ? undefined : literal('text', text)
}

export type Days = { readonly kind: 'days'; readonly days: number }

/** date("2025-06-30"), duration("P3D"), or either of them with @ before the text. */
export function dateOrDays(r: Reading, node: Node): LiteralValue | Days | undefined {
  const called = node.getChild('DateTimeConstructor')
  const holder = called === null ? node.getChild('AtLiteral') : node.getChild('PositionalParameters')
  const given = holder === null ? [] : parts(holder)
  const what = called === null ? '@' : written(r, called)
  const text = given.length === 1 && given[0]!.name === 'StringLiteral' ? textOf(r, given[0]!) : undefined
  const asDate = 'Write a date as date("2025-06-30") and a number of days as duration("P3D").'
  if (text === undefined || (what !== 'date' && what !== 'duration' && what !== '@')) return fail(r, node, `${written(r, node)} is not a date or a number of days.`, asDate)
  if (what === 'duration' || /^-?P/.test(text)) return daysIn(r, node, text)
  if (isDay(text)) return literal('date', text)
  if (/T|^\d{1,2}:/.test(text)) return fail(r, node, `${written(r, node)} has a time of day.`, 'Dates have none here: date("2025-06-30").')
  if (dateShape.test(text)) return fail(r, node, `${text} is not a day of the calendar from 1900 to 2199.`, 'Write a day that exists as date("YYYY-MM-DD").')
  return fail(r, node, `${written(r, node)} is not a date or a number of days.`, asDate)
}

function daysIn(r: Reading, node: Node, text: string): Days | undefined {
  const [, sign, days] = /^(-?)P(\d{1,5})D$/.exec(text) ?? []
  if (days === undefined) return fail(r, node, `${written(r, node)} is not a whole number of days.`, 'Write days, for example duration("P30D"); months and hours are not reckoned with.')
  return { kind: 'days', days: Number(`${sign}${days}`) }
}
