/** What a case of fixtures/cases says of itself, and its neutral settings in our words. */
import { join } from 'node:path'

export const cases = new URL('../../fixtures/cases/', import.meta.url).pathname

export interface Answer {
  outcome?: string
  exit?: number[]
  accounts?: Record<string, Record<string, string | number | string[]>>
  rows?: Record<string, { read: number; accepted: number; rejected: number }>
  rejects?: { file: string; line: number; column?: string; reason: string }[]
  money?: Record<string, Record<string, string>>
  money_any_of?: Record<string, Record<string, string>>[]
  tiers?: Record<string, number>
  buckets?: Record<string, number>
  totals?: { overdue: Record<string, string> }
  warn?: { about: string; names?: string[]; optional?: boolean }[]
  /** A setting that the head must name. */
  report_head?: string
  reason?: string
  money_line?: string
  never?: string[]
  outputs?: string[]
  [key: string]: unknown
}
export interface Asked {
  as_of: string
  settings: Record<string, string | number>
  expect: Answer & { any_of?: Answer[]; best?: number }
}
export interface Case extends Asked {
  id: string
  also?: Asked[]
}

/** Columns that the cases map, by the file in which they stand. */
const columns: Readonly<Record<string, readonly string[]>> = {
  loans: ['account_id', 'borrower_id', 'currency', 'disbursed_on', 'status'],
  schedule: ['account_id', 'instalment_no', 'due_on', 'amount_due'],
  repayments: ['payment_id', 'account_id', 'paid_on', 'amount'],
}

/** What a case says of its files, in our words. */
const forInputs: Readonly<Record<string, (value: any) => object | ((input: string, so: any) => object)>> = {
  encoding: (value) => ({ encoding: value }),
  delimiter: (value) => ({ delimiter: value }),
  date_format: (value) => ({ dates: value }),
  // The loans of R06 are written with a point: what is said holds for the files that need it.
  decimal: (value) => (input, so) => (value === ',' && input === 'loans' ? {} : { numbers: { ...so.numbers, decimal: value } }),
  thousands: (value) => (input, so) => (value === '.' && input === 'loans' ? {} : { numbers: { ...so.numbers, thousands: value } }),
  columns: (value) => (input: string) => ({ headers: Object.fromEntries(Object.entries(value).filter(([name]) => columns[input]!.includes(name))) }),
  values: (value) => (input: string) => ({ values: Object.fromEntries(Object.entries(value).filter(([name]) => columns[input]!.includes(name))) }),
  skip_lines: (value) => (input: string) => (value[`${input}.csv`] === undefined ? {} : { lines_above: value[`${input}.csv`] }),
}

/** The files that it is about. */
export const folderOf = (id: string, { settings }: Asked) => join(cases, id, /^folder (\S+?);?(?: |$)/.exec(String(settings['inputs'] ?? ''))?.[1] ?? '')

/** Its neutral settings in our words. */
export function ourSettings(asked: Asked) {
  const settings: Record<string, unknown> = { as_of: asked.as_of }
  const conventions: Record<string, unknown> = {}
  const inputs: Record<string, object> = {}
  for (const [name, value] of Object.entries(asked.settings)) {
    if (name === 'max_reject_share') for (const input of ['loans', 'schedule', 'repayments']) inputs[input] = { ...inputs[input], max_reject_share: value }
    else if (name === 'preventive_days') settings['preventive_days'] = value
    // Another file, or a folder of files, that the case has beside its own.
    else if (name === 'repayments' || name === 'loans') inputs[name] = { ...inputs[name], files: name === 'loans' ? 'loans-header-only.csv' : value, allow_empty: false }
    else if (name === 'inputs') continue
    else if (name === 'zone') settings['zone'] = value
    else if (name in forInputs) {
      const of = forInputs[name]!(value)
      for (const input of ['loans', 'schedule', 'repayments']) inputs[input] = { ...inputs[input], ...(typeof of === 'function' ? of(input, inputs[input] ?? {}) : of) }
    }
    else if (name === 'materiality') conventions['materiality'] = { absolute: { CNY: value } }
    else if (name === 'allocation') conventions['allocation'] = value === 'named' ? 'named_first' : value
    else throw new Error(`no setting of ours for ${name}: ${value}`)
  }
  return { ...settings, conventions, inputs }
}

