import { takesOff } from '../classify/payments.ts'
import type { Engine } from '../engine/engine.ts'
import { relation, type Relation } from '../engine/relation.ts'
import { date, nothing, sql, text, type Hole } from '../engine/sql.ts'
import type { Warning } from '../outcome.ts'
import type { Settings } from '../settings/load.ts'
import type { Validated, ValidatedBook } from './validate.ts'

/** The day by whose knowledge the book is seen, where that is asked: `known_on: as_of` is each as-of day itself. */
export const knownOn = ({ known_on, as_of }: Pick<Settings, 'known_on' | 'as_of'>): string | undefined => (known_on === 'as_of' ? as_of : known_on)

/**
 * The book as it was known at the end of `known_on`: repayments that were received later are not there yet, reversals by their own
 * `received_on`. A row without one was known from the day on which it counts. What is in quarantine stays there, whenever it came.
 */
export function knownBook(validated: ValidatedBook, settings: Pick<Settings, 'known_on' | 'as_of'>): ValidatedBook {
  const day = knownDay(validated, settings)
  return day === undefined ? validated : { ...validated, repayments: knownBy(validated.repayments, known(day), day) }
}

/** The same, of repayments that say when they were received. */
const knownDay = ({ repayments }: ValidatedBook, settings: Pick<Settings, 'known_on' | 'as_of'>) => ('received_on' in repayments.accepted.columns ? knownOn(settings) : undefined)

const known = (day: string) => sql`coalesce(r.received_on, r.paid_on) <= ${date(day)}`

/** The book as known, without the repayments that are dated after a day: what came in, and what was taken back. */
export function paidUntil(validated: ValidatedBook, until: string, settings: Pick<Settings, 'known_on' | 'as_of'>): ValidatedBook {
  const day = knownDay(validated, settings)
  const isKnown = day === undefined ? sql`` : sql` AND ${known(day)}`
  return { ...validated, repayments: knownBy(validated.repayments, sql`r.paid_on <= ${date(until)}${isKnown}`, until) }
}

function knownBy(repayments: Validated, isKnown: Hole, day: string): Validated {
  const { accepted, reversals } = repayments
  const known = relation({ name: 'repayments known', says: `Repayments that were known at the end of ${day}.`, columns: accepted.columns, body: sql`SELECT * FROM ${accepted} r WHERE ${isKnown}` })
  const notKnown = relation({ name: 'repayments not known', says: `Repayments that became known after ${day}.`, columns: accepted.columns, body: sql`SELECT * FROM ${accepted} r WHERE NOT (${isKnown})` })
  if (reversals === undefined) return { ...repayments, accepted: known, notKnown }
  const among = (of: Relation) => sql`FROM ${of} n WHERE EXISTS (SELECT 1 FROM ${known} k WHERE k.ordinal = n.ordinal)`
  const named = relation({ ...reversals.named, name: 'reversals known', says: `Rows that take back a payment by its id, as known at the end of ${day}.`, body: sql`SELECT n.* ${among(reversals.named)}` })
  const targets = relation({
    ...reversals.targets,
    name: 'payments known and taken back',
    says: `Rows of payments that a reversal names, as known at the end of ${day}; the rows of one payment add up.`,
    // Rows that are not there yet bear nothing.
    body: sql`
      SELECT n.payment_id, n.account_id, n.ordinal, n.paid_on, n.amount, n.kind,
             sum(n.amount) OVER (PARTITION BY n.payment_id, n.account_id ORDER BY n.ordinal ROWS UNBOUNDED PRECEDING) - n.amount AS before
      ${among(reversals.targets)}`,
  })
  return { ...repayments, accepted: known, notKnown, reversals: { ...reversals, named, targets } }
}

/** How much money of the day that is looked at was not known yet, per currency. */
export async function notKnownYet(engine: Engine, { repayments: { notKnown }, loans }: ValidatedBook, settings: Pick<Settings, 'known_on' | 'as_of' | 'currency'>): Promise<Warning[]> {
  if (notKnown === undefined) return []
  const takes = takesOff(sql`n.kind`)
  const rows = await engine.rows(sql`
    SELECT coalesce(n.currency, l.currency, ${settings.currency === undefined ? nothing('text') : text(settings.currency)}) AS currency, count(*) AS n,
           CAST(coalesce(sum(CASE WHEN NOT ${takes} THEN n.amount END), 0) AS VARCHAR) AS paid, CAST(coalesce(sum(CASE WHEN ${takes} THEN abs(n.amount) END), 0) AS VARCHAR) AS taken
    FROM ${notKnown} n LEFT JOIN ${loans.accepted} l ON l.account_id = n.account_id
    WHERE n.paid_on <= ${date(settings.as_of)}
    GROUP BY 1 ORDER BY 1 ASC NULLS FIRST`)
  return rows.map(({ currency, n, paid, taken }) => {
    const amounts = [...(Number(paid) === 0 ? [] : [`payments of ${paid}`]), ...(Number(taken) === 0 ? [] : [`reversals of ${taken}`])].join(', ')
    return { code: 'not-known-yet', says: `${n} ${Number(n) === 1 ? 'repayment' : 'repayments'} in ${currency ?? 'an unknown currency'} of days up to ${settings.as_of} ${Number(n) === 1 ? 'was' : 'were'} not known on ${knownOn(settings)} and ${Number(n) === 1 ? 'does' : 'do'} not count${amounts === '' ? '' : `: ${amounts}`}.` }
  })
}
