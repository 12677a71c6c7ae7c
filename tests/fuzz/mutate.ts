import { gzipSync } from 'node:zlib'

/** A whole number from 0, below what is asked. */
export type Random = (below: number) => number

export const oneOf = <T>(random: Random, of: readonly T[]): T => of[random(of.length)]!

/** What files hold where they hurt. */
const bytes: readonly Buffer[] = [
  '"', '""', '"\n', '\n"', ' "', '  "', '"x', '",', ',', ',,', ';', '\t', '|', '\n', '\r', '\r\n', '\r\r\n', '\n\n', '\0', '\0\0', ' ', '\u00a0', '\u3000', '\ufeff', '\ufffd', '\u2028', '\u0085', '\u200b', "'", '`', '\\', '\\N', '=', '@', '#', '{', '*', '%', '$1', '${x}', '$', '\u001b[2J', '\u{1f600}', 'é', '期',
].map((text) => Buffer.from(text)).concat([[0xff], [0xfe, 0xff], [0xff, 0xfe], [0xe4, 0xb8], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0x81], [0x80], [0x1a], [0x84, 0x31, 0x95, 0x33]].map((raw) => Buffer.from(raw)))

const values: readonly string[] = [
  '', ' ', '0', '-0', '-1', '--1', '+1', '1e5', '6.22202E+18', 'NaN', 'Infinity', '-Infinity', 'inf', 'null', 'NULL', '\\N', 'nan', '1,000.00', '1.000,00', '1 000,00', '(1.00)', '1.00-', '1.00CR', '¥1.00', '0.001', '0.009999999999999999999', '12.345', '99999999999999.99', '-99999999999999.99', '999999999999999999999999', '9'.repeat(40), `${'9'.repeat(18)}.99`, `${'9'.repeat(16)}.99`, '9999999999999.99', '10000000000000.00', '0x10', '1_000', '１２３',
  '2025-06-30', '2025-02-30', '2025-06-31', '0000-00-00', '9999-12-31', '1899-12-31', '2200-01-01', '1900-01-01', '2199-12-31', '2025-6-3', '20250630', '30/06/2025', '06/30/2025', '2025-06-30T23:59:59Z', '2025-06-30 00:00', '2025-06-30T24:00:00', '2025-06-30T10:00:00+25:99', '45838', '-1', 'infinity', 'epoch', 'today', '2025年6月30日', '2025-06-30 BC', '290309-12-22',
  'CNY', 'USD', 'JPY', 'KWD', 'CLF', 'cny', 'XXX', 'ZZZ', 'EURO', 'open', 'closed', 'written_off', 'sold', 'unknown', 'settlement', 'refund', 'undo', 'chargeback', 'waiver', 'recovery', 'prepayment', 'reversed', 'pending', 'failed', 'settled', 'true', '"; DROP TABLE loans; --', "'; SELECT 1", '<script>', '=1+1', 'x'.repeat(5000), 'a\0b',
]

