import { addDays, matches, tryCast } from '../engine/calls.ts'
import { relation, type Relation } from '../engine/relation.ts'
import { bool, date, int, join, name, nothing, sql, text, type, type Hole, type Sql } from '../engine/sql.ts'
import { before as beforeTheFile, kindsThat, isStatusPlan, partNames, type KindName, type Part } from '../read/inputs.ts'
import type { Book } from '../read/read.ts'
import type { Settings } from '../settings/load.ts'
import type { Validated } from '../validate/validate.ts'
import { balancesOnly } from './bases.ts'
import { byProduct, isDefault } from './convention.ts'
import { dueAnew, isDueAnew } from './ways.ts'

/** What the files hold at all. They choose a formulation and never another answer: a book of plain payments pays for nothing else. */
export interface PaymentFacts {
  /** Some row may be another kind than a payment. */
  readonly kinds: boolean
  /** Some row may be another status than settled. */
  readonly statuses: boolean
  /** Parts of payments that cover nothing of the schedule; none where payments carry no parts. */
  readonly beside: readonly Part[]
  /** Parts of payments that cover a part of the schedule: they say what inside an instalment they are for. */
  readonly inside: readonly Part[]
  /** Those of them that cover for that reason alone: no more than the plan asks of them. */
  readonly capped: readonly Part[]
  readonly prepayments: boolean
  readonly charges: boolean
  /** Kinds that are no money on the plan: charges, and what the settings leave aside. Only those that occur. */
  readonly aside: readonly KindName[]
  /** Some row may name its instalment. */
  readonly named: boolean
  /** Cash counts some days after it was paid. */
  readonly clearing: boolean
  /** Loans may say what was received before the file begins. */
  readonly before: boolean
}

export function paymentFacts({ loans, repayments, schedule }: Pick<Book, 'loans' | 'repayments' | 'schedule'>, settings: Pick<Settings, 'conventions' | 'cover_from' | 'compensation' | 'buyback'>): PaymentFacts {
  const hasIn = ({ columns }: Book['repayments'], column: string) => columns.some((one) => one.name === column && one.role === 'used')
  const has = (column: string) => hasIn(repayments, column)
  const { kindsFound } = repayments
  const left = (['compensation', 'buyback'] as const).filter((kind) => settings[kind] === 'ignored')
  // Payments on the rows of a plan say what is above the amount due.
  const byStatus = schedule.files.length > 0 && repayments.files.length === 0 && isStatusPlan((column) => hasIn(schedule, column))
  const beside: Part[] = byStatus || balancesOnly({ schedule, repayments }) ? [] : repayments.files.length === 0 && has('penalty_paid') ? ['penalty'] : besideOf(has, (column) => hasIn(schedule, column), settings)
  const inside = partNames.filter((part) => has(`${part}_paid`) && hasIn(schedule, `${part}_due`) && !beside.includes(part))
  return {
    kinds: byStatus || has('kind') || has('reverses') || repayments.negatives || hasIn(loans, 'paid_before'),
    statuses: has('status'),
    beside,
    inside,
    capped: inside.filter((part) => !settings.cover_from.includes(part)),
    prepayments: kindsFound.has('prepayment'),
    charges: kindsFound.has('charge'),
    aside: (['charge', ...left] as const).filter((kind) => kindsFound.has(kind)),
    named: byStatus || has('instalment_no') || (hasIn(schedule, 'amount_paid') && hasIn(schedule, 'instalment_no')),
    clearing: !isDefault(settings.conventions, 'clearing_days'),
    before: hasIn(loans, 'paid_before'),
  }
}

/** Parts of payments that cover nothing: neither `cover_from` names them nor has the schedule a column for them. */
export const besideOf = (paid: (column: string) => boolean, due: (column: string) => boolean, { cover_from }: Pick<Settings, 'cover_from'>): Part[] =>
  partNames.filter((part) => paid(`${part}_paid`) && !cover_from.includes(part) && !due(`${part}_due`))

const oneOf = (of: Hole, kinds: readonly string[]) => sql`${of} IN (${join(kinds.map(text))})`

/** Kinds whose rows take money off. */
export const takesOff = (kind: Hole) => oneOf(kind, kindsThat((one) => one.takesOff))
const cashKinds = kindsThat((kind) => kind.cash)
/** Money of nobody's pocket: it covers and is no cash. */
export const isWaived = (kind: Hole = sql`kind`) => oneOf(kind, kindsThat(({ covers, cash }) => covers === 'yes' && !cash))
/** Cash of the borrower, the only money that last_paid_on knows. */
export const isBorrowers = (kind: Hole = sql`kind`) => oneOf(kind, kindsThat(({ cash, borrowers }) => cash && borrowers))

