import type { Engine } from '../../engine/engine.ts'
import { checkReportsBy, layoutBy } from '../../gather/by.ts'
import { reportsAsked, type Gathered, type ReportName } from '../../gather/gather.ts'
import { moves } from '../../gather/moves.ts'
import type { Outcome } from '../../outcome.ts'
import { passedColumns, type Plans } from '../../read/read.ts'
import type { Settings } from '../../settings/load.ts'
import { flow, makeFlow } from './flow.ts'
import type { MadeReport, SaidReport } from './report.ts'

/** What a report can be made of. */
interface From {
  readonly outcome: Outcome
  readonly gathered: Gathered
  readonly settings: Settings
  readonly engine: Engine
}

/** The reports that a run makes when asked, in their order. */
export const saidReports: Readonly<Record<ReportName, SaidReport>> = { flow }

/** The columns that the settings lay reports out by, checked before anything is read. */
export const checkReports = ({ reports }: Pick<Settings, 'reports'>, plans: Plans) =>
  checkReportsBy(reports.by, passedColumns(plans).map(({ name }) => name), Object.values(saidReports).flatMap(({ said }) => Object.keys(said)))

/** The reports that the settings ask for and the book allows, in their order. */
export async function makeReports(outcome: Outcome, settings: Settings, engine: Engine): Promise<MadeReport[]> {
  const { gathered } = outcome
  if (gathered === undefined) return []
  const made: MadeReport[] = []
  for (const name of reportsAsked(settings)) if (!gathered.notMade.some(({ report }) => report === name)) made.push(await makers[name]({ outcome, gathered, settings, engine }))
  return made
}

const makers: Readonly<Record<ReportName, (from: From) => Promise<MadeReport>>> = {
  flow: ({ outcome, gathered, settings, engine }) => {
    const layout = layoutBy(settings.reports.by)
    return makeFlow(moves(outcome.accounts, gathered.openings!, layout, settings), layout, settings, engine)
  },
}