/** How a file is spoilt: each takes the bytes and gives others. */
const ways: readonly ((random: Random, file: Buffer) => Buffer)[] = [
  // A byte is another one; one is put in; some are taken out.
  (random, file) => {
    const copy = Buffer.from(file)
    if (copy.length > 0) copy[random(copy.length)] = random(256)
    return copy
  },
  (random, file) => put(file, random(file.length + 1), oneOf(random, bytes)),
  (random, file) => {
    const at = random(file.length + 1)
    return Buffer.concat([file.subarray(0, at), file.subarray(at + 1 + random(oneOf(random, [3, 30, 300])))])
  },
  (random, file) => file.subarray(0, random(file.length + 1)),
  (random, file) => put(file, random(file.length + 1), Buffer.from(Array.from({ length: random(30) }, () => random(256)))),
  // Fields: another value, one moved, one more, one less.
  byField((random, fields) => fields.with(random(fields.length), Buffer.from(oneOf(random, values)))),
  byField((random, fields) => fields.with(random(fields.length), Buffer.from(oneOf(random, values)))),
  byField((random, fields) => fields.with(random(fields.length), Buffer.from(`"${oneOf(random, values)}"`))),
  byField((random, fields) => fields.with(random(fields.length), fields[random(fields.length)]!)),
  byField((random, fields) => fields.toSpliced(random(fields.length), 0, Buffer.from(oneOf(random, values)))),
  byField((random, fields) => fields.toSpliced(random(fields.length), 1)),
  byField((random, fields) => {
    const at = random(fields.length)
    return fields.with(at, put(fields[at]!, random(fields[at]!.length + 1), oneOf(random, bytes)))
  }),
  // Lines: twice, gone, in another order, the header again, blank, joined.
  byLine((random, lines) => lines.toSpliced(random(lines.length), 0, oneOf(random, lines))),
  byLine((random, lines) => lines.toSpliced(random(lines.length), 1 + random(4))),
  byLine((random, lines) => {
    const at = random(lines.length)
    return lines.with(at, oneOf(random, lines)).with(random(lines.length), lines[at]!)
  }),
  byLine((random, lines) => lines.toSpliced(random(lines.length), 0, lines[0]!)),
  byLine((random, lines) => lines.toSpliced(random(lines.length + 1), 0, ...Array.from({ length: 1 + random(3) }, () => Buffer.alloc(0)))),
  byLine((random, lines) => lines.toSpliced(random(2), 0, Buffer.from(oneOf(random, ['Report of loans', 'sep=;', 'sep=,', '"sep=,"', '"Title, with ""quotes""', 'a,b', '-----'])))),
  byLine((random, lines) => lines.toSpliced(lines.length - random(2), 0, Buffer.from(oneOf(random, ['合计,{rows}', '合计,3', 'TOTAL,12,13', '小计,1', ',,,', ' '])))),
  (_, file) => replaced(file, '\n', '\r\n'),
  (_, file) => replaced(file, '\n', '\r'),
  (_, file) => replaced(file, '\r\n', '\n'),
  (random, file) => replaced(file, ',', oneOf(random, [';', '\t', '|'])),
  (random, file) => {
    const text = file.toString('utf8')
    return oneOf(random, [() => Buffer.from(`\ufeff${text}`, 'utf16le'), () => Buffer.from(text, 'utf16le'), () => Buffer.from(text, 'utf16le').swap16(), () => Buffer.from(text, 'latin1'), () => Buffer.from(`\ufeff${text}`)])()
  },
  (_, file) => Buffer.concat([file, file]),
]

const put = (file: Buffer, at: number, more: Buffer) => Buffer.concat([file.subarray(0, at), more, file.subarray(at)])
const replaced = (file: Buffer, what: string, by: string) => Buffer.from(file.toString('latin1').replaceAll(what, by), 'latin1')

function parts(file: Buffer, mark: string): Buffer[] {
  return file.toString('latin1').split(mark).map((part) => Buffer.from(part, 'latin1'))
}
const joined = (all: readonly Buffer[], mark: string) => Buffer.from(all.map((part) => part.toString('latin1')).join(mark), 'latin1')

function byLine(change: (random: Random, lines: Buffer[]) => Buffer[]) {
  return (random: Random, file: Buffer): Buffer => joined(change(random, parts(file, '\n')), '\n')
}

/** A field of some line, the header rarely. */
function byField(change: (random: Random, fields: Buffer[]) => Buffer[]) {
  return byLine((random, lines) => {
    const at = random(6) === 0 ? 0 : random(lines.length)
    return lines.with(at, joined(change(random, parts(lines[at]!, ',')), ','))
  })
}

/** Another value in one field, of a row. */
const otherValues: typeof ways = [
  byLine((random, lines) => {
    const at = 1 + random(Math.max(1, lines.length - 1))
    const fields = parts(lines[at] ?? Buffer.alloc(0), ',')
    return lines.with(Math.min(at, lines.length - 1), joined(fields.with(random(fields.length), Buffer.from(oneOf(random, values))), ','))
  }),
]

/** The file spoilt in a few ways, one after the other; rarely nothing but noise. */
export function mutated(random: Random, file: Buffer): Buffer {
  if (random(60) === 0) return Buffer.from(Array.from({ length: random(400) }, () => random(random(2) === 0 ? 256 : 64)))
  let now = file
  // Half of them keep their form, so that what is odd in a value comes to be reckoned with.
  const of = random(2) === 0 ? ways : otherValues
  for (let left = 1 + random(random(5) === 0 ? 12 : 4); left > 0; left--) now = oneOf(random, of)(random, now)
  return now
}

/** A file that is no text. */
export function mutatedBytes(random: Random, file: Buffer): Buffer {
  let now = file
  for (let left = 1 + random(6); left > 0; left--) now = ways[random(5)]!(random, now)
  return now
}

/** Zipped, and sometimes cut or spoilt after that. */
export function zipped(random: Random, file: Buffer): Buffer {
  const whole = gzipSync(file)
  return random(3) > 0 ? whole : oneOf(random, [() => whole.subarray(0, random(whole.length)), () => Buffer.concat([whole, whole]), () => ways[0]!(random, whole), () => file])()
}
