import { existsSync, readFileSync } from 'node:fs'
import type { Engine } from '../engine/engine.ts'
import { UserError } from '../errors.ts'
import type { Book } from '../read/read.ts'
import { shownPath } from '../read/source.ts'
import type { Settings } from '../settings/load.ts'
import { knownValues } from './known-values.ts'
import { readRuleFile } from './rule-file.ts'
import { compileRules, type Rules } from './rules.ts'
import type { ColumnKinds } from './tree.ts'

export interface ReadRules {
  /** Checked against columns and currencies; throws all that is wrong at once. */
  compile(columns: ColumnKinds, currencies: readonly string[]): Rules
  /** Checked once more when the book is read: its currencies, and the values that a test names and nobody has. */
  withBook(columns: ColumnKinds, book: Book, engine: Engine): Promise<Rules>
}

/** Reads the rule file of the settings; what is wrong with its form is thrown when it is compiled. */
export function readRules(settings: Settings): ReadRules {
  if (settings.rules === undefined) throw new UserError('rules-missing')
  if (!existsSync(settings.rules)) throw new UserError('rules-not-found', { value: shownPath(settings.rules) })
  const file = readRuleFile(readFileSync(settings.rules, 'utf8'), shownPath(settings.rules))
  return {
    compile: (columns, currencies) => compileRules(file, columns, { currencies, knownValues: {} }),
    async withBook(columns, book, engine) {
      const tested = new Set(file.tables.flatMap((table) => table.rules.flatMap((rule) => rule.when.map((cell) => cell.column))))
      return compileRules(file, columns, { currencies: book.currencies, knownValues: await knownValues(tested, columns, book, engine) })
    },
  }
}
