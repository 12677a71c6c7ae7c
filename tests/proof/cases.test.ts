import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { money } from '../reference/reference.ts'
import { ageBook, built, listAllRules, publishedFolder } from './age-book.ts'
import { misses, never } from './case-answers.ts'
import { cases, folderOf, ourSettings, type Case } from './case-settings.ts'
import { csvRows, rowsOf } from './published.ts'

// Small books, each built after a fault that people reported of other programs: fixtures/cases/README.md names the reports.

describe.runIf(built)('cases built after reported faults', () => {
  for (const id of readdirSync(cases).filter((name) => !name.endsWith('.md'))) {
    const one: Case = JSON.parse(readFileSync(join(cases, id, 'expected.json'), 'utf8'))
    for (const asked of [one, ...(one.also ?? [])]) {
      const name = `${id} as of ${asked.as_of}${asked === one ? '' : ` ${JSON.stringify(asked.settings)}`}`
      test(name, async () => {
        const run = await ageBook({ from: folderOf(id, asked), settings: ourSettings(asked), flags: ['--work-on', asked.as_of], rules: listAllRules })
        // Of A05 a run says how many accounts came and went (case-analytics.test.ts), and does not name them.
        const answers = (asked.expect.any_of ?? [asked.expect]).map((answer) => (id.startsWith('A05') ? { ...answer, warn: [] } : answer))
        const scores = answers.map((answer) => misses(answer, run, asked.as_of))
        expect(scores.some((score) => score.length === 0), `${JSON.stringify(scores, null, 1)}\n${run.stderr}`).toBe(true)
        for (const sentence of [...(asked.expect.never ?? []), ...answers.flatMap((answer) => answer.never ?? [])]) {
          expect(never[sentence], `nobody looks for: ${sentence}`).toBeDefined()
          expect(never[sentence]!(run), sentence).toBe(false)
        }
        // No silent loss: rows, accounts and money add up.
        if (publishedFolder(run.dir) === undefined) return
        for (const input of ['loans', 'schedule', 'repayments']) {
          const rows = rowsOf(run, input)!
          expect(rows.read, input).toBe(rows.accepted + rows.rejected)
        }
        expect(new Set(run.accounts.map((row) => row['account_id'])).size).toBe(run.accounts.length)
        for (const line of run.summary.money as Record<string, string>[])
          expect(money(line['received']!, 2)).toBe(money(line['covered']!, 2) + money(line['advance']!, 2) + money(line['unmatched']!, 2) - money(line['owed_back']!, 2))
      })
    }
  }

  test('R13: an address with a line break comes back from the work list as one field', async () => {
    const run = await ageBook({ from: join(cases, 'R13-quoted-newlines'), settings: { as_of: '2025-06-30', inputs: { repayments: { max_reject_share: 1 } } }, flags: ['--work-on', '2025-06-30'], rules: listAllRules })
    const rows = csvRows(join(publishedFolder(run.dir)!, 'worklists/all.csv'))
    // L-1's rejected payment holds it: it stands in no list until the row is mended or the hold is lifted.
    expect(run.accounts.map((row) => [row['account_id'], row['held_reason'] !== null])).toEqual([['L-1', true], ['L-2', false]])
    expect(rows.map((row) => [row['account_id'], row['address']])).toEqual([['L-2', 'The "Old" House']])
    const lifted = await ageBook({ from: join(cases, 'R13-quoted-newlines'), settings: { as_of: '2025-06-30', inputs: { repayments: { max_reject_share: 1 } }, holds: { lift: ['L-1'] } }, flags: ['--work-on', '2025-06-30'], rules: listAllRules })
    const all = csvRows(join(publishedFolder(lifted.dir)!, 'worklists/all.csv'))
    expect(all.map((row) => [row['account_id'], row['address']])).toEqual([
      ['L-1', 'Unit 1, Made-up Road\nNowhere'],
      ['L-2', 'The "Old" House'],
    ])
  })
})
