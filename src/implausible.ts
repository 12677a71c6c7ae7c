import type { Classified } from './classify/classify.ts'
import { planFacts } from './classify/in-force.ts'
import { addDays } from './engine/calls.ts'
import type { Engine, Row } from './engine/engine.ts'
import { int, sql } from './engine/sql.ts'
import type { ErrorDetails } from './errors.ts'
import type { Warning } from './outcome.ts'
import { counted } from './publish/formats/figures.ts'
import type { Book } from './read/read.ts'
import type { Settings } from './settings/load.ts'
import type { ValidatedBook } from './validate/validate.ts'

/** In smaller books a few odd accounts are a large share: they are warned. */
const leastBook = 100
/** An instalment that fell due this long before the oldest payment of the file was hardly left unpaid by everybody. */
const monthBefore = -31

/** What accounts show of a mapping that is wrong or an export that is cut, in counts. */
interface Doubted {
  readonly warnings: readonly Warning[]
  /** Where it is too many of them. */
  readonly refused: ErrorDetails | undefined
}

/** Accounts with an instalment due long before the oldest payment of the file: asked of the rows, before they are gone. */
export async function beforeAllPayments(engine: Engine, book: Book, { schedule, repayments }: ValidatedBook, settings: Settings): Promise<number> {
  const { open, paidOnRows } = planFacts(book, settings)
  if (open || paidOnRows || settings.inputs.repayments.complete_from !== undefined || book.loans.columns.some(({ name }) => name === 'paid_before')) return 0
  const [row] = await engine.rows(sql`SELECT count(DISTINCT account_id) AS n FROM ${schedule.accepted} WHERE due_on < (SELECT ${addDays(sql`min(paid_on)`, int(monthBefore))} FROM ${repayments.accepted})`)
  return Number(row!.n)
}

/** Plan and money of each account held against each other: cheap signs of fen for yuan, of a plan or a history that is cut, of payments that hold more than instalments. */
export async function implausible(engine: Engine, { classified, known }: Classified, unseen: number, settings: Settings): Promise<Doubted> {
  const [found] = await engine.rows(sql`
    SELECT count(CASE WHEN instalments_total > 0 THEN 1 END) AS plans, count(CASE WHEN other_principal THEN 1 END) AS other_principal, count(CASE WHEN beyond_plan THEN 1 END) AS beyond_plan,
           min(CASE WHEN other_principal THEN account_id END) AS first_other, min(CASE WHEN beyond_plan THEN account_id END) AS first_beyond
    FROM ${classified}`)
  const row = found!
  const plans = Number(row.plans)
  const doubts = [
    ...(Number(row.other_principal) > 0 ? [{ code: 'other-principal', accounts: Number(row.other_principal), says: await ofPrincipal(engine, { classified, known }, row) }] : []),
    ...(Number(row.beyond_plan) > 0 ? [{ code: 'beyond-plan', accounts: Number(row.beyond_plan), says: `${counted(Number(row.beyond_plan), 'account')} (${String(row.first_beyond)} first) paid more than the whole plan asks: do the payments hold penalties or charges without a split, or is the plan cut? Where it holds open instalments alone, set inputs.schedule.open_only: true.` }] : []),
    ...(unseen > 0 ? [{ code: 'due-before-payments', accounts: unseen, says: `${counted(unseen, 'account')} with instalments due more than a month before the oldest payment of the file: is the history of payments cut? State inputs.repayments.complete_from.` }] : []),
  ]
  const tooMany = plans < leastBook ? [] : doubts.filter(({ accounts }) => accounts > plans * settings.implausible_max_share)
  const share = `${Number((settings.implausible_max_share * 100).toPrecision(12))} %`
  return {
    warnings: doubts.map(({ code, says }) => ({ code, says })),
    refused: tooMany.length === 0 ? undefined : { value: Math.max(...tooMany.map(({ accounts }) => accounts)), other: plans, name: share, hint: tooMany.map(({ says }) => says).join(' ') },
  }
}

/** A ratio near 100 is one unit for another. */
async function ofPrincipal(engine: Engine, { classified, known }: Pick<Classified, 'classified' | 'known'>, { other_principal, first_other }: Row): Promise<string> {
  const ratio = sql`(CAST(k.principal_planned AS DOUBLE) / CAST(k.principal AS DOUBLE))`
  const near = (times: number) => sql`count(CASE WHEN ${ratio} BETWEEN ${int(99 * times)} / 100.0 AND ${int(101 * times)} / 100.0 THEN 1 END)`
  const below = (times: number) => sql`count(CASE WHEN 1 / ${ratio} BETWEEN ${int(99 * times)} / 100.0 AND ${int(101 * times)} / 100.0 THEN 1 END)`
  const [row] = await engine.rows(sql`
    SELECT ${near(100)} AS hundred, ${below(100)} AS hundredth, ${near(10_000)} AS wan, ${below(10_000)} AS part_of_wan
    FROM ${known} k
    JOIN ${classified} c ON c.account_id = k.account_id
    WHERE c.other_principal`)
  const units = ([['hundred', '100'], ['hundredth', '1/100'], ['wan', '10,000'], ['part_of_wan', '1/10,000']] as const).filter(([column]) => Number(row![column]) * 2 > Number(other_principal))
  const cause = units.length > 0 ? `most of them ${units[0]![1]} times: is one of both in another unit (fen for yuan, wan)?` : 'is the plan cut (holding open instalments alone: inputs.schedule.open_only), or changed without version?'
  return `in ${counted(Number(other_principal), 'account')} (${String(first_other)} first) the principal of the plan is not that of the loan, ${cause}`
}
