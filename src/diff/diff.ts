import type { Engine } from '../engine/engine.ts'
import { UserError } from '../errors.ts'
import type { MadeReport } from '../publish/reports/report.ts'
import { chainOf } from './chain.ts'
import type { Pair } from './pair.ts'
import { actionsOf, bridgeOf, causesOf, fallenDue, largestOf, movesOf, tierPlaces } from './reports.ts'
import { publishedAccounts, scaleIn, statesBetween } from './states.ts'

interface RunSaid {
  readonly folder: string
  readonly as_of: string
  readonly work_on: string
  readonly conventions: string
}

/** What moved between two runs. Amounts are exact decimals, in one currency each. */
export interface Difference {
  readonly first: RunSaid
  readonly second: RunSaid
  /** Causes of which there can be any. */
  readonly possible: Pair['possible']
  /** Why they cannot be told apart, where they cannot. */
  readonly undivided: string | null
  readonly outstanding: 'outstanding_principal' | 'outstanding_schedule'
  readonly by: readonly string[]
  readonly causes: MadeReport
  readonly bridge: MadeReport
  readonly moves: MadeReport
  readonly actions: MadeReport | undefined
  readonly due_and_covered: MadeReport | undefined
  readonly largest: MadeReport | undefined
}

/** Reads both runs and compares them; `by`: columns of their accounts, `top`: so many of the accounts that moved most, per currency. */
export async function difference(engine: Engine, pair: Pair, asked: { readonly by: readonly string[]; readonly top: number | undefined }, onStep: (stage: string, step?: string) => void = () => {}): Promise<Difference> {
  onStep('read')
  const [first, second] = [await publishedAccounts(engine, pair.first, 'first'), await publishedAccounts(engine, pair.second, 'second')]
  engine.setScale(Math.max(scaleIn(first.types), scaleIn(second.types)))
  onStep('classify')
  const { states, why } = await statesOf(engine, pair)
  onStep('diff')
  const chain = await chainOf(engine, first.accounts, second.accounts, states, asked.by)
  const tiers = tierPlaces(pair.first.settings.tiers, pair.second.settings.tiers)
  const run = ({ folder, manifest }: Pair['first']): RunSaid => ({ folder, as_of: manifest.as_of, work_on: manifest.work_on, conventions: manifest.conventions })
  return {
    first: run(pair.first), second: run(pair.second), possible: pair.possible, undivided: why ?? null, outstanding: chain.outstanding, by: Object.keys(chain.by).slice(1),
    causes: await causesOf(engine, chain, tiers),
    bridge: await bridgeOf(engine, chain, tiers),
    moves: await movesOf(engine, chain, tiers),
    actions: await actionsOf(engine, chain),
    due_and_covered: why === undefined ? undefined : await fallenDue(engine, chain),
    largest: asked.top === undefined ? undefined : await largestOf(engine, chain, asked.top),
  }
}

/** What the rows cannot be asked is told undivided, and why. */
async function statesOf(engine: Engine, pair: Pair) {
  try {
    return { states: await statesBetween(engine, pair), why: pair.why }
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return { states: await statesBetween(engine, { ...pair, evidence: undefined }), why: error.says }
  }
}

/** One document of all that is told, for a program to read: rows as the reports have them. */
export function document({ causes, bridge, moves, actions, due_and_covered, largest, ...said }: Difference) {
  return { ...said, causes: causes.rows, bridge: bridge.rows, moves: moves.rows, actions: actions?.rows ?? null, due_and_covered: due_and_covered?.rows ?? null, largest: largest?.rows ?? null }
}
