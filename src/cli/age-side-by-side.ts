import type { Engine } from '../engine/engine.ts'
import type { Relation } from '../engine/relation.ts'
import { sideBySideDocument, sideBySideShown } from '../publish/formats/rule-books.ts'
import { makeSideBySide } from '../publish/reports/rule-books.ts'
import type { Summary } from '../publish/summary.ts'
import type { RuleBook } from '../settings/rule-books.ts'
import type { AgeAsked } from './age-asked.ts'
import { asText } from './age-shown.ts'

/** `age --conventions`: one book under several rule books, in the format asked for. */
export async function sideBySideText(of: { compared: Relation; ruleBooks: readonly RuleBook[]; summary: Summary; engine: Engine }, { format, top }: Pick<AgeAsked, 'format' | 'top'>, colour: boolean): Promise<string> {
  const side = await makeSideBySide(of.compared, of.ruleBooks, top ?? (format === 'json' ? undefined : 0), of.engine)
  switch (format) {
    case 'json':
      return JSON.stringify(sideBySideDocument(side, of.summary), null, 2)
    case 'table':
      return sideBySideShown(side, of.summary, colour).trimEnd()
    default:
      return asText(top === undefined ? side.tiers : side.accounts, format)
  }
}
