import type { Warning } from './outcome.ts'
import { inputNames } from './read/inputs.ts'
import { lineIn } from './read/load.ts'
import type { Book } from './read/read.ts'

/** What a failed export of an input leads to. */
const emptied = { loans: 'its accounts are in no list', schedule: 'nobody looks late', repayments: 'everybody looks unpaid' } as const

/** What was noticed about the text of the exports on the way. */
export function readWarnings(book: Book): Warning[] {
  return inputNames.flatMap((input) => {
    const { files, facts, lineEnds } = book[input]
    const ofFiles = files.flatMap((file, at) => {
      const { name } = file.source
      const { leftOut = 0, firstLeftOut, looksUtf8 = false, garbled = false } = file.found ?? {}
      const holdsRow = facts[at]?.holdsRow
      const open = facts[at]?.endsWithNewline === false && file.found?.stated === undefined && file.rows > 0
      return [
        ...(file.rows + file.brokenCount === 0 ? [{ code: 'no-rows', says: `${name}: 0 ${input === 'repayments' ? 'repayments' : `rows of ${input}`}. The settings allow it; if the export failed, ${emptied[input]}.` }] : []),
        ...(open ? [{ code: 'last-line-open', says: `${name}: no line end stands behind the last line. If the upload was cut there, its last value may be too short.` }] : []),
        ...(leftOut === 0 ? [] : [{ code: 'records-left-out', says: `${name}: ${leftOut} ${leftOut === 1 ? 'record' : 'records'} left out as no data, the first on line ${firstLeftOut}.` }]),
        ...(looksUtf8 ? [{ code: 'looks-like-utf8', says: `${name} is valid UTF-8, and the settings say another encoding: names and ids may be read wrongly.` }] : []),
        ...(garbled && !looksUtf8 ? [{ code: 'looks-garbled', says: `${name} holds characters that come of reading text in another encoding than its own: is the encoding that the settings state the right one?` }] : []),
        ...(holdsRow === undefined ? [] : [{ code: 'row-inside-a-field', says: `${name}: the record on line ${lineIn(file, holdsRow)} goes over several lines, of which one looks like a row of its own: was a quote left open?` }]),
      ]
    })
    return [...ofFiles, ...lineEnds.map(({ column, rows }) => ({ code: 'line-end-in-field', says: `${rows} ${rows === 1 ? 'row' : 'rows'} of ${input} ${rows === 1 ? 'has' : 'have'} a line end inside ${column}: was a quote left open?` }))]
  })
}
