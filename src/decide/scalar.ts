import type { Scalar } from 'yaml'

/** The text of a scalar as typed: YAML would read 012 as 12 and lose the digits of a long id. */
export function scalarText(node: Scalar): string {
  if (node.type === 'PLAIN') return node.source ?? String(node.value ?? '')
  return String(node.value ?? '')
}

/** For each character of a scalar's text its offset in the document; the scalar's begin where a line fold or the like makes that unclear. */
export function offsetsIn(node: Scalar, document: string): (offset: number) => number {
  const [from, to] = node.range ?? [0, 0]
  const text = scalarText(node)
  const offsets = charOffsets(document.slice(from, to), node.type)
  return (offset) => from + (offsets?.length === text.length ? (offsets[Math.min(offset, text.length - 1)] ?? 0) : 0)
}

const escapeLengths: Readonly<Record<string, number>> = { x: 4, u: 6, U: 10 }

function charOffsets(raw: string, type: Scalar['type']): number[] | undefined {
  if (raw.includes('\n') || raw.includes('\r')) return undefined
  if (type === 'PLAIN') return Array.from({ length: raw.length }, (_, i) => i)
  if (type !== 'QUOTE_SINGLE' && type !== 'QUOTE_DOUBLE') return undefined
  const offsets: number[] = []
  for (let i = 1; i < raw.length - 1; ) {
    offsets.push(i)
    if (type === 'QUOTE_SINGLE') i += raw.startsWith("''", i) ? 2 : 1
    else i += raw[i] === '\\' ? (escapeLengths[raw[i + 1] ?? ''] ?? 2) : 1
  }
  return offsets
}
