import type { Cell } from './age-book.ts'

/** The reasons in accounts.held_reason, in their order, in the words that these tests use. */
export function heldReasons(text: Cell | undefined): string[] {
  return text === null || text === undefined || text === '' ? [] : String(text).split(/[;,] */)
}
