import { existsSync, readFileSync } from 'node:fs'
import { parse } from 'csv-parse/sync'
import { cell } from '../publish/cells.ts'
import { settingsOf } from '../publish/lists/columns.ts'
import type { PublishedRun } from '../published-run.ts'

/** The place of an account in a list that takes so many rows, by list and action: null where it is beyond them; undefined where no list tells. */
export type Ranks = (list: string, action: string) => number | null | undefined

/** As the lists of a run have it: their rows stand in their order. */
export function ranksOf({ manifest, settings, path }: PublishedRun, id: string): Ranks {
  return (list, action) => {
    const published = manifest.worklists?.find((one) => one.list === list)
    if (published === undefined || settingsOf(list, settings).limit === undefined || !existsSync(path(published.file))) return undefined
    const [head, ...rows] = parse(readFileSync(path(published.file)), { bom: true }) as string[][]
    const [idAt, actionAt] = [head!.indexOf('account_id'), head!.indexOf('action')]
    const at = rows.findIndex((row) => row[idAt] === cell(id) && (actionAt < 0 || row[actionAt] === cell(action)))
    return at < 0 ? null : at + 1
  }
}
