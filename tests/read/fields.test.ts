import { parse } from 'csv-parse/sync'
import { stringify } from 'csv-stringify/sync'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseFields } from '../../src/read/fields.ts'

test('the fields of a well-formed line are those that a parser made for files gives', () => {
  const field = fc.stringMatching(/^[a-c",; '\u4e2d]{0,6}$/)
  fc.assert(
    fc.property(fc.array(field, { minLength: 1, maxLength: 6 }), fc.constantFrom(',', ';'), fc.boolean(), (fields, delimiter, quoted) => {
      const line = stringify([fields], { delimiter, quoted, quoted_match: / / }).replace(/\n$/, '')
      const [wanted = ['']] = parse(line, { delimiter }) as string[][]
      expect(parseFields(line, { delimiter, quote: '"', columns: fields.length })).toEqual(wanted)
    }),
    { numRuns: 500 },
  )
})
