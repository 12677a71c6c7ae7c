import { under } from '../../classify/side-by-side.ts'
import { notLate } from '../../classify/columns.ts'
import type { Engine, Row } from '../../engine/engine.ts'
import type { Relation } from '../../engine/relation.ts'
import { int, join, name, some, sql, text } from '../../engine/sql.ts'
import { sharedLines, type RuleBook } from '../../settings/rule-books.ts'
import { presetOf } from '../../settings/presets.ts'
import { decimalsOf, exact, plain } from '../exact.ts'
import type { MadeReport } from './report.ts'

/** One book under several rule books: their tiers, and where they disagree. */
export interface SideBySide {
  readonly books: readonly { readonly rule_book: string; readonly grade: string; readonly source: string }[]
  readonly tiers: MadeReport
  readonly disputes: MadeReport
  /** Accounts on which rule books disagree, largest overdue amount first; all, or as many as were asked for. */
  readonly accounts: MadeReport
}

const tiersReport = {
  name: 'rule_books',
  says: 'Accounts and overdue amount by tier under each rule book, per currency.',
  columns: { rule_book: 'text', currency: 'text', tier: 'text', from: 'int', to: 'int', accounts: 'int', overdue_amount: 'money' },
} as const

const disputesReport = {
  name: 'disputes',
  says: 'Accounts on which rule books disagree: they draw a line at about the same day, and the account is beyond it for some and not for others.',
  columns: { currency: 'text', line: 'int', accounts: 'int', overdue_amount: 'money', beyond: 'text', not_beyond: 'text' },
} as const

type Lines = ReturnType<typeof sharedLines>

/** `top`: how many of the disputed accounts are listed; undefined is all of them. */
export async function makeSideBySide(of: Relation, books: readonly RuleBook[], top: number | undefined, engine: Engine): Promise<SideBySide> {
  const lines = sharedLines(books)
  const tier = (at: number) => name(under(at).tier)
  const overdue = books.map((_, at) => name(under(at).overdue))
  const largest = sql`greatest(${join(overdue)})`
  const isLate = (at: number) => sql`CASE WHEN ${tier(at)} IN (${join(notLate.map(text))}) THEN ${text('not_late')} ELSE ${tier(at)} END`
  // One pass: few combinations of tiers occur, and all that is shown is summed up from them.
  const cells = await engine.rows(sql`
    SELECT currency, ${join(books.map((_, at) => sql`${isLate(at)} AS ${tier(at)}`))}, count(*) AS accounts, ${join(overdue.map((amount) => sql`sum(${amount}) AS ${amount}`))}, sum(${largest}) AS largest
    FROM ${of}
    GROUP BY currency, ${join(books.map((_, at) => isLate(at)))}
    ORDER BY currency ASC NULLS LAST, ${join(books.map((_, at) => sql`${isLate(at)} ASC`))}`)
  const listed = top === 0 ? [] : await engine.rows(sql`
    SELECT account_id, product, currency, days_late, ${largest} AS overdue_amount, ${join(books.map((_, at) => sql`${isLate(at)} AS ${tier(at)}`))}
    FROM ${of}
    WHERE ${isDisputed(lines, books)}
    ORDER BY currency ASC NULLS LAST, ${largest} DESC, account_id ASC${top === undefined ? sql`` : sql` LIMIT ${int(top)}`}`)
  const accounts = listed.map((row) => ({
    account_id: row.account_id!, product: row.product!, currency: row.currency!, days_late: row.days_late!, overdue_amount: row.overdue_amount!,
    lines: disputed(row, lines, books).map(({ line }) => line).join(', '),
    ...Object.fromEntries(books.map((book, at) => [book.name, row[under(at).tier]!] as const)),
  }))
  return {
    books: books.map(({ name }) => (name === 'as_set' ? { rule_book: name, grade: '', source: 'the settings' } : { rule_book: name, grade: presetOf(name).grade, source: presetOf(name).source })),
    tiers: { ...tiersReport, rows: tierRows(cells, books) },
    disputes: { ...disputesReport, rows: disputeRows(cells, lines, books) },
    accounts: {
      name: 'disputed_accounts',
      says: 'Accounts on which rule books disagree, with their tier under each; the largest of their overdue amounts.',
      columns: { account_id: 'text', product: 'text', currency: 'text', days_late: 'int', overdue_amount: 'money', lines: 'text', ...Object.fromEntries(books.map((book) => [book.name, 'text'] as const)) },
      rows: accounts,
    },
  }
}