/** Cash that another brings for the borrower. */
export const isOthers = (kind: Hole = sql`kind`) => oneOf(kind, kindsThat(({ cash, borrowers }) => cash && !borrowers))

/** Rows under the alias `p` that counted for a time: until the day on which they were reversed. */
export const countedUntil = sql`p.status = 'reversed' AND p.reversed_on > p.counts_on`
/** Whether a row under the alias `p` counts on its own day, after AND: for good or for a time. */
export const everCounts = ({ statuses }: Pick<PaymentFacts, 'statuses'>): Sql => (statuses ? sql` AND (p.status = 'settled' OR (${countedUntil}))` : sql``)

/** Whether a row counts at the end of `asOf`: settled, or reversed only later. */
export function counts(asOf: string, { statuses, clearing }: Pick<PaymentFacts, 'statuses' | 'clearing'>): Sql {
  const on = clearing ? sql`counts_on` : sql`paid_on`
  return statuses ? sql`(${on} <= ${date(asOf)} AND (status = 'settled' OR (status = 'reversed' AND reversed_on > ${date(asOf)})))` : sql`${on} <= ${date(asOf)}`
}

/** Whether a row brings money: neither takes it off nor is left aside. Found once a row, for it is asked often. */
export const brings = ({ kinds }: PaymentFacts) => (kinds ? sql`brings` : bool(true))

/** Money dated after `asOf`, to be shown beside what counts: a reversal lowers it, failed and undated reversed money is none. */
export function later(asOf: string, facts: PaymentFacts): Sql {
  const after = sql`paid_on > ${date(asOf)}`
  const status = (known: Sql) => (facts.statuses ? sql` AND ${known}` : sql``)
  const taken = facts.kinds ? sql` WHEN ${after}${status(sql`status = 'settled'`)}${facts.aside.length > 0 ? sql` AND NOT aside` : sql``} THEN -abs(amount)` : sql``
  return sql`CASE WHEN ${after} AND ${brings(facts)}${status(sql`status IN ('settled', 'pending')`)} THEN amount${taken} ELSE 0 END`
}

/** Money on its way at the end of `asOf`: pending, or paid and not yet cleared. */
export function pending(asOf: string, facts: PaymentFacts): Sql {
  const until = sql`paid_on <= ${date(asOf)} AND ${brings(facts)}`
  const whens = [
    ...(facts.statuses ? [sql`WHEN status = 'pending' AND ${until} THEN amount`] : []),
    ...(facts.clearing ? [sql`WHEN ${until} AND counts_on > ${date(asOf)}${facts.statuses ? sql` AND (status = 'settled' OR (status = 'reversed' AND reversed_on > ${date(asOf)}))` : sql``} THEN adds`] : []),
  ]
  return whens.length === 0 ? sql`0` : sql`CASE ${join(whens, sql` `)} ELSE 0 END`
}

/** The number of the instalment that a payment names; what is no number names none. */
function namedBy(accepted: Relation): Hole {
  const as = accepted.columns['instalment_no']
  if (as === undefined) return nothing('int')
  return as === 'int' ? sql`p.instalment_no` : sql`CASE WHEN ${matches(sql`p.instalment_no`, text('[0-9]{1,9}([.]0+)?'))} THEN ${tryCast(sql`p.instalment_no`, type('int'))} END`
}

/** The day that money received before the file is given: it has none, and covers the oldest first. */
export const longAgo = '1900-01-01'

interface Given {
  readonly repayments: Validated
  /** The accepted loans: their products may have clearing days of their own. */
  readonly loans: Relation
  readonly facts: PaymentFacts
  readonly settings: Pick<Settings, 'as_of' | 'conventions'>
}

