import { relation, type Columns, type Relation } from '../engine/relation.ts'
import { date, join, name, nothing, sql, text, type Hole, type Sql } from '../engine/sql.ts'
import type { Classified } from '../classify/classify.ts'
import { countedUntil, everCounts, isOthers, isWaived, takesOff, type PaymentFacts } from '../classify/payments.ts'
import { partNames, type Part } from '../read/inputs.ts'
import type { Book } from '../read/read.ts'
import type { Settings } from '../settings/load.ts'
import type { ValidatedBook } from '../validate/validate.ts'
import { layoutBy } from './by.ts'
import type { Opening } from './opening.ts'

interface Given {
  readonly book: Book
  readonly classified: Classified
  readonly validated: ValidatedBook
  readonly facts: PaymentFacts
  readonly settings: Settings
  readonly opening: Opening
}

/** Parts of payments that a file tells. */
const partsTold = ({ repayments }: Pick<Book, 'repayments'>): readonly Part[] => partNames.filter((part) => repayments.columns.some(({ name, role }) => name === `${part}_paid` && role === 'used'))

/** Money that came and went since the month's start, by day, bucket at the month's start and product: cash of the borrower, what was taken back of it, and what is no such cash beside it. */
export function cash({ book, classified: { payments }, validated: { loans, repayments }, facts, settings, opening }: Given): Relation {
  const asOf = date(settings.as_of)
  const within = (day: Hole): Sql => sql`${day} > ${date(opening.day)} AND ${day} <= ${asOf}`
  const parts = partsTold(book)
  const of = (amount: (part: Part) => Hole) => join(parts.map((part) => sql`, ${amount(part)} AS ${name(part)}`), sql``)
  const stands = everCounts(facts)
  const moneyIn = facts.kinds ? sql` AND NOT ${takesOff(sql`p.kind`)} AND p.kind <> 'charge'` : sql``
  const { reversals } = repayments
  // What a reversal takes back: one that does not count, or does no more, has nothing to be taken off.
  const named = reversals === undefined ? undefined : relation({
    name: 'payments that reversals name',
    says: 'Payments that reversals name, with what they are.',
    columns: { payment_id: 'text', account_id: 'text', kind: 'text', status: 'text', reversed_on: 'date' },
    kept: 'table',
    body: sql`SELECT p.payment_id, p.account_id, min(p.kind) AS kind, min(p.status) AS status, min(p.reversed_on) AS reversed_on FROM ${payments} p JOIN ${reversals.targets} t ON t.ordinal = p.ordinal GROUP BY p.payment_id, p.account_id`,
  })
  const ofNamed = named === undefined ? sql`` : sql` LEFT JOIN ${named} t ON t.payment_id = p.reverses AND t.account_id = p.account_id`
  const wasThere = named === undefined ? sql`p.reverses IS NULL` : sql`(p.reverses IS NULL OR t.status = 'settled'${facts.statuses ? sql` OR (t.status = 'reversed' AND t.reversed_on > p.counts_on)` : sql``})`
  const back = (day: Hole, amount: Hole, where: Sql) =>
    sql`SELECT p.account_id, p.currency, ${day} AS day, ${named === undefined ? sql`'payment'` : sql`CASE WHEN p.reverses IS NULL THEN 'payment' ELSE t.kind END`} AS kind, ${amount} AS amount, TRUE AS back${of(() => nothing('money'))} FROM ${payments} p${ofNamed} WHERE ${takesOff(sql`p.kind`)} AND ${within(day)}${where} AND ${wasThere}`
  const rows = [
    sql`SELECT p.account_id, p.currency, p.counts_on AS day, p.kind, p.amount, FALSE AS back${of((part) => sql`r.${name(`${part}_paid`)}`)} FROM ${payments} p${parts.length === 0 ? sql`` : sql` JOIN ${repayments.accepted} r ON r.ordinal = p.ordinal`} WHERE ${within(sql`p.counts_on`)}${stands}${moneyIn}`,
    ...(facts.statuses ? [sql`SELECT p.account_id, p.currency, p.reversed_on, p.kind, p.amount, TRUE${of(() => nothing('money'))} FROM ${payments} p WHERE ${countedUntil} AND ${within(sql`p.reversed_on`)}${moneyIn}`] : []),
    ...(facts.kinds
      ? [
          back(sql`p.counts_on`, sql`abs(p.amount)`, stands),
          // What takes back and is taken back itself lowers what was taken.
          ...(facts.statuses ? [back(sql`p.reversed_on`, sql`-abs(p.amount)`, sql` AND ${countedUntil}`)] : []),
          // A payment that is flagged on top takes back all that is left of it: what had been taken before is in the flag again.
          ...(facts.statuses && named !== undefined ? [back(sql`t.reversed_on`, sql`-abs(p.amount)`, sql`${stands} AND t.status = 'reversed' AND p.counts_on < t.reversed_on`)] : []),
        ]
      : []),
  ]
  const fallback = settings.currency ?? (book.currencies.length === 1 ? book.currencies[0] : undefined)
  const signed = sql`CASE WHEN back THEN -amount ELSE amount END`
  const isCash = facts.kinds ? sql`NOT ${isWaived()} AND NOT ${isOthers()} AND kind <> 'charge'` : sql`TRUE`
  // Lines of the report are by product, whatever it is laid out by.
  const layout = layoutBy([...settings.reports.by, 'product'])
  const columns: Columns = {
    day: 'date', currency: 'text', bucket: 'text', ...layout.columns, payments: 'int', amount: 'money', ...Object.fromEntries(parts.map((part) => [part, 'money'] as const)),
    reversals: 'int', reversed_amount: 'money', not_cash: 'money', from_others: 'money',
  }
  const sumWhere = (condition: Sql, value: Sql) => sql`coalesce(sum(CASE WHEN ${condition} THEN ${value} END), 0)`
  return relation({
    name: 'cash',
    says: 'Money by day, bucket at the start of the month and product.',
    columns,
    kept: 'table',
    body: sql`
      SELECT day, currency, bucket${layout.names()}, count(CASE WHEN ${isCash} AND NOT back THEN 1 END) AS payments, ${sumWhere(sql`${isCash} AND NOT back`, sql`amount`)} AS amount${of((part) => sumWhere(sql`${isCash} AND NOT back`, sql`${name(part)}`))},
             count(CASE WHEN ${isCash} AND back AND amount > 0 THEN 1 END) AS reversals, ${sumWhere(sql`${isCash} AND back`, sql`amount`)} AS reversed_amount, ${facts.kinds ? sumWhere(isWaived(), signed) : sql`0`} AS not_cash, ${facts.kinds ? sumWhere(isOthers(), signed) : sql`0`} AS from_others
      FROM (
        SELECT m.day, coalesce(l.currency, m.currency, ${fallback === undefined ? nothing('text') : text(fallback)}, 'unknown') AS currency, CASE WHEN l.account_id IS NULL THEN 'unmatched' ELSE coalesce(o.bucket, o.tier, 'not_yet') END AS bucket${layout.of('l', loans.accepted.columns)}, m.kind, m.amount, m.back${of((part) => sql`m.${name(part)}`)}
        FROM (${join(rows, sql` UNION ALL `)}) AS m
        LEFT JOIN ${loans.accepted} l ON l.account_id = m.account_id
        LEFT JOIN ${opening.rows} o ON o.account_id = m.account_id
      ) AS placed
      GROUP BY day, currency, bucket${layout.names()}`,
  })
}
