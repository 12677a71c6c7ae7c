import { knownValues } from '../decide/known-values.ts'
import type { CellFault } from '../decide/reading.ts'
import { columnsIn, isMoney, needsCurrency, valuesIn, atomsIn, type ColumnKinds, type Test } from '../decide/tree.ts'
import { parseWhere } from '../decide/where.ts'
import type { Engine } from '../engine/engine.ts'
import { throwAll, UserError } from '../errors.ts'
import { whyNot } from '../publish/reports/asked.ts'
import type { Book } from '../read/read.ts'

/** The condition of --where, checked before anything is read; `onBook` checks it once more, `doubts` says then what may be meant otherwise. */
export function whereAsked(written: string, columns: ColumnKinds, engine: Engine) {
  const tree = whereOf(written, columns)
  let doubts: readonly string[] = []
  return { tree, onBook: async (book: Book) => void (doubts = await checkWithBook(written, tree, columns, book, engine)), doubts: () => doubts }
}

/** All that is wrong with it is thrown. */
function whereOf(written: string, columns: ColumnKinds): Test {
  const { tree, faults } = parseWhere(written, { columns, seen: {} })
  if (tree === undefined) throwAll(faults.map((fault) => wrong(written, fault)))
  return tree!
}

const wrong = (written: string, { offset, code, says, todo }: CellFault) => {
  const [name] = /^[\p{L}\p{N}_]*/u.exec(written.slice(offset))!
  return new UserError('where-wrong', { value: says, hint: (code === 'rule-unknown-column' ? whyNot(name) : undefined) ?? todo, file: '--where', line: 1, column: offset + 1 })
}

/** Once the book is read: an amount says nothing without its currency, and a value that nobody has is worth a word. */
async function checkWithBook(written: string, tree: Test, columns: ColumnKinds, book: Book, engine: Engine): Promise<string[]> {
  if (book.currencies.length > 1 && needsCurrency(tree) && !columnsIn(tree).has('currency')) {
    const amount = atomsIn(tree).filter(needsCurrency).flatMap(valuesIn).find(isMoney)
    throw new UserError('where-wrong', { value: `${amount?.kind === 'column' ? amount.name : 'An amount'} is held against an amount and no currency, and the book has ${book.currencies.join(', ')}.`, hint: `Add the currency: ${written.trim()} and currency = "${book.currencies[0]}".`, file: '--where' })
  }
  const seen = { currency: book.currencies, ...(await knownValues(columnsIn(tree), columns, book, engine)) }
  return parseWhere(written, { columns, seen }).doubts.map(({ says, todo }) => `${says} ${todo}`)
}
