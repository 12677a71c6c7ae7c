import { UserError, type Place } from '../errors.ts'
import { ambiguous, dateShape, type DateShape } from '../read/date-shape.ts'
import { inputNames } from '../read/inputs.ts'
import type { InputSettings, RawSettings } from './schema.ts'

/** What the keys of a mapping say against each other. */
export function checkMappings({ inputs }: RawSettings, placeOf: (...path: string[]) => Place): UserError[] {
  return ([...inputNames, 'statements'] as const).flatMap((input) => wrongIn(inputs[input]).map(({ key, says, hint }) => new UserError('settings-wrong', { value: `inputs.${input}.${key.join('.')}: ${says}`, hint, ...placeOf(input, ...key) })))
}

interface Wrong {
  readonly key: readonly string[]
  readonly says: string
  readonly hint: string
}

function wrongIn({ delimiter = ',', quote, numbers, dates, two_digit_years_from: yearsFrom }: InputSettings): Wrong[] {
  const wrong: Wrong[] = []
  if (delimiter === quote) wrong.push({ key: ['quote'], says: 'one character cannot be both delimiter and quote', hint: 'Give quote: none where nothing is quoted.' })
  if (numbers.decimal === numbers.thousands) wrong.push({ key: ['numbers', 'thousands'], says: 'one mark cannot stand both before decimals and between thousands', hint: 'State the other one as decimal, or thousands: none.' })
  if (numbers.negative.includes('CR') && numbers.negative.includes('DR')) wrong.push({ key: ['numbers', 'negative'], says: 'CR and DR cannot both mean below zero', hint: 'Name the one that does; the other one means above zero.' })
  for (const [column, shapes] of shapesOf(dates)) {
    const key = column === undefined ? ['dates'] : ['dates', column]
    const two = shapes.find(({ yearDigits }) => yearDigits === 2)
    if (two !== undefined && yearsFrom === undefined) wrong.push({ key, says: `${two.written} has years of two digits`, hint: 'State two_digit_years_from: 1970 is 1970 to 2069.' })
    const both = ambiguous(shapes, yearsFrom ?? 1970)
    if (both !== undefined) wrong.push({ key, says: `one text may be two days, read as ${both[0]} and as ${both[1]}`, hint: 'State the one that the export has; columns may have their own.' })
  }
  return wrong
}

/** The shapes of dates, of all columns (undefined) or column by column. */
export function shapesOf(dates: InputSettings['dates']): [column: string | undefined, shapes: readonly DateShape[]][] {
  const parsed = (written: string | readonly string[]) => [written].flat().map((one) => dateShape(one) as DateShape)
  if (dates === undefined) return []
  return typeof dates === 'string' || Array.isArray(dates) ? [[undefined, parsed(dates)]] : Object.entries(dates).map(([column, written]) => [column, parsed(written)])
}
