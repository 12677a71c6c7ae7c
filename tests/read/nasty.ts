import type { BadRecord, CsvShape } from '../../src/read/records.ts'

/** A file of which everything is known because it was put together record by record; no reader had a part in it. */
export interface Nasty {
  bytes: Buffer
  shape: CsvShape
  good: { line: number; raw: string; values: string[] }[]
  bad: BadRecord[]
  /** What a clean copy must be, byte for byte. */
  clean: Buffer
}

export const shape: CsvShape = { delimiter: ',', quote: '"', columns: 4 }
const header = 'payment_id,account_id,amount,note'

/** Numbers from a seed (mulberry32): the same files on every machine. */
export function numbers(seed: number) {
  let state = seed | 0
  return (below: number) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

export const kinds = ['too-few-columns', 'too-many-columns', 'text-after-quote', 'quote-not-closed', 'not-utf8', 'bare-cr'] as const
export type Kind = (typeof kinds)[number]

/** One broken record of a kind, and the fields that can be told from it. */
export function broken(kind: Kind, id: string): { raw: Buffer; fields: string[] } {
  const head = `${id},A0007`
  switch (kind) {
    case 'too-few-columns':
      return { raw: Buffer.from(head), fields: [id, 'A0007'] }
    case 'too-many-columns':
      return { raw: Buffer.from(`${head},1.00,,x`), fields: [id, 'A0007', '1.00', ''] }
    case 'text-after-quote':
      return { raw: Buffer.from(`${head},"1.00"x,late`), fields: [id, 'A0007'] }
    case 'quote-not-closed':
      return { raw: Buffer.from(`${head},1.00,"late`), fields: [id, 'A0007', '1.00'] }
    case 'not-utf8':
      return { raw: Buffer.concat([Buffer.from(`${head},1.00,la`), Buffer.from([0xe4, 0xb8]), Buffer.from('te')]), fields: [id, 'A0007', '1.00', 'la\ufffdte'] }
    case 'bare-cr':
      return { raw: Buffer.from(`${head},1.00,la\rte`), fields: [id, 'A0007', '1.00', 'la\rte'] }
  }
}

/** Notes as written and as they read. After each opening quote stands a letter, so that a quote left open before it cannot close there by chance. */
export const notes: [string, string][] = [
  ['late', 'late'],
  ['', ''],
  ['""', ''],
  ['"a, b"', 'a, b'],
  ['"said ""no"" twice"', 'said "no" twice'],
  ['"ends with ""quotes"""', 'ends with "quotes"'],
  ['5"x 4"y', '5"x 4"y'],
  ['张三已还款', '张三已还款'],
  ['"分期，""逾期"""', '分期，"逾期"'],
  [' "one blank before"', 'one blank before'],
  ['"blanks behind"   ', 'blanks behind'],
  ['  two blanks  ', '  two blanks  '],
  ['nul\0inside', 'nul\0inside'],
  ['late,', 'late'],
  ['late,"",, ""', 'late'],
]
export const long: [string, string][] = [
  ['"first\nsecond"', 'first\nsecond'],
  ['"first\r\nsecond, ""third""\r\n\r\nfourth"', 'first\r\nsecond, "third"\r\n\r\nfourth'],
  ['"ends with a line\n"', 'ends with a line\n'],
  ['"cr\rinside"', 'cr\rinside'],
]

export function nasty(seed: number, { rows = 60, badIn = 12, eol = seed % 2 === 0 ? '\n' : '\r\n' }: { rows?: number; badIn?: number; eol?: string } = {}): Nasty {
  const random = numbers(seed)
  const file = buildFile(eol, seed % 3 === 0)
  for (let at = 0; at < rows; at++) {
    const id = `P${String(at).padStart(6, '0')}`
    if (badIn > 0 && random(badIn) === 0) {
      const kind = kinds[random(kinds.length)]!
      if (kind === 'too-few-columns' && random(2) === 0) file.bad(kind, Buffer.from(`${id},"over\ntwo lines"`), [id, 'over\ntwo lines'])
      else file.bad(kind, broken(kind, id).raw, broken(kind, id).fields)
    } else {
      const [raw, value] = random(10) < 3 ? long[random(long.length)]! : notes[random(notes.length)]!
      const account = `A000${random(9)}`
      file.good(`${id},${account},1.00,${raw}`, [id, account, '1.00', value])
    }
    while (random(9) === 0) file.blank()
  }
  return file.done(random(2) === 0)
}

/** Puts a file together and keeps the books on line and byte. `eol`: of all lines, or of the next one. */
export function buildFile(eol: string | (() => string), bom = false) {
  const next = typeof eol === 'string' ? () => eol : eol
  const byCr = eol === '\r'
  const parts: Buffer[] = [Buffer.from(`${bom ? '\ufeff' : ''}${header}${next()}`)]
  const clean: Buffer[] = [Buffer.from(`${header}\n`)]
  const good: Nasty['good'] = []
  const bad: BadRecord[] = []
  let byte = parts[0]!.length
  let line = 2
  const put = (raw: Buffer) => {
    const ending = Buffer.from(next())
    parts.push(raw, ending)
    byte += raw.length + ending.length
    for (const [at, one] of raw.entries()) if (one === 10 ? !byCr || raw[at - 1] !== 13 : byCr && one === 13) line++
    line++
  }
  return {
    at: () => byte,
    good(raw: string, values: string[]) {
      good.push({ line, raw, values })
      const bytes = Buffer.from(raw)
      clean.push(bytes, Buffer.from('\n'))
      put(bytes)
    },
    bad(kind: Kind, raw: Buffer, fields: string[]) {
      bad.push({ line, byte, kind, raw, fields })
      put(raw)
    },
    blank: () => put(Buffer.alloc(0)),
    done(lastLineEnds: boolean): Nasty {
      if (!lastLineEnds) parts.pop()
      return { bytes: Buffer.concat(parts), shape, good, bad, clean: Buffer.concat(clean) }
    },
  }
}
