import type { Engine, Row } from '../engine/engine.ts'
import type { InputRows, MoneyTotals, Outcome, Warning } from '../outcome.ts'
import type { Settings } from '../settings/load.ts'
import { reconcile, type Check } from './reconcile.ts'
import { makeActions } from './reports/actions.ts'
import type { PublishedLists } from './lists/lists.ts'
import { makeAgeing } from './reports/ageing.ts'
import { makeExceptions } from './reports/exceptions.ts'
import type { MadeReport } from './reports/report.ts'
import { tiesReport } from './reports/ties.ts'

/** One sentence in each run and each report until a gate checks it. */
export const notChecked = 'Lawfulness of contact was not checked.'

export type OutstandingBasis = 'outstanding_principal' | 'outstanding_schedule'

/** All that a person is shown of a run: few rows, read once from the engine, the same in the terminal, in JSON and in run.json. */
export interface Summary {
  readonly as_of: string
  readonly work_on: string
  /** As stated in the settings. */
  readonly data_through: string | undefined
  readonly newest_payment: string | undefined
  readonly conventions: string
  /** One basis for all accounts: the plan's principal, or all that the plan asks where no account has principal. */
  readonly outstanding: OutstandingBasis
  readonly ageing: MadeReport
  /** Absent where no rules were applied. */
  readonly actions: MadeReport | undefined
  readonly exceptions: MadeReport
  /** Absent where the export has no figure of the lender's own for this day. */
  readonly ties: MadeReport | undefined
  /** Reports of movements and money, as far as they were asked for and could be made. */
  readonly reports: readonly MadeReport[]
  /** Columns beside the currency by which these are laid out. */
  readonly laidOutBy: readonly string[]
  readonly reportsNotMade: readonly { readonly report: string; readonly why: string }[]
  readonly rows: readonly InputRows[]
  readonly money: readonly MoneyTotals[]
  readonly checks: readonly Check[]
  readonly warnings: readonly Warning[]
  readonly notUsedYet: Outcome['notUsedYet']
}

/** Adds up, throws where something does not, and makes the reports. `accountsIn` and `lists`: see reconcile. */
export async function summarize(outcome: Outcome, accountsIn: number, settings: Settings, engine: Engine, lists?: PublishedLists): Promise<Summary> {
  const checks = await reconcile(outcome, accountsIn, settings, engine, lists)
  const ageing = await makeAgeing(outcome.accounts, settings, engine)
  const actions = outcome.actions === undefined ? undefined : await makeActions(outcome.accounts, outcome.actions, engine, lists)
  const exceptions = await makeExceptions(outcome, settings, engine)
  return {
    as_of: settings.as_of,
    work_on: settings.work_on,
    data_through: settings.data_through,
    newest_payment: outcome.newestPayment,
    conventions: outcome.conventions,
    outstanding: basis(ageing.rows),
    ageing,
    actions,
    exceptions,
    ties: outcome.ties === undefined ? undefined : tiesReport(outcome.ties),
    reports: await makeReports(outcome, settings, engine),
    laidOutBy: settings.reports.by.filter((column) => column !== 'currency'),
    reportsNotMade: outcome.gathered?.notMade ?? [],
    rows: outcome.rows,
    money: outcome.money,
    checks,
    warnings: outcome.warnings,
    notUsedYet: outcome.notUsedYet,
  }
}

/** Where nothing was gathered for them (`age`) they are not loaded. */
const makeReports = async (outcome: Outcome, settings: Settings, engine: Engine) => (outcome.gathered === undefined ? [] : (await import('./reports/made.ts')).makeReports(outcome, settings, engine))

function basis(ageing: readonly Row[]): OutstandingBasis {
  const totals = ageing.filter((row) => row.section === 'total')
  return totals.every((row) => row.accounts === row.without_outstanding_principal) && totals.length > 0 ? 'outstanding_schedule' : 'outstanding_principal'
}
