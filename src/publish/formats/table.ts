import { padEnd, padStart, shown, widthOf } from './width.ts'

export interface Column {
  readonly head: string
  readonly right?: boolean
}

/** A column of figures. */
export const right = (head: string): Column => ({ head, right: true })

/** Lines of a table: figures to the right, words to the left. A row that is `null` is a rule. */
export function table(columns: readonly Column[], rows: readonly (readonly string[] | null)[], indent = '  '): string[] {
  const cells = rows.map((row) => row?.map(shown) ?? null)
  const widths = columns.map((column, i) => Math.max(widthOf(column.head), ...cells.map((row) => widthOf(row?.[i] ?? ''))))
  const lineOf = (row: readonly string[]) =>
    (indent + row.map((text, i) => (columns[i]!.right === true ? padStart(text, widths[i]!) : padEnd(text, widths[i]!))).join('  ')).trimEnd()
  const rule = indent + '-'.repeat(widths.reduce((sum, width) => sum + width, 2 * (widths.length - 1)))
  return [lineOf(columns.map((column) => column.head)), rule, ...cells.map((row) => (row === null ? rule : lineOf(row)))]
}
