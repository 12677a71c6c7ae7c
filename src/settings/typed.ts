import { UserError } from '../errors.ts'
import { reportNames, settingsSchema } from './schema.ts'

const mayBe = { reports: `all, none, or some of ${reportNames.join(', ')}, separated by commas`, threads: 'a whole number, 1 or more', memory: 'a size such as 512MB or 1.5GB', engine: 'duckdb' } as const

/** Settings that may be typed as they stand in the file, and are held to what it may say. */
export type TypedKey = keyof typeof mayBe

/** The value of a setting that was typed; exit 2 where it is none. */
export function typedValue<K extends TypedKey>(key: K, value: unknown, typed: string | undefined) {
  const result = settingsSchema.shape[key].safeParse(value)
  if (!result.success) throw new UserError('flag-wrong', { value: `--${key.replaceAll('_', '-')} is "${typed}"`, hint: `It should be ${mayBe[key]}.` })
  return result.data
}
