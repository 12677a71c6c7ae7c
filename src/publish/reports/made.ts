import type { Engine } from '../../engine/engine.ts'
import { layoutBy } from '../../gather/by.ts'
import { reportsAsked, type Gathered, type ReportName } from '../../gather/gather.ts'
import { moves } from '../../gather/moves.ts'
import type { Outcome } from '../../outcome.ts'
import type { Settings } from '../../settings/load.ts'
import { makeFlow } from './flow.ts'
import type { MadeReport } from './report.ts'

/** What a report can be made of. */
interface From {
  readonly outcome: Outcome
  readonly gathered: Gathered
  readonly settings: Settings
  readonly engine: Engine
}

/** The reports that the settings ask for and the book allows, in their order. */
export async function makeReports(outcome: Outcome, settings: Settings, engine: Engine): Promise<MadeReport[]> {
  const { gathered } = outcome
  if (gathered === undefined) return []
  const made: MadeReport[] = []
  const asked = reportsAsked(settings).filter((name) => !gathered.notMade.some(({ report }) => report === name))
  for (const name of asked) {
    const report = await makers[name]?.({ outcome, gathered, settings, engine })
    if (report !== undefined) made.push(report)
  }
  return made
}

const makers: Partial<Readonly<Record<ReportName, (from: From) => Promise<MadeReport>>>> = {
  flow: ({ outcome, gathered, settings, engine }) => {
    const layout = layoutBy(settings.reports.by)
    return makeFlow(moves(outcome.accounts, gathered.openings!, layout, settings), layout, settings, engine)
  },
}
