import { sql, type Call, type Hole } from './sql.ts'

const call = (of: Call['call'], ...args: readonly Hole[]): Call => ({ kind: 'call', call: of, args })

export const daysBetween = (from: Hole, to: Hole) => call('daysBetween', from, to)
export const addDays = (from: Hole, days: Hole) => call('addDays', from, days)
export const addMonths = (from: Hole, months: Hole) => call('addMonths', from, months)
export const portionOf = (amount: Hole, numerator: Hole, denominator: Hole) => call('portionOf', amount, numerator, denominator)
export const shareOf = (of: Hole, numerator: Hole, denominator: Hole) => call('shareOf', of, numerator, denominator)
/** Months from one calendar month to another, whatever the days. */
export const monthsBetween = (from: Hole, to: Hole) => call('monthsBetween', from, to)
export const isoWeekday = (of: Hole) => call('isoWeekday', of)
export const tryCast = (value: Hole, to: Hole) => call('tryCast', value, to)
export const matches = (value: Hole, pattern: Hole) => call('matches', value, pattern)
export const ordinal = () => call('ordinal')
export const place = () => call('place')
export const valueAtMin = (value: Hole, key: Hole) => call('valueAtMin', value, key)
export const hashOf = (...values: Hole[]) => call('hashOf', ...values)
export const countSmall = (value: Hole) => call('countSmall', value)
export const previous = (value: Hole) => call('previous', value)
export const trimmed = (value: Hole) => call('trimmed', value)
export const csvRows = (path: Hole, delimiter: Hole, quote: Hole, parallel: Hole, ...types: Hole[]) => call('csvRows', path, delimiter, quote, parallel, ...types)
export const parquetRows = (path: Hole) => call('parquetRows', path)
export const rearranged = (value: Hole, pattern: Hole, into: Hole) => call('rearranged', value, pattern, into)
export const translated = (value: Hole, from: Hole, to: Hole) => call('translated', value, from, to)
export const dayInZone = (timestamp: Hole, zone: Hole) => call('dayInZone', timestamp, zone)
export const contains = (value: Hole, part: Hole) => call('contains', value, part)
export const startsWith = (value: Hole, part: Hole) => call('startsWith', value, part)
export const endsWith = (value: Hole, part: Hole) => call('endsWith', value, part)
export const charOf = (code: Hole) => call('charOf', code)
export const grouped = (amount: Hole) => call('grouped', amount)
/** An id but for blanks at the ends, leading zeros and letter case. The same as `bare` of read/ids.ts. */
export const bareId = (id: Hole) => sql`lower(TRIM(LEADING '0' FROM ${trimmed(id)}))`
