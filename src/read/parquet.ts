import { createReadStream } from 'node:fs'
import { parquetRows } from '../engine/calls.ts'
import type { Engine } from '../engine/engine.ts'
import { bigint, join, name, sql, text, type } from '../engine/sql.ts'
import { throwAll, UserError } from '../errors.ts'
import type { InputSettings, MappedAs } from '../settings/schema.ts'
import { columnsOf } from './inputs.ts'
import type { FileFacts } from './records.ts'
import { unreadable, type SourceFile } from './source.ts'
import { storedFacts } from './stored.ts'

/** Column names of a Parquet file. Money in binary fractions and times for dates are refused: nobody can say what was meant. */
export async function parquetColumns(engine: Engine, file: SourceFile, input: MappedAs, settings: InputSettings): Promise<string[]> {
  const columns = await described(engine, file)
  const canonical = columnsOf(input)
  const nameOf = new Map(Object.entries(settings.headers).map(([name, header]) => [header, name] as const))
  const errors = columns.flatMap(({ name, type }) => {
    const column = canonical[nameOf.get(name) ?? name]
    if (column === undefined || (column.use === 'asked' && settings.asked !== true)) return []
    const unsafe = /^(DOUBLE|FLOAT|REAL)/.test(type) ? (column.type === 'money' ? 'DECIMAL(18,2)' : column.type === 'date' ? 'DATE' : column.type === 'int' ? 'INTEGER' : 'VARCHAR') : column.type === 'date' && type.startsWith('TIMESTAMP') ? 'DATE' : undefined
    return unsafe === undefined ? [] : [new UserError('column-type-unsafe', { file: file.shown, value: name, other: type, hint: `Write it with CAST("${name}" AS ${unsafe}).` })]
  })
  throwAll(errors)
  return columns.map(({ name }) => name)
}

export const parquetHeaders = async (engine: Engine, file: SourceFile) => (await described(engine, file)).map(({ name }) => name)

async function described(engine: Engine, file: SourceFile): Promise<{ name: string; type: string }[]> {
  try {
    return await engine.describe(sql`SELECT * FROM ${parquetRows(text(file.path))}`)
  } catch (error) {
    throw unreadable(file, error)
  }
}

/** sha256 of the file as stored, and the record count of its footer: independent of the rows that the scan gives. */
export async function parquetFacts(engine: Engine, path: string): Promise<FileFacts> {
  const { stored, facts } = storedFacts()
  for await (const part of createReadStream(path) as AsyncIterable<Buffer>) stored(part)
  const [row] = await engine.rows(sql`SELECT sum(num_rows) AS n FROM parquet_file_metadata(${text(path)})`)
  const noText = { quotes: false, nul: false, edgeBlanks: false, bareCr: false, mixedEnds: false, utf8: true, bom: false, endsWithNewline: true, plainHeader: true }
  return { ...facts(), records: Number(row!.n), ...noText }
}

/** Rows of a Parquet file by their place from 0: its row number stands for the line. */
export async function parquetTexts(engine: Engine, path: string, ordinals: readonly number[], headers: readonly string[]): Promise<{ line: number; raw: string; fields: string[] }[]> {
  const wanted = join(ordinals.map((ordinal) => bigint(ordinal)))
  const fields = headers.map((header, at) => sql`CAST(${name(header)} AS ${type('text')}) AS ${name(`c${at}`)}`)
  const rows = await engine.rows(sql`SELECT file_row_number, ${join(fields)} FROM read_parquet(${text(path)}, file_row_number = true) WHERE file_row_number IN (${wanted}) ORDER BY file_row_number`)
  return rows.map((row) => {
    const values = headers.map((_, at) => String(row[`c${at}`] ?? ''))
    return { line: Number(row.file_row_number) + 1, raw: values.map(quoted).join(','), fields: values }
  })
}

/** As a CSV would have it, so that a raw row can be read again. */
const quoted = (value: string) => (/[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value)
