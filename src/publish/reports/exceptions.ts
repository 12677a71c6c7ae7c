import { isLendersWord } from '../../classify/lenders-word.ts'
import { addDays } from '../../engine/calls.ts'
import type { Engine, Row, Value } from '../../engine/engine.ts'
import type { Relation } from '../../engine/relation.ts'
import { date, int, join, name, sql, text, type, type Sql } from '../../engine/sql.ts'
import type { Outcome } from '../../outcome.ts'
import type { Settings } from '../../settings/load.ts'
import { byCode } from '../../by-code.ts'
import { decimalsOf, exact, plain } from '../exact.ts'
import { isAged, isHeld } from './aged.ts'
import type { MadeReport, Report } from './report.ts'

/** What somebody should look at before the lists are worked. */
const exceptions: Report = {
  name: 'exceptions',
  says: 'Accounts, rows and money that need a look, per currency, with the oldest date and one account as an example.',
  columns: { kind: 'text', detail: 'text', currency: 'text', accounts: 'int', rows: 'int', amount: 'money', oldest: 'date', example: 'text' },
}

/** What accounts show by themselves: the kind, what tells its lines apart, the money that matters, the date that says how long. */
const shownBy = (settings: Settings, accounts: Relation): { kind: string; detail: Sql; amount: Sql; oldest: Sql; where: Sql }[] => {
  const none = sql`CAST(NULL AS ${type('text')})`
  const noDate = sql`CAST(NULL AS ${type('date')})`
  return [
    { kind: 'rejected_account', detail: none, amount: sql`a.overdue_amount`, oldest: noDate, where: sql`a.tier = 'rejected'` },
    { kind: 'no_schedule', detail: none, amount: sql`a.outstanding_principal`, oldest: noDate, where: sql`a.tier = 'no_schedule'` },
    { kind: 'paid_up_but_open', detail: none, amount: sql`a.advance`, oldest: sql`a.last_paid_on`, where: sql`a.status = 'open' AND ${isAged(settings)} AND a.instalments_total > 0 AND a.outstanding_schedule = 0` },
    { kind: 'advance_beside_overdue', detail: none, amount: sql`a.overdue_amount`, oldest: sql`a.oldest_unpaid_due_on`, where: sql`a.advance > 0 AND a.overdue_amount > 0` },
    { kind: 'pending', detail: none, amount: sql`a.pending_amount`, oldest: noDate, where: sql`a.pending_amount > 0` },
    { kind: 'owed_back', detail: none, amount: sql`a.owed_back`, oldest: noDate, where: sql`a.owed_back > 0` },
    { kind: 'late_but_waived', detail: sql`a.late_reason_waived`, amount: sql`a.overdue_amount`, oldest: sql`a.oldest_unpaid_due_on`, where: sql`coalesce(a.late_reason_waived, '') <> ''` },
    ...('basis' in accounts.columns ? [{ kind: 'by_lender', detail: sql`a.basis`, amount: sql`a.overdue_amount`, oldest: sql`a.oldest_unpaid_due_on`, where: sql`${isLendersWord(sql`a.basis`)} AND ${isAged(settings)}` }] : []),
    ...('forborne' in accounts.columns ? [{ kind: 'forborne', detail: sql`a.tier`, amount: sql`a.overdue_amount`, oldest: sql`a.oldest_unpaid_due_on`, where: sql`a.forborne` }] : []),
  ]
}

/** In the order of the report; some count accounts that others count too. */
const kinds = [
  'held', 'held_over_7_days', 'closed_but_owing', 'ties_out', 'unknown_status', 'rejected_account', 'rejected_rows', 'unmatched', 'no_schedule', 'paid_up_but_open',
  'advance_beside_overdue', 'owed_back', 'late_but_waived', 'terms_not_used', 'by_lender', 'forborne', 'paid_after_as_of', 'pending', 'pending_over_3_days',
]

/** Days after which a hold is somebody's to look at: otherwise one bad row buries a debtor for a year. */
const longHeld = 7

export async function makeExceptions(outcome: Outcome, settings: Settings, engine: Engine): Promise<MadeReport> {
  const held = await heldLines(outcome.accounts, settings, engine)
  const ofAccounts = await accountLines(outcome.accounts, settings, engine)
  const counted = [...ofAccounts, ...(outcome.exceptions ?? [])]
  const found = [...held, ...counted.filter(({ kind }) => !ofMoney.includes(String(kind))), ...tieLines(outcome), ...rejectLines(outcome), ...(await unmatchedLines(outcome, engine)), ...moneyLines(outcome, counted)]
  return { ...exceptions, rows: found.map(whole).sort(inTotalOrder) }
}

/** By reason; those held for long, and those that are closed and still owe, once more. */
async function heldLines(accounts: Relation, settings: Settings, engine: Engine): Promise<Row[]> {
  const long = sql`coalesce(a.held_since < ${addDays(date(settings.as_of), int(-longHeld))}, FALSE)`
  const found = await engine.rows(sql`
    SELECT a.held_reason AS detail, a.currency AS currency, ${long} AS long, CAST(count(*) AS ${type('int')}) AS accounts,
           CAST(coalesce(sum(a.overdue_amount), 0) AS ${type('money')}) AS amount, min(a.held_since) AS oldest, min(a.account_id) AS example
    FROM ${accounts} a
    WHERE ${isHeld}
    GROUP BY a.held_reason, a.currency, ${long}`)
  return [
    ...together(found, 'held', ({ detail }) => detail!),
    ...together(found.filter((row) => row.long), 'held_over_7_days', ({ detail }) => detail!),
    ...together(found.filter((row) => String(row.detail).split(', ').includes('closed_but_owing')), 'closed_but_owing', () => null),
  ]
}

