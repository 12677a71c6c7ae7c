import { parse } from 'csv-parse/sync'
import { describe, expect, test } from 'vitest'
import { parse as yaml } from 'yaml'
import { conventionFields } from '../../src/settings/convention-fields.ts'
import { presetOf, type PresetName } from '../../src/settings/presets.ts'
import { ageInProcess } from '../proof/in-process.ts'
import { textOf } from './shown.ts'

// Every block of docs/days-past-due.md that is marked `yaml example` is a book, its settings and what comes out: a convention is
// explained by adding a section with one. Keys:
//   loans, schedule, repayments, pauses, holidays   files as CSV; without loans each account of the schedule is an open one
//   gives                                           by as-of day the columns shown, as CSV; a blank is no value
//   all other keys                                  settings
// Payments without an id are numbered, so is the schedule: what an example does not need it does not show.

interface Example {
  readonly section: string
  readonly line: number
  readonly written: Readonly<Record<string, any>>
}

const page = 'docs/days-past-due.md'
const files = ['loans', 'schedule', 'repayments', 'pauses', 'holidays']

function examplesOf(text: string): Example[] {
  const found: Example[] = []
  let section = ''
  let block: { line: number; lines: string[] } | undefined
  for (const [at, line] of text.split('\n').entries()) {
    if (block === undefined && line.startsWith('#')) section = line.replace(/^#+ /, '')
    if (line === '```yaml example') block = { line: at + 1, lines: [] }
    else if (line === '```' && block !== undefined) {
      found.push({ section, line: block.line, written: yaml(block.lines.join('\n')) })
      block = undefined
    } else block?.lines.push(line)
  }
  return found
}

const rowsOf = (text: string | undefined): Record<string, string>[] => (text === undefined ? [] : parse(text, { columns: true, trim: true, skip_empty_lines: true }))

/** The files of an example, with the ids that it left out. */
function filesOf(written: Example['written']) {
  const given = Object.fromEntries(files.filter((name) => name in written).map((name) => [name, rowsOf(written[name])]))
  const repayments = (given['repayments'] ?? []).map((row, at) => ('payment_id' in row ? row : { payment_id: `P${at + 1}`, ...row }))
  const schedule = given['schedule'] ?? []
  return { ...given, schedule, repayments, loans: given['loans'] ?? [...new Set(schedule.map((row) => row['account_id']!))].map((account_id) => ({ account_id, status: 'open' })) }
}

const examples = examplesOf(textOf(page))
const questions = examples.flatMap((example) => Object.entries(example.written['gives'] as Record<string, string>).map(([day, table]) => ({ ...example, day, table })))

describe('the worked examples of the page come out', () => {
  test.each(questions)('$section, line $line, as of $day', async ({ written, day, table }) => {
    const settings = Object.fromEntries(Object.entries(written).filter(([key]) => key !== 'gives' && !files.includes(key)))
    const { accounts } = await ageInProcess(filesOf(written), { work_on: day, ...settings, as_of: day })
    const wanted = rowsOf(table)
    expect(wanted.length).toBeGreaterThan(0)
    const got = wanted.map((row) => Object.fromEntries(Object.keys(row).map((column) => [column, shown(accounts.get(row['account_id']!)?.[column])])))
    expect(got).toEqual(wanted)
  })
})

const shown = (value: unknown) => (value === null ? '' : value === undefined ? 'no such column' : String(value))

/** Conventions that have no section yet: whoever writes one takes its name out. */
const notYet: readonly string[] = []

test('every convention has a section with an example that states it', () => {
  const stated = new Set(examples.flatMap(({ written }) => [written['conventions'], written['preset'] === undefined ? undefined : presetOf(written['preset'] as PresetName).conventions, ...Object.values(written['conventions']?.products ?? {})].flatMap((one) => Object.keys(one ?? {}))))
  expect(Object.keys(conventionFields).filter((field) => !stated.has(field))).toEqual(notYet)
})
