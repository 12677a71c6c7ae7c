import { parse } from 'csv-parse/sync'
import { describe, expect, test } from 'vitest'
import { parse as yaml } from 'yaml'
import { figures, folder } from '../shapes/book.ts'
import { textOf } from './shown.ts'

// Every block of docs/shapes.md that is marked `yaml example` is a book as its files are, its settings, the columns of accounts that
// come out (gives; a blank is no value) and warnings that are said (warns). A list of texts is an input in several files.

const inputs = ['loans', 'schedule', 'repayments', 'statements']
const page = textOf('docs/shapes.md')
const blocks = [...page.matchAll(/^```yaml example\n([\s\S]*?)^```$/gm)].map((found) => ({ section: page.slice(0, found.index).match(/^## .*$/gm)!.at(-1)!.slice(3), written: yaml(found[1]!) as Record<string, any> }))

/** As a file has it: no blanks around commas. */
const bare = (text: string) => text.replaceAll(/ *, */g, ',')
const rowsOf = (text: string): Record<string, string>[] => parse(text, { columns: true, trim: true, skip_empty_lines: true })

test('there is an example of each shape', () => {
  const sections = [...page.matchAll(/^## .*$/gm)].map(([title]) => title.slice(3))
  expect([...new Set(blocks.map(({ section }) => section))]).toEqual(sections)
})

describe('the worked examples of the page come out', () => {
  test.each(blocks)('$section', async ({ written }) => {
    const { gives, warns = [], files, ...rest } = written
    const own = Object.fromEntries(inputs.filter((name) => name in rest).map((name) => [name, typeof rest[name] === 'string' ? bare(rest[name]) : rest[name].map(bare)]))
    const settings = { work_on: rest['as_of'], ...Object.fromEntries(Object.entries(rest).filter(([key]) => !inputs.includes(key))), inputs: files }
    const { of, warnings } = await figures(folder(own, settings))
    for (const row of rowsOf(gives)) expect(Object.fromEntries(Object.keys(row).map((column) => [column, String(of(row['account_id']!)?.[column] ?? '')]))).toEqual(row)
    expect(warnings).toEqual(expect.arrayContaining(warns))
  })
})
