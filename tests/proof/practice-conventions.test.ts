import { describe, expect, test } from 'vitest'
import { ageInProcess } from './in-process.ts'
import { workedUnder } from './worked-conventions.ts'

/** All are tried, whatever waits: to see what waits no more. */
const all = process.env['ARREARS_ALL'] === '1'

describe('the engine gives what was worked by hand under conventions', () => {
  for (const { name, waits, settings, asked, ...files } of workedUnder) {
    for (const { asOf, expect: wanted } of asked) {
      if (waits !== undefined && !all) {
        test.todo(`${name}, as of ${asOf}: waits for ${waits}`)
        continue
      }
      test.concurrent(`${name}, as of ${asOf}`, async () => {
        const { accounts } = await ageInProcess(files, { as_of: asOf, work_on: asOf, ...settings })
        for (const [id, figures] of Object.entries(wanted)) expect(accounts.get(id), id).toMatchObject(figures)
      })
    }
  }
})
