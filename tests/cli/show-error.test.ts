import { describe, expect, test } from 'vitest'
import { showError } from '../../src/cli/show-error.ts'
import { UserError, UserErrors } from '../../src/errors.ts'

function shown(error: unknown, debug = false, published = false) {
  const lines: string[] = []
  const code = showError(error, (text) => lines.push(text), debug, published)
  return { code, text: lines.join('\n') }
}

describe('what the user can mend', () => {
  test('code, place, what is wrong, what to do', () => {
    expect(shown(new UserError('date-wrong', { name: 'as_of', value: 'soon', file: 'arrears.yaml', line: 3, column: 8 }))).toEqual({
      code: 2, text: 'error date-wrong  arrears.yaml:3:8\n  as_of is "soon", which is not a calendar date.\n  Write it as YYYY-MM-DD, or as today or yesterday.',
    })
  })
  test('as much of the place as is known', () => {
    const at = (place: object) => shown(new UserError('file-no-rows', { input: 'loans', ...place })).text.split('\n')[0]
    expect(at({ file: 'loans.csv' })).toBe('error file-no-rows  loans.csv')
    expect(at({ file: 'loans.csv', line: 7 })).toBe('error file-no-rows  loans.csv:7')
    expect(at({})).toBe('error file-no-rows')
  })
  test('several: all of them, how many, and the gravest code', () => {
    const { code, text } = shown(new UserErrors([new UserError('input-missing', { value: 'loans' }), new UserError('file-empty', { file: 'schedule.csv' })]))
    expect(code).toBe(3)
    expect(text).toMatch(/^error input-missing\n[^]*\nerror file-empty {2}schedule\.csv\n[^]*\n2 errors\. Nothing was run or written\.$/)
  })
  test('the stack with --debug only', () => {
    const error = new UserError('file-empty', { file: 'schedule.csv' })
    expect(shown(error).text).not.toMatch(/ at .*\.ts:\d+/)
    expect(shown(error, true).text).toMatch(/ at .*show-error\.test\.ts:\d+/)
  })
})

describe('what is our fault', () => {
  test('one line that says so, and exit 1', () => {
    const { code, text } = shown(new TypeError('x is not a function\nand more'))
    expect(code).toBe(1)
    expect(text).toBe('error unexpected  x is not a function. This is a fault of arrears: run again with --debug and report what it prints. Nothing was published.')
  })
  test('which does not claim that nothing was published where something was', () => {
    expect(shown(new Error('x'), false, true).text).toMatch(/The run folder was published before\.$/)
  })
  test('with --debug its stack, and the statement where there is one', () => {
    const { text } = shown(Object.assign(new Error('broken'), { statement: 'SELECT 1' }), true)
    expect(text).toMatch(/\nError: broken\n {4}at .*\nSELECT 1$/s)
  })
  test('whatever was thrown', () => {
    for (const thrown of ['text', 5, undefined, null, {}]) expect(shown(thrown)).toMatchObject({ code: 1, text: expect.stringMatching(/^error unexpected {2}/) })
  })
})
