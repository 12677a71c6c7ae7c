import type { Engine } from './engine/engine.ts'
import { relation, type Relation } from './engine/relation.ts'
import { int, join, name, sql, type Sql } from './engine/sql.ts'
import type { Warning } from './outcome.ts'
import type { LoadedFile } from './read/load.ts'
import type { MappedColumn } from './read/mapping.ts'
import type { Book, ReadInput } from './read/read.ts'
import { faultColumn, typedRows } from './read/typed.ts'

/** Rows of an input that are looked at: enough to tell which columns meet. */
const looked = 100_000
/** Of the values of a column that may name a loan this share at least is its own; of a column that names loans one row in so many has another value. */
const namesLoan = 0.5
const mostRowsAValue = 100
/** From this share of rows on another pair is worth a word. */
const meets = 0.5

interface Looked {
  readonly rows: Relation
  readonly headers: readonly string[]
  /** The header that is account_id now. */
  readonly own: string | undefined
}

/**
 * Where half of the rows of an input and more meet no loan: which pair of columns of both would join them best, by the values themselves.
 * Asked while the files are at hand; a file that had to be mended is not looked at.
 */
export async function joinPairs(engine: Engine, book: Book, unmatched: Readonly<Record<'schedule' | 'repayments', number>>): Promise<Warning[]> {
  const lost = (['schedule', 'repayments'] as const).filter((input) => book[input].read > 0 && unmatched[input] * 2 >= book[input].read)
  if (lost.length === 0) return []
  const loans = await look(engine, book.loans, undefined)
  if (loans === undefined) return []
  const warnings: Warning[] = []
  for (const input of lost) {
    const found = await look(engine, book[input], looked)
    if (found === undefined) continue
    warnings.push(...(await bestPair(engine, input, found, loans)))
    await engine.drop(found.rows)
  }
  await engine.drop(loans.rows)
  return warnings
}

/** Text of the columns that may be ids. */
async function look(engine: Engine, { input, files }: ReadInput, most: number | undefined): Promise<Looked | undefined> {
  const [file] = files
  if (file === undefined || files.some(({ repaired }) => repaired)) return undefined
  const typed = new Set(file.mapping.columns.filter(({ role, type }) => role !== 'rest' && type !== 'text').map(({ header }) => header))
  const headers = file.mapping.headers.filter((header) => header !== '' && !typed.has(header) && files.every(({ mapping }) => mapping.headers.includes(header)))
  const rows = relation({ name: `ids of ${input}`, says: `Text of the columns of ${input}, to see which of them meet.`, columns: Object.fromEntries(headers.map((header) => [header, 'text'] as const)), kept: 'table' })
  try {
    for (const [at, each] of files.entries()) await engine.load(rows, sql`SELECT ${join(headers.map(name))} FROM (${textOf(each, headers)}) AS read${most === undefined ? sql`` : sql` LIMIT ${int(most)}`}`, at > 0)
  } catch {
    // What the reader stumbles on was read in another way before: no pair is better than a wrong one.
    return undefined
  }
  return { rows, headers, own: file.mapping.columns.find((column) => column.name === 'account_id')?.header }
}

function textOf({ source, mapping, shape }: LoadedFile, headers: readonly string[]): Sql {
  const columns = headers.map((header): MappedColumn => ({ name: header, header, at: mapping.headers.indexOf(header), type: 'text', mustBeFilled: false, role: 'passed', values: {} }))
  const scan = source.format === 'parquet' ? ({ kind: 'parquet', path: source.path } as const) : ({ kind: 'csv', path: source.path, delimiter: shape.delimiter, quote: shape.quote, fields: shape.columns, parallel: true, plain: false } as const)
  return sql`SELECT ${join(headers.map(name))} FROM (${typedRows(scan, columns, { trim: true, nul: false }, 2)}) AS typed WHERE ${name(faultColumn)} = 0`
}

async function bestPair(engine: Engine, input: string, { rows, headers, own }: Looked, loans: Looked): Promise<Warning[]> {
  const values = (of: Looked) => join(of.headers.map((header, at) => sql`SELECT ${int(at)} AS col, ${name(header)} AS value, count(*) AS n FROM ${of.rows} WHERE ${name(header)} IS NOT NULL GROUP BY ${name(header)}`), sql` UNION ALL `)
  const found = await engine.rows(sql`
    WITH theirs AS (${values({ rows, headers, own })}), ours AS (${values(loans)}),
    named AS (SELECT col FROM theirs GROUP BY col HAVING count(*) * ${int(mostRowsAValue)} >= sum(n)),
    naming AS (SELECT col FROM ours GROUP BY col HAVING count(*) * ${int(1 / namesLoan)} >= sum(n))
    SELECT t.col AS theirs, o.col AS ours, sum(t.n) AS matched, count(*) AS distinct_values, (SELECT count(*) FROM ${rows}) AS rows
    FROM theirs t
    JOIN ours o ON o.value = t.value
    WHERE t.col IN (SELECT col FROM named) AND o.col IN (SELECT col FROM naming)
    GROUP BY t.col, o.col
    ORDER BY matched DESC, distinct_values DESC, theirs, ours`)
  const [best] = found
  if (best === undefined) return []
  const share = (matched: unknown) => Number(matched) / Number(best.rows)
  const now = found.find((pair) => headers[Number(pair.theirs)] === own && loans.headers[Number(pair.ours)] === loans.own)
  const ofOwn = share(now?.matched ?? 0)
  const [theirs, ours] = [headers[Number(best.theirs)]!, loans.headers[Number(best.ours)]!]
  if (share(best.matched) < meets || share(best.matched) < ofOwn + 0.2) return []
  const map = (of: string, header: string, isOwn: boolean) => (isOwn ? [] : [`inputs.${of}.headers: {account_id: ${header}}`])
  const todo = [...map(input, theirs, theirs === own), ...map('loans', ours, ours === loans.own)].join(' and ')
  return [{ code: 'other-columns-join', says: `${input}.${theirs} matches loans.${ours} for ${percent(share(best.matched))} of rows; ${own ?? 'account_id'}${own === loans.own ? '' : ` and ${loans.own}`} for ${percent(ofOwn)}. Is that the loan? Then set ${todo}.` }]
}

/** Rounded down: 100 % is all. */
const percent = (share: number) => `${Math.floor(share * 100)} %`
