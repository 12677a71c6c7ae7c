import { writeFileSync } from 'node:fs'
import type { Engine, Row } from '../../engine/engine.ts'
import type { Outcome } from '../../outcome.ts'
import type { Settings } from '../../settings/load.ts'
import { listFiles } from '../list-file.ts'
import { notChecked } from '../summary.ts'
import type { RunFolder } from '../run-folder.ts'
import { settingsOf } from './columns.ts'
import { listRows, worklist, type ListJob } from './rows.ts'
import { leftOut, listSums, placed, total, type ListSums, type Placed } from './sums.ts'

export interface PublishedList {
  readonly list: string
  readonly rows: number
  readonly file: string
  /** Rows beyond the limit of the list. */
  readonly cut?: number
  /** Rows of tiers or actions that it does not take. */
  readonly left_out?: number
}

export interface PublishedLists {
  readonly lists: readonly PublishedList[]
  readonly placed: Placed
  /** No list leaves: too many figures differ from the lender's own. */
  readonly heldBack: boolean
  /** What lists leave out, by currency, list, action and channel. */
  readonly leftOut: readonly Row[]
}

/** One file a list, its sums beside it: COPY with PARTITION_BY does not keep the order. */
export async function publishLists(outcome: Outcome, settings: Settings, engine: Engine, folder: RunFolder): Promise<PublishedLists | undefined> {
  const { accounts, actions, ties, passedThrough: passed, oneEach = false, listOf, reasonPatterns: patterns = [] } = outcome
  if (actions === undefined) return undefined
  const job: ListJob = { accounts, actions, settings, passed, patterns, listOf }
  const rows = listRows(job)
  const { ranked } = rows
  const all = await listSums(ranked, settings, oneEach, engine)
  const counts = { placed: await placed(ranked, settings, oneEach, engine), heldBack: ties?.holdsLists === true, leftOut: await leftOut(ranked, settings, engine) }
  const lists = counts.heldBack ? [] : all.filter((sums) => sums.in.length > 0)
  const files = listFiles(lists.map(({ list }) => list))
  for (const sums of lists) {
    const file = files.get(sums.list)!
    await engine.write(worklist(rows, sums.list, job), folder.path('worklists', file), 'csv')
    writeFileSync(folder.path('worklists', file.replace(/\.csv$/, '.summary.json')), summaryOf(sums, file, settings))
  }
  for (const made of rows.kept) await engine.drop(made)
  return { ...counts, lists: lists.map((sums) => ({ list: sums.list, rows: total(sums.in, 'rows'), file: `worklists/${files.get(sums.list)!}`, ...beside('cut', sums), ...beside('left_out', sums) })) }
}

/** A list in a line of the run's output. */
export function listSaid({ list, rows, file, cut, left_out }: PublishedList, settings: Settings): string {
  const more = [...(cut === undefined ? [] : [`${cut} more cut by its limit of ${settingsOf(list, settings).limit}`]), ...(left_out === undefined ? [] : [`${left_out} that it does not take`])]
  return `${list}: ${rows} rows in ${file}${more.map((one) => `; ${one}`).join('')}`
}

const beside = (what: 'cut' | 'left_out', sums: ListSums) => (sums[what].length === 0 ? {} : { [what]: total(sums[what], 'rows') })

/** The sums of a list stand beside it: a line of totals inside would be called like a debtor. */
function summaryOf(sums: ListSums, file: string, settings: Settings): string {
  const { sort, limit, tiers, actions } = settingsOf(sums.list, settings)
  const content = {
    list: sums.list,
    file,
    as_of: settings.as_of,
    work_on: settings.work_on,
    contact: notChecked,
    rows: total(sums.in, 'rows'),
    accounts: total(sums.in, 'accounts'),
    borrowers: total(sums.in, 'accounts'),
    by_currency: sums.in,
    sort: sort ?? null,
    limit: limit ?? null,
    cut_by_limit: { rows: total(sums.cut, 'rows'), by_currency: sums.cut },
    takes: { tiers: tiers ?? null, actions: actions ?? null },
    left_out: { rows: total(sums.left_out, 'rows'), by_currency: sums.left_out },
  }
  return `${JSON.stringify(content, null, 2)}\n`
}
