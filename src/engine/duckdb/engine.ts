import type { DuckDBConnection, DuckDBInstance as Instance } from '@duckdb/node-api'
import { UserError } from '../../errors.ts'
import { create, selected, stored } from '../create.ts'
import type { Engine, EngineSettings, Row, Value } from '../engine.ts'
import { inOrder, type Relation } from '../relation.ts'
import { reads, render, type Sql, type Written } from '../sql.ts'
import { duckdbDialect } from './dialect.ts'
import { DuckDBDateValue, DuckDBInstance, version } from './package.ts'

/** The embedded default. Nothing is downloaded, nothing is kept: the database lives in memory and spills to one folder. */
export async function openDuckdb(settings: EngineSettings): Promise<Engine> {
  const options: Record<string, string> = {
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    allow_community_extensions: 'false',
    // What is dropped goes back to the machine soon: the peak is lower, and fewer fresh pages are touched.
    allocator_flush_threshold: '16MB',
    allocator_bulk_deallocation_flush_threshold: '64MB',
    preserve_insertion_order: 'true',
    temp_directory: settings.spill ?? '',
  }
  if (settings.threads !== undefined) options.threads = String(settings.threads)
  if (settings.memory !== undefined) options.memory_limit = settings.memory
  const instance = await DuckDBInstance.create(':memory:', options)
  const connection = await instance.connect()
  // A list of words is compared, not joined: a join costs more for a few words, and does not keep the order of rows.
  await connection.run("SET enable_progress_bar = true; SET enable_progress_bar_print = false; SET progress_bar_time = 0; SET disabled_optimizers = 'in_clause'")
  return duckdbEngine(instance, connection, settings.scale)
}

function duckdbEngine(instance: Instance, connection: DuckDBConnection, scale: number): Engine {
  let dialect = duckdbDialect(scale)
  const defined = new Map<string, Relation>()
  const inline = new Map<string, Relation>()
  const saying = <T>(statement: string, done: Promise<T>) =>
    done.catch((error: unknown) => {
      throw named(error, statement)
    })
  const run = async (statement: string) => void (await saying(statement, connection.run(statement)))
  const read = (statement: string) => saying(statement, connection.runAndReadAll(statement))
  /** A view that nobody asked to be defined stands in each query that reads it: the engine binds it there, and only there. */
  const written: Written = (step) => {
    const there = defined.get(step.name) ?? inline.get(step.name)
    if (there !== undefined && there !== step && create(there, dialect) !== create(step, dialect)) throw new Error(`two steps are called ${step.name}`)
    if (step.kept === 'table' || step.body === undefined || defined.has(step.name)) return stored(step, dialect)
    inline.set(step.name, step)
    return `(${selected(step, dialect, written)})`
  }
  const define = async (step: Relation) => {
    for (const each of inOrder(step)) {
      if (each.body === undefined || (each.kept === 'view' && each !== step) || defined.get(each.name) === each) continue
      const statement = create(each, dialect, written)
      const there = defined.get(each.name)
      // Two steps of one name would answer for each other.
      if (there !== undefined && create(there, dialect) !== create(each, dialect)) throw new Error(`two steps are called ${each.name}`)
      if (there === undefined) await run(statement)
      defined.set(each.name, each)
    }
  }
  const ready = async (query: Sql) => {
    for (const step of reads(query)) for (const each of inOrder(step)) if (each.kept === 'table') await define(each)
    return render(query, dialect, written)
  }
  return {
    version: `duckdb ${version()}`,
    get dialect() {
      return dialect
    },
    setScale(scale) {
      dialect = duckdbDialect(scale)
    },
    useOneThread: () => run('SET threads = 1'),
    spillTo: (folder) => run(`SET temp_directory = ${dialect.literal('text', folder)}`),
    define,
    async rows(query) {
      return (await read(await ready(query))).getRowObjectsJson() as Row[]
    },
    async columns(query) {
      return (await read(await ready(query))).getColumnsJson() as Value[][]
    },
    async describe(query) {
      return (await read(`DESCRIBE ${await ready(query)}`)).getRowObjectsJson().map((row) => ({ name: String(row.column_name), type: String(row.column_type) }))
    },
    async load(step, body, add) {
      const table = dialect.quote(step.name)
      const columns = Object.entries(step.columns).map(([column, type]) => `CAST(${dialect.quote(column)} AS ${dialect.type(type)}) AS ${dialect.quote(column)}`)
      const select = `SELECT ${columns.join(', ')} FROM (${await ready(body)}) AS body`
      await run(add ? `INSERT INTO ${table} ${select}` : `CREATE OR REPLACE TEMPORARY TABLE ${table} AS ${select}`)
    },
    run: async (statement) => run(await ready(statement)),
    write: async (query, file, format, rowsPerGroup) =>
      run(`COPY (${await ready(query)}) TO ${dialect.literal('text', file)} (${format === 'parquet' ? `FORMAT parquet, DICTIONARY_SIZE_LIMIT 1000${rowsPerGroup === undefined ? '' : `, ROW_GROUP_SIZE ${rowsPerGroup}`}` : 'FORMAT csv, HEADER true'})`),
    async put(step, rows) {
      const columns = Object.entries(step.columns)
      await run(`CREATE TEMPORARY TABLE ${dialect.quote(step.name)} (${columns.map(([name, type]) => `${dialect.quote(name)} ${dialect.type(type)}`).join(', ')})`)
      if (rows.length >= many && columns.every(([, type]) => type === 'text' || type === 'int' || type === 'date')) return append(connection, step, rows)
      for (let from = 0; from < rows.length; from += 1000) {
        const values = rows.slice(from, from + 1000).map((row) => `(${columns.map(([name, type]) => dialect.literal(type, row[name] ?? null)).join(', ')})`)
        await run(`INSERT INTO ${dialect.quote(step.name)} VALUES ${values.join(', ')}`)
      }
    },
    async drop(step: Relation) {
      if (step.kept === 'table' || defined.has(step.name)) await run(`DROP ${step.kept === 'table' ? 'TABLE' : 'VIEW'} IF EXISTS ${dialect.quote(step.name)}`)
      defined.delete(step.name)
      inline.delete(step.name)
    },
    progress: () => connection.progress.percentage,
    interrupt: () => connection.interrupt(),
    close() {
      connection.closeSync()
      instance.closeSync()
    },
  }
}

