import { chmodSync, mkdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from '../engine/sql.ts'
import type { FlowJob } from '../flow.ts'
import { history } from '../history.ts'
import { historyTable } from '../publish/formats/history.ts'
import { shown } from '../publish/formats/width.ts'
import { shownPath } from '../read/source.ts'
import { conventionsInForce } from '../settings/conventions.ts'
import type { AgeAsked } from './age-asked.ts'
import { asText } from './age-shown.ts'

interface Asked {
  readonly format: AgeAsked['format']
  /** Every account on every day goes into a file of the output folder. */
  readonly write: boolean
}

/** `age` over several days: the inputs are read once, each day is aged from its dated rows. */
export async function ageOver(job: Omit<FlowJob, 'rules'>, days: readonly string[], { format, write }: Asked, { show, say }: { show: (text: string) => void; say: (text: string) => void }): Promise<void> {
  const { engine, settings } = job
  const { rows, report, warnings } = await history(job, days)
  if (write) {
    mkdirSync(settings.out, { recursive: true, mode: 0o700 })
    const file = join(settings.out, `history-${days[0]}-${days.at(-1)}.parquet`)
    // Written beside and named in one step: a reader sees the whole file or none.
    const beside = `${file}.${process.pid}`
    await engine.write(sql`SELECT * FROM ${rows} ORDER BY account_id ASC NULLS FIRST, as_of ASC NULLS FIRST`, beside, 'parquet')
    chmodSync(beside, 0o600)
    renameSync(beside, file)
    say(`Written to ${shownPath(file)}`)
  }
  const conventions = conventionsInForce(settings)
  const warned = warnings.map(({ code, says }) => `${code}  ${shown(says)}`)
  if (format === 'json') show(JSON.stringify({ as_of: days, conventions, history: report.rows, ...(warnings.length === 0 ? {} : { warnings }) }, null, 2))
  else if (format === 'table') show(`${historyTable(report, settings)}\n\n${warned.length === 0 ? '' : `Warnings\n${warned.map((line) => `  ${line}\n`).join('')}\n`}Conventions: ${conventions}.`)
  else {
    for (const line of warned) say(line)
    show(await asText(report, format))
  }
}
