import type { CheckCode } from '../../src/validate/checks.ts'
import { broken, buildFile, kinds, long, notes, numbers, type Kind } from './nasty.ts'

/** Files of loans put together record by record: what is accepted, and which row is rejected where and why, is known of each. */

/** For a file whose header is payment_id,account_id,amount,note. */
export const nastyMapping = { headers: { account_id: 'payment_id', branch: 'account_id', principal: 'amount' }, max_reject_share: 1 }

export interface Known {
  readonly file: string
  readonly bytes: Buffer
  readonly accepted: readonly (readonly (string | null)[])[]
  readonly rejected: readonly { readonly file: string; readonly line: number; readonly code: CheckCode; readonly value: string; readonly raw: string }[]
  /** Of those that are no rows at all: where they begin. */
  readonly brokenAt: readonly number[]
}

/** Values that are none, each with its column's text and its code. */
const wrongValues: readonly (readonly [fields: readonly [id: string, amount: string], code: CheckCode, value: string])[] = [
  [['ID', 'NaN'], 'not-an-amount', 'NaN'],
  [['ID', '--1.00'], 'not-an-amount', '--1.00'],
  [['ID', '"1,000.00"'], 'not-an-amount', '1,000.00'],
  [['ID', '1e3'], 'not-an-amount', '1e3'],
  [['ID', '1.005'], 'too-many-decimals', '1.005'],
  [['ID', '-5.00'], 'negative-principal', '-5.00'],
  [['ID', '１.00'], 'not-an-amount', '１.00'],
  [['', '1.00'], 'missing', ''],
  [['  ', '1.00'], 'missing', '  '],
  [['"I\0D"', '1.00'], 'nul-byte', 'I\0D'],
  [['6.22202E+18', '1.00'], 'account-id-damaged', '6.22202E+18'],
]

const bare = (value: string) => (value.replace(/^[ \t\u00a0\u3000]+|[ \t\u00a0\u3000]+$/g, '') || null)

export interface Nastiness {
  readonly eol: string | (() => string)
  readonly bom: boolean
  readonly kinds: readonly Kind[]
}

/** A file as it is written, and as it must be read. `put`: by whoever lays rows where they hurt. */
export function knownFile(file: string, { eol, bom, kinds: usable }: Nastiness) {
  const built = buildFile(eol, bom)
  const accepted: (string | null)[][] = []
  const rejected: { file: string; line: number; code: CheckCode; value: string; raw: string }[] = []
  let lines = 0
  const wrong: { at: number; code: CheckCode; value: string }[] = []
  return {
    at: built.at,
    blank: built.blank,
    good(id: string, [raw, value]: readonly [string, string], amount = '1.00') {
      built.good(`${id},A0001,${amount},${raw}`, [])
      if (value.includes('\0')) wrong.push({ at: lines, code: 'nul-byte', value })
      else accepted.push([id, 'A0001', amount, bare(value)])
      lines++
    },
    wrong(id: string, which: number) {
      const [[own, amount], code, value] = wrongValues[which % wrongValues.length]!
      built.good(`${own === 'ID' ? id : own},A0001,${amount},late`, [])
      wrong.push({ at: lines++, code, value })
    },
    header() {
      built.good('payment_id,account_id,amount,note', [])
      wrong.push({ at: lines++, code: 'header-again', value: '' })
    },
    broken(id: string, which: number) {
      const kind = usable[which % usable.length]!
      const { raw, fields } = broken(kind, id)
      built.bad(kind, raw, fields)
    },
    done(lastLineEnds: boolean): Known {
      const { bytes, good, bad } = built.done(lastLineEnds)
      for (const { at, code, value } of wrong) rejected.push({ file, line: good[at]!.line, code, value, raw: good[at]!.raw })
      for (const { line, kind, raw } of bad) rejected.push({ file, line, code: kind, value: '', raw: raw.toString('utf8') })
      rejected.sort((a, b) => a.line - b.line)
      return { file, bytes, accepted, rejected, brokenAt: bad.map(({ byte }) => byte) }
    },
  }
}

/** One of many small ones: which line ends, blank lines, quotes and faults it has goes by its seed. */
export function nastyLoans(seed: number, kind: 'utf-8' | 'other'): Known {
  const random = numbers(seed * 7919)
  const ends = ['\n', '\r\n', '\r', () => ['\n', '\r\n'][random(2)]!] as const
  const eol = ends[seed % 4]!
  const usable = kinds.filter((one) => (kind === 'utf-8' || one !== 'not-utf8') && (eol !== '\r' || one !== 'bare-cr'))
  const file = knownFile(`n${String(seed).padStart(3, '0')}.csv`, { eol, bom: seed % 3 === 0, kinds: usable })
  let broke = false
  for (let at = 0; at < 40; at++) {
    const id = `N${seed}-${at}`
    const which = random(14)
    broke = which === 0
    if (broke) file.broken(id, random(99))
    else if (which === 1) file.wrong(id, random(99))
    else if (which === 2 && random(4) === 0) file.header()
    else file.good(id, random(10) < 3 ? long[random(long.length)]! : notes[random(notes.length)]!)
    while (random(9) === 0) file.blank()
  }
  // What breaks off in its last record is refused as a whole.
  return file.done(broke || random(2) === 0)
}
