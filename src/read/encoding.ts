import { isUtf8 } from 'node:buffer'
import type { Encoding } from '../settings/mapping-fields.ts'

/** Bytes of an encoding -> text, piece by piece; `end` without bytes. Throws where the bytes are none of the encoding, unless it is not `fatal`: U+FFFD stands there. */
interface Decoder {
  decode(bytes: Buffer): string
  end(): string
}

/** The encoding that is meant: utf-16 goes by the mark, and is little-endian without one. */
const named = (encoding: Encoding, start: Buffer): Encoding => (encoding !== 'utf-16' ? encoding : start[0] === 0xfe && start[1] === 0xff ? 'utf-16be' : 'utf-16le')

export function decoderOf(encoding: Encoding, start: Buffer, fatal = true): Decoder {
  // What the web calls latin1 is windows-1252.
  if (encoding === 'latin-1') return { decode: (bytes) => bytes.toString('latin1'), end: () => '' }
  // In one piece some versions of Node read windows-1252 wrongly; as a stream they do not.
  const decoder = new TextDecoder(named(encoding, start), { fatal })
  return { decode: (bytes) => decoder.decode(bytes, { stream: true }), end: () => decoder.decode() }
}

/** The first bytes of a file as UTF-8; a character that is cut at their end is left away. undefined where they are not of the encoding. */
export function decodedStart(bytes: Buffer, encoding: Encoding): Buffer | undefined {
  if (encoding === 'utf-8') return bytes
  try {
    return Buffer.from(decoderOf(encoding, bytes).decode(bytes))
  } catch {
    return undefined
  }
}

/** How often one or two bytes of text look like what is common in a script: the share decides. */
const scripts: readonly { readonly encoding: Encoding; readonly common: (lead: number, trail: number) => boolean }[] = [
  // The commoner half of the signs of GB 2312.
  { encoding: 'gb18030', common: (lead, trail) => ((lead >= 0xb0 && lead <= 0xd7) || lead === 0xa1 || lead === 0xa3) && trail >= 0xa1 },
  { encoding: 'big5', common: (lead, trail) => lead >= 0xa4 && lead <= 0xc6 && (trail <= 0x7e || trail >= 0xa1) },
  // Kana and the commoner half of the kanji.
  { encoding: 'shift_jis', common: (lead, trail) => (lead === 0x82 && trail >= 0x9f) || (lead === 0x83 && trail <= 0x96) || (lead >= 0x88 && lead <= 0x97) },
]

/** Which encoding bytes that are not UTF-8 may be in; undefined where nothing speaks for one. A guess for a message, never acted upon. */
export function guessedEncoding(bytes: Buffer): Encoding | undefined {
  const start = bytes.subarray(0, 1 << 16)
  if ((start[0] === 0xff && start[1] === 0xfe) || (start[0] === 0xfe && start[1] === 0xff)) return 'utf-16'
  if (start.includes(0)) return nulsAt(start)
  if (isUtf8(bytes)) return undefined
  const shares = scripts.map(({ encoding, common }) => ({ encoding, share: decodedStart(start, encoding) === undefined ? 0 : shareOf(start, common) })).sort((a, b) => b.share - a.share)
  if (shares[0]!.share > 0.7) return shares[0]!.encoding
  // Single letters between plain ones: a western script.
  let high = 0
  for (const byte of start) if (byte >= 0x80) high++
  return high / start.length < 0.1 ? 'windows-1252' : undefined
}

function nulsAt(start: Buffer): Encoding | undefined {
  const counts = [0, 0]
  for (const [at, byte] of start.entries()) if (byte === 0) counts[at & 1]!++
  const [even, odd] = counts as [number, number]
  if (even + odd < start.length / 4) return undefined
  return odd > even ? 'utf-16le' : 'utf-16be'
}

function shareOf(bytes: Buffer, common: (lead: number, trail: number) => boolean): number {
  let pairs = 0
  let found = 0
  for (let at = 0; at + 1 < bytes.length; at++) {
    if (bytes[at]! < 0x80) continue
    pairs++
    if (common(bytes[at]!, bytes[at + 1]!)) found++
    at++
  }
  return pairs === 0 ? 0 : found / pairs
}
