import { mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, describe, expect, test } from 'vitest'
import { firstBytes, mustBeUnchanged, shownPath, sourceFiles } from '../../src/read/source.ts'
import { loadSettings } from '../../src/settings/load.ts'

const folder = mkdtempSync(join(tmpdir(), 'arrears-source-'))
afterAll(() => rmSync(folder, { recursive: true }))
const put = (name: string, content: string | Buffer = 'a,b\n1,2\n') => {
  const path = join(folder, name)
  mkdirSync(join(path, '..'), { recursive: true })
  writeFileSync(path, content)
  return path
}
const fault = (work: () => unknown): unknown => {
  try {
    work()
  } catch (error) {
    return error
  }
  return undefined
}

describe('paths and globs', () => {
  test('a path, its kind and its size', () => {
    expect(sourceFiles([put('kinds/a.csv')])).toMatchObject([{ format: 'csv', name: 'a.csv', bytes: 8 }])
    expect(sourceFiles([put('kinds/a.csv.gz')])).toMatchObject([{ format: 'csv.gz' }])
    expect(sourceFiles([put('kinds/a.parquet')])).toMatchObject([{ format: 'parquet' }])
  })
  test('endings in capitals, as mainframes and spreadsheets write them', () => {
    expect(sourceFiles([put('kinds/B.CSV'), put('kinds/B.Csv.GZ'), put('kinds/B.PARQUET')]).map(({ format }) => format)).toEqual(['csv', 'csv.gz', 'parquet'])
  })
  test('a glob gives its files in the order of their names, and no folders', () => {
    for (const name of ['glob/l-3.csv', 'glob/l-1.csv', 'glob/l-2.csv', 'glob/l-4.csv/x.txt', 'glob/other.csv', 'glob/sub/l-5.csv']) put(name)
    expect(sourceFiles([join(folder, 'glob/l-*.csv')]).map(({ name }) => name)).toEqual(['l-1.csv', 'l-2.csv', 'l-3.csv'])
    expect(sourceFiles([join(folder, 'glob/**/l-*.csv')]).map(({ name }) => name)).toEqual(['l-1.csv', 'l-2.csv', 'l-3.csv', 'l-5.csv'])
    expect(sourceFiles([join(folder, 'glob/{other,l-1}.csv')]).map(({ name }) => name)).toEqual(['l-1.csv', 'other.csv'])
  })
  test('several, in the order given, each once however often it is named', () => {
    const [one, two, three] = [join(folder, 'glob/l-1.csv'), join(folder, 'glob/l-2.csv'), join(folder, 'glob/l-3.csv')]
    expect(sourceFiles([two, join(folder, 'glob/l-*.csv'), one]).map(({ path }) => path)).toEqual([two, one, three])
  })
  test('a name that looks like a glob and is there is that file', () => {
    const path = put('odd/loans[1]*.csv')
    put('odd/loans1x.csv')
    expect(sourceFiles([path]).map(({ name }) => name)).toEqual(['loans[1]*.csv'])
  })
  test('a glob in a folder whose own name looks like one', () => {
    put('book [2025]{a}/l-1.csv')
    writeFileSync(join(folder, 'book [2025]{a}/arrears.yaml'), 'inputs: { loans: { files: "l-*.csv" } }')
    const settings = loadSettings({ config: join(folder, 'book [2025]{a}/arrears.yaml') }, true)
    expect(sourceFiles(settings.inputs.loans.files!).map(({ name }) => name)).toEqual(['l-1.csv'])
  })
  test('one name in two folders is shown with its folder, a name that stands alone without', () => {
    expect(sourceFiles([put('may/loans.csv'), put('june/loans.csv'), put('june/more.csv')]).map(({ name }) => name)).toEqual(['may/loans.csv', 'june/loans.csv', 'more.csv'])
  })

  test('nothing there', () => {
    expect(fault(() => sourceFiles([join(folder, 'nowhere.csv')]))).toMatchObject({ code: 'file-not-found', exit: 2, says: expect.stringContaining('nowhere.csv'), todo: expect.stringContaining('relative to the settings file') })
    expect(fault(() => sourceFiles([join(folder, 'none-*.csv')]))).toMatchObject({ code: 'file-not-found', says: expect.stringContaining('none-*.csv') })
  })
  test.each(['loans.xlsx', 'loans.txt', 'loans', 'loans.csv.zip', 'loans.gz', 'loans.json'])('nothing is known of %s', (name) => {
    expect(fault(() => sourceFiles([put(`unknown/${name}`)]))).toMatchObject({ code: 'file-unknown-kind', exit: 2, todo: 'arrears reads .csv, .csv.gz and .parquet.' })
  })
})

