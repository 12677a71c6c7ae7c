import { readRules } from '../decide/read-rules.ts'
import type { Rules } from '../decide/rules.ts'
import type { ColumnKinds } from '../decide/tree.ts'
import type { Engine } from '../engine/engine.ts'
import type { Book } from '../read/read.ts'
import type { Settings } from '../settings/load.ts'

/** The rules of the settings, where no action is decided: accounts are held as in a run. What is wrong with them is thrown at once. */
export function heldBy(settings: Settings, columns: ColumnKinds, engine: Engine): ((book: Book) => Promise<Rules>) | undefined {
  if (settings.rules === undefined) return undefined
  const rules = readRules(settings)
  rules.compile(columns, [])
  return (book) => rules.withBook(columns, book, engine)
}
