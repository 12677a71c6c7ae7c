import { relation, type Relation } from '../engine/relation.ts'
import { int, join, name, nothing, sql, text } from '../engine/sql.ts'
import type { ReadInput } from '../read/read.ts'
import type { Settings } from '../settings/load.ts'
import { ordinalColumn } from '../validate/rows.ts'
import { counts, isWaived, later, pending, type PaymentFacts } from './payments.ts'

/** Accounts that rows name and no accepted loan row has, looked for among the keys already aggregated. */
export function strangers(keys: Relation, loans: Relation, rejectedLoans: Relation, as: string): Relation {
  return relation({
    name: as,
    says: 'Accounts that rows name and no accepted loan row has.',
    columns: { account_id: 'text', why: 'text' },
    kept: 'table',
    body: sql`
      SELECT k.account_id, CASE WHEN r.account_id IS NULL THEN 'no_loan' ELSE 'parent_rejected' END AS why
      FROM ${keys} k
      LEFT JOIN ${rejectedLoans} r ON r.account_id = k.account_id
      WHERE NOT EXISTS (SELECT 1 FROM ${loans} l WHERE l.account_id = k.account_id)`,
  })
}

/** Accepted rows that meet no account: listed, never guessed. `record` is the place among the rows of its file that could be read, the first being 1. */
export function unmatched(read: ReadInput, accepted: Relation, of: Relation): Relation {
  const own = Object.keys(accepted.columns).filter((column) => column !== ordinalColumn && read.columns.some((one) => one.name === column && one.role !== 'rest'))
  const files = [...read.files].reverse()
  const byFile = (value: (file: (typeof files)[number]) => ReturnType<typeof text> | ReturnType<typeof sql>) =>
    files.length === 0 ? nothing('text') : files.length === 1 ? value(files[0]!) : sql`CASE ${join(files.map((file) => sql`WHEN a.ordinal >= ${int(file.from)} THEN ${value(file)}`), sql` `)} END`
  return relation({
    name: `unmatched ${read.input}`,
    says: `Accepted rows of ${read.input} whose account is in no accepted loan row.`,
    columns: { file: 'text', record: 'bigint', why: 'text', ...Object.fromEntries(own.map((column) => [column, accepted.columns[column]!] as const)) },
    kept: 'table',
    body: sql`
      SELECT ${byFile((file) => text(file.source.name))} AS file, ${byFile((file) => sql`a.ordinal - ${int(file.from)} + 1`)} AS record, s.why, ${join(own.map((column) => sql`a.${name(column)}`))}
      FROM ${accepted} a
      JOIN ${of} s ON s.account_id = a.account_id`,
  })
}

/** Money of payments that meet no account, per currency: their own, else that of the settings, else unknown. */
export function unmatchedMoney(paid: Relation, of: Relation, facts: PaymentFacts, settings: Settings, onlyCurrency: string | undefined): Relation {
  const fallback = settings.currency ?? onlyCurrency
  return relation({
    name: 'unmatched money',
    says: 'Money of payments that meet no account, per currency.',
    columns: { currency: 'text', why: 'text', payments: 'bigint', received: 'money', cash: 'money', later: 'money', pending: 'money' },
    kept: 'table',
    body: sql`
      SELECT coalesce(p.currency, ${fallback === undefined ? nothing('text') : text(fallback)}, 'unknown') AS currency, s.why, count(*) AS payments,
             sum(CASE WHEN counts THEN adds ELSE 0 END) AS received,
             sum(CASE WHEN counts AND NOT ${isWaived()} THEN adds ELSE 0 END) AS cash,
             sum(${later(settings.as_of, facts)}) AS later,
             sum(${pending(settings.as_of, facts)}) AS pending
      FROM (SELECT *, ${counts(settings.as_of, facts)} AS counts FROM ${paid}) AS p
      JOIN ${of} s ON s.account_id = p.account_id
      GROUP BY 1, 2`,
  })
}
