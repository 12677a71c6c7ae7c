import { lendersWordSaid } from './basis-said.ts'
import { goneByDaysIn, goneByDaysSaid } from './gone-by-days.ts'
import { planFacts } from './classify/in-force.ts'
import type { Classified } from './classify/classify.ts'
import type { Rules } from './decide/rules.ts'
import type { Engine } from './engine/engine.ts'
import type { Relation } from './engine/relation.ts'
import { join, sql, text } from './engine/sql.ts'
import { idWarnings } from './id-warnings.ts'
import { crossed, tooOld } from './limits.ts'
import { moneyWarnings } from './money-said.ts'
import type { MoneyTotals, Warning } from './outcome.ts'
import type { Book } from './read/read.ts'
import { readWarnings } from './read-warnings.ts'
import { plusDays } from './settings/as-of.ts'
import type { Settings } from './settings/load.ts'
import type { InputName } from './settings/schema.ts'
import { losesNothing } from './validate/checks.ts'
import type { Rejects } from './validate/rejects.ts'

interface Known {
  readonly engine: Engine
  readonly settings: Settings
  readonly book: Book
  readonly classified: Classified
  readonly unmatchedMoney: Relation
  /** Rows that meet no account, by input, where there are any. */
  readonly strangers: Readonly<Partial<Record<InputName, Relation>>>
  readonly money: readonly MoneyTotals[]
  readonly newestPayment: string | undefined
  readonly rejects: Rejects
  readonly rules: Rules | undefined
  /** Reports show earlier days too. */
  readonly looksBack: boolean
}

/** What a reader must be told beside the figures, each in a sentence. */
export async function warningsOf(known: Known): Promise<Warning[]> {
  return [...(await lendersWordSaid(known.engine, known.classified, known.settings)), ...strangeCurrencies(known), ...stale(known), ...(await quarantinedAccounts(known)), ...unread(known), ...readWarnings(known.book), ...twoPlans(known), ...(await undatedVersions(known)), ...(await paidInPlan(known)), ...(await termsAtFault(known)), ...(await moneyWarnings(known)), ...laterMoney(known), ...(await strangeMoney(known)), ...(await idWarnings(known.engine, known.classified.classified, known.strangers)), ...crossed(known.money, known.settings), ...(await old(known)), ...(await noDate(known)), ...(await strangeProducts(known)), ...missingColumns(known), ...(await byDaysOnly(known)), ...doubts(known)]
}

/** Three letters alone make no currency: amounts of one under two names are never added up. */
function strangeCurrencies({ book }: Known): Warning[] {
  const known = new Set(Intl.supportedValuesOf('currency'))
  const strange = book.currencies.filter((code) => !known.has(code))
  return strange.length === 0 ? [] : [{ code: 'currency-not-iso', says: `${strange.join(', ')}: no currency of ISO 4217. Amounts in it stand on their own; map it under inputs.loans.values.currency where it is another word for one (RMB is CNY).` }]
}

async function byDaysOnly({ engine, classified: { goneByDays } }: Known): Promise<Warning[]> {
  return goneByDays === undefined ? [] : goneByDaysSaid(await goneByDaysIn(engine, goneByDays))
}

function stale({ settings, newestPayment }: Known): Warning[] {
  if (settings.data_through !== undefined || newestPayment === undefined) return []
  const days = settings.newest_payment_warn_days
  if (settings.as_of <= plusDays(newestPayment, days)) return []
  return [{ code: 'stale-payments', says: `The newest payment is of ${newestPayment}, more than ${days} days before ${settings.as_of}: is the repayments file complete? State data_through when it is.` }]
}

/** The stated limit. A payment of a day to come must not hide that none came in. */
async function old({ engine, settings, classified, book, newestPayment }: Known): Promise<Warning[]> {
  if (settings.newest_payment_max_days === undefined || book.repayments.files.length === 0) return []
  if (newestPayment === undefined || newestPayment <= settings.as_of) return tooOld(newestPayment, settings)
  const [row] = await engine.rows(sql`SELECT max(last_paid_on) AS day FROM ${classified.classified}`)
  return tooOld(row!.day === null ? undefined : String(row!.day), settings)
}

