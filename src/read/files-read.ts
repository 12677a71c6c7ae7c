import type { FileRead } from '../outcome.ts'
import { inputNames } from './inputs.ts'
import type { Book } from './read.ts'

/** The files of a book with their bytes, hash and records, for the manifest of a run or for a refusal. */
export const filesRead = (book: Book): FileRead[] =>
  inputNames.flatMap((input) =>
    book[input].files.map((file, at) => ({ input, path: file.source.shown, name: file.source.name, bytes: book[input].facts[at]!.bytes, sha256: book[input].facts[at]!.sha256, records: file.rows + file.brokenCount })),
  )
