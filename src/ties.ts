import { notLate } from './classify/columns.ts'
import type { Classified } from './classify/classify.ts'
import { isLendersWord } from './classify/lenders-word.ts'
import { tryCast } from './engine/calls.ts'
import type { Engine, Row } from './engine/engine.ts'
import { int, join, name, sql, text, type, type Sql } from './engine/sql.ts'
import { tiesCode } from './limits.ts'
import type { Ties, Warning } from './outcome.ts'
import type { Book } from './read/read.ts'
import { guarded } from './read/typed.ts'
import type { Settings } from './settings/load.ts'

interface Measure {
  readonly name: string
  readonly ours: string
  readonly lender: string
  readonly kind: 'number' | 'money'
  /** Who is called, and for how much: where these differ too often the lists wait. */
  readonly ofLists?: true
  /** Only where the plan says it: else ours is the lender's own. */
  readonly from?: string
  /** Read as an amount already. */
  readonly read?: true
}

const measures: readonly Measure[] = [
  { name: 'days_past_due', ours: 'days_past_due', lender: 'lender_days_past_due', kind: 'number', ofLists: true },
  { name: 'overdue_amount', ours: 'overdue_amount', lender: 'lender_overdue_amount', kind: 'money', ofLists: true },
  { name: 'overdue_principal', ours: 'overdue_principal', lender: 'lender_overdue_principal', kind: 'money' },
  { name: 'outstanding_principal', ours: 'outstanding_principal', lender: 'lender_outstanding', kind: 'money', from: 'principal_due', read: true },
  { name: 'instalments_paid', ours: 'instalments_paid', lender: 'lender_instalments_paid', kind: 'number' },
  { name: 'total_paid', ours: 'received', lender: 'lender_total_paid', kind: 'money' },
]

/** Smaller books are compared, and never held back. */
const leastBook = 100
const mostValues = 20
/** Of each figure and currency. */
const largest = 10

interface Compared {
  readonly engine: Engine
  readonly book: Book
  readonly classified: Classified
  readonly settings: Settings
  readonly newestPayment: string | undefined
}

/** Whether as_of is the day of the export, of which the lender's own figures are. */
export const ofThatDay = ({ as_of, data_through }: Pick<Settings, 'as_of' | 'data_through'>, newestPayment: string | undefined) => (data_through !== undefined ? as_of === data_through : newestPayment === undefined || as_of >= newestPayment)

/** Our figures against the lender's own: the one check that sees what reconciles to the cent and is wrong. The lender's are photographs, and hold for the day of the export. */
export async function ties({ engine, book, classified, settings, newestPayment }: Compared): Promise<{ ties: Ties; warnings: Warning[] } | undefined> {
  const has = (column: string) => book.loans.columns.some((one) => one.name === column && one.role !== 'rest')
  const asked = measures.filter(({ lender, from }) => has(lender) && (from === undefined || book.schedule.columns.some((one) => one.name === from && one.role === 'used')))
  if (!ofThatDay(settings, newestPayment) || asked.length === 0) return undefined
  const totals = await totalsOf(engine, book, classified, settings, asked)
  if (totals.every((row) => row.accounts === 0)) return undefined
  const rows = [...totals]
  for (const measure of asked) {
    if (!totals.some((row) => row.measure === measure.name && row.accounts !== row.equal)) continue
    const pairs = pairsOf(book, classified, settings, measure)
    if (measure.name === 'days_past_due') rows.push(...(await daysOf(engine, pairs)))
    rows.push(...(await largestOf(engine, pairs, measure)))
  }
  const low = asked.filter(({ ofLists }) => ofLists).flatMap(({ name }) => {
    const [accounts, equal] = (['accounts', 'equal'] as const).map((figure) => totals.filter((row) => row.measure === name).reduce((sum, row) => sum + Number(row[figure]), 0)) as [number, number]
    return accounts >= leastBook && equal < accounts * settings.ties_min_agree ? [{ name, accounts, equal }] : []
  })
  const warnings = low.map(({ name, accounts, equal }) => ({ code: tiesCode, says: `${name}: ${equal} of ${accounts} accounts agree with the lender's own figure, fewer than the share of ${settings.ties_min_agree} that ties_min_agree asks. Work lists are held back; reports/ties.csv shows the differences.` }))
  return { ties: { rows, holdsLists: low.length > 0 }, warnings }
}

