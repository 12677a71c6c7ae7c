import type { Engine } from '../../engine/engine.ts'
import { checkReportsBy, layoutBy, type Layout } from '../../gather/by.ts'
import { reportsAsked, type Gathered, type ReportName } from '../../gather/gather.ts'
import { moves } from '../../gather/moves.ts'
import type { Relation } from '../../engine/relation.ts'
import type { Outcome } from '../../outcome.ts'
import { passedColumns, type Plans } from '../../read/read.ts'
import type { Settings } from '../../settings/load.ts'
import { cash, makeCash } from './cash.ts'
import { dueCalendar, makeDueCalendar } from './due-calendar.ts'
import { duePerformance, makeDuePerformance } from './due-performance.ts'
import { edge, makeEdge } from './edge.ts'
import { flow, makeFlow } from './flow.ts'
import { largest, makeLargest } from './largest.ts'
import { makeMorning, morning } from './morning.ts'
import type { MadeReport, SaidReport } from './report.ts'

/** What a report can be made of. */
interface From {
  readonly outcome: Outcome
  readonly gathered: Gathered
  /** With the product beside the layout. */
  readonly moved: Relation | undefined
  readonly layout: Layout
  readonly settings: Settings
  readonly engine: Engine
}

/** The reports that a run makes when asked, in their order. */
export const saidReports: Readonly<Record<ReportName, SaidReport>> = { morning, flow, due_performance: duePerformance, edge, cash, due_calendar: dueCalendar, largest }

/** The columns that the settings lay reports out by, checked before anything is read. `typed`: they were typed. */
export const checkReports = ({ reports, placeOf }: Pick<Settings, 'reports' | 'placeOf'>, plans: Plans, typed: boolean) =>
  checkReportsBy(reports.by, passedColumns(plans).map(({ name }) => name), Object.values(saidReports).flatMap(({ said }) => Object.keys(said)), typed ? undefined : (at) => placeOf('reports', 'by', at))

/** The reports that the settings ask for and the book allows, in their order. */
export async function makeReports(outcome: Outcome, settings: Settings, engine: Engine): Promise<MadeReport[]> {
  const { gathered } = outcome
  if (gathered === undefined) return []
  const { by } = settings.reports
  const moved = gathered.openings === undefined ? undefined : moves(outcome.accounts, gathered.openings, layoutBy([...by, 'product']), settings)
  const from = { outcome, gathered, moved, layout: layoutBy(by), settings, engine }
  const made: MadeReport[] = []
  for (const name of reportsAsked(settings)) if (!gathered.notMade.some(({ report }) => report === name)) made.push(await makers[name](from))
  return made
}

const makers: Readonly<Record<ReportName, (from: From) => Promise<MadeReport>>> = {
  morning: ({ outcome, gathered, moved, layout, settings, engine }) => makeMorning({ outcome, moved, cash: gathered.cash, layout, settings, engine }),
  flow: ({ moved, layout, settings, engine }) => makeFlow(moved!, layout, settings, engine),
  due_performance: ({ gathered, layout, settings, engine }) => makeDuePerformance(gathered.dues!, layout, settings, engine),
  edge: ({ outcome: { accounts }, gathered, layout, settings, engine }) => makeEdge({ accounts, ahead: gathered.ahead!, oldestOpen: gathered.oldestOpen! }, layout, settings, engine),
  cash: ({ gathered, moved, layout, settings, engine }) => makeCash(gathered.cash!, moved!, layout, settings, engine),
  due_calendar: ({ outcome: { accounts }, gathered, layout, settings, engine }) => makeDueCalendar(gathered.ahead!, accounts, layout, settings, engine),
  largest: ({ outcome: { accounts }, gathered, layout, settings, engine }) => makeLargest(accounts, gathered.openings?.month, layout, settings, engine),
}
