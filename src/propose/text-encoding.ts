import { isAscii, isUtf8 } from 'node:buffer'
import { decodedStart, guessedEncoding } from '../read/encoding.ts'
import type { Encoding } from '../settings/mapping-fields.ts'
import { isKnown } from './header-names.ts'

/** The encoding of a file as far as its bytes tell; `open`: several fit. */
export interface EncodingFound {
  readonly is: Encoding
  readonly sure: 'sure' | 'likely' | 'open'
  readonly why: string
  readonly others: readonly Encoding[]
}

const mayBe: readonly Encoding[] = ['gb18030', 'big5', 'shift_jis', 'windows-1252']
/** So few bytes beyond ASCII tell no script. */
const few = 8

/** `start` and `end`: the first and the last bytes, each ending or beginning at a line end where they are not the file's own. */
export function encodingOf(start: Buffer, end: Buffer): EncodingFound {
  const found = (is: Encoding, sure: EncodingFound['sure'], why: string, others: readonly Encoding[] = []): EncodingFound => ({ is, sure, why, others })
  if (start[0] === 0xef && start[1] === 0xbb && start[2] === 0xbf) return found('utf-8', 'sure', 'the mark of UTF-8 stands at its start')
  const guess = guessedEncoding(start)
  if (guess === 'utf-16') return found('utf-16', 'sure', 'the mark of UTF-16 stands at its start')
  if (guess === 'utf-16le' || guess === 'utf-16be') return found(guess, 'sure', 'every other byte is zero')
  const bytes = Buffer.concat([start, end])
  if (isAscii(bytes)) return found('utf-8', 'sure', 'plain ASCII where it was looked at')
  if (isUtf8(start) && isUtf8(end)) return found('utf-8', 'sure', 'its bytes are valid UTF-8')
  const fitting = mayBe.filter((encoding) => decodedStart(start, encoding) !== undefined && decodedStart(end, encoding) !== undefined)
  const known = fitting.map((encoding) => ({ encoding, words: wordsIn(decodedStart(start, encoding)!) })).sort((a, b) => b.words.length - a.words.length)
  const [best, next] = known
  if (best !== undefined && best.words.length > (next?.words.length ?? 0)) return found(best.encoding, 'sure', `its bytes are no UTF-8, and read so its headers are known: ${best.words.slice(0, 3).join(', ')}`)
  const guessed = guessedEncoding(bytes)
  const beyond = bytes.reduce((sum, byte) => sum + (byte >= 0x80 ? 1 : 0), 0)
  if (guessed !== undefined && beyond >= few && fitting.includes(guessed)) return found(guessed, 'likely', `its bytes are no UTF-8, and most of the ${beyond} beyond ASCII are common there`)
  return found(guessed ?? fitting[0] ?? 'windows-1252', 'open', `its bytes are no UTF-8, and ${beyond} beyond ASCII do not tell which it is`, fitting)
}

/** Known headers beyond ASCII in the first lines. */
function wordsIn(text: Buffer): string[] {
  const fields = text.subarray(0, 1 << 14).toString('utf8').split(/\r?\n|\r/).slice(0, 40).flatMap((line) => line.split(/[,;\t|]/)).map((field) => field.replace(/^"|"$/g, '').trim())
  return [...new Set(fields.filter((field) => !isAscii(Buffer.from(field)) && isKnown(field)))]
}