/**
 * Repayments with what each adds as of a day. What a reversal takes off is borne by the payment that it names, from the
 * reversal's own day on, whatever the sign in the file; a refund that names none bears itself. So a reversal of money that
 * does not count takes nothing off. `undone_on`, `given_back_on`: the last day on which an undo or a refund took from the row.
 *
 * `adds` = `covers` (what is poured over the plan) + `to_charges` (parts beside the plan) + `to_principal` (of prepayments,
 * which `prepaid` splits; until then it is in `covers`). A partial reversal takes off what covers first, for that was laid on last. `charged`:
 * what a charge raises; it adds no money. `counts_on`: the first day on which the row counts (paid_on, later where cash has
 * to clear); money that a loan says was received before the file is a row of kind `paid_before` of 1900, its ordinal -1 less that of the loan. `instalment_no`: the instalment that the payer named, where the file says so. Parts that cover stand as in the file where the schedule has parts too; `beside`: those that do not, added up, where a book has any. A row is poured over the plan at
 * the end of a day when `counts(day, facts)` holds and `covers` is not 0.
 */
export function payments({ repayments: { accepted, reversals }, loans, facts, settings }: Given): Relation {
  const asOf = settings.as_of
  const as = facts.prepayments || facts.capped.length > 0 ? 'payments as they came' : 'payments'
  const told = facts.inside.length === 0 ? [] : partNames.filter((part) => `${part}_paid` in accepted.columns && !facts.beside.includes(part))
  const columns = {
    ordinal: 'bigint', account_id: 'text', payment_id: 'text', paid_on: 'date', counts_on: 'date', currency: 'text', kind: 'text', status: 'text', reversed_on: 'date', reverses: 'text', instalment_no: 'int',
    amount: 'money', brings: 'bool', aside: 'bool', taken: 'money', adds: 'money', covers: 'money', to_charges: 'money', to_principal: 'money', charged: 'money', undone_on: 'date', given_back_on: 'date',
    ...Object.fromEntries(told.map((part) => [`${part}_paid`, 'money'] as const)),
    ...(facts.beside.length === 0 ? {} : { beside: 'money' as const }),
  } as const
  const says = `Repayments with what each adds at the end of ${asOf}: its amount, less what reversals take off until then.`
  const takes = takesOff(sql`p.kind`)
  const aside = facts.aside.length === 0 ? sql`FALSE` : oneOf(sql`p.kind`, facts.aside)
  // What takes back a row that is left aside is left aside itself.
  const ofAside = facts.aside.length === 0 || reversals === undefined ? aside : sql`(${aside} OR (${takes} AND EXISTS (SELECT 1 FROM ${reversals.targets} x WHERE x.payment_id = p.reverses AND x.account_id = p.account_id AND ${oneOf(sql`x.kind`, facts.aside)})))`
  const named = namedBy(accepted)
  const clears = facts.clearing ? sql`CASE WHEN ${oneOf(sql`p.kind`, cashKinds)} THEN ${addDays(sql`p.paid_on`, byProduct(settings.conventions, ({ clearing_days }) => sql`${int(clearing_days)}`, sql`l.product`))} ELSE p.paid_on END` : sql`p.paid_on`
  const bringsMoney = facts.kinds ? (facts.aside.length === 0 ? sql`NOT ${takes}` : sql`NOT ${takes} AND NOT ${aside}`) : bool(true)
  const plain = sql`p.ordinal, p.account_id, p.payment_id, p.paid_on, ${clears} AS counts_on, p.currency, p.kind, p.status, p.reversed_on, p.reverses, ${named} AS instalment_no, p.amount, ${bringsMoney} AS brings, ${ofAside} AS aside`
  const bare = sql`p.kind = 'refund' AND p.reverses IS NULL`
  const noMoney = facts.aside.length === 0 ? sql`` : sql` WHEN ${aside} THEN 0`
  const byProducts = facts.clearing && Object.keys(settings.conventions.products).length > 0
  const ofLoans = byProducts ? sql`
        LEFT JOIN ${loans} l ON l.account_id = p.account_id` : sql``
  // What lies beside the plan in the whole row, before anything is taken back.
  const beside = facts.beside.length === 0 ? sql`0` : join(facts.beside.map((part) => sql`coalesce(p.${name(`${part}_paid`)}, 0)`), sql` + `)
  const parts = sql`${join(told.map((part) => sql`, p.${name(`${part}_paid`)}`), sql``)}${facts.beside.length === 0 ? sql`` : sql`, ${beside} AS beside`}`
  const split = (adds: Hole, off: Hole) => {
    if (facts.beside.length === 0) return sql`${adds} AS covers, 0 AS to_charges, 0 AS to_principal`
    const covers = sql`CASE WHEN ${bare} THEN ${adds} + abs(${beside}) WHEN ${takes}${facts.aside.length === 0 ? sql`` : sql` OR ${aside}`} THEN 0 ELSE greatest(p.amount - (${beside}) - ${off}, 0) END`
    return sql`${covers} AS covers, ${adds} - (${covers}) AS to_charges, 0 AS to_principal`
  }
  const charged = (off: Hole) => (facts.charges ? sql`CASE WHEN p.kind = 'charge' THEN p.amount - ${off} ELSE 0 END AS charged` : sql`0 AS charged`)
  // What was received before the file has no day: it counts on every one.
  const long = date(longAgo)
  const before = facts.before
    ? sql`
        UNION ALL
        SELECT -1 - ordinal, account_id, NULL, ${long}, ${long}, currency, ${text(beforeTheFile)}, 'settled', NULL, NULL, NULL, paid_before, TRUE, FALSE, 0, paid_before, paid_before, 0, 0, 0, NULL, NULL${join([...told, ...facts.beside.slice(0, 1)].map(() => sql`, 0`), sql``)}
        FROM ${loans}
        WHERE paid_before > 0`
    : sql``
  if (reversals === undefined) {
    const adds = facts.kinds ? sql`CASE WHEN ${takes} THEN -abs(p.amount)${noMoney} ELSE p.amount END` : sql`p.amount`
    return relation({
      name: as, says, columns,
      body: sql`
        SELECT ${plain}, 0 AS taken, ${adds} AS adds, ${split(adds, sql`0`)}, ${charged(sql`0`)},
               ${nothing('date')} AS undone_on, ${facts.kinds ? sql`CASE WHEN ${bare} THEN p.paid_on END` : nothing('date')} AS given_back_on${parts}
        FROM ${accepted} p${ofLoans}${before}`,
    })
  }
  // What a chargeback makes due anew is not taken off: the payment stays.
  const anew = dueAnew(settings.conventions)
  const taken = relation({
    name: 'taken off',
    says: `What reversals take off each payment that they name, until ${asOf}; its rows bear it one after the other.`,
    columns: { ordinal: 'bigint', taken: 'money', undone_on: 'date', given_back_on: 'date' },
    kept: 'table',
    body: sql`
      SELECT t.ordinal, greatest(0, least(t.amount, ${anew && facts.aside.length > 0 ? sql`CASE WHEN ${oneOf(sql`t.kind`, facts.aside)} THEN r.all_taken ELSE r.taken END` : sql`r.taken`} - t.before)) AS taken, r.undone_on, r.given_back_on
      FROM ${reversals.targets} t
      JOIN (
        SELECT n.reverses, n.account_id, ${anew ? sql`sum(CASE WHEN ${isDueAnew(settings.conventions, sql`n.kind`, sql`l.product`)} THEN 0 ELSE n.amount END)` : sql`sum(n.amount)`} AS taken${anew ? sql`, sum(n.amount) AS all_taken` : sql``}, max(CASE WHEN n.kind <> 'refund' THEN n.paid_on END) AS undone_on, max(CASE WHEN n.kind = 'refund' THEN n.paid_on END) AS given_back_on
        FROM ${anew ? sql`${reversals.named} n LEFT JOIN (SELECT account_id, product FROM ${loans}) AS l ON l.account_id = n.account_id` : sql`${reversals.named} n`}
        WHERE ${counts(asOf, { statuses: facts.statuses, clearing: false })} AND NOT EXISTS (SELECT 1 FROM ${reversals.impossible} i WHERE i.ordinal = n.ordinal)
        GROUP BY n.reverses, n.account_id
      ) AS r ON r.reverses = t.payment_id AND r.account_id = t.account_id`,
  })
  const off = sql`coalesce(t.taken, 0)`
  const adds = sql`CASE${noMoney} WHEN NOT ${takes} THEN p.amount - ${off} WHEN p.reverses IS NULL THEN -abs(p.amount) ELSE 0 END`
  const ofMoney = (day: Hole) => (facts.aside.length === 0 ? day : sql`CASE WHEN NOT ${aside} THEN ${day} END`)
  return relation({
    name: as, says, columns,
    body: sql`
      SELECT ${plain}, ${off} AS taken, ${adds} AS adds, ${split(adds, off)}, ${charged(off)},
             ${ofMoney(sql`t.undone_on`)} AS undone_on, CASE WHEN ${bare} THEN p.paid_on ELSE ${ofMoney(sql`t.given_back_on`)} END AS given_back_on${parts}
      FROM ${accepted} p
      LEFT JOIN ${taken} t ON t.ordinal = p.ordinal${ofLoans}${before}`,
  })
}
