import type { ColumnKinds } from '../../decide/tree.ts'
import type { Outcome } from '../../outcome.ts'
import type { Book } from '../../read/read.ts'
import { inputNames } from '../../read/inputs.ts'
import { shownPath } from '../../read/source.ts'
import type { Settings } from '../../settings/load.ts'
import { mostFirst } from '../../validate/rejects.ts'
import { notChecked } from '../summary.ts'
import { counted, grouped } from './figures.ts'
import { columnSaid, mappingLines } from './mapping-said.ts'
import { shown } from './width.ts'

export interface Checked {
  readonly settings: Settings
  readonly columns: ColumnKinds
  readonly book: Book
  readonly outcome: Outcome
}

/** What is in force and where it came from, what the files are, what was rejected, and what a rule may test. */
export function checkReport({ settings, columns, book, outcome }: Checked): string {
  const keys = Object.keys(settings.origin).filter((key) => key !== 'inputs')
  const paths = { out: settings.out, rules: settings.rules }
  const value = (key: string) => (key in paths ? (paths[key as keyof typeof paths] === undefined ? 'not set' : JSON.stringify(shownPath(paths[key as keyof typeof paths]!))) : (JSON.stringify((settings as unknown as Record<string, unknown>)[key]) ?? 'not set'))
  const width = Math.max(...keys.map((key) => key.length))
  const blocks = [
    ['Settings in force', ...keys.map((key) => `  ${key.padEnd(width)}  ${value(key)}  (${settings.origin[key]})`)],
    ['Conventions in force', ...outcome.conventions.split('; ').map((line) => `  ${shown(line)}`)],
    ['Inputs', ...inputNames.flatMap((input) => inputLines(input, book, outcome, settings))],
    rejectLines(outcome),
    outcome.warnings.length === 0 ? [] : ['Warnings', ...outcome.warnings.map(({ code, says, names }) => `  ${code}  ${shown(says)}${names === undefined ? '' : ` (${names.slice(0, 10).map(shown).join(', ')}${names.length > 10 ? ', ...' : ''})`}`)],
    ['Columns that a rule may test', ...columnLines(columns)],
    [`Nothing was written. ${notChecked}`],
  ]
  return blocks.filter((block) => block.length > 0).map((block) => block.join('\n')).join('\n\n')
}

function inputLines(input: (typeof inputNames)[number], book: Book, outcome: Outcome, { inputs }: Settings): string[] {
  const rows = outcome.rows.find((one) => one.input === input)!
  const { files, key } = book[input]
  if (files.length === 0) return [`  ${input}: no file, and none is needed`]
  const used = book[input].columns.filter((column) => column.role === 'used').map(columnSaid)
  const passed = book[input].columns.filter((column) => column.role !== 'used').map((column) => shown(column.header))
  return [
    `  ${input}: ${counted(rows.read, 'row')}, ${grouped(rows.accepted)} accepted, ${grouped(rows.rejected)} rejected, ${grouped(rows.unmatched)} unmatched; key ${key.length === 0 ? 'file and line' : key.join(', ')}`,
    `    files    ${files.map((file) => shown(file.source.shown)).join(', ')}`,
    ...mappingLines(book[input], inputs[input]).map((line) => `    ${line}`),
    `    columns  ${used.join(', ')}`,
    ...(passed.length === 0 ? [] : [`    ${input === 'loans' ? 'passed through' : 'not used'}  ${passed.join(', ')}`]),
  ]
}

function rejectLines({ rejects }: Outcome): string[] {
  if (rejects.length === 0) return []
  return [
    'Rejected rows',
    ...mostFirst(rejects).flatMap(({ input, code, count, few }) => {
      const place = few.map((reject) => `${shown(reject.file)}:${reject.line}${reject.value === '' ? '' : ` "${shown(reject.value.slice(0, 40))}"`}`)
      return [`  ${code}: ${counted(count, 'row')} of ${input}. ${few[0]!.message}`, `    ${place.join(', ')}${count > few.length ? ', ...' : ''}`]
    }),
  ]
}

function columnLines(columns: ColumnKinds): string[] {
  const byType = new Map<string, string[]>()
  for (const [name, { type }] of Object.entries(columns)) byType.set(type, [...(byType.get(type) ?? []), name])
  return [...byType].map(([type, names]) => `  ${type.padEnd(6)}  ${names.map(shown).join(', ')}`)
}

/** The same as one document. */
export function checkDocument({ settings, columns, book, outcome }: Checked) {
  return {
    settings: Object.fromEntries(Object.entries(settings.origin).filter(([key]) => key !== 'inputs').map(([key, origin]) => [key, { value: (settings as unknown as Record<string, unknown>)[key] ?? null, origin }])),
    conventions: outcome.conventions,
    inputs: inputNames.map((input) => ({ ...outcome.rows.find((one) => one.input === input)!, files: book[input].files.map((file) => file.source.name), key: book[input].key, read_as: book[input].files.length === 0 ? [] : mappingLines(book[input], settings.inputs[input]), columns: book[input].columns.map((column) => ({ name: column.name, type: column.type, use: column.role, from: column.constant === undefined ? (column.joined?.parts.map(({ header }) => header) ?? [column.header]) : [] })) })),
    rejected: mostFirst(outcome.rejects).map(({ input, code, count, few }) => ({ input, code, count, file: few[0]!.file, line: few[0]!.line, column: few[0]!.column, message: few[0]!.message })),
    warnings: outcome.warnings,
    columns: Object.entries(columns).map(([name, { type, values }]) => ({ name, type, ...(values === undefined ? {} : { values }) })),
    contact: notChecked,
  }
}
