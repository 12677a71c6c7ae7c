import { askTag } from '../settings/open-questions.ts'
import { list, scalar, type Entry } from './entries.ts'
import type { InputProposal, Proposal } from './propose.ts'

/** Keys of an input in the order in which a reader asks for them. */
const order = ['files', 'encoding', 'delimiter', 'quote', 'lines_above', 'leave_out', 'repeated_header', 'key', 'dates', 'two_digit_years_from', 'numbers', 'unit', 'blanks', 'headers', 'values']
const longest = 150

/** All lines of a proposal, in the order in which they are written. */
export const entriesOf = ({ top, inputs }: Proposal): Entry[] => [...top.filter(({ path }) => path[0] !== 'inputs'), ...inputs.flatMap(({ entries }) => inOrder(entries)), ...top.filter(({ path }) => path[0] === 'inputs')]

export const questionsOf = (proposal: Proposal): Entry[] => entriesOf(proposal).filter(({ answers }) => answers !== undefined)

const inOrder = (entries: readonly Entry[]) => [...entries].sort((a, b) => order.indexOf(a.path[2]!) - order.indexOf(b.path[2]!))

/** A proposal as a settings file: each line with what it rests on behind it, each question marked, with its words above. */
export function written(proposal: Proposal, rules?: string): string {
  const questions = questionsOf(proposal).length
  const whole = proposal.inputs.flatMap((input) => inputLines(input))
  const missing = proposal.top.filter(({ path }) => path[0] === 'inputs').flatMap(({ path, ...entry }) => [`  ${path[1]}:`, ...lineOf({ ...entry, path: path.slice(2) }, 4)])
  return `${[
    '# How these exports are read, as proposed from the files themselves. Behind each line stands what it rests on, with lines and values of the',
    '# files, and how sure it is: sure where the files prove it, likely where they only speak for it. Correct what is wrong.',
    ...(questions === 0 ? [] : [`# ${questions === 1 ? 'One value is a question' : `${questions} values are questions`}, marked ${askTag} with the answers that are possible: write the answer in its place. Until then nothing runs.`]),
    '',
    ...proposal.top.filter(({ path }) => path[0] !== 'inputs').flatMap((entry) => lineOf(entry, 0)),
    ...(rules === undefined ? [] : [`rules: ${scalar(rules)}`]),
    '',
    'inputs:',
    ...whole,
    ...missing,
    ...proposal.unused.map(({ file, why }) => `# not used: ${file}: ${why}`),
  ].join('\n')}\n`
}

function inputLines({ input, entries, passed, notes }: InputProposal): string[] {
  const lines = [`  ${input}:`]
  let open: readonly string[] = []
  for (const { path, ...entry } of inOrder(entries)) {
    const keys = path.slice(2)
    const above = keys.slice(0, -1)
    for (const [depth, key] of above.entries()) {
      if (above.slice(0, depth + 1).join('\0') === open.slice(0, depth + 1).join('\0')) continue
      lines.push(`${' '.repeat(4 + 2 * depth)}${scalar(key)}:`)
    }
    open = above
    lines.push(...lineOf({ ...entry, path: [keys.at(-1)!] }, 4 + 2 * above.length))
  }
  for (const note of notes) lines.push(...comment(`note: ${note}`, 4))
  if (passed.length > 0) lines.push(...comment(`${input === 'loans' ? 'these pass through' : 'not used'}: ${passed.join(', ')}`, 4))
  lines.push('')
  return lines
}

function lineOf({ path, value, answers, sure, why }: Entry, indent: number): string[] {
  const name = scalar(path.at(-1)!)
  // YAML wants the colon near its key, unless a question mark says that it is one.
  const key = name.length < 1000 ? `${' '.repeat(indent)}${name}` : `${' '.repeat(indent)}? ${name}\n${' '.repeat(indent)}`
  if (answers !== undefined) return [...comment(`QUESTION: ${why}`, indent), `${key}: ${askTag} ${list(answers)}`]
  const line = `${key}: ${value!}`
  const said = printable(`${sure}${why === '' ? '' : `: ${why}`}`)
  return line.length + said.length + 4 <= longest ? [`${line}  # ${said}`] : [...comment(said, indent), line]
}

/** What YAML takes in a comment: no controls. */
const printable = (text: string) => text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, ' ')

/** Words as comment lines of a bearable length. */
function comment(words: string, indent: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of printable(words).replace(/\s+/g, ' ').split(' ')) {
    if (line !== '' && indent + line.length + word.length + 3 > longest) {
      lines.push(line)
      line = ''
    }
    line += `${line === '' ? '' : ' '}${word}`
  }
  return [...lines, line].map((text) => `${' '.repeat(indent)}# ${text}`)
}
