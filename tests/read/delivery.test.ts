import { appendFileSync, copyFileSync, renameSync, rmSync, statSync, truncateSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { openEngine } from '../../src/engine/open.ts'
import { UserError } from '../../src/errors.ts'
import { flow } from '../../src/flow.ts'
import { planInputs } from '../../src/read/read.ts'
import { loadSettings } from '../../src/settings/load.ts'
import { faults, flowing, given, type Files, type Stated } from './given.ts'

// What goes wrong between the lender's system and ours. Each file is made by hand; what must be said of it follows from what was done to it.

const head = 'payment_id,account_id,paid_on,amount,note\n'
const payments = (text: string) => ({ 'repayments.csv': `${head}P1,A1,2025-06-10,40.00,\n${text}` })
const told = async (files: Files, stated: Stated = {}) => (await faults(files, stated)).map(({ code, says, exit }) => [code, says.slice(says.indexOf('repayments.csv')), exit])
const cut = (line: number) => [['file-cut', `repayments.csv breaks off on line ${line}: its last record is not whole, and no line end stands behind it.`, 3]]
const warned = (files: Files, stated: Stated = {}) => flowing(files, stated, ({ flow: { outcome } }) => outcome.warnings.filter(({ code }) => code === 'last-line-open'))

describe('an upload that was cut', () => {
  test.each<[string, string, number]>([
    ['between two fields', 'P2,A1,2025-06-11', 3],
    ['inside the first', 'P2,A1,2025-06-11,1.00,\nP', 4],
    ['inside a quote', 'P2,A1,2025-06-11,1.00,"paid in', 3],
    ['inside a quote, on its second line', 'P2,A1,2025-06-11,1.00,"paid\nin', 4],
    ['behind rows that are wrong too', 'P2,A1\nP3,A1,2025-06-12,1.00,\nP4,A1,2025', 5],
  ])('%s', async (_, text, line) => {
    expect(await told(payments(text))).toEqual(cut(line))
    expect(await told({ 'repayments.csv': payments(text)['repayments.csv'].replaceAll('\n', '\r\n') })).toEqual(cut(line))
  })

  test('inside a character', async () => {
    const bytes = Buffer.from(payments('P2,A1,2025-06-11,1.00,张')['repayments.csv'])
    expect(await told({ 'repayments.csv': bytes.subarray(0, -1) })).toEqual(cut(3))
  })
  test('in another encoding and under a title, with the line of the file itself', async () => {
    const text = Buffer.from(`Title\n${payments('P2,A1,2025')['repayments.csv']}`, 'utf16le')
    expect(await told({ 'repayments.csv': text }, { inputs: { repayments: { encoding: 'utf-16le', lines_above: 1 } } })).toEqual(cut(4))
  })
  test('one of several files', async () => {
    const files = { 'repayments.csv': null, 'r-1.csv': payments('')['repayments.csv'], 'r-2.csv': `${head}P7,A1,2025-06-12,1.00,\nP8,A1` }
    expect(await faults(files, { inputs: { repayments: { files: 'r-*.csv' } } })).toMatchObject([{ code: 'file-cut', says: expect.stringContaining('r-2.csv breaks off on line 3') }])
  })
  test('a zipped file, in its own bytes', async () => {
    const zipped = gzipSync(payments('P2,A1,2025-06-11,1.00,\n')['repayments.csv'])
    expect(await faults({ 'repayments.csv': null, 'repayments.csv.gz': zipped.subarray(0, -12) }, { inputs: { repayments: { files: 'repayments.csv.gz' } } })).toMatchObject([{ code: 'file-unreadable', exit: 3 }])
  })
  test('a footer without a line end is named in the settings', async () => {
    const files = payments('TOTAL,1')
    expect(await faults(files)).toMatchObject([{ code: 'file-cut', todo: expect.stringContaining('inputs.repayments.leave_out') }])
    expect(await faults(files, { inputs: { repayments: { leave_out: ['TOTAL'] } } })).toEqual([])
  })
})

describe('a last line without an end', () => {
  test('that is whole is read, and said', async () => {
    await flowing(payments('P2,A1,2025-06-11,1.00,'), {}, ({ flow: { outcome }, accounts }) => {
      expect(accounts).toMatchObject([{ amount_covered: '41.00', held_reason: null }])
      expect(outcome.warnings.filter(({ code }) => code === 'last-line-open')).toEqual([{ code: 'last-line-open', says: 'repayments.csv: no line end stands behind the last line. If the upload was cut there, its last value may be too short.' }])
    })
  })
  test('is not said where there is an end, nor where a footer says that all rows are there', async () => {
    expect(await warned(payments('P2,A1,2025-06-11,1.00,\n'))).toEqual([])
    expect(await warned(payments('P2,A1,2025-06-11,1.00,\r\n'))).toEqual([])
    expect(await warned(payments('P2,A1,2025-06-11,1.00,\nTRAILER,2'), { inputs: { repayments: { leave_out: ['TRAILER,{rows}'] } } })).toEqual([])
  })
  test.each([['blanks', '   '], ['the mark of old systems', '\x1a']])('%s alone are no record that was cut', async (_, rest) => {
    await flowing(payments(`P2,A1,2025-06-11,1.00,\n${rest}`), {}, ({ flow: { outcome } }) => expect(outcome.rejects).toMatchObject([{ line: 4, code: 'too-few-columns' }]))
  })
})

describe('a file that changes under the reading', () => {
  /** At a step of the run the file is changed: what the run says then. */
  const during = async (at: string, change: (file: string) => void, files: Files = payments('P2,A1,2025-06-11,1.00,\n'), stated: Stated = {}) => {
    const { dir, config } = given(files, stated)
    const settings = loadSettings({ config }, true)
    const engine = await openEngine('duckdb', { scale: 2, threads: 1 })
    const file = join(dir, 'repayments.csv')
    try {
      const plans = await planInputs(engine, settings)
      const onStep = (stage: string, step = '') => void (`${stage} ${step}`.trim() === at && change(file))
      return await flow({ engine, settings, plans, scratch: dir, onStep }).then(() => undefined, (error: unknown) => (error instanceof UserError ? [error.code, error.exit] : error))
    } finally {
      engine.close()
    }
  }
  const changed = ['input-changed', 3]
  const grows = (file: string) => appendFileSync(file, 'P3,A1,2025-06-12,1.00,\n')
  const stamped = (file: string, work: () => void) => {
    const { atime, mtime } = statSync(file)
    work()
    utimesSync(file, atime, mtime)
  }

  test.each(['read', 'read loans', 'read repayments', 'read count'])('grows at "%s"', async (at) => expect(await during(at, grows)).toEqual(changed))
  test('is cut', async () => expect(await during('read repayments', (file) => truncateSync(file, 70))).toEqual(changed))
  test('gets another content of the same length', async () => expect(await during('read count', (file) => writeFileSync(file, payments('P2,A1,2025-06-11,9.00,\n')['repayments.csv']))).toEqual(changed))
  test('is another file of the same size and time', async () => {
    const replaced = (file: string) => stamped(file, () => {
      copyFileSync(file, `${file}.new`)
      renameSync(`${file}.new`, file)
    })
    expect(await during('read count', replaced)).toEqual(changed)
  })
  test('goes away', async () => expect(await during('read count', (file) => rmSync(file))).toEqual(changed))
  test('is another one by the time its rejected rows are looked up', async () => {
    expect(await during('validate', grows, payments('P2,A1,x,1.00,\n'))).toEqual(changed)
  })
  test('while its text is decoded', async () => {
    const stated = { inputs: { repayments: { encoding: 'utf-16le' } } }
    expect(await during('read', grows, { 'repayments.csv': Buffer.from(payments('')['repayments.csv'], 'utf16le') }, stated)).toEqual(changed)
  })
  test('stays as it is', async () => expect(await during('read count', () => {})).toBeUndefined())
})
