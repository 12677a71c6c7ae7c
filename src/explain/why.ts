import type { Verdict } from '../blast-radius/judge.ts'
import type { Row } from '../engine/engine.ts'
import type { Reject } from '../outcome.ts'
import { plusDays } from '../settings/as-of.ts'
import type { Settings } from '../settings/load.ts'
import type { ByCalendar } from './by-calendar.ts'
import type { Evidence } from './evidence.ts'
import { placeText } from './places.ts'

/** Why the account is in its tier, in sentences: the first that applied. */
export function tierWhy({ account, standing, rejects }: Evidence, settings: Settings): string[] {
  if (account === undefined) return []
  const { as_of, work_on, preventive_days } = settings
  const late = settings.tiers.find(({ name }) => name === account.tier)
  if (late !== undefined && Number(account.days_past_due) > 0) return [`${account.days_past_due} days past due: ${late.name} is ${late.to === null ? `${late.from} and over` : `${late.from} to ${late.to}`}.`, ...held(account)]
  const last = plusDays(work_on, preventive_days)
  switch (account.tier) {
    case 'rejected':
      return [`Its loan row is in quarantine${at(rejects.filter(({ input }) => input === 'loans'))}: its id and nothing else is known.`]
    case 'not_yet':
      return [account.status === 'not_disbursed' ? 'Its status is not_disbursed: no loan was paid out yet.' : `Paid out on ${standing?.disbursed_on}, after ${as_of}.`]
    case 'cancelled':
      return ['Its status is cancelled: the plan asks nothing.']
    case 'written_off':
    case 'sold': {
      const on = standing?.[`${account.tier}_on`]
      return [`${account.tier === 'sold' ? 'Sold' : 'Written off'}${on === null || on === undefined ? ', on a day that the export does not give' : ` on ${on}`}: its days and amounts are shown, and stand in no ageing total.`]
    }
    case 'settled':
      return [settledWhy(account, standing)]
    case 'no_schedule':
      return [account.tier_reason === 'revolving' ? 'A revolving product has no instalments to age by.' : `No accepted row of the schedule has the account: it cannot be aged${account.tier_reason === 'no instalments' ? '' : ` (${account.tier_reason})`}.`]
    case 'due_now':
      return [`An instalment due ${account.next_due_on} is open: not late at the end of ${as_of}, and due before the list is worked on ${work_on}.`]
    case 'preventive':
      return [`The next open instalment is due ${account.next_due_on}: within ${work_on} and ${last}, ${preventive_days} days ahead.`]
    default:
      return [account.next_due_on === null ? 'Nothing is open on its plan.' : `Nothing due by ${as_of} is open; the next instalment is due ${account.next_due_on}, after ${last}.`]
  }
}

const held = (account: Row) => (String(account.held_reason ?? '').includes('closed_but_owing') ? ['It is closed and aged all the same: see why it is held.'] : [])

function settledWhy(account: Row, standing: Row | undefined): string {
  const on = standing?.closed_since
  const how = account.status !== 'closed' && on === standing?.settled_on ? `A settlement of ${on} closed it` : `Closed on ${on}${standing?.closed_on === null ? ' (the export gives no day: that of its last payment)' : ''}`
  return `${how}, and nothing was taken back since: what its plan still shows was released and is not due.`
}

/** What the rows in quarantine could change, where holds go by it. */
const couldChange: Readonly<Record<Verdict['effect'], string>> = {
  tier: 'could put it into another tier: held',
  action: 'could change its action: held',
  amounts: 'could change its amounts, and neither its tier nor its action: it is not held for that',
  nothing: 'could change neither its tier nor its action: it is not held for that',
  'not examined': 'is not looked into, for this book takes no payments: held',
}

/** In a sentence; null where nothing in quarantine touches the account. */
export const quarantineWhy = ({ account }: Pick<Evidence, 'account'>, verdict: Verdict | undefined): string | null =>
  verdict === undefined || account === undefined ? null : `What lies in quarantine ${couldChange[verdict.effect]}.`

