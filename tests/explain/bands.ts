/** A class of a published source: its name and the days that it holds, both ends inclusive. */
export interface Band {
  readonly name: string
  readonly min: number
  readonly max: number | null
}

/** The source's classes as bucket settings: what lies between them gets an unnamed bucket of its own, the top is left without an end. */
export function bucketsOf(bands: readonly Band[]) {
  const buckets: { name: string; from: number; to: number | null }[] = []
  let next: number | null = 0
  for (const { name, min, max } of [...bands].sort((a, b) => a.min - b.min)) {
    if (next !== null && next < min) buckets.push({ name: `(${next})`, from: next, to: min - 1 })
    buckets.push({ name, from: min, to: max })
    next = max === null ? null : max + 1
  }
  if (next !== null) buckets.push({ name: `(${next})`, from: next, to: null })
  return buckets
}
