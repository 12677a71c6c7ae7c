import type { Engine } from '../engine/engine.ts'
import { int, join, name, sql, type Hole } from '../engine/sql.ts'
import type { Warning } from '../outcome.ts'
import { keyValue } from '../read/keys.ts'
import { inputNames } from '../read/inputs.ts'
import type { Book, ReadInput } from '../read/read.ts'
import { faultColumn } from '../read/typed.ts'
import type { InputName } from '../settings/schema.ts'
import { numberOf } from './checks.ts'
import type { Quarantine } from './rejected.ts'
import type { ValidatedBook } from './validate.ts'

/** Rows of one key that stand in two files of an input. */
interface Overlap {
  readonly input: InputName
  readonly file: string
  /** The file that has the key first. */
  readonly other: string
  /** The same in both: read once. */
  readonly twins: number
  /** With other contents: rejected in both. */
  readonly conflicts: number
}

export type Overlaps = readonly Overlap[]

const repeated: readonly string[] = ['twin', 'conflicting-key']

/** Where files of one input (branches, months) overlap, looked for only where some row was rejected for its key. */
export async function overlaps(engine: Engine, book: Book, judged: ValidatedBook, kept: Readonly<Record<InputName, Quarantine>>): Promise<Overlap[]> {
  const found: Overlap[] = []
  for (const input of inputNames) {
    const { files, key } = book[input]
    if (files.length < 2 || key.length === 0 || !kept[input].rejects.byCode.some(({ code }) => repeated.includes(code))) continue
    const rows = judged[input].rows
    const keyed = (alias: Hole) => join(key.map((column, at) => sql`${keyValue(column, sql`${alias}.${name(column)}`)} AS ${name(`key ${at}`)}`))
    const same = join(key.map((_, at) => sql`k.${name(`key ${at}`)} = r.${name(`key ${at}`)}`), sql` AND `)
    const [twin, conflict] = [int(numberOf('twin')), int(numberOf('conflicting-key'))]
    const names = join(key.map((_, at) => name(`key ${at}`)))
    const lines = await engine.rows(sql`
      WITH repeated AS (SELECT r.ordinal, x.reason, ${keyed(sql`r`)} FROM ${judged[input].rejected} x JOIN ${rows} r ON r.ordinal = x.ordinal WHERE x.reason IN (${twin}, ${conflict})),
      firsts AS (SELECT ${join(key.map((_, at) => sql`k.${name(`key ${at}`)}`))}, min(k.ordinal) AS first_ordinal FROM (SELECT r.ordinal, ${keyed(sql`r`)} FROM ${rows} r WHERE r.${name(faultColumn)} = 0) AS k JOIN (SELECT DISTINCT ${names} FROM repeated) AS r ON ${same} GROUP BY ${join(key.map((_, at) => sql`k.${name(`key ${at}`)}`))})
      SELECT ${fileOf(book[input], sql`r.ordinal`)} AS file, ${fileOf(book[input], sql`k.first_ordinal`)} AS other, count(CASE WHEN r.reason = ${twin} THEN 1 END) AS twins, count(CASE WHEN r.reason = ${conflict} THEN 1 END) AS conflicts
      FROM repeated r
      JOIN firsts k ON ${same}
      GROUP BY 1, 2
      ORDER BY 1, 2`)
    for (const line of lines) {
      if (line.file === line.other) continue
      found.push({ input, file: files[Number(line.file)]!.source.name, other: files[Number(line.other)]!.source.name, twins: Number(line.twins), conflicts: Number(line.conflicts) })
    }
  }
  return found
}

/** The place of the file in which a row stands. */
const fileOf = ({ files }: ReadInput, ordinal: Hole): Hole => sql`CASE ${join([...files.entries()].reverse().map(([at, { from }]) => sql`WHEN ${ordinal} >= ${int(from)} THEN ${int(at)}`), sql` `)} END`

/** Rows that another file has too, the same: what is read once is not rejected for being wrong. */
export const readOnce = (found: Overlaps, input: InputName): number => found.filter((one) => one.input === input).reduce((sum, { twins }) => sum + twins, 0)

const rowsSaid = (count: number) => `${count} ${count === 1 ? 'row' : 'rows'}`

export const overlapsSaid = (found: Overlaps): Warning[] =>
  found.map(({ input, file, other, twins, conflicts }) => ({
    code: 'files-overlap',
    says: `${input}: ${[...(twins === 0 ? [] : [`${rowsSaid(twins)} of ${file} ${twins === 1 ? 'stands' : 'stand'} in ${other} too, the same, and ${twins === 1 ? 'is' : 'are'} read once`]), ...(conflicts === 0 ? [] : [`${rowsSaid(conflicts)} of ${file} ${conflicts === 1 ? 'has' : 'have'} a key of ${other} with other contents: both are rejected`])].join('; ')}.`,
  }))
