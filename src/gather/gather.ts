import { balancesOnly } from '../classify/bases.ts'
import type { Classified } from '../classify/classify.ts'
import { planFacts } from '../classify/in-force.ts'
import { paymentFacts } from '../classify/payments.ts'
import type { Engine } from '../engine/engine.ts'
import { forget } from '../engine/forget.ts'
import { relation, type Relation } from '../engine/relation.ts'
import { sql } from '../engine/sql.ts'
import type { Accepted } from '../flow.ts'
import { reportNames } from '../settings/schema.ts'
import type { Settings } from '../settings/load.ts'
import { ahead, nearEdge, oldestOpen } from './ahead.ts'
import { layoutBy } from './by.ts'
import { cash } from './cash.ts'
import { dues } from './dues.ts'
import { openings, plainDays, toldWith, whyNoOpening, type Openings } from './opening.ts'

export type ReportName = (typeof reportNames)[number]

/** What reports need of the rows, in small tables: the rows themselves go before the reports are made. */
export interface Gathered {
  readonly openings: Openings | undefined
  readonly dues: Relation | undefined
  readonly cash: Relation | undefined
  readonly ahead: Relation | undefined
  readonly oldestOpen: Relation | undefined
  /** Reports that were asked for and cannot be made of this book. */
  readonly notMade: readonly { readonly report: ReportName; readonly why: string }[]
}

/** Reports that the settings ask for. */
export const reportsAsked = ({ reports: { make } }: Pick<Settings, 'reports'>): readonly ReportName[] => (make === 'all' ? reportNames : make === 'none' ? [] : reportNames.filter((name) => make.includes(name)))

const needOpenings: readonly ReportName[] = ['flow', 'cash']
const ofPlans: readonly ReportName[] = ['due_performance', 'edge', 'due_calendar']
/** They tell more where an earlier day can be told, and are made of any book. */
const useOpenings: readonly ReportName[] = [...needOpenings, 'morning', 'largest']

/** A day that the classification of as_of is to tell too: what it sums of all rows is not summed again. */
export const earlierAsked = (accepted: Accepted, settings: Settings): string | undefined => (reportsAsked(settings).some((name) => useOpenings.includes(name)) ? toldWith(accepted, settings) : undefined)

/** While the rows are at hand: what is summed from them. */
export async function gather(engine: Engine, accepted: Accepted, classified: Classified, settings: Settings): Promise<Gathered> {
  const { book, validated } = accepted
  const asked = reportsAsked(settings)
  const notMade = asked.flatMap((report) => whyNot(report, { book }, classified, settings).map((why) => ({ report, why })))
  const made = (...names: readonly ReportName[]) => names.some((name) => asked.includes(name) && !notMade.some(({ report }) => report === name))
  const given = { book, classified, validated, facts: paymentFacts(book, settings), settings, layout: layoutBy(settings.reports.by) }
  const opened = made(...useOpenings) && whyNoOpening(accepted, settings) === undefined ? await openings(engine, accepted, classified, settings, made('edge') ? sql`SELECT o.account_id FROM ${classified.uneven} o WHERE ${nearEdge(settings)}` : undefined) : undefined
  /** The sums stay, what they were taken from goes. */
  const kept = async (step: Relation | undefined) => {
    if (step === undefined) return undefined
    const table = relation({ name: step.name, says: step.says, columns: step.columns, kept: 'table' })
    const view = relation({ ...step, name: `${step.name} from rows`, kept: 'view' })
    await engine.load(table, sql`SELECT * FROM ${view}`, false)
    await forget(engine, [view], [classified, validated, opened])
    return table
  }
  const open = await kept(made('edge') ? oldestOpen(classified, settings, plainDays(accepted, settings), opened?.walked?.instalments) : undefined)
  if (opened?.walked !== undefined) await engine.drop(opened.walked.rows)
  return {
    openings: opened,
    dues: await kept(made('due_performance') ? dues(given) : undefined),
    cash: await kept(opened !== undefined && made('cash', 'morning') ? cash({ ...given, opening: opened.month }) : undefined),
    ahead: await kept(made('due_calendar', 'edge') ? ahead(classified, settings) : undefined),
    oldestOpen: open,
    notMade,
  }
}

/** Why a report cannot be made of this book. */
function whyNot(report: ReportName, { book }: Pick<Accepted, 'book'>, { laying }: Classified, settings: Settings): string[] {
  const noOpening = needOpenings.includes(report) ? whyNoOpening({ book }, settings) : undefined
  if (noOpening !== undefined) return [noOpening]
  if (balancesOnly(book) && ofPlans.includes(report)) return ['it is made of instalments, and no schedule was read']
  if (report !== 'due_performance') return []
  const { open, paidOnRows, has } = planFacts(book, settings)
  if (open) return ['the schedule says what is open on its own day, and nothing of what was paid']
  if (paidOnRows && !has('paid_on')) return ['the schedule does not say on which day its instalments were paid']
  return laying === undefined ? [] : ['money is not laid on the oldest instalment first, so what lay on an instalment on an earlier day does not follow from sums']
}
