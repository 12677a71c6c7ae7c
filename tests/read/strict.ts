import { writeFile } from 'node:fs/promises'
import { DuckDBInstance } from '@duckdb/node-api'

/** The engine's own strict reader, set as the read stage sets it, in a database that may download nothing. */
export async function openStrict(folder: string) {
  const instance = await DuckDBInstance.create(':memory:', { autoinstall_known_extensions: 'false', autoload_known_extensions: 'false', threads: '2' })
  const connection = await instance.connect()
  const columnsOf = (columns: number) => Array.from({ length: columns }, (_, at) => `'c${at}': 'VARCHAR'`).join(', ')
  const scan = (path: string, columns: number, more = '') =>
    `read_csv('${path}', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', columns = {${columnsOf(columns)}}${more})`
  const load = (path: string, columns: number, more = '') => connection.run(`create or replace table t as from ${scan(path, columns, more)}`)
  const query = async (text: string) => (await connection.runAndReadAll(text)).getRowsJson() as (string | null)[][]
  return {
    load,
    query,
    /** The rows, or the reason why there are none. */
    async rows(path: string, columns: number): Promise<{ rows: (string | null)[][] } | { error: string }> {
      try {
        await load(path, columns)
      } catch (error) {
        return { error: String((error as Error).message).split('\n')[0]! }
      }
      return { rows: await query('select * from t order by rowid') }
    },
    async put(name: string, bytes: Buffer | string) {
      const path = `${folder}/${name}`
      await writeFile(path, bytes)
      return path
    },
    close() {
      connection.closeSync()
      instance.closeSync()
    },
  }
}
