import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { proposed } from './proposed.ts'

// The small books of fixtures/cases that ask for a mapping: the proposal reaches the mapping that their expected.json states, or asks.

const cases = new URL('../../fixtures/cases/', import.meta.url).pathname
const reading = readdirSync(cases).filter((name) => /^R\d+/.test(name) && existsSync(join(cases, name, 'expected.json')))
const inputs = ['loans', 'schedule', 'repayments']
/** Their columns by the input in which they stand. */
const isIn = (folder: string, input: string, header: string, encoding: string) => new TextDecoder(encoding).decode(readFileSync(join(folder, `${input}.csv`))).split('\n')[0]!.includes(header)

describe.each(reading)('%s', (name) => {
  test('the same mapping, or a question', async () => {
    const folder = join(cases, name)
    const { settings } = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')) as { settings: Record<string, any> }
    const { says, open } = await proposed([folder])
    const is = (setting: string, value: string | undefined) => void (open.includes(setting) ? undefined : expect([setting, says[setting]?.replaceAll("'", '')]).toEqual([setting, value]))
    const encoding = settings['encoding'] ?? 'utf-8'
    for (const input of inputs) {
      is(`${input}.encoding`, encoding === 'utf-8' ? undefined : encoding)
      is(`${input}.delimiter`, settings['delimiter'])
      const above = settings['skip_lines']?.[`${input}.csv`]
      is(`${input}.lines_above`, above === undefined ? undefined : 'found')
      for (const [column, header] of Object.entries<string>(settings['columns'] ?? {})) if (isIn(folder, input, header, encoding) && (input === 'loans' || !['borrower_id', 'status'].includes(column))) is(`${input}.headers.${column}`, header)
      for (const [column, values] of Object.entries<Record<string, string>>(settings['values'] ?? {})) if (input === 'loans') for (const [value, word] of Object.entries(values)) is(`${input}.values.${column}.${value}`, word)
    }
    if (settings['date_format'] !== undefined) for (const setting of ['loans.dates.disbursed_on', 'schedule.dates.due_on', 'repayments.dates.paid_on']) is(setting, settings['date_format'])
    else for (const setting of Object.keys(says).filter((one) => one.includes('.dates.') && !open.includes(one))) expect(says[setting]).toBe('timestamp')
    if (settings['zone'] !== undefined) is('zone', settings['zone'])
    const numbers = inputs.filter((input) => says[`${input}.numbers`] !== undefined && !open.includes(`${input}.numbers`)).map((input) => says[`${input}.numbers`])
    for (const one of numbers) {
      if (settings['decimal'] === ',') expect(one).toContain("decimal: ','")
      expect(one).toContain(`thousands: '${settings['thousands']}'`)
    }
  })
})
