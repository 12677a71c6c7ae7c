import type { Engine } from '../engine/engine.ts'
import type { Accepted } from '../flow.ts'
import { reportNames } from '../settings/schema.ts'
import type { Settings } from '../settings/load.ts'
import { openings, whyNoOpening, type Openings } from './opening.ts'

export type ReportName = (typeof reportNames)[number]

/** What reports need of the rows, in small tables: the rows themselves go before the reports are made. */
export interface Gathered {
  readonly openings: Openings | undefined
  /** Reports that were asked for and cannot be made of this book. */
  readonly notMade: readonly { readonly report: ReportName; readonly why: string }[]
}

/** Reports that the settings ask for. */
export const reportsAsked = ({ reports: { make } }: Pick<Settings, 'reports'>): readonly ReportName[] => (make === 'all' ? reportNames : make === 'none' ? [] : reportNames.filter((name) => make.includes(name)))

const needOpenings: readonly ReportName[] = ['flow']

/** Before as_of is classified: how accounts stood at the opening of the day and of the month. */
export async function gatherOpenings(engine: Engine, accepted: Accepted, settings: Settings): Promise<Gathered> {
  const asked = reportsAsked(settings).filter((name) => needOpenings.includes(name))
  const why = asked.length === 0 ? undefined : whyNoOpening(accepted, settings)
  return {
    openings: asked.length === 0 || why !== undefined ? undefined : await openings(engine, accepted, settings),
    notMade: why === undefined ? [] : asked.map((report) => ({ report, why })),
  }
}
