import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { commands } from '../../src/cli/main.ts'
import { build, type Built } from './clone.ts'
import { pages, shownIn } from './shown.ts'

let built: Built
beforeAll(() => {
  built = build()
})
afterAll(() => built.done())

/** Files that an example takes to be there. */
const settings = 'fixtures/sample/arrears.yaml'
const there = (typed: string) => typed.replace('/srv/book/arrears.yaml', settings).replace('my-rules.yaml', 'fixtures/sample/rules.yaml')
const shown = new Set(pages.flatMap(shownIn).map(({ command }) => command.replace(/^(npm ci && )?(npx )?/, '')))

describe.concurrent('the examples of help do what they say', () => {
  test.each(commands)('$name', async ({ name, examples }) => {
    expect(examples.length).toBeGreaterThan(1)
    const clone = built.clone()
    // Runs that an example takes to have been published.
    const days = new Set(examples.flatMap(([, typed]) => [...typed.matchAll(/sample\/out\/(\d{4}-\d\d-\d\d|latest)/g)].map(([, day]) => day!)))
    for (const day of days) await clone.here(`arrears run --config ${settings} ${day === 'latest' ? '' : `--as-of ${day} `}--keep-evidence --quiet`)
    for (const [, typed] of examples) {
      expect(typed).toMatch(/^arrears [a-z]+ /)
      // What a page shows is run there.
      if (shown.has(typed) && name !== 'init') continue
      const { code, output } = await clone.here(there(typed))
      expect(code, `${typed}\n${output}`).toBe(0)
    }
  })
})
