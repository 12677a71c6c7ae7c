import type { Engine } from '../engine/engine.ts'
import { join, name, sql, text, type Hole } from '../engine/sql.ts'
import { exact, plain } from '../publish/exact.ts'
import { dueParts, inputNames } from '../read/inputs.ts'
import type { Book } from '../read/read.ts'
import type { Settings } from '../settings/load.ts'
import type { InputName } from '../settings/schema.ts'
import { RefusedRows } from './limit.ts'
import type { Quarantine } from './rejected.ts'
import type { ValidatedBook } from './validate.ts'

/** Rows and amounts of one currency as read; the blank currency is that of rows of which none is known. */
interface Read {
  readonly currency: string
  readonly rows: number
  readonly amount: bigint
  /** Rows without an amount that can be read. */
  readonly without: number
}

/** What the lender says of each input, held against all of its rows, rejected ones too: a row that is missing here was lost on the way. */
export async function controlTotals(engine: Engine, book: Book, validated: ValidatedBook, kept: Readonly<Record<InputName, Quarantine>>, settings: Settings): Promise<RefusedRows[]> {
  const errors: RefusedRows[] = []
  for (const input of inputNames) {
    const stated = settings.tables.control_totals.filter((one) => one.input === input)
    if (stated.length === 0) continue
    const broken = book[input].files.reduce((sum, file) => sum + file.brokenCount, 0)
    const read = await readOf(engine, book, validated, input, broken)
    const whole = stated.every(({ currency }) => currency === '')
    const all = { currency: '', rows: read.reduce((sum, { rows }) => sum + rows, 0), amount: read.reduce((sum, { amount }) => sum + amount, 0n), without: read.reduce((sum, { without }) => sum + without, 0) }
    const differ = (currency: string, said: string, found: Read, hint = '') => {
      const unread = found.without === 0 ? '' : `${found.without} of these rows have no amount that can be read. `
      const unknown = whole || currency === '' ? undefined : read.find((one) => one.currency === '')
      const strange = unknown === undefined ? '' : `${unknown.rows} further rows are of no currency that is known: they are broken, or their account is not among the loans. `
      errors.push(new RefusedRows('control-totals-differ', { input, name: currency === '' ? '' : ` in ${currency}`, value: said, other: `${found.rows} rows of ${plain(found.amount, book.scale)}`, hint: `${hint}${unread}${strange}` }, kept, book))
    }
    for (const { currency, rows, amount } of stated) {
      const found = currency === '' ? all : (read.find((one) => one.currency === currency) ?? { currency, rows: 0, amount: 0n, without: 0 })
      const said = [...(rows === '' ? [] : [`${Number(rows)} rows`]), ...(amount === '' ? [] : [amount])].join(' of ')
      const several = currency === '' && amount !== '' && read.filter((one) => one.currency !== '').length > 1
      if (several) differ(currency, said, found, 'Amounts of several currencies make no sum: state a row for each currency. ')
      else if ((rows !== '' && Number(rows) !== found.rows) || (amount !== '' && exact(amount) !== found.amount)) differ(currency, said, found)
    }
    if (!whole) for (const found of read) if (!stated.some(({ currency }) => currency === found.currency)) differ(found.currency, found.currency === '' ? 'no row without a currency' : 'nothing', found)
  }
  return errors
}

const amountOf: Readonly<Record<InputName, (has: (column: string) => boolean) => Hole>> = {
  loans: () => sql`r.principal`,
  schedule: (has) => {
    const parts = dueParts.filter(has)
    const sum = join(parts.map((part) => sql`coalesce(r.${name(part)}, 0)`), sql` + `)
    // A row without a readable part has no amount, and is not one of 0.
    const some = parts.length === 0 ? [] : [sql`CASE WHEN ${join(parts.map((part) => sql`r.${name(part)} IS NOT NULL`), sql` OR `)} THEN ${sum} END`]
    return sql`coalesce(${join([sql`r.amount_due`, ...some, ...(has('amount_open') ? [sql`r.amount_open`] : [])])})`
  },
  repayments: () => sql`r.amount`,
}

async function readOf(engine: Engine, book: Book, validated: ValidatedBook, input: InputName, broken: number): Promise<Read[]> {
  const { rows } = validated[input]
  const [only, ...others] = book.currencies
  const single = only !== undefined && others.length === 0
  const ofLoan = !single && input !== 'loans'
  const currency = single ? text(only) : input === 'schedule' ? sql`l.currency` : input === 'loans' ? sql`r.currency` : sql`coalesce(r.currency, l.currency)`
  const amount = amountOf[input]((column) => column in rows.columns)
  // A rejected loan tells the currency of its rows as well as another.
  const byLoan = sql`LEFT JOIN (SELECT account_id, min(currency) AS currency FROM ${validated.loans.rows} WHERE account_id IS NOT NULL GROUP BY account_id) l ON l.account_id = r.account_id`
  const counted = await engine.rows(sql`
    SELECT currency, count(*) AS n, CAST(coalesce(sum(amount), 0) AS VARCHAR) AS amount, count(*) - count(amount) AS unread
    FROM (SELECT ${currency} AS currency, ${amount} AS amount FROM ${rows} r ${ofLoan ? byLoan : sql``}) AS counted
    GROUP BY currency
    ORDER BY currency NULLS FIRST`)
  const found = counted.map((row): Read => ({ currency: row.currency === null ? '' : String(row.currency), rows: Number(row.n), amount: exact(String(row.amount)), without: Number(row.unread) }))
  if (broken === 0) return found
  // Broken records are rows of the file, of whatever currency: of the only one where there is but one.
  const at = single ? only : ''
  const own = found.find((one) => one.currency === at) ?? { currency: at, rows: 0, amount: 0n, without: 0 }
  return [...found.filter((one) => one !== own), { ...own, rows: own.rows + broken, without: own.without + broken }]
}
