import type { Row, Value } from '../engine/engine.ts'
import { exact, plain } from '../publish/exact.ts'
import { decimalsOf } from '../read/currencies.ts'
import { dueParts } from '../read/inputs.ts'
import type { Conventions } from '../settings/convention-fields.ts'
import type { Settings } from '../settings/load.ts'
import { byCalendar, type ByCalendar } from './by-calendar.ts'
import type { Counted } from './counted.ts'
import { isChargedBack, type Evidence, type Placed } from './evidence.ts'
import { lay, type Move, type Piece } from './laid.ts'
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
  /** Days late of this instalment alone; 0 where it is paid or not due before as_of. */
  readonly days: number
  /** Where due dates move or pauses are given: what they make of it; no days where it is paid. */
  readonly by_calendar?: ByCalendar
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
  const poured = evidence.pieces === undefined ? pour(asked.map((row) => exact(String(row.amount_due))), money) : lay(piecesOf(asked, evidence.pieces), asked.length, movesOf(money, counted), conventionsFor(evidence, settings), settings.as_of, 10n ** BigInt(6 - decimalsOf(String(evidence.account?.currency ?? ''))))
  const ofCalendar = byCalendar(evidence.account, settings)
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
      ...(ofCalendar === undefined ? {} : { by_calendar: { ...ofCalendar(String(row.due_on)), ...(asks > 0n ? {} : { days_paused: 0, days_past_due: 0 }) } }),
      ...('ages' in row ? { ages: asks > 0n && row.ages === true } : {}),
      due_so_far: plain(soFar, scale),
      covered_by: shares.map(({ payment, amount }) => ({ payment: counted[payment]!.called, amount: plain(amount, scale) })),
      file: row.file,
      line: row.line,
    }
  })
  return { instalments, numbers: asked.map((row) => Number(row.instalment_no)), poured, says: planSays(evidence, way, settings) }
}

/** The pieces of the instalments that are asked. */
function piecesOf(asked: readonly Placed[], pieces: readonly Row[]): Piece[] {
  const at = new Map(asked.map((row, place) => [String(row.home), place] as const))
  return pieces.flatMap((row) => {
    const instalment = at.get(String(row.home))
    return instalment === undefined ? [] : [{ instalment, due: exact(String(row.amount)), due_on: String(row.due_on), no: Number(row.instalment_no), first_on: row.first_on === null ? null : String(row.first_on), isFee: row.is_fee === true, row: Number(row.row_no) }]
  })
}

const movesOf = (money: readonly Share[], counted: readonly Counted[]): Move[] =>
  money.map((share) => {
    const { paid_on, instalment_no } = counted[share.payment]!.row
    return { ...share, on: String(paid_on), names: instalment_no === null || instalment_no === undefined ? null : Number(instalment_no) }
  })

/** The conventions of its product, or of the book. */
function conventionsFor({ account, byStatus }: Evidence, { conventions: { book, products } }: Settings): Conventions {
  const own = products[String(account?.product ?? '')] ?? book
  return byStatus ? { ...own, allocation: 'named_first' } : own
}

const partsOf = (row: Placed) => Object.fromEntries(dueParts.flatMap((part) => (part in row ? [[part, row[part]!] as const] : [])))

function planSays({ account, instalments }: Evidence, way: Way, settings: Settings): string | undefined {
  if (way === 'settled') return `The account is settled: what is open at the end of ${settings.as_of} was released and is not due.`
  if (account !== undefined && instalments[0] !== undefined && Number(instalments[0].ordinal) < 0 && !isChargedBack(instalments[0]) && way === 'stands') return 'The schedule has no row of it: the plan is built from the terms of its loan row.'
  if (way !== 'idle' || account === undefined || account.tier === 'rejected') return undefined
  if (instalments.length === 0) return 'There is no instalment of it in the schedule.'
  return account.tier === 'not_yet' || account.tier === 'cancelled' ? 'The plan asks nothing: no loan was paid out by then.' : 'A revolving product is not aged by instalments: the rows below ask nothing.'
}
