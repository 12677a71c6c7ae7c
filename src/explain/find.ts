import { distance } from 'fastest-levenshtein'
import { bareId, endsWith, startsWith } from '../engine/calls.ts'
import type { Engine } from '../engine/engine.ts'
import { relation, type Relation } from '../engine/relation.ts'
import { int, some, sql, text, type Hole } from '../engine/sql.ts'
import { UserError } from '../errors.ts'
import type { Flow } from '../flow.ts'
import type { Reject } from '../outcome.ts'
import { shown } from '../publish/formats/width.ts'
import { bare, unblanked } from '../read/ids.ts'
import { names } from './evidence.ts'

/** Where an id is looked for. */
export interface Finding {
  readonly engine: Engine
  /** As idsOf has them. */
  readonly ids: Relation
  readonly accounts: Relation
  /** Accepted money, with payment_id and account_id. */
  readonly payments: Relation
  readonly rejects: readonly Reject[]
}

export interface Found {
  readonly id: string
  /** Other ids that are like it but for blanks, letter case or leading zeros: rows of this account may stand under them. */
  readonly alike: readonly string[]
  /** What the reader must know of the id. */
  readonly note?: string
}

/**
 * The account that is meant, wherever its id stands: among the loans, among rows that meet no loan, in quarantine. Exactly as
 * asked; else but for blanks at the ends, letter case and leading zeros, where only one id is like it; else the account of a payment
 * or borrower of that id.
 */
export async function find(on: Finding, asked: string): Promise<Found> {
  const { rejects } = on
  const like = new Set([...(await idsWhere(on, sql`bare = ${bareId(text(asked))}`)), ...rejects.filter(({ account_id }) => account_id !== '' && bare(account_id) === bare(asked)).map(({ account_id }) => account_id)])
  const all = [...like].sort()
  if (like.has(asked) || rejects.some((reject) => names(reject, asked))) {
    const alike = all.filter((id) => id !== asked)
    const notes = [...(alike.length === 0 ? [] : [`Rows also name ${alike.slice(0, most).map(quoted).join(', ')}: like it ${but}, and another account to this run.`]), ...damagedHint(on, asked)]
    return { id: asked, alike, ...(notes.length === 0 ? {} : { note: notes.join(' ') }) }
  }
  const [only, ...others] = all
  if (only !== undefined && others.length === 0) return { id: only, alike: [], note: `No row names ${quoted(asked)}; ${quoted(only)} is like it ${but}.` }
  const other = only === undefined ? await ofAnother(on, asked) : undefined
  if (other !== undefined) return other
  throw new UserError('account-not-found', { value: quoted(asked), hint: only === undefined ? await hint(on, asked) : `Like it ${but}: ${all.slice(0, most).map(quoted).join(', ')}. Ask for one of them.` })
}

const but = 'but for blanks, letter case or leading zeros'
const quoted = (id: string) => `"${shown(id)}"`

/** Ids that are shown, and ids that are compared. */
const most = 5
const mostCompared = 100_000

/** Every id that an accepted row names, or that stands in a loan row, as often as it does; `bare` is what makes ids alike. */
export function idsOf({ validated, classified: { rejectedLoans, planNames, received } }: Pick<Flow, 'validated' | 'classified'>): Relation {
  return relation({
    name: 'ids to find',
    says: 'Account ids of the loans, of the plans and of the money, and what they are but for blanks, letter case and leading zeros.',
    columns: { account_id: 'text', bare: 'text' },
    body: sql`
      SELECT DISTINCT account_id, ${bareId(sql`account_id`)} AS bare
      FROM (
        SELECT account_id FROM ${validated.loans.accepted} UNION ALL SELECT account_id FROM ${rejectedLoans}
        UNION ALL SELECT account_id FROM ${planNames} UNION ALL SELECT account_id FROM ${received}
      ) AS named`,
  })
}

/** Over a finished flow. */
export const findingIn = ({ engine, flow }: { readonly engine: Engine; readonly flow: Flow }): Finding => ({ engine, ids: idsOf(flow), accounts: flow.outcome.accounts, payments: flow.classified.payments, rejects: [...flow.outcome.rejects] })

