import type { Value } from '../engine/engine.ts'
import { exact, plain } from '../publish/exact.ts'
import { dueParts } from '../read/inputs.ts'
import type { Settings } from '../settings/load.ts'
import type { Counted } from './counted.ts'
import type { Evidence, Placed } from './evidence.ts'
import { pour, standingMoney, type Share } from './poured.ts'

export interface InstalmentSaid {
  readonly instalment_no: number
  readonly due_on: string
  readonly amount_due: string
  /** As the export states them. */
  readonly parts: Readonly<Record<string, Value>>
  readonly paid: string
  /** What the plan still asks of it. */
  readonly outstanding: string
  /** What a settled account need not pay any more. */
  readonly released: string
  /** Days past due of this instalment alone; 0 where it is paid or not due before as_of. */
  readonly days: number
  /** Where conventions let an instalment count as paid though it is open: whether this one makes the account late, or will. */
  readonly ages?: boolean
  /** Sum of what is due up to and with it. */
  readonly due_so_far: string
  readonly covered_by: readonly { readonly payment: string; readonly amount: string }[]
  readonly file: string
  readonly line: number
}

export interface PlanSaid {
  readonly instalments: readonly InstalmentSaid[]
  /** Numbers of the instalments as poured over. */
  readonly numbers: readonly number[]
  readonly poured: { readonly covers: readonly (readonly Share[])[]; readonly left: readonly Share[] }
  /** Where the plan is not asked as it stands: why. */
  readonly says: string | undefined
}

/** `stands`: asked as it is; `settled`: what is open was released; `idle`: it asks nothing and takes no money. */
type Way = 'stands' | 'settled' | 'idle'

/** The account's plan line by line, and which payments cover which. */
export function planOf(evidence: Evidence, counted: readonly Counted[], settings: Settings, scale: number): PlanSaid {
  const { standing } = evidence
  const way: Way = standing === undefined || standing.instalments_total === null || standing.plan_now === 'asks nothing' ? 'idle' : standing.plan_now === 'settled' ? 'settled' : 'stands'
  // A plan whose loan row is missing or in quarantine belongs to no account: its rows are unmatched.
  const rows = standing === undefined ? [] : evidence.instalments
  const asked = way === 'idle' ? [] : rows
  const money = standingMoney(counted.map((one) => one.counted))
  const poured = pour(asked.map((row) => exact(String(row.amount_due))), money)
  let soFar = 0n
  const instalments = rows.map((row, at): InstalmentSaid => {
    const due = exact(String(row.amount_due))
    soFar += due
    const shares = poured.covers[at] ?? []
    const paid = shares.reduce((sum, { amount }) => sum + amount, 0n)
    const open = way === 'idle' ? 0n : due - paid
    const asks = way === 'stands' ? open : 0n
    return {
      instalment_no: Number(row.instalment_no),
      due_on: String(row.due_on),
      amount_due: plain(due, scale),
      parts: partsOf(row),
      paid: plain(paid, scale),
      outstanding: plain(asks, scale),
      released: plain(way === 'settled' ? open : 0n, scale),
      days: asks > 0n ? Math.max(0, Number(row.age)) : 0,
      ...('ages' in row ? { ages: asks > 0n && row.ages === true } : {}),
      due_so_far: plain(soFar, scale),
      covered_by: shares.map(({ payment, amount }) => ({ payment: counted[payment]!.called, amount: plain(amount, scale) })),
      file: row.file,
      line: row.line,
    }
  })
  return { instalments, numbers: asked.map((row) => Number(row.instalment_no)), poured, says: planSays(evidence, way, settings) }
}

const partsOf = (row: Placed) => Object.fromEntries(dueParts.flatMap((part) => (part in row ? [[part, row[part]!] as const] : [])))

function planSays({ account, instalments }: Evidence, way: Way, settings: Settings): string | undefined {
  if (way === 'settled') return `The account is settled: what is open at the end of ${settings.as_of} was released and is not due.`
  if (account !== undefined && Number(instalments[0]?.ordinal ?? 0) < 0 && way === 'stands') return 'The schedule has no row of it: the plan is built from the terms of its loan row.'
  if (way !== 'idle' || account === undefined || account.tier === 'rejected') return undefined
  if (instalments.length === 0) return 'There is no instalment of it in the schedule.'
  return account.tier === 'not_yet' || account.tier === 'cancelled' ? 'The plan asks nothing: no loan was paid out by then.' : 'A revolving product is not aged by instalments: the rows below ask nothing.'
}
