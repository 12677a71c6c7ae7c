import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import type { FileSource } from './records.ts'

/** A piece of the text; the bytes of `buffer` before `from` are free, so that what was left of the last piece fits in front without a copy of this one. */
export interface Chunk { buffer: Buffer; from: number; to: number }

export interface ChunkOptions {
  chunkBytes: number
  signal?: AbortSignal | undefined
  /** Told of every byte as stored (of a .gz: compressed), in order. */
  stored?: ((bytes: Buffer) => void) | undefined
}

/** Free bytes in front of each piece. */
export const ROOM = 1 << 16

/** The text of a file from its first byte to its last, unzipped where it is zipped. A chunk is overwritten when the one after the next is asked for. */
export const chunksOf = (source: FileSource, options: ChunkOptions) => (source.gzip ? unzipped(source.path, options) : plain(source.path, options))

async function* plain(path: string, { chunkBytes, signal, stored }: ChunkOptions): AsyncGenerator<Chunk> {
  const file = await open(path, 'r')
  let ahead: Promise<{ bytesRead: number }> | undefined
  try {
    let buffer = Buffer.allocUnsafe(ROOM + chunkBytes)
    let other = Buffer.allocUnsafe(ROOM + chunkBytes)
    ahead = file.read(buffer, ROOM, chunkBytes)
    for (;;) {
      signal?.throwIfAborted()
      const { bytesRead } = await ahead
      if (bytesRead === 0) return
      // The next read runs while this chunk is looked at.
      ahead = file.read(other, ROOM, chunkBytes)
      ahead.catch(() => {})
      stored?.(buffer.subarray(ROOM, ROOM + bytesRead))
      yield { buffer, from: ROOM, to: ROOM + bytesRead }
      ;[buffer, other] = [other, buffer]
    }
  } finally {
    await ahead?.catch(() => {})
    await file.close()
  }
}

async function* unzipped(path: string, { chunkBytes, signal, stored }: ChunkOptions): AsyncGenerator<Chunk> {
  const text = createGunzip({ chunkSize: Math.max(chunkBytes, 1 << 16) })
  const told = async function* (bytes: AsyncIterable<Buffer>) {
    for await (const part of bytes) {
      stored?.(part)
      yield part
    }
  }
  const done = pipeline(createReadStream(path, { highWaterMark: 1 << 18 }), told, text, signal === undefined ? {} : { signal })
  // A fault reaches the loop below through `text`; a reader that stops early makes this one reject, which is no fault.
  done.catch(() => {})
  for await (const part of text as AsyncIterable<Buffer>) {
    for (let from = 0; from < part.length; from += chunkBytes) yield { buffer: part, from, to: Math.min(part.length, from + chunkBytes) }
  }
  await done.catch(() => {
    throw new Error(`bytes behind the end of the compressed data, '${path}'`)
  })
}
