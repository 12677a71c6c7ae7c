import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { parse } from 'yaml'
import { root } from '../built.ts'
import type { Stated } from './mappings.ts'

/** A book small enough to be read thousands of times: a few accounts of an export, with its settings. */
export interface Book {
  readonly name: string
  readonly files: Readonly<Record<string, Buffer>>
  readonly settings: Stated
}

export const inputs = ['loans', 'schedule', 'repayments'] as const

/** The sample as Parquet. */
export async function parquetBook({ files, settings }: Book, dir: string): Promise<Book> {
  const instance = await DuckDBInstance.create(':memory:', { autoinstall_known_extensions: 'false', autoload_known_extensions: 'false' })
  const connection = await instance.connect()
  const stored: Record<string, Buffer> = {}
  const types: Readonly<Record<string, string>> = { loans: '', schedule: ' REPLACE (TRY_CAST(due_on AS DATE) AS due_on, TRY_CAST(principal_due AS DECIMAL(18,2)) AS principal_due)', repayments: ' REPLACE (TRY_CAST(paid_on AS DATE) AS paid_on, TRY_CAST(amount AS DECIMAL(18,2)) AS amount)' }
  for (const input of inputs) {
    const [csv, parquet] = [join(dir, `${input}.csv`), join(dir, `${input}.parquet`)]
    writeFileSync(csv, files[`${input}.csv`]!)
    await connection.run(`COPY (SELECT *${types[input]} FROM read_csv('${csv}', all_varchar = true, header = true)) TO '${parquet}' (FORMAT parquet)`)
    stored[`${input}.parquet`] = readFileSync(parquet)
  }
  connection.closeSync()
  instance.closeSync()
  const own = Object.fromEntries(inputs.map((input) => [input, { ...settings['inputs'][input], files: `${input}.parquet` }]))
  return { name: 'sample as parquet', files: stored, settings: { ...settings, inputs: own } }
}

/** The lines of the first accounts; titles, header and totals with them. */
function cut(folder: string, place: (input: string, lines: readonly string[]) => { above: number; below: number; account: number }, accounts: number): Record<string, Buffer> {
  let kept: Set<string> | undefined
  return Object.fromEntries(
    inputs.map((input) => {
      // Byte by byte: what encoding it has is no matter here.
      const lines = readFileSync(`${root}fixtures/${folder}/${input}.csv`, 'latin1').split('\n')
      const { above, below, account } = place(input, lines)
      const rows = lines.slice(above, lines.length - below)
      const of = (line: string) => line.split(',')[account]!.trim()
      kept ??= new Set(rows.filter((_, at) => at % 50 === 0).map(of).slice(0, accounts))
      const own = rows.filter((line) => kept!.has(of(line)))
      const total = lines.slice(lines.length - below).join('\n').replace(/,[0-9]+/, `,${own.length}`)
      return [`${input}.csv`, Buffer.from([...lines.slice(0, above), ...own, total].join('\n'), 'latin1')]
    }),
  )
}

const stated = (folder: string): Stated => {
  const { rules: _, worklists: __, holds: ___, out: ____, ...settings } = parse(readFileSync(`${root}fixtures/${folder}/arrears.yaml`, 'utf8')) as Record<string, any>
  for (const input of inputs) settings['inputs'][input].max_reject_share = 1
  return settings
}

export function books(accounts = 9): Book[] {
  const sample = cut('sample', (_, lines) => ({ above: 1, below: 1, account: lines[0]!.split(',').indexOf('account_id') }), accounts)
  // A title, the day and the header above, the totals below.
  const sent = cut('sample-as-sent', (input) => ({ above: 3, below: 2, account: input === 'repayments' ? 1 : 0 }), accounts)
  return [
    { name: 'sample', files: sample, settings: stated('sample') },
    { name: 'sample as sent', files: sent, settings: stated('sample-as-sent') },
    {
      name: 'balances alone',
      files: { 'loans.csv': Buffer.from('account_id,currency,status,outstanding_principal,days_past_due,overdue_amount\nA1,CNY,open,1000.00,35,120.50\nA2,CNY,open,2000.00,0,0.00\nA3,USD,closed,0.00,,\n') },
      settings: { as_of: '2025-06-30', data_through: '2025-06-30', inputs: { loans: { files: 'loans.csv', max_reject_share: 1 } } },
    },
    {
      name: 'a plan of words',
      files: { 'loans.csv': Buffer.from('account_id,currency\nA1,CNY\nA2,CNY\n'), 'schedule.csv': Buffer.from('account_id,instalment_no,due_on,amount_due,status\nA1,1,2025-05-10,100.00,paid\nA1,2,2025-06-10,100.00,overdue\nA2,1,2025-07-10,50.00,pending\n') },
      settings: { as_of: '2025-06-30', data_through: '2025-06-30', inputs: Object.fromEntries(['loans', 'schedule'].map((input) => [input, { files: `${input}.csv`, max_reject_share: 1 }])) },
    },
    {
      name: 'paid in the plan',
      files: {
        'loans.csv': Buffer.from('account_id;principal;first_due_on;instalments;instalment_amount;frequency\nA1;1.200,00;;;;\nA2;900,00;31.01.2025;3;300,00;monthly\n'),
        'schedule.csv': Buffer.from('account_id;due_on;amount_due;amount_paid;paid_on\nA1;01.05.2025;600,00;600,00;02.05.2025\nA1;01.06.2025;600,00;;\n'),
      },
      settings: {
        as_of: '2025-06-30', currency: 'CNY', newest_payment_warn_days: 1000,
        inputs: Object.fromEntries(['loans', 'schedule'].map((input) => [input, { files: `${input}.csv`, delimiter: ';', dates: 'DD.MM.YYYY', numbers: { decimal: ',', thousands: '.' }, max_reject_share: 1 }])),
      },
    },
  ]
}