/** From here on a statement of values costs more than a way of their own. */
const many = 1000

/** Rows of text, whole numbers and days, put value by value without a statement. */
async function append(connection: DuckDBConnection, { name, columns }: Relation, rows: readonly Row[]) {
  const appender = await connection.createAppender(name)
  const each = Object.entries(columns)
  for (const row of rows) {
    for (const [column, type] of each) {
      const value = row[column] ?? null
      if (value === null) appender.appendNull()
      else if (type === 'int') appender.appendInteger(Number(value))
      else if (type === 'date') appender.appendDate(new DuckDBDateValue(Date.parse(String(value)) / 86_400_000))
      else appender.appendVarchar(String(value))
    }
    appender.endRow()
  }
  appender.closeSync()
}

/** An engine's failure in words that say what to do; the class of the error is only a prefix of its text. */
function named(error: unknown, statement: string): unknown {
  const message = error instanceof Error ? error.message.split('\n\n')[0]! : String(error)
  const line = message.split('\n')[0]!
  if (/failed to offload data block|max_temp_directory_size|No space left on device/.test(message))
    return new UserError('disk-full', { value: line, exit: 1 })
  if (message.startsWith('Out of Memory Error')) return new UserError('memory-full', { value: line, exit: 1 })
  // Each amount is held to what a loan may have; only thousands of the largest of one account come here.
  if (/Overflow in (multiplication|addition|subtraction) of DECIMAL|Casting value "\S+" to type DECIMAL\S* failed/.test(message)) return new UserError('amounts-too-large', { value: line })
  if (message.startsWith('INTERRUPT Error')) return error
  const failure = new Error(message, { cause: error })
  Object.assign(failure, { statement: statement.slice(0, 4000) })
  return failure
}

