import { hashOf } from '../engine/calls.ts'
import type { Engine, Row } from '../engine/engine.ts'
import type { Relation } from '../engine/relation.ts'
import { join, name, sql, text, type } from '../engine/sql.ts'
import { UserError } from '../errors.ts'
import type { Outcome } from '../outcome.ts'
import type { Settings } from '../settings/load.ts'
import type { PublishedLists } from './lists/lists.ts'
import { decimalsOf, exact, plain } from './exact.ts'
import { tierOrder } from './reports/aged.ts'

/** One thing that must add up, with the figures on both sides of the sign. */
export interface Check {
  readonly name: 'rows' | 'money' | 'accounts' | 'actions' | 'lists' | 'due'
  /** The input or currency; blank where it is the whole book. */
  readonly of: string
  readonly says: string
  readonly holds: boolean
}

/**
 * What never gives way: rows in are rows out, money in is money placed, each account is in one tier and has an action.
 * `accountsIn`: distinct readable account ids of the loan rows, accepted or rejected. `lists`: where leading accounts stand tonight.
 * Throws where one does not hold.
 */
export async function reconcile(outcome: Outcome, accountsIn: number, settings: Pick<Settings, 'tiers'>, engine: Engine, lists?: Pick<PublishedLists, 'placed' | 'heldBack'>): Promise<Check[]> {
  const sums = await accountSums(outcome, settings, engine)
  const checks = [...rowChecks(outcome), ...moneyChecks(outcome, sums), ...accountChecks(sums, accountsIn), ...(await actionChecks(outcome, engine)), ...(lists === undefined ? [] : [listCheck(sums, lists)])]
  const broken = checks.filter((check) => !check.holds)
  if (broken.length > 0) throw new UserError('identity-broken', { value: broken.map(line).join('; ') })
  return checks
}

const line = (check: Check) => (check.of === '' ? check.says : `${check.of}: ${check.says}`)

const rowChecks = (outcome: Outcome): Check[] =>
  outcome.rows.map(({ input, records, read, accepted, rejected }) => ({
    name: 'rows',
    of: input,
    says: `${read} rows read = ${accepted} accepted + ${rejected} rejected; ${records} records by an independent count`,
    holds: read === accepted + rejected && read === records,
  }))

/** By the totals alone, then the same figures summed over the accounts themselves. */
function moneyChecks(outcome: Outcome, sums: readonly Row[]): Check[] {
  return outcome.money.flatMap((money) => {
    const { currency, received, covered, advance, to_principal, to_charges, unmatched, owed_back } = money
    const own = sums.filter((row) => row.currency === currency)
    const placed = exact(covered) + exact(advance) + exact(to_principal ?? '0') + exact(to_charges ?? '0') + exact(unmatched) - exact(owed_back)
    const beside = [...(to_principal === undefined ? [] : [`to principal ${to_principal} + `]), ...(to_charges === undefined ? [] : [`to charges ${to_charges} + `])].join('')
    const identity: Check = {
      name: 'money',
      of: currency,
      says: `received ${received} = covered ${covered} + advance ${advance} + ${beside}unmatched ${unmatched} - owed back ${owed_back}`,
      holds: exact(received) === placed,
    }
    const figures = [['covered', 'amount_covered', covered], ['advance', 'advance', advance], ['owed back', 'owed_back', owed_back], ...optional.flatMap((figure) => (money[figure] === undefined ? [] : [[figure.replace('_', ' '), figure, money[figure]] as const]))] as const
    const ofAccounts = (figure: string) => own.reduce((sum, row) => sum + exact(String(row[figure] ?? '0')), 0n)
    const over: Check = {
      name: 'money',
      of: currency,
      says: `over all accounts: ${figures.map(([called, figure]) => `${called} ${plain(ofAccounts(figure), decimalsOf(covered))}`).join(', ')}`,
      holds: figures.every(([, figure, total]) => ofAccounts(figure) === exact(total)),
    }
    const { of_which_cash, of_which_other, of_which_written_off_or_sold: ended } = money
    const apart: Check = {
      name: 'money',
      of: currency,
      says: `received ${received} = cash ${of_which_cash} + other ${of_which_other}; on written-off or sold accounts ${ended}`,
      holds: exact(received) === exact(of_which_cash) + exact(of_which_other),
    }
    // Where all is cash of accounts in the book there is nothing to tell apart.
    return exact(of_which_other) === 0n && exact(ended) === 0n ? [identity, over] : [identity, apart, over]
  })
}

/** Columns of accounts that not every book has. */
const optional = ['to_principal', 'to_charges'] as const

function accountChecks(sums: readonly Row[], accountsIn: number): Check[] {
  const total = (figure: string) => sums.reduce((sum, row) => sum + Number(row[figure]), 0)
  const off = total('due_broken')
  return [
    { name: 'accounts', of: '', says: `${accountsIn} accounts in = ${total('in_a_tier')} over all tiers (${total('accounts')} rows)`, holds: accountsIn === total('in_a_tier') && accountsIn === total('accounts') },
    { name: 'due', of: '', says: `due to date = covered + overdue + due today for all accounts but ${off}`, holds: off === 0 },
  ]
}

