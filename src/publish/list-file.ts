import { createHash } from 'node:crypto'
import { UserError } from '../errors.ts'

/** Most file systems end a name at 255 bytes. */
const longest = 200

/**
 * The file of a list. A list is named by whoever wrote the rules; its file must lie in worklists/ and nowhere else, so all but
 * letters (of any script), digits, space, - and _ is written as % and its code, as is a dot or blank at an end.
 */
export function listFile(list: string): string {
  const safe = list.normalize('NFC').replace(/[^\p{L}\p{M}\p{N}_. -]|^[. ]|[. ]$/gu, encoded)
  if (Buffer.byteLength(safe) <= longest) return `${safe}.csv`
  let cut = safe
  while (Buffer.byteLength(cut) > longest) cut = [...cut].slice(0, -1).join('')
  return `${cut.replace(/%[0-9A-F]?$/, '')}~${createHash('sha256').update(list).digest('hex').slice(0, 12)}.csv`
}

const encoded = (part: string) => [...Buffer.from(part)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('')

/** The file of each list. Two lists whose files some file systems take for one (macOS knows no case) are refused. */
export function listFiles(lists: readonly string[]): Map<string, string> {
  const taken = new Map<string, string>()
  const files = new Map<string, string>()
  for (const list of lists) {
    const file = listFile(list)
    const other = taken.get(file.toLowerCase())
    if (other !== undefined)
      throw new UserError('rules-wrong', { value: `The lists "${other}" and "${list}" would be one file on some file systems.`, hint: 'Name one of them otherwise in the rule file. Nothing was published.' })
    taken.set(file.toLowerCase(), list)
    files.set(list, file)
  }
  return files
}
