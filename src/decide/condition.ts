import { comparison } from './compare.ts'
import { looksLikeDate } from './literal.ts'
import { fail, nameIn, parts, tested, written, type Node, type Reading } from './reading.ts'
import { familyOf, type Comparison, type Test } from './tree.ts'
import { notAFunction, textFunctions, valueOf } from './value.ts'

export const comparisons: readonly string[] = ['<', '<=', '>', '>=', '=', '!='] satisfies Comparison[]

/** `==`, `<>` and the like, which the grammar takes for a comparison of a comparison. */
export function doubledMark(r: Reading, opNode: Node, right: Node): boolean {
  if (right.name !== 'SimplePositiveUnaryTest' || right.firstChild?.name !== 'CompareOp') return false
  const typed = `${written(r, opNode)}${written(r, right.firstChild)}`
  fail(r, opNode, `${typed} is not a comparison.`, `Comparisons are < <= > >= = !=.${({ '<>': ' Write !=.', '==': ' Write =.', '=>': ' Write >=.', '=<': ' Write <=.' } as Record<string, string>)[typed] ?? ''}`)
  return true
}

/** Two values with a comparison between them. */
export function compared(r: Reading, node: Node): Test | undefined {
  const [leftNode, opNode, rightNode] = parts(node)
  if (opNode?.name !== 'CompareOp' || rightNode === undefined) {
    const range = opNode?.name === 'between' ? parts(node).filter((part) => /Literal|VariableName|Expression/.test(part.name)) : []
    const [low, high] = range.map((part) => written(r, part))
    return fail(r, node, `${written(r, node)} is not supported.`, low === undefined || high === undefined ? 'Write the test without "? in": [1..7], or "a","b".' : `Write [${low}..${high}], or ? >= ${low} and ? <= ${high}.`)
  }
  const op = written(r, opNode) as Comparison
  if (!comparisons.includes(op)) return fail(r, opNode, `${op} is not a comparison.`, 'Comparisons are < <= > >= = !=.')
  if (rightNode.name === 'null' && (op === '=' || op === '!=')) {
    const of = valueOf(r, leftNode!)
    if (of === undefined) return undefined
    return op === '=' ? { kind: 'blank', of } : { kind: 'not', of: { kind: 'blank', of } }
  }
  const [left, right] = [valueOf(r, leftNode!), valueOf(r, rightNode)]
  return left === undefined || right === undefined ? undefined : comparison(r, node, op, left, right)
}

/** contains, starts with, ends with. */
export function textTest(r: Reading, node: Node): Test | undefined {
  const called = nameIn(r, node.firstChild!)
  if (!Object.hasOwn(textFunctions, called)) return notAFunction(r, node)
  const how = called as keyof typeof textFunctions
  const given = node.getChild('PositionalParameters')
  const args = given === null ? [] : parts(given)
  if (args.length !== 2) return fail(r, node, `${called} takes two values.`, `Write ${called}(${tested(r)}, "x").`)
  const [of, part] = args.map((arg) => valueOf(r, arg))
  if (of === undefined || part === undefined) return undefined
  if (familyOf(of) !== 'text' || familyOf(part) !== 'text')
    return fail(r, node, `${called} looks into text, and ${familyOf(of) === 'text' ? written(r, args[1]!) : of.kind === 'column' ? of.name : written(r, args[0]!)} is not text.`, looksLikeDate(written(r, node)) ? 'Compare dates.' : 'Compare numbers and dates with < <= > >= = or a range.', 'rule-type-clash')
  if (of.kind === 'literal') return fail(r, node, `${called} looks for the second value in the first.`, `Write ${called}(${tested(r)}, ${written(r, args[0]!)}).`)
  if (part.kind === 'literal' && part.value === '') return fail(r, node, 'Every text has the empty text in it.', `Write ${r.alone === true ? `${tested(r)} != null` : 'not(null)'} for any text.`)
  return { kind: 'text', how, of, part }
}
