import { counted, grouped } from '../publish/formats/figures.ts'
import { right, table } from '../publish/formats/table.ts'
import { shown } from '../publish/formats/width.ts'
import type { UserError } from '../errors.ts'
import { columnsOf } from '../read/inputs.ts'
import type { Proposal } from './propose.ts'
import { entriesOf, questionsOf } from './write.ts'

/** What somebody reads who has just had a file proposed: input, files, rows, columns found, what is open. */
export function proposalReport(proposal: Proposal, open: readonly UserError[]): string {
  const { inputs, unused } = proposal
  const questions = (input: string) => questionsOf(proposal).filter(({ path }) => path[1] === input).length
  const rows = inputs.map(({ input, files, rows: count, columns, passed }) => [input, files.length > 2 ? `${files[0]} and ${files.length - 1} more` : files.join(', '), grouped(count), `${columns.length} of ${Object.keys(columnsOf(input)).length}`, String(passed.length), String(questions(input))])
  const likely = entriesOf(proposal).filter(({ sure }) => sure === 'likely').length
  return [
    ...table([{ head: 'Input' }, { head: 'File' }, right('Rows'), right('Columns found'), right('Not known'), right('Questions')], rows),
    '',
    ...inputs.flatMap(({ input, columns }) => [`${input}: ${columns.map(({ column, header }) => (column === header ? column : `${column} (${shown(header)})`)).join(', ')}`]),
    ...inputs.flatMap(({ input, passed }) => (passed.length === 0 ? [] : [`${input}, not known: ${passed.map(shown).join(', ')}`])),
    ...inputs.flatMap(({ input, notes }) => notes.map((note) => `${input}, note: ${shown(note)}`)),
    ...unused.map(({ file, why }) => `not used: ${shown(file)}: ${shown(why)}`),
    ...(open.length === 0 ? [] : ['', `${counted(open.length, 'question')} left open:`, ...open.flatMap(({ place, says, todo }) => [`  ${place.file}:${place.line}  ${shown(says)}`, `    ${shown(todo)}`])]),
    ...(likely === 0 ? [] : ['', `${counted(likely, 'line')} ${likely === 1 ? 'is' : 'are'} likely, not sure: see what stands behind ${likely === 1 ? 'it' : 'them'}.`]),
  ].join('\n')
}

/** The same as a document. */
export function proposalDocument(proposal: Proposal, config: string) {
  const lines = ({ path, value, answers, sure, why }: ReturnType<typeof entriesOf>[number]) => ({ setting: path.join('.'), ...(answers === undefined ? { value } : { answers }), sure, why })
  return {
    settings: config,
    questions: questionsOf(proposal).length,
    inputs: proposal.inputs.map(({ input, files, rows, columns, passed, notes }) => ({ input, files, rows, columns, not_known: passed, notes })),
    lines: entriesOf(proposal).map(lines),
    unused: proposal.unused,
  }
}
