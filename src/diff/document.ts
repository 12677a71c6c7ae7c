import type { Difference } from './diff.ts'

/** One document of all that is told, for a program to read: rows as the reports have them. */
export function document({ causes, bridge, moves, actions, due_and_covered, largest, ...said }: Difference) {
  return { ...said, causes: causes.rows, bridge: bridge.rows, moves: moves.rows, actions: actions?.rows ?? null, due_and_covered: due_and_covered?.rows ?? null, largest: largest?.rows ?? null }
}
