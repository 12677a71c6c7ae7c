import { relation, type Relation } from '../engine/relation.ts'
import { int, number, sql, text, type Hole, type Sql } from '../engine/sql.ts'
import type { Settings } from '../settings/load.ts'
import { notAged } from './columns.ts'

/** The columns of accounts that contagion fills. */
export const contagionColumns = { borrower_tier: 'text', driver_account_id: 'text', borrower_outstanding: 'money' } as const

/** What an account is exposed with: the plan's principal where it is known, else all that the plan still asks. */
const exposure = sql`coalesce(outstanding_principal, outstanding_schedule, 0)`

const aged = sql`tier NOT IN (${notAged.map((one) => text(one)).reduce<Sql>((all, one, at) => (at === 0 ? sql`${one}` : sql`${all}, ${one}`), sql``)})`

/** Late tiers from the first to the last are 1, 2, ...; accounts that are aged and not late 0. */
export const rankOf = (tiers: Settings['tiers']): Sql => {
  const ordered = [...tiers].sort((a, b) => a.from - b.from)
  return sql`CASE tier ${ordered.map(({ name }, at) => sql`WHEN ${text(name)} THEN ${int(at + 1)}`).reduce((all, one) => sql`${all} ${one}`)} ELSE 0 END`
}
const tierOfRank = (tiers: Settings['tiers'], rank: Hole): Sql => {
  const ordered = [...tiers].sort((a, b) => a.from - b.from)
  return sql`CASE ${rank} ${ordered.map(({ name }, at) => sql`WHEN ${int(at + 1)} THEN ${text(name)}`).reduce((all, one) => sql`${all} ${one}`)} ELSE tier END`
}

/**
 * The tier of each borrower's worst account for all his aged accounts, and which account that is. With a share, the worst tier such that
 * accounts in it or in a worse one are more than that share of what he is exposed with, currency by currency: amounts of two are never added.
 * `shared`: borrowers with several accounts. The accounts themselves stay as they are.
 */
export function contagion(accounts: Relation, shared: Relation, { tiers, contagion: rule }: Pick<Settings, 'tiers' | 'contagion'>): Relation {
  const group = typeof rule === 'object' ? sql`borrower_id, currency` : sql`borrower_id`
  const pulls = typeof rule === 'object' ? sql`CASE WHEN so_far > exposed_all * ${number(String(rule.share))} THEN own END` : sql`own`
  return relation({
    name: 'contagion',
    says: "Accounts whose borrower has others, with the tier of the borrower's worst one.",
    columns: { account_id: 'text', ...contagionColumns },
    kept: 'table',
    body: sql`
      SELECT account_id, ${tierOfRank(tiers, sql`rank`)} AS borrower_tier, CASE WHEN rank = 0 THEN NULL WHEN rank > pulled THEN account_id ELSE worst END AS driver_account_id, exposed_all AS borrower_outstanding
      FROM (
        SELECT account_id, tier, exposed_all, pulled, greatest(own, pulled) AS rank,
               first_value(account_id) OVER (PARTITION BY ${group} ORDER BY CASE WHEN own = pulled THEN 0 ELSE 1 END, days DESC, overdue DESC, account_id ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS worst
        FROM (
          SELECT *, coalesce(max(${pulls}) OVER (PARTITION BY ${group}), 0) AS pulled
          FROM (
            SELECT a.account_id, a.borrower_id, a.currency, a.tier, ${rankOf(tiers)} AS own, coalesce(a.days_past_due, 0) AS days, coalesce(a.overdue_amount, 0) AS overdue,
                   sum(${exposure}) OVER (PARTITION BY a.borrower_id, a.currency) AS exposed_all,
                   sum(${exposure}) OVER (PARTITION BY a.borrower_id, a.currency ORDER BY ${rankOf(tiers)} DESC RANGE UNBOUNDED PRECEDING) AS so_far
            FROM ${accounts} a
            JOIN ${shared} s ON s.borrower_id = a.borrower_id
            WHERE ${aged}
          ) AS ranked
        ) AS pulling
      ) AS judged`,
  })
}

/** Of an account whose borrower has no other, or that is not aged: it is the worst one itself. */
export const ofOneself = (tiers: Settings['tiers']): Readonly<Record<keyof typeof contagionColumns, Sql>> => ({
  borrower_tier: sql`tier`,
  driver_account_id: sql`CASE WHEN ${rankOf(tiers)} > 0 THEN a.account_id END`,
  borrower_outstanding: sql`CASE WHEN ${aged} THEN ${exposure} END`,
})
