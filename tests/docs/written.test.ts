import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { root } from './clone.ts'
import { pages, textOf } from './shown.ts'
import { blocks } from './written.ts'

const marked = /<!-- written: ([\w ]+?) from [^>]+? -->\n[^]*?<!-- \/written -->/g
const pagesWith = pages.filter((page) => textOf(page).includes('<!-- written:'))

/** The page as the tables of the code would have it. */
const anew = (page: string) =>
  textOf(page).replace(marked, (all, name: string) => {
    const [begin] = all.split('\n')
    return `${begin}\n${blocks[name]?.() ?? 'nothing in tests/docs/written.ts has this name'}\n<!-- /written -->`
  })

// A page is written anew only when asked for; what changed in it is then to be read.
if (process.env['UPDATE_DOCS'] === '1') for (const page of pagesWith) writeFileSync(join(root, page), anew(page))

describe('what is written from the tables of the code is as they are now (UPDATE_DOCS=1 npx vitest run --config tests/vitest.config.ts tests/docs)', () => {
  test.each(pagesWith)('%s', (page) => expect(textOf(page)).toBe(anew(page)))

  test('each part stands in one page', () => {
    const names = pagesWith.flatMap((page) => [...textOf(page).matchAll(marked)].map(([, name]) => name))
    expect(names.sort()).toEqual(Object.keys(blocks).sort())
  })
})