/** The accounts and the money of several combinations. */
function sums(cells: readonly Row[], amount: string, like: Row) {
  return {
    accounts: cells.reduce((sum, cell) => sum + Number(cell.accounts), 0),
    overdue_amount: plain(cells.reduce((sum, cell) => sum + exact(String(cell[amount])), 0n), decimalsOf(String(like[amount]))),
  }
}

const currenciesOf = (cells: readonly Row[]) => [...new Set(cells.map((cell) => cell.currency!))]

function tierRows(cells: readonly Row[], books: readonly RuleBook[]): Row[] {
  return currenciesOf(cells).flatMap((currency) => {
    const own = cells.filter((cell) => cell.currency === currency)
    return books.flatMap(({ name, settings }, at) => {
      const late = [...settings.tiers].sort((a, b) => a.from - b.from)
      return [{ name: 'not_late', from: null, to: null }, ...late].map(({ name: tier, from, to }) => ({
        rule_book: name, currency, tier, from, to, ...sums(own.filter((cell) => cell[under(at).tier] === tier), under(at).overdue, own[0]!),
      }))
    })
  })
}

/** The lines on which the rule books disagree of an account with these tiers, and which of them have it beyond. */
function disputed(cell: Row, lines: Lines, books: readonly RuleBook[]) {
  return lines.flatMap(({ line, beyond }) => {
    const drawn = books.flatMap((book, at) => (beyond.has(book) ? [{ name: book.name, is: beyond.get(book)!.includes(String(cell[under(at).tier])) }] : []))
    const said = (is: boolean) => drawn.filter((one) => one.is === is).map(({ name }) => name).join(', ')
    return said(true) === '' || said(false) === '' ? [] : [{ line, beyond: said(true), not_beyond: said(false) }]
  })
}

/** The same of accounts in the engine: on some line neither all nor none of the rule books that draw it have the account beyond. */
const isDisputed = (lines: Lines, books: readonly RuleBook[]) =>
  some(lines.map(({ beyond }) => {
    const votes = books.flatMap((book, at) => (beyond.has(book) ? [sql`CASE WHEN ${name(under(at).tier)} IN (${join(beyond.get(book)!.map(text))}) THEN 1 ELSE 0 END`] : []))
    return sql`${join(votes, sql` + `)} BETWEEN 1 AND ${int(votes.length - 1)}`
  }))

function disputeRows(cells: readonly Row[], lines: Lines, books: readonly RuleBook[]): Row[] {
  return currenciesOf(cells).flatMap((currency) => {
    const own = cells.filter((cell) => cell.currency === currency)
    const found = own.flatMap((cell) => disputed(cell, lines, books).map((dispute) => ({ ...dispute, cell })))
    const each = [...new Map(found.map((one) => [`${one.line}|${one.beyond}|${one.not_beyond}`, one] as const)).values()].sort((a, b) => a.line - b.line || (a.beyond < b.beyond ? -1 : 1))
    const any = own.filter((cell) => disputed(cell, lines, books).length > 0)
    return [
      ...each.map(({ line, beyond, not_beyond }) => ({
        currency, line, ...sums(found.filter((one) => one.line === line && one.beyond === beyond && one.not_beyond === not_beyond).map(({ cell }) => cell), 'largest', own[0]!), beyond, not_beyond,
      })),
      // An account may be disputed on several lines: the last line counts each once.
      { currency, line: null, ...sums(any, 'largest', own[0]!), beyond: null, not_beyond: null },
    ]
  })
}
