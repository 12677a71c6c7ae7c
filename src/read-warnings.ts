import type { Warning } from './outcome.ts'
import type { Book } from './read/read.ts'
import { inputNames } from './read/inputs.ts'

/** What was noticed about the text of the exports on the way. */
export function readWarnings(book: Book): Warning[] {
  return inputNames.flatMap((input) =>
    book[input].files.flatMap(({ source, found }) => {
      if (found === undefined) return []
      const { leftOut, firstLeftOut, looksUtf8 } = found
      return [
        ...(leftOut === 0 ? [] : [{ code: 'records-left-out', says: `${source.name}: ${leftOut} ${leftOut === 1 ? 'record' : 'records'} left out as no data, the first on line ${firstLeftOut}.` }]),
        ...(looksUtf8 ? [{ code: 'looks-like-utf8', says: `${source.name} is valid UTF-8, and the settings say another encoding: names and ids may be read wrongly.` }] : []),
      ]
    }),
  )
}
