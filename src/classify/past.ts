import { UserError } from '../errors.ts'
import { relation, type Relation } from '../engine/relation.ts'
import { renamed } from '../engine/renamed.ts'
import { sql } from '../engine/sql.ts'
import type { Settings } from '../settings/load.ts'
import { goneByDays } from './by-days.ts'
import { any, isDefault } from './convention.ts'
import { materialSince, sinceMaterial, withMaterial } from './material.ts'
import type { PaymentFacts } from './payments.ts'
import { remembered } from './sticky.ts'
import { episodes, lateStretches, timeline, timesLate } from './timeline.ts'
import { untold } from './untold.ts'
import type { Laying } from './ways.ts'

interface Given {
  readonly settings: Settings
  /** The settings of the book, and of rule books side by side. */
  readonly judging: readonly Settings[]
  readonly loans: Relation
  readonly repayments: Relation
  readonly payments: Relation
  readonly instalments: Relation
  readonly standing: Relation
  readonly overTime: Relation | undefined
  readonly open: boolean
  readonly statements: Relation | undefined
  readonly laying: Laying | undefined
  readonly pauses: Relation | undefined
  readonly facts: PaymentFacts
}

/** What the past of accounts decides of them today. */
interface Past {
  /** Its own columns, where they are asked for. */
  readonly columns: Relation | undefined
  /** Each time that an account was late, with them. */
  readonly episodes: Relation | undefined
  /** Accounts with the day since which what is overdue is material, where settings count that. */
  readonly judged: (own: Settings, of: Relation) => Relation
  /** Accounts with the day since which a tier stays, where settings let one stay. */
  readonly recalled: (own: Settings, of: Relation) => Relation
  /** Accounts that go by their days though a convention asks for their past. */
  readonly goneByDays: Relation | undefined
  /** All that is taken from the rows of schedule and repayments. */
  readonly fromRows: readonly Relation[]
  /** What several rule books rest on alike. */
  readonly shared: readonly Relation[]
}

/** The past as far as some convention asks for it: a book that does not ask pays nothing. */
export function pastOf(given: Given): Past {
  const { settings, judging, loans, repayments, payments, instalments, standing, overTime, open, statements, laying, pauses, facts } = given
  if (settings.history_columns && open) throw new UserError('history-not-given', { value: 'the schedule says only what is open' })
  const sticks = judging.some(({ conventions }) => !isDefault(conventions, 'sticky'))
  const since = judging.some(({ conventions }) => any(conventions, sinceMaterial))
  const not = settings.history_columns || sticks || since ? untold({ loans, repayments, overTime, laying, facts, open, statements, standing, asOf: settings.as_of }) : undefined
  const late = settings.history_columns || sticks ? lateStretches({ payments, instalments, standing, facts, conventions: settings.conventions, asOf: settings.as_of }) : undefined
  const all = settings.history_columns ? episodes(late!, settings.as_of) : undefined
  const columns = all === undefined ? undefined : timeline(all, instalments, standing, settings.as_of, not)
  const leftOut = [not, pauses].filter((of) => of !== undefined)
  const memoryUnder = (own: Settings) => (late === undefined || isDefault(own.conventions, 'sticky') ? undefined : remembered(late, standing, own, leftOut))
  const rests = [payments, instalments, standing, ...(not === undefined ? [] : [not])]
  // Each of several rule books under a name of its own.
  const sinces = new Map(
    judging.flatMap((one, at) => {
      if (!any(one.conventions, sinceMaterial)) return []
      const made = materialSince({ payments, instalments, standing, facts, conventions: one.conventions, asOf: one.as_of, untold: not, told: facts.inside.length > 0 })
      return [[one, at === 0 ? made : renamed(made, ` of ${at}`, rests)] as const]
    }),
  )
  const memory = memoryUnder(settings)
  const byDays = goneByDays({ judging, standing, untold: not, pauses, sinces: [...sinces.values()], columns: settings.history_columns })
  return {
    columns,
    episodes: all === undefined ? undefined : timesLate(all, standing, not),
    judged: (one, of) => withMaterial(of, sinces.get(one)),
    recalled: (one, of) => withMemory(of, one === settings ? memory : memoryUnder(one)),
    goneByDays: byDays,
    fromRows: [not, late, columns, memory, ...sinces.values(), byDays].filter((step) => step !== undefined),
    shared: [late, not, pauses, ...sinces.values()].filter((step) => step !== undefined),
  }
}

/** Each account with the day since which a tier stays, where one does. */
const withMemory = (of: Relation, memory: Relation | undefined): Relation =>
  memory === undefined
    ? of
    : relation({ name: 'counted and remembered', says: 'Accounts with their days, and since when a tier stays.', columns: { ...of.columns, class_since: 'date' }, body: sql`SELECT k.*, m.class_since FROM ${of} k LEFT JOIN ${memory} m ON m.account_id = k.account_id` })