async function quarantinedAccounts({ engine, classified, settings }: Known): Promise<Warning[]> {
  const rows = await engine.rows(sql`SELECT account_id FROM ${classified.classified} WHERE held_reason LIKE '%row_in_quarantine%' ORDER BY account_id`)
  if (rows.length === 0) return []
  return [{ code: 'accounts-held', says: `${rows.length} ${rows.length === 1 ? 'account is' : 'accounts are'} held: ${settings.blast_radius ? 'a row in quarantine could change their tier or action' : 'a row in quarantine names them, so their figures may be wrong'}.`, names: rows.map((row) => String(row.account_id)) }]
}

function unread({ rejects }: Known): Warning[] {
  const nameless = rejects.byCode.filter((of) => !losesNothing(of)).reduce((sum, of) => sum + of.nameless, 0)
  return nameless === 0 ? [] : [{ code: 'rejects-without-account', says: `${nameless} rejected ${nameless === 1 ? 'row names' : 'rows name'} no account that can be read: nobody could be held for ${nameless === 1 ? 'it' : 'them'}.` }]
}

/** The old plan and the new one of a changed contract under the same numbers: one cause, however many rows it takes. */
function twoPlans({ rejects, book }: Known): Warning[] {
  const rows = rejects.byCode.find(({ input, code }) => input === 'schedule' && code === 'conflicting-key')
  if (rows === undefined || rows.accounts.size === 0) return []
  const accounts = [...rows.accounts].sort()
  return [{ code: 'two-plans', says: `${accounts.length} ${accounts.length === 1 ? 'account has' : 'accounts have'} instalments that stand twice with different contents (${rows.count} rows rejected): an old and a new plan? ${hasVersion(book) ? 'Give each its version.' : 'Give the schedule version and valid_from.'}`, names: accounts }]
}

const hasVersion = ({ schedule }: Book) => schedule.columns.some(({ name, role }) => name === 'version' && role === 'used')

async function undatedVersions({ engine, classified, book }: Known): Promise<Warning[]> {
  const { versions } = classified
  if (versions === undefined || book.schedule.columns.some(({ name, role }) => name === 'valid_from' && role === 'used')) return []
  const [row] = await engine.rows(sql`SELECT count(DISTINCT account_id) AS n FROM ${versions} WHERE versions > 1`)
  const accounts = Number(row!.n)
  return accounts === 0 ? [] : [{ code: 'versions-undated', says: `${accounts} ${accounts === 1 ? 'account has' : 'accounts have'} several versions of the plan and the schedule has no valid_from: the newest stands on every day, past days too.` }]
}

/** Where the schedule says what is open or what was paid, and what that leaves unknown. */
async function paidInPlan({ engine, settings, book, classified, newestPayment }: Known): Promise<Warning[]> {
  const { open, openOnly, paidOnRows, has } = planFacts(book, settings)
  if (openOnly) return [{ code: 'open-plan', says: `The schedule holds open instalments alone (open_only): each is open by its amount, no repayments are applied to it, and it holds for ${settings.data_through === undefined ? 'the day of its export alone: state data_through' : `${settings.data_through} alone`}. What is overdue is at most that: a part that was paid is known by amount_paid alone.` }]
  if (open) return [{ code: 'open-plan', says: `The schedule says what is open (amount_open): no repayments are applied to it, and it holds for ${settings.data_through === undefined ? 'the day of its export alone: state data_through' : `${settings.data_through} alone`}.` }]
  if (has('amount_paid') && !paidOnRows) return [{ code: 'paid-amounts-not-used', says: 'The schedule states amount_paid, and repayments are given: the repayments stand.' }]
  if (!paidOnRows) return []
  const past = newestPayment !== undefined && settings.as_of < newestPayment ? [{ code: 'paid-on-rows', says: `What was paid stands on the rows of the schedule with its last day: of instalments paid in parts less is known on ${settings.as_of} than was.` }] : []
  if (classified.undated === undefined) return past
  const [row] = await engine.rows(sql`SELECT count(*) AS n FROM ${classified.undated}`)
  const accounts = Number(row!.n)
  return [...past, ...(accounts === 0 ? [] : [{ code: 'incomplete', says: `incomplete: ${accounts} ${accounts === 1 ? 'account is' : 'accounts are'} held: something was paid on an unknown day, not after ${settings.data_through}, and it does not count on ${settings.as_of}.` }])]
}