/** Both figures of each aged account that has them. What cannot be read as a number is not compared; days before the due date are none. */
function pairsOf(book: Book, { classified }: Classified, settings: Settings, { name: measure, ours, lender, kind, read }: Measure): Sql {
  // His own figure, taken as given, ties with itself.
  const isOurs = 'basis' in classified.columns ? measure === 'days_past_due' ? sql` AND coalesce(basis, '') <> 'lender_days'` : measure === 'overdue_amount' ? sql` AND NOT ${isLendersWord()}` : sql`` : sql``
  const raw = sql`nullif(CAST(${name(lender)} AS ${type('text')}), '')`
  const value = read ? tryCast(raw, type(kind)) : guarded(raw, kind, book.scale)
  const tiers = [...settings.tiers.map((tier) => tier.name), ...notLate].map(text)
  return sql`
    SELECT account_id, currency, ours, lender
    FROM (SELECT account_id, ${kind === 'money' ? sql`currency` : sql`NULL`} AS currency, ${name(ours)} AS ours, ${kind === 'number' ? sql`CASE WHEN ${value} < 0 THEN 0 ELSE ${value} END` : value} AS lender FROM ${classified} WHERE tier IN (${join(tiers)}) AND ${name(lender)} IS NOT NULL${isOurs}) AS pairs
    WHERE ours IS NOT NULL AND lender IS NOT NULL`
}

async function totalsOf(engine: Engine, book: Book, classified: Classified, settings: Settings, asked: readonly Measure[]): Promise<Row[]> {
  const parts = asked.map(
    (measure, at) => sql`
      SELECT ${int(at)} AS place, ${text(measure.name)} AS measure, currency, count(*) AS accounts, count(CASE WHEN ours = lender THEN 1 END) AS equal, count(CASE WHEN ours > lender THEN 1 END) AS higher, count(CASE WHEN ours < lender THEN 1 END) AS lower,
             ${plainNumber(sql`sum(ours)`, measure)} AS ours, ${plainNumber(sql`sum(lender)`, measure)} AS lender, ${plainNumber(sql`sum(ours - lender)`, measure)} AS difference
      FROM (${pairsOf(book, classified, settings, measure)}) AS compared
      GROUP BY currency`,
  )
  const rows = await engine.rows(sql`${join(parts, sql` UNION ALL `)} ORDER BY place, currency ASC NULLS FIRST`)
  return rows.map(({ measure, currency, accounts, equal, higher, lower, ours, lender, difference }) => ({
    measure: measure!, currency: currency!, section: 'total', name: null, accounts: Number(accounts), equal: Number(equal), higher: Number(higher), lower: Number(lower),
    agreement: Number(accounts) === 0 ? null : (Math.floor((Number(equal) / Number(accounts)) * 1e6) / 1e6).toFixed(6), ours: ours!, lender: lender!, difference: difference!, cause: null,
  }))
}

/** Days and counts without decimals. */
const plainNumber = (value: Sql, { kind }: Measure): Sql => (kind === 'money' ? sql`CAST(${value} AS ${type('text')})` : sql`CAST(CAST(${value} AS BIGINT) AS ${type('text')})`)

/** A few values tell most causes; the rest is one line. */
async function daysOf(engine: Engine, pairs: Sql): Promise<Row[]> {
  const found = await engine.rows(sql`SELECT CAST(ours - lender AS BIGINT) AS days, count(*) AS n FROM (${pairs}) AS compared WHERE ours <> lender GROUP BY 1 ORDER BY n DESC, days`)
  const line = (called: string, accounts: number, cause: string): Row => ({ measure: 'days_past_due', currency: null, section: 'days', name: called, accounts, equal: null, higher: null, lower: null, agreement: null, ours: null, lender: null, difference: null, cause })
  const rest = found.slice(mostValues).reduce((sum, row) => sum + Number(row.n), 0)
  return [...found.slice(0, mostValues).map(({ days, n }) => line(`${Number(days) > 0 ? '+' : ''}${days}`, Number(n), causeOf(Number(days)))), ...(rest === 0 ? [] : [line('others', rest, '')])]
}

/** What a difference in days often comes from. */
function causeOf(difference: number): string {
  const days = Math.abs(difference)
  if (days === 1) return 'the first day that counts, or data of another day'
  if (days <= 5) return 'grace, business days or days of clearing'
  if (days >= 28 && days <= 31) return 'one monthly instalment'
  if (days >= 59 && days <= 62) return 'two monthly instalments'
  if (days > 62) return difference > 0 ? 'payments or a changed plan are missing' : 'the plan begins late, or payments hold penalties'
  return 'a payment or an instalment that only one side counts'
}

async function largestOf(engine: Engine, pairs: Sql, measure: Measure): Promise<Row[]> {
  const text = (value: Sql) => plainNumber(value, measure)
  const found = await engine.rows(sql`
    SELECT account_id, currency, ${text(sql`ours`)} AS ours_said, ${text(sql`lender`)} AS lender_said, ${text(sql`ours - lender`)} AS difference
    FROM (SELECT *, row_number() OVER (PARTITION BY currency ORDER BY abs(ours - lender) DESC, account_id) AS place FROM (${pairs}) AS compared WHERE ours <> lender) AS ordered
    WHERE place <= ${int(largest)}
    ORDER BY currency ASC NULLS FIRST, place`)
  return found.map(({ account_id, currency, ours_said, lender_said, difference }) => ({
    measure: measure.name, currency: currency!, section: 'largest', name: account_id!, accounts: null, equal: null, higher: null, lower: null, agreement: null, ours: ours_said!, lender: lender_said!, difference: difference!, cause: null,
  }))
}
