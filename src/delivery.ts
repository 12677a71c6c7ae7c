import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Outcome, Warning } from './outcome.ts'
import { exact } from './publish/exact.ts'
import type { Settings } from './settings/load.ts'

/** What run.json says of the delivery of a run that was published. */
interface Earlier {
  readonly as_of: string
  readonly newest_payment: string | null
  readonly inputs: readonly { readonly input: string; readonly name: string; readonly sha256: string }[]
  readonly rows: readonly { readonly input: string; readonly read: number }[]
  readonly money: readonly { readonly currency: string; readonly received: string }[]
}

export const fellCode = 'fell-since-last-run'

/** The files of a run beside those of the last one published for an earlier day, and of the one that it takes the place of. */
export function deliveryWarnings({ files, rows, money }: Pick<Outcome, 'files' | 'rows' | 'money'>, { out, as_of, fall_max_share: most }: Pick<Settings, 'out' | 'as_of' | 'fall_max_share'>): Warning[] {
  const [own, before] = earlierRuns(out, as_of)
  return [...repeated(files, own), ...sameFiles(files, before), ...(before === undefined || most === undefined ? [] : fallen(rows, money, before, most))].map((warning) => ({ ...warning, ofTheRun: true }))
}

/** The run of this day, and that of the latest day before it; a folder that cannot be read tells nothing. */
function earlierRuns(out: string, asOf: string): [Earlier | undefined, Earlier | undefined] {
  const days = existsSync(out) ? readdirSync(out).filter((name) => /^\d{4}-\d{2}-\d{2}$/.test(name) && name < asOf).sort().reverse() : []
  let before: Earlier | undefined
  for (const day of days) if ((before = earlier(join(out, day))) !== undefined) break
  return [earlier(join(out, asOf)), before]
}

function earlier(folder: string): Earlier | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8')) as Earlier
  } catch {
    return undefined
  }
}

const known = ({ inputs }: Earlier) => new Set(inputs.map(({ input, sha256 }) => `${input} ${sha256}`))

function repeated(files: Outcome['files'], own: Earlier | undefined): Warning[] {
  if (own === undefined || files.length !== own.inputs.length) return []
  const there = known(own)
  return files.every(({ input, sha256 }) => there.has(`${input} ${sha256}`)) ? [{ code: 'same-files', says: `All files are, byte for byte, those of the run of ${own.as_of} that this one takes the place of.` }] : []
}

/** A run that looked back on a day of the past had a file of later days: that it is the same now is no wonder. */
function sameFiles(files: Outcome['files'], before: Earlier | undefined): Warning[] {
  if (before === undefined || (before.newest_payment ?? '') > before.as_of) return []
  const there = known(before)
  const same = files.filter(({ input, sha256 }) => there.has(`${input} ${sha256}`)).map(({ name }) => name)
  return same.length === 0 ? [] : [{ code: 'same-files', says: `${same.join(', ')}: byte for byte as in the run of ${before.as_of}. Were the files of ${before.as_of} delivered again?` }]
}

const millionths = 1_000_000n

/** By more than the share: a half delivery that is whole in itself, or a filter that somebody set. */
function fallen(rows: Outcome['rows'], money: Outcome['money'], before: Earlier, most: number): Warning[] {
  const share = BigInt(Math.round(most * Number(millionths)))
  const falls = (now: bigint, then: bigint) => (then - now) * millionths > then * share && then > 0n
  const said = (what: string, now: string | number, then: string | number): Warning => ({ code: fellCode, says: `${what}: ${now}, and ${then} in the run of ${before.as_of}. It fell by more than the share of ${most} that fall_max_share allows.` })
  return [
    ...before.rows.flatMap(({ input, read }) => {
      const now = rows.find((one) => one.input === input)?.read ?? 0
      return falls(BigInt(now), BigInt(read)) ? [said(`Rows of ${input}`, now, read)] : []
    }),
    ...before.money.flatMap(({ currency, received }) => {
      const now = money.find((one) => one.currency === currency)?.received ?? '0'
      return falls(exact(now), exact(received)) ? [said(`Money received in ${currency}`, now, received)] : []
    }),
  ]
}