async function termsAtFault({ engine, classified }: Known): Promise<Warning[]> {
  if (classified.terms === undefined) return []
  const rows = await engine.rows(sql`SELECT fault, count(*) AS n, min(account_id) AS first FROM ${classified.terms} WHERE fault LIKE 'terms: %' GROUP BY fault ORDER BY fault`)
  return rows.map(({ fault, n, first }) => ({ code: 'terms-at-fault', says: `${n} ${Number(n) === 1 ? 'account' : 'accounts'}, ${String(first)} first, cannot be aged. ${String(fault)}.` }))
}

function laterMoney({ money, settings }: Known): Warning[] {
  return money
    .filter(({ later }) => Number(later) !== 0)
    .map(({ later, currency }) => ({ code: 'money-after-as-of', says: `${later} ${currency} is dated after ${settings.as_of} and does not count.` }))
}

async function strangeMoney({ engine, unmatchedMoney }: Known): Promise<Warning[]> {
  const rows = await engine.rows(sql`SELECT currency, why, payments, CAST(received AS VARCHAR) AS received FROM ${unmatchedMoney} ORDER BY currency, why`)
  return rows.map(({ currency, why, payments, received }) => ({
    code: 'unmatched-money',
    says: `${payments} ${Number(payments) === 1 ? 'payment' : 'payments'} of ${received} ${currency} ${why === 'no_loan' ? 'name accounts that no loan row has' : 'name accounts whose loan row was rejected'}.`,
  }))
}

/** A state without a date cannot be placed before the day of the export. */
async function noDate({ engine, settings, classified, looksBack }: Known): Promise<Warning[]> {
  const early = settings.data_through !== undefined && settings.as_of < settings.data_through
  if (!early && !looksBack) return []
  const [row] = await engine.rows(sql`SELECT count(*) AS n FROM ${classified.classified} WHERE state_undated`)
  if (Number(row!.n) === 0) return []
  const when = early ? `on ${settings.as_of}, before ${settings.data_through}, they may still have been open` : 'in what reports tell of earlier days (flow, morning, cash, largest) they stand as they do now, and may still have been open'
  return [{ code: 'incomplete', says: `incomplete: ${row!.n} ${Number(row!.n) === 1 ? 'account is' : 'accounts are'} closed, written off or sold on an unknown day; ${when}.` }]
}

/** Conventions of a product that no loan has do nothing: the name may be mistyped. */
async function strangeProducts({ engine, settings, classified }: Known): Promise<Warning[]> {
  const named = Object.keys(settings.conventions.products)
  if (named.length === 0) return []
  const rows = await engine.rows(sql`SELECT DISTINCT product FROM ${classified.classified} WHERE product IN (${join(named.map(text))})`)
  const found = rows.map(({ product }) => String(product))
  return named.filter((product) => !found.includes(product)).map((product) => ({ code: 'product-not-found', says: `conventions.products names "${product}", and no loan has that product: its conventions hold for nobody.` }))
}

function missingColumns({ book }: Known): Warning[] {
  const lacks = (input: 'schedule' | 'repayments', column: string) => book[input].files.length > 0 && !book[input].columns.some((one) => one.name === column && one.role === 'used')
  return [
    ...(lacks('repayments', 'payment_id') ? [{ code: 'no-payment-id', says: 'Repayments have no payment_id: file and line are the key, and a file that overlaps another cannot be noticed.' }] : []),
    ...(lacks('schedule', 'instalment_no') ? [{ code: 'no-instalment-no', says: 'The schedule has no instalment_no: instalments are numbered by due date, and a repeated row cannot be noticed.' }] : []),
  ]
}

function doubts({ rules }: Known): Warning[] {
  return (rules?.doubts ?? []).map((doubt) => ({ code: doubt.code, says: `${doubt.place.file ?? 'rules'}:${doubt.place.line ?? 0}: ${doubt.says} ${doubt.todo}` }))
}
