import { isMap, isPair, isScalar, isSeq, visit, type Document, type Node } from 'yaml'
import { UserError, type Place } from '../errors.ts'

/** What marks a value of the settings as a question that nobody has answered: `!ask [DD/MM/YYYY, MM/DD/YYYY]`. What stands behind it are its answers. */
export const askTag = '!ask'

/** The questions that a settings file leaves open, each with its place, the words of the comment above it, and its answers. */
export function openQuestions(doc: Document, text: string, at: (offset: number) => Place): UserError[] {
  const found: UserError[] = []
  const lines = text.split('\n')
  visit(doc, {
    Node(_, node, path) {
      if (node.tag !== askTag) return undefined
      const place = at(node.range![0])
      const said = wordsAbove(lines, place.line!)
      const answers = answersOf(node, text)
      found.push(new UserError('settings-question', { name: pathOf(path), value: said === '' ? '.' : `: ${said}`, hint: answers.length === 0 ? 'Write the answer in its place.' : `Write the answer in its place: ${answers.join(', or ')}.`, ...place }))
      return visit.SKIP
    },
  })
  return found
}

/** The comment that ends right above a line, from the word QUESTION on where it has it. */
function wordsAbove(lines: readonly string[], line: number): string {
  const words: string[] = []
  for (let above = line - 2; above >= 0 && /^\s*#/.test(lines[above]!); above--) words.unshift(lines[above]!.replace(/^\s*# ?/, '').trim())
  const from = words.findLastIndex((text) => text.startsWith('QUESTION'))
  return words.slice(Math.max(0, from)).join(' ').replace(/^QUESTION:? */, '').trim()
}

const answersOf = (node: Node, text: string): string[] => (isSeq(node) ? node.items.map((item) => text.slice(...((item as Node).range!.slice(0, 2) as [number, number]))) : isScalar(node) && String(node.source ?? '') !== '' ? [String(node.source)] : [])

const pathOf = (path: readonly unknown[]) =>
  path.flatMap((step, at) => {
    if (isPair(step)) return [isScalar(step.key) ? String(step.key.source ?? step.key.value) : '']
    return isSeq(step) && !isMap(step) ? [String(step.items.indexOf((path[at + 1] ?? undefined) as Node))].filter((index) => index !== '-1') : []
  }).join('.')
