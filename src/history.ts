import { checkYears } from './classify/calendar.ts'
import { classify } from './classify/classify.ts'
import type { Engine } from './engine/engine.ts'
import { forget } from './engine/forget.ts'
import { relation, type Relation } from './engine/relation.ts'
import { date, nothing, sql } from './engine/sql.ts'
import { throwAll } from './errors.ts'
import { acceptedRows, type FlowJob } from './flow.ts'
import { goneByDaysIn, goneByDaysSaid, type GoneByDays } from './gone-by-days.ts'
import type { Warning } from './outcome.ts'
import { byCode } from './by-code.ts'
import { tierOrder } from './publish/reports/aged.ts'
import type { MadeReport } from './publish/reports/report.ts'
import { knownBook } from './validate/known-on.ts'

/** Days past due, tier and overdue amount of every account at the end of each of several days, from the dated rows alone. */
const dated = relation({
  name: 'history',
  says: 'Days past due, tier and overdue amount of every account on each of the days asked for.',
  columns: { account_id: 'text', as_of: 'date', currency: 'text', tier: 'text', days_late: 'int', days_past_due: 'int', overdue_amount: 'money' },
  kept: 'table',
})

export interface History {
  /** One row an account and day. */
  readonly rows: Relation
  /** Accounts and overdue amount by currency, day and tier. */
  readonly report: MadeReport
  /** What a reader must be told beside the figures. */
  readonly warnings: readonly Warning[]
}

/**
 * The inputs are read once; then each day is what a run with that as-of date would say, by the same relations over the same rows.
 * `days` ascend; figures of the export itself, such as its outstanding, hold on their own day and are not asked for here.
 */
export async function history(job: Omit<FlowJob, 'rules'>, days: readonly string[]): Promise<History> {
  const { engine, settings, plans, onStep } = job
  throwAll((await import('./read/read.ts')).otherDay(settings, plans, days))
  const { book, validated, broken, calendar } = await acceptedRows(job)
  const gone: GoneByDays[] = []
  for (const [at, day] of days.entries()) {
    onStep('classify', day)
    const own = { ...settings, as_of: day, work_on: day, history_columns: false }
    const made = classify(book, knownBook(validated, own), broken, own, 'view', calendar, [], { lastPaid: false })
    await checkYears(engine, own, calendar, made.standing, made.region)
    await engine.load(
      dated,
      sql`
        SELECT account_id, ${date(day)} AS as_of, currency, tier, days_late, days_past_due, overdue_amount FROM ${made.tiered}
        UNION ALL
        SELECT account_id, ${date(day)}, ${nothing('text')}, 'rejected', ${nothing('int')}, ${nothing('int')}, ${nothing('money')} FROM ${made.rejectedLoans}`,
      at > 0,
    )
    if (made.goneByDays !== undefined) gone.push(...(await goneByDaysIn(engine, made.goneByDays)))
    // The next day has relations of the same names.
    await forget(engine, [made.tiered, made.rejectedLoans, ...(made.goneByDays === undefined ? [] : [made.goneByDays])], [validated, broken, calendar])
  }
  return { rows: dated, report: await reportOf(engine, settings), warnings: goneByDaysSaid(onWorst(gone), days.length > 1 ? ', each on the day on which it is most' : '') }
}

/** Each reason once, with the accounts of the day on which it has most. */
const onWorst = (all: readonly GoneByDays[]): GoneByDays[] =>
  [...all].sort((a, b) => b.accounts - a.accounts).filter((one, at, sorted) => sorted.findIndex(({ leftOut, why }) => leftOut === one.leftOut && why === one.why) === at).sort((a, b) => byCode(a.why, b.why))

async function reportOf(engine: Engine, settings: FlowJob['settings']): Promise<MadeReport> {
  const columns = { currency: 'text', as_of: 'date', tier: 'text', accounts: 'int', overdue_amount: 'money' } as const
  const order = tierOrder(settings).map(({ name }) => name)
  const rows = await engine.rows(sql`
    SELECT currency, as_of, tier, CAST(count(*) AS INTEGER) AS accounts, CAST(coalesce(sum(overdue_amount), 0) AS VARCHAR) AS overdue_amount
    FROM ${dated} GROUP BY currency, as_of, tier`)
  const place = (row: (typeof rows)[number]) => order.indexOf(String(row.tier))
  const text = (value: unknown) => String(value ?? '')
  return {
    name: 'history',
    says: 'Accounts and overdue amounts by tier on each day, per currency.',
    columns,
    rows: [...rows].sort((a, b) => byCode(text(a.currency), text(b.currency)) || byCode(text(a.as_of), text(b.as_of)) || place(a) - place(b)),
  }
}
