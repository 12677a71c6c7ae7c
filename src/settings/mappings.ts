import { UserError, type Place } from '../errors.ts'
import type { RawSettings } from './schema.ts'

const mapped = ['loans', 'schedule', 'repayments'] as const

/** What the keys of a mapping say against each other. */
export function checkMappings({ inputs }: RawSettings, placeOf: (...path: string[]) => Place): UserError[] {
  return mapped.flatMap((input) => {
    const { delimiter = ',', quote } = inputs[input]
    return delimiter === quote ? [new UserError('settings-wrong', { value: `inputs.${input}: one character cannot be both delimiter and quote`, hint: 'Give quote: none where nothing is quoted.', ...placeOf(input, 'quote') })] : []
  })
}