/** How the days come about. */
export function daysWhy({ account }: Evidence, settings: Settings, oldest: { readonly instalment_no: number; readonly due_on: string; readonly by_calendar?: ByCalendar } | undefined): string | undefined {
  if (account === undefined) return undefined
  const byLender = lendersWordWhy(account, settings)
  if (byLender !== undefined) return byLender
  if (oldest === undefined) return undefined
  const { due_moved_on: moved = oldest.due_on, days_paused: paused = 0 } = oldest.by_calendar ?? {}
  return [
    `The oldest unpaid instalment is no ${oldest.instalment_no}, due ${oldest.due_on}: ${days(Number(account.days_late))} to ${settings.as_of}.`,
    ...(moved === oldest.due_on ? [] : [`${oldest.due_on} is no business day: the due date moved to ${moved}.`]),
    ...(paused === 0 ? [] : [`Pauses take off ${days(paused)}.`]),
    ...(account.material_since === null || account.material_since === undefined || Number(account.days_past_due) === 0 ? [] : [`What is overdue has been material since ${account.material_since}: days past due count only since then.`]),
  ].join(' ')
}

/** Where an account without a plan goes by what the lender says. */
function lendersWordWhy(account: Row, { as_of }: Settings): string | undefined {
  const late = account.oldest_unpaid_due_on === null ? 'nothing is open before' : `${days(Number(account.days_late))} to`
  switch (account.basis) {
    case 'lender_days':
      return `It has no plan: ${days(Number(account.days_late))} past due is the lender's own figure, taken as given and not checked.`
    case 'next_due_on':
      return `It has no plan: by the lender's next_due_on ${account.oldest_unpaid_due_on ?? account.next_due_on} is the first due date that is not paid, ${late} ${as_of}.`
    case 'paid_through_on':
      return `It has no plan: by the lender's paid_through_on ${account.oldest_unpaid_due_on ?? account.next_due_on}, one period later, is the first due date that is not paid, ${late} ${as_of}.`
    default:
      return undefined
  }
}

const days = (count: number) => `${count} ${count === 1 ? 'day' : 'days'}`

export interface HeldWhy {
  readonly reason: string
  readonly says: string
}

/** Each reason that holds the account, in words; what the settings lift is told too. */
export function heldWhy({ account, standing, rejects }: Evidence): HeldWhy[] {
  if (account === undefined || account.held_reason === null || account.held_reason === undefined) return []
  const rows = rejects.filter(({ code }) => code !== 'twin')
  const one = (reason: string): string => {
    switch (reason) {
      case 'row_in_quarantine':
        if (rows.length === 0) return 'A row in quarantine names another account of its borrower, by which its action could change.'
        return `A row in quarantine names it${at(rows)}: until it is mended the figures may be wrong.`
      case 'history_cut':
        if (standing?.undated_payment === true) return 'Something was paid on an unknown day, which may be later than this one: what was paid by now is not known.'
        return Number(standing?.first_no) > 1
          ? `Its plan begins with instalment ${standing?.first_no}: what came before is not in the file.`
          : `Paid out on ${standing?.disbursed_on}, before the repayments file is whole: what was received until then is not known.`
      case 'reversal_without_payment':
        return `A row takes back a payment that is not in the file${at(rows.filter(({ code }) => code === 'reversal-without-payment'))}.`
      case 'closed_but_owing':
        return owingWhy(standing)
      default:
        return `Its status is ${reason}.`
    }
  }
  return String(account.held_reason).split(', ').map((reason) => ({ reason, says: one(reason) }))
}

export const isLifted = ({ id }: Pick<Evidence, 'id'>, settings: Settings) => settings.holds.lift.includes(id)

function owingWhy(standing: Row | undefined): string {
  const since = String(standing?.closed_since)
  const after = (day: unknown) => day !== null && day !== undefined && String(day) > since
  if (after(standing?.last_reversal_on)) return `Closed on ${since}, and a payment was taken back on ${standing!.last_reversal_on}.`
  if (after(standing?.last_refund_on)) return `Closed on ${since}, and money was given back on ${standing!.last_refund_on}: what was due by closing is open.`
  return `Closed on ${since} with instalments due before that day open, and no settlement or waiver explains it.`
}

const at = (rejects: readonly Reject[]) => (rejects.length === 0 ? '' : ` (${rejects.map((reject) => `${placeText(reject)} ${reject.code}`).join(', ')})`)
