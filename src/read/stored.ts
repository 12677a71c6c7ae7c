import { createHash } from 'node:crypto'

/** Bytes and hash of a file as it is stored, of the pieces that are passed by. */
export function storedFacts() {
  const hash = createHash('sha256')
  let bytes = 0
  return {
    stored(part: Buffer) {
      bytes += part.length
      hash.update(part)
    },
    facts: () => ({ bytes, sha256: hash.digest('hex') }),
  }
}
