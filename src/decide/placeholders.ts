import { UserError } from '../errors.ts'
import { nearest } from '../nearest.ts'
import type { Rules } from './rules.ts'
import type { ColumnKinds } from './tree.ts'
import type { RuleFile, WrittenRule } from './written.ts'

/** What the rule itself gives may stand in its reason too. */
const given = ['action', 'channel', 'priority', 'template', 'action_due_on'] as const

/** A reason in pieces: plain text, and between them the columns that stand in { } and are filled in for each account. */
export function piecesOf(reason: string): { readonly text: string; readonly column?: string; readonly at: number }[] {
  const pieces: { text: string; column?: string; at: number }[] = []
  let from = 0
  for (const found of reason.matchAll(/\{([^{}]*)\}/g)) {
    if (found.index > from) pieces.push({ text: reason.slice(from, found.index), at: from })
    pieces.push({ text: found[0], column: found[1]!.trim(), at: found.index })
    from = found.index + found[0].length
  }
  return from < reason.length ? [...pieces, { text: reason.slice(from), at: from }] : pieces
}

/** The reasons of the rules that have something to fill in. */
export const patternsOf = ({ tables }: Pick<Rules, 'tables'>) => [...new Set(tables.flatMap(({ rules }) => rules.flatMap(({ gives: { reason } }) => (reason !== undefined && piecesOf(reason).some(({ column }) => column !== undefined) ? [reason] : []))))]

/** A column in a reason that accounts do not have would be a hole in a sentence. */
export function placeholderErrors(file: RuleFile, rule: WrittenRule, columns: ColumnKinds): UserError[] {
  const known = [...Object.keys(columns), ...given]
  return piecesOf(rule.gives.reason ?? '').flatMap(({ column, at }) => {
    if (column === undefined || known.includes(column)) return []
    const near = nearest(column, known)
    const hint = `${near === undefined ? '' : `Did you mean "{${near}}"? `}"arrears check" lists the columns that a rule may name.`
    return [new UserError('rule-unknown-column', { name: rule.id, value: `its reason names {${column}}, which is not a column of accounts.`, hint, file: file.file, ...rule.reasonAt(at) })]
  })
}
