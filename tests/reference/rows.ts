import type { Conventions } from './conventions.ts'

/**
 * Rows as they stand in the CSV files: every value is text, a blank is an absent value.
 * Nothing here is shared with src/: the reference must be able to disagree with the engine.
 */
export interface LoanRow {
  account_id: string
  borrower_id?: string
  product?: string
  currency?: string
  principal?: string
  disbursed_on?: string
  status?: string
  outstanding_principal?: string
  closed_on?: string
  written_off_on?: string
  sold_on?: string
  charges_outstanding?: string
  method?: string
  paid_before?: string
  accelerated_on?: string
  region?: string
  restructured_on?: string
}

export interface ScheduleRow {
  account_id: string
  instalment_no?: string
  due_on: string
  amount_due?: string
  principal_due?: string
  interest_due?: string
  fee_due?: string
  penalty_due?: string
  version?: string
  valid_from?: string
  added_on?: string
  status?: string
  kind?: string
}

export interface RepaymentRow {
  payment_id: string
  account_id: string
  paid_on: string
  amount: string
  kind?: string
  reverses?: string
  status?: string
  reversed_on?: string
  currency?: string
  principal_paid?: string
  interest_paid?: string
  fee_paid?: string
  penalty_paid?: string
  /** The instalment that the payer named. */
  instalment_no?: string
  /** The day on which the lender knew of it. */
  received_on?: string
}

export type PaidPart = 'principal_paid' | 'interest_paid' | 'fee_paid' | 'penalty_paid'

/** Days on which lateness stands still, of an account, a product or a region. */
export interface PauseRow {
  account_id?: string
  product?: string
  region?: string
  from: string
  to: string
}

/** A day on which nobody works, or a weekend's day on which they do; of a region, or of all. */
interface HolidayRow {
  date: string
  kind: string
  region?: string
}

export interface Rows {
  loans: readonly LoanRow[]
  schedule: readonly ScheduleRow[]
  repayments: readonly RepaymentRow[]
  pauses?: readonly PauseRow[]
  holidays?: readonly HolidayRow[]
}

export interface Asked {
  asOf: string
  workOn: string
  preventiveDays: number
  /** The last day that the inputs hold whole, where it is stated. */
  dataThrough?: string | undefined
  /** The currency of rows that have none. */
  currency?: string | undefined
  /** Decimals that money is kept with: the most of the currencies in force. */
  scale?: number | undefined
  /** Parts of payments that cover the plan where it has no column for them. */
  coverFrom?: readonly string[] | undefined
  /** The day by whose knowledge the book is seen. */
  knownOn?: string | undefined
  /** Kinds of money that are left aside. */
  ignored?: readonly string[] | undefined
  /** The day from which on all payments are in the file. */
  completeFrom?: string | undefined
  /** Accounts that are said to go by their days where amounts of the past should decide. */
  byDays?: ReadonlySet<string> | undefined
  /** What is stated of conventions: for the book, and by product where one has its own. */
  conventions?: (Partial<Conventions> & { products?: Readonly<Record<string, Partial<Conventions>>> }) | undefined
}

/** A blank counts as absent. */
export const given = (text: string | undefined) => (text === undefined || text === '' ? undefined : text)

/** '12.30' -> 1230n at scale 2. Zeros beyond the scale are allowed, other digits there are not. */
export function money(text: string, scale: number): bigint {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text)
  if (match === null) throw new Error(`not an amount: ${text}`)
  const decimals = match[3] ?? ''
  if (/[^0]/.test(decimals.slice(scale))) throw new Error(`too many decimals: ${text}`)
  const units = BigInt(match[2]! + decimals.slice(0, scale).padEnd(scale, '0'))
  return match[1] === '-' ? -units : units
}

/** 1230n -> '12.30' at scale 2. */
export function amountText(units: bigint, scale: number): string {
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, '0')
  const whole = digits.slice(0, digits.length - scale)
  return `${units < 0n ? '-' : ''}${whole}${scale === 0 ? '' : `.${digits.slice(digits.length - scale)}`}`
}

const monthDays = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
const isLeap = (year: number) => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0

/** Each day is counted once. */
const counted = new Map<string, number>()

/** Days since 1 January 1900, counted year by year and month by month: no time zone can move them. */
export function dayNumber(day: string): number {
  const known = counted.get(day)
  if (known !== undefined) return known
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day)
  if (match === null) throw new Error(`not a day: ${day}`)
  const [year, month, date] = [Number(match[1]), Number(match[2]), Number(match[3])]
  let days = 0
  for (let y = 1900; y < year; y++) days += isLeap(y) ? 366 : 365
  for (let m = 1; m < month; m++) days += monthDays[m - 1]! + (m === 2 && isLeap(year) ? 1 : 0)
  counted.set(day, days + date - 1)
  return days + date - 1
}

/** Calendar days from one day to another. */
export const daysBetween = (from: string, to: string) => dayNumber(to) - dayNumber(from)

/** The day some days on, or back. */
export function addDays(day: string, days: number): string {
  let [year, month, date] = day.split('-').map(Number) as [number, number, number]
  date += days
  for (; date < 1; date += lengthOf(year, month)) [year, month] = month === 1 ? [year - 1, 12] : [year, month - 1]
  for (; date > lengthOf(year, month); [year, month] = month === 12 ? [year + 1, 1] : [year, month + 1]) date -= lengthOf(year, month)
  return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(date).padStart(2, '0')}`
}

/** Monday is 1, Sunday is 7: 1 January 1900 was a Monday. */
export const weekday = (day: string) => (dayNumber(day) % 7) + 1

/** The same day of the month some months on, or the last one of that month. */
export function addMonths(day: string, months: number): string {
  const [year, month, date] = day.split('-').map(Number) as [number, number, number]
  const ahead = month - 1 + months
  const [onYear, onMonth] = [year + Math.floor(ahead / 12), (((ahead % 12) + 12) % 12) + 1]
  return `${String(onYear).padStart(4, '0')}-${String(onMonth).padStart(2, '0')}-${String(Math.min(date, lengthOf(onYear, onMonth))).padStart(2, '0')}`
}

const lengthOf = (year: number, month: number) => monthDays[month - 1]! + (month === 2 && isLeap(year) ? 1 : 0)
