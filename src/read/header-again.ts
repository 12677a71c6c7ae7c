import { join, name, sql, text, type Sql } from '../engine/sql.ts'
import { canonical, cellOf } from './reading.ts'
import type { Loaded } from './load.ts'

/** Whether a row names no account but the column: the header stands again there, as in files that were put together. Its letters may be in another case. */
export function isHeaderRow({ files }: Pick<Loaded, 'files'>): Sql | undefined {
  const ids = files.flatMap(({ mapping }) => {
    const account = mapping.columns.find((column) => column.name === 'account_id')
    if (account === undefined || account.constant !== undefined) return []
    const id = canonical(cellOf(account, mapping.headers), account)
    return [id, id.toLowerCase(), id.toUpperCase()]
  })
  return ids.length === 0 ? undefined : sql`${name('account_id')} IN (${join([...new Set(ids)].map(text))})`
}