async function actionChecks({ accounts, actions }: Outcome, engine: Engine): Promise<Check[]> {
  if (actions === undefined) return []
  const { total, without, strangers } = (await sameIds(accounts, actions, engine)) ?? (await idsThatMiss(accounts, actions, engine))
  return [{ name: 'actions', of: '', says: `${total} actions; ${without} accounts without one, ${strangers} actions of no account`, holds: without === 0 && strangers === 0 }]
}

/** Nobody is forgotten: each account that leads its borrower stands in a list tonight, or it is said why not. */
function listCheck(sums: readonly Row[], { placed, heldBack }: Pick<PublishedLists, 'placed' | 'heldBack'>): Check {
  const of = (figure: string) => sums.reduce((sum, row) => sum + Number(row[figure]), 0)
  const [leading, held, none] = [of('leading'), of('leading_held'), of('leading_none')]
  const { rows, in_lists, cut, left_out } = placed
  const wherever = heldBack ? `0 in lists + ${in_lists} in lists held back` : `${in_lists} in lists (${rows} rows)`
  const narrowed = [...(cut > 0 ? [` + ${cut} cut by a limit`] : []), ...(left_out > 0 ? [` + ${left_out} that their lists do not take`] : [])].join('')
  return {
    name: 'lists',
    of: '',
    says: `${leading} accounts that lead = ${wherever} + 0 blocked + ${held} held + ${none} with no action${narrowed}`,
    holds: leading === in_lists + held + none + cut + left_out,
  }
}

interface ActionCounts {
  readonly total: number
  readonly without: number
  readonly strangers: number
}

/**
 * The usual case, in two scans and no join: one action each, and the 64-bit hashes of the ids of both sides have one sum.
 * Where they differ, or an account has several actions, the ids themselves are compared.
 */
async function sameIds(accounts: Relation, actions: Relation, engine: Engine): Promise<ActionCounts | undefined> {
  const print = async (of: Relation) =>
    (await engine.rows(sql`SELECT CAST(count(*) AS ${type('int')}) AS n, CAST(sum(CAST(${hashOf(sql`account_id`)} AS DECIMAL(20, 0))) AS ${type('text')}) AS ids FROM ${of}`))[0]!
  const [ours, theirs] = [await print(accounts), await print(actions)]
  return ours.n === theirs.n && ours.ids === theirs.ids ? { total: Number(theirs.n), without: 0, strangers: 0 } : undefined
}

async function idsThatMiss(accounts: Relation, actions: Relation, engine: Engine): Promise<ActionCounts> {
  const [found] = await engine.rows(sql`
    SELECT (SELECT CAST(count(*) AS ${type('int')}) FROM ${actions}) AS total,
           (SELECT CAST(count(*) AS ${type('int')}) FROM ${accounts} a WHERE NOT EXISTS (SELECT 1 FROM ${actions} x WHERE x.account_id = a.account_id)) AS without,
           (SELECT CAST(count(*) AS ${type('int')}) FROM ${actions} x WHERE NOT EXISTS (SELECT 1 FROM ${accounts} a WHERE a.account_id = x.account_id)) AS strangers`)
  return { total: Number(found!.total), without: Number(found!.without), strangers: Number(found!.strangers) }
}

/** One pass. NULL in a sum of two is NULL on both sides, as for an account that is only an id. */
const accountSums = (outcome: Outcome, settings: Pick<Settings, 'tiers'>, engine: Engine): Promise<Row[]> =>
  engine.rows(sql`
    SELECT currency, CAST(count(*) AS ${type('int')}) AS accounts,
           CAST(count(*) FILTER (WHERE tier IN (${join(tierOrder(settings).map((tier) => text(tier.name)))})) AS ${type('int')}) AS in_a_tier,
           CAST(count(*) FILTER (WHERE amount_due_to_date IS DISTINCT FROM amount_covered + overdue_amount + due_today_amount) AS ${type('int')}) AS due_broken,
           CAST(count(*) FILTER (WHERE leads) AS ${type('int')}) AS leading, CAST(count(*) FILTER (WHERE leads AND coalesce(held_reason, '') <> '') AS ${type('int')}) AS leading_held,
           CAST(count(*) FILTER (WHERE leads AND coalesce(held_reason, '') = '' AND action = 'none') AS ${type('int')}) AS leading_none,
           sum(amount_covered) AS amount_covered, sum(advance) AS advance, sum(owed_back) AS owed_back${join(optional.filter((figure) => figure in outcome.accounts.columns).map((figure) => sql`, sum(${name(figure)}) AS ${name(figure)}`), sql``)}
    FROM ${outcome.accounts}
    GROUP BY currency
    ORDER BY currency ASC NULLS LAST`)
