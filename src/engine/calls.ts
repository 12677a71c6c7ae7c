import type { Call, Hole } from './sql.ts'

const call = (of: Call['call'], ...args: readonly Hole[]): Call => ({ kind: 'call', call: of, args })

export const daysBetween = (from: Hole, to: Hole) => call('daysBetween', from, to)
export const addDays = (from: Hole, days: Hole) => call('addDays', from, days)
export const isoWeekday = (of: Hole) => call('isoWeekday', of)
export const tryCast = (value: Hole, to: Hole) => call('tryCast', value, to)
export const matches = (value: Hole, pattern: Hole) => call('matches', value, pattern)
export const ordinal = () => call('ordinal')
export const valueAtMin = (value: Hole, key: Hole) => call('valueAtMin', value, key)
export const hashOf = (value: Hole) => call('hashOf', value)
export const contains = (value: Hole, part: Hole) => call('contains', value, part)
export const startsWith = (value: Hole, part: Hole) => call('startsWith', value, part)
export const endsWith = (value: Hole, part: Hole) => call('endsWith', value, part)
export const charOf = (code: Hole) => call('charOf', code)