describe('the first bytes', () => {
  const bytes = async (name: string, content: string | Buffer, length?: number) => (await firstBytes(sourceFiles([put(name, content)])[0]!, length)).toString()
  test('of a file, or all of it where it is shorter', async () => {
    expect(await bytes('first/a.csv', 'a,b\n1,2\n', 5)).toBe('a,b\n1')
    expect(await bytes('first/a.csv', 'a,b\n')).toBe('a,b\n')
  })
  test('of the text of a .gz', async () => {
    const long = `a,b\n${'1,2\n'.repeat(500_000)}`
    expect((await bytes('first/a.csv.gz', gzipSync(long))).length).toBe(1 << 20)
    expect(await bytes('first/a.csv.gz', gzipSync('a,b\n'), 2)).toBe('a,')
  })
  test.each([
    ['no .gz at all', 'first/x.csv.gz', Buffer.from('a,b\n1,2\n')],
    ['a .gz that is cut in its first bytes', 'first/y.csv.gz', gzipSync('a,b\n1,2\n').subarray(0, 15)],
  ])('%s', async (_, name, content) => {
    await expect(bytes(name, content)).rejects.toMatchObject({ code: 'file-unreadable', exit: 3 })
  })
  test('of a folder in the place of a file, or of one that has gone', async () => {
    mkdirSync(join(folder, 'first/folder.csv'), { recursive: true })
    await expect(firstBytes(sourceFiles([join(folder, 'first/folder.csv')])[0]!)).rejects.toMatchObject({ code: 'file-unreadable', exit: 3, todo: expect.stringContaining('you may read it') })
    for (const name of ['first/gone.csv', 'first/gone.csv.gz']) {
      const [file] = sourceFiles([put(name)])
      rmSync(file!.path)
      await expect(firstBytes(file!)).rejects.toMatchObject({ code: 'file-unreadable' })
    }
  })
})

describe('a file that changes while it is read', () => {
  const seen = (name: string) => sourceFiles([put(name)])[0]!
  test('is as it was', () => expect(fault(() => mustBeUnchanged(seen('still.csv')))).toBeUndefined())
  test.each<[string, (path: string) => void]>([
    ['grew', (path) => writeFileSync(path, 'a,b\n1,2\n3,4\n')],
    ['was written again', (path) => utimesSync(path, new Date(), new Date(Date.now() + 5000))],
    ['went away', (path) => rmSync(path)],
    ['is another one behind a link', (path) => {
      rmSync(path)
      symlinkSync(put('behind.csv', 'a,b\n9,9,9\n'), path)
    }],
  ])('%s', (_, change) => {
    const file = seen('moving.csv')
    change(file.path)
    expect(fault(() => mustBeUnchanged(file))).toMatchObject({ code: 'input-changed', exit: 3, says: expect.stringContaining('changed while it was read') })
  })
})

test('paths are shown from the working directory where that is near', () => {
  expect(shownPath(join(process.cwd(), 'book/loans.csv'))).toBe('book/loans.csv')
  expect(shownPath(join(process.cwd(), '../loans.csv'))).toBe('../loans.csv')
  expect(shownPath('/a/b/c/d/e/f/loans.csv')).toBe('/a/b/c/d/e/f/loans.csv')
})