async function idsWhere(on: Finding, holds: Hole): Promise<string[]> {
  const rows = await on.engine.rows(sql`SELECT DISTINCT account_id FROM ${on.ids} WHERE ${holds} ORDER BY account_id LIMIT ${int(mostCompared)}`)
  return rows.map((row) => String(row.account_id))
}

async function hint(on: Finding, asked: string): Promise<string> {
  const [damaged] = damagedHint(on, asked)
  if (damaged !== undefined) return damaged
  const close = await near(on, asked)
  return close.length === 0 ? 'No id is near it. Check that the files in force are those that should have it.' : `Near it: ${close.map(shown).join(', ')}.`
}

/** An id that is no account's: a payment's, in quarantine too, or a borrower's. Of several accounts the one that work lists take is told. */
async function ofAnother(on: Finding, asked: string): Promise<Found | undefined> {
  if (bare(asked) === '') return undefined
  const said = (id: string, alike: readonly string[], is: string): Found => ({ id, alike, note: `No account is called ${quoted(asked)}: it is ${is} ${quoted(id)}${alike.length === 0 ? '' : `, and of ${alike.slice(0, most).map(quoted).join(', ')}: the first of them is told`}.` })
  const paid = (await on.engine.rows(sql`SELECT DISTINCT account_id FROM ${on.payments} WHERE payment_id = ${text(unblanked(asked))} AND account_id IS NOT NULL ORDER BY account_id LIMIT ${int(most + 1)}`)).map((row) => String(row.account_id))
  if (paid.length > 0) return said(paid[0]!, paid.slice(1), 'a payment of')
  const quarantined = on.rejects.find((reject) => reject.input === 'repayments' && reject.account_id !== '' && reject.raw.split(/[,;|\t]/).some((field) => unblanked(field.replace(/^\s*"|"\s*$/g, '')) === unblanked(asked)))
  if (quarantined !== undefined) return said(quarantined.account_id, [], `in a payment row in quarantine (${shown(`${quarantined.file}:${quarantined.line}`)} ${quarantined.code}) of`)
  const owned = (await on.engine.rows(sql`SELECT account_id FROM ${on.accounts} WHERE ${bareId(sql`borrower_id`)} = ${bareId(text(asked))} ORDER BY leads DESC NULLS LAST, account_id LIMIT ${int(most + 1)}`)).map((row) => String(row.account_id))
  return owned.length === 0 ? undefined : said(owned[0]!, owned.slice(1), 'the borrower of')
}

/** Ids of which one half is as typed, the nearest first. */
async function near(on: Finding, asked: string): Promise<string[]> {
  const typed = asked.trim().toLowerCase()
  if (typed === '') return []
  const half = Math.ceil(typed.length / 2)
  const lower = sql`lower(account_id)`
  const known = await idsWhere(on, some([startsWith(lower, text(typed.slice(0, half))), endsWith(lower, text(typed.slice(-half)))]))
  const quarantined = on.rejects.map(({ account_id }) => account_id).filter((id) => id !== '')
  const allowed = Math.max(2, Math.floor(typed.length / 3))
  return [...new Set([...known, ...quarantined])]
    .map((id) => ({ id, cost: id.toLowerCase().endsWith(typed) || id.toLowerCase().startsWith(typed) ? 0 : distance(typed, id.toLowerCase()) }))
    .filter(({ cost }) => cost <= allowed)
    .sort((a, b) => a.cost - b.cost || (a.id < b.id ? -1 : 1))
    .slice(0, most)
    .map(({ id }) => id)
}

const damagedHint = ({ rejects }: Finding, asked: string) =>
  rejects.filter((reject) => lostDigits(asked, reject)).slice(0, 1).map(({ value, file, line }) => `It may be the damaged id ${quoted(value)} in ${file} line ${line}.`)

/** Whether a spreadsheet would have written the id in this way: 6222020000000000017 as 6.22202E+18. */
function lostDigits(id: string, { code, value }: Pick<Reject, 'code' | 'value'>): boolean {
  const written = /^(\d)(?:[.,](\d+))?[eE]\+?(\d+)$/.exec(value.trim())
  if (code !== 'account-id-damaged' || written === null || !/^\d+$/.test(id)) return false
  const decimals = written[2]?.length ?? 0
  return Number(id).toExponential(decimals) === `${written[1]}${decimals === 0 ? '' : `.${written[2]}`}e+${Number(written[3])}`
}