/** Lines of one detail and currency as one. */
function together(rows: readonly Row[], kind: string, detailOf: (row: Row) => Value): Row[] {
  const lines = new Map<string, Row>()
  for (const row of rows) {
    const detail = detailOf(row)
    const key = JSON.stringify([detail, row.currency])
    const line = lines.get(key)
    lines.set(key, line === undefined ? { ...row, kind, detail } : {
      ...line,
      accounts: Number(line.accounts) + Number(row.accounts),
      amount: plain(exact(String(line.amount)) + exact(String(row.amount)), decimalsOf(String(line.amount))),
      oldest: [line.oldest, row.oldest].filter((day) => day !== null).map(String).sort(byCode)[0] ?? null,
      example: [String(line.example), String(row.example)].sort(byCode)[0]!,
    })
  }
  return [...lines.values()]
}

/** Where our figures and the lender's own differ: by how much, and on which account the most. */
function tieLines({ ties }: Outcome): Row[] {
  const totals = (ties?.rows ?? []).filter((row) => row.section === 'total' && row.accounts !== row.equal)
  return totals.map(({ measure, currency, accounts, equal, difference }) => ({
    kind: 'ties_out', detail: measure!, currency: currency!, accounts: Number(accounts) - Number(equal), amount: currency === null ? null : difference!,
    example: ties!.rows.find((row) => row.section === 'largest' && row.measure === measure && row.currency === currency)?.name ?? null,
  }))
}

function accountLines(accounts: Relation, settings: Settings, engine: Engine): Promise<Row[]> {
  const parts = shownBy(settings, accounts).map(
    ({ kind, detail, amount, oldest, where }) => sql`
      SELECT ${text(kind)} AS kind, ${detail} AS detail, a.currency AS currency, CAST(count(*) AS ${type('int')}) AS accounts,
             CAST(coalesce(sum(${amount}), 0) AS ${type('money')}) AS amount, min(${oldest}) AS oldest, min(a.account_id) AS example
      FROM ${accounts} a
      WHERE ${where}
      GROUP BY ${detail}, a.currency`,
  )
  return engine.rows(join(parts, sql` UNION ALL `))
}

/** By input and code, with the accounts that the rows name. */
const rejectLines = ({ rejects }: Outcome): Row[] =>
  rejects.byCode.map(({ input, code, count, accounts }) => ({ kind: 'rejected_rows', detail: `${input}: ${code}`, rows: count, accounts: accounts.size, example: least(accounts) }))

/** The first id in order, of sets that may be large. */
function least(ids: ReadonlySet<string>): string | null {
  let found: string | null = null
  for (const id of ids) if (found === null || byCode(id, found) < 0) found = id
  return found
}

async function unmatchedLines(outcome: Outcome, engine: Engine): Promise<Row[]> {
  const lines: Row[] = []
  for (const [input, rows] of Object.entries(outcome.unmatched)) {
    const has = (column: string) => column in rows.columns
    const amount = ['amount', 'amount_due'].find((column) => rows.columns[column] === 'money')
    const money = amount === undefined ? sql`CAST(NULL AS ${type('money')})` : sql`CAST(coalesce(sum(${name(amount)}), 0) AS ${type('money')})`
    const day = ['paid_on', 'due_on'].find((column) => rows.columns[column] === 'date')
    const oldest = day === undefined ? sql`CAST(NULL AS ${type('date')})` : sql`min(${name(day)})`
    const currency = has('currency') ? sql`currency` : sql`CAST(NULL AS ${type('text')})`
    lines.push(
      ...(await engine.rows(sql`
        SELECT 'unmatched' AS kind, ${text(`${input}: `)} || why AS detail, ${currency} AS currency, CAST(count(*) AS ${type('int')}) AS rows,
               CAST(count(DISTINCT account_id) AS ${type('int')}) AS accounts, ${money} AS amount, ${oldest} AS oldest, min(account_id) AS example
        FROM ${rows}
        GROUP BY why, ${currency}`)),
    )
  }
  return lines
}

/** Kinds whose money is known of the whole book. */
const ofMoney: readonly string[] = ['paid_after_as_of', 'pending']

/** The money is that of the whole book, what is unmatched too; the accounts are those that have some. */
function moneyLines(outcome: Outcome, counted: readonly Row[]): Row[] {
  const line = (kind: string, currency: string, amount: string): Row[] => {
    const { accounts = null, example = null } = counted.find((row) => row.kind === kind && row.currency === currency) ?? {}
    return isZero(amount) ? [] : [{ kind, currency, amount, accounts, example }]
  }
  return outcome.money.flatMap(({ currency, later, pending }) => [...line('paid_after_as_of', currency, later), ...line('pending', currency, pending)])
}

const isZero = (amount: string) => /^-?0*(\.0*)?$/.test(amount)
const whole = (row: Row): Row => Object.fromEntries(Object.keys(exceptions.columns).map((column) => [column, row[column] ?? null]))
const inTotalOrder = (a: Row, b: Row) =>
  kinds.indexOf(String(a.kind)) - kinds.indexOf(String(b.kind)) || byCode(String(a.detail ?? ''), String(b.detail ?? '')) || byCode(String(a.currency ?? ''), String(b.currency ?? ''))
