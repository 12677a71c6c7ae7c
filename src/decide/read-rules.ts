import { existsSync, readFileSync } from 'node:fs'
import type { Engine } from '../engine/engine.ts'
import { int, name, sql } from '../engine/sql.ts'
import { UserError } from '../errors.ts'
import type { Book } from '../read/read.ts'
import { shownPath } from '../read/source.ts'
import type { Settings } from '../settings/load.ts'
import { readRuleFile } from './rule-file.ts'
import { compileRules, type Rules } from './rules.ts'
import type { ColumnKinds } from './tree.ts'

export interface ReadRules {
  /** Checked against columns and currencies; throws all that is wrong at once. */
  compile(columns: ColumnKinds, currencies: readonly string[]): Rules
  /** Checked once more when the book is read: its currencies, and the values that a test names and nobody has. */
  withBook(columns: ColumnKinds, book: Book, engine: Engine): Promise<Rules>
}

/** Columns whose values are few: a test of one that the book does not hold is worth a word. */
const mostValues = 200

/** Reads the rule file of the settings; what is wrong with its form is thrown when it is compiled. `as`: how it is called. */
export function readRules(settings: Pick<Settings, 'rules'>, as?: string): ReadRules {
  if (settings.rules === undefined) throw new UserError('rules-missing')
  if (!existsSync(settings.rules)) throw new UserError('rules-not-found', { value: shownPath(settings.rules) })
  const file = readRuleFile(readFileSync(settings.rules, 'utf8'), as ?? shownPath(settings.rules))
  return {
    compile: (columns, currencies) => compileRules(file, columns, { currencies, knownValues: {} }),
    async withBook(columns, book, engine) {
      const tested = new Set(file.tables.flatMap((table) => table.rules.flatMap((rule) => rule.when.map((cell) => cell.column))))
      const texts = book.loans.columns.filter((column) => column.type === 'text' && column.role !== 'rest' && tested.has(column.name) && column.name !== 'account_id' && columns[column.name]?.values === undefined)
      const knownValues: Record<string, string[]> = {}
      for (const column of texts) {
        const values = await engine.rows(sql`SELECT DISTINCT ${name(column.name)} AS value FROM ${book.loans.rows} WHERE ${name(column.name)} IS NOT NULL ORDER BY value LIMIT ${int(mostValues + 1)}`)
        if (values.length <= mostValues) knownValues[column.name] = values.map((row) => String(row.value))
      }
      return compileRules(file, columns, { currencies: book.currencies, knownValues })
    },
  }
}
