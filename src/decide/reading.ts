import { parser } from 'lezer-feel'
import type { ErrorCode } from '../errors.ts'
import { columnValue, type ColumnKinds, type ColumnValue } from './tree.ts'

/** Loading a grammar takes time: this file and what rests on it are imported where rules are compiled, nowhere else. */
const grammar = parser.configure({ top: 'UnaryTests' })

export type Node = ReturnType<typeof parser.parse>['topNode']

export type CellCode = Extract<ErrorCode, 'rule-cell-wrong' | 'rule-type-clash' | 'rule-unknown-column' | 'rule-value-unknown'>

/** What is wrong in a cell, and what to write instead. `offset` counts from the first character of the cell. */
export interface CellFault {
  readonly code: CellCode
  readonly offset: number
  readonly says: string
  readonly todo: string
}

/** What a cell may name: the columns of accounts, and for some of them the values that the book holds. */
export interface CellContext {
  readonly columns: ColumnKinds
  readonly seen: Readonly<Record<string, readonly string[]>>
}

/** One cell under way: its text, the column it tests, and what was found wrong so far. */
export interface Reading extends CellContext {
  readonly text: string
  readonly subject: ColumnValue
  readonly faults: CellFault[]
  readonly doubts: CellFault[]
}

export const reading = (text: string, column: string, context: CellContext): Reading => ({
  ...context,
  text,
  subject: columnValue(column, context.columns[column]!),
  faults: [],
  doubts: [],
})

export const parsed = (text: string) => grammar.parse(text).topNode

/** Notes a fault and gives nothing, so that the caller can go on with the rest of the cell. */
export function fail(r: Reading, node: Node, says: string, todo: string, code: CellCode = 'rule-cell-wrong'): undefined {
  r.faults.push({ code, offset: node.from, says, todo })
}

export const written = (r: Reading, node: Node) => r.text.slice(node.from, node.to)

/** The children that mean something. */
export function parts(node: Node): Node[] {
  const found: Node[] = []
  for (let child = node.firstChild; child !== null; child = child.nextSibling) if (!child.name.endsWith('Comment')) found.push(child)
  return found
}

/** Names may hold spaces: `starts with`, `客户 号`. */
export const nameIn = (r: Reading, node: Node) => written(r, node).replace(/\s+/g, ' ').trim()

export const quoted = (text: string) => `"${text.replace(/[\\"]/g, '\\$&')}"`

export const hasColumn = (r: Reading, name: string) => Object.hasOwn(r.columns, name)
