import { basename, join, normalize } from 'node:path'
import { describe, expect, test } from 'vitest'
import { listFile, listFiles } from '../../src/publish/list-file.ts'

describe('file of a list', () => {
  test.each([
    ['soft', 'soft.csv'],
    ['短信 提醒', '短信 提醒.csv'],
    ['T-3_sms', 'T-3_sms.csv'],
    ['v1.2', 'v1.2.csv'],
    ['', '.csv'],
    ['a/b', 'a%2Fb.csv'],
    ['../../etc/passwd', '%2E.%2F..%2Fetc%2Fpasswd.csv'],
    ['..', '%2E%2E.csv'],
    ['.hidden', '%2Ehidden.csv'],
    ['a\\b:c*d', 'a%5Cb%3Ac%2Ad.csv'],
    ['100%', '100%25.csv'],
    ['a\u0000b\n', 'a%00b%0A.csv'],
    ['end. ', 'end.%20.csv'],
  ])('%j is %s', (list, file) => {
    expect(listFile(list)).toBe(file)
    expect(basename(normalize(join('worklists', file)))).toBe(file)
  })

  test('a long name keeps its file apart from its neighbours', () => {
    const [one, two] = [listFile(`${'长'.repeat(300)}1`), listFile(`${'长'.repeat(300)}2`)]
    expect(one).not.toBe(two)
    expect(Buffer.byteLength(one!)).toBeLessThanOrEqual(255)
  })

  test('two lists whose files are one where letter case does not count are refused', () => {
    expect([...listFiles(['soft', 'strict'])]).toEqual([['soft', 'soft.csv'], ['strict', 'strict.csv']])
    expect(() => listFiles(['soft', 'Soft'])).toThrow(/"soft" and "Soft"/)
    // One letter written in two ways: é, and e with a combining accent.
    expect(() => listFiles(['caf\u00e9', 'cafe\u0301'])).toThrow(/one file/)
  })
})
