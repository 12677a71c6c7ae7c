import { parser } from 'lezer-feel'
import type { ErrorCode } from '../errors.ts'
import { columnValue, type ColumnKinds, type ColumnValue } from './tree.ts'

/** Loading a grammar takes time: this file and what rests on it are imported where rules are compiled, nowhere else. */
const cells = parser.configure({ top: 'UnaryTests' })
const conditions = parser.configure({ top: 'Expression' })

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

/** One test under way: its text, the column it tests, and what was found wrong so far. */
export interface Reading extends CellContext {
  readonly text: string
  /** What ? stands for in a cell; in a condition, the column that something is compared with, where one is. */
  readonly subject: ColumnValue | undefined
  /** A condition stands by itself: there is no ?, and a word that names no column is text. */
  readonly alone?: true
  readonly faults: CellFault[]
  readonly doubts: CellFault[]
}

/** A reading with a column to test. */
export interface OfColumn extends Reading {
  readonly subject: ColumnValue
}

export const reading = (text: string, column: string, context: CellContext): OfColumn => ({
  ...context,
  text,
  subject: columnValue(column, context.columns[column]!),
  faults: [],
  doubts: [],
})

export const parsed = (text: string) => cells.parse(text).topNode
export const parsedCondition = (text: string) => conditions.parse(text).topNode

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

/** How a hint names what is tested. */
export const tested = ({ alone, subject }: Reading) => (alone === true ? (subject?.name ?? 'column') : '?')

export const quoted = (text: string) => `"${text.replace(/[\\"]/g, '\\$&')}"`

export const hasColumn = (r: Reading, name: string) => Object.hasOwn(r.columns, name)
